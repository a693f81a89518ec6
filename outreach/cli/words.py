"""Dutch words for what a day did."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "cases_opened": "dossiers geopend",
    "cases_closed": "dossiers gesloten",
    "referrals": "meldingen gedaan",
    "referrals_without_partner": "meldingen zonder partner (taak gemaakt)",
    "decisions_asked": "beslissingen gevraagd aan een medewerker",
    "dropped": "contacten vervallen, met de reden in het dossier",
    "moved": "contacten verzet naar een later moment",
    "moved_for_capacity": "taken verzet omdat het team vol zit",
    "text_refused": "teksten tegengehouden door de toets",
    "sent_sms": "sms-berichten verstuurd",
    "sent_whatsapp": "WhatsApp-berichten verstuurd",
    "sent_email": "e-mails verstuurd",
    "sent_letter": "brieven gemaakt",
    "sent_robocall": "gesprekken van de belcomputer gestart",
    "call_tasks": "belafspraken klaargezet",
    "visit_tasks": "huisbezoeken klaargezet",
    "receipt": "ontvangstberichten verwerkt",
    "call": "uitkomsten van de belcomputer verwerkt",
    "reply": "antwoorden van huurders gelezen",
    "promise_kept": "beloften nagekomen",
    "promise_broken": "beloften niet nagekomen",
    "plan_kept": "betalingsregelingen voltooid",
    "plan_broken": "betalingsregelingen niet nagekomen",
    "plan_reminder": "herinneringen aan een regeling klaargezet",
    "referrals_overdue": "terugmeldingen te laat",
    "cases_at_rest": "dossiers waarin niets gepland is (taak gemaakt)",
    "pauses_ended": "stilzettingen afgelopen",
    "offered_again": "berichten na een storing opnieuw aangeboden",
    "unknown": "berichten waarvan onzeker is of ze zijn verstuurd (taak gemaakt)",
    "staff_again": "taken van gisteren opnieuw klaargezet",
    "staff_dropped": "taken van gisteren vervallen",
}


def count_words(counts: Mapping[str, int]) -> list[str]:
    """Write counts as Dutch lines, in the order of the table; counts without a word are left out."""
    return [f"{counts[key]:>5}  {words}" for key, words in WORDS.items() if counts.get(key)]

"""The words of the inbox: views, what the machine did, why it waits, why a message did not arrive."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from outreach.web.context import now
from outreach.web.formats import full_day
from outreach.web.plan_labels import PLAN_QUESTIONS, PLAN_WHY
from outreach.web.translation import N_, _, counted

VIEWS: Mapping[str, str] = {
    "": N_("Lopend"),
    "mine": N_("Van mij"),
    "free": N_("Van niemand"),
    "waiting": N_("Wacht op een mens"),
    "undelivered": N_("Niet bezorgd"),
    "unread": N_("Ongelezen"),
    "snoozed": N_("Uitgesteld"),
    "all": N_("Alles"),
}
FAILURES: Mapping[str, str] = {
    "invalid_recipient": N_("Dit nummer of adres bestaat niet."),
    "unreachable": N_("De telefoon stond uit of had geen bereik."),
    "landline": N_("Dit is een vaste telefoon. Die krijgt geen sms."),
    "opted_out": N_("De huurder wil hier geen berichten meer."),
    "blocked": N_("Het bericht werd tegengehouden."),
    "content_refused": N_("De aanbieder nam de tekst niet aan."),
    "rate_limited": N_("Het was te druk bij de aanbieder."),
    "provider_down": N_("De aanbieder had een storing."),
    "credentials": N_("De aanbieder herkende ons niet. Zie Instellingen."),
    "not_allowed": N_("Dit mag niet van de aanbieder."),
    "window_closed": N_("Vrij antwoorden op WhatsApp kan alleen binnen 24 uur."),
    "bounced": N_("De e-mail kwam terug."),
    "returned": N_("De brief kwam terug."),
    "undelivered": N_("Het bericht kwam niet aan."),
    "failed": N_("Het versturen lukte niet."),
    "wrong_number": N_("Dit nummer is van iemand anders."),
}
EFFECTS: Mapping[str, str] = {
    "to_person": N_("Doorgegeven aan een medewerker."),
    "crisis": N_("Alles staat stil. Een mens moet nu bellen."),
    "threat": N_("Alles staat stil. Overleg eerst met uw leidinggevende."),
    "opted_out": N_("Berichten over dit kanaal zijn gestopt."),
    "opted_out_before": N_("De huurder was hier al afgemeld."),
    "opted_in": N_("Berichten over dit kanaal mogen weer."),
    "contact_point_wrong": N_("Het nummer staat op: klopt niet."),
    "paid_seen": N_("De betaling was al binnen. Dat is gezegd."),
    "paid_waits_for_ledger": N_("De betaling wordt nagekeken. Tot die tijd is het stil."),
    "promise": N_("De belofte staat in het dossier."),
    "plan_agreed_before": N_("De regeling liep al. Dat is gezegd."),
    "plan_repaired": N_("De regeling loopt weer en is bevestigd."),
    "more_behind": N_("Er speelt meer. Vraag wat er nodig is."),
    "nothing_more": N_("Er speelt niet meer. De huurder is bedankt."),
    "help_talk_first": N_("De huurder wil hulp. Praat eerst."),
    "plan_to_person": N_("Het voorstel ligt klaar voor een mens."),
    "plan_agreed": N_("De regeling is afgesproken en bevestigd."),
    "call_back": N_("Een terugbelafspraak gemaakt."),
    "help_asked": N_("De vraag om hulp is vastgelegd."),
    "courtesy": N_("Een groet of bedankje. Er is niets gevraagd."),
    "signal_refused": N_("Vastgelegd: geen melding bij de gemeente."),
    "visit_refused": N_("Vastgelegd: geen huisbezoek."),
    "bereaved": N_("Het dossier staat stil om een overlijden."),
    "represented": N_("Het dossier staat stil. Kijk wie de huurder vertegenwoordigt."),
    "dispute": N_("Het dossier staat stil tot dit is uitgezocht."),
    "moved": N_("Het dossier staat stil tot het adres is nagekeken."),
}
WAITS: Mapping[str, str] = {
    "sender_not_certain": N_("Wij weten niet zeker van wie dit is. De machine zegt dan niets."),
    "too_many_answers": N_("De machine heeft genoeg gezegd. Een mens antwoordt nu."),
    "not_understood_by_machine": N_("De machine kon dit bericht niet verwerken."),
    "answer_not_sent": N_("Het antwoord kon niet weg naar dit nummer of adres. Antwoord zelf, of bel."),
    "threat": N_("De huurder dreigt. Ga er niet alleen heen."),
    "person_talks": N_("Een collega is in gesprek. De machine zwijgt."),
    "paused": N_("Het dossier staat stil. De machine spreekt dan niets af."),
}


def failure(code: str) -> str:
    """Say why a message did not arrive."""
    found = FAILURES.get(code)
    return _(found) if found else _("Het versturen lukte niet.")


def effect(found: Mapping[str, Any]) -> str:
    """Say what the machine did with a reply, "" when it did nothing."""
    code = str(found.get("effect", ""))
    question = code.removeprefix("plan_").removesuffix("_asked")
    if question in PLAN_QUESTIONS:
        return _("Gevraagd: %(what)s.", what=_(PLAN_QUESTIONS[question]))
    return _(EFFECTS[code]) if code in EFFECTS else code.replace("_", " ")


def waits(why: str | None, confidence: int | None, sure: int) -> str:
    """Say why a reply waits for a person."""
    if why is not None and why in WAITS:
        return _(WAITS[why])
    if why is not None and why in PLAN_WHY:
        return _("Regeling: %(why)s.", why=_(PLAN_WHY[why]))
    if confidence is not None and confidence < sure:
        return _("De machine is niet zeker genoeg. Lees het zelf.")
    return _("Dit vraagt een mens.")


def day_of(iso: str) -> str:
    """Write a day that was understood (ISO) as `dinsdag 24 november`."""
    return full_day(date.fromisoformat(iso[:10]))


def ago(value: datetime | None) -> str:
    """Write how long something waits: `5 minuten`, `3 uur`, `4 dagen`."""
    if value is None:
        return ""
    seconds = max(int((now() - value).total_seconds()), 0)
    if seconds < 3600:
        return counted("%(num)s minuut", "%(num)s minuten", max(seconds // 60, 1))
    if seconds < 48 * 3600:
        return counted("%(num)s uur", "%(num)s uur", seconds // 3600)
    return counted("%(num)s dag", "%(num)s dagen", seconds // 86400)

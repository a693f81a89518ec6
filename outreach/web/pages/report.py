"""The report of a day: what was done, in words, and why things were not done."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from flask import Blueprint, abort, render_template

from outreach.services.day import day_counts
from outreach.web.context import runtime, scope, today
from outreach.web.labels import label
from outreach.web.security import for_roles
from outreach.web.translation import N_, _

blueprint = Blueprint("report", __name__)

Line = tuple[str, int]

GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        N_("Dossiers"),
        {
            "cases_opened": N_("dossiers geopend"),
            "cases_closed": N_("dossiers gesloten, want betaald of onder de grens"),
        },
    ),
    (N_("Verstuurd"), {}),
    (
        N_("Teruggekomen"),
        {
            "reply": N_("antwoorden van huurders"),
            "receipt": N_("ontvangstberichten verwerkt"),
            "call": N_("uitslagen van de belcomputer"),
        },
    ),
    (
        N_("Voor medewerkers"),
        {
            "call_tasks": N_("mensen op de bellijst"),
            "visit_tasks": N_("deuren op de bezoeklijst"),
            "decisions_asked": N_("besluiten gevraagd"),
            "staff_again": N_("telefoontjes en bezoeken opnieuw ingepland"),
            "staff_dropped": N_("telefoontjes en bezoeken vervallen"),
            "pauses_ended": N_("dossiers waarvan het stilzetten afliep"),
            "pauses_in_doubt": N_("dossiers waarvan een voorwaarde van het stilzetten na te vragen is"),
            "trajectory_reviews": N_("evaluaties van trajecten gevraagd"),
            "trajectory_ends": N_("trajecten die aflopen of een waarschuwing geven"),
            "evictions_near": N_("taken voor een ontruiming die dichtbij komt"),
        },
    ),
    (
        N_("Afspraken"),
        {
            "promise_kept": N_("beloften nagekomen"),
            "promise_broken": N_("beloften niet nagekomen"),
            "plan_kept": N_("regelingen helemaal betaald"),
            "plan_reminder": N_("herinneringen aan een termijn klaargezet"),
            "plan_broken": N_("termijnen gemist"),
        },
    ),
    (
        N_("Partners"),
        {
            "referrals": N_("meldingen gedaan"),
            "referrals_queued": N_("meldingen in de wachtrij gezet"),
            "referrals_left_queue": N_("meldingen uit de wachtrij, want niet meer nodig"),
            "referrals_without_partner": N_("meldingen zonder partner, dus een taak voor een medewerker"),
            "referrals_overdue": N_("terugmeldingen te laat"),
        },
    ),
    (
        N_("Niet of later"),
        {
            "dropped": N_("vervallen: de reden was weg"),
            "moved": N_("verschoven naar een uur of dag die mag"),
            "moved_for_capacity": N_("verschoven omdat het team vol was"),
            "text_refused": N_("tegengehouden: de tekst kwam niet door de toets"),
            "offered_again": N_("opnieuw aangeboden bij de provider"),
            "unknown": N_("onzeker of het is verstuurd"),
            "uncertain": N_("wordt nagevraagd bij de provider"),
        },
    ),
)
SENT = "sent_"
FAILED = "failed_"
WHY_NOT = {
    "not_ready": N_("de verhuurder is nog niet klaar: vul afzender en contactpersoon in"),
    "stale_ledger": N_("de laatste levering is te oud"),
    "no_ledger": N_("er is nog geen levering"),
    "paused": N_("het dossier staat stil, zonder einddatum"),
    "paused_until": N_("het dossier staat stil tot een dag"),
    "promise_open": N_("de huurder heeft een dag beloofd"),
    "plan_requested": N_("de huurder vroeg om een regeling"),
    "plan_active": N_("de huurder betaalt in een regeling"),
    "busy_talk": N_("een antwoord van de huurder wacht op een medewerker"),
    "held_by_flag": N_("een kenmerk van het dossier houdt contact tegen"),
    "channel_blocked": N_("een kanaal kan niet bij deze huurder"),
    "no_channel": N_("geen bruikbaar kanaal"),
    "channel_failed": N_("een kanaal is eerder mislukt"),
    "channel_off": N_("een kanaal staat uit"),
    "waits_for_outcome": N_("alleen na een bepaalde uitkomst, en die was er niet"),
    "reached": N_("de huurder is pas bereikt"),
    "ever_reached": N_("de huurder is al bereikt"),
    "needs_ground": N_("er is geen grond vastgelegd"),
    "needs_personal_contact": N_("er was nog geen gesprek of huisbezoek"),
    "needs_early_signal": N_("het vroegsignaal is nog niet gedaan of geweigerd"),
    "needs_written_reminder": N_("er is nog geen schriftelijke herinnering"),
    "signal_needs_contact_effort": N_("vroegsignaal: nog geen poging tot persoonlijk contact"),
    "signal_needs_debt_help": N_("vroegsignaal: nog niet gewezen op schuldhulp"),
    "signal_needs_written_reminder": N_("vroegsignaal: nog geen schriftelijke herinnering"),
    "signal_needs_offer": N_("vroegsignaal: doorgeven van gegevens nog niet aangeboden"),
    "signal_refused_by_tenant": N_("vroegsignaal: de huurder heeft geweigerd"),
    "signal_needs_agreement": N_("vroegsignaal: geen afspraak met deze gemeente"),
    "unless_help_accepted": N_("de huurder heeft hulp aanvaard"),
    "unless_plan_active": N_("er loopt een regeling"),
    "unless_promise_open": N_("er loopt een belofte"),
    "unless_paused": N_("het dossier staat stil"),
    "unless_referral_accepted": N_("een partner heeft het opgepakt"),
    "amount_too_low": N_("het bedrag is te laag voor deze stap"),
    "months_too_few": N_("nog te weinig maanden achterstand"),
    "no_such_flag": N_("deze stap is voor andere huishoudens"),
    "no_such_ground": N_("de grond voor deze stap is er niet"),
    "other_cause": N_("deze stap hoort bij een andere oorzaak"),
    "flag_excludes": N_("deze stap past niet bij dit huishouden"),
    "not_yet_not_reached": N_("nog niet genoeg geprobeerd"),
    "no_broken_promise": N_("er is geen belofte gebroken"),
    "no_broken_plan": N_("er is geen regeling gebroken"),
    "moment_passed": N_("het moment is voorbij"),
    "skipped_by_person": N_("een medewerker sloeg de stap over"),
    "gap": N_("een waarde van de ladder is nog niet ingevuld"),
    "excluded": N_("het hoort niet op de contactladder: mensen behandelen dit"),
    "ladder_ended": N_("de contactladder is klaar: mensen gaan verder"),
    "needs_step": N_("eerst moet een andere stap gedaan zijn"),
    "needs_home_visit": N_("er is nog geen huisbezoek gedaan"),
    "amount_too_high": N_("het bedrag is te hoog voor deze stap"),
    "months_too_many": N_("de achterstand duurt te lang voor deze stap"),
    "only_when": N_("de stap geldt alleen in een ander geval"),
    "not_when": N_("de stap geldt niet in dit geval"),
    "never_reached": N_("de huurder is nog niet bereikt"),
    "not_paid_in_part": N_("er is nog geen deel betaald"),
    "rest_after_step": N_("rust na een melding of besluit"),
    "no_moment": N_("er is geen moment dat mag"),
}


@blueprint.get("/dagverslag", defaults={"day": None})
@blueprint.get("/dagverslag/<day>")
@for_roles("policy", "worker", "manager")
def index(day: str | None) -> str:
    """Show the report of a day, today when none is named."""
    wanted = _day(day)
    found = day_counts(runtime(), scope().landlord_id, wanted)
    return render_template(
        "report/index.html",
        day=wanted,
        before=wanted - timedelta(days=1),
        after=wanted + timedelta(days=1) if wanted < today() else None,
        groups=_groups(found.counts),
        why_not=_why_not(found.refused),
    )


def _day(text: str | None) -> date:
    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _groups(counts: Counter[str]) -> list[tuple[str, list[Line]]]:
    found = [(title, [(_(words[code]), counts[code]) for code in words if counts[code]]) for title, words in GROUPS]
    sent, failed = _by_channel(counts, SENT), _by_channel(counts, FAILED)
    for title, lines in found:
        if title == "Verstuurd":
            lines += sent
        elif title == "Niet of later":
            lines += [(_("mislukt: %(channel)s", channel=channel), number) for channel, number in failed]
    return [(title, lines) for title, lines in found if lines]


def _by_channel(counts: Counter[str], start: str) -> list[Line]:
    found = [(code.removeprefix(start), number) for code, number in counts.items() if code.startswith(start) and number]
    return [(label("channel", code), number) for code, number in sorted(found, key=lambda each: -each[1])]


def _why_not(refused: Counter[str]) -> list[Line]:
    return [
        (_(WHY_NOT[code]) if code in WHY_NOT else code.replace("_", " "), number)
        for code, number in refused.most_common()
        if number
    ]

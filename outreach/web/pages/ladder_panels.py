"""What stands beside a ladder that is written: whether it is right, a rehearsal with real dates, the work per week."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, render_template

from outreach.services.draft_rows import Draft
from outreach.services.proving import prove_for_landlord
from outreach.services.simulating import workload
from outreach.web.context import runtime, today
from outreach.web.labels import label
from outreach.web.pages.editor_frame import PANELS, draft_of, is_partial, policy
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.ladder import Ladder, example_fills
from schedules.proof.model import Status
from schedules.reasons import reason_text
from schedules.rehearsal import Rehearsal, Script, first_facts, rehearse
from schedules.settings import PolicySettings

blueprint = Blueprint("ladder_panels", __name__)

CONTACTS: Mapping[str, str] = {
    "message": N_("Berichten"),
    "robocall": N_("Belcomputer"),
    "call": N_("Telefoontjes door een medewerker"),
    "visit": N_("Huisbezoeken"),
    "card": N_("Kaartjes"),
}
ADVICE: Mapping[str, str] = {
    "no_dead_end": N_("Voeg stappen toe, en een besluit door een mens op een vaste dag en zonder voorwaarden."),
    "handed_to_person_in_time": N_(
        "Voeg contact of een huisbezoek toe, laat een mens eerder beslissen, of pas de belofte aan bij de afspraken."
    ),
    "legal_steps_before_court": N_("Kruis bij de deurwaarder of rechter aan wat er eerst gebeurd moet zijn."),
    "signal_lawful": N_("Kruis bij het vroegsignaal aan wat de wet eerst vraagt, en voeg de brief met hulp toe."),
    "meldpunt_on_summons": N_("Voeg een melding bij het meldpunt toe rond de datum van de dagvaarding."),
    "pressure_within_budget": N_("Zet stappen verder uit elkaar, of beloof meer contacten in zeven dagen."),
    "referrals_followed_up": N_("Kies een partner waarvan een route zegt wanneer hij terugmeldt en wie dat volgt."),
    "texts_exist_and_pass": N_("Kies een andere tekst, of een kanaal waarvoor de tekst er is."),
    "contact_changes_before_heavier": N_(
        "Zet eerst meer kanalen of dagdelen in. Kruis ze bij deze stap aan bij: Wat moet er eerst gebeurd zijn?"
    ),
    "excluded_left_to_people": N_("Geef wie buiten de ladder valt een besluit door een mens."),
    "every_step_reachable": N_(
        "Kijk of de voorwaarden van deze stap samen wel kunnen gelden. "
        "Ontbreekt er iets voor, zoals een brief met hulp, voeg dat dan eerst toe."
    ),
    "valid": N_("Pas bij de afspraken aan vanaf en tot wanneer de ladder geldt."),
    "no_gap": N_("Vul de open waarden in. Zolang er een leeg is, kan de ladder niet aan."),
}
"""What usually mends a property that does not hold."""

REHEARSED_DAYS = 120
RENT_CENTS = 65_000


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happens in a rehearsal: when, what, over which channel, how it ended."""

    at: datetime
    day: int
    title: str
    how: str
    icon: str
    attempt: int


@blueprint.get("/contactladders/<name>/bewerken/<any(proef, proefrit, werk):part>")
@for_roles("policy", "worker", "manager")
def show(name: str, part: str) -> str:
    """Show one part, as a piece of the editor or as a page of its own."""
    draft = draft_of(name)
    body = {"proefrit": _rehearsal, "proef": _proof, "werk": _work}[part](draft)
    if is_partial():
        return body
    title = draft.data["title"][language()]
    return render_template("ladders/editor/panel_page.html", name=name, title=title, words=_(PANELS[part]), body=body)


def _rehearsal(draft: Draft) -> str:
    ladder = draft.ladder
    due_on = _first_of_next_month(today())
    settings = filled(policy().engine, ladder)
    played = rehearse(
        ladder, settings, runtime().calendar, first_facts(due_on, RENT_CENTS), Script(title=""), REHEARSED_DAYS
    )
    return render_template(
        "ladders/editor/panel_rehearsal.html",
        due_on=due_on,
        happenings=tuple(_happenings(ladder, played)),
        never=_never(ladder, played),
        person=_handed(ladder, played),
    )


def filled(settings: PolicySettings, ladder: Ladder) -> PolicySettings:
    """Return the settings with an example for each gap that the landlord has not filled yet."""
    return replace(settings, fills={**example_fills(ladder), **settings.fills})


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _happenings(ladder: Ladder, played: Rehearsal) -> list[Happening]:
    found = []
    for event in played.events:
        step = ladder.step(event.step.step) if event.step else None
        if event.step is None or step is None:
            continue
        where = event.step.channel if event.step.channel in ("sms", "whatsapp", "email", "letter") else None
        found.append(
            Happening(
                at=event.at,
                day=event.day,
                title=step.title[language()],
                how=label("channel", where) if where else "",
                icon="sms" if step.kind == "message" else step.kind.value,
                attempt=event.step.attempt,
            )
        )
    return found


def _handed(ladder: Ladder, played: Rehearsal) -> int | None:
    """Return the day on which the tenant comes to a person: a decision or a referral."""
    days = [
        event.day
        for event in played.events
        if event.step and (step := ladder.step(event.step.step)) and step.kind in ("decision", "referral")
    ]
    return min(days, default=None)


def _never(ladder: Ladder, played: Rehearsal) -> list[tuple[str, str]]:
    """Return the steps that were not done, with the reason."""
    names = {step.key: step.title[language()] for step in ladder.steps}
    names |= {option.key: option.title[language()] for step in ladder.steps for option in step.options}
    done = {event.step.step for event in played.events if event.step}
    last = played.last
    left = [(rest.step, rest.why) for rest in last.refused] + [(rest.step, rest.why) for rest in last.waiting]
    return [
        (names.get(step, step), " ".join(reason_text(reason, language(), names) for reason in why))
        for step, why in left
        if step not in done
    ]


def _proof(draft: Draft) -> str:
    found = prove_for_landlord(runtime(), policy(), draft.body)
    broken = found.broken()
    return render_template(
        "ladders/editor/panel_proof.html",
        proof=found,
        open_values=[finding for finding in broken if finding.status is Status.GAP],
        refuted=[finding for finding in broken if finding.status is Status.REFUTED],
        proven=[finding for finding in found.findings if finding.status is Status.PROVEN],
        advice=ADVICE,
    )


def _work(draft: Draft) -> str:
    asked = workload(runtime(), policy(), draft.body)
    return render_template("ladders/editor/panel_work.html", asked=asked, words=CONTACTS)

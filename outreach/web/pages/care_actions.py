"""What staff do in a case around help and law: help refused, a child, who lives there, dates, pauses, last chances."""

from collections.abc import Mapping
from typing import Any

from outreach.runtime import Runtime
from outreach.services import actions, trajectories
from outreach.services.actor import Actor
from outreach.services.reading.case_page import CasePage
from outreach.web.context import today
from outreach.web.forms import Field
from outreach.web.labels import options
from outreach.web.pages.case_action import CARE, SAID, Action, Fields, as_number, fixed
from outreach.web.translation import N_, language

CHILDREN = (("yes", N_("Ja")), ("no", N_("Nee")), ("unknown", N_("Onbekend")))
HOLDS = (("yes", N_("Ja, dit klopt")), ("no", N_("Nee, dit klopt niet meer")))


def _dates(page: CasePage) -> Fields:
    known = tuple((code, text) for code, text in options("date") if code in page.case.dates)
    return (
        Field(name="name", label=N_("Welke datum"), kind="select", options=known),
        Field(name="reason", label=N_("Waarom vervalt die"), kind="textarea"),
    )


def _household(page: CasePage) -> Fields:
    return (
        Field(name="children", label=N_("Wonen er kinderen?"), kind="select", options=CHILDREN),
        Field(name="source", label=N_("Hoe weet u dit?"), help=N_("Bijvoorbeeld: huisbezoek, of het register.")),
        Field(name="on", label=N_("Op welke dag gezien"), kind="date", initial=today().isoformat()),
    )


def _conditions(page: CasePage) -> Fields:
    pause = _pause(page)
    found = tuple((each.key, each.title[language()]) for each in pause.conditions) if pause else ()
    return (
        Field(name="pause_id", label=N_("Stilgezet"), kind="hidden", initial=str(pause.row.id) if pause else ""),
        Field(name="condition", label=N_("Welke voorwaarde"), kind="select", options=found, translate=False),
        Field(name="holds", label=N_("Klopt die nog?"), kind="select", options=HOLDS),
        Field(name="evidence", label=N_("Waar blijkt dat uit?"), kind="textarea"),
    )


def _pause(page: CasePage) -> Any:
    pauses = page.care.pauses if page.care else ()
    return next((each for each in pauses if each.conditions and each.row.trajectory_id is None), None)


def _chances(page: CasePage) -> tuple[tuple[str, str], ...]:
    found = page.care.chances if page.care else ()
    return tuple(
        (f"{chance.definition.name}:{key}", f"{chance.definition.title[language()]}: {title[language()]}")
        for chance in found
        for key, title in chance.openings
    )


def _propose_fields(page: CasePage) -> Fields:
    return (
        Field(
            name="chance",
            label=N_("Welk traject, en waarom nu"),
            kind="select",
            options=_chances(page),
            translate=False,
        ),
        Field(name="why", label=N_("Waarom past dit bij deze huurder?"), kind="textarea"),
        Field(name="partner_person", label=N_("Contactpersoon bij de partner"), required=False),
    )


def _propose(runtime: Runtime, actor: Actor, case_id: int, *, chance: str, why: str, partner_person: str) -> None:
    name, _between, opening = chance.partition(":")
    trajectories.propose(runtime, actor, case_id, name=name, opening=opening, why=why, partner_person=partner_person)


CARE_ACTIONS: Mapping[str, Action] = {
    "geen-hulp": Action(
        title=N_("Wil nu geen hulp"), icon="close", group=SAID, call=actions.refuse_help,
        done=N_("Vastgelegd. Later bieden wij opnieuw hulp aan."),
        fields=fixed(Field(name="note", label=N_("Wat zei de huurder?"), kind="textarea")),
    ),
    "kind": Action(
        title=N_("Er is een kind in de knel"), icon="warning", group=CARE, call=actions.report_child,
        lead=N_("Alle incasso stopt meteen. Bel daarna hulp."),
        done=N_("Het incassocontact staat stil. De taak om hulp te bellen staat bovenaan."),
        fields=fixed(Field(name="note", label=N_("Wat heeft u gezien of gehoord?"), kind="textarea")),
    ),
    "bewoners": Action(
        title=N_("Wie er woont"), icon="household", group=CARE, call=actions.record_household, fields=_household,
    ),
    "voorwaarde": Action(
        title=N_("Voorwaarde van het stilzetten"), icon="pause", group=CARE, fields=_conditions,
        call=as_number("pause_id", actions.say_condition), shown=lambda page: _pause(page) is not None,
        lead=N_("Klopt een voorwaarde niet meer, dan krijgt u een taak. Er gaat niet vanzelf iets uit."),
    ),
    "traject": Action(
        title=N_("Laatste kans voorstellen"), icon="plan", group=CARE, fields=_propose_fields, call=_propose,
        shown=lambda page: bool(_chances(page)), submit=N_("Voorstellen"),
        done=N_("Het traject is voorgesteld. Leg de afspraak vast om te starten."),
    ),
    "datum": Action(
        title=N_("Dagvaarding, vonnis of ontruiming"), icon="event", group=CARE, call=actions.set_date,
        lead=N_("Bij een ontruiming die dichtbij komt, krijgt u vanzelf een waarschuwing."),
        fields=fixed(
            Field(name="name", label=N_("Welke datum"), kind="select", options=options("date")),
            Field(name="on", label=N_("Op welke dag"), kind="date"),
            Field(name="evidence", label=N_("Kenmerk van het stuk"), help=N_("Bijvoorbeeld het rolnummer.")),
        ),
    ),
    "datum-vervalt": Action(
        title=N_("Een datum vervalt"), icon="close", group=CARE, fields=_dates, call=actions.clear_date,
        shown=lambda page: bool(page.case.dates),
    ),
}  # fmt: skip
"""The actions of help and law, by the name in their address."""

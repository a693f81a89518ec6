"""The form of a decision that a ladder asks for: its options, the reason, and the document of who decided."""

from collections.abc import Mapping
from typing import Any

from outreach.services import actions
from outreach.services.deciding import OUTSIDE, options_of
from outreach.services.reading.case_page import CasePage
from outreach.web.context import actor, runtime, today
from outreach.web.forms import Field, Form, blank
from outreach.web.translation import N_, language
from schedules.ladder import Step

DECIDED_BY = {
    "staff": N_("Een medewerker beslist."),
    "commission": N_("Een commissie beslist. Leg hier vast wat zij besloot."),
    "judge": N_("De rechter beslist. Leg hier vast wat het vonnis zegt."),
}


def decision_name(step: str) -> str:
    """Return the name under which the form of a decision stands on the page."""
    return f"besluit-{step}"


def decision_fields(step: Step) -> tuple[Field, ...]:
    """Return the fields of a decision; a commission or judge leaves a document."""
    outside = step.decided_by in OUTSIDE
    choices = tuple((each.key, each.title[language()]) for each in options_of(step))
    return (
        Field(name="outcome", label=N_("Wat is er besloten?"), kind="select", options=choices, translate=False),
        Field(name="reason", label=N_("Waarom"), kind="textarea"),
        Field(
            name="reference",
            label=N_("Kenmerk van het stuk"),
            required=outside,
            help=N_("Bijvoorbeeld het nummer van het verslag of het vonnis."),
        ),
        Field(
            name="decided_on",
            label=N_("Besloten op"),
            kind="date",
            required=outside,
            initial="" if outside else today().isoformat(),
        ),
    )


def decision_forms(page: CasePage, tried: Mapping[str, Form]) -> list[tuple[Step, Form, str]]:
    """Return each decision that is asked for with its form and who decides."""
    found = page.care.decisions if page.care else ()
    return [
        (step, tried.get(decision_name(step.key)) or blank(decision_fields(step)), DECIDED_BY[step.decided_by])
        for step in found
    ]


def record(case_id: int, step: str, clean: Mapping[str, Any]) -> None:
    """Record a decision as the signed-in user; raise OutreachError when it may not be."""
    actions.record_decision(runtime(), actor(), case_id, step=step, **clean)

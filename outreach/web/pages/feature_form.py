"""The form for what staff know of a case: features, payday, children."""

from typing import Any

from outreach.domain.features import FEATURES
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.feature_actions import set_features
from outreach.services.reading.case_page import CasePage
from outreach.web.care_labels import FEATURES as WORDS
from outreach.web.forms import Field
from outreach.web.translation import N_

CHILDREN = (("", N_("Onbekend")), ("yes", N_("Ja")), ("no", N_("Nee")))


def feature_fields(page: CasePage) -> tuple[Field, ...]:
    """Return the fields, with what is known filled in."""
    known = {True: "yes", False: "no"}.get(page.household.children, "") if page.household.children is not None else ""
    ticks = tuple(
        Field(name=code, label=WORDS[code], kind="checkbox", initial="1" if code in page.case.flags else "")
        for code in FEATURES
    )
    return (
        *ticks,
        Field(
            name="children",
            label=N_("Wonen er kinderen?"),
            kind="select",
            options=CHILDREN,
            required=False,
            initial=known,
        ),
        Field(
            name="payday",
            label=N_("Dag van de maand waarop er geld binnenkomt"),
            kind="number",
            required=False,
            initial=str(page.case.payday or ""),
        ),
    )


def save_features(
    runtime: Runtime, actor: Actor, case_id: int, *, children: str | None, payday: int | None, **ticked: Any
) -> None:
    """Save the form."""
    features = [code for code, on in ticked.items() if on]
    there = {"yes": True, "no": False}.get(children or "")
    set_features(runtime, actor, case_id, features=features, payday=payday, children=there)

"""Begin a ladder: from nothing with stages and a person who decides at the end, or as a copy of another one."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from schedules.draft_blocks import blocks
from schedules.draft_settling import settled
from schedules.drafting import Data

STAGES: tuple[tuple[str, str, str], ...] = (
    ("reminder", "Herinnering", "Reminder"),
    ("contact", "Contact zoeken", "Seeking contact"),
    ("early_signal", "Vroegsignalering", "Early signal"),
    ("care", "Hulp erbij", "Care"),
    ("consult", "Overleg", "Consultation"),
)
LAST_DAY = 60
"""The day after the due date on which a new ladder hands every tenant to a person."""

PROMISES: Mapping[str, int] = {
    "handed_to_person_within_days": LAST_DAY + 15,
    "attempts": 3,
    "channels": 2,
    "home_visits": 1,
    "contacts_per_7_days": 2,
}
"""What a new ladder promises until its writer says otherwise: the same as the legal floor."""


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What a landlord says of a new ladder: its name, its Dutch and English title, and who decided on it.

    `name` is its key; `on` is the day from which it holds.
    """

    name: str
    title: Mapping[str, str]
    decided_by: str
    description: str
    on: date


def empty_ladder(beginning: Beginning) -> Data:
    """Return a ladder with the usual stages and one step: a person decides, so that nobody is forgotten."""
    decision = blocks()["decision"]
    return {
        **_head(beginning),
        "reached": "standard",
        "not_reached": {"attempts": 6, "channels": 3, "day_parts": 2},
        "promises": dict(PROMISES),
        "stages": [{"key": key, "title": {"nl": nl, "en": en}} for key, nl, en in STAGES],
        "steps": [
            {
                "key": "overleg",
                "stage": "consult",
                "title": dict(decision.title),
                **decision.step,
                "when": {"days_after_due": LAST_DAY},
            }
        ],
    }


def copied_ladder(data: Data, beginning: Beginning) -> Data:
    """Return an own ladder with the stages and steps of another; the lines of its source stay behind."""
    kept = {name: deepcopy(value) for name, value in data.items() if name not in {"valid_to", "pilot_of"}}
    for step in kept["steps"]:
        step.pop("lines", None)
    return settled({**kept, **_head(beginning)})


def _head(beginning: Beginning) -> Data:
    return {
        "ladder": beginning.name,
        "title": dict(beginning.title),
        "status": "own",
        "valid_from": beginning.on.isoformat(),
        "source": {
            "document": beginning.decided_by,
            "year": beginning.on.year,
            "lines": "-",
            "description": beginning.description,
        },
    }

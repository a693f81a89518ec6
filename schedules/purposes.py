"""The purposes of contact and which protections bind them: one sourced table (rules.md 38)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Purpose(StrEnum):
    """Why a contact is made."""

    COLLECTION = "collection"
    LEGAL = "legal"
    PLAN = "plan"
    ANSWER = "answer"
    CARE = "care"


@dataclass(frozen=True, kw_only=True)
class PurposeRule:
    """Say per protection whether it binds a contact with this purpose."""

    purpose: Purpose
    hours: bool
    pressure: bool
    pause: bool
    payment: bool
    opt_out: bool
    fresh_ledger: bool
    source: str


def _rule(
    purpose: Purpose,
    *,
    hours: bool,
    pressure: bool,
    pause: bool,
    payment: bool,
    opt_out: bool,
    fresh_ledger: bool,
    source: str,
) -> tuple[Purpose, PurposeRule]:
    rule = PurposeRule(
        purpose=purpose,
        hours=hours,
        pressure=pressure,
        pause=pause,
        payment=payment,
        opt_out=opt_out,
        fresh_ledger=fresh_ledger,
        source=source,
    )
    return purpose, rule


PURPOSES: Mapping[Purpose, PurposeRule] = MappingProxyType(
    dict(
        [
            _rule(
                Purpose.COLLECTION,
                hours=True,
                pressure=True,
                pause=True,
                payment=True,
                opt_out=True,
                fresh_ledger=True,
                source="Bki art. 4.2; rules.md 8, 20, 40",
            ),
            _rule(
                Purpose.LEGAL,
                hours=True,
                pressure=False,
                pause=True,
                payment=True,
                opt_out=True,
                fresh_ledger=True,
                source="Bki art. 4.2; BW 6:96 lid 6; exempt from pressure, but visible",
            ),
            _rule(
                Purpose.PLAN,
                hours=True,
                pressure=False,
                pause=False,
                payment=True,
                opt_out=True,
                fresh_ledger=False,
                source="rules.md 38: reminders of a plan that is kept, counted apart",
            ),
            _rule(
                Purpose.ANSWER,
                hours=False,
                pressure=False,
                pause=False,
                payment=False,
                opt_out=False,
                fresh_ledger=False,
                source="rules.md 38: within ten minutes of the tenant's own message; one STOP confirmation",
            ),
            _rule(
                Purpose.CARE,
                hours=True,
                pressure=True,
                pause=False,
                payment=False,
                opt_out=True,
                fresh_ledger=False,
                source="rules.md 17, 31, 38",
            ),
        ]
    )
)
"""Every purpose has exactly one row; an answer is an answer only within `ANSWER_MINUTES`."""

ANSWER_MINUTES = 10
"""How long after the tenant's own message an automatic answer may still go (rules.md 38)."""

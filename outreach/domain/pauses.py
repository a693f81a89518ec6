"""What the books and people say of a pause's conditions, and its longest end: pure (rules.md 15)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

LONGEST_PAUSE = timedelta(days=275)
"""Nine months: rules.md 15."""

ASK_EVERY = timedelta(days=30)
"""How often a person is asked about a condition that no record can tell."""

RENT, HELP = "current_rent_paid", "help_going_on"
NO_HELP = frozenset({"rejected", "stopped", "closed"})
"""States of a referral in which help does not go on."""

Conditions = Sequence[Mapping[str, Any]]
"""The conditions as a pause keeps them: key, title, check, and what a person said last: holds, on, evidence."""


def last_day(from_on: date, own_end: date | None) -> date:
    """Return the day on which a pause is over (exclusive): its own end, and never more than nine months away."""
    longest = from_on + LONGEST_PAUSE
    return longest if own_end is None else min(own_end, longest)


def current_rent_paid(rents: Iterable[tuple[date, int]], from_on: date, today: date, grace_days: int) -> bool:
    """Say whether the rent that came due during a pause was paid; `rents` are (due date, open cents)."""
    last = today - timedelta(days=grace_days)
    return not any(from_on <= due_on < last and cents > 0 for due_on, cents in rents)


def said(
    conditions: Conditions, rents_paid: bool, referral_state: str | None, help_refused: bool = False
) -> dict[str, bool]:
    """Return per check or key whether it holds: a person's latest word, with what books and partner tell over it.

    What nobody has said, and no record can tell, is left out.
    """
    found: dict[str, bool] = {}
    for each in conditions:
        if each.get("on"):
            found[each.get("check") or each["key"]] = bool(each["holds"])
    found[RENT] = rents_paid and found.get(RENT, True)
    if referral_state is not None:
        found[HELP] = referral_state not in NO_HELP and not help_refused and found.get(HELP, True)
    return found


def to_ask(conditions: Conditions, unknown: Iterable[str], from_on: date, today: date) -> tuple[str, ...]:
    """Return the keys of the conditions about which a person is to be asked: nobody said anything for a month.

    `unknown` are the keys that no record can tell.
    """
    asked = set(unknown)
    return tuple(
        each["key"]
        for each in conditions
        if (each["key"] in asked or each.get("on"))
        and today - (date.fromisoformat(each["on"]) if each.get("on") else from_on) >= ASK_EVERY
    )

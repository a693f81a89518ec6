"""What a landlord sets for the engine, and how whole months in arrears are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import MappingProxyType

from schedules.pressure import PressureBudget
from schedules.windows import OfficeHours


class MonthDefinition(StrEnum):
    """What "a month in arrears" means to a landlord (rules.md 1)."""

    DUE_DATES_PASSED = "due_dates_passed"
    AMOUNT_OVER_RENT = "amount_over_rent"


DEFAULT_OFFICE_HOURS: OfficeHours = MappingProxyType({day: (time(9), time(17)) for day in range(5)})
DEFAULT_HOLD_FLAGS = frozenset({"dispute", "bereaved", "deceased", "moratorium", "child_found"})


@dataclass(frozen=True, kw_only=True)
class PolicySettings:
    """The landlord's settings for the engine; money in cents, office hours per weekday (0 is Monday).

    `fills` gives a value to each gap `~` of a ladder. `legal_floor` adds the needs of law.md to the
    early signal, to the bailiff and to court, whatever the ladder says. `channel_hours` narrows a channel's window.
    `payday` is the day of the month on which most tenants are paid, for those whose own payday is not known.
    """

    budget: PressureBudget = field(default_factory=PressureBudget)
    office_hours: OfficeHours = field(default_factory=lambda: DEFAULT_OFFICE_HOURS)
    channel_hours: Mapping[str, OfficeHours] = field(default_factory=dict)
    minimum_amount_cents: int = 1
    month_definition: MonthDefinition = MonthDefinition.DUE_DATES_PASSED
    stale_ledger_working_days: int = 1
    channels_off: frozenset[str] = frozenset()
    fills: Mapping[str, int | str] = field(default_factory=dict)
    resume_after_reached_days: int = 7
    promise_grace_working_days: int = 1
    hold_flags: frozenset[str] = DEFAULT_HOLD_FLAGS
    legal_floor: bool = True
    payday: int = 25


def months_in_arrears(
    open_items: Sequence[tuple[date, int]], rent_cents: int, on: date, definition: MonthDefinition | str
) -> int:
    """Count whole months in arrears on a civil day from (due_on, open_cents) items; credits are negative.

    `due_dates_passed` counts the calendar months with an open item whose due date has passed;
    `amount_over_rent` divides what is overdue by the monthly rent (rules.md 1).
    """
    passed = [(due_on, cents) for due_on, cents in open_items if due_on < on]
    total = sum(cents for _, cents in passed)
    if total <= 0:
        return 0
    if MonthDefinition(definition) is MonthDefinition.AMOUNT_OVER_RENT:
        return total // rent_cents if rent_cents > 0 else 0
    return len({(due_on.year, due_on.month) for due_on, cents in passed if cents > 0})

"""Contact pressure: no schedule made with it ever goes above the budget, counted by brute force."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import Calendar, load_law
from schedules.pressure import PressureBudget, PressureFacts, next_room, room

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
START = datetime(2026, 3, 20, tzinfo=UTC)
HOURS = st.integers(0, 24 * 60)
BUDGETS = st.builds(PressureBudget, per_day=st.integers(1, 2), per_days=st.integers(1, 4), days=st.integers(1, 14))


def code(at: datetime, facts: PressureFacts, budget: PressureBudget | None = None) -> str | None:
    reason = room(at, facts, budget or PressureBudget(), CALENDAR)
    return reason.code if reason else None


def test_one_a_dutch_day() -> None:
    facts = PressureFacts(contacts=(datetime(2026, 11, 24, 9, tzinfo=UTC),))
    assert code(datetime(2026, 11, 24, 15, tzinfo=UTC), facts) == "pressure_day"
    assert code(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), facts) is None  # already the 25th here


def test_the_seventh_day_is_free_to_the_minute() -> None:
    first = datetime(2026, 11, 16, 9, tzinfo=UTC)
    facts = PressureFacts(contacts=(first, first + timedelta(days=2)))
    assert code(first + timedelta(days=7, minutes=-1), facts) == "pressure_days"
    assert code(first + timedelta(days=7), facts) is None
    assert next_room(first + timedelta(days=3), facts, PressureBudget(), CALENDAR) == first + timedelta(days=7)


def test_rest_after_a_talk_and_after_a_promise() -> None:
    at = datetime(2026, 11, 16, 9, tzinfo=UTC)
    assert code(at + timedelta(hours=71), PressureFacts(talk_at=at)) == "rest_after_talk"
    assert code(at + timedelta(hours=72), PressureFacts(talk_at=at)) is None
    assert code(at + timedelta(hours=71), PressureFacts(promised_at=at)) == "rest_after_promise"


def test_a_contact_that_is_reserved_later_counts_too() -> None:
    at = datetime(2026, 11, 16, 9, tzinfo=UTC)
    facts = PressureFacts(contacts=(at + timedelta(days=2), at + timedelta(days=3)))
    assert code(at, facts) == "pressure_days"


@given(st.lists(HOURS, min_size=1, max_size=12), BUDGETS)
@settings(max_examples=60)
def test_no_schedule_goes_above_the_budget(asked: list[int], budget: PressureBudget) -> None:
    contacts: list[datetime] = []
    for hours in asked:
        at = START + timedelta(hours=hours)
        contacts.append(next_room(at, PressureFacts(contacts=tuple(contacts)), budget, CALENDAR))
        assert contacts[-1] >= at
    for end in contacts:
        assert sum(end - timedelta(days=budget.days) < one <= end for one in contacts) <= budget.per_days
        assert sum(CALENDAR.day_of(one) == CALENDAR.day_of(end) for one in contacts) <= budget.per_day


@given(st.lists(HOURS, max_size=8), HOURS, HOURS)
def test_next_room_has_room_and_nothing_earlier_has(past: list[int], at_hours: int, between: int) -> None:
    contacts = tuple(START + timedelta(hours=hours) for hours in past)
    at = START + timedelta(hours=at_hours)
    facts = PressureFacts(contacts=contacts)
    found = next_room(at, facts, PressureBudget(), CALENDAR)
    assert code(found, facts) is None
    earlier = at + timedelta(hours=between)
    if earlier < found:
        assert code(earlier, facts) is not None


def test_a_budget_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        PressureBudget(per_days=0)

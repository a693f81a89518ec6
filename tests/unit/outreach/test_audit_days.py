"""The audit's own days agree with a package that it does not use."""

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.audit.days import EQUATED, SUNDAY, is_holiday, is_working_day, outside_hours, working_days_since

pytestmark = pytest.mark.unit

YEARS = range(2024, 2031)
PACKAGE = holidays.country_holidays("NL", years=YEARS, categories=("public", "optional"))
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31))


@given(DAYS)
def test_holidays_are_those_of_the_package_and_the_days_that_it_lacks(day: date) -> None:
    ours = is_holiday(day) or day.weekday() == SUNDAY
    also = day in EQUATED or (day.month, day.day) == (5, 5) or day.weekday() == SUNDAY
    assert ours == (day in PACKAGE or also)


def test_every_day_of_seven_years_agrees() -> None:
    named = {day for day in PACKAGE if day.weekday() != SUNDAY} | EQUATED | {date(year, 5, 5) for year in YEARS}
    first = date(2024, 1, 1)
    span = (first + timedelta(days=n) for n in range((date(2031, 1, 1) - first).days))
    assert {day for day in span if is_holiday(day) and day.weekday() != SUNDAY} == {
        day for day in named if day.weekday() != SUNDAY
    }


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-09-08T04:59", "hour"),
        ("2026-09-08T05:00", None),
        ("2026-09-08T17:59", None),
        ("2026-09-08T18:00", "hour"),
        ("2026-12-08T06:00", None),
        ("2026-12-08T05:59", "hour"),
        ("2026-09-12T10:00", None),
        ("2026-09-13T10:00", "sunday"),
        ("2026-04-03T10:00", "holiday"),
        ("2026-05-05T10:00", "holiday"),
        ("2025-04-26T10:00", "holiday"),
        ("2026-04-25T10:00", None),
        ("2026-04-27T10:00", "holiday"),
        ("2031-04-26T10:00", "holiday"),
        ("2026-05-15T10:00", "equated"),
        ("2026-12-24T23:30", "holiday"),
    ],
)
def test_hours_of_law_are_dutch_hours(moment: str, why: str | None) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert outside_hours(at) == why


def test_working_days() -> None:
    assert working_days_since(date(2026, 9, 4), date(2026, 9, 7)) == 1
    assert working_days_since(date(2026, 9, 7), date(2026, 9, 7)) == 0
    assert working_days_since(date(2026, 4, 2), date(2026, 4, 7)) == 1
    assert not is_working_day(date(2026, 9, 12))

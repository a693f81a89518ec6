"""Windows: what is next permitted is permitted, minimal, and never wider than the law."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import Calendar, load_law
from schedules.errors import NoMomentError
from schedules.settings import DEFAULT_OFFICE_HOURS
from schedules.windows import WINDOWS, Span, Window, day_part, next_permitted, permitted

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
START = datetime(2024, 4, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 5 * 365 * 24 * 60 * 60).map(lambda seconds: START + timedelta(seconds=seconds))
CHANNELS = st.sampled_from(sorted(WINDOWS))


@given(MOMENTS, CHANNELS)
@settings(max_examples=80)
def test_the_next_permitted_moment_is_permitted_and_never_before(at: datetime, channel: str) -> None:
    found = next_permitted(at, WINDOWS[channel], CALENDAR)
    assert found >= at
    assert permitted(found, WINDOWS[channel], CALENDAR) is None


@given(MOMENTS, CHANNELS, st.integers(1, 3000))
@settings(max_examples=80)
def test_the_next_permitted_moment_is_minimal_to_the_minute(at: datetime, channel: str, before: int) -> None:
    at = at.replace(second=0, microsecond=0)
    found = next_permitted(at, WINDOWS[channel], CALENDAR)
    for earlier in (found - timedelta(minutes=1), found - timedelta(minutes=before)):
        if at <= earlier < found:
            assert permitted(earlier, WINDOWS[channel], CALENDAR) is not None


@given(MOMENTS, CHANNELS)
def test_no_window_is_wider_than_the_law(at: datetime, channel: str) -> None:
    wide = Window("wide", tuple((Span(part="day", opens=time(0), closes=time.max),) for _ in range(7)))
    if permitted(at, WINDOWS[channel], CALENDAR) is None or permitted(at, wide, CALENDAR) is None:
        local = CALENDAR.local(at)
        assert time(7) <= local.time() < time(20)
        assert CALENDAR.is_contact_day(local.date())


@pytest.mark.parametrize(
    ("channel", "at", "code"),
    [
        ("robocall", datetime(2026, 11, 24, 11, 59, tzinfo=UTC), "outside_window"),  # 12:59, lunch
        ("robocall", datetime(2026, 11, 24, 11, 0, tzinfo=UTC), "outside_window"),  # 12:00, half-open
        ("robocall", datetime(2026, 11, 24, 10, 59, tzinfo=UTC), None),
        ("robocall", datetime(2026, 11, 24, 16, 30, tzinfo=UTC), None),
        ("robocall", datetime(2026, 11, 27, 17, 0, tzinfo=UTC), "outside_window"),  # Friday evening
        ("sms", datetime(2026, 11, 24, 19, 0, tzinfo=UTC), "outside_legal_hours"),  # 20:00
        ("sms", datetime(2026, 11, 22, 10, 0, tzinfo=UTC), "sunday"),
        ("visit", datetime(2026, 11, 24, 8, 29, tzinfo=UTC), "outside_window"),
        ("visit", datetime(2026, 11, 24, 8, 30, tzinfo=UTC), None),
    ],
)
def test_channel_windows(channel: str, at: datetime, code: str | None) -> None:
    reason = permitted(at, WINDOWS[channel], CALENDAR)
    assert (reason.code if reason else None) == code


def test_narrowing_only_takes_away() -> None:
    evening = WINDOWS["robocall"].only_parts(["evening"]).only_weekdays([0, 1])
    assert next_permitted(CALENDAR.utc(date(2026, 11, 24), time(20)), evening, CALENDAR) == CALENDAR.utc(
        date(2026, 11, 30), time(17, 30)
    )
    office = WINDOWS["sms"].within(DEFAULT_OFFICE_HOURS)
    assert permitted(CALENDAR.utc(date(2026, 11, 24), time(18)), office, CALENDAR) is not None
    assert day_part(CALENDAR.utc(date(2026, 11, 24), time(10)), office, CALENDAR) == "morning"


def test_an_empty_window_has_no_moment() -> None:
    with pytest.raises(NoMomentError):
        next_permitted(CALENDAR.utc(date(2026, 11, 24)), WINDOWS["sms"].only_weekdays([]), CALENDAR)


def test_a_week_of_holidays_is_passed() -> None:
    christmas = CALENDAR.utc(date(2026, 12, 24), time(19))
    assert next_permitted(christmas, WINDOWS["letter"], CALENDAR) == CALENDAR.utc(date(2026, 12, 28), time(9))

"""The calendar: law.md's days and hours, working days, daylight saving."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.calendar import Calendar, load_law
from schedules.errors import LawError

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
DAYS = st.dates(date(2024, 4, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 1, 1), "public_holiday"),
        (date(2026, 4, 3), "public_holiday"),  # Good Friday, Algemene termijnenwet 3(2)
        (date(2026, 4, 6), "public_holiday"),
        (date(2026, 4, 27), "public_holiday"),
        (date(2025, 4, 26), "public_holiday"),  # King's Day on the 26th when the 27th is a Sunday
        (date(2026, 5, 5), "public_holiday"),  # every year, not only in lustrum years
        (date(2026, 5, 14), "public_holiday"),
        (date(2026, 5, 15), "equated_day"),
        (date(2026, 5, 25), "public_holiday"),
        (date(2026, 12, 26), "public_holiday"),
        (date(2028, 4, 28), "equated_day"),
        (date(2026, 11, 22), "sunday"),
    ],
)
def test_days_without_contact(day: date, code: str) -> None:
    reason = CALENDAR.why_not_day(day)
    assert reason is not None and reason.code == code
    assert not CALENDAR.is_contact_day(day)


def test_a_saturday_is_a_contact_day_and_no_working_day() -> None:
    saturday = date(2026, 11, 21)
    assert CALENDAR.is_contact_day(saturday)
    assert not CALENDAR.is_working_day(saturday)


def test_working_days_skip_weekend_and_holidays() -> None:
    assert CALENDAR.working_days_between(date(2026, 11, 20), date(2026, 11, 23)) == 1
    assert CALENDAR.add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert CALENDAR.add_working_days(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert CALENDAR.working_days_between(date(2026, 11, 23), date(2026, 11, 23)) == 0


def test_liberation_day_has_a_name_in_an_ordinary_year() -> None:
    assert CALENDAR.holiday_name(date(2027, 5, 5)) == "Bevrijdingsdag"
    assert CALENDAR.holiday_name(date(2027, 5, 4)) is None


def test_daylight_saving_moves_the_utc_moment() -> None:
    assert CALENDAR.utc(date(2026, 10, 24), time(9)) == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert CALENDAR.utc(date(2026, 10, 26), time(9)) == datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert CALENDAR.utc(date(2026, 3, 28), time(9)) == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert CALENDAR.utc(date(2026, 3, 30), time(9)) == datetime(2026, 3, 30, 7, tzinfo=UTC)


def test_a_late_utc_evening_is_the_next_dutch_day() -> None:
    assert CALENDAR.day_of(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_a_rule_binds_from_its_valid_day() -> None:
    text = """
law: proef
title: {nl: Proef, en: Trial}
rules:
  - {key: contact_hours, opens: "08:00", closes: "18:00", source: proef, valid_from: 2024-01-01}
  - {key: contact_hours, opens: "09:00", closes: "17:00", source: proef, valid_from: 2026-01-01}
"""
    trial = Calendar(load_law(text))
    assert trial.legal_hours(date(2025, 12, 31)) == (time(8), time(18))
    assert trial.legal_hours(date(2026, 1, 1)) == (time(9), time(17))
    assert trial.is_contact_day(date(2026, 11, 22))


@pytest.mark.parametrize(
    "text", ["", "law: x", "law: x\ntitle: {}\nrules: [{key: moon, source: x, valid_from: 2024-01-01}]"]
)
def test_a_broken_law_document_is_an_error(text: str) -> None:
    with pytest.raises(LawError):
        load_law(text)


@given(DAYS, st.integers(0, 40))
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    later = CALENDAR.add_working_days(day, count)
    assert CALENDAR.working_days_between(day, later) == count


@given(DAYS, st.times(min_value=time(4), max_value=time(23, 59)))
def test_local_and_utc_are_each_others_reverse(day: date, clock: time) -> None:
    at = CALENDAR.utc(day, clock)
    assert (CALENDAR.local(at).date(), CALENDAR.local(at).time()) == (day, clock)
    assert CALENDAR.day_of(at) == day

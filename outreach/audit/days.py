"""Dutch civil days, computed here a second time and on purpose without the engine's calendar or any package."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OPENS, CLOSES = time(7), time(20)
SUNDAY = 6
SATURDAY = 5
EQUATED = frozenset(
    {
        date(2025, 5, 30),
        date(2026, 1, 2),
        date(2026, 5, 15),
        date(2027, 5, 7),
        date(2028, 4, 28),
        date(2028, 5, 26),
    }
)
"""Days made equal to public holidays (Algemene termijnenwet 3(3), read by the NVI)."""


def local(at: datetime) -> datetime:
    """Return an aware moment in Dutch civil time."""
    return at.astimezone(AMSTERDAM)


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian algorithm (Meeus)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 19 * golden + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year, Good Friday included (Algemene termijnenwet article 3)."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (-2, 1, 39, 50)}
    king = date(year, 4, 27)
    kings_day = king - timedelta(days=1) if king.weekday() == SUNDAY else king
    return frozenset({date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)} | moving)


def is_holiday(day: date) -> bool:
    """Say whether a civil day is a public holiday or made equal to one."""
    return day in public_holidays(day.year) or day in EQUATED


def outside_hours(at: datetime) -> str | None:
    """Say why no contact is lawful at a moment: holiday, equated, sunday or hour; None when it is (Bki 4.2)."""
    moment = local(at)
    day = moment.date()
    if day in public_holidays(day.year):
        return "holiday"
    if day in EQUATED:
        return "equated"
    if day.weekday() == SUNDAY:
        return "sunday"
    return None if OPENS <= moment.time() < CLOSES else "hour"


def is_working_day(day: date) -> bool:
    """Say whether a civil day is Monday to Friday and no holiday."""
    return day.weekday() < SATURDAY and not is_holiday(day)


@lru_cache(maxsize=4096)
def working_days_since(first: date, last: date) -> int:
    """Count the working days after `first` up to and including `last`; Friday to Monday is 1."""
    days = (first + timedelta(days=count) for count in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)

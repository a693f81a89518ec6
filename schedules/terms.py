"""Terms of routes and trajectories: a number or gap filled by the landlord, and a day so many days or months later."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

from schedules.ladder import Gap, Number

Fills = Mapping[str, int | str]


def filled(value: Number | None, fills: Fills) -> int | None:
    """Return a number, or what the landlord fills its gap with; None when there is none or the gap is open."""
    if not isinstance(value, Gap):
        return value
    given = fills.get(value.name)
    return int(given) if given is not None else None


def filled_word(value: str | Gap, fills: Fills) -> str | None:
    """Return a word, or what the landlord fills its gap with, None when the gap is open."""
    if not isinstance(value, Gap):
        return value
    given = fills.get(value.name)
    return str(given) if given is not None else None


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many calendar months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def later(day: date, days: Number | None, months: Number | None, fills: Fills) -> date | None:
    """Return the day so many days or calendar months later, None when neither is known."""
    if (count := filled(months, fills)) is not None:
        return months_later(day, count)
    if (count := filled(days, fills)) is not None:
        return day + timedelta(days=count)
    return None

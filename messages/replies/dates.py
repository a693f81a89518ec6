"""Read the day in a reply, as a Dutch civil date; what is said without a year is the next such day."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from messages.replies.day_words import (
    AGO,
    COUNTS,
    DOTTED,
    DOTTED_SHORT,
    HOUR,
    MANY,
    NUMERIC,
    ONE_WEEK,
    ORDINAL_WORD,
    ORDINAL_WORDS,
    TWO,
    WEEKS,
    DayWords,
    day_words,
)
from messages.replies.numbers import number_word


def find_date(
    text: str, today: date, *, past: bool | None = False, ahead: bool = False, language: str = "nl"
) -> date | None:
    """Return the day that a plain reply names, or None.

    With `past` it is the latest such day up to today, with None the nearest one; with `ahead` a day before today does
    not count.
    """
    reader = day_words(language)
    text = HOUR.sub(" ", text)
    text = ORDINAL_WORD.sub(lambda match: f"de {ORDINAL_WORDS[match[1]]}e", text)
    for read in _READERS:
        found = read(reader, text, today, past)
        if found is not None and not (ahead and found < today):
            return found
    return None


def without_days(text: str, language: str) -> str:
    """Return a plain reply without the days that are written in digits: what is left may be an amount."""
    reader = day_words(language)
    for pattern in (DOTTED, NUMERIC, reader.day_month, reader.month_day, DOTTED_SHORT, reader.ordinal):
        text = pattern.sub(" ; ", text)
    return text


def _calendar_day(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    for pattern in (DOTTED, NUMERIC, reader.day_month, reader.month_day, DOTTED_SHORT):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            number = int(groups["month"]) if groups.get("month") else _named(match, "m")
            found = _with_year(int(match["day"]), number, groups.get("year"), today, past)
            if found is not None:
                return found
    return None


def _named(match: re.Match[str], sign: str) -> int:
    """Return the number in the name of the group that matched: `m3_nl` is 3."""
    for name, value in match.groupdict().items():
        if value is not None and name[0] == sign and name[1].isdigit():
            return int(name[1:].partition("_")[0])
    return 0


def _with_year(day: int, month: int, year: str | None, today: date, past: bool | None) -> date | None:
    if year is not None:
        return _valid(int(year) % 100 + 2000, month, day)
    years = (today.year, today.year - 1, today.year + 1)
    options = [found for found in (_valid(each, month, day) for each in years) if found is not None]
    if past is None:
        return min(options, key=lambda found: abs((found - today).days), default=None)
    return next((found for found in options if (found <= today if past else found >= today)), None)


def _ordinal_day(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    match = reader.ordinal.search(text)
    if match is None:
        return None
    day = int(match["a"] or match["b"] or match["c"])
    step = -1 if past else 1
    for offset in range(3):
        months = today.year * 12 + today.month - 1 + step * offset
        found = _valid(months // 12, months % 12 + 1, day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _relative(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    for pattern, days in reader.simple:
        if pattern.search(text):
            return today + timedelta(days=days)
    return None


def _after_some_days(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    for match in reader.after.finditer(text):
        groups = match.groupdict()
        said = (groups.get("n") or groups.get("k") or "").strip()
        count = int(said) if said.isdigit() else (1 if not said else COUNTS.get(said) or number_word(said))
        unit = next((name for name, value in groups.items() if value and name.startswith(("day_", "week_"))), "")
        if count is None or not unit or count > 99 or (not said and groups[unit] in MANY):
            continue
        words = groups[unit] or ""
        if words in TWO:
            count = 2
        return today + timedelta(days=count * (7 if unit.startswith("week") else 1))
    return None


def _days_ago(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    match = AGO.search(text)
    if match is None:
        return None
    groups = match.groupdict()
    said = next((groups[name] for name in ("n", "k", "ar") if groups[name]), "")
    count = int(said) if said.isdigit() else COUNTS.get(said) or number_word(said)
    if groups["one"]:
        count = 1
    if groups["two"]:
        count = 2
    if count is None and groups["unit"] in ONE_WEEK:
        count = 1
    if not count or count > 60:
        return None
    week = next((groups[name] for name in ("unit", "kunit", "arunit", "two", "one") if groups[name]), "")
    return today - timedelta(days=count * (7 if week.startswith(WEEKS) else 1))


def _part_of_month(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    if reader.end_next.search(text):
        return _last_day(*_month_after(today))
    if reader.end.search(text):
        return _last_day(today.year, today.month)
    for match in reader.end_of.finditer(text):
        if match["before"] or match["after"]:
            month = _named(match, "m")
            return _last_day(today.year + (month < today.month), month)
    if not reader.first.search(text):
        return None
    return today.replace(day=1) if past else date(*_month_after(today), 1)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _weekday(reader: DayWords, text: str, today: date, past: bool | None) -> date | None:
    if reader.after_weekend.search(text):
        return today + timedelta(days=7 - today.weekday())
    match = reader.weekday.search(text)
    if match is None:
        return None
    wanted = _named(match, "d")
    around = text[max(0, match.start() - 24) : match.end() + 24]
    if reader.next_week.search(around):
        return today + timedelta(days=7 - today.weekday() + wanted)
    if past or reader.last.search(around):
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _month_after(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _valid(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


_READERS: tuple[Callable[[DayWords, str, date, bool | None], date | None], ...] = (
    _calendar_day,
    _part_of_month,
    _ordinal_day,
    _days_ago,
    _after_some_days,
    _relative,
    _weekday,
)

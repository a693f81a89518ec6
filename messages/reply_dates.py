"""Read the day in a reply, as a Dutch civil date; what is said without a year is the next such day."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

_MONTHS = {
    "jan": 1,
    "feb": 2,
    "maart": 3,
    "mrt": 3,
    "mar": 3,
    "apr": 4,
    "mei": 5,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "okt": 10,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTH = (
    r"(?P<month>jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|mrt|march|mar|apr(?:il)?|mei|may|juni|june|jun|juli|july|jul"
    r"|aug(?:ustus|ust)?|sept?(?:ember)?|okt(?:ober)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?: (?P<year>20\d\d))?"
_WEEKDAYS = (
    ("maandag", "monday", "ma"),
    ("dinsdag", "tuesday", "di"),
    ("woensdag", "wednesday", "wo"),
    ("donderdag", "thursday", "do"),
    ("vrijdag", "friday", "vr"),
    ("zaterdag", "saturday", "za"),
    ("zondag", "sunday", "zo"),
)
_DAY_NAMES = {name: index for index, names in enumerate(_WEEKDAYS) for name in names[:2]}
_COUNTS = {
    "een": 1,
    "one": 1,
    "a": 1,
    "twee": 2,
    "two": 2,
    "drie": 3,
    "three": 3,
    "vier": 4,
    "four": 4,
    "paar": 2,
    "vijf": 5,
    "five": 5,
}

_NUMERIC = re.compile(r"(?<![\d.,/-])(?P<day>\d{1,2})[-/](?P<month>\d{1,2})(?:[-/](?P<year>(?:20)?\d\d))?(?![\d/-])")
_DOTTED = re.compile(r"(?<![\d.,])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:20)?\d\d)(?!\d)")
_DAY_MONTH = re.compile(rf"\b(?P<day>\d{{1,2}})(?:e|ste|de|th|st|nd|rd)?(?: of)? {_MONTH}{_YEAR}")
_MONTH_DAY = re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:th|st|nd|rd)?\b(?!\d){_YEAR}")
_ORDINAL = re.compile(
    r"\b(?:(?P<a>\d{1,2})(?:e|ste|de|th|st|nd|rd)\b|(?:op de|vanaf de|on the|rond de) (?P<b>\d{1,2})\b)"
)
_IN = re.compile(r"\b(?:over|in|binnen) (?:een )?(?P<n>\d{1,2}|[a-z]+) (?P<unit>dag|dagen|day|days|week|weken|weeks)\b")
_END = re.compile(
    r"\b(?:eind|einde|end|laatste dag|laatst)(?: van)?(?: of)?(?: de| the| deze| this)?(?P<next> volgende| next)?"
    r" (?:maand|month)\b"
)
_NEXT_MONTH = re.compile(r"\b(?:volgende|next|nieuwe) (?:maand|month)\b|\b(?:1e|eerste) van de maand\b")
_WEEKDAY = re.compile(
    r"\b(?P<next>volgende week |next week )?(?:op |on |aanstaande |aankomende |a\.s\. |komende |this |next )?"
    rf"(?P<name>{'|'.join(_DAY_NAMES)})(?:avond|middag|ochtend)?(?P<after> volgende week| next week)?\b"
)


def find_date(text: str, today: date, *, past: bool = False) -> date | None:
    """Return the day that a plain reply names, or None; with `past` the latest such day up to today."""
    for reader in _READERS:
        found = reader(text, today, past)
        if found is not None:
            return found
    return None


def _calendar_day(text: str, today: date, past: bool) -> date | None:
    for pattern in (_NUMERIC, _DOTTED, _DAY_MONTH, _MONTH_DAY):
        if match := pattern.search(text):
            month = match["month"]
            number = int(month) if month.isdigit() else _month_number(month)
            return _with_year(int(match["day"]), number, match["year"], today, past)
    return None


def _with_year(day: int, month: int, year: str | None, today: date, past: bool) -> date | None:
    if year is not None:
        return _valid(int(year) % 100 + 2000, month, day)
    years = (today.year, today.year - 1) if past else (today.year, today.year + 1)
    options = [found for found in (_valid(each, month, day) for each in years) if found is not None]
    return next((found for found in options if (found <= today if past else found >= today)), None)


def _ordinal_day(text: str, today: date, past: bool) -> date | None:
    match = _ORDINAL.search(text)
    if match is None:
        return None
    day = int(match["a"] or match["b"])
    step = -1 if past else 1
    for offset in range(3):
        months = today.year * 12 + today.month - 1 + step * offset
        found = _valid(months // 12, months % 12 + 1, day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _relative(text: str, today: date, past: bool) -> date | None:
    for pattern, days in (
        (r"\b(?:overmorgen|day after tomorrow)\b", 2),
        (r"\beergisteren\b", -2),
        (r"\b(?:gisteren|gisteravond|yesterday)\b", -1),
        (r"\b(?:vandaag|vanavond|vanmiddag|nu meteen|today|tonight)\b", 0),
        (r"(?<!goede )\bmorgen(?:avond|middag|ochtend|vroeg)?\b|\btomorrow\b", 1),
    ):
        if re.search(pattern, text):
            return today + timedelta(days=days)
    return None


def _after_some_days(text: str, today: date, past: bool) -> date | None:
    match = _IN.search(text)
    count = None if match is None else (int(match["n"]) if match["n"].isdigit() else _COUNTS.get(match["n"]))
    if match is None:
        single = re.search(r"\b(?:over|in) (?:een|a|1) week\b", text)
        return today + timedelta(days=7) if single else None
    if count is None:
        return None
    return today + timedelta(days=count * (1 if match["unit"].startswith(("dag", "day")) else 7))


def _part_of_month(text: str, today: date, past: bool) -> date | None:
    if match := _END.search(text):
        year, month = _month_after(today) if match["next"] else (today.year, today.month)
        return date(year, month, monthrange(year, month)[1])
    return date(*_month_after(today), 1) if _NEXT_MONTH.search(text) else None


def _weekday(text: str, today: date, past: bool) -> date | None:
    if re.search(r"\bna het weekend\b|\bafter the weekend\b", text):
        return today + timedelta(days=7 - today.weekday())
    match = _WEEKDAY.search(text)
    if match is None:
        single = re.search(r"\b(?:volgende week|next week)\b", text)
        return today + timedelta(days=7 - today.weekday()) if single else None
    wanted = _DAY_NAMES[match["name"]]
    if match["next"] or match["after"]:
        return today + timedelta(days=7 - today.weekday() + wanted)
    if past:
        return today - timedelta(days=(today.weekday() - wanted) % 7)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _month_number(name: str) -> int:
    return next(number for short, number in _MONTHS.items() if name.startswith(short))


def _month_after(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _valid(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


_READERS: tuple[Callable[[str, date, bool], date | None], ...] = (
    _calendar_day,
    _part_of_month,
    _ordinal_day,
    _after_some_days,
    _relative,
    _weekday,
)

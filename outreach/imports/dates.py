"""Read dates as Dutch and other systems write them; the order is decided per file, 03-04-2026 is read Dutch."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

DateOrder = Literal["dmy", "mdy", ""]
"""The order of day and month in a file; empty when its values do not tell."""

EXCEL_EPOCH = date(1899, 12, 30)
_TIME = re.compile(r"[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?$")
_PARTS = re.compile(r"(\d{1,4})[-/. ]+(\d{1,2}|[a-z]{3,9})\.?[-/. ]+(\d{1,4})")
_COMPACT = re.compile(r"(?:19|20)\d{6}")
_SERIAL = re.compile(r"[1-7]\d{4}(?:[.,]\d+)?")
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](?:\d{4}|\d{2})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mrt maa maart mar march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "okt oct oktober october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}


class DateError(ValueError):
    """The text is no date; the code says why: date or date_range."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decide_order(values: Iterable[str]) -> DateOrder:
    """Decide the order of a column: mdy only when some values prove it and none proves dmy."""
    day_first = month_first = 0
    for value in values:
        found = _NUMERIC.match(value.strip())
        if found:
            day_first += int(found[1]) > 12
            month_first += int(found[2]) > 12
    if day_first:
        return "dmy"
    return "mdy" if month_first else ""


def is_ambiguous(value: str) -> bool:
    """Tell whether day and month could change places."""
    found = _NUMERIC.match(value.strip())
    return bool(found) and found is not None and int(found[1]) <= 12 and int(found[2]) <= 12 and found[1] != found[2]


def parse_date(value: str, order: DateOrder = "", *, serial: bool = False, last_year: int = 2100) -> date:
    """Read a date; two-digit years end before `last_year`; `serial` accepts Excel's day numbers.

    Raises DateError.
    """
    text = _TIME.sub("", value.strip().lower())
    if serial and _SERIAL.fullmatch(text):
        return EXCEL_EPOCH + timedelta(days=int(text[:5]))
    if _COMPACT.fullmatch(text):
        return _make(int(text[:4]), int(text[4:6]), int(text[6:]), last_year)
    found = _PARTS.fullmatch(text)
    if not found:
        raise DateError("date")
    first, middle, last = found.groups()
    month = int(middle) if middle.isdigit() else _MONTHS.get(middle, 0)
    if len(first) == 4:
        return _make(int(first), month, int(last), last_year)
    if len(first) == 3 or len(last) in {1, 3}:
        raise DateError("date")
    year = int(last) if len(last) == 4 else _century(int(last), last_year)
    if order == "mdy" and middle.isdigit():
        return _make(year, int(first), month, last_year)
    return _make(year, month, int(first), last_year)


def _century(short: int, last_year: int) -> int:
    year = last_year // 100 * 100 + short
    return year if year <= last_year else year - 100


def _make(year: int, month: int, day: int, last_year: int) -> date:
    try:
        made = date(year, month, day)
    except ValueError as error:
        raise DateError("date") from error
    if not 1900 <= year <= last_year:
        raise DateError("date_range")
    return made

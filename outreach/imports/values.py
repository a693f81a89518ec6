"""Read cells with a memory for values that come often: dates, amounts, kinds, postcodes."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from outreach.imports.amounts import AmountError, Decimal, parse_amount
from outreach.imports.dates import DateError, DateOrder, parse_date

REMEMBERED = 50_000
_POSTCODE = re.compile(r"([1-9]\d{3})\s*([A-Za-z]{2})")
_KINDS = {
    "rent": "huur kalehuur nettohuur brutohuur maandhuur prolongatie rent",
    "service": "servicekosten service stookkosten voorschot energie water afrekening",
    "costs": "kosten incassokosten rente deurwaarderskosten aanmaningskosten boete",
    "repair": "reparatie mutatie schade onderhoud",
    "credit": "credit tegoed creditnota vooruitbetaling",
}
KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}


class Read(NamedTuple):
    """A value that was read, or the code of what is wrong (then `value` counts for nothing)."""

    value: int
    code: str


class DayRead(NamedTuple):
    """A date as ISO text, or the code of what is wrong."""

    value: str
    code: str


def amount_reader(decimal: Decimal) -> Callable[[str], Read]:
    """Give a reader of amounts in cents that remembers."""
    seen: dict[str, Read] = {}

    def read(raw: str) -> Read:
        found = seen.get(raw)
        if found is None:
            found = _amount(raw, decimal)
            if len(seen) < REMEMBERED:
                seen[raw] = found
        return found

    return read


def _amount(raw: str, decimal: Decimal) -> Read:
    if not raw.strip():
        return Read(0, "missing")
    try:
        return Read(parse_amount(raw[:64], decimal), "")
    except AmountError as error:
        return Read(0, error.code)


def date_reader(order: DateOrder, *, serial: bool, last_year: int = 2100) -> Callable[[str], DayRead]:
    """Give a reader of dates, as ISO text, that remembers."""
    seen: dict[str, DayRead] = {}

    def read(raw: str) -> DayRead:
        found = seen.get(raw)
        if found is None:
            found = _date(raw, order, serial, last_year)
            if len(seen) < REMEMBERED:
                seen[raw] = found
        return found

    return read


def _date(raw: str, order: DateOrder, serial: bool, last_year: int) -> DayRead:
    if not raw.strip():
        return DayRead("", "missing")
    try:
        return DayRead(parse_date(raw[:64], order, serial=serial, last_year=last_year).isoformat(), "")
    except DateError as error:
        return DayRead("", error.code)


@lru_cache(maxsize=65_536)
def read_postcode(raw: str) -> str:
    """Give a postcode as 1234AB, or nothing."""
    found = _POSTCODE.fullmatch(raw.strip())
    return f"{found[1]}{found[2].upper()}" if found else ""


def read_kind(raw: str) -> str:
    """Give the kind of an item: rent, service, costs, repair, credit or other."""
    text = raw.strip().casefold()
    if not text:
        return "rent"
    return KIND_OF.get(text) or next(
        (KIND_OF[word] for word in re.findall(r"[a-z]+", text) if word in KIND_OF), "other"
    )


def column(rows: Iterable[tuple[int, list[str]]], at: int) -> list[str]:
    """Give the filled cells of one column."""
    return [cells[at] for _, cells in rows if at < len(cells) and cells[at].strip()]

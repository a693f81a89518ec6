"""Values of a plan, a promise or a call-back for a message: kept as facts, written in the language of the text.

A message keeps them from the moment that it is planned. Which language its text has is known when it goes: a text in
another language that nobody has approved gives way to the Dutch one.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from messages.formats import dated, euro, spoken_date
from messages.languages import base_language

Fact = int | str
"""Integer cents, an ISO day, an ISO moment in Dutch civil time, days with cents, or words as they stand.

Days with cents are written as a list: `2026-12-26=5000;2027-01-26=2500`. A day that ends with `+` is written with its
year: for a day of another year than the one beside it.
"""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_YEAR = re.compile(r"\d{4}-\d{2}-\d{2}\+")
_DATES = re.compile(r"\d{4}-\d{2}-\d{2}=\d+(?:;\d{4}-\d{2}-\d{2}=\d+)*")
_FROM: Mapping[str, str] = {
    "nl": "{} vanaf {} uur",
    "en": "{} from {}",
    "tr": "{}, saat {} sonrası",
    "ar": "{} من الساعة {}",
    "pl": "{}, od {}",
    "uk": "{}, з {}",
}


def moment_fact(local: datetime) -> str:
    """Give a moment in Dutch civil time as a fact that a message keeps."""
    return local.strftime("%Y-%m-%dT%H:%M")


def written(values: Mapping[str, Fact], language: str) -> dict[str, str]:
    """Write facts for a text in a language: money, days, moments; words and counts stay. Raises ValueError."""
    return {name: _written(fact, language) for name, fact in values.items()}


def _written(fact: Fact, language: str) -> str:
    if isinstance(fact, int):
        return euro(fact, language)
    if _DAY.fullmatch(fact):
        return spoken_date(date.fromisoformat(fact), language)
    if _MOMENT.fullmatch(fact):
        at = datetime.fromisoformat(fact)
        return _FROM[base_language(language)].format(spoken_date(at.date(), language), at.strftime("%H:%M"))
    if _YEAR.fullmatch(fact):
        return dated(date.fromisoformat(fact[:-1]), language)
    if _DATES.fullmatch(fact):
        return "\n".join(_day_with_cents(each, language) for each in fact.split(";"))
    return fact


def _day_with_cents(day_with_cents: str, language: str) -> str:
    day, _, cents = day_with_cents.partition("=")
    return f"- {dated(date.fromisoformat(day), language)}: {euro(int(cents), language)}"


def last_day_fact(day: date, beside: date) -> str:
    """Give a day as a fact, with its year when that is another one than that of the day beside it."""
    return day.isoformat() if day.year == beside.year else f"{day.isoformat()}+"


def dates_fact(dated: Iterable[tuple[date, int]]) -> str:
    """Give days with their cents as a fact that a message keeps."""
    return ";".join(f"{day.isoformat()}={cents}" for day, cents in dated)

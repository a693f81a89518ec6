"""The figures of a simulation as rows that people read: value, interval, difference, and whether it is a difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from schedules.simulation.measures import MEASURES

Estimate = Mapping[str, float | None]
WORDS = {
    "nl": {"days": "dagen", "hours": "uur", "to": "tot", "talk": "Dagen tot het eerste gesprek"},
    "en": {"days": "days", "hours": "hours", "to": "to", "talk": "Days to the first talk"},
}
QUANTILES = (("median", {"nl": "de helft", "en": "half"}), ("p90", {"nl": "9 van de 10", "en": "9 in 10"}))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measure in words. `interval` is empty where there is none; `clear`: the difference is more than chance."""

    key: str
    title: str
    value: str
    interval: str
    against: str = ""
    against_interval: str = ""
    difference: str = ""
    difference_interval: str = ""
    clear: bool = False


def rows(found: Mapping[str, Any], language: str = "nl") -> tuple[Row, ...]:
    """Return the measures of a result, the second ladder and the difference beside it when there are."""
    listed = [
        _row(found, "measures", each.key, each.unit, each.nl if language == "nl" else each.en, language)
        for each in MEASURES
    ]
    for name, words in QUANTILES:
        title = f"{WORDS[language]['talk']} ({words[language]})"
        listed.insert(4, _row(found, "first_talk_days", name, "days", title, language))
    return tuple(listed)


def _row(found: Mapping[str, Any], part: str, key: str, unit: str, title: str, language: str) -> Row:
    first = found["first"][part][key]
    values = {"key": key, "title": title, "value": number(first["value"], unit, language)}
    values["interval"] = interval(first, unit, language)
    if found["against"] is None:
        return Row(**values)
    other, difference = found["against"][part][key], found["difference"][part][key]
    return Row(
        **values,
        against=number(other["value"], unit, language),
        against_interval=interval(other, unit, language),
        difference=number(difference["value"], unit, language, signed=True),
        difference_interval=interval(difference, unit, language, signed=True),
        clear=_is_clear(difference),
    )


def _is_clear(difference: Estimate) -> bool:
    low, high = difference["low"], difference["high"]
    return low is not None and high is not None and (low > 0 or high < 0)


def number(value: float | None, unit: str, language: str, *, signed: bool = False) -> str:
    """Write a value: counts whole, shares as a percentage, cents as whole euros, days and hours with their word."""
    if value is None:
        return "–"
    sign = "+" if signed and value > 0 else ""
    match unit:
        case "share":
            return f"{sign}{_decimal(value * 100, '#,##0.0', language)}%"
        case "cents":
            return f"{sign}€ {_decimal(value / 100, '#,##0', language)}"
        case "each":
            return f"{sign}{_decimal(value, '#,##0.0', language)}"
        case "hours":
            return f"{sign}{_decimal(value, '#,##0', language)} {WORDS[language]['hours']}"
        case "days":
            return f"{sign}{_decimal(value, '#,##0', language)} {WORDS[language]['days']}"
    return f"{sign}{_decimal(value, '#,##0', language)}"


def interval(estimate: Estimate, unit: str, language: str, *, signed: bool = False) -> str:
    """Write an interval, empty when there is none."""
    if estimate["low"] is None or estimate["high"] is None:
        return ""
    low = number(estimate["low"], unit, language, signed=signed)
    return f"{low} {WORDS[language]['to']} {number(estimate['high'], unit, language, signed=signed)}"


def _decimal(value: float, form: str, language: str) -> str:
    written = format_decimal(value, format=form, locale=language)
    return "0" if written in ("-0", "-0,0", "-0.0") else written

"""The figures of a simulation as rows that people read: value, interval, difference, and whether it is a difference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from babel.numbers import format_decimal

from schedules.simulation.measures import GROUPS, MEASURES, Measure

Estimate = Mapping[str, float | None]
WORDS = {
    "nl": {"days": "dagen", "hours": "uur", "to": "tot", "talk": "Dagen tot het eerste gesprek"},
    "en": {"days": "days", "hours": "hours", "to": "to", "talk": "Days to the first talk"},
}
GROUP_TITLES: Mapping[str, Mapping[str, str]] = {
    "reach": {"nl": "Wie wordt bereikt", "en": "Who is reached"},
    "money": {"nl": "Achterstand en regelingen", "en": "Arrears and plans"},
    "help": {"nl": "Hulp en meldingen", "en": "Help and referrals"},
    "court": {"nl": "Naar de rechter", "en": "To court"},
    "work": {"nl": "Werk van uw mensen", "en": "Work of your people"},
    "cost": {"nl": "Kosten", "en": "Cost"},
}
FORMS: Mapping[str, tuple[float, str, str, str]] = {
    "count": (1, "#,##0", "", ""),
    "days": (1, "#,##0", "", ""),
    "hours": (1, "#,##0", "", ""),
    "each": (1, "#,##0.0", "", ""),
    "share": (100, "#,##0.0", "", "%"),
    "cents": (0.01, "#,##0", "€ ", ""),
}
"""Per unit: the factor, the pattern, and what stands before and after."""

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
    return tuple(row for _, listed in grouped(found, language) for row in listed)


def grouped(found: Mapping[str, Any], language: str = "nl") -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """Return the measures under the headings of the measures' own groups; the days to a talk stand under reach."""
    known = {each.key: each for each in MEASURES}
    return tuple(
        (GROUP_TITLES[group][language], _of_group(found, group, keys, known, language))
        for group, keys in GROUPS.items()
    )


def _of_group(
    found: Mapping[str, Any], group: str, keys: tuple[str, ...], known: Mapping[str, Measure], language: str
) -> tuple[Row, ...]:
    listed = [
        _row(found, "measures", key, known[key].unit, known[key].nl if language == "nl" else known[key].en, language)
        for key in keys
    ]
    if group == "reach":
        listed += [
            _row(found, "first_talk_days", name, "days", f"{WORDS[language]['talk']} ({words[language]})", language)
            for name, words in QUANTILES
        ]
    return tuple(listed)


def _row(found: Mapping[str, Any], part: str, key: str, unit: str, title: str, language: str) -> Row:
    first = found["first"][part][key]
    alone = Row(
        key=key,
        title=title,
        value=number(first["value"], unit, language),
        interval=interval(first, unit, language),
    )
    if found["against"] is None:
        return alone
    other, difference = found["against"][part][key], found["difference"][part][key]
    return replace(
        alone,
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
    word = WORDS[language].get(unit)
    return f"{_plain(value, unit, language, signed)} {word}" if word else _plain(value, unit, language, signed)


def interval(estimate: Estimate, unit: str, language: str, *, signed: bool = False) -> str:
    """Write an interval, the word of its unit once; empty when there is none."""
    if estimate["low"] is None or estimate["high"] is None:
        return ""
    low = _plain(estimate["low"], unit, language, signed)
    return f"{low} {WORDS[language]['to']} {number(estimate['high'], unit, language, signed=signed)}"


def _plain(value: float, unit: str, language: str, signed: bool) -> str:
    """Write a value without the word of its unit; the sign stands in front of everything."""
    scale, form, before, after = FORMS.get(unit, FORMS["count"])
    written = format_decimal(abs(value) * scale, format=form, locale=language)
    is_nothing = not any(sign in "123456789" for sign in written)
    sign = "" if is_nothing else "-" if value < 0 else "+" if signed else ""
    return f"{sign}{before}{written}{after}"

"""Numbers, money, days and phone numbers in words, so that a robocall speaks no digit.

The words come from num2words, which stands behind this module alone; endings and units are in words/spoken.yaml.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import get_month_names
from num2words import num2words

from messages.formats import spoken_date
from messages.languages import base_language, text_language
from messages.wordlists import read_words

AMOUNTS = frozenset({"amount", "month_amount", "last_amount", "costs", "total_with_costs"})
PHONES = frozenset({"contact_phone", "debt_help_phone"})
CODES = frozenset({"reference", "iban"})
_LONGEST_NUMBER = 4
_DIGITS = re.compile(r"\d+")
_GROUPS = re.compile(r"\+|\d+")
_SIGNS = re.compile(r"\d|[^\W\d_]")
_CLOCK = r"\b(\d{1,2}):(\d{2})\b"
_WRITTEN_AMOUNT = re.compile(r"-?(?:€ ?\d[\d., ]{0,20}[.,]\d{2}\b|\b\d[\d., ]{0,20}[.,]\d{2} ?(?:€|يورو))")
_PHONE = re.compile(r"(?<![\w+])(?:\+\d{2}|0)[\d \-]{5,14}\d\b")


@dataclass(frozen=True, kw_only=True)
class Inflection:
    """Which number word is used and which endings change: in the `last` word, or in `every` one."""

    number: str
    where: str = "last"
    endings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Speech:
    """What one language needs beside the number words; `again` are the words that offer to repeat."""

    code: str
    locale: Locale
    units: Mapping[str, Mapping[str, str]]
    joined_by: str
    minus: str
    plus: str
    date: str
    day: Inflection
    time: str
    hour: Inflection
    after_time: str
    parts: re.Pattern[str] | None
    prefix: str
    again: tuple[str, ...]


@lru_cache(maxsize=16)
def speech(language: str) -> Speech:
    """Return what is known of speaking numbers in a language; raise ValueError for an unknown one."""
    base = base_language(language)
    raw = read_words("spoken.yaml")[base]
    return Speech(
        code=base,
        locale=Locale.parse(text_language(base).locale),
        units={"euro": raw["euro"], "cent": raw["cent"]},
        joined_by=raw["and"],
        minus=raw["minus"],
        plus=raw["plus"],
        date=raw["date"],
        day=_inflection(raw["day"]),
        time=raw["time"],
        hour=_inflection(raw["hour"]),
        after_time=raw.get("after_time", ""),
        parts=re.compile("|".join(raw["parts"])) if "parts" in raw else None,
        prefix=raw.get("joins", ""),
        again=tuple(raw["again"]),
    )


def _inflection(raw: Mapping[str, Any]) -> Inflection:
    endings = tuple((old, new) for old, new in raw.get("endings", ()))
    return Inflection(number=raw["number"], where=raw.get("in", "last"), endings=endings)


def spoken_number(number: int, language: str = "nl") -> str:
    """Say a whole number from 0: `vierentwintig`."""
    return _number(number, speech(language), "cardinal")


def spoken_money(cents: int, language: str = "nl") -> str:
    """Say an amount in integer cents: `zeshonderdvijftig euro en twaalf cent`; without cents, only the euros."""
    words = speech(language)
    euros, rest = divmod(abs(cents), 100)
    parts = [_counted(euros, "euro", words)] if euros or not rest else []
    if rest:
        parts.append(_counted(rest, "cent", words))
    glue = f" {words.joined_by}" if words.prefix else f" {words.joined_by} " if words.joined_by else " "
    return (f"{words.minus} " if cents < 0 else "") + glue.join(parts)


def spoken_phone(number: str, language: str = "nl") -> str:
    """Say a phone number digit by digit, in the groups in which it is written."""
    words = speech(language)
    groups = [words.plus if group == "+" else _digit_by_digit(group, words) for group in _GROUPS.findall(number)]
    return ", ".join(groups).replace(f"{words.plus}, ", f"{words.plus} ")


def spoken_time(hour: int, minute: int, language: str = "nl") -> str:
    """Say a time of the day on the clock of 24 hours: `vijftien uur dertig`."""
    words = speech(language)
    rest = _number(minute, words, "cardinal") if minute else ""
    return " ".join(words.time.format(hour=_inflected(hour, words, words.hour), minute=rest).split())


def spoken_day(day: date, language: str = "nl") -> str:
    """Say a Dutch civil date: `dinsdag vierentwintig november`, `Tuesday the twenty-fourth of November`."""
    return _days_in_words(spoken_date(day, language), speech(language))


def for_robocall(values: Mapping[str, object], language: str) -> dict[str, str]:
    """Return the values of a text as they are spoken: no digit is left. A value that is None is left out.

    Amounts, phone numbers and days are the written ones (as messages.formats writes them), or a date, or a number.
    """
    words = speech(language)
    return {name: _value(name, value, words) for name, value in values.items() if value is not None}


@lru_cache(maxsize=16)
def number_words(language: str) -> frozenset[str]:
    """Return the words of numbers below 100,000, of days and of hours, in small letters: no text check judges them."""
    words = speech(language)
    said = [_number(number, words, "cardinal") for number in range(1000)]
    said += [_number(number * 1000, words, "cardinal") for number in range(1, 100)]
    said += [_inflected(day, words, words.day) for day in range(1, 32)]
    said += [_inflected(hour, words, words.hour) for hour in range(24)]
    return frozenset(word.lower() for each in said for word in each.split())


def in_words(text: str, language: str = "nl") -> str:
    """Say every number in a text: amounts, times, days, phone numbers, and what is left."""
    return _all_in_words(text, speech(language))


def _value(name: str, value: object, words: Speech) -> str:
    if isinstance(value, date):
        return spoken_day(value, words.code)
    if isinstance(value, int):
        return _number(value, words, "cardinal")
    text = str(value)
    if not _DIGITS.search(text):
        return text
    if name in AMOUNTS:
        return _amount(text, words)
    if name in PHONES:
        return spoken_phone(text, words.code)
    return _spelled(text, words) if name in CODES else _all_in_words(text, words)


def _all_in_words(text: str, words: Speech) -> str:
    text = _WRITTEN_AMOUNT.sub(lambda match: _amount(match.group(), words), text)
    text = _clock(words).sub(lambda match: spoken_time(int(match[1]), int(match[2]), words.code), text)
    text = _PHONE.sub(lambda match: spoken_phone(match.group(), words.code), text)
    text = _DIGITS.sub(lambda match: f" {_run(match.group(), words)} ", _days_in_words(text, words))
    return " ".join(text.split())


def _amount(text: str, words: Speech) -> str:
    """Say a written amount: all have two decimals."""
    cents = int("".join(_DIGITS.findall(text)))
    return spoken_money(-cents if text.startswith("-") else cents, words.code)


def _days_in_words(text: str, words: Speech) -> str:
    """Say the days in a text; a day of the week in brackets stands behind a comma."""
    spoken = _dates(words).sub(
        lambda match: words.date.format(day=_inflected(int(match[1]), words, words.day), month=match[2]), text
    )
    return re.sub(r" \(([^\W\d_ -]+)\)", r", \1", spoken) if spoken != text else text


def _run(digits: str, words: Speech) -> str:
    if len(digits) > _LONGEST_NUMBER or digits.startswith("0"):
        return _digit_by_digit(digits, words)
    return _number(int(digits), words, "cardinal")


def _digit_by_digit(digits: str, words: Speech) -> str:
    return " ".join(_number(int(digit), words, "cardinal") for digit in digits)


def _spelled(text: str, words: Speech) -> str:
    signs = _SIGNS.findall(text)
    return " ".join(_number(int(sign), words, "cardinal") if sign.isdigit() else sign for sign in signs)


def _counted(number: int, unit: str, words: Speech) -> str:
    forms = words.units[unit]
    return f"{_number(number, words, 'cardinal')} {forms.get(words.locale.plural_form(number), forms['other'])}"


def _inflected(number: int, words: Speech, how: Inflection) -> str:
    parts = _number(number, words, how.number if number else "cardinal").split()
    first = 0 if how.where == "every" else len(parts) - 1
    return " ".join([*parts[:first], *(_ending(part, how.endings) for part in parts[first:])])


def _ending(word: str, endings: Sequence[tuple[str, str]]) -> str:
    for old, new in endings:
        if word.endswith(old):
            return word.removesuffix(old) + new
    return word


@lru_cache(maxsize=4096)
def _said(number: int, code: str, kind: str) -> str:
    return str(num2words(number, lang=code, to=kind))


def _number(number: int, words: Speech, kind: str) -> str:
    said = _said(number, words.code, kind).replace(",", "")
    if words.parts:
        said = " ".join(words.parts.findall(said))
    return said.replace(f" {words.prefix} ", f" {words.prefix}") if words.prefix else said


@lru_cache(maxsize=16)
def _clock_of(after_time: str) -> re.Pattern[str]:
    return re.compile(_CLOCK + (rf"(?: {after_time}\b)?" if after_time else ""))


def _clock(words: Speech) -> re.Pattern[str]:
    return _clock_of(words.after_time)


@lru_cache(maxsize=16)
def _dates_of(code: str) -> re.Pattern[str]:
    months = get_month_names("wide", locale=Locale.parse(text_language(code).locale)).values()
    return re.compile(rf"\b(\d{{1,2}}) ({'|'.join(sorted(months, key=len, reverse=True))})")


def _dates(words: Speech) -> re.Pattern[str]:
    return _dates_of(words.code)

"""The words for days, compiled per language: weekdays, months, relative days, and days in digits."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from messages.replies.numbers import COUNTED
from messages.wordlists import read_words

WORDS: Any = read_words("replies/days.yaml")
_COMMON: Any = WORDS.pop("common")
_ALWAYS = ("nl", "en")
_YEAR = r"(?:[ ,]+(?P<year>20\d\d))?"
_DAY = r"(?:[12]?\d|3[01])"
_MONEY = "|".join(("€", "per", "p/", "a (?:week|month)", "elke", "iedere", *_COMMON["money"]))
_NO_DAY = (
    rf"(?![\d\w:%]|[.,-]\d| ?(?:{_MONEY}|{COUNTED})|'?a kadar| [^\W\d]+ (?:euro|eur|€)| (?:en|and|a|і|и|و|of|or) \d)"
)
_MONTH_NUMBER = r"(?P<month>0[1-9]|1[0-2])"

NUMERIC = re.compile(r"(?<![\d.,/-])(?P<day>\d{1,2})[-/](?P<month>\d{1,2})(?:[-/](?P<year>(?:20)?\d\d))?(?![\d/-])")
DOTTED = re.compile(r"(?<![\d.,])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:20)?\d\d)(?!\d)")
DOTTED_SHORT = re.compile(rf"(?<![\d.,€])(?<!€ )(?P<day>\d{{1,2}})\.{_MONTH_NUMBER}(?![\d.]|,\d| ?(?:{_MONEY}|pm))")
AGO = re.compile(rf"(?<!\w)(?:{'|'.join(_COMMON['ago'])})(?!\w)")
HOUR = re.compile("|".join(_COMMON["hour"]))
ORDINAL_WORDS: dict[str, int] = _COMMON["ordinals"]
ORDINAL_WORD = re.compile(rf"\bde ({'|'.join(ORDINAL_WORDS)})(?={'|'.join(_COMMON['after_ordinal'])})")
COUNTS: dict[str, int] = _COMMON["counts"]
ONE_WEEK = frozenset(_COMMON["one_week"])
WEEKS = tuple(_COMMON["week_begins"])
TWO = frozenset(_COMMON["two"])
MANY = frozenset(_COMMON["many"])


@dataclass(frozen=True, kw_only=True)
class DayWords:
    """The compiled patterns of a language, with the Dutch and English ones that people mix with it."""

    weekday: re.Pattern[str]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    ordinal: re.Pattern[str]
    after: re.Pattern[str]
    simple: tuple[tuple[re.Pattern[str], int], ...]
    end: re.Pattern[str]
    end_of: re.Pattern[str]
    end_next: re.Pattern[str]
    first: re.Pattern[str]
    after_weekend: re.Pattern[str]
    next_week: re.Pattern[str]
    last: re.Pattern[str]


_SIMPLE = {"after_tomorrow": 2, "before_yesterday": -2, "yesterday": -1, "tomorrow": 1, "today": 0}


@lru_cache(maxsize=16)
def day_words(language: str) -> DayWords:
    """Return the words for days that are read in a language; of an unknown one the Dutch."""
    codes = tuple(dict.fromkeys((*_ALWAYS, language if language in WORDS else "nl")))
    months, days = _numbered(codes, "months", "m", 1), _numbered(codes, "weekdays", "d", 0)
    ordinals, on_the = _joined(codes, "ordinal"), _joined(codes, "on_the")
    units = "|".join(f"(?P<{unit}_{code}>{WORDS[code][unit]})" for code in codes for unit in ("day", "week"))
    return DayWords(
        weekday=re.compile(rf"(?<!\w)(?:{days})(?:avond|middag|ochtend|morgen|s)?(?!\w)"),
        day_month=re.compile(
            rf"(?<![\w.,])(?P<day>\d{{1,2}})[ .]?(?:{ordinals})?(?: (?:of|van))?[ .-]?(?:{months})(?!\w)\.?{_YEAR}"
        ),
        month_day=re.compile(
            rf"(?<!\w)(?:{months})(?:'\w+)? (?:the )?(?P<day>\d{{1,2}})(?:{ordinals})?(?![\d\w.,:]){_YEAR}"
        ),
        ordinal=re.compile(
            rf"(?<![\w.,€-])(?<!€ )(?:(?P<a>{_DAY})(?:{ordinals}| (?:inde|unda|sinde|unde|ine|una))(?!\w)"
            rf"|(?:{on_the}) ?(?P<b>{_DAY}){_NO_DAY}"
            rf"|(?<!\w)(?P<c>\d{{1,2}}) (?:{'|'.join(_COMMON['after_day'])})(?!\w))"
        ),
        after=re.compile(
            rf"(?<!\w)(?:{_joined(codes, 'in_days')})(?P<n>\d{{1,2}} |[^\W\d]+ |)(?:{units})(?!\w)"
            + (rf"|{_COMMON['after_turkish']}" if "tr" in codes else "")
        ),
        simple=tuple((_either(codes, key), days_away) for key, days_away in _SIMPLE.items()),
        end=_either(codes, "end_of_month"),
        end_of=re.compile(
            rf"(?<!\w)(?P<before>(?:{'|'.join(_COMMON['end_of'])})(?: van)? )?(?:{months})(?P<after> sonu\w*)?(?!\w)"
        ),
        end_next=_either(codes, "end_of_next_month"),
        first=_either(codes, "first_of_month"),
        after_weekend=_either(codes, "after_weekend"),
        next_week=_either(codes, "next_week"),
        last=_either(codes, "last"),
    )


def _joined(codes: tuple[str, ...], key: str) -> str:
    return "|".join(WORDS[code][key] for code in codes if WORDS[code][key])


def _either(codes: tuple[str, ...], key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_joined(codes, key)})(?!\w)")


def _numbered(codes: tuple[str, ...], key: str, sign: str, first: int) -> str:
    """Name every word by its number, so that the match tells which it was: `m3_nl` is March."""
    return "|".join(
        f"(?P<{sign}{at}_{code}>{word})" for code in codes for at, word in enumerate(WORDS[code][key], first)
    )

"""Read the hour in a reply: when somebody wants to be called, in Dutch civil time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any

from messages.replies.day_words import WORDS as DAY_WORDS
from messages.replies.text import READ_CHARACTERS, plain
from messages.wordlists import read_words

FIRST, LAST = time(0), time(23, 59)
_NIGHT_ENDS = 7
_NOON = 12


@dataclass(frozen=True, kw_only=True)
class Hours:
    """A part of a day, both ends in Dutch civil time; an hour that was named has the same begin and end."""

    begins: time = FIRST
    ends: time = LAST


PARTS = {
    "morning": Hours(ends=time(12)),
    "afternoon": Hours(begins=time(12), ends=time(18)),
    "evening": Hours(begins=time(18)),
}
"""The parts of a day that people name."""

_WORDS: Any = read_words("replies/hours.yaml")
_NUMBERS: dict[str, int] = _WORDS["numbers"]
_LEADS = ("until", "between", "from", "at")
_STEPS = {"half_after": 30, "half_before": -30, "quarter_past": 15, "quarter_to": -15, "after_half": 30}


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _group(name: str, end: str = "") -> str:
    return f"(?P<{name}{end}>{_any(_WORDS[name])})"


def _clock(end: str) -> str:
    """Return the pattern of one hour with all that may stand around it; `end` ends the names of its groups."""
    half = "|".join(_group(name, end) for name in tuple(_STEPS)[:-1])
    number = rf"(?P<hour{end}>\d{{1,2}}(?!\d)|(?:{_any(list(_NUMBERS))})(?!\w))"
    minutes = rf"(?:[:.]|[uh](?=\d\d))(?P<minute{end}>[0-5]\d)(?!\d)"
    side = f"{_group('am', end)}|{_group('pm', end)}"
    return (
        rf"(?:(?:{half}) )?{number}(?:{minutes})?(?: ?{_group('after_half', end)}(?!\w))?"
        rf"(?: ?{_group('o_clock', end)}(?!\w))?(?: ?(?:{side})(?!\w))?"
    )


_MONTHS = "|".join(month for words in DAY_WORDS.values() for month in words["months"])
_IN_SOME_HOURS = "".join(f"(?<!{word} )" for word in _WORDS["in_some"])
_BEFORE = rf"(?<![\w.,:€/+-])(?<!€ ){_IN_SOME_HOURS}"
_BEHIND = rf"(?![\w:/]|[.,-]\d| ?(?:{_any(_WORDS['no_hour'])}|{_MONTHS})(?!\w))"
_LEAD = "|".join(_group(name) for name in _LEADS)
_TWO = re.compile(
    rf"{_BEFORE}(?:(?:{_LEAD}) )?{_clock('_a')}(?: ?- ?| (?:{_any(_WORDS['and'])}) ){_clock('_b')}{_BEHIND}"
)
_ONE = re.compile(
    rf"{_BEFORE}(?:(?P<denied>{_any(_WORDS['not'])}) )?(?:(?:{_LEAD}) ?)?{_clock('_a')}"
    rf"(?: ?(?:{_group('behind_from')}|{_group('behind_until')})(?!\w))?{_BEHIND}"
)
_DENIED = rf"(?<!\w)(?:{_any(_WORDS['not'])})(?: \w+)? "
_PARTS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"(?P<denied>{_DENIED})?(?<!\w)(?:{_any(words)})(?!\w)")
    for name, words in _WORDS["parts"].items()
}


def find_hour(text: str) -> Hours | None:
    """Return when in a day a reply wants something, or None.

    An hour that may be of the night (1 to 6) is one of the afternoon, unless the reply says that it is not. Money, days
    and counts are no hours.
    """
    said = plain(text[:READ_CHARACTERS])
    part = _part(said)
    for pattern, read in ((_TWO, _between), (_ONE, _single)):
        for match in pattern.finditer(said):
            found = read(match.groupdict(), part)
            if found is not None:
                return found
    return None if part is None else PARTS[part]


def _part(said: str) -> str | None:
    for name, pattern in _PARTS.items():
        if any(not match["denied"] for match in pattern.finditer(said)):
            return name
    return None


def _between(said: dict[str, str | None], part: str | None) -> Hours | None:
    if not (said["between"] or said["from"] or _shows(said, "_a") or _shows(said, "_b")):
        return None
    first, last = _time(said, "_a", part), _time(said, "_b", part)
    return Hours(begins=first, ends=last) if first and last and first < last else None


def _single(said: dict[str, str | None], part: str | None) -> Hours | None:
    word = (said["hour_a"] or "").isalpha()
    led = said["at"] or (not word and (said["from"] or said["until"] or said["between"]))
    behind = said["behind_from"] or said["behind_until"]
    if not (led or behind or _shows(said, "_a")):
        return None
    at = _time(said, "_a", part)
    if at is None:
        return None
    until = bool(said["until"] or said["behind_until"])
    if said["from"] or said["between"] or said["behind_from"] or (until and said["denied"]):
        return Hours(begins=at)
    return Hours(ends=at) if until else Hours(begins=at, ends=at)


def _shows(said: dict[str, str | None], end: str) -> bool:
    """Say whether it is an hour by itself, without a word before it."""
    return any(said[f"{name}{end}"] for name in ("minute", "o_clock", "am", "pm", *_STEPS))


def _time(said: dict[str, str | None], end: str, part: str | None) -> time | None:
    word = said[f"hour{end}"] or ""
    hour = int(word) if word.isdigit() else _NUMBERS[word]
    if hour > 23:
        return None
    hour = _of_the_day(hour, said[f"am{end}"], said[f"pm{end}"], part)
    minutes = hour * 60 + int(said[f"minute{end}"] or 0)
    minutes += sum(step for name, step in _STEPS.items() if said[f"{name}{end}"])
    return time(minutes // 60 % 24, minutes % 60)


def _of_the_day(hour: int, am: str | None, pm: str | None, part: str | None) -> int:
    """Return an hour of 24: what may be of the night is of the afternoon, and the evening's is of the evening."""
    if not 1 <= hour <= _NOON:
        return hour
    if am or (part == "morning" and not pm):
        return hour % _NOON if am else hour
    late = pm or part == "evening" or hour < _NIGHT_ENDS
    return hour + _NOON if late and hour != _NOON else hour

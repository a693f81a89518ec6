"""The words of the tenant's page, in every language of tenants, with an easier variant where there is one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from babel.dates import format_date

from messages.formats import euro, spoken_date
from messages.languages import DUTCH, DUTCH_INFORMAL, TENANT_LANGUAGES, base_language, text_language

_CENTS = re.compile(r"[.,]00(?!\d)")
_LONG_DAYS = {"tr": "d MMMM yyyy EEEE", "pl": "d MMMM yyyy (EEEE)", "uk": "d MMMM yyyy (EEEE)"}
_VERBS = {"wilt": "wil", "kunt": "kun", "heeft": "heb", "bent": "ben", "belt": "bel"}
_VERBS |= {"krijgt": "krijg", "hoort": "hoor", "betaalt": "betaal"}
_TURNS = (
    (re.compile(rf"\b({'|'.join(_VERBS)}) u\b", re.IGNORECASE), lambda match: f"{_verb(match[1])} je"),
    (re.compile(r"\bu heeft\b", re.IGNORECASE), lambda match: f"{_cased(match[0], 'je')} hebt"),
    (re.compile(r"\b(bij|met|van|voor) u\b"), lambda match: f"{match[1]} jou"),
    (re.compile(r"\bu\b", re.IGNORECASE), lambda match: _cased(match[0], "je")),
    (re.compile(r"\buw\b", re.IGNORECASE), lambda match: _cased(match[0], "je")),
)


@dataclass(frozen=True, kw_only=True)
class PageTexts:
    """The words of the page in one language; `easy` are those for easy reading."""

    language: str
    words: Mapping[str, str]

    @property
    def direction(self) -> str:
        """Return `rtl` for a language that reads from the right, else `ltr`."""
        return "rtl" if text_language(self.language).right_to_left else "ltr"

    def say(self, key: str, **values: object) -> str:
        """Return the words of a key with its values filled in. Raises KeyError for an unknown key or no value."""
        return self.words[key].format(**values)

    def money(self, cents: int) -> str:
        """Write an amount in cents; whole euros without the zeros."""
        return _CENTS.sub("", euro(cents, self.language))

    def day(self, day: date) -> str:
        """Write a civil date with the day of the week: `vrijdag 25 december`."""
        return spoken_date(day, self.language)

    def long_day(self, day: date) -> str:
        """Write a civil date with its day of the week and its year."""
        base = base_language(self.language)
        return format_date(day, _LONG_DAYS.get(base, "EEEE d MMMM yyyy"), locale=text_language(self.language).locale)

    def date(self, day: date) -> str:
        """Write a civil date with its year: `25 juli 2027`."""
        return format_date(day, "d MMMM yyyy", locale=text_language(self.language).locale)


def page_texts(language: str, *, easy: bool = False, form: str = "u") -> PageTexts:
    """Return the words in a language of tenants; `form` je makes the Dutch informal. Raises ValueError."""
    base = base_language(language)
    raw = page_source(base)
    words = {**raw["words"], **(raw["easy"] if easy else {})}
    if base == DUTCH and form == "je":
        return PageTexts(language=DUTCH_INFORMAL, words={key: _familiar(text) for key, text in words.items()})
    return PageTexts(language=base, words=words)


def has_easy(language: str) -> bool:
    """Tell whether a language has words of its own for easy reading."""
    return bool(page_source(base_language(language))["easy"])


@lru_cache(maxsize=len(TENANT_LANGUAGES))
def page_source(language: str) -> Any:
    """Return the data file of a language: `words` and `easy`, text by key."""
    return yaml.safe_load((files("messages") / "page" / f"{language}.yaml").read_text("utf-8"))


def _familiar(text: str) -> str:
    for pattern, written in _TURNS:
        text = pattern.sub(written, text)
    return text


def _verb(verb: str) -> str:
    return _cased(verb, _VERBS[verb.lower()])


def _cased(before: str, after: str) -> str:
    return after[0].upper() + after[1:] if before[0].isupper() else after

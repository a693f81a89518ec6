"""Word lists as data files, and a lexicon that finds words and phrases in one pass over the tokens."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from messages.folding import FOLDED_LANGUAGES, arabic_forms, folded
from messages.segments import gsm_friendly

_MARKS = "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]"
"""Signs that stand on a letter: combining accents, the vowel signs of Arabic."""
_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]*\w"
    r"|(?:\+\d{2}|\b0)[\d \-]{7,15}\d"
    r"|\d+(?:[.,:/-]\d+)*"
    rf"|[^\W\d_]+(?:(?:['’-]|{_MARKS}+)[^\W\d_]+)*{_MARKS}*"
)
_PREFIX = 4


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, address or phone number, with its place in the text."""

    word: str
    lower: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One word or phrase of a list: the rule it belongs to, how bad it is, and what to write instead."""

    rule: str
    severity: str
    advice: str
    source: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Language:
    """What the splitter and the word rules know about one language."""

    abbreviations: dict[str, str]
    may_end: frozenset[str]
    known_long: frozenset[str]
    negations: frozenset[str]
    formal: frozenset[str]
    informal: frozenset[str]
    passive: frozenset[str]
    no_participle: frozenset[str]
    caps_allowed: frozenset[str]
    caps_stress: frozenset[str]


def tokens(text: str) -> list[Token]:
    """Cut a text into words; a URL, an amount, a date or a phone number is one word."""
    return [Token(m.group(), m.group().lower(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


class Lexicon:
    """Finds known words and phrases; `deurwaarder*` matches every word that begins so."""

    def __init__(self, entries: Iterable[tuple[str, Entry]], fold: Callable[[str], str] | None = None) -> None:
        self._fold = fold
        self._phrases: dict[str, list[tuple[tuple[str, ...], Entry]]] = defaultdict(list)
        self._prefixes: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        compared = str.lower if fold is None else fold
        for phrase, entry in dict.fromkeys((compared(phrase), entry) for phrase, entry in entries):
            self._add(phrase, entry)

    def _add(self, phrase: str, entry: Entry) -> None:
        if phrase.endswith("*"):
            self._prefixes[phrase[:_PREFIX].rstrip("*")].append((phrase[:-1], entry))
            return
        words = tuple(token.lower for token in tokens(phrase))
        self._phrases[words[0]].append((words, entry))

    def find(self, found: Sequence[Token]) -> Iterator[tuple[int, int, Entry]]:
        """Yield (start, end, entry) in characters of the text for every match."""
        phrases, prefixes, fold = self._phrases, self._prefixes, self._fold
        forms = [token.lower for token in found] if fold is None else [fold(token.word) for token in found]
        for at, (token, form) in enumerate(zip(found, forms, strict=True)):
            for words, entry in phrases.get(form, ()):
                last = at + len(words)
                if len(words) == 1 or tuple(forms[at:last]) == words:
                    yield token.start, found[last - 1].end, entry
            for size in (_PREFIX, 3):
                for prefix, entry in prefixes.get(form[:size], ()):
                    if form.startswith(prefix):
                        yield token.start, token.end, entry


@lru_cache(maxsize=1)
def language_facts() -> Language:
    """Return what we know about Dutch: abbreviations, negations, forms of address, capitals."""
    raw = read_words("nl_language.yaml")
    return Language(
        abbreviations=dict(raw["abbreviations"]),
        may_end=frozenset(raw["may_end_a_sentence"]),
        known_long=frozenset(raw["known_long_words"]),
        negations=frozenset(raw["negations"]),
        formal=frozenset(raw["formal_you"]),
        informal=frozenset(raw["informal_you"]),
        passive=frozenset(raw["passive_helpers"]),
        no_participle=frozenset(raw["no_participle"]),
        caps_allowed=frozenset(raw["capitals_allowed"]),
        caps_stress=frozenset(raw["capitals_that_stress"]),
    )


@lru_cache(maxsize=8)
def lexicon(language: str) -> Lexicon:
    """Return all word rules of a language; Dutch has the officialese dictionary too."""
    entries = list(_tone(f"{language}_tone.yaml"))
    if language == "nl":
        entries += officialese()
    if language == "ar":
        entries = [(form, entry) for phrase, entry in entries for form in arabic_forms(phrase)]
    return Lexicon(entries, fold=folded if language in FOLDED_LANGUAGES else None)


@lru_cache(maxsize=1)
def officialese() -> tuple[tuple[str, Entry], ...]:
    """Return the Dutch dictionary of hard words: (word or phrase, entry with the plain alternative)."""
    raw = read_words("nl_officialese.yaml")
    return tuple(
        (form, Entry(rule="officialese", severity=level, advice=f"Schrijf liever: {plain}.", source=raw["source"]))
        for level in ("stop", "warn")
        for forms, plain in raw[level].items()
        for form in forms.split("|")
    )


def _tone(name: str) -> Iterator[tuple[str, Entry]]:
    """Yield the words of a list, also as an SMS writes them: without the signs that GSM-7 lacks."""
    for rule, group in read_words(name).items():
        entry = Entry(rule=rule, severity=group["severity"], advice=group["advice"], source=group["source"])
        for word in group["words"]:
            for written in dict.fromkeys((word, gsm_friendly(word))):
                yield written, entry


def read_words(name: str) -> Any:
    """Return a data file of messages/words as plain data."""
    return yaml.safe_load((files("messages") / "words" / name).read_text("utf-8"))

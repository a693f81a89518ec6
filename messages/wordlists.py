"""Word lists as data files, and a lexicon that finds words and phrases in one pass over the tokens."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

import yaml

from messages.folding import FOLDED_LANGUAGES, arabic_forms, folded
from messages.informal import informal
from messages.languages import DUTCH, base_language
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
_GAP = "..."
_GAP_WORDS = 8
"""At most so many words stand between the halves of a phrase such as `deelt ... mede`."""

_LEVELS = ("stop", "warn")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Match = tuple[tuple[int, ...], "Entry"]
"""The places of the tokens that matched, and the entry."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, address or phone number, with its place in the text."""

    word: str
    lower: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One word or phrase of a list: the rule it belongs to, how bad it is, and what to write instead.

    Each of `alternatives` can stand in the place of the word; in one of a phrase with a gap, `...` is what stood in it.
    """

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
    """Finds known words and phrases; `deurwaarder*` begins every match, `deelt ... mede` has words between."""

    def __init__(self, entries: Iterable[tuple[str, Entry]], fold: Callable[[str], str] | None = None) -> None:
        self._fold = fold
        self._phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], Entry]]] = defaultdict(list)
        self._prefixes: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        compared = str.lower if fold is None else fold
        for phrase, entry in dict.fromkeys((compared(phrase), entry) for phrase, entry in entries):
            self._add(phrase, entry)

    def _add(self, phrase: str, entry: Entry) -> None:
        if phrase.endswith("*"):
            self._prefixes[phrase[:_PREFIX].rstrip("*")].append((phrase[:-1], entry))
            return
        head, _, tail = phrase.partition(_GAP)
        words = tuple(token.lower for token in tokens(head))
        self._phrases[words[0]].append((words, tuple(token.lower for token in tokens(tail)), entry))

    def find(self, found: Sequence[Token]) -> Iterator[tuple[int, int, Entry]]:
        """Yield (start, end, entry) in characters of the text for every match, the longest of those of one rule."""
        matches = list(self._matches(found))
        phrases: dict[tuple[str, int], list[set[int]]] = defaultdict(list)
        for places, entry in matches:
            for place in places if len(places) > 1 else ():
                phrases[entry.rule, place].append(set(places))
        for places, entry in matches:
            if not any(longer > set(places) for longer in phrases.get((entry.rule, places[0]), ())):
                yield found[places[0]].start, found[places[-1]].end, _in_place(entry, found, places)

    def _matches(self, found: Sequence[Token]) -> Iterator[Match]:
        phrases, prefixes, fold = self._phrases, self._prefixes, self._fold
        forms = [token.lower for token in found] if fold is None else [fold(token.word) for token in found]
        for at, form in enumerate(forms):
            for words, tail, entry in phrases.get(form, ()):
                last = at + len(words)
                if len(words) > 1 and tuple(forms[at:last]) != words:
                    continue
                rest = _tail_places(found, last, tail) if tail else ()
                if rest is not None:
                    yield (*range(at, last), *rest), entry
            for size in (_PREFIX, 3):
                for prefix, entry in prefixes.get(form[:size], ()):
                    if form.startswith(prefix):
                        yield (at,), entry


def _tail_places(found: Sequence[Token], start: int, tail: tuple[str, ...]) -> tuple[int, ...] | None:
    """Return where the second half of a phrase stands, in the same sentence after at least one other word."""
    for at in range(start + 1, min(start + _GAP_WORDS, len(found) - len(tail)) + 1):
        if all(found[at + place].word == word for place, word in enumerate(tail)):
            return tuple(range(at, at + len(tail)))
    return None


def _in_place(entry: Entry, found: Sequence[Token], places: tuple[int, ...]) -> Entry:
    """Write the alternatives as they stand in this text: with its capital, and with the words in the gap."""
    alternatives = entry.alternatives
    if len(places) > 1:
        inside = found[places[0] : places[-1] + 1]
        gap = " ".join(found[at].word for at in range(places[0], places[-1]) if at not in places)
        alternatives = tuple(one.replace(_GAP, gap) for one in alternatives) if _in_one_breath(inside) else ()
    if found[places[0]].word[0].isupper():
        alternatives = tuple(one[0].upper() + one[1:] for one in alternatives)
    return entry if alternatives == entry.alternatives else replace(entry, alternatives=alternatives)


def _in_one_breath(words: Sequence[Token]) -> bool:
    """Say whether nothing but a space divides these words, so that others can stand in their place."""
    return all(after.start - before.end == 1 for before, after in pairwise(words))


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
    """Return all word rules of a language; Dutch has the dictionary of hard words too, in its form of address."""
    base = base_language(language)
    entries = list(_tone(f"{base}_tone.yaml"))
    if base == DUTCH:
        entries += [(form, _familiar(entry)) for form, entry in officialese()] if language != base else officialese()
    if base == "ar":
        entries = [(form, entry) for phrase, entry in entries for form in arabic_forms(phrase)]
    return Lexicon(entries, fold=folded if base in FOLDED_LANGUAGES else None)


def _familiar(entry: Entry) -> Entry:
    plain = tuple(informal(one) for one in entry.alternatives)
    return replace(entry, advice=informal(entry.advice), alternatives=plain)


@lru_cache(maxsize=1)
def officialese() -> tuple[tuple[str, Entry], ...]:
    """Return the Dutch dictionary of hard words: (word or phrase, entry with the plain alternative)."""
    return tuple(dict.fromkeys(pair for page in hard_pages() for pair in _hard_words(page)))


def hard_pages() -> Iterator[Traversable]:
    """Yield the data files of the Dutch dictionary, one for each field, in the order of their names."""
    folder = files("messages") / "words" / "hard"
    yield from sorted((page for page in folder.iterdir() if page.name.endswith(".yaml")), key=lambda page: page.name)


def _hard_words(page: Traversable) -> Iterator[tuple[str, Entry]]:
    raw = _read(page)
    for level in _LEVELS:
        for forms, plain in raw.get(level, {}).items():
            for form, instead in _side_by_side(forms.split("|"), plain.split("|")):
                entry = _hard_word(level, instead, raw["source"])
                yield from ((written, entry) for written in dict.fromkeys((form, gsm_friendly(form))))


def _side_by_side(forms: list[str], plain: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each form of a hard word with the plain form for it; a single plain form stands for all of them."""
    yield from zip(forms, plain if len(plain) > 1 else plain * len(forms), strict=True)


def _hard_word(level: str, instead: str, source: str) -> Entry:
    """Build an entry of the dictionary: `a / b` can stand in the place of the word, `(a)` explains it."""
    if instead.startswith("("):
        return Entry(rule="officialese", severity=level, advice=f"Leg uit: {instead[1:-1]}.", source=source)
    plain = tuple(instead.split(" / "))
    advice = f"Schrijf liever: {' of '.join(plain)}".removesuffix(_GAP).rstrip() + "."
    return Entry(rule="officialese", severity=level, advice=advice, source=source, alternatives=plain)


def _tone(name: str) -> Iterator[tuple[str, Entry]]:
    """Yield the words of a list, also as an SMS writes them: without the signs that GSM-7 lacks."""
    for rule, group in read_words(name).items():
        entry = Entry(rule=rule, severity=group["severity"], advice=group["advice"], source=group["source"])
        for word in group["words"]:
            for written in dict.fromkeys((word, gsm_friendly(word))):
                yield written, entry


def read_words(name: str) -> Any:
    """Return a data file of messages/words as plain data."""
    return _read(files("messages") / "words" / name)


def _read(page: Traversable) -> Any:
    return yaml.load(page.read_text("utf-8"), Loader=_LOADER)

"""Word lists as data files, and a lexicon that finds words and phrases in one pass over the tokens."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain, pairwise, zip_longest
from typing import Any

import yaml

from messages.folding import FOLDED_LANGUAGES, arabic_forms, folded
from messages.informal import informal
from messages.languages import DUTCH, base_language
from messages.segments import gsm_friendly

_MARKS = "[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]"
"""Signs that stand on a letter: combining accents, the vowel signs of Arabic."""
_TOKEN = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]*\w"
    r"|(?:\+\d{2}|\b0)[\d \-]{7,15}\d"
    r"|\d+(?:[.,:/-]\d+)*"
    rf"|[^\W\d_]+(?:(?:['’-]|{_MARKS}+)[^\W\d_]+)*{_MARKS}*"
)
_PREFIX = 4
_GAP = "..."
_GAP_WORDS = 8
"""At most so many words stand between the halves of a phrase such as `deelt ... mede`."""

_LEVELS = ("stop", "warn")
_BEFORE_A_NOUN = {
    "de": ("de", "deze", "onze", "elke", "iedere", "welke", "een", "geen", "uw", "mijn"),
    "het": ("het", "dit", "ons", "elk", "ieder", "welk", "een", "geen", "uw", "mijn"),
}
_ALSO_A_PRONOUN = "ons"
"""Stands before a noun and alone: in `geef ons krediet` it does not belong to the noun."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Match = tuple[tuple[int, ...], "Entry"]
"""The places of the tokens that matched, and the entry."""

Phrase = tuple[tuple["Token", ...], tuple["Token", ...], "Entry"]
"""The words of a phrase, those after its gap, and the entry."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, address or phone number, with its place in the text.

    `spaced`: only blanks or a line break stand between the token before it and this one.
    """

    word: str
    lower: str
    start: int
    end: int
    spaced: bool = True


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
    found, end = [], 0
    for match in _TOKEN.finditer(text):
        word, start = match.group(), match.start()
        found.append(Token(word, word.lower(), start, match.end(), spaced=text[end:start].isspace()))
        end = match.end()
    return found


class Lexicon:
    """Finds known words and phrases; `deurwaarder*` begins every match, `deelt ... mede` has words between.

    Between the words of a phrase stand only blanks, or a sign where the phrase itself has one (`en/of`).
    """

    def __init__(self, entries: Iterable[tuple[str, Entry]], fold: Callable[[str], str] | None = None) -> None:
        self._fold = fold
        self._words: dict[str, list[tuple[tuple[Token, ...], Entry]]] = defaultdict(list)
        self._phrases: dict[tuple[str, str], list[Phrase]] = defaultdict(list)
        self._prefixes: dict[str, list[tuple[str, Entry]]] = defaultdict(list)
        compared = str.lower if fold is None else fold
        for phrase, entry in dict.fromkeys((compared(phrase), entry) for phrase, entry in entries):
            self._add(phrase, entry)

    def _add(self, phrase: str, entry: Entry) -> None:
        if phrase.endswith("*"):
            self._prefixes[phrase[:_PREFIX].rstrip("*")].append((phrase[:-1], entry))
            return
        head, _, tail = phrase.partition(_GAP)
        words, rest = tuple(tokens(head)), tuple(tokens(tail))
        if len(words) == 1:
            self._words[words[0].lower].append((rest, entry))
        else:
            self._phrases[words[0].lower, words[1].lower].append((words, rest, entry))

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
        prefixes, fold = self._prefixes, self._fold
        forms = [token.lower for token in found] if fold is None else [fold(token.word) for token in found]
        for at, (form, after) in enumerate(zip_longest(forms, forms[1:], fillvalue="")):
            for tail, entry in self._words.get(form, ()):
                yield from _with_tail(found, (at,), tail, entry)
            for words, tail, entry in self._phrases.get((form, after), ()):
                if _stand_at(found, forms, at, words):
                    yield from _with_tail(found, tuple(range(at, at + len(words))), tail, entry)
            for size in (_PREFIX, 3):
                for prefix, entry in prefixes.get(form[:size], ()):
                    if form.startswith(prefix):
                        yield (at,), entry


def _stand_at(found: Sequence[Token], forms: Sequence[str], at: int, words: Sequence[Token]) -> bool:
    """Say whether the words of a phrase stand here one after the other, with nothing between them but blanks."""
    here = slice(at, at + len(words))
    return forms[here] == [word.lower for word in words] and all(
        token.spaced or not word.spaced for token, word in zip(found[here][1:], words[1:], strict=True)
    )


def _with_tail(found: Sequence[Token], places: tuple[int, ...], tail: Sequence[Token], entry: Entry) -> Iterator[Match]:
    """Yield the match of a phrase, where the words after its gap follow in the same sentence after another word."""
    if not tail:
        yield places, entry
        return
    start = places[-1] + 1
    near = found[start : start + _GAP_WORDS + len(tail)]
    forms = [token.word for token in near]
    for at in range(1, len(forms) - len(tail) + 1):
        if _stand_at(near, forms, at, tail):
            yield (*places, *range(start + at, start + at + len(tail))), entry
            return


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
        pairs = [_side_by_side(forms, plain) for forms, plain in raw.get(level, {}).items()]
        pairs += [_with_article(forms, plain) for forms, plain in raw.get(f"{level} nouns", {}).items()]
        for form, instead in chain.from_iterable(pairs):
            entry = _hard_word(level, instead, raw["source"])
            yield from ((written, entry) for written in dict.fromkeys((form, gsm_friendly(form))))


def _side_by_side(hard: str, easy: str) -> Iterator[tuple[str, str]]:
    """Yield each form of a hard word with the plain form for it; a single plain form stands for all of them."""
    forms, plain = hard.split("|"), easy.split("|")
    yield from zip(forms, plain if len(plain) > 1 else plain * len(forms), strict=True)


def _with_article(hard: str, easy: str) -> Iterator[tuple[str, str]]:
    """Yield a noun whose plain word has the other article after each word that says so; alone it is only explained."""
    (first, plain), *others = _side_by_side(hard, easy)
    (article, noun), (other, word) = first.split(" ", 1), plain.split(" ", 1)
    for before, instead in zip(_BEFORE_A_NOUN[article], _BEFORE_A_NOUN[other], strict=True):
        if before != _ALSO_A_PRONOUN:
            yield f"{before} {noun}", f"{instead} {word}"
    yield noun, f"({plain})"
    yield from others


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

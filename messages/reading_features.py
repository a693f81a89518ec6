"""Measure what makes a Dutch text hard or easy to read, per word and per sentence: none of it grows with its length."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from messages import dutch_words
from messages.parts import Part
from messages.wordlists import Lexicon, officialese, read_words

SENTENCE_FEATURES = (
    "sentence_length",
    "sentence_length_log",
    "sentence_length_rms",
    "in_sentences_over_20",
    "starts_with_conjunction",
    "starts_with_demonstrative",
    "starts_with_pronoun",
    "starts_with_preposition",
    "returning",
    "participle_last",
    "passive",
)
"""Features of which one sentence gives one observation; of all others one word does."""

_ABBREVIATION = re.compile(r"\b(?:[a-zA-Z]{1,4}\.){2,}|\b(?:bijv|nr|art|incl|excl|evt|ca)\.")
_ZIPF_LIMITS = (2.5, 3.0, 4.0)
_USUALLY_RETURNING = 0.08
"""Stands for a text of one sentence."""

_NO_WORDS = ("zijn",)
"""A text of names and numbers alone is measured as if this word stood in it."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The features of a text by name, and on how many words and sentences they rest."""

    values: Mapping[str, float]
    words: int
    sentences: int


def measure(parts: Sequence[Part]) -> Measured | None:
    """Measure a text cut into sentences with their words; None when there is no word in it."""
    spoken = [part for part in parts if part.words]
    common = [_common(part) for part in spoken]
    words = [token for part in spoken for token in part.words]
    letters = [token for token in words if token.word[0].isalpha()]
    if not letters:
        return None
    lower = [token.lower for token in letters]
    values = {
        **_sentences(spoken),
        **_signs(spoken, len(words)),
        **_classes(lower),
        **_vocabulary([word for sentence in common for word in sentence]),
        "nominal_of": sum(map(_is_nominal_of, lower, lower[1:])) / len(letters),
        "returning": _returning(common),
        "hard_word": sum(1 for _ in _hard_words().find(words)) / len(letters),
    }
    return Measured(values=values, words=len(words), sentences=len(spoken))


def _sentences(parts: Sequence[Part]) -> dict[str, float]:
    """Measure sentences; a heading or a greeting of one or two words says nothing of their length."""
    lengths = [len(part.words) for part in parts]
    longer = [length for length in lengths if length > 2] or lengths
    starts = [part.words[0].lower for part in parts]
    count, total, classes = len(longer), sum(longer), _by_class()
    return {
        "participle_last": sum(dutch_words.is_participle(part.words[-1].lower) for part in parts) / len(parts),
        "passive": sum(map(_is_passive, parts)) / len(parts),
        "sentence_length": total / count,
        "sentence_length_log": sum(map(math.log, longer)) / count,
        "sentence_length_rms": math.sqrt(sum(length * length for length in longer) / count),
        "in_sentences_over_20": sum(length for length in longer if length > 20) / total,
        "starts_with_conjunction": _share(starts, classes["conjunction"]),
        "starts_with_demonstrative": _share(starts, classes["demonstrative"]),
        "starts_with_pronoun": _share(starts, _pronouns()),
        "starts_with_preposition": _share(starts, classes["preposition"]),
    }


def _is_passive(part: Part) -> bool:
    """Say whether a form of `worden` and a past participle stand in one sentence."""
    words = [token.lower for token in part.words]
    return not _by_class()["passive_helper"].isdisjoint(words) and any(map(dutch_words.is_participle, words))


def _is_nominal_of(word: str, following: str) -> bool:
    return following == "van" and dutch_words.is_nominal(word)


def _share(words: Sequence[str], group: frozenset[str]) -> float:
    return sum(word in group for word in words) / len(words)


def _signs(parts: Sequence[Part], words: int) -> dict[str, float]:
    text = " ".join(part.sentence.text for part in parts)
    return {
        "bracket": text.count("(") / words,
        "abbreviation": len(_ABBREVIATION.findall(text)) / words,
    }


def _classes(words: Sequence[str]) -> dict[str, float]:
    return _means(tuple(_counted()), [_class_row(word) for word in words])


@lru_cache(maxsize=50_000)
def _class_row(word: str) -> tuple[bool, ...]:
    return tuple(word in group for group in _counted().values())


def _common(part: Part) -> list[str]:
    """Return the words that are no names: a capital inside a sentence marks a name."""
    return [
        token.lower
        for place, token in enumerate(part.words)
        if token.word[0].isalpha() and (not place or token.word[0].islower())
    ]


def _returning(sentences: Sequence[Sequence[str]]) -> float:
    """Return the share of content words that stood in the sentence before: the text stays with its subject."""
    content = [{word for word in words if word not in _function_words()} for words in sentences]
    pairs = [len(one & other) / len(other) for one, other in pairwise(content) if other]
    return sum(pairs) / len(pairs) if pairs else _USUALLY_RETURNING


def _vocabulary(words: Sequence[str]) -> dict[str, float]:
    content = [word for word in words if word not in _function_words()]
    return {
        "zipf": sum(map(dutch_words.zipf, words or _NO_WORDS)) / max(1, len(words)),
        **_means(_CONTENT_FEATURES, [_content_row(word) for word in content or _NO_WORDS]),
    }


def _means(names: Sequence[str], rows: Sequence[tuple[float, ...]]) -> dict[str, float]:
    return {name: sum(column) / len(rows) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


_CONTENT_FEATURES = (
    "zipf_content",
    "zipf_content_to_45",
    "zipf_content_to_55",
    *(f"zipf_under_{limit}" for limit in _ZIPF_LIMITS),
    "nominal_common",
    "derived_adjective",
    "participle",
    "present_participle",
    "loan_verb",
)


@lru_cache(maxsize=50_000)
def _content_row(word: str) -> tuple[float, ...]:
    value = dutch_words.zipf(word)
    return (
        value,
        min(value, 4.5),
        min(value, 5.5),
        *(value < limit for limit in _ZIPF_LIMITS),
        value >= 4.0 and dutch_words.is_nominal(word),
        dutch_words.is_derived_adjective(word),
        dutch_words.is_participle(word),
        dutch_words.is_present_participle(word),
        dutch_words.is_loan_verb(word),
    )


_OPEN_CLASSES = frozenset({"everyday_verb", "everyday_word", "bookish_verb"})
_PRONOUNS = ("reader", "writer", "third_person")


@lru_cache(maxsize=1)
def _counted() -> Mapping[str, frozenset[str]]:
    return _groups("counted")


@lru_cache(maxsize=1)
def _by_class() -> Mapping[str, frozenset[str]]:
    return {**_counted(), **_groups("other")}


def _groups(section: str) -> Mapping[str, frozenset[str]]:
    raw: Mapping[str, str] = read_words("nl_reading.yaml")[section]
    return {name: frozenset(words.split()) for name, words in raw.items()}


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    return _together(name for name in _by_class() if name not in _OPEN_CLASSES)


@lru_cache(maxsize=1)
def _pronouns() -> frozenset[str]:
    return _together(_PRONOUNS)


def _together(names: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(_by_class()[name] for name in names))


@lru_cache(maxsize=1)
def _hard_words() -> Lexicon:
    return Lexicon(officialese())

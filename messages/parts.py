"""A text as sentences with their words, and the limits of the two reading levels that are asked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from messages.splitter import Sentence, sentences
from messages.wordlists import Token, tokens

_PART_LINE = re.compile(r"^\[[a-z_]+\]$")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The limits of a reading level: words a sentence (warn, stop), words a sentence on average, and the whole text.

    `warn_level` and `stop_level` are the easiest levels at which a text of 50 words or more is warned of and stopped;
    a word under `rare_zipf` is rare.
    """

    warn_words: int
    stop_words: int
    mean_words: float
    warn_level: str
    stop_level: str
    rare_zipf: float


PROFILES = {
    "A2": Profile(warn_words=12, stop_words=15, mean_words=10.0, warn_level="B1", stop_level="B2", rare_zipf=3.2),
    "B1": Profile(warn_words=15, stop_words=20, mean_words=12.0, warn_level="B2", stop_level="C1", rare_zipf=2.8),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence with its words."""

    sentence: Sentence
    words: tuple[Token, ...]


def parts_of(text: str, found: Sequence[Token] | None = None) -> list[Part]:
    """Cut a text into sentences with their words; `[greeting]` lines of a robocall are left out."""
    pool = list(found if found is not None else tokens(text))
    result: list[Part] = []
    at = 0
    for sentence in sentences(text):
        first = at
        while at < len(pool) and pool[at].start < sentence.end:
            at += 1
        if not _PART_LINE.match(sentence.text):
            result.append(Part(sentence, tuple(pool[first:at])))
    return result

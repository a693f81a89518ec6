"""Languages beside Dutch: an indication by sentence length and LIX; a person who reads the language decides."""

from collections.abc import Iterator, Sequence

from messages.examined import Examined
from messages.findings import Finding, finding
from messages.readability import SHORT_WORDS, Part, Profile, long_sentence
from messages.rules import LIX

_LIMITS = Profile(warn_words=20, stop_words=25, warn_douma=0.0, stop_douma=0.0)
_LIX_WARN, _LIX_STOP = 45.0, 55.0
_LIX_LETTERS = 6


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield long sentences, and a LIX that is too high for a text of 50 words or more."""
    text = examined.text
    for part in examined.parts:
        yield from long_sentence(text, part, _LIMITS, "Make two sentences.")
    value = lix(examined.parts)
    if value is not None and value > _LIX_WARN:
        severity = "stop" if value > _LIX_STOP else "warn"
        advice = f"LIX {value:.0f}: use shorter sentences and words."
        yield finding("reading_score", severity, text, (0, len(text)), advice, source=LIX)


def lix(parts: Sequence[Part]) -> float | None:
    """Return LIX (Björnsson 1968): words a sentence plus the percentage of words over six letters.

    None for a text under 50 words.
    """
    words = [token for part in parts for token in part.words]
    letters = [token for token in words if token.word[0].isalpha()]
    if len(words) < SHORT_WORDS or not letters:
        return None
    return len(letters) / len(parts) + 100 * sum(len(token.word) > _LIX_LETTERS for token in letters) / len(letters)

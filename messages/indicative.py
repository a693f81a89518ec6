"""Languages beside Dutch: an indication by sentence length, LIX and rare words; a person who reads them decides.

The limits are those of English, moved to each language by what can be counted. Words a sentence: the letters that ship
say the same in 26% fewer words in Turkish and Ukrainian than in English, in 24% fewer in Arabic, 20% fewer in Polish.
LIX: of the running words of wordfreq 18% have over six letters in English, 33% in Turkish, 28% in Polish and Ukrainian,
13% in Arabic (which writes no short vowels); less the shorter sentences, that moves the limits by 10, 5, 4 and -10
points. English itself: 20 and 25 words (GOV.UK), LIX 45 and 55 (Björnsson: medium, hard).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from messages.examined import Examined
from messages.findings import Finding, finding
from messages.folding import folded, without_particles
from messages.frequency import zipf, zipf_values
from messages.readability import PROFILES, SHORT_WORDS, Part
from messages.rules import LIX
from messages.wordlists import Token

WORDFREQ = "wordfreq (Speer 2022), een indicatie"
_LATIN = ("en", "tr", "pl")
_LIX_LETTERS = 6
_EASIER_LIX = 5.0
_COMMON = 3.0
_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*\Z")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a text of one language may have at B1: words a sentence and LIX, each to warn and to stop.

    A word of `rare_letters` or more is rare below a Zipf value of `rare_below` (3: once in a million words). Of its
    last `ending` letters any may be an ending; `stem` letters at least are left. It is not rare either when a common
    word begins with the same `beginning` letters (0: never asked).
    """

    warn_words: int
    stop_words: int
    warn_lix: float
    stop_lix: float
    rare_letters: int
    rare_below: float
    ending: int
    stem: int = 4
    beginning: int = 0


LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "en": Limits(
            warn_words=20, stop_words=25, warn_lix=45, stop_lix=55, rare_letters=7, rare_below=3.0, ending=3, stem=4
        ),
        "tr": Limits(
            warn_words=15,
            stop_words=19,
            warn_lix=55,
            stop_lix=65,
            rare_letters=7,
            rare_below=3.0,
            ending=12,
            stem=3,
            beginning=7,
        ),
        "ar": Limits(
            warn_words=15, stop_words=19, warn_lix=35, stop_lix=45, rare_letters=5, rare_below=2.5, ending=4, stem=3
        ),
        "pl": Limits(
            warn_words=16,
            stop_words=20,
            warn_lix=50,
            stop_lix=60,
            rare_letters=7,
            rare_below=2.0,
            ending=4,
            beginning=7,
        ),
        "uk": Limits(
            warn_words=15,
            stop_words=19,
            warn_lix=49,
            stop_lix=59,
            rare_letters=7,
            rare_below=2.0,
            ending=4,
            beginning=7,
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What the findings say, to the person who reads the language."""

    sentence: str
    lix: str
    rare: str


_DUTCH = Advice(
    sentence="Indicatie: maak er twee zinnen van. ({})",
    lix="Indicatie (LIX {:.0f}): schrijf kortere zinnen en kortere woorden.",
    rare="Indicatie: weinig gebruikt woord. Kies een gewoner woord of leg het uit.",
)
_ENGLISH = Advice(
    sentence="Indication: make two sentences. ({})",
    lix="Indication (LIX {:.0f}): use shorter sentences and words.",
    rare="Indication: a rare word. Use a more common one or explain it.",
)


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield long sentences, rare words, and a LIX that is too high for a text of 50 words or more.

    A robocall speaks its numbers in words that nobody writes, so its words are not weighed.
    """
    limits, advice = limits_of(examined), _ENGLISH if examined.base == "en" else _DUTCH
    for part in examined.parts:
        yield from _long_sentence(examined.text, part, limits, advice)
        if examined.channel != "robocall":
            yield from _rare_words(examined, part, advice)
    value = lix(examined.parts)
    if value is not None and value > limits.warn_lix:
        severity = "stop" if value > limits.stop_lix else "warn"
        span = (0, len(examined.text))
        yield finding("reading_score", severity, examined.text, span, advice.lix.format(value), source=LIX)


def limits_of(examined: Examined) -> Limits:
    """Return the limits of a text: those of its language, for A2 as much lower as those of Dutch."""
    limits, ratio = LIMITS[examined.base], examined.limits.warn_words / PROFILES["B1"].warn_words
    if ratio >= 1:
        return limits
    return replace(
        limits,
        warn_words=round(limits.warn_words * ratio),
        stop_words=round(limits.stop_words * ratio),
        warn_lix=limits.warn_lix - _EASIER_LIX,
        stop_lix=limits.stop_lix - _EASIER_LIX,
    )


def score_of(parts: Sequence[Part], language: str) -> float:
    """Return 0 to 100 with one decimal, higher is easier: 60 where LIX warns in this language, two a point of LIX.

    So 40 is where it stops. A text under 50 words has a score too, but one word more or less moves it.
    """
    value = _lix(parts)
    return 100.0 if value is None else round(min(100.0, max(0.0, 60 + 2 * (LIMITS[language].warn_lix - value))), 1)


def lix(parts: Sequence[Part]) -> float | None:
    """Return LIX (Björnsson 1968): words a sentence plus the percentage of words over six letters.

    Vowel signs are no letters. None for a text under 50 words.
    """
    return None if sum(len(part.words) for part in parts) < SHORT_WORDS else _lix(parts)


def _lix(parts: Sequence[Part]) -> float | None:
    words = [token for part in parts for token in part.words if token.word[0].isalpha()]
    if not words:
        return None
    long_words = sum(len(folded(token.word)) > _LIX_LETTERS for token in words)
    return len(words) / len(parts) + 100 * long_words / len(words)


def is_rare(word: str, language: str) -> bool:
    """Say whether a word, and every word that it may be a form of, is seldom used; of a-b the longest part counts.

    A Dutch word in another language is the name of something here (schuldhulpverlening), and no rare word.
    """
    longest, limits = max(folded(word).split("-"), key=len), LIMITS[language]
    if len(longest) < limits.rare_letters or _commonest(longest, language) >= limits.rare_below:
        return False
    if limits.beginning and longest[: limits.beginning] in _beginnings(language):
        return False
    return not (longest.isascii() and zipf(longest, "nl"))


@lru_cache(maxsize=8192)
def _commonest(word: str, language: str) -> float:
    """Return the Zipf value of the commonest word that this can be a form of: endings, in Arabic particles too."""
    stems = without_particles(word) if language == "ar" else (word,)
    return max(zipf(form, language) for stem in stems for form in _forms(stem, LIMITS[language]))


@lru_cache(maxsize=8)
def _beginnings(language: str) -> frozenset[str]:
    size = LIMITS[language].beginning
    return frozenset(word[:size] for word, value in zipf_values(language).items() if value >= _COMMON)


def _forms(word: str, limits: Limits) -> Iterator[str]:
    shortest = min(len(word), max(limits.stem, len(word) - limits.ending))
    return (word[:size] for size in range(shortest, len(word) + 1))


def _long_sentence(text: str, part: Part, limits: Limits, advice: Advice) -> Iterator[Finding]:
    count = len(part.words)
    if count > limits.warn_words:
        severity = "stop" if count > limits.stop_words else "warn"
        span = (part.sentence.start, part.sentence.end)
        yield finding("long_sentence", severity, text, span, advice.sentence.format(count))


def _rare_words(examined: Examined, part: Part, advice: Advice) -> Iterator[Finding]:
    for token in part.words:
        if _is_plain(token, examined.base) and is_rare(token.word, examined.base):
            yield finding("rare_word", "warn", examined.text, (token.start, token.end), advice.rare, source=WORDFREQ)


def _is_plain(token: Token, language: str) -> bool:
    """Leave out names and keywords (they begin with a capital) and words in the letters of another language."""
    word = folded(token.word)
    latin = "a" <= word[:1] <= "z"
    return bool(_PLAIN_WORD.match(word)) and token.word[0] == token.word[0].lower() and latin == (language in _LATIN)

"""Judge how easy a Dutch text reads: the Flesch-Douma formula, sentence rules and word rules with their places."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from messages.findings import Finding, finding
from messages.splitter import Sentence, sentences
from messages.syllables import syllables
from messages.textstat_gateway import flesch_douma
from messages.wordlists import Token, language_facts, tokens

SHORT_WORDS = 50
_PART_LINE = re.compile(r"^\[[a-z_]+\]$")
_LONG_LETTERS = 16
_LONG_SYLLABLES = 6
_PARTICIPLE = re.compile(r"^(?:[a-z]*ge[a-z]{3,}(?:d|t|en)|(?:be|ver|ont|her)[a-z]{3,}[dt])$")
_DOTTED = re.compile(r"(?<![\w/])(?:[a-z]{1,5}\.)+|(?<!\w)(?:t/m|p/m|aub)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The limits of a reading level: words a sentence (warn, stop) and the Flesch-Douma score (warn, stop)."""

    warn_words: int
    stop_words: int
    warn_douma: float
    stop_douma: float


PROFILES = {
    "A2": Profile(warn_words=12, stop_words=15, warn_douma=75.0, stop_douma=65.0),
    "B1": Profile(warn_words=15, stop_words=20, warn_douma=65.0, stop_douma=50.0),
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


def douma(parts: Sequence[Part]) -> float | None:
    """Return the Flesch-Douma score, or None for a text under 50 words: the formula means nothing there."""
    if sum(len(part.words) for part in parts) < SHORT_WORDS:
        return None
    return round(flesch_douma([_plain(part.words) for part in parts if len(part.words) > 2]), 1)


def _plain(words: Sequence[Token]) -> list[str]:
    return [token.word if token.word[0].isalpha() else "7" for token in words]


def dutch_findings(text: str, parts: Sequence[Part], profile: Profile) -> Iterator[Finding]:
    """Yield what the rules for Dutch find: sentences, long words, passive, negation, abbreviations, u and je."""
    for part in parts:
        yield from long_sentence(text, part, profile, "Maak er twee zinnen van.")
        yield from _long_words(text, part)
        yield from _passive(text, part)
        yield from _double_negation(text, part)
    yield from _abbreviations(text)
    yield from _mixed_address(text, parts)


def long_sentence(text: str, part: Part, profile: Profile, advice: str) -> Iterator[Finding]:
    """Yield a finding when a sentence has more words than the profile allows."""
    count = len(part.words)
    if count > profile.warn_words:
        severity = "stop" if count > profile.stop_words else "warn"
        span = (part.sentence.start, part.sentence.end)
        yield finding("long_sentence", severity, text, span, f"{advice} ({count})")


def _long_words(text: str, part: Part) -> Iterator[Finding]:
    known = language_facts().known_long
    for place, token in enumerate(part.words):
        if token.lower in known or not token.word[0].isalpha() or "@" in token.word or "/" in token.word:
            continue
        if place and token.word[0].isupper():
            continue
        if len(token.word) > _LONG_LETTERS or (len(token.word) > 11 and syllables(token.lower) >= _LONG_SYLLABLES):
            span = (token.start, token.end)
            yield finding("long_word", "warn", text, span, "Kies een korter woord of leg het uit.")


def _passive(text: str, part: Part) -> Iterator[Finding]:
    facts = language_facts()
    for place, token in enumerate(part.words):
        if token.lower not in facts.passive:
            continue
        for other in part.words[max(0, place - 1) : place + 9]:
            if _PARTICIPLE.match(other.lower) and other.lower not in facts.no_participle:
                span = (min(token.start, other.start), max(token.end, other.end))
                yield finding("passive", "warn", text, span, "Zeg wie het doet: 'wij ...' of 'u ...'.")
                return


def _double_negation(text: str, part: Part) -> Iterator[Finding]:
    negations = language_facts().negations
    hits = [token for token in part.words if token.lower in negations]
    for one, other in pairwise(hits):
        if not set(text[one.end : other.start]) & set(",;:"):
            span = (one.start, other.end)
            yield finding("double_negation", "warn", text, span, "Zeg wat wel kan of wel moet.")


def _abbreviations(text: str) -> Iterator[Finding]:
    known = language_facts().abbreviations
    for match in _DOTTED.finditer(text):
        plain = known.get(match.group().lower())
        if plain:
            advice = f"Schrijf voluit: {plain}."
            yield finding("abbreviation", "warn", text, match.span(), advice)


def _mixed_address(text: str, parts: Sequence[Part]) -> Iterator[Finding]:
    facts = language_facts()
    words = [token for part in parts for token in part.words]
    informal = [token for token in words if token.lower in facts.informal]
    if not informal:
        return
    span = (informal[0].start, informal[0].end)
    if any(token.lower in facts.formal for token in words):
        yield finding("mixed_address", "stop", text, span, "Kies u of je; wij zeggen u.")
    else:
        yield finding("informal", "warn", text, span, "Wij zeggen u.")


def level_of(score: int) -> str:
    """Name the reading level of a score between 0 and 100; an estimate, no exam."""
    for floor, level in ((80, "A2"), (60, "B1"), (40, "B2")):
        if score >= floor:
            return level
    return "C1"

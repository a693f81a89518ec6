"""Judge how easy a Dutch text reads: rules for sentences and words with their places, and the level of the whole."""

from collections.abc import Iterator, Sequence

from messages.examined import Examined
from messages.findings import Finding, finding
from messages.parts import PROFILES, Part, Profile, parts_of
from messages.scoring import LEVELS, Score, causes
from messages.sentence_rules import sentence_findings
from messages.textstat_gateway import flesch_douma
from messages.word_rules import word_findings
from messages.wordlists import Token

__all__ = ["PROFILES", "SHORT_WORDS", "Part", "Profile", "douma", "findings", "is_short", "level_findings", "parts_of"]

SHORT_WORDS = 50
"""A text with fewer words is judged by the rules alone: a formula means nothing there."""

DOUMA_FLOOR = 10.0
"""No plain text comes under it: whatever else is right, the words are far too long."""

_FEW_SENTENCES = 3


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield what makes a Dutch text hard: per sentence, per word, and sentences that are long on average."""
    for part in examined.parts:
        yield from sentence_findings(examined.text, part, examined.limits)
    yield from word_findings(examined)
    yield from _mean_length(examined)


def is_short(parts: Sequence[Part]) -> bool:
    """Say whether a text has too few words for a formula."""
    return sum(len(part.words) for part in parts) < SHORT_WORDS


def douma(parts: Sequence[Part]) -> float | None:
    """Return the Flesch-Douma score (higher is easier), or None for a text under 50 words."""
    if is_short(parts):
        return None
    return round(flesch_douma([_plain(part.words) for part in parts if len(part.words) > 2]), 1)


def _plain(words: Sequence[Token]) -> list[str]:
    return [token.word if token.word[0].isalpha() else "7" for token in words]


def _mean_length(examined: Examined) -> Iterator[Finding]:
    lengths = [len(part.words) for part in examined.parts if len(part.words) > 2]
    if len(lengths) < _FEW_SENTENCES:
        return
    mean, limit = sum(lengths) / len(lengths), examined.limits.mean_words
    if mean > limit:
        advice = f"Zinnen van gemiddeld {mean:.0f} woorden. Streef naar {limit:.0f} of minder."
        yield finding("mean_sentence_length", "warn", examined.text, (0, len(examined.text)), advice)


def level_findings(examined: Examined, score: Score) -> Iterator[Finding]:
    """Yield that a whole text is too hard for its profile, and what helps most; of a short text, that it is short."""
    text = examined.text
    if is_short(examined.parts):
        advice = f"Korter dan {SHORT_WORDS} woorden: beoordeeld op zinnen en woorden, niet met de formule."
        yield finding("short_text", "info", text, (0, len(text)), advice)
    elif examined.is_dutch and (severity := _severity(examined, score)):
        helps = " en ".join(causes(examined.parts)) or "kortere en gewonere woorden"
        advice = f"Leesniveau {score.level} (score {score.score}). Het meest helpt: {helps}."
        yield finding("reading_score", severity, text, (0, len(text)), advice)


def _severity(examined: Examined, score: Score) -> str | None:
    """Say how bad the level is for the profile; words too long for Flesch-Douma stop a text too."""
    limits, level = examined.limits, LEVELS.index(score.level)
    formula = douma(examined.parts)
    if level >= LEVELS.index(limits.stop_level) or (formula is not None and formula < DOUMA_FLOOR):
        return "stop"
    return "warn" if level >= LEVELS.index(limits.warn_level) else None

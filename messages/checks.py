"""The check before a text goes out: readability, tone, stage and privacy in one verdict.

A text passes when no finding says stop. English is checked indicatively: sentence length, LIX, and the same
rules for tone, stage and privacy.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from messages.catalogue import split_parts
from messages.readability import (
    DOUMA,
    PROFILES,
    SHORT_WORDS,
    Finding,
    Part,
    Profile,
    douma,
    dutch_findings,
    finding,
    level_of,
    long_sentence,
    parts_of,
)
from messages.syllables import syllables
from messages.wordlists import Entry, Token, language_facts, lexicon, tokens

STYLE = "Huisstijl voor huurders: rustig, niets dat schreeuwt"
"""Rules 20 and 21 for messages (rules.md). Sources are Dutch, as the advice: staff read them on screen."""
PRIVACY = "AVG: anderen zien of horen een kaartje, voicemail, onderwerpregel of gedeelde telefoon"
LANGUAGES: frozenset[str] = frozenset({"nl", "en"})
PREVIEW_CHARACTERS = 40

_BANG = re.compile(r"!+")
_CAPITALS = re.compile(r"[^\W\d_a-zß-öø-ÿ]{2,}(?:[ -]+[^\W\d_a-zß-öø-ÿ]{2,})*")
_AMOUNT = re.compile(r"€\s?\d[\d.,]*|\b\d[\d.]*,\d{2}\b|\b\d+ euro\b", re.IGNORECASE)
_OPEN_TO_ALL = frozenset({"card"})
_PRIVATE_PARTS = ("greeting", "voicemail")
_PREVIEWED = frozenset({"sms", "whatsapp", "email"})
_STAFF = frozenset({"call", "visit"})
_LIX_WARN, _LIX_STOP = 45.0, 55.0
_LIX_LETTERS = 6
_ENGLISH = Profile(warn_words=20, stop_words=25, warn_douma=0.0, stop_douma=0.0)
_PENALTY = {"long_sentence": 4, "long_word": 2, "officialese": 4, "passive": 2, "abbreviation": 2, "double_negation": 2}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the check says: `score` 0 to 100, `douma` None when `short` (under 50 words) or not Dutch.

    `indicative` is True for English: no level is promised there.
    """

    level: str
    score: int
    douma: float | None
    passed: bool
    short: bool
    findings: tuple[Finding, ...]
    indicative: bool = False


def check(
    text: str,
    *,
    channel: str,
    language: str,
    subject: str | None = None,
    profile: str = "B1",
    allowed_measures: Collection[str] = frozenset(),
    parts: Mapping[str, str] | None = None,
    own_names: Collection[str] = (),
) -> Verdict:
    """Check one rendered text; `allowed_measures` may be named, `own_names` (people, places) are no hard words.

    Findings point into `text`; those of rule `private_subject` point into `subject`. Raises ValueError for an
    unknown profile or language.
    """
    if profile not in PROFILES:
        raise ValueError(f"unknown profile {profile!r}; known: {', '.join(sorted(PROFILES))}")
    if language not in LANGUAGES:
        raise ValueError(f"no checks for language {language!r}; known: {', '.join(sorted(LANGUAGES))}")
    found = tokens(text)
    sentences = parts_of(text, found)
    hits = list(lexicon(language).find(found))
    findings = [*_words(text, hits, frozenset(allowed_measures)), *_shouting(text)]
    limits = PROFILES[profile] if language == "nl" else _ENGLISH
    if language == "nl":
        findings += dutch_findings(text, sentences, limits)
    else:
        findings += [f for part in sentences for f in long_sentence(text, part, limits, "Make two sentences.")]
    findings += _privacy(text, channel, parts, hits)
    findings = _without_names(text, findings, own_names)
    if subject:
        seen = _open_text(subject, (0, len(subject)), _hits(subject, language), "private_subject", "stop")
        findings += _without_names(subject, list(seen), own_names)
    return _verdict(text, sentences, findings, language, limits)


def _verdict(text: str, parts: Sequence[Part], findings: list[Finding], language: str, limits: Profile) -> Verdict:
    words = [token for part in parts for token in part.words]
    short = len(words) < SHORT_WORDS
    formula = douma(parts) if language == "nl" else None
    findings += _formula(text, formula, limits) if language == "nl" else _lix(text, parts, short)
    if short:
        advice = "Korter dan 50 woorden: beoordeeld op zinnen en woorden, niet met de formule."
        findings.append(finding("short_text", "info", text, (0, len(text)), advice, DOUMA))
    score = _score(parts, words, findings, formula)
    return Verdict(
        level=level_of(score),
        score=score,
        douma=formula,
        passed=all(item.severity != "stop" for item in findings),
        short=short,
        findings=tuple(sorted(findings, key=lambda item: (item.start, item.end, item.rule))),
        indicative=language != "nl",
    )


def _score(parts: Sequence[Part], words: Sequence[Token], findings: Sequence[Finding], formula: float | None) -> int:
    """Weigh sentence length, word length and the findings into 0 to 100; the formula, when there, is half of it."""
    if not words:
        return 100
    longest = max(len(part.words) for part in parts)
    average = len(words) / max(1, sum(1 for part in parts if len(part.words) > 2))
    heavy = sum(1 for token in words if token.word[0].isalpha() and syllables(token.lower) >= 4) / len(words)
    penalties = sum(_PENALTY.get(item.rule, 0) for item in findings) * 100 / max(SHORT_WORDS, len(words))
    own = 100 - 2.0 * max(0.0, average - 8) - 0.5 * max(0, longest - 15) - 120 * heavy - penalties
    score = own if formula is None else (own + formula) / 2
    return round(min(100.0, max(0.0, score)))


def _formula(text: str, score: float | None, limits: Profile) -> Iterator[Finding]:
    if score is not None and score < limits.warn_douma:
        severity = "stop" if score < limits.stop_douma else "warn"
        advice = f"Leesscore {score}: schrijf kortere zinnen en kortere woorden."
        yield finding("reading_score", severity, text, (0, len(text)), advice, DOUMA)


def _lix(text: str, parts: Sequence[Part], short: bool) -> Iterator[Finding]:
    """LIX (Björnsson 1968): words a sentence plus the percentage of words over six letters."""
    words = [token for part in parts for token in part.words if token.word[0].isalpha()]
    if short or not words:
        return
    lix = len(words) / len(parts) + 100 * sum(1 for token in words if len(token.word) > _LIX_LETTERS) / len(words)
    if lix > _LIX_WARN:
        severity = "stop" if lix > _LIX_STOP else "warn"
        advice = f"LIX {lix:.0f}: use shorter sentences and words."
        yield finding("reading_score", severity, text, (0, len(text)), advice, "LIX (Björnsson 1968), een indicatie")


def _words(text: str, hits: Sequence[tuple[int, int, Entry]], allowed: frozenset[str]) -> Iterator[Finding]:
    for start, end, entry in hits:
        if entry.rule == "private" or (
            entry.rule.startswith("stage_") and entry.rule.removeprefix("stage_") in allowed
        ):
            continue
        yield finding(entry.rule, entry.severity, text, (start, end), entry.advice, entry.source)


def _shouting(text: str) -> Iterator[Finding]:
    for match in _BANG.finditer(text):
        yield finding("exclamation", "stop", text, match.span(), "Gebruik een punt.", STYLE)
    facts = language_facts()
    for match in _CAPITALS.finditer(text):
        words = [word for word in re.split(r"[ -]+", match.group()) if word not in facts.caps_allowed]
        if any(word in facts.caps_stress for word in words):
            yield finding("capitals", "stop", text, match.span(), "Gebruik gewone letters.", STYLE)
        elif any(len(word) > 3 for word in words):
            yield finding(
                "capitals", "warn", text, match.span(), "Gebruik gewone letters, tenzij het een naam is.", STYLE
            )


def _hits(text: str, language: str) -> list[tuple[int, int, Entry]]:
    return list(lexicon(language).find(tokens(text)))


def _privacy(
    text: str, channel: str, parts: Mapping[str, str] | None, hits: Sequence[tuple[int, int, Entry]]
) -> Iterator[Finding]:
    if channel in _OPEN_TO_ALL:
        yield from _open_text(text, (0, len(text)), hits, "private_card", "stop")
    if channel == "robocall":
        spoken = split_parts(text) if parts is None else parts
        for name in _PRIVATE_PARTS:
            yield from _open_text(text, _place(text, spoken.get(name, "")), hits, f"private_{name}", "stop")
    if channel in _PREVIEWED:
        yield from _open_text(text, (0, min(PREVIEW_CHARACTERS, len(text))), hits, "private_preview", "warn")


def _place(text: str, part: str) -> tuple[int, int]:
    start = text.find(part)
    return (start, start + len(part)) if part and start >= 0 else (0, len(text) if part else 0)


def _open_text(
    text: str, span: tuple[int, int], hits: Sequence[tuple[int, int, Entry]], rule: str, severity: str
) -> Iterator[Finding]:
    """Yield debt words and amounts inside a span that others can see or hear."""
    first, last = span
    for start, end, entry in hits:
        if entry.rule == "private" and first <= start and end <= last:
            yield finding(rule, severity, text, (start, end), entry.advice, PRIVACY)
    for match in _AMOUNT.finditer(text, first, last):
        yield finding(rule, severity, text, match.span(), "Hier geen bedrag.", PRIVACY)


def _without_names(text: str, findings: list[Finding], names: Collection[str]) -> list[Finding]:
    """Drop word findings that lie inside a name: a street or a person may be called anything."""
    spans = [match.span() for name in names if name for match in re.finditer(re.escape(name), text)]
    if not spans:
        return findings
    return [
        item
        for item in findings
        if item.rule == "long_sentence" or not any(start <= item.start and item.end <= end for start, end in spans)
    ]

"""The check before a text goes out: readability, tone, stage, privacy and law in one verdict.

A text passes when no finding says stop. Languages beside Dutch are checked indicatively.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from messages import form_rules, indicative, privacy, tone
from messages.examined import Examined, LetterFacts, examine
from messages.findings import Finding, finding
from messages.readability import SHORT_WORDS, Part, Profile, douma, dutch_findings, level_of
from messages.rules import DOUMA
from messages.syllables import syllables
from messages.template import split_parts

_PENALTY = {"long_sentence": 4, "long_word": 2, "officialese": 4, "passive": 2, "abbreviation": 2, "double_negation": 2}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the check says: `score` 0 to 100, `douma` None when `short` (under 50 words) or not Dutch.

    `indicative` is True for languages beside Dutch: no level is promised there.
    """

    level: str
    score: float
    douma: float | None
    passed: bool
    short: bool
    findings: tuple[Finding, ...]
    indicative: bool = False


def check(
    text: str,
    *,
    channel: str,
    language: str = "nl",
    subject: str | None = None,
    profile: str = "B1",
    purpose: str | None = None,
    allowed_measures: Collection[str] = frozenset(),
    parts: Mapping[str, str] | None = None,
    own_names: Collection[str] = (),
    facts: LetterFacts | None = None,
) -> Verdict:
    """Check one rendered text; `allowed_measures` may be named, `own_names` (people, places) are no hard words.

    With a `purpose` the text must hold what such a message needs. Findings point into `text`; those of rule
    `private_subject` point into `subject`. Raises ValueError for an unknown profile or language.
    """
    examined = examine(
        text,
        channel=channel,
        language=language,
        subject=subject,
        profile=profile,
        purpose=purpose,
        allowed_measures=frozenset(allowed_measures),
        spoken=_spoken(text, parts) if channel == "robocall" else {},
        facts=facts,
    )
    found = form_rules.without_numbers(examined, _without_names(text, _all(examined), own_names))
    if subject:
        found += _without_names(subject, privacy.subject_findings(examined), own_names)
    return _verdict(examined, found)


def _spoken(text: str, parts: Mapping[str, str] | None) -> Mapping[str, str]:
    return split_parts(text) if parts is None else parts


def _all(examined: Examined) -> Iterator[Finding]:
    yield from tone.findings(examined)
    if examined.is_dutch:
        yield from dutch_findings(examined.text, examined.parts, examined.limits)
    else:
        yield from indicative.findings(examined)
    yield from privacy.findings(examined)
    yield from form_rules.findings(examined)


def _verdict(examined: Examined, findings: list[Finding]) -> Verdict:
    text, parts = examined.text, examined.parts
    short = sum(len(part.words) for part in parts) < SHORT_WORDS
    formula = douma(parts) if examined.is_dutch else None
    findings += _formula(text, formula, examined.limits)
    if short:
        advice = "Korter dan 50 woorden: beoordeeld op zinnen en woorden, niet met de formule."
        findings.append(finding("short_text", "info", text, (0, len(text)), advice))
    score = _score(parts, findings, formula)
    return Verdict(
        level=level_of(score),
        score=score,
        douma=formula,
        passed=all(item.severity != "stop" for item in findings),
        short=short,
        findings=tuple(sorted(findings, key=lambda item: (item.start, item.end, item.rule))),
        indicative=not examined.is_dutch,
    )


def _score(parts: Sequence[Part], findings: Sequence[Finding], formula: float | None) -> int:
    """Weigh sentence length, word length and the findings into 0 to 100; the formula, when there, is half of it."""
    words = [token for part in parts for token in part.words]
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
        yield finding("reading_score", severity, text, (0, len(text)), advice, source=DOUMA)


def _without_names(text: str, findings: Iterable[Finding], names: Collection[str]) -> list[Finding]:
    """Drop word findings that lie inside a name: a street or a person may be called anything."""
    spans = [match.span() for name in names if name for match in re.finditer(re.escape(name), text)]
    return [
        item
        for item in findings
        if item.rule == "long_sentence" or not any(start <= item.start and item.end <= end for start, end in spans)
    ]

"""The check before a text goes out: readability, tone, stage, privacy and law in one verdict.

A text passes when no finding says stop. Languages beside Dutch are checked indicatively.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from messages import completeness, form_rules, indicative, law, privacy, readability, tone
from messages.examined import Examined, LetterFacts, examine
from messages.findings import Finding
from messages.rules import may_set_aside
from messages.scoring import Score, score_of
from messages.template import split_parts

_INDICATIVE_LEVELS = ((80, "A2"), (60, "B1"), (40, "B2"))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the check says: `score` 0 (hard) to 100 (easy), `lint` the difficulty on the scale of LiNT-II (100 - score).

    `douma` (Flesch-Douma) is None when the text is `short` (under 50 words) or not Dutch.

    `indicative` is True for languages beside Dutch: no level is promised there.
    """

    level: str
    score: float
    lint: float
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


def without(verdict: Verdict, rules: frozenset[str]) -> Verdict:
    """Return a verdict in which rules that were set aside no longer stop the text; they stay to be seen.

    A rule that nobody may set aside goes on to bind.
    """
    findings = tuple(
        replace(each, severity="warn") if each.severity == "stop" and may_set_aside(each.rule, rules) else each
        for each in verdict.findings
    )
    return replace(verdict, findings=findings, passed=all(each.severity != "stop" for each in findings))


def _spoken(text: str, parts: Mapping[str, str] | None) -> Mapping[str, str]:
    return split_parts(text) if parts is None else parts


def _all(examined: Examined) -> Iterator[Finding]:
    yield from tone.findings(examined)
    if examined.is_dutch:
        yield from readability.findings(examined)
    else:
        yield from indicative.findings(examined)
    yield from completeness.findings(examined)
    yield from law.findings(examined)
    yield from privacy.findings(examined)
    yield from form_rules.findings(examined)


def _verdict(examined: Examined, findings: list[Finding]) -> Verdict:
    score = score_of(examined.parts) if examined.is_dutch else _indicative_score(examined)
    findings += readability.level_findings(examined, score)
    return Verdict(
        level=score.level,
        score=score.score,
        lint=score.lint,
        douma=readability.douma(examined.parts) if examined.is_dutch else None,
        passed=all(item.severity != "stop" for item in findings),
        short=readability.is_short(examined.parts),
        findings=tuple(sorted(findings, key=lambda item: (item.start, item.end, item.rule))),
        indicative=not examined.is_dutch,
    )


def _indicative_score(examined: Examined) -> Score:
    """Score a text by the limits of its own language: an indication."""
    score = indicative.score_of(examined.parts, examined.base)
    level = next((name for floor, name in _INDICATIVE_LEVELS if score >= floor), "C1")
    return Score(score=score, level=level, lint=round(100 - score, 1))


def _without_names(text: str, findings: Iterable[Finding], names: Collection[str]) -> list[Finding]:
    """Drop word findings that lie inside a name: a street or a person may be called anything."""
    spans = [span for name in names for span in _places(name, text)]
    return [
        item
        for item in findings
        if item.rule == "long_sentence" or not any(start <= item.start and item.end <= end for start, end in spans)
    ]


def _places(name: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(name) if name else -1
    while start >= 0:
        yield start, start + len(name)
        start = text.find(name, start + len(name))

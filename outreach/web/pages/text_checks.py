"""Texts filled with made-up short and long values, checked, and cut into pieces so that findings can be marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from messages.catalogue import Catalogue
from messages.checks import Verdict, check
from messages.findings import Finding
from messages.rendering import Rendered, render
from messages.template import Template

LONGEST: Mapping[str, str] = {
    "name": "mevrouw Van der Heijden-de Jong",
    "amount": "€ 12.345,67",
    "since": "donderdag 30 september",
    "landlord": "Woningstichting De Goede Woning",
    "contact_name": "Annemarie van Leeuwen",
    "contact_phone": "088 - 123 45 67",
    "municipality": "Alphen aan den Rijn",
    "month_amount": "€ 1.250,00",
    "count": "12",
    "first_on": "donderdag 24 december",
    "last_on": "donderdag 30 september",
    "promise_on": "donderdag 24 december",
    "call_at": "donderdag 24 december om 15:00 uur",
    "address": "Burgemeester van Leeuwenlaan 123-2",
    "reference": "HA-2026-0012345",
    "debt_help_phone": "0800 123 45 67",
}
SHORTEST: Mapping[str, str] = {
    "name": "mevrouw Ng",
    "amount": "€ 5,00",
    "since": "1 mei",
    "landlord": "Woonbron",
    "contact_name": "Jo Bos",
    "contact_phone": "14 030",
    "municipality": "Ede",
    "month_amount": "€ 5,00",
    "count": "1",
    "first_on": "1 mei",
    "last_on": "1 mei",
    "promise_on": "1 mei",
    "call_at": "om 9 uur",
    "address": "Dam 1",
    "reference": "1",
    "debt_help_phone": "14 030",
}
"""Made-up values; a text must pass with the longest that occur as well as with the shortest."""

VALUES = {"longest": LONGEST, "shortest": SHORTEST}
SAID_ALREADY = frozenset({"short_text"})
"""Rules that the line above the text already says."""

_NAMES = ("name", "landlord", "contact_name", "municipality", "address")


@dataclass(frozen=True, kw_only=True)
class CheckedText:
    """One text filled in, with its verdict; the verdict does not depend on who reads it."""

    template: Template
    rendered: Rendered
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of text under the same findings: the severity of the narrowest, and the remarks (from 1) that end here."""

    text: str
    severity: str = ""
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A text in pieces, the findings that mark them in order, and those about the whole text."""

    pieces: tuple[Piece, ...]
    remarks: tuple[Finding, ...]
    general: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class TextHead:
    """One text in the list: the worst verdict over its channels, languages and values."""

    name: str
    purpose: str
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    level: str
    score: float
    passed: bool
    stops: int
    warnings: int


def checked_text(template: Template, size: str) -> CheckedText:
    """Fill a text with the longest or the shortest values and check it; kept per version of the text."""
    return _checked(template, size)


@lru_cache(maxsize=1024)
def _checked(template: Template, size: str) -> CheckedText:
    values = VALUES[size]
    rendered = render(template, values)
    verdict = check(
        rendered.text,
        channel=template.channel,
        language=template.language,
        subject=rendered.subject,
        allowed_measures=template.mentions,
        parts=rendered.parts or None,
        own_names=tuple(values[name] for name in _NAMES),
    )
    return CheckedText(template=template, rendered=rendered, verdict=verdict)


def text_heads(catalogue: Catalogue) -> tuple[TextHead, ...]:
    """Return every text of the catalogue by name, with its worst verdict."""
    return tuple(_head(catalogue, name) for name in catalogue.names())


def _head(catalogue: Catalogue, name: str) -> TextHead:
    found = [checked_text(template, size) for template in catalogue if template.name == name for size in VALUES]
    dutch = [each.verdict for each in found if each.template.language == "nl"]
    worst = min(dutch, key=lambda verdict: verdict.score)
    findings = [finding for each in found for finding in each.verdict.findings]
    return TextHead(
        name=name,
        purpose=found[0].template.purpose,
        channels=catalogue.channels(name),
        languages=catalogue.languages(name),
        level=worst.level,
        score=worst.score,
        passed=all(each.verdict.passed for each in found),
        stops=sum(finding.severity == "stop" for finding in findings),
        warnings=sum(finding.severity == "warn" for finding in findings),
    )


def marked(text: str, findings: Sequence[Finding]) -> Marked:
    """Cut a text where findings begin and end; findings over the whole text stand apart, as do those elsewhere."""
    about_all = [
        each for each in findings if (each.start, each.end) == (0, len(text)) or each.rule == "private_subject"
    ]
    local = [each for each in findings if each not in about_all and each.start < each.end <= len(text)]
    edges = sorted({0, len(text), *(edge for each in local for edge in (each.start, each.end))})
    pieces = tuple(_piece(text[start:end], start, end, local) for start, end in pairwise(edges) if start < end)
    general = tuple(each for each in about_all if each.rule not in SAID_ALREADY)
    return Marked(pieces=pieces, remarks=tuple(local), general=general)


def _piece(text: str, start: int, end: int, findings: Sequence[Finding]) -> Piece:
    over = [each for each in findings if each.start <= start < each.end]
    if not over:
        return Piece(text=text)
    narrowest = min(over, key=lambda each: (each.end - each.start, each.severity != "stop"))
    ends = tuple(number for number, each in enumerate(findings, start=1) if each.end == end)
    return Piece(text=text, severity=narrowest.severity, ends=ends)

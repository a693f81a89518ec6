"""A text cut into pieces where findings begin and end, so that they can be marked on a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from messages.findings import Finding

SAID_ALREADY = frozenset({"short_text"})
"""Rules that the line above the text already says."""


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

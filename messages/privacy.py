"""Privacy per channel: what others can see or hear shows no debt, no amount and no arrears."""

import re
from collections.abc import Iterator, Sequence

from messages.examined import Examined, Hit
from messages.findings import Finding, finding

PREVIEW_CHARACTERS = 40
PREVIEW = (
    "De eerste 40 tekens staan op het scherm, ook als de telefoon op slot is. Zet dit verderop, en begin met een groet."
)
SUBJECT_RULE = "private_subject"
"""Findings of this rule point into the subject line, all others into the text."""

_AMOUNT = re.compile(r"€\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|يورو)|\b\d[\d.]*,\d{2}\b|\b\d+ euro\b", re.IGNORECASE)
_OPEN_TO_ALL = frozenset({"card"})
_PRIVATE_PARTS = ("greeting", "voicemail", "wrong_number", "farewell", "offer", "choice")
"""Parts of a robocall that anybody in the house may hear: nobody has said who he is yet."""
_PREVIEWED = frozenset({"sms", "whatsapp", "email"})


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield what stands where others can see or hear it, in the text itself."""
    text, channel, hits = examined.text, examined.channel, examined.hits
    if channel in _OPEN_TO_ALL:
        yield from _open(text, (0, len(text)), hits, "private_card", "stop")
    if channel == "robocall":
        for name in _PRIVATE_PARTS:
            rule = "private_voicemail" if name == "voicemail" else "private_greeting"
            yield from _open(text, _place(text, examined.spoken.get(name, "")), hits, rule, "stop")
    if channel in _PREVIEWED:
        yield from _open(text, (0, min(PREVIEW_CHARACTERS, len(text))), hits, "private_preview", "stop")


def subject_findings(examined: Examined) -> Iterator[Finding]:
    """Yield what the subject line shows; the places are those in the subject."""
    subject = examined.subject or ""
    yield from _open(subject, (0, len(subject)), examined.subject_hits, SUBJECT_RULE, "stop")


def _place(text: str, part: str) -> tuple[int, int]:
    start = text.find(part)
    return (start, start + len(part)) if part and start >= 0 else (0, len(text) if part else 0)


def _open(text: str, span: tuple[int, int], hits: Sequence[Hit], rule: str, severity: str) -> Iterator[Finding]:
    first, last = span
    for start, end, entry in hits:
        if entry.rule == "private" and first <= start and end <= last:
            yield finding(rule, severity, text, (start, end), PREVIEW if rule == "private_preview" else entry.advice)
    for match in _AMOUNT.finditer(text, first, last):
        yield finding(rule, severity, text, match.span(), PREVIEW if rule == "private_preview" else "Hier geen bedrag.")

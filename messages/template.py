"""One text for a tenant: its placeholders, its parts, and the hash that names its version."""

import hashlib
import re
from dataclasses import dataclass

PLACEHOLDERS: frozenset[str] = frozenset(
    {
        "name",
        "amount",
        "since",
        "landlord",
        "contact_name",
        "contact_phone",
        "municipality",
        "month_amount",
        "last_amount",
        "plan_dates",
        "count",
        "first_on",
        "last_on",
        "promise_on",
        "call_at",
        "address",
        "reference",
        "debt_help_phone",
        "costs",
        "total_with_costs",
        "iban",
    }
)
CHANNELS: frozenset[str] = frozenset({"sms", "whatsapp", "email", "letter", "robocall", "call", "visit", "card"})
WITH_SUBJECT: frozenset[str] = frozenset({"email", "letter"})
PURPOSES: frozenset[str] = frozenset({"collection", "legal", "plan", "answer", "care"})
MEASURES: frozenset[str] = frozenset({"early_signal", "bailiff", "court", "eviction", "costs"})
REQUIRED_LANGUAGES: tuple[str, ...] = ("nl",)
ROBOCALL_PARTS: tuple[str, ...] = ("greeting", "message", "menu", "voicemail")
CALL_LINES = "robocall_lines"
"""The template of the sentences that every robocall has: what is said after a key, and the offer of a language."""
CALL_LINE_PARTS: tuple[str, ...] = (
    "again",
    "connecting",
    "call_back",
    "plan",
    "help",
    "no_more",
    "wrong_number",
    "stopped",
    "farewell",
    "closing",
    "offer",
    "choice",
)
FALLBACK_LANGUAGE = "nl"

BRACE = re.compile(r"\{([^{}\n]*)\}|[{}]")
_PART_LINE = re.compile(r"^\[([a-z_]+)\][ \t]*$", re.MULTILINE)


class CatalogueError(Exception):
    """Something is wrong with the catalogue of texts."""


class TemplateSyntaxError(CatalogueError):
    """A template file does not keep the format; the message names file and line."""


class MissingTemplate(CatalogueError, LookupError):
    """There is no such template, channel or language."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """One text for one channel and language; `version` is the hash of everything that can be read in it."""

    name: str
    channel: str
    language: str
    subject: str | None
    body: str
    purpose: str
    mentions: frozenset[str]
    version: str
    title: str | None = None

    @property
    def placeholders(self) -> frozenset[str]:
        """The placeholders that this text needs."""
        return frozenset(placeholders_in(self.body)) | frozenset(placeholders_in(self.subject or ""))


def text_version(
    name: str, channel: str, language: str, subject: str | None, body: str, purpose: str, mentions: frozenset[str]
) -> str:
    """Name a version of a text: the hash of everything that can be read in it."""
    parts = (name, channel, language, subject or "", body, purpose, *sorted(mentions))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def placeholders_in(text: str) -> list[str]:
    """Return the placeholder names in a text in order, with repeats; a stray brace counts as an empty name."""
    return [match.group(1) or "" for match in BRACE.finditer(text)]


def spoken_parts(name: str) -> tuple[str, ...]:
    """Return the parts that a robocall text of this template must have."""
    return CALL_LINE_PARTS if name == CALL_LINES else ROBOCALL_PARTS


def split_parts(body: str) -> dict[str, str]:
    """Split a robocall text at its `[greeting]` lines into part name -> text."""
    pieces = _PART_LINE.split(body)
    return {name: text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}

"""Fill a template with values: one pass, nothing missing, nothing invented."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from messages.directions import close_numbers, directed, isolated
from messages.languages import text_language
from messages.segments import gsm_friendly, measure
from messages.spoken import for_robocall, in_words
from messages.template import PLACEHOLDERS, CatalogueError, Template, split_parts

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PHONES = frozenset({"contact_phone", "debt_help_phone"})
_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]+\s*")


class RenderError(CatalogueError, ValueError):
    """A value is missing, empty or unknown."""


OWN_NAMES = ("name", "landlord", "contact_name", "municipality", "address", "iban")
"""Placeholders whose values are not ours to word: names, an address, a bank account."""

LISTS = frozenset({"plan_dates"})
"""Placeholders whose values are lists: each line stays a line of its own."""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The text as the tenant gets it; `parts` for a robocall, `segments` and `encoding` for an SMS."""

    subject: str | None
    text: str
    parts: Mapping[str, str] = field(default_factory=dict)
    segments: int | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Piece:
    """A run of a rendered body: a placeholder's value or wording, from `start` to `end` in the template's body."""

    text: str
    start: int
    end: int


def render(template: Template, values: Mapping[str, object]) -> Rendered:
    """Fill a template with values that the caller has formatted; known values that it does not use are ignored.

    Values go in once: braces inside a value stay braces, line breaks inside a value become spaces, but in a list.
    In a text that reads right to left they keep their own direction (`messages.directions`); in a spoken one numbers
    become words.
    Raises RenderError for a missing, empty or unknown placeholder.
    """
    filled = _values(template, values)
    text = "".join(piece.text for piece in pieces(template, values))
    subject = None if template.subject is None else _fill(template.subject, filled)
    if template.channel == "sms":
        size = measure(text)
        return Rendered(subject=subject, text=text, segments=size.segments, encoding=size.encoding)
    parts = {name: _fill(part, filled) for name, part in split_parts(template.body).items()}
    return Rendered(subject=subject, text=text, parts=parts if template.channel == "robocall" else {})


def own_names(values: Mapping[str, object], template: Template) -> tuple[str, ...]:
    """Return the values that no check judges: a person or a street may be called anything, also when it is heard."""
    names = [str(values[name]) for name in OWN_NAMES if values.get(name)]
    spoken = template.channel == "robocall"
    return (*names, *(in_words(name, template.language) for name in names if spoken))


def pieces(template: Template, values: Mapping[str, object]) -> Iterator[Piece]:
    """Yield the body as it is rendered, piece by piece, each with the place in the body that it comes from.

    Raises RenderError for a missing, empty or unknown placeholder.
    """
    filled, body, at = _values(template, values), template.body, 0
    for match in _PLACEHOLDER.finditer(body):
        yield Piece(_wording(template, body[at : match.start()]), at, match.start())
        value = filled[match.group(1)]
        yield Piece(gsm_friendly(value) if template.channel == "sms" else value, *match.span())
        at = match.end()
    yield Piece(_wording(template, body[at:]), at, len(body))


def _wording(template: Template, words: str) -> str:
    if text_language(template.language).right_to_left and template.channel != "robocall":
        words = close_numbers(words) if template.channel == "sms" else directed(words)
    return gsm_friendly(words) if template.channel == "sms" else words


def _values(template: Template, values: Mapping[str, object]) -> dict[str, str]:
    filled = _accepted(template, values)
    if template.channel == "robocall":
        return for_robocall(filled, template.language)
    if not text_language(template.language).right_to_left:
        return filled
    if template.channel == "sms":
        return {name: close_numbers(value) if name in _PHONES else value for name, value in filled.items()}
    return {name: "\n".join(map(isolated, value.split("\n"))) for name, value in filled.items()}


def _accepted(template: Template, values: Mapping[str, object]) -> dict[str, str]:
    where = f"{template.name}/{template.channel}/{template.language}"
    if unknown := sorted(set(values) - PLACEHOLDERS):
        raise RenderError(f"{where}: unknown values {', '.join(unknown)}")
    given = [name for name in template.placeholders if values.get(name) is not None]
    filled = {name: _BREAKS.sub("\n" if name in LISTS else " ", str(values[name])).strip() for name in given}
    if missing := sorted(template.placeholders - {name for name, value in filled.items() if value}):
        raise RenderError(f"{where}: no value for {', '.join(missing)}")
    return filled


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], text)

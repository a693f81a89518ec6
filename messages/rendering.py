"""Fill a template with values: one pass, nothing missing, nothing invented."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from messages.directions import close_numbers, isolate_numbers, isolated
from messages.languages import text_language
from messages.segments import gsm_friendly, measure
from messages.spoken import for_robocall
from messages.template import PLACEHOLDERS, CatalogueError, Template, split_parts

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PHONES = frozenset({"contact_phone", "debt_help_phone"})
_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]+\s*")


class RenderError(CatalogueError, ValueError):
    """A value is missing, empty or unknown."""


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The text as the tenant gets it; `parts` for a robocall, `segments` and `encoding` for an SMS."""

    subject: str | None
    text: str
    parts: Mapping[str, str] = field(default_factory=dict)
    segments: int | None = None
    encoding: str | None = None


def render(template: Template, values: Mapping[str, object]) -> Rendered:
    """Fill a template with values that the caller has formatted; known values that it does not use are ignored.

    Values go in once: braces inside a value stay braces, line breaks inside a value become spaces. In a text that
    reads right to left they keep their own direction (`messages.directions`); in a spoken one numbers become words.
    Raises RenderError for a missing, empty or unknown placeholder.
    """
    filled, body = _accepted(template, values), template.body
    if template.channel == "robocall":
        filled = for_robocall(filled, template.language)
    if text_language(template.language).right_to_left:
        filled, body = _directed(template, filled)
    subject = None if template.subject is None else _fill(template.subject, filled)
    text = _fill(body, filled)
    if template.channel == "sms":
        text = gsm_friendly(text)
        size = measure(text)
        return Rendered(subject=subject, text=text, segments=size.segments, encoding=size.encoding)
    parts = {name: _fill(part, filled) for name, part in split_parts(template.body).items()}
    return Rendered(subject=subject, text=text, parts=parts if template.channel == "robocall" else {})


def _directed(template: Template, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return values and body so that both keep their order in a line that reads right to left."""
    if template.channel == "robocall":
        return dict(values), template.body
    if template.channel == "sms":
        closed = {name: close_numbers(value) if name in _PHONES else value for name, value in values.items()}
        return closed, close_numbers(template.body)
    return {name: isolated(value) for name, value in values.items()}, isolate_numbers(template.body)


def _accepted(template: Template, values: Mapping[str, object]) -> dict[str, str]:
    where = f"{template.name}/{template.channel}/{template.language}"
    if unknown := sorted(set(values) - PLACEHOLDERS):
        raise RenderError(f"{where}: unknown values {', '.join(unknown)}")
    given = [name for name in template.placeholders if values.get(name) is not None]
    filled = {name: _BREAKS.sub(" ", str(values[name])).strip() for name in given}
    if missing := sorted(template.placeholders - {name for name, value in filled.items() if value}):
        raise RenderError(f"{where}: no value for {', '.join(missing)}")
    return filled


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], text)

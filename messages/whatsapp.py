"""The form in which WhatsApp approves a message, and the 24 hours in which none is needed.

Sources: Meta, WhatsApp Business Platform, Message templates, Components
(developers.facebook.com/documentation/business-messaging/whatsapp/templates/components); Twilio, Using Variables with
Content Templates and twilio/quick-reply (www.twilio.com/docs/content). Read in November 2026.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from messages.directions import directed
from messages.findings import Finding, finding
from messages.languages import base_language, text_language
from messages.replies.rules import KEYWORDS
from messages.samples import sample_values
from messages.template import Template

RULE = "whatsapp_form"
CATEGORY = "UTILITY"
WINDOW = timedelta(hours=24)
LONGEST_BODY = 1024
MOST_BUTTONS = 10
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CAPITALS = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})*")
_BREAKS = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t]{5,}")
_ADJACENT = re.compile(r"\{[a-z_]+\}\s*\{[a-z_]+\}")


@dataclass(frozen=True, kw_only=True)
class WhatsAppForm:
    """What is handed in for approval: `body` with {{1}}, {{2}}, ...; `variables` are placeholder and sample in order.

    `quick_replies` are the words that the text asks for: each can be a button that sends exactly that word.
    """

    name: str
    category: str
    language: str
    body: str
    variables: tuple[tuple[str, str], ...]
    quick_replies: tuple[str, ...]


def approved_form(template: Template) -> WhatsAppForm:
    """Return the approved-template form of a WhatsApp text. Raises ValueError for another channel or a bad name."""
    if template.channel != "whatsapp":
        raise ValueError(f"{template.name}: the channel is {template.channel}, not whatsapp")
    name = template.name if template.language == base_language(template.language) else _informal(template)
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for WhatsApp: a-z, 0-9 and _, 512 signs at most")
    numbers: dict[str, int] = {}
    for match in _VARIABLE.finditer(template.body):
        numbers.setdefault(match.group(1), len(numbers) + 1)
    samples = sample_values("typical", template.language)
    return WhatsAppForm(
        name=name,
        category=CATEGORY,
        language=base_language(template.language),
        body=_VARIABLE.sub(lambda match: f"{{{{{numbers[match.group(1)]}}}}}", _in_its_direction(template)),
        variables=tuple((placeholder, samples[placeholder]) for placeholder in numbers),
        quick_replies=_asked(template.body),
    )


def _in_its_direction(template: Template) -> str:
    return directed(template.body) if text_language(template.language).right_to_left else template.body


def _informal(template: Template) -> str:
    return f"{template.name}_{template.language.rpartition('-')[2]}"


def _asked(body: str) -> tuple[str, ...]:
    """Return the words in capitals that tenants can answer with, in order, each once."""
    found = [
        match.group() for match in _CAPITALS.finditer(_VARIABLE.sub("", body)) if match.group().lower() in KEYWORDS
    ]
    return tuple(dict.fromkeys(found))[:MOST_BUTTONS]


def form_findings(text: str) -> Iterator[Finding]:
    """Yield what WhatsApp refuses in a body with `{placeholders}`; of a filled-in one, only length and spacing."""
    variables = list(_VARIABLE.finditer(text))
    if len(text) > LONGEST_BODY:
        advice = f"WhatsApp neemt {LONGEST_BODY} tekens; dit zijn er {len(text)}."
        yield finding(RULE, "stop", text, (LONGEST_BODY, len(text)), advice)
    for match in _BREAKS.finditer(text):
        yield finding(RULE, "stop", text, match.span(), "Niet meer dan één lege regel achter elkaar.", ("\n\n",))
    for match in _SPACES.finditer(text):
        yield finding(RULE, "stop", text, match.span(), "Niet meer dan vier spaties achter elkaar.", (" ",))
    for match in _ADJACENT.finditer(text):
        yield finding(RULE, "stop", text, match.span(), "Zet woorden tussen twee invulvelden.")
    if variables:
        yield from _edges(text, variables)
        yield from _too_few_words(text, len({match.group(1) for match in variables}))


def _edges(text: str, variables: list[re.Match[str]]) -> Iterator[Finding]:
    first, last = variables[0], variables[-1]
    if not _WORD.search(text[: first.start()]):
        yield finding(RULE, "stop", text, first.span(), "Begin met een woord, niet met een invulveld.")
    if not _WORD.search(text[last.end() :]):
        yield finding(RULE, "stop", text, last.span(), "Eindig met een woord, niet met een invulveld.")


def _too_few_words(text: str, variables: int) -> Iterator[Finding]:
    words = len(_WORD.findall(_VARIABLE.sub(" ", text)))
    if words < 2 * variables + 1:
        advice = f"Voor {variables} invulvelden vraagt WhatsApp ten minste {2 * variables + 1} vaste woorden."
        yield finding(RULE, "stop", text, (0, len(text)), advice)


def whatsapp_window(last_inbound_at: datetime | None, now: datetime) -> Literal["open", "closed"]:
    """Say whether a text may go without an approved form: within 24 hours of what the tenant wrote last (aware UTC)."""
    return "open" if last_inbound_at is not None and now - last_inbound_at < WINDOW else "closed"


def content_variables(form: WhatsAppForm, values: Mapping[str, str]) -> dict[str, str]:
    """Return the filled-in variables by their number, as a provider takes them. Raises KeyError for a missing one."""
    return {str(number): values[name] for number, (name, _) in enumerate(form.variables, start=1)}

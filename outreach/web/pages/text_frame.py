"""What the pages of one text share: which text, the report of the checks, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from babel.numbers import format_decimal
from flask import abort, request

from messages.languages import LANGUAGES, text_language
from messages.rendering import Rendered
from messages.rules import RULES
from messages.samples import SIZES, sample_values
from messages.template import CHANNELS, WITH_SUBJECT
from outreach.services.policy import Policy, load_policy
from outreach.services.text_checking import Mark, TextReport, examine_for, with_rules_set_aside
from outreach.services.written_text import LONGEST_TEXT, WrittenProblem, WrittenText, fillable
from outreach.web.context import runtime, scope, user
from outreach.web.labels import label
from outreach.web.translation import N_, language

EDITORS = ("policy", "manager", "admin")
MOST_DIGITS = 9
SCRATCH = "scratch"
"""The name of a text that is only tried: nothing of it is kept."""
PURPOSES = {
    "collection": N_("contact over de huur"),
    "legal": N_("wettelijk"),
    "plan": N_("regeling"),
    "answer": N_("antwoord"),
    "care": N_("zorg"),
}
SIZE_NAMES = {"typical": N_("gewone waarden"), "longest": N_("langste waarden"), "shortest": N_("kortste waarden")}
TEXT_CHANNELS = ("sms", "whatsapp", "email", "letter", "card", "robocall", "call", "visit")
FIELD_NAMES = {
    "name": N_("naam van de huurder"),
    "amount": N_("bedrag dat open staat"),
    "since": N_("sinds welke dag"),
    "landlord": N_("naam van de verhuurder"),
    "contact_name": N_("naam van de medewerker"),
    "contact_phone": N_("telefoonnummer"),
    "municipality": N_("gemeente"),
    "address": N_("adres"),
    "reference": N_("nummer van de huurder"),
    "debt_help_phone": N_("telefoon schuldhulp"),
    "iban": N_("rekeningnummer"),
    "month_amount": N_("bedrag per maand"),
    "last_amount": N_("bedrag van de laatste keer"),
    "plan_dates": N_("alle dagen en bedragen"),
    "count": N_("aantal termijnen"),
    "first_on": N_("eerste dag"),
    "last_on": N_("laatste dag"),
    "promise_on": N_("afgesproken dag"),
    "call_at": N_("moment van terugbellen"),
    "costs": N_("incassokosten"),
    "total_with_costs": N_("bedrag met kosten"),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A text with its report, ready for a page. `first` is the score when the page was opened."""

    written: WrittenText
    report: TextReport
    rules: frozenset[str]

    @property
    def local(self) -> tuple[Mark, ...]:
        """The findings with a place of their own."""
        return tuple(mark for mark in self.report.marks if not mark.whole)

    @property
    def general(self) -> tuple[Mark, ...]:
        """The findings about the whole text or its subject."""
        return tuple(mark for mark in self.report.marks if mark.whole)

    @property
    def stops(self) -> int:
        """How many things must change."""
        return sum(mark.severity == "stop" for mark in self.report.marks) + len(self.report.problems)

    @property
    def warnings(self) -> int:
        """How many things can be better."""
        return sum(mark.severity == "warn" for mark in self.report.marks)


def may_edit() -> bool:
    """Tell whether the signed-in user may change texts."""
    return user().role in EDITORS


def policy() -> Policy:
    """Return what is in force."""
    with runtime().db.read() as session:
        return load_policy(session, scope().landlord_id)


def place_asked() -> tuple[str, str]:
    """Return the channel and language that the address names; 404 for ones that we do not have."""
    channel, code = request.values.get("channel", ""), request.values.get("language", "nl")
    if channel not in CHANNELS or code not in LANGUAGES:
        abort(404)
    return channel, code


def look_at(found: Policy, written: WrittenText) -> Shown:
    """Check a text with what the steps that use it allow, and with what was set aside for this version.

    A text that is only tried needs no subject.
    """
    report = examine_for(found, written)
    if written.name == SCRATCH:
        report = replace(report, problems=tuple(each for each in report.problems if each.blocks_check))
    aside = found.approvals.rules_set_aside(written.as_template())
    return Shown(written=written, report=with_rules_set_aside(report, aside), rules=aside)


def score_of(shown: Shown) -> float | None:
    """Return the lowest score; None when the text cannot be filled in."""
    worst = shown.report.worst
    return worst.score if worst else None


def whole(typed: str) -> int:
    """Return a number that a form carries; what is none, or far too big, counts as nothing."""
    return int(typed) if typed.isdecimal() and len(typed) <= MOST_DIGITS else 0


def swapped(typed: WrittenText, pressed: str) -> WrittenText:
    """Put an alternative in the place of the words that it was offered for: `swap:START:END:WORDS`."""
    parts = pressed.split(":", 3)
    if len(parts) != 4 or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return typed
    start, end = whole(parts[1]), whole(parts[2])
    return replace(typed, body=typed.body[:start] + parts[3] + typed.body[end:])


def as_seen(written: WrittenText, rendered: Rendered, to: str, address: str | None) -> SimpleNamespace:
    """Give a text in the form in which the outbox shows a message."""
    return SimpleNamespace(
        channel=written.channel,
        text=rendered.text,
        subject=rendered.subject,
        parts=rendered.parts,
        to=to,
        sent_to=address if written.channel in ("letter", "card") else None,
        sent_at=None,
    )


def sample_view(shown: Shown, size: str) -> SimpleNamespace | None:
    """Give the text filled with made-up values; None when it cannot be filled in."""
    if not shown.report.previews:
        return None
    size = size if size in SIZES else "typical"
    values = sample_values(size, shown.written.language)
    return as_seen(shown.written, shown.report.previews[size], values["name"], values["address"])


def fields_of(written: WrittenText) -> list[tuple[str, str, str]]:
    """List the fields that this text may use: code, what it is, an example."""
    values = sample_values("typical", written.language)
    known = fillable(written.name, written.purpose)
    return [(code, FIELD_NAMES[code], values[code]) for code in FIELD_NAMES if code in known]


def title_of(written: WrittenText, names: Mapping[str, str]) -> str:
    """Return what a text is called on screen."""
    return written.title or names.get(written.name, written.name)


def problem_text(problem: WrittenProblem) -> str:
    """Return what is wrong in the language of the screen."""
    return problem.text_en if language() == "en" else problem.text_nl


def rule_title(rule: str) -> str:
    """Return what a rule is about in the language of the screen."""
    found = RULES[rule]
    return found.title_en if language() == "en" else found.title_nl


def language_title(code: str) -> str:
    """Return the name of a language of texts in the language of the screen."""
    found = text_language(code)
    return found.title_en if language() == "en" else found.title_nl


def figure(value: float) -> str:
    """Write a score as the language of the screen does: 78,3 in Dutch."""
    return str(format_decimal(value, locale=language()))


def shared() -> dict[str, Any]:
    """Return what the templates of texts need."""
    return {
        "figure": figure,
        "purposes": PURPOSES,
        "sizes": SIZE_NAMES,
        "rule_title": rule_title,
        "problem_text": problem_text,
        "language_title": language_title,
        "channel_label": lambda code: label("channel", code),
        "text_language": text_language,
        "with_subject": WITH_SUBJECT,
        "most": LONGEST_TEXT,
        "may_edit": may_edit(),
    }

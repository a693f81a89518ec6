"""What a task is about, in a line or two: the partner, the day, the condition that failed, what is missing."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import Flask

from outreach.services.decisions import reason_from_data
from outreach.web.formats import day as day_words
from outreach.web.formats import money
from outreach.web.labels import label
from outreach.web.translation import N_, _, language
from schedules.reasons import REASONS, reason_text

DAYS = {
    "on": N_("Ontruiming op %(day)s."),
    "due_on": N_("Verwacht op %(day)s."),
    "ends_on": N_("Het traject eindigt op %(day)s."),
}
TITLES = {
    "title": N_("%(what)s"),
    "failed": N_("Klopt niet meer: %(what)s."),
    "conditions": N_("Nog te vragen: %(what)s."),
    "warning": N_("Let op: %(what)s."),
    "stopped": N_("Gestopt: %(what)s."),
}


def init_app(app: Flask) -> None:
    """Give templates `about(kind, detail)`."""
    app.jinja_env.globals["about"] = about


def about(kind: str, detail: Mapping[str, Any]) -> list[str]:
    """Say what a task is about, from what was kept with it."""
    return list(_lines(kind, detail))


def _lines(kind: str, detail: Mapping[str, Any]) -> Iterator[str]:
    partner = detail.get("partner")
    if kind in ("referral_overdue", "referral_rejected", "offer_again") and partner:
        yield label("partner", str(partner))
    elif kind in ("help_stopped", "referral_held") and partner:
        yield str(partner)
    if detail.get("tell"):
        yield _("Vertel het ook aan %(name)s (%(person)s).", name=detail["tell"], person=detail.get("tell_person", ""))
    if kind == "referral_rejected" and detail.get("reason"):
        yield _("Reden: %(reason)s.", reason=label("rejected", detail["reason"]))
    if kind == "referral_held":
        yield from _missing(detail)
    if kind == "plan_request" and detail.get("why"):
        yield _("Waarom u beslist: %(why)s.", why=label("plan_why", detail["why"]))
    if kind in ("broken_plan", "new_arrears") and detail.get("cents"):
        yield _("Het gaat om %(amount)s.", amount=money(detail["cents"]))
    for key, text in TITLES.items():
        if what := _title(detail.get(key)):
            yield _(text, what=what)
    for key, text in DAYS.items():
        if on := detail.get(key):
            yield _(text, day=day_words(date.fromisoformat(on)))
    for party in detail.get("parties", ()):
        yield ", ".join(part for part in (party["name"], party["person"], party["phone"]) if part)


def _title(found: Any) -> str:
    """Write a title in both languages, or a list of them, in the language of the screen."""
    entries = found if isinstance(found, list) else [found]
    return "; ".join(each.get(language(), "") for each in entries if isinstance(each, Mapping))


def _missing(detail: Mapping[str, Any]) -> Iterator[str]:
    names = detail.get("names", {}).get(language(), {})
    for each in detail.get("why", ()):
        reason = reason_from_data(each)
        if reason.code in REASONS:
            yield reason_text(reason, language(), names)

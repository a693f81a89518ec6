"""Reasons of the engine as sentences in the language of the screen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Flask

from outreach.services.reading.heads import LadderTitles
from outreach.web.labels import OUTCOMES, PAUSE_REASONS, label
from outreach.web.translation import N_, _, language
from schedules.decisions import Param, Reason
from schedules.reason_words import WORDS
from schedules.reasons import REASONS, reason_text

STEP_WORDS = {
    "answer": {"nl": "Antwoord", "en": "Answer"},
    "plan": {"nl": "Regeling", "en": "Payment plan"},
    "confirm": {"nl": "Bevestiging", "en": "Confirmation"},
}
CHILD_FOUND = N_("Kind gezien bij huisbezoek; schakel hulp in.")
THREAT_TITLE = N_("Dreiging")
WRONG_NUMBER_TITLE = N_("Verkeerd nummer")
THREAT = N_("Lees wat er staat. Overleg met uw leidinggevende voordat u antwoordt. Ga er niet alleen heen.")
LANDLORD_VALUES = {
    "contact_name": N_("contactpersoon"),
    "contact_phone": N_("telefoon"),
    "landlord": N_("naam van de afzender"),
    "debt_help_phone": N_("telefoon van schuldhulp"),
}
"""Values of a text that the landlord fills in at the settings."""

CASE_VALUES = {
    "name": N_("naam"),
    "amount": N_("bedrag"),
    "since": N_("vervaldag"),
    "municipality": N_("gemeente"),
    "address": N_("adres"),
    "reference": N_("nummer van de huurovereenkomst"),
}
_MISSING = re.compile(r"no value for ([a-z_]+(?:, [a-z_]+)*)")
_OUTCOME_KEYS = frozenset({"outcome", "outcomes"})


def init_app(app: Flask) -> None:
    """Give templates `why(reasons, titles)`, `step_title(key, titles)` and `advice` and `task_title(kind, detail)`."""
    app.jinja_env.globals["why"] = why
    app.jinja_env.globals["step_title"] = step_title
    app.jinja_env.globals["advice"] = advice
    app.jinja_env.globals["task_title"] = task_title


def why(reasons: Iterable[Reason], titles: LadderTitles | None = None) -> list[str]:
    """Write reasons as sentences; one that the engine does not know is shown by its code."""
    names = titles.names(language()) if titles else {}
    return [_sentence(reason, names) for reason in reasons]


def step_title(key: str, titles: LadderTitles | None = None) -> str:
    """Write the title of a step, also of answers and plan messages outside the ladder."""
    if titles and titles.knows(key):
        return titles.step(key, language())
    return STEP_WORDS.get(key.partition(":")[0], {}).get(language()) or key.partition(":")[0].replace("_", " ")


def task_title(kind: str, detail: Mapping[str, Any]) -> str:
    """Name a task; a threat is no crisis, and a message to a stranger did arrive."""
    if kind == "failed_delivery" and detail.get("why") == "wrong_number":
        return _(WRONG_NUMBER_TITLE)
    return _(THREAT_TITLE) if _threatens(kind, detail) else label("task", kind)


def _threatens(kind: str, detail: Mapping[str, Any]) -> bool:
    return kind == "crisis" and "threat" in (detail.get("why"), detail.get("intent"))


def advice(kind: str, detail: Mapping[str, Any]) -> str:
    """Write what to do about a task, from what it is about where that says more than its kind."""
    if detail.get("intent") == "child_found":
        return _(CHILD_FOUND)
    if _threatens(kind, detail):
        return _(THREAT)
    lacking = _lacking(str(detail.get("why", ""))) if kind == "text_refused" else None
    return lacking or label("advice", kind)


def _sentence(reason: Reason, names: Mapping[str, str]) -> str:
    if reason.code in REASONS:
        params = {key: _in_words(key, value) for key, value in reason.params.items()}
        return reason_text(replace(reason, params=params), language(), names)
    if reason.code == "text_refused":
        said = str(reason.params.get("why", ""))
        return _lacking(said) or _("De tekst is tegengehouden: %(why)s", why=said)
    return _plain(reason)


def _in_words(key: str, value: Param) -> Param:
    """Write outcomes and reasons of a pause as the rest of the screen does."""
    if not isinstance(value, str):
        return value
    if key in _OUTCOME_KEYS:
        return " / ".join(label("outcome", code) if code in OUTCOMES else code for code in value.split(" / "))
    return label("pause", value).lower() if key == "reason" and value in PAUSE_REASONS.keys() - WORDS else value


def _lacking(said: str) -> str | None:
    """Say which values a text lacks and where they are filled in, None when it was refused for another reason."""
    found = _MISSING.search(said)
    if found is None:
        return None
    codes = found.group(1).split(", ")
    words = {**CASE_VALUES, **LANDLORD_VALUES}
    names = ", ".join(_(words[code]) if code in words else code.replace("_", " ") for code in codes)
    if LANDLORD_VALUES.keys() >= set(codes):
        return _("Er ontbreken gegevens van de verhuurder: %(names)s. Vul ze in bij Instellingen.", names=names)
    return _("Er ontbreken gegevens: %(names)s.", names=names)


def _plain(reason: Reason) -> str:
    rest = ", ".join(str(value) for value in reason.params.values())
    words = reason.code.replace("_", " ")
    return f"{words}: {rest}" if rest else words

"""Reasons of the engine as sentences in the language of the screen."""

from collections.abc import Iterable

from flask import Flask

from outreach.services.reading.heads import LadderTitles
from outreach.web.translation import language
from schedules.decisions import Reason
from schedules.reasons import REASONS, reason_text


def init_app(app: Flask) -> None:
    """Give templates `why(reasons, titles)` and `step_title(key, titles)`."""
    app.jinja_env.globals["why"] = why
    app.jinja_env.globals["step_title"] = step_title


def why(reasons: Iterable[Reason], titles: LadderTitles | None = None) -> list[str]:
    """Write reasons as sentences; one that the engine does not know is shown by its code."""
    names = titles.names(language()) if titles else {}
    return [reason_text(reason, language(), names) if reason.code in REASONS else _plain(reason) for reason in reasons]


def step_title(key: str, titles: LadderTitles | None = None) -> str:
    """Write the title of a step, also of answers and plan messages outside the ladder."""
    if titles and key in titles.steps:
        return titles.step(key, language())
    return STEP_WORDS.get(key.partition(":")[0], {}).get(language()) or key.partition(":")[0].replace("_", " ")


STEP_WORDS = {
    "answer": {"nl": "Antwoord", "en": "Answer"},
    "plan": {"nl": "Regeling", "en": "Payment plan"},
    "confirm": {"nl": "Bevestiging", "en": "Confirmation"},
}


def _plain(reason: Reason) -> str:
    rest = ", ".join(str(value) for value in reason.params.values())
    words = reason.code.replace("_", " ")
    return f"{words}: {rest}" if rest else words

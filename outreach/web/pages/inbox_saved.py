"""The saved answers: list, make, change, remove; each is checked when it is saved."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from messages.saved_answers import FILLED_IN
from outreach.db.tables import SavedAnswerRow
from outreach.errors import OutreachError
from outreach.services.policy import load_policy
from outreach.services.saved_answers import (
    AnswerText,
    NotSaved,
    add_shipped,
    judge,
    list_answers,
    remove_answer,
    save_answer,
)
from outreach.web.context import actor, runtime, scope
from outreach.web.forms import Field, Form, blank, read
from outreach.web.pages.inbox_frame import shared
from outreach.web.reply_labels import INTENTS
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language

FITTING = tuple((code, text) for code, text in INTENTS.items() if not code.startswith("menu_"))
"""What a saved answer can fit; a pressed key says nothing by itself."""

blueprint = Blueprint("inbox_saved", __name__)

PLACES = {
    "name": N_("de huurder, zoals: mevrouw De Vries"),
    "contact_name": N_("uw contactpersoon"),
    "contact_phone": N_("uw telefoonnummer"),
    "landlord": N_("uw organisatie"),
}


@blueprint.get("/postvak-in/antwoorden")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show the saved answers."""
    with runtime().db.read() as session:
        rows = list_answers(session, scope().landlord_id)
    return render_template("inbox/saved.html", rows=rows, **shared())


@blueprint.get("/postvak-in/antwoorden/nieuw")
@for_roles("policy", "worker")
def new() -> str:
    """Make an answer."""
    return _page(None, blank(_fields(), text=request.args.get("text", "")[:1000]))


@blueprint.get("/postvak-in/antwoorden/<int:answer_id>")
@for_roles("policy", "worker")
def edit(answer_id: int) -> str:
    """Change an answer."""
    row = _row(answer_id)
    form = blank(_fields(), name=row.name, text=row.text, language=row.language, intent=row.intent)
    return _page(row, form, judge(row.text, row.language))


@blueprint.post("/postvak-in/antwoorden/nieuw")
@for_roles("policy", "worker")
def create() -> Response | tuple[str, int]:
    """Save a new answer."""
    return _save(None)


@blueprint.post("/postvak-in/antwoorden/<int:answer_id>")
@for_roles("policy", "worker")
def save(answer_id: int) -> Response | tuple[str, int]:
    """Save a changed answer."""
    return _save(_row(answer_id))


@blueprint.post("/postvak-in/antwoorden/<int:answer_id>/weg")
@for_roles("policy", "worker")
def remove(answer_id: int) -> Response:
    """Remove an answer."""
    remove_answer(runtime(), actor(), scope().landlord_id, _row(answer_id).id)
    flash(_("Het antwoord is weg."), "ok")
    return redirect(url_for("inbox_saved.index"))


@blueprint.post("/postvak-in/antwoorden/voorbeelden")
@for_roles("policy", "worker")
def examples() -> Response:
    """Add the answers that ship and are not there."""
    number = add_shipped(runtime(), actor(), scope().landlord_id)
    flash(_("%(number)s antwoorden toegevoegd.", number=number) if number else _("Alle voorbeelden staan er al."), "ok")
    return redirect(url_for("inbox_saved.index"))


def _fields() -> tuple[Field, ...]:
    with runtime().db.read() as session:
        known = load_policy(session, scope().landlord_id).settings.languages
    titles = shared()["language_title"]
    languages = tuple((code, titles(code)) for code in dict.fromkeys(("nl", *known)))
    return (
        Field(name="name", label=N_("Naam"), help=N_("Kort, zodat collega's het terugvinden.")),
        Field(name="language", label=N_("Taal"), kind="select", options=languages, translate=False, initial="nl"),
        Field(name="intent", label=N_("Past bij"), kind="select", options=FITTING, required=False),
        Field(name="text", label=N_("Antwoord"), kind="textarea"),
    )


def _row(answer_id: int) -> SavedAnswerRow:
    with runtime().db.read() as session:
        return session.scalar(scope().select(SavedAnswerRow).where(SavedAnswerRow.id == answer_id)) or abort(404)


def _save(row: SavedAnswerRow | None) -> Response | tuple[str, int]:
    form, verdict = read(_fields(), request.form), None
    if form.valid:
        clean = form.clean
        answer = AnswerText(
            name=clean["name"], language=clean["language"], text=clean["text"], intent=clean["intent"] or ""
        )
        try:
            save_answer(runtime(), actor(), scope().landlord_id, answer, row.id if row else None)
        except NotSaved as error:
            form, verdict = form.refused(error), error.verdict
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Bewaard."), "ok")
            return redirect(url_for("inbox_saved.index"))
    return _page(row, form, verdict), 422


def _page(row: SavedAnswerRow | None, form: Form, verdict: Any = None) -> str:
    places = [(name, _(PLACES[name])) for name in FILLED_IN]
    return render_template(
        "inbox/saved_edit.html",
        row=row,
        form=form,
        verdict=verdict,
        size=None,
        places=places,
        said=language(),
        **shared(),
    )

"""Build and change a ladder on screen: begin one, its page, undo and redo, the file of it, and throwing it away."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.runtime import Runtime
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.draft_rows import Done, Draft
from outreach.services.ladder_drafts import (
    StaleDraft,
    discard,
    list_drafts,
    new_draft,
    redo,
    save_draft,
    undo,
)
from outreach.web.context import actor, runtime, scope, today, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.pages.editor_board import Opened
from outreach.web.pages.editor_frame import (
    act,
    answered,
    board,
    board_answer,
    change,
    context,
    draft_of,
    is_behind,
    is_partial,
    ladder_titles,
    may_edit,
    seen_revision,
    stale,
)
from outreach.web.pages.ladder_upload import read_upload
from outreach.web.pages.step_form import LONG, SHORT, too_long
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.draft_start import Beginning, copied_ladder, empty_ladder
from schedules.drafting import Data, new_key
from schedules.ladder_file import write_ladder
from schedules.overlay import with_floor

blueprint = Blueprint("ladder_editor", __name__)

EMPTY, FILE = "leeg", "bestand"


@blueprint.get("/contactladders/nieuw")
@for_roles("policy")
def new() -> str:
    """Ask how to begin: from nothing, from another ladder, or from a file."""
    return _new(blank(_fields(), begin=request.args.get("van", EMPTY), decided_by=user().landlord_name))


@blueprint.post("/contactladders/nieuw")
@for_roles("policy")
def begin() -> AnyResponse | tuple[str, int]:
    """Begin a ladder and open it."""
    form = _short_enough(read(_fields(), request.form))
    if not form.valid:
        return _new(form), 422
    chosen = form.clean["begin"]
    try:
        about, how = _beginning(form, chosen)
        data = _started(chosen, about)
        draft = new_draft(runtime(), actor(), scope().landlord_id, write_ladder(data), Done(what=how))
    except Refused as error:
        return _new(form.refused(error)), 422
    flash(_("De ladder staat klaar. Alles wat u verandert wordt meteen bewaard."), "ok")
    return redirect(url_for("ladder_editor.edit", name=draft.name))


def _short_enough(form: Form) -> Form:
    limits = {"title": SHORT, "decided_by": SHORT, "description": LONG}
    long = {name: too_long(most) for name, most in limits.items() if len(form.value(name)) > most}
    return replace(form, errors={**long, **form.errors})


def _beginning(form: Form, chosen: str) -> tuple[Beginning, str]:
    with runtime().db.read() as session:
        taken = {draft.name for draft in list_drafts(session, scope().landlord_id)}
    taken |= {name for name, _title in ladder_titles()}
    title = form.clean["title"]
    words = form.clean["description"] or _("Eigen ladder van %(landlord)s.", landlord=user().landlord_name)
    start: date = form.clean["valid_from"] or today()
    about = Beginning(
        name=new_key(title, taken, "ladder"),
        title={"nl": title, "en": title},
        decided_by=form.clean["decided_by"],
        description=words,
        on=start,
    )
    return about, {EMPTY: "empty", FILE: "imported"}.get(chosen, "copy")


def _started(chosen: str, about: Beginning) -> Data:
    if chosen == EMPTY:
        return empty_ladder(about)
    if chosen == FILE:
        return copied_ladder(read_upload(), about)
    return copied_ladder(draft_of(chosen).data, about)


def _fields() -> tuple[Field, ...]:
    return (
        Field(name="title", label=N_("Hoe heet de ladder?"), help=N_("Bijvoorbeeld: Huurincasso 2027.")),
        Field(name="begin", label=N_("Waarmee begint u?"), kind="select", options=_beginnings(), translate=False),
        Field(
            name="decided_by",
            label=N_("Wie heeft hierover besloten?"),
            help=N_("Bijvoorbeeld: bestuur, 3 november 2026. Staat later bij de ladder."),
        ),
        Field(
            name="description",
            label=N_("Waar gaat deze ladder over?"),
            kind="textarea",
            required=False,
            help=N_("In een of twee zinnen, voor wie hem later leest."),
        ),
        Field(name="valid_from", label=N_("Geldig vanaf"), kind="date", initial=today().isoformat()),
    )


def _beginnings() -> list[tuple[str, str]]:
    return [
        (EMPTY, _("Leeg: alleen de fasen en een overleg aan het eind")),
        *ladder_titles(),
        (FILE, _("Uit een bestand")),
    ]


def _new(form: Form) -> str:
    with runtime().db.read() as session:
        drafts = list_drafts(session, scope().landlord_id)
    return render_template(
        "ladders/editor/new.html", form=form, drafts=[(d, d.data["title"][language()]) for d in drafts]
    )


@blueprint.get("/contactladders/<name>/bewerken")
@for_roles("policy", "worker", "manager")
def edit(name: str) -> str | AnyResponse:
    """Show the editor; who may not edit reads along. An example from a source is copied first."""
    opened = Opened(
        step=request.args.get("stap"),
        adding=request.args.get("nieuw"),
        after=request.args.get("na"),
        failed="mislukt" in request.args,
        removing=request.args.get("weg"),
        stage=request.args.get("fase"),
    )
    shown = board(name, opened if may_edit() else Opened(step=opened.step))
    if shown.ladder.status != "own":
        return redirect(url_for("ladder_editor.new", van=name))
    if is_partial():
        return board_answer(shown, focus=_focus(opened))
    behind = is_behind(shown.draft)
    return render_template("ladders/editor/edit.html", board=shown, behind=behind, **context(shown))


def _focus(opened: Opened) -> str:
    if opened.step:
        return "#f-title_nl"
    if opened.adding:
        return "#new-step"
    if opened.removing:
        return "#removal"
    return "#stage-form" if opened.stage else ""


@blueprint.post("/contactladders/<name>/bewerken/ongedaan")
@for_roles("policy")
def take_back(name: str) -> AnyResponse:
    """Take the last edit back."""
    last = draft_of(name).undo
    say = _("Ongedaan gemaakt: %(what)s.", what=act(last)) if last else _("Er is niets om ongedaan te maken.")
    return _history(name, undo, say, "#undo")


@blueprint.post("/contactladders/<name>/bewerken/opnieuw")
@for_roles("policy")
def do_again(name: str) -> AnyResponse:
    """Do the edit again that was taken back."""
    last = draft_of(name).redo
    say = _("Opnieuw gedaan: %(what)s.", what=act(last)) if last else _("Er is niets om opnieuw te doen.")
    return _history(name, redo, say, "#redo")


def _history(name: str, move: Callable[[Runtime, Actor, int, str, int], Draft], say: str, focus: str) -> AnyResponse:
    opened = Opened(step=request.form.get("stap") or None)
    try:
        move(runtime(), actor(), scope().landlord_id, name, seen_revision())
    except StaleDraft as error:
        return stale(name, error, opened)
    shown = board(name, opened)
    if opened.step and shown.rung(opened.step) is None:
        shown = board(name)
    return answered(shown, say=say, focus=focus)


@blueprint.post("/contactladders/<name>/bewerken/wet")
@for_roles("policy")
def add_floor(name: str) -> AnyResponse:
    """Add what law asks and the ladder lacks."""
    before = len(draft_of(name).data["steps"])
    try:
        changed = change(name, with_floor, "floor")
    except StaleDraft as error:
        return stale(name, error)
    number = len(changed.data["steps"]) - before
    say = _("Toegevoegd wat de wet vraagt: %(number)s stappen erbij.", number=number)
    return answered(board(name), say=say if number else _("Deze ladder heeft al wat de wet vraagt."), focus="#floor")


@blueprint.get("/contactladders/<name>/bewerken/bestand")
@for_roles("policy", "worker", "manager")
def export(name: str) -> Response:
    """Give the file of the draft, to keep or to send."""
    draft = draft_of(name)
    headers = {"Content-Disposition": f'attachment; filename="contactladder-{draft.name}.yaml"'}
    return Response(draft.body, mimetype="application/yaml", headers=headers)


@blueprint.post("/contactladders/<name>/bewerken/bestand")
@for_roles("policy")
def bring(name: str) -> AnyResponse | tuple[str, int]:
    """Put the ladder of a file in the place of the draft; that can be undone."""
    old = draft_of(name).data
    try:
        text = write_ladder({**read_upload(), "ladder": name, "status": "own", "title": old["title"]})
        save_draft(runtime(), actor(), scope().landlord_id, name, seen_revision(), text, Done(what="imported"))
    except StaleDraft as error:
        return stale(name, error)
    except Refused as error:
        shown = board(name)
        page = render_template(
            "ladders/editor/edit.html", board=shown, upload_error=error.text(language()), **context(shown)
        )
        return page, 422
    flash(_("Het bestand is ingelezen. U kunt dit ongedaan maken."), "ok")
    return redirect(url_for("ladder_editor.edit", name=name))


@blueprint.post("/contactladders/<name>/bewerken/weggooien")
@for_roles("policy")
def drop(name: str) -> AnyResponse:
    """Throw the draft away; what is in force stays."""
    draft = draft_of(name)
    if not draft.is_kept:
        abort(404)
    discard(runtime(), actor(), scope().landlord_id, name)
    flash(_("Het concept is weggegooid. Er is niets veranderd aan wat nu geldt."), "ok")
    if draft.base_document_id is None:
        return redirect(url_for("ladders.index"))
    return redirect(url_for("ladders.show", name=name))

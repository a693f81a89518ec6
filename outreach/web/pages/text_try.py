"""Begin a text of the landlord's own, or try one: nothing of a trial is kept."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from messages.languages import LANGUAGES
from messages.template import CHANNELS, PURPOSES, WITH_SUBJECT
from outreach.errors import OutreachError
from outreach.services.text_drafts import start_template
from outreach.services.written_text import WrittenText
from outreach.web.context import actor, runtime, scope
from outreach.web.forms import Field, blank, read
from outreach.web.labels import label
from outreach.web.pages.text_forms import forms_of
from outreach.web.pages.text_frame import PURPOSES as PURPOSE_NAMES
from outreach.web.pages.text_frame import (
    SCRATCH,
    TEXT_CHANNELS,
    fields_of,
    look_at,
    policy,
    sample_view,
    shared,
    swapped,
)
from outreach.web.security import for_roles
from outreach.web.translation import N_

blueprint = Blueprint("text_try", __name__)


def _kind_fields() -> tuple[Field, ...]:
    return (
        Field(name="channel", label=N_("Kanaal"), kind="select", translate=False, initial="letter",
              options=[(code, label("channel", code)) for code in TEXT_CHANNELS]),
        Field(name="purpose", label=N_("Doel"), kind="select", initial="collection",
              options=list(PURPOSE_NAMES.items())),
    )  # fmt: skip


@blueprint.get("/teksten/nieuw")
@for_roles("policy", "manager")
def new() -> str:
    """Ask what a new text is called and what it is for."""
    return render_template("messages/editor/new.html", form=blank(_new_fields()))


def _new_fields() -> tuple[Field, ...]:
    title = Field(name="title", label=N_("Hoe heet de tekst?"), help=N_("Zo vinden collega's hem terug."))
    return (title, *_kind_fields())


@blueprint.post("/teksten/nieuw")
@for_roles("policy", "manager")
def begin() -> Response | tuple[str, int]:
    """Begin a text of the landlord's own and open it."""
    form = read(_new_fields(), request.form)
    if not form.valid:
        return render_template("messages/editor/new.html", form=form), 422
    try:
        name = start_template(runtime(), actor(), scope().landlord_id, **form.clean)
    except OutreachError as error:
        return render_template("messages/editor/new.html", form=form.refused(error)), 422
    return redirect(url_for("text_editor.edit", name=name, channel=form.clean["channel"], language="nl"))


@blueprint.route("/teksten/toets", methods=["GET", "POST"])
@for_roles("policy", "worker", "manager")
def try_out() -> str:
    """Try a text: nothing is kept or sent."""
    channel = request.values.get("channel", "letter")
    code = request.values.get("language", "nl")
    purpose = request.values.get("purpose", "collection")
    if channel not in CHANNELS or code not in LANGUAGES or purpose not in PURPOSES:
        abort(404)
    written = WrittenText(
        name=SCRATCH,
        channel=channel,
        language=code,
        subject=request.form.get("subject", "") if channel in WITH_SUBJECT else None,
        body=request.form.get("body", "").replace("\r\n", "\n"),
        purpose=purpose,
    )
    written = swapped(written, request.form.get("knop", ""))
    found = policy()
    shown = look_at(found, written)
    view = sample_view(shown, "typical")
    return render_template(
        "messages/editor/try.html",
        written=written,
        shown=shown,
        view=view,
        view_problem="",
        forms=forms_of(found, shown, view),
        opened_score=None,
        fields=fields_of(written),
        channels=TEXT_CHANNELS,
        **shared(),
    )

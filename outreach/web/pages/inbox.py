"""The inbox of replies: what waits for a person first, with the talk so far and a suggestion."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.errors import OutreachError
from outreach.services import actions
from outreach.services.reading.messages import PAGE_SIZE, InboundView, read_inbound, read_inbox, read_thread
from outreach.web.context import actor, runtime, scope, today
from outreach.web.csv_export import csv_response
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import label
from outreach.web.security import for_roles
from outreach.web.translation import N_, _

blueprint = Blueprint("inbox", __name__)

STATES = ("waiting", "handled", "new")
STATE_WORDS = {"waiting": N_("Wacht op een medewerker"), "handled": N_("Afgehandeld"), "new": N_("Nieuw")}
ANSWER = (Field(name="text", label=N_("Uw antwoord"), kind="textarea"),)
HANDLED = (Field(name="note", label=N_("Notitie"), required=False),)


@blueprint.get("/postvak-in")
@for_roles("policy", "worker", "manager")
def index() -> str | Response:
    """Show the replies, or export them."""
    state, channel = request.args.get("state"), request.args.get("channel") or None
    page = max(request.args.get("page", 1, int), 1)
    with runtime().db.read() as session:
        found = read_inbox(session, scope(), state if state in STATES else None, channel, today(), page)
    if request.args.get("vorm") == "csv":
        return _export(found.items)
    states = [(code, _(text)) for code, text in STATE_WORDS.items()]
    return render_template("inbox/index.html", inbox=found, states=states, page=page, size=PAGE_SIZE)


@blueprint.get("/postvak-in/<int:inbound_id>")
@for_roles("policy", "worker", "manager")
def show(inbound_id: int) -> str:
    """Show one reply with the talk so far."""
    return _page(inbound_id, blank(ANSWER), blank(HANDLED))


@blueprint.post("/postvak-in/<int:inbound_id>/antwoord")
@for_roles("policy", "worker")
def answer(inbound_id: int) -> Response | tuple[str, int]:
    """Answer the tenant in own words."""
    _find(inbound_id)
    form = read(ANSWER, request.form)
    if form.valid:
        try:
            actions.answer_inbound(runtime(), actor(), inbound_id, form.clean["text"])
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Uw antwoord gaat eruit."), "ok")
            return redirect(url_for("inbox.show", inbound_id=inbound_id))
    return _page(inbound_id, form, blank(HANDLED)), 422


@blueprint.post("/postvak-in/<int:inbound_id>/afhandelen")
@for_roles("policy", "worker")
def handle(inbound_id: int) -> Response | tuple[str, int]:
    """Mark a reply as handled."""
    _find(inbound_id)
    form = read(HANDLED, request.form)
    try:
        actions.handle_inbound(runtime(), actor(), inbound_id, form.clean["note"])
    except OutreachError as error:
        return _page(inbound_id, blank(ANSWER), form.refused(error)), 422
    flash(_("Afgehandeld."), "ok")
    return redirect(url_for("inbox.index", state="waiting"))


def _find(inbound_id: int) -> InboundView:
    with runtime().db.read() as session:
        return read_inbound(session, scope(), inbound_id, today()) or abort(404)


def _page(inbound_id: int, answer_form: Form, handled_form: Form) -> str:
    with runtime().db.read() as session:
        found = read_inbound(session, scope(), inbound_id, today()) or abort(404)
        thread = read_thread(session, scope(), found.case_id, today()) if found.case_id else ()
    return render_template(
        "inbox/show.html", found=found, thread=thread, answer_form=answer_form, handled_form=handled_form
    )


def _export(items: tuple[InboundView, ...]) -> Response:
    header = (_("Ontvangen"), _("Van"), _("Kanaal"), _("Bericht"), _("Begrepen als"), _("Stand"), _("Dossier"))
    rows = (
        (
            runtime().calendar.local(each.received_at).strftime("%Y-%m-%d %H:%M"),
            each.person or each.sender,
            label("channel", each.channel),
            each.text,
            label("intent", each.intent),
            _(STATE_WORDS.get(each.state, each.state)),
            each.head.number if each.head else "",
        )
        for each in items
    )
    return csv_response("postvak-in", header, rows)

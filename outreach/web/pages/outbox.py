"""The outbox as the tenants see it, and in the sandbox a way to answer as a tenant."""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from outreach.db.tables import AttemptRow, CaseRow
from outreach.errors import OutreachError
from outreach.services.reading.messages import (
    PAGE_SIZE,
    SENT_CHANNELS,
    Outbox,
    OutboxFilter,
    last_sent_at,
    read_outbox,
)
from outreach.services.receiving import simulate_reply
from outreach.web.context import runtime, scope, today
from outreach.web.csv_export import csv_response
from outreach.web.labels import label
from outreach.web.security import for_roles
from outreach.web.translation import _, language

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/postvak-uit")
@for_roles("policy", "worker", "manager")
def index() -> str | Response:
    """Show what went out on a day, as it looked to the tenant."""
    page = max(request.args.get("page", 1, int), 1)
    with runtime().db.read() as session:
        last = last_sent_at(session, scope())
        day = _day() or (runtime().calendar.day_of(last) if last else today())
        found = read_outbox(session, scope(), _wanted(day), today(), page)
    if request.args.get("vorm") == "csv":
        return _export(found, day)
    return render_template(
        "outbox/index.html",
        outbox=found,
        day=day,
        earlier=day - timedelta(days=1),
        later=day + timedelta(days=1) if day < today() else None,
        channels=[(code, label("channel", code)) for code in SENT_CHANNELS],
        sandbox=runtime().is_sandbox,
        page=page,
        size=PAGE_SIZE,
    )


@blueprint.post("/postvak-uit/<int:attempt_id>/antwoord")
@for_roles("policy", "worker", "manager")
def reply(attempt_id: int) -> Response:
    """Answer a message as its tenant would (sandbox only) and show the case, which has changed."""
    case_id = _case_of(attempt_id)
    try:
        simulate_reply(runtime(), attempt_id, request.form.get("text", "")[:1600])
    except OutreachError as error:
        flash(error.text(language()), "error")
    else:
        flash(_("Het antwoord van de huurder is ontvangen. Zo ziet het dossier er nu uit."), "ok")
    return redirect(url_for("cases.show", case_id=case_id, _anchor="tijdlijn"))


def _case_of(attempt_id: int) -> int:
    with runtime().db.read() as session:
        statement = select(CaseRow.id).join(AttemptRow, AttemptRow.case_id == CaseRow.id)
        found = session.scalar(scope().narrow(statement.where(AttemptRow.id == attempt_id), CaseRow))
    return int(found) if found is not None else abort(404)


def _day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _wanted(day: date) -> OutboxFilter:
    calendar, channel = runtime().calendar, request.args.get("channel")
    return OutboxFilter(
        start=calendar.utc(day),
        end=calendar.utc(day + timedelta(days=1)),
        channel=channel if channel in SENT_CHANNELS else None,
    )


def _export(found: Outbox, day: date) -> Response:
    header = (_("Verstuurd"), _("Kanaal"), _("Aan"), _("Naar"), _("Tekst"), _("Uitkomst"), _("Dossier"))
    rows = (
        (
            runtime().calendar.local(view.at).strftime("%Y-%m-%d %H:%M"),
            label("channel", view.channel),
            view.to,
            view.sent_to,
            view.text,
            label("outcome", view.outcome) if view.outcome else label("attempt_state", view.state),
            head.number if head else "",
        )
        for view, head in found.items
    )
    return csv_response(f"postvak-uit-{day}", header, rows)

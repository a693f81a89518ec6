"""The doors and calls of today, made for a phone in one hand: see, knock, three taps."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.db.tables import AccessLogRow
from outreach.errors import OutreachError
from outreach.services import actions
from outreach.services.reading.doors import Door, read_door, read_round
from outreach.services.reading.places import read_places
from outreach.web.care_labels import SIGNALS
from outreach.web.context import actor, now, runtime, scope, today, user
from outreach.web.labels import label
from outreach.web.translation import N_, _, language

blueprint = Blueprint("visits", __name__)

CALL_BUTTONS = (
    ("talked", N_("Gesproken"), "primary-action"),
    ("no_answer", N_("Neemt niet op"), "secondary-action"),
    ("voicemail", N_("Voicemail"), "secondary-action"),
    ("refused", N_("Wil geen gesprek"), "secondary-action"),
    ("wrong_number", N_("Verkeerd nummer"), "secondary-action"),
)
VISIT_BUTTONS = (
    ("talked", N_("Gesproken"), "primary-action"),
    ("not_home+card", N_("Niet thuis, kaartje in de bus"), "secondary-action"),
    ("not_home", N_("Niet thuis, geen kaartje"), "secondary-action"),
    ("not_opened+card", N_("Deed niet open, kaartje in de bus"), "secondary-action"),
    ("not_opened", N_("Deed niet open, geen kaartje"), "secondary-action"),
    ("refused", N_("Wil geen gesprek"), "secondary-action"),
    ("moved_out", N_("Verhuisd"), "secondary-action"),
)
BUTTONS = {"visit": VISIT_BUTTONS, "call": CALL_BUTTONS}
CARD = "+card"
LONGEST_NOTE = 2000


@blueprint.get("/huisbezoeken")
def index() -> str:
    """Show today's doors by neighbourhood, street and number."""
    return _list("visit")


@blueprint.get("/bellijst")
def calls() -> str:
    """Show today's calls by hour."""
    return _list("call")


def _list(kind: str) -> str:
    team_id = request.args.get("team", type=int)
    calendar = runtime().calendar
    with runtime().db.read() as session:
        return render_template(
            "visits/index.html",
            kind=kind,
            round=read_round(
                session,
                scope(),
                kind,
                today(),
                since=calendar.utc(today()),
                until=calendar.utc(today() + timedelta(days=1)),
                team_id=team_id,
            ),
            places=read_places(session, scope()),
            team_id=team_id,
        )


@blueprint.get("/huisbezoeken/<int:attempt_id>")
def show(attempt_id: int) -> str:
    """Show one door or call: who, what to say, and the buttons; that it was read is logged."""
    door = _door(attempt_id)
    _log_reading(door)
    return _page(door, {"client_id": str(uuid4()), "note": "", "signals": [], "consent": False}, None)


@blueprint.post("/huisbezoeken/<int:attempt_id>")
def record(attempt_id: int) -> Response | tuple[str, int]:
    """Record how it ended; the same phone post twice is recorded once."""
    door = _door(attempt_id)
    typed = _typed()
    chosen = request.form.get("outcome", "")
    if chosen not in {code for code, _text, _look in BUTTONS[door.kind]}:
        return _page(door, typed, _("Kies hoe het ging.")), 422
    try:
        _record(door, chosen, typed)
    except OutreachError as error:
        return _page(_door(attempt_id), typed, error.text(language())), 422
    outcome, card = chosen.removesuffix(CARD), chosen.endswith(CARD)
    words = f"{label('outcome', outcome)}, {_('met kaartje')}" if card else label("outcome", outcome)
    flash(_("%(street)s: %(outcome)s. Dat staat vast.", street=door.head.street, outcome=words), "ok")
    return redirect(url_for("visits.calls" if door.kind == "call" else "visits.index"))


def _record(door: Door, chosen: str, typed: dict[str, Any]) -> None:
    if door.kind == "call":
        actions.record_call(runtime(), actor(), door.attempt_id, chosen, typed["note"])
        return
    actions.record_visit(
        runtime(),
        actor(),
        door.attempt_id,
        chosen.removesuffix(CARD),
        card_left=chosen.endswith(CARD),
        note=typed["note"],
        signals=typed["signals"],
        consent_to_share=typed["consent"],
        client_id=typed["client_id"],
    )


def _typed() -> dict[str, Any]:
    form = request.form
    return {
        "client_id": form.get("client_id", "")[:64] or str(uuid4()),
        "note": form.get("note", "").strip()[:LONGEST_NOTE],
        "signals": [code for code in form.getlist("signals") if code in SIGNALS],
        "consent": form.get("consent") == "1",
    }


def _door(attempt_id: int) -> Door:
    with runtime().db.read() as session:
        return read_door(session, scope(), attempt_id, today()) or abort(404)


def _page(door: Door, typed: dict[str, Any], problem: str | None) -> str:
    return render_template(
        "visits/show.html", door=door, typed=typed, problem=problem, buttons=BUTTONS[door.kind], signals=SIGNALS
    )


def _log_reading(door: Door) -> None:
    row = AccessLogRow(
        landlord_id=scope().landlord_id, user_id=user().id, case_id=door.head.case_id, at=now(), what=door.kind
    )
    with runtime().db.write() as session:
        session.add(row)

"""Today's work: one list in the order of what is lost if it waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from outreach.db.tables import TextProposalRow
from outreach.errors import OutreachError
from outreach.services import actions
from outreach.services.policy import load_policy
from outreach.services.reading.ladder_versions import ProposalView, read_waiting
from outreach.services.reading.places import read_ledger_age, read_places
from outreach.services.reading.work import PAGE_SIZE, Work, WorkFilter, find_task, read_work
from outreach.services.text_use import unread_texts
from outreach.services.text_versions import waiting_texts
from outreach.web.context import actor, runtime, scope, today, user
from outreach.web.csv_export import csv_response, euros
from outreach.web.labels import label
from outreach.web.pages.ladder_frame import EDITORS
from outreach.web.pages.text_frame import EDITORS as TEXT_EDITORS
from outreach.web.pages.text_frame import language_title
from outreach.web.reasons import task_title
from outreach.web.security import for_roles, safe_target
from outreach.web.task_labels import TASKS
from outreach.web.translation import _, language

blueprint = Blueprint("today", __name__)

CALL_OUTCOMES = ("talked", "no_answer", "voicemail", "wrong_number", "refused")
VISIT_OUTCOMES = ("talked", "not_home", "not_opened", "refused", "moved_out")
TALK_OUTCOMES = ("talked", "no_answer", "done", "not_needed")
PLAIN_OUTCOMES = ("done", "not_needed")
OUTCOMES = {
    "call": CALL_OUTCOMES,
    "visit": VISIT_OUTCOMES,
    **dict.fromkeys(
        ("crisis", "broken_promise", "broken_plan", "call_back", "not_reached", "how_on", "help"), TALK_OUTCOMES
    ),
    "offer_again": ("accepted_help", "refused", "no_answer", "not_needed"),
    "inform_partner": ("informed", "not_needed"),
    "referral_overdue": ("asked_partner", "not_needed"),
}


@blueprint.get("/vandaag")
def index() -> str | Response:
    """Show today's work, or export it."""
    if request.args.get("vorm") == "csv":
        return _export()
    page = max(request.args.get("page", 1, int), 1)
    with runtime().db.read() as session:
        return render_template(
            "today/index.html",
            work=read_work(session, scope(), _wanted(), today(), page),
            places=read_places(session, scope()),
            ledger=read_ledger_age(session, scope(), runtime().calendar, today()),
            page=page,
            size=PAGE_SIZE,
            kinds=[(code, _(text)) for code, text in TASKS.items()],
            outcomes=outcomes_of,
            proposals=_proposals(session),
            texts=_texts(session),
        )


def _proposals(session: Session) -> tuple[ProposalView, ...]:
    """Return the proposals of ladders that wait for this user's eyes: those of others, for who may decide."""
    if user().role not in EDITORS:
        return ()
    policy = load_policy(session, scope().landlord_id)
    return tuple(each for each in read_waiting(session, scope(), policy) if each.row.by_user_id != user().id)


@dataclass(frozen=True, kw_only=True)
class TextsWaiting:
    """Texts that wait for this user: proposals of others, and texts per language that nobody has approved."""

    proposals: tuple[TextProposalRow, ...] = ()
    unread: Mapping[str, int] = field(default_factory=dict)


def _texts(session: Session) -> TextsWaiting:
    if user().role not in TEXT_EDITORS:
        return TextsWaiting()
    policy = load_policy(session, scope().landlord_id)
    waiting = waiting_texts(session, policy.landlord_id)
    return TextsWaiting(
        proposals=tuple(row for row in waiting if row.by_user_id != user().id),
        unread={language_title(code): len(found) for code, found in unread_texts(policy).items()},
    )


def outcomes_of(kind: str) -> tuple[str, ...]:
    """Return the outcomes with which a task of a kind can be closed."""
    return OUTCOMES.get(kind, PLAIN_OUTCOMES)


@blueprint.post("/taken/<int:task_id>")
@for_roles("policy", "worker", "field")
def finish(task_id: int) -> Response:
    """Close a task with an outcome and go back to where the user was."""
    with runtime().db.read() as session:
        task = find_task(session, scope(), task_id) or abort(404)
    outcome, note = request.form.get("outcome", ""), request.form.get("note", "").strip()
    if outcome not in outcomes_of(task.kind):
        abort(400)
    try:
        _record(task, outcome, note)
    except OutreachError as error:
        flash(error.text(language()), "error")
    else:
        flash(_("Vastgelegd: %(outcome)s.", outcome=label("outcome", outcome)), "ok")
    return redirect(safe_target(request.form.get("next")) or url_for("today.index"))


def _record(task: Any, outcome: str, note: str) -> None:
    if task.kind == "call" and task.attempt_id and task.case_id:
        actions.record_call(runtime(), actor(), task.attempt_id, outcome, note)
    elif task.kind == "visit" and task.attempt_id and task.case_id:
        actions.record_visit(
            runtime(),
            actor(),
            task.attempt_id,
            outcome,
            card_left=request.form.get("card_left") == "1",
            note=note,
            client_id=f"console:{task.id}",
        )
    else:
        actions.complete_task(runtime(), actor(), task.id, outcome, note)


def _wanted() -> WorkFilter:
    kind = request.args.get("kind") or None
    return WorkFilter(
        until=runtime().calendar.utc(today() + timedelta(days=1)),
        kind=kind if kind in TASKS else None,
        team_id=request.args.get("team", type=int),
        area_id=request.args.get("area", type=int),
        user_id=user().id if request.args.get("mine") == "1" else None,
    )


def _export() -> Response:
    header = (_("Soort"), _("Wie"), _("Adres"), _("Telefoon"), _("Bedrag"), _("Sinds"), _("Wanneer"), _("Dossier"))
    with runtime().db.read() as session:
        first = read_work(session, scope(), _wanted(), today())
        pages = range(1, first.total // PAGE_SIZE + 2)
        works = [read_work(session, scope(), _wanted(), today(), page) for page in pages]
    return csv_response("vandaag", header, (row for work in works for row in _rows(work)))


def _rows(work: Work) -> list[tuple[object, ...]]:
    return [
        (
            task_title(item.kind, item.detail),
            item.head.who if item.head else "",
            item.head.street if item.head else "",
            item.head.phone if item.head else "",
            euros(item.head.amount_cents) if item.head else "",
            item.head.oldest_due_on if item.head else "",
            runtime().calendar.local(item.due_at).strftime("%Y-%m-%d %H:%M"),
            item.head.number if item.head else "",
        )
        for item in work.items
    ]

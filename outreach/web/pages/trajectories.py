"""Last-chance trajectories: the list, and one with its agreement, conditions, reviews, warnings and end."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.db.tables import AccessLogRow
from outreach.errors import OutreachError
from outreach.services.policy import load_policy
from outreach.services.reading.trajectory_list import (
    FILTERS,
    PAGE_SIZE,
    TrajectoryPage,
    list_trajectories,
    read_trajectory,
)
from outreach.web.context import actor, now, runtime, scope, today, user
from outreach.web.forms import Form, blank, read
from outreach.web.labels import label
from outreach.web.pages.trajectory_forms import STEPS, Step
from outreach.web.security import for_roles
from outreach.web.translation import _

blueprint = Blueprint("trajectories", __name__)
WRITERS = ("policy", "worker")


@blueprint.get("/trajecten")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show the trajectories, running ones first."""
    page = max(request.args.get("page", 1, int), 1)
    state = request.args.get("state")
    state = state if state in FILTERS else None
    with runtime().db.read() as session:
        found = list_trajectories(session, scope(), today(), state=state, page=page)
    return render_template(
        "trajectories/index.html",
        found=found,
        state=state,
        states=[(code, label("trajectory", code)) for code in FILTERS],
        page=page,
        size=PAGE_SIZE,
    )


@blueprint.get("/trajecten/<int:trajectory_id>")
@for_roles("policy", "worker", "manager")
def show(trajectory_id: int) -> str:
    """Show one trajectory; that it was read is logged."""
    found = _read(trajectory_id)
    row = AccessLogRow(
        landlord_id=scope().landlord_id, user_id=user().id, case_id=found.head.row.case_id, at=now(), what="trajectory"
    )
    with runtime().db.write() as session:
        session.add(row)
    return _page(found, {})


@blueprint.post("/trajecten/<int:trajectory_id>/<name>")
@for_roles(*WRITERS)
def do(trajectory_id: int, name: str) -> Response | tuple[str, int]:
    """Do one step of a trajectory; what is wrong stands beside its field."""
    step = STEPS.get(name) or abort(404)
    found = _read(trajectory_id)
    form = read(step.fields(found), request.form)
    if form.valid:
        try:
            step.call(runtime(), actor(), trajectory_id, **form.clean)
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_(step.done), "ok")
            return redirect(url_for("trajectories.show", trajectory_id=trajectory_id))
    return _page(found, {name: form}), 422


def _read(trajectory_id: int) -> TrajectoryPage:
    with runtime().db.read() as session:
        policy = load_policy(session, scope().landlord_id)
        return read_trajectory(session, scope(), policy, trajectory_id, today()) or abort(404)


def _page(found: TrajectoryPage, tried: dict[str, Form]) -> str:
    shown: dict[str, tuple[Step, Form]] = {
        name: (step, tried.get(name) or blank(step.fields(found)))
        for name, step in STEPS.items()
        if step.shown(found) or name in tried
    }
    return render_template(
        "trajectories/show.html", page=found, day=today(), steps=shown if user().role in (*WRITERS, "admin") else {}
    )

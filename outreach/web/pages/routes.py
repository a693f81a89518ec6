"""The routes to partners and the last chances, readable: what opens them, clocks, pause, evidence, gaps to fill."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.domain.landlord_settings import checked
from outreach.errors import OutreachError
from outreach.services.policy import load_policy
from outreach.services.setup import change_settings
from outreach.web.context import actor, runtime, scope, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import target
from outreach.web.pages.ladder_words import NEEDS
from outreach.web.pages.route_words import (
    AFTER,
    DECIDED_BY,
    DWELLINGS,
    FIELDS,
    FLIPS,
    OWNERS,
    PAUSES,
    SCOPES,
    SINCE,
    STATUS,
    every,
    term,
)
from outreach.web.security import for_roles
from outreach.web.translation import _, language
from schedules.ladder import Gap, GapNote
from schedules.route import RouteDefinition, load_route, route_names
from schedules.terms import Fills
from schedules.trajectory import TrajectoryDefinition, load_trajectory, trajectory_names

blueprint = Blueprint("routes", __name__)

EDITORS = ("admin", "policy")
Definition = RouteDefinition | TrajectoryDefinition


@blueprint.get("/routes/<name>")
@for_roles("policy", "worker", "manager")
def route(name: str) -> str:
    """Show one route: what opens it, what is handed over and why, feedback, quota, pause, gaps."""
    return _show("ladders/route.html", _route(name), None)


@blueprint.post("/routes/<name>")
@for_roles("policy")
def fill_route(name: str) -> Response | tuple[str, int]:
    """Fill the gaps of a route."""
    return _fill("ladders/route.html", _route(name), "routes.route")


@blueprint.get("/trajecten/<name>")
@for_roles("policy", "worker", "manager")
def trajectory(name: str) -> str:
    """Show one last chance: conditions with their evidence, reviews, end, verdicts, warnings, gaps."""
    return _show("ladders/trajectory.html", _trajectory(name), None)


@blueprint.post("/trajecten/<name>")
@for_roles("policy")
def fill_trajectory(name: str) -> Response | tuple[str, int]:
    """Fill the gaps of a trajectory."""
    return _fill("ladders/trajectory.html", _trajectory(name), "routes.trajectory")


def _route(name: str) -> RouteDefinition:
    return load_route(name) if name in route_names() else abort(404)


def _trajectory(name: str) -> TrajectoryDefinition:
    return load_trajectory(name) if name in trajectory_names() else abort(404)


def _fills() -> Fills:
    with runtime().db.read() as session:
        return dict(load_policy(session, scope().landlord_id).settings.fills)


def _show(template: str, found: Definition, tried: Form | None) -> str:
    fills = _fills()
    return render_template(
        template,
        found=found,
        form=tried or blank(_gap_fields(found.gaps, fills)),
        fills=fills,
        shown=_writer(found, fills),
        term=term,
        every=every,
        target=target,
        status=STATUS,
        owners=OWNERS,
        needs=NEEDS,
        pauses=PAUSES,
        field_words=FIELDS,
        after_words=AFTER,
        scopes=SCOPES,
        since=SINCE,
        decided_by=DECIDED_BY,
        dwellings=DWELLINGS,
        flips=FLIPS,
        may_edit=user().role in EDITORS,
    )


def _writer(found: Definition, fills: Fills) -> Callable[[Any], dict[str, Any]]:
    """Write a number or word; a gap shows what the landlord filled in, else our example, marked."""
    examples = {gap.name: gap.example for gap in found.gaps}

    def shown(value: Any) -> dict[str, Any]:
        if not isinstance(value, Gap):
            return {"value": value, "gap": False}
        return {"value": fills.get(value.name, examples.get(value.name)), "gap": value.name not in fills}

    return shown


def _gap_fields(gaps: tuple[GapNote, ...], fills: Fills) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=gap.name,
            label=gap.title[language()],
            kind="number" if isinstance(gap.example, int) else "select",
            required=False,
            initial=str(fills.get(gap.name, "")),
            options=[("", ""), *((code, _(text)) for code, text in AFTER.items())],
            translate=False,
            help=_("Voorbeeld van ons, niet uit de bron: %(example)s.", example=_example(gap)),
        )
        for gap in gaps
    )


def _example(gap: GapNote) -> str:
    return _(AFTER[gap.example]) if isinstance(gap.example, str) else str(gap.example)


def _fill(template: str, found: Definition, endpoint: str) -> Response | tuple[str, int]:
    """Keep what is filled in; an empty field opens the gap again."""
    form = read(_gap_fields(found.gaps, _fills()), request.form)
    if not form.valid:
        return _show(template, found, form), 422
    given = {gap.name: form.clean[gap.name] for gap in found.gaps if form.clean[gap.name] not in (None, "")}
    try:
        _save(found.gaps, given)
    except OutreachError as error:
        return _show(template, found, form.refused(error)), 422
    flash(_("Opgeslagen."), "ok")
    return redirect(url_for(endpoint, name=found.name))


def _save(gaps: tuple[GapNote, ...], given: Fills) -> None:
    with runtime().db.read() as session:
        settings = load_policy(session, scope().landlord_id).settings
    emptied = {gap.name for gap in gaps} - set(given)
    kept = {name: value for name, value in settings.fills.items() if name not in emptied}
    change_settings(runtime(), actor(), scope().landlord_id, checked(replace(settings, fills={**kept, **given})))

"""Teams with their capacity, and areas with their municipality, team and ladder."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.errors import OutreachError
from outreach.services.organisation import save_area, save_team
from outreach.services.policy import load_policy
from outreach.services.reading.organisation import Organisation, read_organisation
from outreach.web.context import actor, runtime, scope, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.pages.settings import EDITORS
from outreach.web.security import for_roles
from outreach.web.translation import N_, _

blueprint = Blueprint("places", __name__)

TEAM = (
    Field(name="name", label=N_("Naam")),
    Field(name="calls_per_day", label=N_("Telefoontjes per werkdag"), kind="number", initial="30"),
    Field(name="visits_per_day", label=N_("Huisbezoeken per werkdag"), kind="number", initial="10"),
)


def _area_fields(found: Organisation) -> tuple[Field, ...]:
    teams = [(str(team.id), team.name) for team in found.teams]
    return (
        Field(name="name", label=N_("Naam")),
        Field(name="municipality", label=N_("Gemeente"), help=N_("Bepaalt welke partners meedoen.")),
        Field(name="team_id", label=N_("Team"), kind="select", options=teams, translate=False, required=False),
    )


@blueprint.get("/instellingen/wijken")
@for_roles("policy", "manager")
def index() -> str:
    """Show the teams and areas."""
    return _page({})


@blueprint.post("/instellingen/teams", defaults={"team_id": None})
@blueprint.post("/instellingen/teams/<int:team_id>")
@for_roles("policy")
def team(team_id: int | None) -> Response | tuple[str, int]:
    """Add or change a team."""
    form = read(TEAM, request.form)
    if form.valid:
        try:
            save_team(runtime(), actor(), scope(), team_id, form.clean)
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Opgeslagen."), "ok")
            return redirect(url_for("places.index"))
    return _page({f"team-{team_id or 'new'}": form}), 422


@blueprint.post("/instellingen/wijken", defaults={"area_id": None})
@blueprint.post("/instellingen/wijken/<int:area_id>")
@for_roles("policy")
def area(area_id: int | None) -> Response | tuple[str, int]:
    """Add or change an area."""
    with runtime().db.read() as session:
        found = read_organisation(session, scope())
    if area_id is not None and area_id not in {each.id for each in found.areas}:
        abort(404)
    form = read(_area_fields(found), request.form)
    if form.valid:
        values: dict[str, Any] = {
            **form.clean,
            "team_id": int(form.clean["team_id"]) if form.clean["team_id"] else None,
        }
        try:
            save_area(runtime(), actor(), scope(), area_id, values)
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Opgeslagen."), "ok")
            return redirect(url_for("places.index"))
    return _page({f"area-{area_id or 'new'}": form}), 422


def _page(tried: dict[str, Form]) -> str:
    with runtime().db.read() as session:
        found = read_organisation(session, scope())
        policy = load_policy(session, scope().landlord_id)
    fields = _area_fields(found)
    forms = {
        "team-new": blank(TEAM),
        "area-new": blank(fields),
        **{f"team-{team.id}": _team_form(team) for team in found.teams},
        **{f"area-{area.id}": _area_form(area, fields) for area in found.areas},
        **tried,
    }
    return render_template(
        "places/index.html", found=found, forms=forms, policy=policy, may_edit=user().role in EDITORS
    )


def _team_form(team: Any) -> Form:
    return blank(TEAM, name=team.name, calls_per_day=str(team.calls_per_day), visits_per_day=str(team.visits_per_day))


def _area_form(area: Any, fields: tuple[Field, ...]) -> Form:
    return blank(fields, name=area.name, municipality=area.municipality, team_id=str(area.team_id or ""))

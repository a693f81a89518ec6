"""Who may sign in: add, change, deactivate, a new password; and one's own password."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from outreach.errors import OutreachError
from outreach.services.organisation import change_user, create_user, renew_password
from outreach.services.reading.organisation import find_user, list_users, read_organisation
from outreach.services.users import SHORTEST
from outreach.web.accounts import sign_in
from outreach.web.context import actor, now, runtime, scope, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import ROLES
from outreach.web.security import for_roles
from outreach.web.translation import N_, _

blueprint = Blueprint("users", __name__)

PASSWORD = (
    Field(name="old", label=N_("Uw wachtwoord nu"), kind="password", autocomplete="current-password"),
    Field(
        name="new",
        label=N_("Nieuw wachtwoord"),
        kind="password",
        autocomplete="new-password",
        help=N_("Ten minste 10 tekens. Een korte zin werkt goed."),
    ),
    Field(name="again", label=N_("Nog een keer"), kind="password", autocomplete="new-password"),
)
USERNAME = Field(name="username", label=N_("Gebruikersnaam"), help=N_("Waarmee iemand inlogt."))


def _fields(teams: list[tuple[str, str]], *, new: bool) -> tuple[Field, ...]:
    shared = (
        Field(name="name", label=N_("Naam")),
        Field(name="role", label=N_("Rol"), kind="select", options=tuple(ROLES.items())),
        Field(
            name="team_id",
            label=N_("Team"),
            kind="select",
            options=teams,
            translate=False,
            required=False,
            help=N_("Wie buiten werkt ziet alleen de wijken van het eigen team."),
        ),
        Field(name="phone", label=N_("Telefoon"), kind="tel", required=False),
    )
    active = Field(name="active", label=N_("Mag inloggen"), kind="checkbox")
    return (USERNAME, *shared) if new else (*shared, active)


@blueprint.get("/gebruikers")
@for_roles("admin")
def index() -> str:
    """Show the users."""
    return _index(None)


@blueprint.post("/gebruikers")
@for_roles("admin")
def add() -> str | tuple[str, int]:
    """Add a user; the password is on the page once and kept nowhere."""
    form = read(_fields(_teams(), new=True), request.form)
    if form.valid:
        try:
            password = create_user(runtime(), actor(), scope(), _values(form))
        except OutreachError as error:
            form = form.refused(error)
        else:
            return _once(form.clean["name"], form.clean["username"].lower(), password)
    return _index(form), 422


@blueprint.get("/gebruikers/<int:user_id>")
@for_roles("admin")
def show(user_id: int) -> str:
    """Show one user."""
    return _show(user_id, None)


@blueprint.post("/gebruikers/<int:user_id>")
@for_roles("admin")
def save(user_id: int) -> Response | tuple[str, int]:
    """Change a user."""
    form = read(_fields(_teams(), new=False), request.form)
    if form.valid:
        try:
            change_user(runtime(), actor(), scope(), user_id, _values(form))
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Opgeslagen."), "ok")
            return redirect(url_for("users.index"))
    return _show(user_id, form), 422


@blueprint.post("/gebruikers/<int:user_id>/wachtwoord")
@for_roles("admin")
def password(user_id: int) -> str:
    """Give a user a new password; it is on the page once."""
    row = _found(user_id)
    return _once(row.name, row.username, renew_password(runtime(), actor(), scope(), user_id))


@blueprint.get("/wachtwoord")
def own() -> str:
    """Show the form for one's own password."""
    return render_template("users/own.html", form=blank(PASSWORD))


@blueprint.post("/wachtwoord")
def change_own() -> Response | tuple[str, int]:
    """Change one's own password; other sessions end, this one goes on."""
    form = read(PASSWORD, request.form)
    errors = dict(form.errors)
    if not errors and form.clean["new"] != form.clean["again"]:
        errors["again"] = _("Dit is niet hetzelfde als hierboven.")
    if not errors and len(form.clean["new"]) < SHORTEST:
        errors["new"] = _("Neem ten minste %(number)s tekens.", number=SHORTEST)
    if not errors and sign_in(runtime().db, user().username, form.clean["old"], now()) is None:
        errors["old"] = _("Dit is niet uw wachtwoord.")
    if errors:
        empty = Form(fields=PASSWORD, errors=errors)
        return render_template("users/own.html", form=empty), 422
    renew_password(runtime(), actor(), scope(), user().id, form.clean["new"])
    login_user(sign_in(runtime().db, user().username, form.clean["new"], now()))
    flash(_("Uw wachtwoord is veranderd."), "ok")
    return redirect(url_for("home"))


def _values(form: Form) -> dict[str, Any]:
    team = form.clean["team_id"]
    return {**form.clean, "team_id": int(team) if team else None, "phone": form.clean["phone"] or ""}


def _teams() -> list[tuple[str, str]]:
    with runtime().db.read() as session:
        return [(str(team.id), team.name) for team in read_organisation(session, scope()).teams]


def _found(user_id: int) -> Any:
    with runtime().db.read() as session:
        return find_user(session, scope(), user_id) or abort(404)


def _index(tried: Form | None) -> str:
    with runtime().db.read() as session:
        rows = list_users(session, scope())
        places = read_organisation(session, scope())
    form = tried or blank(_fields(_teams(), new=True))
    return render_template("users/index.html", rows=rows, places=places, form=form)


def _show(user_id: int, tried: Form | None) -> str:
    row = _found(user_id)
    typed = {
        "name": row.name,
        "role": row.role,
        "team_id": str(row.team_id or ""),
        "phone": row.phone,
        "active": "1" if row.active else "",
    }
    return render_template("users/show.html", row=row, form=tried or blank(_fields(_teams(), new=False), **typed))


def _once(name: str, username: str, made: str) -> str:
    return render_template("users/once.html", name=name, username=username, password=made)

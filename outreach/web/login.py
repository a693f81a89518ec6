"""Sign in, sign out, and keep every page behind the login unless it says that it is public."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from outreach.web.accounts import SignedIn, load_account, sign_in
from outreach.web.context import now, runtime
from outreach.web.security import safe_target
from outreach.web.translation import _, set_language

blueprint = Blueprint("login", __name__)
PUBLIC = frozenset({"static", "healthz", "login.form", "login.enter", "language.switch"})
PUBLIC_PARTS = ("hooks.", "tenant.")
"""Blueprints that guard their own pages: providers sign, tenants open a signed link."""

_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Add the login pages and close all other pages."""
    _manager.init_app(app)
    _manager.user_loader(_load)
    app.register_blueprint(blueprint)
    app.before_request(_close)


def _load(session_id: str) -> SignedIn | None:
    return load_account(runtime().db, session_id)


def _close() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC or endpoint.startswith(PUBLIC_PARTS) or current_user.is_authenticated:
        return None
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("login.form", next=target))


@blueprint.get("/inloggen")
def form() -> str | Response:
    """Show the login form."""
    if current_user.is_authenticated:
        return redirect(url_for("home"))
    return render_template("login/form.html", next=safe_target(request.args.get("next")), username="", problem=None)


@blueprint.post("/inloggen")
def enter() -> str | Response | tuple[str, int]:
    """Sign in and go to where the user was going."""
    username = request.form.get("username", "")
    target = safe_target(request.form.get("next"))
    found = sign_in(runtime().db, username, request.form.get("password", ""), now())
    if found is None:
        problem = _("Deze naam en dit wachtwoord horen niet bij elkaar. Na tien keer fout wacht u een kwartier.")
        return render_template("login/form.html", next=target, username=username, problem=problem), 422
    session.clear()
    session.permanent = True
    login_user(found)
    return set_language(redirect(target or url_for("home")), found.language)


@blueprint.post("/uitloggen")
def leave() -> Response:
    """Sign out."""
    logout_user()
    session.clear()
    flash(_("U bent uitgelogd."), "ok")
    return redirect(url_for("login.form"))

"""Make the console: one Flask app around one Runtime."""

from datetime import timedelta

from flask import Flask, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from outreach.runtime import Runtime
from outreach.services.setup import setup_state
from outreach.web import (
    assets,
    background,
    errors,
    formats,
    forms,
    hooks,
    labels,
    login,
    navigation,
    noted_words,
    reasons,
    security,
    task_words,
    translation,
)
from outreach.web.context import EXTENSION, runtime
from outreach.web.pages import BLUEPRINTS

UPLOAD_LIMIT = 64 * 1024 * 1024
SESSION_HOURS = 10
ASSET_AGE = 31_536_000


def create_app(composed: Runtime) -> Flask:
    """Make the console around a runtime; every page finds the runtime through `outreach.web.context`."""
    app = Flask(__name__)
    app.extensions[EXTENSION] = composed
    app.config.update(
        SECRET_KEY=composed.settings.secret_key,
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=UPLOAD_LIMIT,
        SESSION_COOKIE_NAME="outreach",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=composed.settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        SEND_FILE_MAX_AGE_DEFAULT=ASSET_AGE,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    parts = (
        security,
        login,
        translation,
        assets,
        formats,
        labels,
        forms,
        reasons,
        task_words,
        noted_words,
        navigation,
        errors,
        hooks,
        background,
    )
    for part in parts:
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/", "home", _home)
    app.add_url_rule("/healthz", "healthz", _healthz)
    return app


def _home() -> Response:
    """Lead to today's work; a landlord that is not ready yet is led to the start."""
    if current_user.is_authenticated and current_user.role not in ("field", "manager"):
        with runtime().db.read() as session:
            if not setup_state(session, current_user.landlord_id).ready:
                return redirect(url_for("start.index"))
    return redirect(url_for("today.index"))


def _healthz() -> dict[str, str]:
    return {"status": "ok"}

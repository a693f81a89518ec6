"""Links to static files that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

STATIC = Path(__file__).with_name("static")


def init_app(app: Flask) -> None:
    """Give templates `asset(name)` and `icon(name)`."""
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["icon"] = icon


def asset(name: str) -> str:
    """Return the address of a static file with a mark of its content."""
    return url_for("static", filename=name, v=_mark(name))


def icon(name: str) -> Markup:
    """Return one icon of static/icons.svg; it says nothing to a screen reader."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        asset("icons.svg"), name
    )


@cache
def _mark(name: str) -> str:
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else "absent"

"""Today's work."""

from flask import Blueprint, render_template

blueprint = Blueprint("today", __name__)


@blueprint.get("/vandaag")
def index() -> str:
    """Show today's work."""
    return render_template("today/index.html")

"""Search: by name, address, postcode and number, phone, mail or number; one hit goes straight to the case."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.services.reading.finding import MOST, find
from outreach.web.context import runtime, scope, today

blueprint = Blueprint("search", __name__)


@blueprint.get("/zoeken")
def index() -> str | Response:
    """Show what was found, or go to the only case."""
    query = request.args.get("q", "").strip()[:200]
    with runtime().db.read() as session:
        hits = find(session, scope(), query, today())
    if len(hits) == 1 and hits[0].case_id:
        return redirect(url_for("cases.show", case_id=hits[0].case_id))
    return render_template("search/index.html", query=query, hits=hits, most=MOST)

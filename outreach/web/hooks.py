"""Mount the webhooks that the channels declare under /hooks/<channel>/<route>."""

from flask import Blueprint, Flask, Response, abort, current_app, request

from channels.contract import Request, Route
from outreach.services.incoming import Keeper
from outreach.web.context import EXTENSION, now, runtime
from outreach.web.security import csrf

blueprint = Blueprint("hooks", __name__)
KEEPER = "keeper"
POST_ONLY = ("POST",)
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
"""A page of a channel brings its own style in itself, and no script."""


def init_app(app: Flask) -> None:
    """Add the webhooks; a provider has no CSRF token, its route checks its own signature."""
    csrf.exempt(blueprint)
    app.extensions[KEEPER] = Keeper(app.extensions[EXTENSION].db)
    app.register_blueprint(blueprint)


@blueprint.route("/hooks/<channel>/<path:name>", methods=["GET", "POST"])
def receive(channel: str, name: str) -> Response:
    """Hand a provider's call to the route of its channel and keep the events that it brought, for a worker."""
    route = _route(channel, name)
    method = "POST" if request.method == "POST" else "GET"
    if method not in getattr(route, "methods", POST_ONLY):
        abort(405)
    headers, form = dict(request.headers), request.form.to_dict()
    answer = route(Request(method=method, url=_called_url(), form=form, headers=headers, at=now()))
    if answer.events:
        keeper: Keeper = current_app.extensions[KEEPER]
        keeper.keep(answer.events, now())
    made = Response(answer.body, status=answer.status, content_type=answer.content_type)
    made.headers["Content-Security-Policy"] = PAGE_POLICY
    return made


def _route(channel: str, name: str) -> Route:
    found = runtime().channels.get(channel)
    routes = found.routes() if found else ()
    return next((route for route in routes if route.name in (name, f"{channel}/{name}")), None) or abort(404)


def _called_url() -> str:
    """Return the address that the provider called: our public one, for its signature."""
    public = runtime().settings.public_url.rstrip("/")
    return public + request.full_path.rstrip("?") if public else request.url

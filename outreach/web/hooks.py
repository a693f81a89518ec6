"""Mount the webhooks that the channels declare under /hooks/<channel>/<route>."""

from flask import Blueprint, Flask, Response, abort, request

from channels.contract import Request, Route
from outreach.services.receiving import receive_events
from outreach.web.context import now, runtime
from outreach.web.security import csrf

blueprint = Blueprint("hooks", __name__)


def init_app(app: Flask) -> None:
    """Add the webhooks; a provider has no CSRF token, its route checks its own signature."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)


@blueprint.post("/hooks/<channel>/<path:name>")
def receive(channel: str, name: str) -> Response:
    """Hand a provider's call to the route of its channel and keep the events that it brought."""
    route = _route(channel, name)
    answer = route(Request(url=_called_url(), form=request.form.to_dict(), headers=dict(request.headers), at=now()))
    if answer.events:
        receive_events(runtime(), answer.events, now())
    return Response(answer.body, status=answer.status, content_type=answer.content_type)


def _route(channel: str, name: str) -> Route:
    found = runtime().channels.get(channel)
    routes = found.routes() if found else ()
    return next((route for route in routes if route.name in (name, f"{channel}/{name}")), None) or abort(404)


def _called_url() -> str:
    """Return the address that the provider called: our public one, for its signature."""
    public = runtime().settings.public_url.rstrip("/")
    return public + request.full_path.rstrip("?") if public else request.url

"""The addresses of the tenant's page. Reading one never changes anything, so that link previews cannot use it up."""

import logging
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from messages.languages import TENANT_LANGUAGES
from outreach.errors import OutreachError
from outreach.services import tenant_page
from outreach.services.tenant_page import PageView
from outreach.services.tenant_page_opening import LOCKED, NO_ANSWER, OPENED, WRONG, Callers, try_answer
from outreach.web.context import now, runtime
from outreach.web.security import csrf
from outreach.web.tenant_page import access
from outreach.web.tenant_page.done_words import done_words
from outreach.web.tenant_page.forms import TAKE, Filled, Sent, filled_in
from outreach.web.tenant_page.plan_views import AMOUNT, choose_plan, confirm_plan
from outreach.web.tenant_page.showing import (
    SLUG_OF,
    SLUGS,
    Shown,
    ask_at_door,
    calm,
    form_of,
    opened_page,
    shown,
    to_page,
)
from outreach.web.tenant_page.speaking import Manner, keep_manner, manner, show, texts

blueprint = Blueprint("tenant", __name__)
csrf.exempt(blueprint)
CALLERS = "tenant_callers"
_LOG = logging.getLogger(__name__)
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
LARGEST_FORM = 64 * 1024
PROBLEMS = {LOCKED: "locked", NO_ANSWER: "answer_missing", WRONG: "answer_wrong"}
"""What is said of an answer that did not open the page."""


@blueprint.record_once
def _count_callers(state: Any) -> None:
    state.app.extensions[CALLERS] = Callers(secret=state.app.config["SECRET_KEY"])


@blueprint.before_request
def _keep_code() -> None:
    request.max_content_length = LARGEST_FORM
    g.code = (request.view_args or {}).get("code", "")


@blueprint.after_request
def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


@blueprint.get("/r/<code>")
def page(code: str) -> Shown:
    """Show the page, or the question that opens it."""
    view, session = opened_page(request.args.get("klaar", "")[:40])
    if view is None or session is None:
        return ask_at_door({})
    t = texts(view.language, view.landlord.form)
    done = done_words(view.done, t, runtime().calendar) if view.done else ""
    return shown("page", view, session, done=done, slugs=SLUG_OF)


@blueprint.post("/r/<code>")
def enter(code: str) -> Shown:
    """Try the answer; what was typed in a form before the session was over goes on in that form."""
    door, address = tenant_page.read_door(runtime(), code, now()), request.remote_addr or ""
    callers: Callers = current_app.extensions[CALLERS]
    kept = _kept()
    if door is None:
        callers.note_wrong(address, now())
        return calm()
    if callers.is_locked(address, now()):
        return ask_at_door(kept, problem="locked", status=429)
    result = try_answer(runtime(), door.link_id, request.form.get("answer", ""), now())
    if result != OPENED:
        if result != NO_ANSWER:
            callers.note_wrong(address, now())
        return ask_at_door(kept, problem=PROBLEMS[result], status=422)
    session = access.begin(door.link_id)
    view = tenant_page.read_page(runtime(), door.link_id, now())
    choice = SLUGS.get(kept.get("kept", ""), "")
    if view is not None and choice in view.choices:
        return form_of(choice, view, session, Filled(values=filled_in(choice, kept)))
    answer = make_response(redirect(url_for("tenant.page", code=code), 303))
    access.remember(answer, runtime(), session, now())
    return answer


@blueprint.post("/r/<code>/weergave")
def speak(code: str) -> Response:
    """Go on in another language, or more easily."""
    door = tenant_page.read_door(runtime(), code, now())
    how = manner(door.language if door else None)
    language = request.form.get("taal", how.language)
    wanted = Manner(
        language=language if language in TENANT_LANGUAGES else how.language,
        easy=request.form.get("makkelijk", "1" if how.easy else "0") == "1",
    )
    slug = request.form.get("op", "")
    target = url_for("tenant.form", code=code, slug=slug) if slug in SLUGS else url_for("tenant.page", code=code)
    answer = make_response(redirect(target, 303))
    keep_manner(answer, wanted)
    return answer


@blueprint.post("/r/<code>/weg")
def leave(code: str) -> Response:
    """Close the page, for who shares a phone."""
    view, _session = opened_page()
    language, form = (view.language, view.landlord.form) if view else (None, "u")
    answer = make_response(show("left", language, form))
    access.forget(answer)
    return answer


@blueprint.get("/r/<code>/<slug>")
def form(code: str, slug: str) -> Shown:
    """Show the form of a choice."""
    view, session = opened_page()
    choice = SLUGS.get(slug, "")
    if view is None or session is None:
        return ask_at_door({"kept": slug} if choice else {})
    if choice not in view.choices:
        return make_response(redirect(url_for("tenant.page", code=code), 303))
    if choice == "plan" and AMOUNT in request.args:
        return confirm_plan(view, session, texts(view.language, view.landlord.form))
    return form_of(choice, view, session, Filled())


@blueprint.post("/r/<code>/<slug>")
def do(code: str, slug: str) -> Shown:
    """Do what was chosen; what is wrong stands beside its field, and nothing that was typed is lost."""
    choice = SLUGS.get(slug, "")
    if not choice:
        return calm()
    view, session = opened_page()
    typed = filled_in(choice, request.form)
    if view is None or session is None:
        return ask_at_door({**typed, "kept": slug}, problem="kept", status=401)
    token = access.checked_mark(runtime(), session, request.form.get("mark", "")[:80])
    t = texts(view.language, view.landlord.form)
    if token is None:
        return form_of(choice, view, session, Filled(values=typed), problem=t.say("stale"), status=422)
    if _was_done(view, session, token):
        return to_page(session, token)
    if choice not in view.choices:
        return to_page(session, "")
    if choice == "plan":
        return choose_plan(view, session, token, typed, t)
    sent = Sent(runtime=runtime(), link_id=session.link_id, token=token, values=typed, t=t, now=now())
    try:
        errors = TAKE[choice](sent)
    except OutreachError:
        return to_page(session, "")
    if errors:
        return form_of(choice, view, session, Filled(values=typed, errors=errors), status=422)
    return to_page(session, token)


@blueprint.route("/r/<code>/<path:rest>", methods=["GET", "POST"])
def elsewhere(code: str, rest: str) -> Shown:
    """Say calmly that an address below a link does not work."""
    return calm()


def _was_done(view: PageView, session: access.Opened, token: str) -> bool:
    again = tenant_page.read_page(runtime(), session.link_id, now(), token)
    return again is not None and again.done is not None


def _kept() -> dict[str, str]:
    """Return what was typed in a form before the session was over."""
    slug = request.form.get("kept", "")
    return {**filled_in(SLUGS[slug], request.form), "kept": slug} if slug in SLUGS else {}


@blueprint.errorhandler(Exception)
def _broken(error: Exception) -> tuple[Response, int]:
    """Show the tenant a calm page of his own when something broke, also when too much was sent."""
    if not isinstance(error, HTTPException):
        _LOG.error("a page of a tenant failed", exc_info=error)
    return calm(broken=True)

"""The addresses of the tenant's page. Reading one never changes anything, so that link previews cannot use it up."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from messages.languages import TENANT_LANGUAGES
from messages.page_texts import PageTexts, page_texts
from outreach.db.tables import TenantLinkRow
from outreach.domain.plans import PlanError
from outreach.errors import OutreachError
from outreach.services import tenant_page
from outreach.services.tenant_links import plain_code
from outreach.services.tenant_page import PageView
from outreach.services.tenant_page_actions import MOST_SIGNS, Said, agree_plan
from outreach.services.tenant_page_opening import LOCKED, OPENED, Callers, try_answer
from outreach.services.tenant_page_plan import PageOffer, PlanChanged
from outreach.services.tenant_page_staff import sandbox_answer
from outreach.web.context import now, runtime
from outreach.web.security import csrf
from outreach.web.tenant_page import access
from outreach.web.tenant_page.done_words import done_words
from outreach.web.tenant_page.forms import TAKE, Filled, Sent, filled_in, read_amount, slot_words
from outreach.web.tenant_page.speaking import Manner, keep_manner, manner, show, texts

blueprint = Blueprint("tenant", __name__)
csrf.exempt(blueprint)
CALLERS = "tenant_callers"
_LOG = logging.getLogger(__name__)
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
SLUGS = {
    "plan": "plan",
    "bellen": "call",
    "betaald": "paid",
    "hulp": "help",
    "klopt-niet": "wrong",
    "bericht": "message",
}
SLUG_OF = {choice: slug for slug, choice in SLUGS.items()}
LARGEST_FORM = 64 * 1024

Shown = Response | tuple[Response, int]


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
    view, session = _view(request.args.get("klaar", "")[:40])
    if view is None or session is None:
        return _door({})
    t = texts(view.language, view.landlord.form)
    done = done_words(view.done, t, runtime().calendar) if view.done else ""
    return _shown("page", view, session, done=done, slugs=SLUG_OF)


@blueprint.post("/r/<code>")
def enter(code: str) -> Shown:
    """Try the answer; what was typed in a form before the session was over goes on in that form."""
    door, address = tenant_page.read_door(runtime(), code, now()), request.remote_addr or ""
    callers: Callers = current_app.extensions[CALLERS]
    kept = _kept()
    if door is None:
        callers.note_wrong(address, now())
        return _calm()
    if callers.is_locked(address, now()):
        return _door(kept, problem="locked", status=429)
    result = try_answer(runtime(), door.link_id, request.form.get("answer", ""), now())
    if result != OPENED:
        callers.note_wrong(address, now())
        return _door(kept, problem="locked" if result == LOCKED else "answer_wrong", status=422)
    session = access.begin(door.link_id)
    view = tenant_page.read_page(runtime(), door.link_id, now())
    choice = SLUGS.get(kept.get("kept", ""), "")
    if view is not None and choice in view.choices:
        return _form(choice, view, session, Filled(values=filled_in(choice, kept)))
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
    view, _session = _view()
    language, form = (view.language, view.landlord.form) if view else (None, "u")
    answer = make_response(show("left", language, form))
    access.forget(answer)
    return answer


@blueprint.get("/r/<code>/<slug>")
def form(code: str, slug: str) -> Shown:
    """Show the form of a choice."""
    view, session = _view()
    choice = SLUGS.get(slug, "")
    if view is None or session is None:
        return _door({"kept": slug} if choice else {})
    if choice not in view.choices:
        return make_response(redirect(url_for("tenant.page", code=code), 303))
    return _form(choice, view, session, Filled())


@blueprint.post("/r/<code>/<slug>")
def do(code: str, slug: str) -> Shown:
    """Do what was chosen; what is wrong stands beside its field, and nothing that was typed is lost."""
    choice = SLUGS.get(slug, "")
    if not choice:
        return _calm()
    view, session = _view()
    typed = filled_in(choice, request.form)
    if view is None or session is None:
        return _door({**typed, "kept": slug}, problem="kept", status=401)
    token = access.checked_mark(runtime(), session, request.form.get("mark", "")[:80])
    t = texts(view.language, view.landlord.form)
    if token is None:
        return _form(choice, view, session, Filled(values=typed), problem=t.say("stale"), status=422)
    if _was_done(view, session, token):
        return _to_page(session, token)
    if choice not in view.choices:
        return _to_page(session, "")
    if choice == "plan":
        return _plan(view, session, token, typed, t)
    sent = Sent(runtime=runtime(), link_id=session.link_id, token=token, values=typed, t=t, now=now())
    errors = TAKE[choice](sent)
    if errors:
        return _form(choice, view, session, Filled(values=typed, errors=errors), status=422)
    return _to_page(session, token)


@blueprint.route("/r/<code>/<path:rest>", methods=["GET", "POST"])
def elsewhere(code: str, rest: str) -> Shown:
    """Say calmly that an address below a link does not work."""
    return _calm()


def _view(token: str = "") -> tuple[PageView | None, access.Opened | None]:
    """Return the page and the session when this browser opened the link of the address."""
    code = plain_code(g.code, runtime().settings.secret_key)
    link_id = tenant_page.link_id_of(runtime(), code) if code else None
    session = access.opened(runtime(), link_id, now())
    view = tenant_page.read_page(runtime(), session.link_id, now(), token) if session else None
    return view, session if view is not None else None


def _was_done(view: PageView, session: access.Opened, token: str) -> bool:
    again = tenant_page.read_page(runtime(), session.link_id, now(), token)
    return again is not None and again.done is not None


def _to_page(session: access.Opened, token: str) -> Response:
    answer = make_response(redirect(url_for("tenant.page", code=g.code, klaar=token or None), 303))
    access.remember(answer, runtime(), session, now())
    return answer


def _shown(
    template: str, view: PageView, session: access.Opened, status: int = 200, **values: Any
) -> tuple[Response, int]:
    html = show(
        template,
        view.language,
        view.landlord.form,
        view=view,
        mark=access.form_mark(runtime(), session),
        inside=True,
        **values,
    )
    answer = make_response(html)
    access.remember(answer, runtime(), session, now())
    return answer, status


def _door(kept: Mapping[str, str], problem: str = "", status: int = 200) -> Shown:
    """Ask the question that opens the page; a link that cannot be used gets the calm page."""
    door = tenant_page.read_door(runtime(), g.code, now())
    if door is None:
        return _calm()
    locked = door.locked or problem == "locked"
    html = show(
        "ask",
        door.language,
        door.form,
        door=door,
        locked=locked,
        problem=problem,
        kept=kept,
        slug="",
        answer=_practice_answer(door.link_id),
    )
    return make_response(html), status


def _practice_answer(link_id: int) -> str:
    """Return the answer for who is signed in to a sandbox and tries the page out; "" for everybody else."""
    if not runtime().is_sandbox or not current_user.is_authenticated:
        return ""
    with runtime().db.read() as session:
        return sandbox_answer(session, runtime(), session.get_one(TenantLinkRow, link_id), now())


def _kept() -> dict[str, str]:
    """Return what was typed in a form before the session was over."""
    slug = request.form.get("kept", "")
    return {**filled_in(SLUGS[slug], request.form), "kept": slug} if slug in SLUGS else {}


def _calm(*, broken: bool = False) -> tuple[Response, int]:
    landlord = tenant_page.only_landlord(runtime())
    form = landlord.form if landlord else "u"
    return make_response(show("calm", None, form, landlord=landlord, broken=broken)), 500 if broken else 404


@blueprint.errorhandler(Exception)
def _broken(error: Exception) -> tuple[Response, int]:
    """Show the tenant a calm page of his own when something broke, also when too much was sent."""
    if not isinstance(error, HTTPException):
        _LOG.error("a page of a tenant failed", exc_info=error)
    return _calm(broken=True)


def _form(
    choice: str,
    view: PageView,
    session: access.Opened,
    filled: Filled,
    problem: str = "",
    status: int = 200,
) -> tuple[Response, int]:
    """Show the form of a choice with what was typed."""
    values: dict[str, Any] = {"choice": choice, "slug": SLUG_OF[choice], "filled": filled, "problem": problem}
    t = texts(view.language, view.landlord.form)
    if choice == "plan":
        values["amounts"] = amounts = tenant_page.read_plan(runtime(), session.link_id, now())
        if amounts is None:
            return _shown("page", view, session, status, done="", slugs=SLUG_OF)
        values["means"] = [[cents, means(t, cents, count, last)] for cents, count, last in amounts.slide]
        values["meaning"] = _meaning(t)
    if choice == "call":
        slots = tenant_page.read_slots(runtime(), session.link_id, now())
        values["slots"] = [(slot.code, slot_words(slot, t)) for slot in slots]
    template = "text" if choice in ("wrong", "message") else choice
    return _shown(template, view, session, status, most=MOST_SIGNS, **values)


def means(t: PageTexts, cents: int, count: int, last: date) -> str:
    """Say what an amount a month means: how many months, and when it is done."""
    if count == 1:
        return t.say("plan_once", amount=t.money(cents), last=t.date(last))
    return t.say("plan_means", amount=t.money(cents), count=count, last=t.date(last))


def _meaning(t: PageTexts) -> Any:
    return lambda offer: means(t, offer.month_cents, len(offer.made), offer.last_on)


def _plan(view: PageView, session: access.Opened, token: str, typed: Mapping[str, str], t: PageTexts) -> Shown:
    cents, errors = read_amount(typed, view.amount_cents, t)
    if errors:
        return _form("plan", view, session, Filled(values=typed, errors=errors), status=422)
    try:
        if request.form.get("step") == "agree":
            return _agree(view, session, token, cents, t)
        return _confirm(view, session, cents)
    except PlanError:
        wrong = {"other": t.say("amount_low")}
        return _form("plan", view, session, Filled(values=typed, errors=wrong), status=422)
    except PlanChanged:
        return _confirm(view, session, cents, changed=True)


def _agree(view: PageView, session: access.Opened, token: str, cents: int, t: PageTexts) -> Shown:
    shown, debts = request.form.get("shown", "")[:80], request.form.get("debts", "")
    if shown.endswith("-") and debts not in ("yes", "no"):
        return _confirm(view, session, cents, missing=t.say("help_missing"))
    dutch = page_texts("nl")
    text = f"In delen betalen: {dutch.money(cents)} per maand."
    if debts in ("yes", "no"):
        text += f" {dutch.say('debts_ask')} {dutch.say(f'debts_{debts}')}."
    said = Said(link_id=session.link_id, token=token, text=text)
    try:
        agree_plan(runtime(), said, cents, shown, debts if debts in ("yes", "no") else "")
    except PlanChanged:
        raise
    except OutreachError:
        return _to_page(session, "")
    return _to_page(session, token)


def _confirm(view: PageView, session: access.Opened, cents: int, *, changed: bool = False, missing: str = "") -> Shown:
    offer: PageOffer | None = tenant_page.read_offer(runtime(), session.link_id, cents, now())
    if offer is None:
        return _to_page(session, "")
    status = 409 if changed else 422 if missing else 200
    filled = Filled(errors={"debts": missing} if missing else {})
    return _shown("confirm", view, session, status, offer=offer, changed=changed, slug="plan", filled=filled)

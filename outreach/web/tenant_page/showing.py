"""What the tenant's page shows: the question, the page, a form, or the calm page; and whom it is open for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, g, make_response, redirect, url_for
from flask_login import current_user

from messages.page_texts import PageTexts
from outreach.db.tables import TenantLinkRow
from outreach.services import tenant_page
from outreach.services.tenant_links import plain_code
from outreach.services.tenant_page import PageView
from outreach.services.tenant_page_actions import MOST_SIGNS
from outreach.services.tenant_page_staff import sandbox_answer
from outreach.web.context import now, runtime
from outreach.web.tenant_page import access
from outreach.web.tenant_page.forms import Filled, slot_words
from outreach.web.tenant_page.speaking import show, texts

SLUGS = {
    "plan": "plan",
    "bellen": "call",
    "betaald": "paid",
    "hulp": "help",
    "klopt-niet": "wrong",
    "bericht": "message",
}
SLUG_OF = {choice: slug for slug, choice in SLUGS.items()}

Shown = Response | tuple[Response, int]
"""What a view gives back: an answer, or one with its status."""


def opened_page(token: str = "") -> tuple[PageView | None, access.Opened | None]:
    """Return the page and the session when this browser opened the link of the address."""
    code = plain_code(g.code, runtime().settings.secret_key)
    link_id = tenant_page.link_id_of(runtime(), code) if code else None
    session = access.opened(runtime(), link_id, now())
    view = tenant_page.read_page(runtime(), session.link_id, now(), token) if session else None
    return view, session if view is not None else None


def to_page(session: access.Opened, token: str) -> Response:
    """Lead to the page, which says what the form with this mark did."""
    answer = make_response(redirect(url_for("tenant.page", code=g.code, klaar=token or None), 303))
    access.remember(answer, runtime(), session, now())
    return answer


def to_amount(session: access.Opened, **values: Any) -> Response:
    """Lead to what a chosen amount means, an address of its own, so that going back shows no form that was sent."""
    answer = make_response(redirect(url_for("tenant.form", code=g.code, slug=SLUG_OF["plan"], **values), 303))
    access.remember(answer, runtime(), session, now())
    return answer


def shown(
    template: str, view: PageView, session: access.Opened, status: int = 200, **values: Any
) -> tuple[Response, int]:
    """Show a page to who is inside, and keep it open for another half hour."""
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


def ask_at_door(kept: Mapping[str, str], problem: str = "", status: int = 200) -> Shown:
    """Ask the question that opens the page; a link that cannot be used gets the calm page."""
    door = tenant_page.read_door(runtime(), g.code, now())
    if door is None:
        return calm()
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


def calm(*, broken: bool = False) -> tuple[Response, int]:
    """Say calmly that a link does not work, or that something broke, and how to reach us."""
    landlord = tenant_page.only_landlord(runtime())
    form = landlord.form if landlord else "u"
    language = None if broken else tenant_page.language_of(runtime(), g.code)
    return make_response(show("calm", language, form, landlord=landlord, broken=broken)), 500 if broken else 404


def form_of(
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
            return shown("page", view, session, status, done="", slugs=SLUG_OF)
        values["means"] = [[cents, means(t, cents, count, last)] for cents, count, last in amounts.slide]
        values["meaning"] = _meaning(t)
    if choice == "call":
        slots = tenant_page.read_slots(runtime(), session.link_id, now())
        values["slots"] = [(slot.code, slot_words(slot, t)) for slot in slots]
    template = "text" if choice in ("wrong", "message") else choice
    return shown(template, view, session, status, most=MOST_SIGNS, **values)


def means(t: PageTexts, cents: int, count: int, last: date) -> str:
    """Say what an amount a month means: how many months, and when it is done."""
    if count == 1:
        return t.say("plan_once", amount=t.money(cents), last=t.date(last))
    return t.say("plan_means", amount=t.money(cents), count=count, last=t.date(last))


def _meaning(t: PageTexts) -> Any:
    return lambda offer: means(t, offer.month_cents, len(offer.made), offer.last_on)

"""A payment plan on the tenant's page: choose an amount, see what it means, agree."""

from collections.abc import Mapping

from flask import request

from messages.page_texts import PageTexts, page_texts
from outreach.domain.plans import PlanError
from outreach.errors import OutreachError
from outreach.services import tenant_page
from outreach.services.tenant_page import PageView
from outreach.services.tenant_page_actions import Said, agree_plan
from outreach.services.tenant_page_plan import PageOffer, PlanChanged
from outreach.web.context import now, runtime
from outreach.web.tenant_page import access
from outreach.web.tenant_page.forms import Filled, read_amount
from outreach.web.tenant_page.showing import Shown, form_of, shown, to_page


def choose_plan(view: PageView, session: access.Opened, token: str, typed: Mapping[str, str], t: PageTexts) -> Shown:
    """Show what an amount means, or agree on it; what is wrong with it stands beside its field."""
    cents, errors = read_amount(typed, view.amount_cents, t)
    if errors:
        return form_of("plan", view, session, Filled(values=typed, errors=errors), status=422)
    try:
        if request.form.get("step") == "agree":
            return _agree(view, session, token, cents, t)
        return _confirm(view, session, cents)
    except PlanError:
        wrong = {"other": t.say("amount_low")}
        return form_of("plan", view, session, Filled(values=typed, errors=wrong), status=422)
    except PlanChanged:
        return _confirm(view, session, cents, changed=True)


def _agree(view: PageView, session: access.Opened, token: str, cents: int, t: PageTexts) -> Shown:
    mark, debts = request.form.get("shown", "")[:80], request.form.get("debts", "")
    if mark.endswith("-") and debts not in ("yes", "no"):
        return _confirm(view, session, cents, missing=t.say("help_missing"))
    dutch = page_texts("nl")
    text = f"In delen betalen: {dutch.money(cents)} per maand."
    if debts in ("yes", "no"):
        text += f" {dutch.say('debts_ask')} {dutch.say(f'debts_{debts}')}."
    said = Said(link_id=session.link_id, token=token, text=text)
    try:
        agree_plan(runtime(), said, cents, mark, debts if debts in ("yes", "no") else "")
    except PlanChanged:
        raise
    except OutreachError:
        return to_page(session, "")
    return to_page(session, token)


def _confirm(view: PageView, session: access.Opened, cents: int, *, changed: bool = False, missing: str = "") -> Shown:
    offer: PageOffer | None = tenant_page.read_offer(runtime(), session.link_id, cents, now())
    if offer is None:
        return to_page(session, "")
    status = 409 if changed else 422 if missing else 200
    filled = Filled(errors={"debts": missing} if missing else {})
    return shown("confirm", view, session, status, offer=offer, changed=changed, slug="plan", filled=filled)

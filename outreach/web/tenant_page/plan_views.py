"""A payment plan on the tenant's page: choose an amount, see what it means, agree."""

from collections.abc import Mapping

from flask import request

from messages.page_texts import PageTexts, page_texts
from outreach.domain.plans import PlanError
from outreach.errors import OutreachError
from outreach.services import tenant_page
from outreach.services.tenant_page import PageView
from outreach.services.tenant_page_actions import Said, agree_plan
from outreach.services.tenant_page_plan import PlanChanged
from outreach.web.context import now, runtime
from outreach.web.tenant_page import access
from outreach.web.tenant_page.forms import Filled, read_amount
from outreach.web.tenant_page.showing import Shown, form_of, shown, to_amount, to_page

AMOUNT, NOTE = "bedrag", "let"
"""What stands in the address of the page that says what an amount (cents) means."""

DEBTS, CHANGED = "schulden", "veranderd"
"""What the tenant is told there: answer the question about debts, or look at the figures again."""


def choose_plan(view: PageView, session: access.Opened, token: str, typed: Mapping[str, str], t: PageTexts) -> Shown:
    """Lead to what an amount means, or agree on it; what is wrong with it stands beside its field."""
    cents, errors = read_amount(typed, view.amount_cents, t)
    if errors:
        return form_of("plan", view, session, Filled(values=typed, errors=errors), status=422)
    try:
        if request.form.get("step") == "agree":
            return _agree(view, session, token, cents, t)
        tenant_page.read_offer(runtime(), session.link_id, cents, now())
        return to_amount(session, **{AMOUNT: str(cents)})
    except PlanError:
        wrong = {"other": t.say("amount_low")}
        return form_of("plan", view, session, Filled(values=typed, errors=wrong), status=422)
    except PlanChanged:
        return to_amount(session, **{AMOUNT: str(cents), NOTE: CHANGED})


def confirm_plan(view: PageView, session: access.Opened, t: PageTexts) -> Shown:
    """Show what the amount in the address means; one that cannot be leads back to the choice."""
    cents, errors = read_amount({"amount": request.args.get(AMOUNT, "")}, view.amount_cents, t)
    note = request.args.get(NOTE, "")
    try:
        offer = None if errors else tenant_page.read_offer(runtime(), session.link_id, cents, now())
    except PlanError:
        offer = None
    if offer is None:
        return to_amount(session)
    filled = Filled(errors={"debts": t.say("help_missing")} if note == DEBTS else {})
    return shown("confirm", view, session, offer=offer, changed=note == CHANGED, slug="plan", filled=filled)


def _agree(view: PageView, session: access.Opened, token: str, cents: int, t: PageTexts) -> Shown:
    mark, debts = request.form.get("shown", "")[:80], request.form.get("debts", "")
    if mark.endswith("-") and debts not in ("yes", "no"):
        return to_amount(session, **{AMOUNT: str(cents), NOTE: DEBTS})
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

"""Verzending: what waits, whether today's sending fits the hours, which senders stand still, and a dry run."""

from babel.numbers import format_currency
from flask import Blueprint, render_template

from channels.registry import describe
from outreach.services.dry_run import MOST, dry_run
from outreach.services.policy import load_policy
from outreach.services.queue_depth import queue_depth
from outreach.services.sending_costs import costs_of_month
from outreach.services.sending_plan import sending_plan
from outreach.web.context import now, runtime, scope, today
from outreach.web.security import for_roles
from outreach.web.translation import N_, language

blueprint = Blueprint("dispatch", __name__)
ROLES = ("policy", "manager")
VERDICTS = {
    "goes": (N_("gaat uit"), "good"),
    "task": (N_("wordt een taak"), "neutral"),
    "moved": (N_("gaat later"), "warn"),
    "dropped": (N_("gaat niet"), "bad"),
}


@blueprint.get("/verzending")
@for_roles(*ROLES)
def index() -> str:
    """Show the queue, the plan of the week and the senders."""
    moment = now()
    with runtime().db.read() as session:
        depth = queue_depth(session, scope().landlord_id, moment)
        costs = costs_of_month(session, runtime().calendar, scope().landlord_id, today())
        plan = sending_plan(session, runtime().settings, runtime().calendar, scope().landlord_id, moment)
    states = {each.name: each for each in describe(runtime().settings)}
    return render_template(
        "dispatch/index.html",
        depth=depth,
        plan=plan,
        costs=[(each, format_currency(each.amount, each.currency or "EUR", locale=language())) for each in costs],
        states=states,
        sandbox=runtime().is_sandbox,
        now=moment,
    )


@blueprint.get("/verzending/droogloop")
@for_roles(*ROLES)
def dry() -> str:
    """Show what would go now, with its texts; nothing changes."""
    with runtime().db.read() as session:
        policy = load_policy(session, scope().landlord_id)
    moment = now()
    rows = dry_run(runtime(), policy, moment)
    return render_template("dispatch/dry.html", rows=rows, now=moment, verdicts=VERDICTS, most=MOST)

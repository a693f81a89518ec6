"""What happens next with a payment plan, in a line for the page of a case."""

from collections.abc import Iterator
from datetime import timedelta

from outreach.domain.landlord_settings import PlanPolicy
from outreach.services.reading.case_page import PlanView
from outreach.web.formats import full_day, money, short_day
from outreach.web.labels import label
from outreach.web.translation import _, counted


def plan_lines(plan: PlanView, policy: PlanPolicy) -> list[str]:
    """Say what a plan waits for and what the machine will do then."""
    return list(_lines(plan, policy))


def _lines(plan: PlanView, policy: PlanPolicy) -> Iterator[str]:
    row = plan.row
    if row.state == "waiting":
        yield _("U beslist: %(why)s.", why=label("plan_why", row.why or "needs_person"))
    if row.asked and row.asked_at:
        until = row.asked_at + timedelta(days=policy.answer_days)
        yield _("Gevraagd op %(day)s: %(what)s.", day=short_day(row.asked_at), what=label("plan_question", row.asked))
        if row.state in ("requested", "proposed"):
            yield _("Zonder antwoord vervalt de vraag na %(day)s.", day=short_day(until))
        elif row.state == "repair_offered":
            yield _("Zonder antwoord stopt de regeling na %(day)s. Dan beslist u.", day=short_day(until))
    if row.state == "active" and plan.next_row:
        yield _(
            "Volgende termijn: %(day)s, %(amount)s.",
            day=full_day(plan.next_row.due_on),
            amount=money(plan.next_row.amount_cents - plan.next_row.paid_cents),
        )
        yield _("De huurder krijgt vooraf een herinnering. De contactladder wacht.")
    if row.state == "missed" and plan.next_row:
        offer = plan.next_row.due_on + timedelta(days=policy.tolerance_days + 1 + policy.repair_after_days)
        yield _("De termijn van %(day)s is niet betaald.", day=full_day(plan.next_row.due_on))
        yield _("Vanaf %(day)s bieden wij herstel aan, als niemand met de huurder spreekt.", day=short_day(offer))
    if row.repairs:
        yield counted("Eén keer hersteld.", "%(num)s keer hersteld.", row.repairs)


def proposal_line(plan: PlanView) -> str:
    """Say what is proposed: how often, how much, from when to when; "" while there are no figures."""
    made = plan.proposal
    if not made:
        return ""
    return _(
        "%(count)s keer %(amount)s, de laatste keer %(last)s, van %(first_on)s tot en met %(last_on)s",
        count=len(made),
        amount=money(made[0].amount_cents),
        last=money(made[-1].amount_cents),
        first_on=short_day(made[0].due_on),
        last_on=short_day(made[-1].due_on),
    )

"""A payment plan on the tenant's page: what amounts mean, what a chosen one would become, and the agreement.

Nothing is stored while the tenant looks: a proposal is made as it would be made, and taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow
from outreach.domain.landlord_settings import PlanPolicy
from outreach.domain.plans import MOST_INSTALMENTS, Instalment, instalments
from outreach.runtime import Runtime
from outreach.services import plans
from outreach.services.acting import Acting, Refused
from outreach.services.actor import TENANT
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_messages import tell
from outreach.services.plan_steps import ask
from outreach.services.policy import Policy
from outreach.services.reply import Reply
from outreach.services.tenant_links import UsableLink

COUNTS = (12, 9, 6, 5, 4, 3, 2, 1)
"""Numbers of months for which an amount is offered, as far as the landlord's policy lets the machine agree."""

MOST_SHOWN = 5
MOST_STEPS = 120
CONFIRMED_DAYS = 5
OPEN_TO_TENANT = frozenset({"requested", "proposed"})
"""States of a plan in which the tenant still chooses."""

_STEPS = (500, 1000, 2500, 5000, 10_000)


@dataclass(frozen=True, kw_only=True)
class PageOffer:
    """What one amount a month (cents) would become; `why` is why a person decides, "" when it can be agreed.

    `mark` names these figures, so that nobody agrees on others than he saw.
    """

    month_cents: int
    total_cents: int
    made: Sequence[Instalment]
    why: str

    @property
    def mark(self) -> str:
        """Return the figures in a few signs."""
        return f"{self.total_cents}-{self.month_cents}-{self.made[0].due_on:%Y%m%d}-{len(self.made)}-{self.why}"

    @property
    def last_on(self) -> date:
        """Return the civil date of the last instalment."""
        return self.made[-1].due_on


class PlanChanged(Refused):
    """The figures are not those that the tenant saw; he looks again."""


def may_ask(session: Session, case: CaseRow) -> bool:
    """Say whether the tenant can ask for a plan now: none runs, and none waits for a person."""
    plan = plans.open_plan(session, case)
    return plan is None or plan.state in OPEN_TO_TENANT


def offer_of(
    session: Session, runtime: Runtime, policy: Policy, book: EvidenceBook, case: CaseRow, cents: int
) -> PageOffer:
    """Work out what an amount would become, exactly as it would be proposed, and store nothing. Raises PlanError."""
    today = runtime.calendar.day_of(book.now)
    trial = EvidenceBook(session, policy.landlord_id, book.now)
    with session.begin_nested() as point:
        plan = plans.request_plan(session, trial, case, "page", TENANT)
        why = plans.propose(session, trial, policy, plan, case, cents, today)
        assert plan.month_cents is not None and plan.first_on is not None
        total, month = plan.total_cents, plan.month_cents
        made = instalments(total, month, plan.first_on)
        point.rollback()
    return PageOffer(month_cents=month, total_cents=total, made=made, why=why)


def offers(
    session: Session, runtime: Runtime, policy: Policy, book: EvidenceBook, case: CaseRow
) -> tuple[PageOffer, ...]:
    """Offer three to five sensible amounts, lowest first: those that can be agreed at once, else all."""
    total = plans.debt_of(session, case)
    amounts = sorted({_rounded(total, count) for count in COUNTS})
    found = [offer_of(session, runtime, policy, book, case, cents) for cents in amounts]
    agreed = [each for each in found if not each.why] or found
    if len(agreed) <= MOST_SHOWN:
        return tuple(agreed)
    return (*agreed[: MOST_SHOWN - 1], agreed[-1])


def _rounded(total_cents: int, count: int) -> int:
    """Give an amount a month in steps of five euros (ten above a hundred) that pays a debt in so many months."""
    cents = -(-total_cents // count)
    step = 1000 if cents > 10_000 else 500
    return min(-(-cents // step) * step, total_cents)


def least_cents(policy: PlanPolicy, total_cents: int) -> int:
    """Return the least a month (cents) that some type of plan takes for a debt, agreed by a person or at once."""
    return min(
        max(min(kind.min_month_cents, total_cents), -(-total_cents // min(kind.max_months, MOST_INSTALMENTS)))
        for kind in policy.all_kinds
    )


def slide(total_cents: int, least: int, first_on: date) -> tuple[int, tuple[tuple[int, int, date], ...]]:
    """Give the step of the slider (cents), and per amount on it (cents) the number of months and the last date.

    It begins at `least` cents a month, rounded up to the step.
    """
    step = next((each for each in _STEPS if total_cents <= each * MOST_STEPS), _STEPS[-1])
    found = []
    for cents in [*range(-(-least // step) * step, total_cents, step), total_cents]:
        made = instalments(total_cents, cents, first_on)
        found.append((cents, len(made), made[-1].due_on))
    return step, tuple(found)


def take_plan(acting: Acting, link: UsableLink, reply: Reply, cents: int, mark: str, other_debts: str) -> None:
    """Agree on what the tenant saw and confirm it in writing, or give it to a person with the proposal ready.

    `other_debts` is yes, no, or "" when it was not asked; with other debts a person decides (rules.md 30). Raises
    PlanChanged when the figures are others by now, and Refused when no plan can be asked for.
    """
    session, book, policy = acting.session, acting.book, acting.policy
    if not may_ask(session, link.case):
        raise Refused("Er is al een regeling of een voorstel.", "There is a plan or a proposal already.")
    if offer_of(session, acting.runtime, policy, book, link.case, cents).mark != mark:
        raise PlanChanged("De bedragen zijn veranderd.", "The amounts have changed.")
    plan = plans.request_plan(session, book, link.case, "page", TENANT)
    plan.other_debts = other_debts
    person = "other_debts" if other_debts == "yes" else ""
    why = plans.propose(session, book, policy, plan, link.case, cents, acting.today, person=person)
    if why:
        ask(plan, "", book)
        reply.hand_over("plan_request", {"why": why, "month_cents": str(plan.month_cents)})
        reply.done("plan_to_person", why=why, plan=plan.id)
        return
    made = plans.agree(session, book, policy, plan, link.case, acting.today, TENANT)
    values = plans.plan_values(made)
    told = tell(
        session,
        policy,
        link.case,
        plan,
        "agreed",
        "plan_confirmed",
        "plan",
        values,
        acting.now,
        acting.today,
        CONFIRMED_DAYS,
    )
    reply.done("plan_agreed", plan=plan.id, told=told)

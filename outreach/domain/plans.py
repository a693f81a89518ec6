"""Payment plans as arithmetic: instalments whose sum is the debt to the cent, and what the machine may agree."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from outreach.domain.landlord_settings import PlanKind, PlanPolicy
from outreach.errors import OutreachError

MOST_INSTALMENTS = 120
EXAMPLE_STEP = 500
"""An amount a month that serves as an example is a multiple of so many cents."""


class PlanError(OutreachError):
    """A plan cannot be made from these amounts or dates."""


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One instalment: number from 1, civil date, cents."""

    number: int
    due_on: date
    amount_cents: int


def instalments(total_cents: int, month_cents: int, first_on: date) -> tuple[Instalment, ...]:
    """Split a debt in monthly instalments; the last one is what remains, so that the sum is the debt.

    A day that a month does not have becomes its last day. Raises PlanError for amounts of zero or less
    and for more than 120 instalments.
    """
    if total_cents <= 0 or month_cents <= 0:
        raise PlanError("Vul een bedrag in dat hoger is dan € 0.", "Fill in an amount above € 0.")
    count = -(-total_cents // month_cents)
    if count > MOST_INSTALMENTS:
        raise PlanError(
            "Dit duurt langer dan tien jaar. Kies een hoger bedrag per maand.",
            "This takes more than ten years. Choose a higher amount a month.",
        )
    amounts = [month_cents] * (count - 1) + [total_cents - month_cents * (count - 1)]
    return tuple(
        Instalment(number=number, due_on=months_later(first_on, number - 1), amount_cents=amount)
        for number, amount in enumerate(amounts, start=1)
    )


def months_later(day: date, months: int) -> date:
    """Give the same day so many months later, or the last day of that month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def first_payday(today: date, payday: int, notice_days: int = 5) -> date:
    """Give the day after the first payday that lies at least `notice_days` ahead (rules.md 24).

    A payday that a month does not have is its last day, so 31 is always the last.
    """
    start, ahead = date(today.year, today.month, 1), 0
    while True:
        month = months_later(start, ahead)
        candidate = month.replace(day=min(payday, calendar.monthrange(month.year, month.month)[1]))
        if (candidate - today).days >= notice_days:
            return date.fromordinal(candidate.toordinal() + 1)
        ahead += 1


def may_agree(policy: PlanPolicy, total_cents: int, month_cents: int, rent_cents: int | None, recent_plan: bool) -> str:
    """Say why the machine may not agree by itself: "" when it may (rules.md 29).

    Codes: recent_plan, below_minimum, too_long, debt_too_high.
    """
    return misfit(policy.first_kind, total_cents, month_cents, rent_cents, 0 if recent_plan else None)


def misfit(kind: PlanKind, total_cents: int, month_cents: int, rent_cents: int | None, since_months: int | None) -> str:
    """Say why a plan does not fit a type: "" when it does. `since_months` is how long ago the last plan was agreed.

    Codes: recent_plan, below_minimum, too_long, debt_too_high.
    """
    if since_months is not None and since_months < kind.one_in_months:
        return "recent_plan"
    if month_cents < min(kind.min_month_cents, total_cents):
        return "below_minimum"
    if -(-total_cents // month_cents) > kind.max_months:
        return "too_long"
    if rent_cents is not None and total_cents > kind.max_debt_months * rent_cents:
        return "debt_too_high"
    return ""


def least_fitting(kind: PlanKind, total_cents: int) -> int:
    """Give the least amount a month (cents, in steps of five euros) with which a debt fits the term of a type."""
    cents = max(kind.min_month_cents, -(-total_cents // kind.max_months))
    return min(-(-cents // EXAMPLE_STEP) * EXAMPLE_STEP, max(total_cents, 1))


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The type that a plan falls in ("" when none), and why a person decides ("" when the machine may)."""

    kind: str
    why: str


def fit(
    policy: PlanPolicy, total_cents: int, month_cents: int, rent_cents: int | None, since_months: int | None
) -> Fit:
    """Find the first type of the landlord that a plan fits; the reason is why the first type did not fit."""
    first_why = ""
    for kind in policy.all_kinds:
        why = misfit(kind, total_cents, month_cents, rent_cents, since_months)
        if not why:
            return Fit(kind=kind.name, why=(first_why or "needs_person") if kind.needs_person else "")
        first_why = first_why or why
    return Fit(kind="", why=first_why)


def per_month(cents: int, per: str | None) -> int:
    """Turn an amount a week into an amount a month (52 weeks over 12 months, rounded down to whole cents)."""
    return cents * 52 // 12 if per == "week" else cents


@dataclass(frozen=True, kw_only=True)
class Share:
    """What is owed and paid of one instalment (cents), and its civil date."""

    due_on: date
    amount_cents: int
    paid_cents: int


def spread(shares: Sequence[Share], paid_cents: int, today: date) -> tuple[int, ...]:
    """Spread what was paid of a plan in all over its instalments, in date order; gives paid cents per instalment.

    What is new goes to what is due, or when nothing is due to the next one; more shortens the plan from its end.
    When the books take a payment back, it is taken from the end first. Never more than is due, and no cent is lost.
    """
    paid = [each.paid_cents for each in shares]
    left = max(0, min(paid_cents, sum(each.amount_cents for each in shares))) - sum(paid)
    for place in _order(shares, paid, today) if left > 0 else ():
        taken = min(left, shares[place].amount_cents - paid[place])
        paid[place] += taken
        left -= taken
    for place in range(len(shares) - 1, -1, -1) if left < 0 else ():
        given = min(-left, paid[place])
        paid[place] -= given
        left += given
    return tuple(paid)


def _order(shares: Sequence[Share], paid: Sequence[int], today: date) -> list[int]:
    open_places = [place for place, each in enumerate(shares) if paid[place] < each.amount_cents]
    due = [place for place in open_places if shares[place].due_on <= today]
    coming = [place for place in open_places if shares[place].due_on > today]
    now = due or coming[:1]
    return [*now, *(place for place in reversed(coming) if place not in now)]


def short_cents(shares: Sequence[Share], day: date) -> int:
    """Give how much too little was paid of what was due by a day; who paid ahead is never short."""
    due = sum(each.amount_cents for each in shares if each.due_on <= day)
    return max(0, due - sum(each.paid_cents for each in shares))

"""Payment plans as arithmetic: instalments whose sum is the debt to the cent, and what the machine may agree."""

import calendar
from dataclasses import dataclass
from datetime import date

from outreach.domain.landlord_settings import PlanPolicy
from outreach.errors import OutreachError


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
    if count > 120:
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
    """Give the day after the first payday that lies at least `notice_days` ahead (rules.md 24)."""
    candidate = date(today.year, today.month, payday)
    while (candidate - today).days < notice_days:
        candidate = months_later(candidate, 1)
    return date.fromordinal(candidate.toordinal() + 1)


def may_agree(policy: PlanPolicy, total_cents: int, month_cents: int, rent_cents: int | None, recent_plan: bool) -> str:
    """Say why the machine may not agree by itself: "" when it may (rules.md 29).

    Codes: recent_plan, below_minimum, too_long, debt_too_high.
    """
    if recent_plan:
        return "recent_plan"
    if month_cents < min(policy.min_month_cents, total_cents):
        return "below_minimum"
    if -(-total_cents // month_cents) > policy.max_months:
        return "too_long"
    if rent_cents is not None and total_cents > policy.max_debt_months * rent_cents:
        return "debt_too_high"
    return ""


def per_month(cents: int, per: str | None) -> int:
    """Turn an amount a week into an amount a month (52 weeks over 12 months, rounded down to whole cents)."""
    return cents * 52 // 12 if per == "week" else cents

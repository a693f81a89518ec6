"""How much room a partner has this month and this year, and the queue that waits for it (rules.md 12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import PartnerRow, ReferralRow
from outreach.domain.referral_states import QUEUED
from outreach.services.policy import Policy
from outreach.services.routes import way_to
from schedules.calendar import Calendar
from schedules.route import Quota, RouteDefinition
from schedules.route_gate import quota_left
from schedules.terms import filled

ALL = "all"
"""A quota whose scope is all counts every landlord of this installation with the same kind of partner there."""


@dataclass(frozen=True, kw_only=True)
class QuotaUse:
    """What went to a partner this month and this year, what waits, and what may still go; None without a quota."""

    this_month: int
    this_year: int
    queued: int
    left: int | None


def quota_use(
    session: Session,
    calendar: Calendar,
    partner: PartnerRow,
    route: RouteDefinition,
    fills: Mapping[str, int | str],
    day: date,
) -> QuotaUse:
    """Count what went to a partner in the month and the year of a day, by the scopes of its route's quota."""
    quota = route.quota or Quota()
    month = _sent_since(session, partner, quota.scope, calendar.utc(day.replace(day=1)))
    year = _sent_since(session, partner, quota.year_scope, calendar.utc(day.replace(month=1, day=1)))
    queued = select(func.count()).select_from(ReferralRow)
    waiting = queued.where(ReferralRow.partner_id == partner.id, ReferralRow.state == QUEUED)
    return QuotaUse(
        this_month=month,
        this_year=year,
        queued=session.scalar(waiting) or 0,
        left=quota_left(route, month, year, fills),
    )


@dataclass(frozen=True, kw_only=True)
class PartnerUse:
    """What went to a partner and what its route allows; a limit is None when there is none."""

    use: QuotaUse
    per_month: int | None
    per_year: int | None
    for_all: bool


def partner_use(session: Session, calendar: Calendar, partner: PartnerRow, policy: Policy, day: date) -> PartnerUse:
    """Count what went to a partner this month and year, beside the quota of its route in force."""
    route, fills = way_to(session, partner).route, policy.settings.fills
    quota = route.quota or Quota()
    return PartnerUse(
        use=quota_use(session, calendar, partner, route, fills, day),
        per_month=filled(quota.per_month, fills),
        per_year=filled(quota.per_year, fills),
        for_all=ALL in (quota.scope, quota.year_scope),
    )


def has_room(
    session: Session,
    calendar: Calendar,
    partner: PartnerRow,
    route: RouteDefinition,
    fills: Mapping[str, int | str],
    day: date,
) -> bool:
    """Say whether one more referral may go now: there is room, and nobody waits for it already.

    Who was just added to the queue in this transaction is not flushed yet, so it does not wait for itself.
    """
    if route.quota is None:
        return True
    with session.no_autoflush:
        use = quota_use(session, calendar, partner, route, fills, day)
    return use.left is None or use.left > use.queued


def _sent_since(session: Session, partner: PartnerRow, scope: str, since: datetime) -> int:
    statement = select(func.count()).select_from(ReferralRow).where(ReferralRow.sent_at >= since)
    if scope != ALL:
        return session.scalar(statement.where(ReferralRow.partner_id == partner.id)) or 0
    same = select(PartnerRow.id).where(PartnerRow.kind == partner.kind, PartnerRow.municipality == partner.municipality)
    return session.scalar(statement.where(ReferralRow.partner_id.in_(same))) or 0

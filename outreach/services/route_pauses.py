"""Pauses by a route: how they start, with which conditions, and until when (rules.md 15)."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import PauseRow, ReferralFeedbackRow, ReferralRow
from outreach.domain.pauses import last_day
from outreach.services.actor import MACHINE, Actor
from outreach.services.evidence import EvidenceBook
from schedules.route import RouteDefinition
from schedules.terms import later

REASONS = {"help_accepted": "help_accepted", "referral_sent": "partner", "debt_help_asked": "debt_help_asked"}
"""The reason of a pause by what started it."""


def pause_by_route(
    session: Session,
    book: EvidenceBook,
    referral: ReferralRow,
    route: RouteDefinition,
    event: str,
    today: date,
    fills: Mapping[str, int | str],
    actor: Actor = MACHINE,
) -> bool:
    """Pause collection when the route says so at this event; once per referral. Says whether it did."""
    rule = route.pause
    if rule is None or rule.when != event or running_pause(session, referral.id) is not None:
        return False
    own_end = None if rule.counts_from else later(today, rule.max_days, rule.max_months, fills)
    until_on = last_day(today, own_end)
    conditions = [{"key": each.key, "title": dict(each.title), "check": each.check} for each in rule.conditions]
    session.add(
        PauseRow(
            landlord_id=referral.landlord_id,
            case_id=referral.case_id,
            referral_id=referral.id,
            reason=REASONS[event],
            from_at=book.now,
            until_on=until_on,
            condition="; ".join(each.title["nl"] for each in rule.conditions)[:200],
            conditions=conditions,
            by_user_id=actor.user_id,
        )
    )
    payload = {"reason": REASONS[event], "until_on": until_on, "referral": referral.id, "conditions": conditions}
    book.note("paused", actor, payload, case_id=referral.case_id)
    return True


def running_pause(session: Session, referral_id: int) -> PauseRow | None:
    """Give the pause of a referral that has not been ended."""
    return session.scalar(select(PauseRow).where(PauseRow.referral_id == referral_id, PauseRow.ended_at.is_(None)))


def count_from_feedback(
    session: Session,
    referral: ReferralRow,
    route: RouteDefinition,
    clock: ReferralFeedbackRow,
    today: date,
    fills: Mapping[str, int | str],
) -> None:
    """Move the end of a pause whose limit counts from this feedback."""
    rule, pause = route.pause, running_pause(session, referral.id)
    if rule is not None and pause is not None and rule.counts_from == clock.key:
        pause.until_on = last_day(today, later(today, rule.max_days, rule.max_months, fills))

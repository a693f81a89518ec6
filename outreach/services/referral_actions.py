"""What a partner reports back, and what follows: help accepted pauses collection, a rejection becomes a task."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, PauseRow, ReferralRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.policy import Policy
from outreach.services.tasks import add_task

STATES = ("accepted", "rejected", "closed")
PAUSE_FOR_HELP = timedelta(days=91)
"""How long accepted help pauses collection before somebody looks again; at most nine months (rules.md 15)."""


def referral_feedback(
    runtime: Runtime, actor: Actor, referral_id: int, *, state: str, text: str = "", help_accepted: bool = False
) -> None:
    """Record a partner's feedback: accepted, rejected or closed; accepted help pauses collection."""
    with runtime.db.read() as session:
        known = session.get(ReferralRow, referral_id)
    if known is None or state not in STATES:
        raise Refused("Kies wat de partner heeft laten weten.", "Choose what the partner reported.")
    with acting_on(runtime, actor, known.case_id, open_only=False) as acting:
        referral = acting.session.get_one(ReferralRow, referral_id)
        referral.state, referral.feedback, referral.feedback_at = state, text, acting.now
        referral.help_accepted = help_accepted
        if help_accepted and state == "accepted" and acting.case.state == "open":
            acting.session.add(
                PauseRow(
                    landlord_id=referral.landlord_id,
                    case_id=referral.case_id,
                    reason="help_accepted",
                    from_at=acting.now,
                    until_on=acting.today + PAUSE_FOR_HELP,
                    condition="de huur wordt elke maand betaald en de hulp gaat door",
                    by_user_id=actor.user_id,
                )
            )
        if state == "rejected":
            add_task(
                acting.session,
                landlord_id=referral.landlord_id,
                kind="referral_rejected",
                key=f"rejected:{referral.id}",
                due_at=acting.now,
                case=acting.case,
                detail={"text": text[:200], "partner": referral.partner_kind},
            )
        acting.note("referral_feedback", referral=referral_id, state=state, text=text, help_accepted=help_accepted)


def watch(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Once a day: feedback that is overdue and pauses that end become tasks."""
    counts: Counter[str] = Counter()
    today = runtime.calendar.day_of(now)
    overdue = session.execute(
        select(ReferralRow, CaseRow)
        .join(CaseRow, CaseRow.id == ReferralRow.case_id)
        .where(
            ReferralRow.landlord_id == policy.landlord_id,
            ReferralRow.state == "sent",
            ReferralRow.feedback_due_on < today,
            CaseRow.state == "open",
        )
        .order_by(ReferralRow.id)
    ).all()
    for referral, case in overdue:
        counts["referrals_overdue"] += add_task(
            session,
            landlord_id=policy.landlord_id,
            kind="referral_overdue",
            key=f"overdue:{referral.id}",
            due_at=now,
            case=case,
            detail={"partner": referral.partner_kind, "due_on": referral.feedback_due_on.isoformat()},
        )
    ended = session.execute(
        select(PauseRow, CaseRow)
        .join(CaseRow, CaseRow.id == PauseRow.case_id)
        .where(PauseRow.landlord_id == policy.landlord_id, PauseRow.ended_at.is_(None), PauseRow.until_on <= today)
        .order_by(PauseRow.id)
    ).all()
    for pause, case in ended:
        pause.ended_at, pause.end_reason = now, "end_date"
        if case.state == "open":
            counts["pauses_ended"] += add_task(
                session,
                landlord_id=policy.landlord_id,
                kind="resume",
                key=f"resume:{pause.id}",
                due_at=now,
                case=case,
                detail={"reason": pause.reason, "condition": pause.condition},
            )
    return counts

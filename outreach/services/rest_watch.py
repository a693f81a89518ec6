"""Cases in which nothing is planned and nobody is busy: once a day, one set, a person is asked how to go on.

A ladder ends with a decision of a person (rules.md 9). What that person chose may come to nothing: a letter without
an answer, a partner that is never heard of again, a pause without an end. Then the case must not be forgotten.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    PauseRow,
    PaymentPlanRow,
    PromiseRow,
    ReferralFeedbackRow,
    ReferralRow,
    TalkRow,
    TaskRow,
    TrajectoryRow,
)
from outreach.domain.plan_states import OPEN as OPEN_PLANS
from outreach.domain.referral_states import OPEN, QUEUED
from outreach.runtime import Runtime
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.tasks import NewTask, add_tasks
from outreach.services.trajectories import BUSY

QUIET_FOR = timedelta(days=14)
"""How long nothing has happened before a person is asked (assumption)."""

GOES_ON = frozenset({"in_flight", "busy_talk", "stale_ledger", "no_ledger"})
"""Reasons to wait that end by themselves, or that concern every case of the landlord."""


def watch_rest(runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy) -> Counter[str]:
    """Ask how to go on with each open case that rests with nobody, at most once in a calendar month per case."""
    today = runtime.calendar.day_of(book.now)
    rows = session.scalars(
        select(CaseRow)
        .where(
            CaseRow.landlord_id == policy.landlord_id,
            CaseRow.state == "open",
            CaseRow.next_at.is_(None),
            CaseRow.decided_at.is_not(None),
            *(~somebody for somebody in _somebody_is_busy(today)),
            *(~lately for lately in _happened_since(book.now - QUIET_FOR)),
        )
        .order_by(CaseRow.id)
    )
    tasks = [_task(case, book.now, today) for case in rows if _rests(case, today)]
    return Counter(cases_at_rest=add_tasks(session, tasks))


def _rests(case: CaseRow, today: date) -> bool:
    """Say whether no step has a day, and no known day of court or eviction is still to come."""
    waiting: list[Mapping[str, Any]] = case.decision.get("waiting", [])
    reasons = {reason["code"] for step in waiting for reason in step["why"]}
    dated = any(date.fromisoformat(day) >= today for day in case.dates.values())
    return not dated and not reasons & GOES_ON and all(step["until"] is None for step in waiting)


def _somebody_is_busy(today: date) -> tuple[ColumnElement[bool], ...]:
    """Give what shows that a person, a partner or a date has the case; an endless pause shows nothing."""
    feedback = ReferralFeedbackRow.referral_id == ReferralRow.id
    return (
        exists().where(TaskRow.case_id == CaseRow.id, TaskRow.state == "open"),
        exists().where(AttemptRow.case_id == CaseRow.id, AttemptRow.state.in_(("planned", "claimed"))),
        exists().where(PaymentPlanRow.case_id == CaseRow.id, PaymentPlanRow.state.in_(OPEN_PLANS)),
        exists().where(PromiseRow.case_id == CaseRow.id, PromiseRow.state == "open"),
        exists().where(
            PauseRow.case_id == CaseRow.id,
            PauseRow.ended_at.is_(None),
            PauseRow.until_on.is_not(None) | PauseRow.trajectory_id.is_not(None),
        ),
        exists().where(TrajectoryRow.case_id == CaseRow.id, TrajectoryRow.state.in_([each.value for each in BUSY])),
        exists().where(ReferralRow.case_id == CaseRow.id, ReferralRow.state == QUEUED),
        exists().where(
            ReferralRow.case_id == CaseRow.id,
            ReferralRow.state.in_(sorted(OPEN)),
            feedback,
            ReferralFeedbackRow.verdict.is_(None),
            ReferralFeedbackRow.due_on >= today,
        ),
    )


def _happened_since(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    last = func.coalesce(AttemptRow.outcome_at, AttemptRow.sent_at)
    return (
        CaseRow.opened_at > moment,
        exists().where(AttemptRow.case_id == CaseRow.id, last > moment),
        exists().where(TaskRow.case_id == CaseRow.id, TaskRow.done_at > moment),
        exists().where(TalkRow.case_id == CaseRow.id, TalkRow.at > moment),
    )


def _task(case: CaseRow, now: datetime, today: date) -> NewTask:
    key = f"how_on:{case.id}:{case.ladder_run}:{today:%Y-%m}"
    return NewTask(kind="how_on", key=key, case=case, due_at=now)

"""Facts of help, pauses and part payments for the engine: from rows of a case, and two questions per set of cases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, union
from sqlalchemy.orm import Session

from outreach.db.tables import (
    ArrearsRow,
    CaseRow,
    LedgerEntryRow,
    LedgerItemRow,
    PauseRow,
    PaymentRow,
    ReferralRow,
    TaskRow,
)
from outreach.domain.referral_states import ACCEPTED, STOPPED
from schedules.calendar import to_local

HELP_REFUSED = "help_refused"
"""The flag of a case whose tenant told us himself that he wants no help."""

RESUME_ASKED = "resume_asked"
"""The reason to wait after a pause for help has ended by its date, until a person has decided what comes next."""

IDS: BindParameter[Any] = bindparam("ids", expanding=True)
CASE_IDS: BindParameter[Any] = bindparam("case_ids", expanding=True)
RESUMING = select(TaskRow.case_id).where(
    TaskRow.case_id.in_(CASE_IDS), TaskRow.state == "open", TaskRow.kind == "resume"
)
_OLDEST = (
    select(LedgerItemRow.id)
    .join(ArrearsRow, ArrearsRow.tenancy_id == LedgerItemRow.tenancy_id)
    .where(ArrearsRow.tenancy_id.in_(IDS), LedgerItemRow.due_on == ArrearsRow.oldest_due_on)
)
_LATEST = (
    select(func.max(LedgerEntryRow.id)).where(LedgerEntryRow.item_id.in_(_OLDEST)).group_by(LedgerEntryRow.item_id)
)
PAID_IN_PART = union(
    select(CaseRow.id)
    .join(LedgerItemRow, LedgerItemRow.tenancy_id == CaseRow.tenancy_id)
    .join(LedgerEntryRow, LedgerEntryRow.item_id == LedgerItemRow.id)
    .where(
        CaseRow.id.in_(CASE_IDS),
        LedgerEntryRow.id.in_(_LATEST),
        LedgerEntryRow.open_cents > 0,
        LedgerEntryRow.open_cents < LedgerItemRow.amount_cents,
    ),
    select(CaseRow.id)
    .join(PaymentRow, PaymentRow.tenancy_id == CaseRow.tenancy_id)
    .where(CaseRow.id.in_(CASE_IDS), PaymentRow.occurred_on >= CaseRow.opened_on),
)
"""Cases of which the oldest item is open in part, or for which money came in since they were opened."""


@dataclass(frozen=True, kw_only=True)
class CareFacts:
    """Per set of cases: whose pause waits for a person to decide, and who has paid a part."""

    resuming: frozenset[int]
    paid_in_part: frozenset[int]


def load_care(session: Session, cases: Sequence[CaseRow]) -> CareFacts:
    """Load these facts for cases of one landlord."""
    case_ids, tenancy_ids = [case.id for case in cases], list({case.tenancy_id for case in cases})
    resuming = session.scalars(RESUMING, {"case_ids": case_ids})
    return CareFacts(
        resuming=frozenset(found for found in resuming if found is not None),
        paid_in_part=frozenset(session.scalars(PAID_IN_PART, {"case_ids": case_ids, "ids": tenancy_ids})),
    )


def help_facts(referrals: Iterable[ReferralRow], flags: Iterable[str]) -> dict[str, Any]:
    """Give what the engine knows of help: accepted and going on, refused at the last offer, or stopped."""
    rows = list(referrals)
    accepted = any(row.help_accepted and row.state == ACCEPTED for row in rows)
    return {
        "help_accepted": accepted,
        "help_refused": not accepted and (HELP_REFUSED in flags or any(row.help_refused for row in rows)),
        "help_stopped": not accepted and any(row.state == STOPPED for row in rows),
    }


def in_trajectory(pauses: Iterable[PauseRow]) -> bool:
    """Say whether a trajectory runs: its case stays open until people end it, also when all is paid meanwhile."""
    return any(row.trajectory_id is not None and row.ended_at is None for row in pauses)


def pause_facts(pauses: Sequence[PauseRow], resuming: bool, day: date) -> dict[str, Any]:
    """Give the pause in force: the one that lasts longest; one without an end comes first.

    A pause that ended by its date still holds on that day, and one of a referral or trajectory until a person has
    decided: the end of a pause is never a demand by itself (rules.md 15).
    """
    running = [row for row in pauses if row.ended_at is None]
    pause = max(running, key=lambda row: row.until_on or date.max, default=None)
    if pause is not None:
        until = max(pause.until_on - timedelta(days=1), day) if pause.until_on else None
        return {"pause_reason": pause.reason, "pause_until": until}
    ended = [row for row in pauses if row.end_reason == "end_date" and row.ended_at is not None]
    if resuming and any(row.referral_id is not None or row.trajectory_id is not None for row in ended):
        return {"pause_reason": RESUME_ASKED, "pause_until": None}
    today = next((row for row in ended if row.ended_at and to_local(row.ended_at).date() == day), None)
    if today is not None:
        return {"pause_reason": today.reason, "pause_until": day}
    return {"pause_reason": None, "pause_until": None}

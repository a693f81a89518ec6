"""Do what the office does when it opens: the day is decided before that, referrals and decisions wait for its hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from outreach.db.tables import CaseRow
from outreach.runtime import Runtime
from outreach.services.planning import CHUNK, Planned, plan_cases
from outreach.services.policy import Policy

WAITS_FOR_OFFICE = frozenset({"referral", "decision"})


def plan_due(runtime: Runtime, policy: Policy, now: datetime) -> Planned:
    """Decide again on cases whose referral or decision has come due since they were decided on today.

    Each is decided on once more: what is still wanted is made, the rest keeps its reasons.
    """
    report = Planned()
    with runtime.db.read() as session:
        found = session.execute(
            select(CaseRow.id, CaseRow.decided_at, CaseRow.decision)
            .where(CaseRow.landlord_id == policy.landlord_id, CaseRow.state == "open", CaseRow.next_at <= now)
            .order_by(CaseRow.id)
        ).all()
    ids = [case_id for case_id, decided_at, decision in found if _has_come(decision, decided_at, now)]
    for start in range(0, len(ids), CHUNK):
        with runtime.db.write() as session:
            plan_cases(runtime, session, policy, ids[start : start + CHUNK], now, report)
    return report


def _has_come(decision: Mapping[str, Any], decided_at: datetime | None, now: datetime) -> bool:
    due = (
        datetime.fromisoformat(each["due_at"]) for each in decision.get("due", ()) if each["kind"] in WAITS_FOR_OFFICE
    )
    return any(decided_at is None or decided_at < due_at <= now for due_at in due)

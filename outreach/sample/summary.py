"""What a played sample comes to: counts, the audit, and a digest that is the same for the same seed."""

import hashlib
import json
import re
from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, PaymentPlanRow, ReferralRow, TenancyRow
from outreach.runtime import Runtime

NUMBER = re.compile(r"\d+")


def counts(runtime: Runtime, landlord_id: int) -> dict[str, Any]:
    """Count cases, sent attempts per channel and outcome, tenants reached, plans, paid cases and referrals."""
    with runtime.db.read() as session:
        cases = select(func.count()).select_from(CaseRow).where(CaseRow.landlord_id == landlord_id)
        agreed = select(func.count()).select_from(PaymentPlanRow).where(PaymentPlanRow.landlord_id == landlord_id)
        return {
            "cases": session.scalar(cases),
            "attempts": _attempts(session, landlord_id),
            "reached": session.scalar(cases.where(CaseRow.reached_at.is_not(None))),
            "plans": session.scalar(agreed.where(PaymentPlanRow.agreed_at.is_not(None))),
            "paid": session.scalar(cases.where(CaseRow.close_reason == "paid")),
            "referrals": _referrals(session, landlord_id),
            "closed": _pairs(session, landlord_id),
        }


def _attempts(session: Session, landlord_id: int) -> dict[str, dict[str, int]]:
    rows = session.execute(
        select(AttemptRow.channel, func.coalesce(AttemptRow.outcome, AttemptRow.state), func.count())
        .where(AttemptRow.landlord_id == landlord_id, AttemptRow.sent_at.is_not(None))
        .group_by(AttemptRow.channel, func.coalesce(AttemptRow.outcome, AttemptRow.state))
    )
    found: dict[str, dict[str, int]] = {}
    for channel, outcome, number in rows:
        found.setdefault(str(channel), {})[str(outcome)] = number
    return {channel: dict(sorted(outcomes.items())) for channel, outcomes in sorted(found.items())}


def _referrals(session: Session, landlord_id: int) -> dict[str, int]:
    rows = session.execute(
        select(ReferralRow.partner_kind, func.count())
        .where(ReferralRow.landlord_id == landlord_id)
        .group_by(ReferralRow.partner_kind)
        .order_by(ReferralRow.partner_kind)
    )
    return {str(kind): number for kind, number in rows}


def _pairs(session: Session, landlord_id: int) -> dict[str, int]:
    rows = session.execute(
        select(CaseRow.close_reason, func.count())
        .where(CaseRow.landlord_id == landlord_id, CaseRow.state == "closed")
        .group_by(CaseRow.close_reason)
        .order_by(CaseRow.close_reason)
    )
    return {reason or "": number for reason, number in rows}


def dropped(runtime: Runtime, landlord_id: int) -> Counter[str]:
    """Count why planned contacts were not made."""
    with runtime.db.read() as session:
        statement = select(AttemptRow.dropped_reason).where(
            AttemptRow.landlord_id == landlord_id, AttemptRow.state == "dropped"
        )
        return Counter(reason["code"] for found in session.scalars(statement) for reason in found.get("why", ())[:1])


def digest(runtime: Runtime, landlord_id: int) -> str:
    """Hash all cases and attempts without database numbers and salts: the same seed gives the same digest."""
    with runtime.db.read() as session:
        lines = sorted([*_case_lines(session, landlord_id), *_attempt_lines(session, landlord_id)])
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _case_lines(session: Session, landlord_id: int) -> list[str]:
    rows = session.execute(
        select(
            CaseRow.number,
            TenancyRow.external_ref,
            CaseRow.ladder_name,
            CaseRow.state,
            CaseRow.stage,
            CaseRow.opened_at,
            CaseRow.closed_at,
            CaseRow.close_reason,
            CaseRow.reached_at,
        )
        .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
        .where(CaseRow.landlord_id == landlord_id)
    )
    return [_line("case", tuple(row)) for row in rows]


def _attempt_lines(session: Session, landlord_id: int) -> list[str]:
    rows = session.execute(
        select(
            CaseRow.number,
            AttemptRow.ladder_run,
            AttemptRow.step,
            AttemptRow.attempt,
            AttemptRow.channel,
            AttemptRow.template,
            AttemptRow.language,
            AttemptRow.state,
            AttemptRow.due_at,
            AttemptRow.sent_at,
            AttemptRow.sent_to,
            AttemptRow.text,
            AttemptRow.outcome,
            AttemptRow.outcome_at,
            AttemptRow.reached,
        )
        .join(CaseRow, CaseRow.id == AttemptRow.case_id)
        .where(AttemptRow.landlord_id == landlord_id)
    )
    return [_line("attempt", (row.number, _without_numbers(row.step), *tuple(row)[3:])) for row in rows]


def _without_numbers(step: str) -> str:
    """Leave database numbers out of the step of an answer or a plan message."""
    return NUMBER.sub("#", step) if ":" in step else step


def _line(kind: str, values: tuple[Any, ...]) -> str:
    return json.dumps([kind, *values], default=lambda value: value.isoformat(), ensure_ascii=False)

"""What staff recorded of a case that leaves no row of its own, read from the evidence: who said what, when and why."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, EvidencePayloadRow, EvidenceRow, PauseRow
from outreach.services.actor import MACHINE, TENANT

KINDS = (
    "cause",
    "children",
    "date",
    "date_off",
    "decision",
    "features",
    "ground",
    "help_refused",
    "household",
    "pause_condition",
    "plan_caught_up",
    "plan_changed",
    "plan_ended",
    "plan_missed",
    "plan_refused",
    "plan_repair_offered",
    "plan_repaired",
    "signals",
)
NOBODY = (MACHINE.label, TENANT.label)
"""Who does not stand with a name in the case: the machine, and the tenant, whose case it is."""
NOTES = ("note", "reason", "document")
"""Where a payload keeps what somebody wrote, the first that is there."""


@dataclass(frozen=True, kw_only=True)
class Noted:
    """One recorded fact: its kind, who recorded it, what was written, the rest of its payload as it was kept."""

    at: datetime
    kind: str
    by: str
    note: str
    values: Mapping[str, Any]
    attempt_id: int | None


def read_noted(session: Session, case: CaseRow) -> Iterator[Noted]:
    """Yield what was recorded in a case; a payload that was erased is left out."""
    statement = (
        select(EvidenceRow, EvidencePayloadRow.body)
        .join(EvidencePayloadRow, EvidencePayloadRow.evidence_id == EvidenceRow.id)
        .where(EvidenceRow.landlord_id == case.landlord_id, EvidenceRow.case_id == case.id, EvidenceRow.kind.in_(KINDS))
        .order_by(EvidenceRow.id)
    )
    for row, body in session.execute(statement):
        if not body:
            continue
        values = json.loads(body)
        yield Noted(
            at=row.occurred_at,
            kind=row.kind,
            by="" if row.actor in NOBODY else row.actor,
            note=next((str(values[key]) for key in NOTES if values.get(key)), ""),
            values={**values, **_condition(session, values)} if row.kind == "pause_condition" else values,
            attempt_id=row.attempt_id,
        )


def _condition(session: Session, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the title of a condition as its pause keeps it."""
    pause = session.get(PauseRow, values["pause"])
    conditions = pause.conditions if pause is not None else []
    return next(({"title": each["title"]} for each in conditions if each["key"] == values["condition"]), {})

"""Judge decisions: each is named by evidence, and one of a commission or judge by a document."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from outreach.audit.record import ATTEMPT, CASE, scoped
from outreach.audit.report import Finding
from outreach.db.record import EvidencePayloadRow, EvidenceRow

EVIDENCE = EvidenceRow.__table__
PAYLOAD = EvidencePayloadRow.__table__
OUTSIDE = ("commission", "judge")


def judge_decisions(connection: Connection, landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge every decision that was recorded (rules.md 9); evidence whose payload was erased says that it was there."""
    statement = (
        select(
            ATTEMPT.c.id,
            ATTEMPT.c.key,
            ATTEMPT.c.due_at,
            ATTEMPT.c.outcome,
            CASE.c.number,
            EVIDENCE.c.id.label("proof"),
            PAYLOAD.c.body,
        )
        .join(CASE, CASE.c.id == ATTEMPT.c.case_id)
        .outerjoin(EVIDENCE, (EVIDENCE.c.attempt_id == ATTEMPT.c.id) & (EVIDENCE.c.kind == "decision"))
        .outerjoin(PAYLOAD, PAYLOAD.c.evidence_id == EVIDENCE.c.id)
        .where(ATTEMPT.c.kind == "decision", ATTEMPT.c.state == "done")
        .order_by(ATTEMPT.c.id)
    )
    for row in connection.execute(scoped(statement, ATTEMPT, landlord_id)):
        yield _judge(row)


def _judge(row: Row[Any]) -> Finding | None:
    if row.proof is None:
        return _finding(row, "no_evidence", "zonder bewijs in het dossier")
    said = json.loads(row.body) if row.body else None
    if said is None:
        return None
    if said.get("outcome") != row.outcome:
        return _finding(row, "other_outcome", "eindigde anders dan het bewijs zegt")
    if said.get("decided_by") in OUTSIDE and not (said.get("reference") and said.get("decided_on")):
        return _finding(row, "no_document", "van een commissie of rechter zonder stuk")
    return None


def _finding(row: Row[Any], code: str, what: str) -> Finding:
    return Finding(
        code=code, what=f"besluit {what}", attempt_id=row.id, key=row.key, case_number=row.number, at=row.due_at
    )

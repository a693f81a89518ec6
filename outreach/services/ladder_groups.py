"""The running cases of a ladder in groups: by version, stage, next step, what holds them, and area."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AreaRow, AttemptRow, CaseRow, PauseRow, PaymentPlanRow, PromiseRow
from outreach.services.fact_queries import OPEN_STATES

HOLDS = ("paused", "plan", "promise", "none")
NOTHING = "-"


@dataclass(frozen=True, kw_only=True, order=True)
class Group:
    """Running cases that stand at the same place. `next_step` is "-" when nothing comes; `hold` as in HOLDS."""

    version_id: int
    stage: str
    next_step: str
    hold: str
    case_ids: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """Give the text that names the group on a form and on the command line."""
        return f"{self.version_id}/{self.stage or NOTHING}/{self.next_step}/{self.hold}"


def running_groups(
    session: Session, scope: Scope, name: str, day: date, *, area: str | None = None
) -> tuple[Group, ...]:
    """Group the open cases on any version of a ladder; `area` (code) leaves the others out."""
    statement: Any = (
        select(CaseRow.id, CaseRow.ladder_version_id, CaseRow.stage, CaseRow.decision)
        .where(CaseRow.state == "open", CaseRow.ladder_name == name)
        .order_by(CaseRow.id)
    )
    if area:
        statement = statement.join(AreaRow, AreaRow.id == CaseRow.area_id).where(AreaRow.code == area)
    rows = session.execute(scope.narrow(statement, CaseRow)).all()
    holds, in_hand = _holds(session, scope, day), _in_hand(session, scope, name)
    found: dict[tuple[int, str, str, str], list[int]] = defaultdict(list)
    for case_id, version_id, stage, decision in rows:
        next_step = in_hand.get(case_id) or _next_step(decision or {})
        found[(version_id, stage, next_step, holds.get(case_id, "none"))].append(case_id)
    return tuple(
        Group(version_id=version, stage=stage, next_step=step, hold=hold, case_ids=tuple(ids))
        for (version, stage, step, hold), ids in sorted(found.items())
    )


def _in_hand(session: Session, scope: Scope, name: str) -> dict[int, str]:
    """Give the step of the ladder that is planned or in hand, the first one per case."""
    statement: Any = (
        select(AttemptRow.case_id, AttemptRow.step)
        .join(CaseRow, CaseRow.id == AttemptRow.case_id)
        .where(CaseRow.state == "open", CaseRow.ladder_name == name, AttemptRow.state.in_(OPEN_STATES))
        .order_by(AttemptRow.due_at.desc(), AttemptRow.id.desc())
    )
    rows = session.execute(scope.narrow(statement, CaseRow)).all()
    return {case_id: step for case_id, step in rows if ":" not in step}


def _next_step(decision: dict[str, Any]) -> str:
    """Give what waits for the earliest moment; what was due when the case was decided has been done by now."""
    waits = sorted((step["until"], step["step"]) for step in decision.get("waiting", ()) if step["until"])
    return str(waits[0][1]) if waits else NOTHING


def _holds(session: Session, scope: Scope, day: date) -> dict[int, str]:
    """Say per case what holds it: a pause before a plan before a promise."""
    found: dict[int, str] = {}
    for hold, statement in reversed(tuple(_statements(day))):
        held: Any = scope.narrow(select(CaseRow.id).where(CaseRow.state == "open", CaseRow.id.in_(statement)), CaseRow)
        found.update(dict.fromkeys(session.scalars(held), hold))
    return found


def _statements(day: date) -> Iterator[tuple[str, Any]]:
    yield (
        "paused",
        select(PauseRow.case_id).where(
            PauseRow.ended_at.is_(None), or_(PauseRow.until_on.is_(None), PauseRow.until_on > day)
        ),
    )
    yield "plan", select(PaymentPlanRow.case_id).where(PaymentPlanRow.state.in_(("requested", "proposed", "active")))
    yield "promise", select(PromiseRow.case_id).where(PromiseRow.state == "open")


def chosen(groups: Sequence[Group], keys: Sequence[str]) -> list[int]:
    """Give the cases of the groups that were chosen by key, in order of id."""
    return sorted(case_id for group in groups if group.key in keys for case_id in group.case_ids)

"""The doors and calls of today: who to visit or call, in a sensible order, what to say, and what fell away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    AreaRow,
    AttemptRow,
    CaseRow,
    ContactPointRow,
    DwellingRow,
    PersonRow,
    TaskRow,
    TenancyRow,
)
from outreach.services.decisions import reason_from_data
from outreach.services.reading.heads import CaseHead, case_heads
from schedules.decisions import Reason

WITH_TWO = frozenset({"care_avoiding", "aggression"})
"""Go to this door with two (rules.md 26: the first visit to a care-avoiding household)."""

VISIT_OR_CALL = ("visit", "call")
"""What a person does; other tasks of the same attempt, such as a crisis seen at the door, are no doors."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """One visit or call by a person. `text` holds the talking points; `paid` says that nothing is open any more."""

    attempt_id: int
    kind: str
    state: str
    number: int
    due_at: datetime
    head: CaseHead
    street: str
    house_number: int
    text: str
    language: str
    phone: str | None
    needs: tuple[str, ...]
    with_two: bool
    outcome: str | None
    outcome_at: datetime | None
    dropped_why: tuple[Reason, ...]

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == "claimed"

    @property
    def paid(self) -> bool:
        """Whether the arrears have gone."""
        return self.head.amount_cents <= 0


@dataclass(frozen=True, kw_only=True)
class Round:
    """One day's doors or calls: what is open, in order, and what was done or fell away since the day began."""

    todo: tuple[Door, ...]
    finished: tuple[Door, ...]
    counts: Mapping[str, int]


def read_round(
    session: Session,
    scope: Scope,
    kind: str,
    day: date,
    *,
    since: datetime,
    until: datetime,
    team_id: int | None = None,
) -> Round:
    """Return the open visits or calls due before `until`, and those that ended since `since` (UTC moments)."""
    statement = _statement(scope, team_id)
    todo = statement.where(TaskRow.state == "open", TaskRow.due_at < until)
    ended = statement.where(
        TaskRow.state == "done",
        TaskRow.outcome.is_distinct_from("again"),
        TaskRow.done_at >= since,
        AttemptRow.state.in_(("done", "dropped")),
    )
    open_rows = session.execute(todo).all()
    finished = session.execute(ended.where(AttemptRow.kind == kind)).all()
    wanted = [row for row in open_rows if row[0].kind == kind]
    doors = _doors(session, scope, [*wanted, *finished], day)
    order = _by_hour if kind == "call" else _by_street
    return Round(
        todo=tuple(sorted(doors[: len(wanted)], key=order)),
        finished=tuple(sorted(doors[len(wanted) :], key=_by_street)),
        counts={name: sum(row[0].kind == name for row in open_rows) for name in ("visit", "call")},
    )


def read_door(session: Session, scope: Scope, attempt_id: int, day: date) -> Door | None:
    """Return one visit or call, also when it was done or fell away; None when the scope does not reach it."""
    rows = session.execute(_statement(scope, None).where(AttemptRow.id == attempt_id)).all()
    return next(iter(_doors(session, scope, rows[:1], day)), None)


def _statement(scope: Scope, team_id: int | None) -> Any:
    statement: Any = (
        select(AttemptRow, CaseRow, DwellingRow, PersonRow, ContactPointRow.value)
        .join(TaskRow, TaskRow.attempt_id == AttemptRow.id)
        .join(CaseRow, CaseRow.id == AttemptRow.case_id)
        .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
        .join(DwellingRow, DwellingRow.id == TenancyRow.dwelling_id)
        .join(PersonRow, PersonRow.id == AttemptRow.addressee_id)
        .outerjoin(ContactPointRow, ContactPointRow.id == AttemptRow.contact_point_id)
        .where(AttemptRow.kind.in_(VISIT_OR_CALL), TaskRow.kind.in_(VISIT_OR_CALL))
        .order_by(TaskRow.id.desc())
    )
    narrowed: Any = scope.narrow(statement, CaseRow)
    if team_id is not None:
        narrowed = narrowed.where(CaseRow.area_id.in_(select(AreaRow.id).where(AreaRow.team_id == team_id)))
    return narrowed


def _doors(session: Session, scope: Scope, rows: Any, day: date) -> list[Door]:
    heads = case_heads(session, scope, {row[1].id for row in rows}, day)
    return [_door(row, heads[row[1].id]) for row in rows if row[1].id in heads]


def _door(row: Any, head: CaseHead) -> Door:
    attempt, case, dwelling, person, phone = row
    flags = frozenset(case.flags) | frozenset(person.needs)
    return Door(
        attempt_id=attempt.id,
        kind=attempt.kind,
        state=attempt.state,
        number=attempt.attempt,
        due_at=attempt.due_at,
        head=head,
        street=dwelling.street,
        house_number=dwelling.house_number,
        text=attempt.text or "",
        language=person.language,
        phone=phone or head.phone,
        needs=tuple(sorted(set(person.needs) - WITH_TWO)),
        with_two=bool(flags & WITH_TWO),
        outcome=attempt.outcome,
        outcome_at=attempt.outcome_at,
        dropped_why=tuple(reason_from_data(each) for each in attempt.dropped_reason.get("why", ())),
    )


def _by_street(door: Door) -> tuple[str, str, int, int]:
    return door.head.area, door.street, door.house_number, door.attempt_id


def _by_hour(door: Door) -> tuple[datetime, int]:
    return door.due_at, door.attempt_id

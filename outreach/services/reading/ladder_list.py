"""The ladders in force, who uses them, and one ladder laid out on a line of days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import ActiveDocumentRow, AreaRow, CaseRow, DocumentRow
from outreach.services.policy import LADDER, Policy
from schedules.ladder import (
    AfterOutcome,
    Clock,
    DaysAfterDue,
    DaysAfterStep,
    Gap,
    GapNote,
    Ladder,
    Number,
    Step,
    open_gaps,
)
from schedules.loader import parse_ladder
from schedules.shipped import shipped_names, shipped_text

Fills = Mapping[str, int | str]


@dataclass(frozen=True, kw_only=True)
class AreaLadder:
    """An area and the name of the ladder that new cases there start on; `own` when it is not the default."""

    code: str
    name: str
    municipality: str
    ladder: str
    own: bool


@dataclass(frozen=True, kw_only=True)
class LadderHead:
    """One ladder in force: its version, where it is used, how many open cases run on it, and its open gaps.

    `edited` says that it differs from the one that ships with the product under this name.
    """

    ladder: Ladder
    version: str
    since_at: datetime
    edited: bool
    is_default: bool
    areas: tuple[str, ...]
    open_cases: int
    gaps: tuple[GapNote, ...]


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A step on the line of days: the earliest day after the due date, None when only a date or month tells."""

    step: Step
    first_day: int | None
    last_day: int | None


def read_ladders(session: Session, scope: Scope, policy: Policy) -> tuple[LadderHead, ...]:
    """Return the ladders in force by name; those in use first."""
    statement: Any = (
        select(DocumentRow, ActiveDocumentRow.since_at)
        .join(ActiveDocumentRow, ActiveDocumentRow.document_id == DocumentRow.id)
        .where(ActiveDocumentRow.kind == LADDER)
    )
    rows = session.execute(scope.narrow(statement, ActiveDocumentRow)).all()
    counted: Any = (
        select(CaseRow.ladder_name, func.count()).where(CaseRow.state == "open").group_by(CaseRow.ladder_name)
    )
    cases: dict[str, int] = dict(session.execute(scope.narrow(counted, CaseRow)).all())
    areas = read_area_ladders(session, scope, policy)
    heads = [_head(row, since_at, policy, areas, cases) for row, since_at in rows]
    return tuple(sorted(heads, key=lambda head: (not head.areas, not head.open_cases, head.ladder.name)))


def _head(
    row: DocumentRow, since_at: datetime, policy: Policy, areas: tuple[AreaLadder, ...], cases: Mapping[str, int]
) -> LadderHead:
    ladder = parse_ladder(row.body, row.name)
    return LadderHead(
        ladder=ladder,
        version=row.content_hash[:8],
        since_at=since_at,
        edited=row.name not in shipped_names() or row.body != shipped_text(row.name),
        is_default=row.name == policy.settings.default_ladder,
        areas=tuple(area.name for area in areas if area.ladder == row.name),
        open_cases=cases.get(row.name, 0),
        gaps=open_gaps(ladder, policy.settings.fills),
    )


def read_area_ladders(session: Session, scope: Scope, policy: Policy) -> tuple[AreaLadder, ...]:
    """Return every area with its ladder, by municipality and name."""
    statement: Any = scope.select(AreaRow).order_by(AreaRow.municipality, AreaRow.name)
    return tuple(
        AreaLadder(
            code=row.code,
            name=row.name,
            municipality=row.municipality,
            ladder=policy.ladder_for_area(row.code),
            own=row.code in policy.settings.area_ladders,
        )
        for row in session.scalars(statement)
    )


def line_of_days(ladder: Ladder, fills: Fills) -> tuple[tuple[str, tuple[Rung, ...]], ...]:
    """Lay the steps out by stage with the earliest days, as if nothing is paid and nobody is reached.

    Days count from the oldest due date. Contact pressure, hours and rest make the real days later.
    """
    days: dict[str, tuple[int | None, int | None]] = {}
    for step in ladder.steps:
        days[step.key] = _days(step, days, fills)
    return tuple(
        (
            stage.key,
            tuple(
                Rung(step=step, first_day=days[step.key][0], last_day=days[step.key][1])
                for step in ladder.steps
                if step.stage == stage.key
            ),
        )
        for stage in ladder.stages
    )


def _days(step: Step, days: Mapping[str, tuple[int | None, int | None]], fills: Fills) -> tuple[int | None, int | None]:
    starts = [_start(clock, days, fills) for clock in step.clocks]
    if any(start is None for start in starts):
        return None, None
    first = max(start for start in starts if start is not None)
    tries, apart = filled(step.attempts.max, fills), filled(step.attempts.gap_days, fills)
    if tries is None or apart is None:
        return first, None
    return first, first + (tries - 1) * apart


def _start(clock: Clock, days: Mapping[str, tuple[int | None, int | None]], fills: Fills) -> int | None:
    match clock:
        case DaysAfterDue(days=number):
            return filled(number, fills)
        case DaysAfterStep(step=before, days=number):
            end, more = days.get(before, (None, None))[1], filled(number, fills)
            return None if end is None or more is None else end + more
        case AfterOutcome(step=before):
            return days.get(before, (None, None))[1]
        case _:
            return None


def filled(value: Number, fills: Fills) -> int | None:
    """Return a number of a ladder with its gap filled, None when it is open."""
    if not isinstance(value, Gap):
        return value
    found = fills.get(value.name)
    return found if isinstance(found, int) else None

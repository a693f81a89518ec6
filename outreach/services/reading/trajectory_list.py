"""Trajectories: the list, and one with its conditions, verdicts, reviews and warnings."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    CaseRow,
    PartnerRow,
    TrajectoryConditionRow,
    TrajectoryReviewRow,
    TrajectoryRow,
    UserRow,
)
from outreach.services.policy import Policy
from outreach.services.reading.heads import CaseHead, case_heads
from outreach.services.trajectories import definition_of
from schedules.route_clocks import DatedCaution
from schedules.trajectory import Condition, TrajectoryDefinition
from schedules.trajectory_clocks import TrajectoryState, ends_not_before, warnings_for

PAGE_SIZE = 50
STATES = tuple(state.value for state in TrajectoryState)
DUE = "due"
FILTERS = (DUE, *STATES)
"""What the list can be narrowed to: those with a review that is due, or one state."""


@dataclass(frozen=True, kw_only=True)
class TrajectoryHead:
    """One trajectory in a list; `next_on` is its first review that was not held, `late` when that day has come."""

    row: TrajectoryRow
    definition: TrajectoryDefinition
    head: CaseHead
    partner: str | None
    owner: str | None
    next_on: date | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class TrajectoryList:
    """One page of trajectories, with how many there are."""

    items: tuple[TrajectoryHead, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class ConditionView:
    """A condition with its verdicts, the newest first."""

    condition: Condition
    verdicts: tuple[TrajectoryConditionRow, ...]

    @property
    def verdict(self) -> str | None:
        """Return the verdict that counts now."""
        return self.verdicts[0].verdict if self.verdicts else None


@dataclass(frozen=True, kw_only=True)
class WarningView:
    """A warning with its day; `come` when it has come, `before_end` when it comes before the trajectory ends."""

    caution: DatedCaution
    come: bool
    before_end: bool


@dataclass(frozen=True, kw_only=True)
class TrajectoryPage:
    """One trajectory; `not_before` is the first day on which it can be completed."""

    head: TrajectoryHead
    conditions: tuple[ConditionView, ...]
    reviews: tuple[TrajectoryReviewRow, ...]
    warnings: tuple[WarningView, ...]
    not_before: date | None
    users: Mapping[int, str]


def list_trajectories(
    session: Session, scope: Scope, day: date, *, state: str | None = None, page: int = 1
) -> TrajectoryList:
    """Return a page of trajectories: running ones first, by the day of their next review."""
    due = (
        select(TrajectoryReviewRow.trajectory_id, func.min(TrajectoryReviewRow.due_on).label("on"))
        .where(TrajectoryReviewRow.held_at.is_(None))
        .group_by(TrajectoryReviewRow.trajectory_id)
        .subquery()
    )
    order = case((TrajectoryRow.state == "running", 0), (TrajectoryRow.state == "proposed", 1), else_=2)
    joined: Any = (
        select(TrajectoryRow, CaseRow, due.c.on)
        .join(CaseRow, CaseRow.id == TrajectoryRow.case_id)
        .outerjoin(due, due.c.trajectory_id == TrajectoryRow.id)
    )
    statement: Any = scope.narrow(joined, CaseRow)
    if state == DUE:
        statement = statement.where(TrajectoryRow.state == "running", due.c.on <= day)
    elif state:
        statement = statement.where(TrajectoryRow.state == state)
    total = session.scalar(statement.with_only_columns(func.count()).order_by(None)) or 0
    ordered = statement.order_by(order, due.c.on, TrajectoryRow.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    return TrajectoryList(items=_heads(session, scope, session.execute(ordered).all(), day), total=total)


def read_trajectory(
    session: Session, scope: Scope, policy: Policy, trajectory_id: int, day: date
) -> TrajectoryPage | None:
    """Return one trajectory; None when the scope does not reach it."""
    wanted: Any = (
        select(TrajectoryRow, CaseRow)
        .join(CaseRow, CaseRow.id == TrajectoryRow.case_id)
        .where(TrajectoryRow.id == trajectory_id)
    )
    found = session.execute(scope.narrow(wanted, CaseRow)).first()
    if found is None:
        return None
    row, its_case = found
    reviews = _reviews(session, row.id)
    next_on = next((review.due_on for review in reviews if review.held_at is None), None)
    [head] = _heads(session, scope, [(row, its_case, next_on)], day)
    fills = policy.settings.fills
    return TrajectoryPage(
        head=head,
        conditions=_conditions(session, row.id, head.definition),
        reviews=reviews,
        warnings=_warnings(head, fills, day),
        not_before=ends_not_before(head.definition, row.started_on, fills) if row.started_on else None,
        users=_users(session, row.landlord_id),
    )


def _reviews(session: Session, trajectory_id: int) -> tuple[TrajectoryReviewRow, ...]:
    statement = select(TrajectoryReviewRow).where(TrajectoryReviewRow.trajectory_id == trajectory_id)
    return tuple(session.scalars(statement.order_by(TrajectoryReviewRow.due_on, TrajectoryReviewRow.id)))


def _conditions(session: Session, trajectory_id: int, definition: TrajectoryDefinition) -> tuple[ConditionView, ...]:
    statement = select(TrajectoryConditionRow).where(TrajectoryConditionRow.trajectory_id == trajectory_id)
    by_key: dict[str, list[TrajectoryConditionRow]] = defaultdict(list)
    for row in session.scalars(statement.order_by(TrajectoryConditionRow.id.desc())):
        by_key[row.condition].append(row)
    return tuple(ConditionView(condition=each, verdicts=tuple(by_key[each.key])) for each in definition.conditions)


def _warnings(head: TrajectoryHead, fills: Mapping[str, int | str], day: date) -> tuple[WarningView, ...]:
    row = head.row
    started_on = row.started_on or day
    return tuple(
        WarningView(
            caution=each,
            come=each.on is not None and each.on <= day,
            before_end=each.on is not None and row.ends_on is not None and each.on < row.ends_on,
        )
        for each in warnings_for(head.definition, started_on, row.judgment_on, fills)
    )


def _users(session: Session, landlord_id: int) -> dict[int, str]:
    statement: Any = select(UserRow.id, UserRow.name).where(UserRow.landlord_id == landlord_id)
    return dict(session.execute(statement).all())


def _heads(session: Session, scope: Scope, rows: Any, day: date) -> tuple[TrajectoryHead, ...]:
    heads = case_heads(session, scope, {found.id for _row, found, _on in rows}, day)
    users = _users(session, scope.landlord_id)
    partners: Any = select(PartnerRow.id, PartnerRow.name).where(
        PartnerRow.id.in_({row.partner_id for row, _found, _on in rows if row.partner_id})
    )
    names = dict(session.execute(partners).all())
    return tuple(
        TrajectoryHead(
            row=row,
            definition=definition_of(session, row),
            head=heads[found.id],
            partner=names.get(row.partner_id),
            owner=users.get(row.owner_id) if row.owner_id else None,
            next_on=on if row.state == "running" else None,
            late=row.state == "running" and on is not None and on <= day,
        )
        for row, found, on in rows
    )

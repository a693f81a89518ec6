"""The choices of the filters: teams, areas and owners, and the age of the ledger."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AreaRow, DeliveryRow, TeamRow, TenancyRow, UserRow
from outreach.services.policy import NoPolicy, load_policy
from schedules.calendar import Calendar

Choice = tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class Places:
    """Teams and areas that a scope may see, as (id, name)."""

    teams: tuple[Choice, ...]
    areas: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class LedgerAge:
    """Of which day the last delivery is; `stale` stops collection contact. `empty`: no tenancy at all yet."""

    as_of_on: date | None
    stale: bool
    empty: bool
    ready: bool


def read_places(session: Session, scope: Scope) -> Places:
    """Return the teams and areas of a scope by name."""
    areas: Any = scope.select(AreaRow)
    if scope.area_ids is not None:
        areas = areas.where(AreaRow.id.in_(scope.area_ids))
    return Places(
        teams=tuple((row.id, row.name) for row in session.scalars(scope.select(TeamRow).order_by(TeamRow.name))),
        areas=tuple((row.id, row.name) for row in session.scalars(areas.order_by(AreaRow.name))),
    )


def read_owners(session: Session, scope: Scope) -> tuple[Choice, ...]:
    """Return the active users who can own a case."""
    statement: Any = scope.select(UserRow).where(UserRow.active, UserRow.role.in_(("worker", "admin", "policy")))
    return tuple((row.id, row.name) for row in session.scalars(statement.order_by(UserRow.name)))


def read_ledger_age(session: Session, scope: Scope, calendar: Calendar, day: date) -> LedgerAge:
    """Tell of which day the ledger is, and whether that is older than the landlord's limit (working days)."""
    newest: Any = select(func.max(DeliveryRow.as_of_on)).where(DeliveryRow.kind == "arrears")
    as_of_on = session.scalar(scope.narrow(newest, DeliveryRow))
    tenancy = session.scalar(scope.narrow(select(TenancyRow.id), TenancyRow).limit(1))
    try:
        limit, ready = load_policy(session, scope.landlord_id).settings.stale_ledger_working_days, True
    except NoPolicy:
        limit, ready = 1, False
    stale = as_of_on is not None and calendar.working_days_between(as_of_on, day) > limit
    return LedgerAge(as_of_on=as_of_on, stale=stale, empty=tenancy is None, ready=ready)

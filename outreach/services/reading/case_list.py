"""The list of cases with its filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    ActiveDocumentRow,
    ArrearsRow,
    AttemptRow,
    CaseRow,
    PauseRow,
    PaymentPlanRow,
)
from outreach.domain.plan_states import OPEN as OPEN_PLANS
from outreach.services.reading.heads import CaseHead, case_heads, ladder_titles

PAGE_SIZE = 50
RUNNING_PLANS = ("requested", "proposed", "active")
ORDERS = ("amount", "oldest", "next", "number")


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases; None is all. `special` is paused, plan, channel_problem or not_reached."""

    state: str = "open"
    stage: str | None = None
    area_id: int | None = None
    owner_id: int | None = None
    special: str | None = None
    order: str = "amount"


@dataclass(frozen=True, kw_only=True)
class CaseList:
    """One page of cases, and how many and how much there is in all (cents)."""

    heads: tuple[CaseHead, ...]
    paused: frozenset[int]
    with_plan: frozenset[int]
    total: int
    total_cents: int


def list_cases(
    session: Session, scope: Scope, wanted: CaseFilter, day: date, page: int = 1, size: int = PAGE_SIZE
) -> CaseList:
    """Return one page of cases."""
    counted: Any = _filtered(select(func.count(), func.coalesce(func.sum(ArrearsRow.amount_cents), 0)), scope, wanted)
    total, cents = session.execute(counted).one()
    statement: Any = _ordered(_filtered(select(CaseRow.id), scope, wanted), wanted.order)
    ids = list(session.scalars(statement.limit(size).offset((page - 1) * size)))
    heads = case_heads(session, scope, ids, day)
    return CaseList(
        heads=tuple(heads[each] for each in ids if each in heads),
        paused=frozenset(session.scalars(select(PauseRow.case_id).where(_paused(), PauseRow.case_id.in_(ids)))),
        with_plan=frozenset(
            session.scalars(
                select(PaymentPlanRow.case_id).where(
                    PaymentPlanRow.state.in_(OPEN_PLANS), PaymentPlanRow.case_id.in_(ids)
                )
            )
        ),
        total=total,
        total_cents=int(cents),
    )


def read_stages(session: Session, scope: Scope) -> Mapping[str, Mapping[str, str]]:
    """Return the stages of all ladders in force by key, each with its titles per language."""
    statement: Any = select(ActiveDocumentRow.document_id).where(ActiveDocumentRow.kind == "ladder")
    versions = set(session.scalars(scope.narrow(statement, ActiveDocumentRow)))
    used: Any = select(CaseRow.ladder_version_id).where(CaseRow.state == "open").distinct()
    versions |= set(session.scalars(scope.narrow(used, CaseRow)))
    found: dict[str, Mapping[str, str]] = {}
    for titles in ladder_titles(session, versions).values():
        found = {**titles.stages, **found}
    return found


def _paused() -> Any:
    return PauseRow.ended_at.is_(None)


def _filtered(statement: Any, scope: Scope, wanted: CaseFilter) -> Any:
    narrowed: Any = scope.narrow(statement, CaseRow).select_from(CaseRow)
    narrowed = narrowed.outerjoin(ArrearsRow, ArrearsRow.tenancy_id == CaseRow.tenancy_id)
    equal = ((CaseRow.state, wanted.state), (CaseRow.stage, wanted.stage), (CaseRow.area_id, wanted.area_id),
             (CaseRow.owner_id, wanted.owner_id))  # fmt: skip
    for column, value in equal:
        if value:
            narrowed = narrowed.where(column == value)
    return narrowed.where(_special(wanted.special)) if wanted.special in SPECIALS else narrowed


SPECIALS = ("paused", "plan", "channel_problem", "not_reached")


def _special(name: str) -> Any:
    if name == "paused":
        return CaseRow.id.in_(select(PauseRow.case_id).where(_paused()))
    if name == "plan":
        return CaseRow.id.in_(select(PaymentPlanRow.case_id).where(PaymentPlanRow.state.in_(OPEN_PLANS)))
    if name == "not_reached":
        return CaseRow.reached_at.is_(None)
    failed = AttemptRow.state.in_(("failed", "unknown")) | AttemptRow.outcome.in_(
        ("undelivered", "failed", "bounced", "returned", "wrong_number")
    )
    return CaseRow.id.in_(select(AttemptRow.case_id).where(failed, AttemptRow.ladder_run == CaseRow.ladder_run))


def _ordered(statement: Any, order: str) -> Any:
    if order == "oldest":
        return statement.order_by(ArrearsRow.oldest_due_on.is_(None), ArrearsRow.oldest_due_on, CaseRow.id)
    if order == "next":
        return statement.order_by(CaseRow.next_at.is_(None), CaseRow.next_at, CaseRow.id)
    if order == "number":
        return statement.order_by(CaseRow.number, CaseRow.id)
    return statement.order_by(func.coalesce(ArrearsRow.amount_cents, 0).desc(), CaseRow.id)

"""Everything on the page of one case."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    HouseholdRow,
    InstalmentRow,
    LedgerEntryRow,
    LedgerItemRow,
    PauseRow,
    PaymentPlanRow,
    PromiseRow,
    TalkRow,
    TenancyRow,
)
from outreach.domain.plan_states import OPEN as OPEN_PLANS
from outreach.domain.plans import Instalment, PlanError, instalments
from outreach.services.decisions import reason_from_data
from outreach.services.reading.attempts import AttemptView, attempt_views
from outreach.services.reading.case_care import CaseCare
from outreach.services.reading.case_people import PersonView, read_people
from outreach.services.reading.heads import CaseHead, LadderTitles, case_heads, case_titles
from outreach.services.reading.timeline import TimelineEvent, read_timeline
from outreach.services.reading.work import WorkItem, case_tasks
from schedules.decisions import Reason

HOLDS = frozenset(
    {
        "busy_talk",
        "held_by_flag",
        "paused",
        "paused_until",
        "plan_active",
        "plan_requested",
        "promise_open",
        "rest_after_step",
    }
)
"""Reasons that hold a whole case (schedules.holds), shown before the hour at which it may go on."""


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """One open item of the ledger (cents); credits are negative."""

    due_on: date
    kind: str
    description: str
    amount_cents: int
    open_cents: int


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """A payment plan with its instalments."""

    row: PaymentPlanRow
    instalments: tuple[InstalmentRow, ...]

    @property
    def paid_cents(self) -> int:
        """Return what has been paid of the plan."""
        return sum(each.paid_cents for each in self.counted)

    @property
    def left_cents(self) -> int:
        """Return what is still to be paid of the plan."""
        return sum(each.amount_cents for each in self.counted) - self.paid_cents

    @property
    def next_row(self) -> InstalmentRow | None:
        """Return the first instalment that is not paid."""
        return next((each for each in self.counted if each.state != "paid"), None)

    @property
    def proposal(self) -> tuple[Instalment, ...]:
        """Return what the figures of a plan that is not agreed would make; empty while there are none."""
        row = self.row
        if not row.month_cents or row.first_on is None or row.total_cents <= 0:
            return ()
        with suppress(PlanError):
            return instalments(row.total_cents, row.month_cents, row.first_on)
        return ()

    @property
    def counted(self) -> tuple[InstalmentRow, ...]:
        """Return the instalments that count, by date; those that were replaced are history."""
        rows = (each for each in self.instalments if each.state != "replaced")
        return tuple(sorted(rows, key=lambda each: (each.due_on, each.number)))


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """A step that comes, waits or is refused, with the reasons; `at` is None when it hangs on a fact."""

    step: str
    at: datetime | None
    why: tuple[Reason, ...]

    @property
    def holds(self) -> tuple[Reason, ...]:
        """Return the reasons that make all contact of the case wait: a pause, plan, promise or talk."""
        return tuple(reason for reason in self.why if reason.code in HOLDS)


@dataclass(frozen=True, kw_only=True)
class CasePage:
    """The page of one case."""

    head: CaseHead
    case: CaseRow
    tenancy: TenancyRow
    household: HouseholdRow
    titles: LadderTitles
    people: tuple[PersonView, ...]
    items: tuple[OpenItem, ...]
    plans: tuple[PlanView, ...]
    promises: tuple[PromiseRow, ...]
    pauses: tuple[PauseRow, ...]
    tasks: tuple[WorkItem, ...]
    planned: tuple[AttemptView, ...]
    waiting: tuple[NextStep, ...]
    refused: tuple[NextStep, ...]
    timeline: tuple[TimelineEvent, ...]
    talk_at: datetime | None
    care: CaseCare | None = None

    @property
    def holds(self) -> tuple[Reason, ...]:
        """Return what holds the case now: the holds of the step that waits first."""
        return self.waiting[0].holds if self.waiting else ()

    @property
    def pause(self) -> PauseRow | None:
        """Return the pause that runs now."""
        return next((each for each in self.pauses if each.ended_at is None), None)

    @property
    def own_pause(self) -> PauseRow | None:
        """Return the pause that a person can end; that of a trajectory ends with the trajectory."""
        return next((each for each in self.pauses if each.ended_at is None and each.trajectory_id is None), None)

    @property
    def running_plan(self) -> PlanView | None:
        """Return the plan that is asked for, proposed or running."""
        return next((each for each in self.plans if each.row.state in OPEN_PLANS), None)

    @property
    def open_promise(self) -> PromiseRow | None:
        """Return the promise that still stands."""
        return next((each for each in self.promises if each.state == "open"), None)


def read_case(session: Session, scope: Scope, case_id: int, day: date) -> CasePage | None:
    """Return the page of a case, None when it is not there or not for this scope."""
    case: CaseRow | None = session.scalar(scope.select(CaseRow).where(CaseRow.id == case_id))
    if case is None:
        return None
    decision = case.decision or {}
    planned = _planned(session, case)
    coming = {view.step for view in planned}
    return CasePage(
        head=case_heads(session, scope, [case_id], day)[case_id],
        case=case,
        tenancy=session.get_one(TenancyRow, case.tenancy_id),
        household=session.get_one(HouseholdRow, case.household_id),
        titles=case_titles(session, case),
        people=read_people(session, case.tenancy_id, day),
        items=open_items(session, case.tenancy_id),
        plans=_plans(session, case_id),
        promises=tuple(_newest(session, PromiseRow, case_id)),
        pauses=tuple(_newest(session, PauseRow, case_id)),
        tasks=case_tasks(session, scope, case_id, day),
        planned=planned,
        waiting=tuple(
            sorted(
                (step for step in _steps(decision, "waiting") if step.step not in coming),
                key=lambda step: (not step.holds, step.at is None, step.at or case.opened_at),
            )
        ),
        refused=_steps(decision, "refused"),
        timeline=read_timeline(session, case),
        talk_at=session.scalar(select(func.max(TalkRow.at)).where(TalkRow.case_id == case_id, talked())),
    )


def talked() -> Any:
    """Return the condition of a talk by voice or with a member of staff: a reply alone is none on the screen."""
    return TalkRow.by_user_id.is_not(None) | (TalkRow.channel == "robocall")


def open_items(session: Session, tenancy_id: int) -> tuple[OpenItem, ...]:
    """Return what is open per item of a tenancy, oldest first."""
    latest: Any = (
        select(
            LedgerEntryRow.item_id,
            LedgerEntryRow.open_cents,
            func.row_number()
            .over(
                partition_by=LedgerEntryRow.item_id,
                order_by=(LedgerEntryRow.known_at.desc(), LedgerEntryRow.id.desc()),
            )
            .label("place"),
        )
        .where(LedgerEntryRow.tenancy_id == tenancy_id)
        .subquery()
    )
    statement: Any = (
        select(LedgerItemRow, latest.c.open_cents)
        .join(latest, latest.c.item_id == LedgerItemRow.id)
        .where(latest.c.place == 1, latest.c.open_cents != 0)
        .order_by(LedgerItemRow.due_on, LedgerItemRow.id)
    )
    return tuple(
        OpenItem(
            due_on=item.due_on,
            kind=item.kind,
            description=item.description,
            amount_cents=item.amount_cents,
            open_cents=open_cents,
        )
        for item, open_cents in session.execute(statement)
    )


def _newest(session: Session, table: Any, case_id: int) -> list[Any]:
    statement: Any = select(table).where(table.case_id == case_id).order_by(table.id.desc())
    return list(session.scalars(statement))


def _plans(session: Session, case_id: int) -> tuple[PlanView, ...]:
    rows = _newest(session, PaymentPlanRow, case_id)
    statement: Any = (
        select(InstalmentRow)
        .where(InstalmentRow.plan_id.in_([row.id for row in rows]))
        .order_by(InstalmentRow.plan_id, InstalmentRow.number)
    )
    instalments = list(session.scalars(statement))
    return tuple(
        PlanView(row=row, instalments=tuple(each for each in instalments if each.plan_id == row.id)) for row in rows
    )


def _planned(session: Session, case: CaseRow) -> tuple[AttemptView, ...]:
    statement: Any = (
        select(AttemptRow)
        .where(AttemptRow.case_id == case.id, AttemptRow.state.in_(("planned", "claimed")))
        .order_by(AttemptRow.due_at, AttemptRow.id)
    )
    return attempt_views(session, list(session.scalars(statement)))


def _steps(decision: Mapping[str, Any], part: str) -> tuple[NextStep, ...]:
    return tuple(
        NextStep(
            step=each["step"],
            at=datetime.fromisoformat(each["until"]) if each.get("until") else None,
            why=tuple(sorted(map(reason_from_data, each.get("why", ())), key=lambda reason: reason.code not in HOLDS)),
        )
        for each in decision.get(part, ())
    )

"""The statements behind the facts, built once: building costs more than running them on a few cases."""

from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, union

from outreach.db.tables import (
    AreaRow,
    ArrearsRow,
    AttemptRow,
    CaseRow,
    HouseholdRow,
    InboundRow,
    PauseRow,
    PaymentPlanRow,
    PressureReservationRow,
    PromiseRow,
    ReferralRow,
    StepMoveRow,
    TalkRow,
    TaskRow,
    TenancyRow,
)

TALK_TASKS = ("reply", "crisis", "call_back", "plan_request", "dispute", "check_paid")
"""While such a task is open, an answer of the tenant waits for a person: the machine stays silent."""

CASE_IDS: BindParameter[Any] = bindparam("case_ids", expanding=True)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
WITH_CASE: tuple[Any, ...] = (ReferralRow, PauseRow, PromiseRow, PaymentPlanRow, StepMoveRow)
WITH_ID: tuple[Any, ...] = (TenancyRow, AreaRow, HouseholdRow)
OF_CASES = {table: select(table).where(table.case_id.in_(CASE_IDS)).order_by(table.id) for table in WITH_CASE}
BY_ID = {table: select(table).where(table.id.in_(IDS)) for table in WITH_ID}
OPEN_STATES = ("planned", "claimed")
OPEN_ATTEMPTS = select(AttemptRow).where(AttemptRow.case_id.in_(CASE_IDS), AttemptRow.state.in_(OPEN_STATES))
PAST_ATTEMPTS = select(
    AttemptRow.id,
    AttemptRow.case_id,
    AttemptRow.ladder_run,
    AttemptRow.step,
    AttemptRow.attempt,
    AttemptRow.channel,
    AttemptRow.kind,
    AttemptRow.template,
    AttemptRow.state,
    AttemptRow.due_at,
    AttemptRow.sent_at,
    AttemptRow.outcome,
    AttemptRow.reached,
).where(AttemptRow.case_id.in_(CASE_IDS), AttemptRow.state.not_in(OPEN_STATES))
POSITIONS = select(ArrearsRow).where(ArrearsRow.tenancy_id.in_(IDS))
ROOMS = select(PressureReservationRow.household_id, PressureReservationRow.at).where(
    PressureReservationRow.household_id.in_(IDS), PressureReservationRow.at > bindparam("since")
)
TALKS = (
    select(CaseRow.household_id, func.max(TalkRow.at))
    .join(TalkRow, TalkRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS))
    .group_by(CaseRow.household_id)
)
PROMISES = (
    select(CaseRow.household_id, func.max(PromiseRow.made_at))
    .join(PromiseRow, PromiseRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS))
    .group_by(CaseRow.household_id)
)
BUSY = union(
    select(CaseRow.household_id)
    .join(InboundRow, InboundRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS), InboundRow.state == "waiting"),
    select(CaseRow.household_id)
    .join(TaskRow, TaskRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS), TaskRow.state == "open", TaskRow.kind.in_(TALK_TASKS)),
)
WRITERS = select(InboundRow.person_id).where(
    InboundRow.case_id.is_(None), InboundRow.person_id.in_(IDS), InboundRow.state == "waiting"
)

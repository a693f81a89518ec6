"""The statements behind the facts, built once: building costs more than running them on a few cases."""

from typing import Any

from sqlalchemy import BindParameter, bindparam, func, literal, or_, select, union, union_all

from outreach.db.tables import (
    AreaRow,
    ArrearsRow,
    AttemptRow,
    CaseRow,
    DeliveryRow,
    HouseholdRow,
    InboundRow,
    LadderMoveRow,
    PartnerRow,
    PauseRow,
    PaymentPlanRow,
    PermissionRow,
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
WITH_CASE: tuple[Any, ...] = (ReferralRow, PauseRow, PromiseRow, PaymentPlanRow, StepMoveRow, LadderMoveRow)
OF_CASES = {table: select(table).where(table.case_id.in_(CASE_IDS)).order_by(table.id) for table in WITH_CASE}
PLACES = (
    select(TenancyRow, AreaRow, HouseholdRow.children)
    .join(AreaRow, AreaRow.id == TenancyRow.area_id)
    .join(HouseholdRow, HouseholdRow.id == TenancyRow.household_id)
    .where(TenancyRow.id.in_(IDS))
)
PRESENT = union_all(
    *(
        select(literal(number), table.case_id).where(table.case_id.in_(CASE_IDS))
        for number, table in enumerate(WITH_CASE)
    )
)
"""Which of the related tables have rows at all: most cases have none in most of them."""

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
    AttemptRow.ladder_version_id,
).where(AttemptRow.case_id.in_(CASE_IDS), AttemptRow.state.not_in(OPEN_STATES))
POSITIONS = select(ArrearsRow).where(ArrearsRow.tenancy_id.in_(IDS))
ROOMS = select(PressureReservationRow.household_id, PressureReservationRow.at).where(
    PressureReservationRow.household_id.in_(IDS), PressureReservationRow.at > bindparam("since")
)
BY_VOICE = ("call", "visit", "counter")
"""How people talk: a reply or a pressed key is two-way contact, no talk carried out (rules.md 41)."""

REST = union_all(
    select(CaseRow.household_id, literal("talk"), func.max(TalkRow.at))
    .join(TalkRow, TalkRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS))
    .group_by(CaseRow.household_id),
    select(CaseRow.household_id, literal("spoken"), func.max(TalkRow.at))
    .join(TalkRow, TalkRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS), TalkRow.channel.in_(BY_VOICE))
    .group_by(CaseRow.household_id),
    select(CaseRow.household_id, literal("promise"), func.max(PromiseRow.made_at))
    .join(PromiseRow, PromiseRow.case_id == CaseRow.id)
    .where(CaseRow.household_id.in_(IDS))
    .group_by(CaseRow.household_id),
)
"""Per household the last talk, the last one by voice with a person, and the last promise."""

REFUSALS = (
    select(PermissionRow.person_id, PermissionRow.status)
    .where(
        PermissionRow.landlord_id == bindparam("landlord"),
        PermissionRow.person_id.in_(IDS),
        PermissionRow.subject == "share",
        PermissionRow.known_at <= bindparam("now"),
        or_(PermissionRow.partner_kind.is_(None), PermissionRow.partner_kind == "municipality"),
    )
    .order_by(PermissionRow.known_at, PermissionRow.id)
)
AGREEMENTS = select(PartnerRow.municipality).where(
    PartnerRow.landlord_id == bindparam("landlord"),
    PartnerRow.kind == "municipality",
    PartnerRow.active,
    PartnerRow.agreement_from <= bindparam("day"),
    or_(PartnerRow.agreement_to.is_(None), PartnerRow.agreement_to > bindparam("day")),
)
AS_OF = select(func.max(DeliveryRow.as_of_on)).where(
    DeliveryRow.landlord_id == bindparam("landlord"),
    DeliveryRow.kind == "arrears",
    DeliveryRow.received_at <= bindparam("now"),
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

"""What the tenant's page shows after it was opened: what is open, who helps, what runs, and what can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.phone_numbers import readable_phone
from outreach.db.tables import (
    ArrearsRow,
    InboundRow,
    InstalmentRow,
    LandlordRow,
    PauseRow,
    PaymentPlanRow,
    PersonRow,
    PromiseRow,
    TenantLinkRow,
)
from outreach.domain.landlord_settings import LandlordSettings
from outreach.domain.plan_states import RUNNING
from outreach.runtime import Runtime
from outreach.services.conversations import person_talks
from outreach.services.evidence import EvidenceBook
from outreach.services.plans import debt_of, open_plan
from outreach.services.policy import NoPolicy, Policy, load_policy
from outreach.services.qr import telephone_link
from outreach.services.tenant_links import UsableLink, find_link, is_represented, plain_code, usable_link
from outreach.services.tenant_page_actions import CallSlot, call_slots, done_with
from outreach.services.tenant_page_opening import question_of
from outreach.services.tenant_page_plan import PageOffer, least_cents, may_ask, offer_of, offers, slide

HELP_AND_CALL = ("help", "call")
EVERYTHING = ("plan", "call", "paid", "help", "wrong", "message")
PAUSES = {"bereaved": "bereaved", "dispute": "disputed"}


@dataclass(frozen=True, kw_only=True)
class Landlord:
    """How the landlord is called and reached; `dialled` is the link that dials the number, "" without one."""

    name: str
    contact: str
    phone: str
    dialled: str
    debt_help_phone: str
    form: str


@dataclass(frozen=True, kw_only=True)
class Door:
    """What may be known of a link before it is opened: what is asked, in which language, and whether it is locked."""

    link_id: int
    question: str
    language: str
    locked: bool
    form: str


@dataclass(frozen=True, kw_only=True)
class RunningPlan:
    """A plan that runs: cents paid and in all, and per instalment its date, cents and state (paid, open, late)."""

    paid_cents: int
    total_cents: int
    rows: Sequence[tuple[date, int, str]]


@dataclass(frozen=True, kw_only=True)
class PageView:
    """The page after opening. state: open, closed, paused, disputed, bereaved, talking, represented.

    `paid_until` is the civil date until which a payment is awaited that the tenant says he made.
    """

    landlord: Landlord
    language: str
    state: str
    amount_cents: int
    since: date | None
    plan: RunningPlan | None
    plan_waits: bool
    paid_until: date | None
    choices: tuple[str, ...]
    done: InboundRow | None


@dataclass(frozen=True, kw_only=True)
class PlanView:
    """The amounts to choose from: a few with what they mean, and all on the slider with its step (cents)."""

    total_cents: int
    offers: tuple[PageOffer, ...]
    step_cents: int
    slide: tuple[tuple[int, int, date], ...]


def landlord_of(policy: Policy) -> Landlord:
    """Return how the landlord of a policy is called and reached."""
    return _landlord(policy.settings, policy.landlord_name)


def _landlord(settings: LandlordSettings, name: str) -> Landlord:
    return Landlord(
        name=settings.sender_name or name,
        contact=settings.contact_name or settings.sender_name or name,
        phone=readable_phone(settings.sender_phone) if settings.sender_phone else "",
        dialled=telephone_link(settings.sender_phone),
        debt_help_phone=settings.debt_help_phone,
        form=settings.address_form,
    )


def only_landlord(runtime: Runtime) -> Landlord | None:
    """Return the landlord when there is one only: who has a link that does not work may be told whom to call."""
    with runtime.db.read() as session:
        ids = list(session.scalars(select(LandlordRow.id).limit(2)))
        if len(ids) != 1:
            return None
        try:
            return landlord_of(load_policy(session, ids[0]))
        except NoPolicy:
            return None


def read_door(runtime: Runtime, typed: str, now: datetime) -> Door | None:
    """Return what may be known before opening; None for a link that cannot be used."""
    with runtime.db.read() as session:
        link = find_link(session, runtime, typed, now)
        if link is None:
            return None
        locked = link.row.locked_until is not None and link.row.locked_until > now
        policy = load_policy(session, link.row.landlord_id)
        return Door(
            link_id=link.row.id,
            question=question_of(link),
            language=link.person.language,
            locked=locked,
            form=policy.settings.address_form,
        )


def language_of(runtime: Runtime, typed: str) -> str | None:
    """Return the language of whom a link was made for, also when it cannot be used any more; None for no link."""
    code = plain_code(typed, runtime.settings.secret_key)
    if code is None:
        return None
    with runtime.db.read() as session:
        person = select(TenantLinkRow.person_id).where(TenantLinkRow.code == code).scalar_subquery()
        return session.scalar(select(PersonRow.language).where(PersonRow.id == person))


def link_id_of(runtime: Runtime, code: str) -> int | None:
    """Return the id of the link with a code, usable or not."""
    with runtime.db.read() as session:
        return session.scalar(select(TenantLinkRow.id).where(TenantLinkRow.code == code))


def read_page(runtime: Runtime, link_id: int, now: datetime, token: str = "") -> PageView | None:
    """Return the page of an opened link; None when it may not be used any more. `token` names the form just sent."""
    with runtime.db.read() as session:
        link = _inside(session, runtime, link_id, now)
        if link is None:
            return None
        policy = load_policy(session, link.row.landlord_id)
        arrears = session.scalar(select(ArrearsRow).where(ArrearsRow.tenancy_id == link.case.tenancy_id))
        plan = open_plan(session, link.case)
        state = _state(session, runtime, link, now)
        running = plan is not None and plan.state in RUNNING
        waits = plan is not None and plan.state == "waiting"
        may_plan = _may_plan(session, runtime, link, now, policy.settings.minimum_amount_cents)
        awaited = _paid_until(session, runtime, link, now)
        may_call = bool(call_slots(runtime.calendar, policy, now))
        return PageView(
            landlord=landlord_of(policy),
            language=link.person.language,
            state=state,
            amount_cents=debt_of(session, link.case),
            since=arrears.oldest_due_on if arrears else None,
            plan=_running(session, plan, runtime.calendar.day_of(now)) if plan is not None and running else None,
            plan_waits=waits,
            paid_until=awaited,
            choices=_choices(state, may_plan=may_plan, may_call=may_call, may_pay=awaited is None),
            done=done_with(session, link_id, token) if token else None,
        )


def read_plan(runtime: Runtime, link_id: int, now: datetime) -> PlanView | None:
    """Return the amounts to choose from; None when no plan can be asked for. Nothing is stored."""
    with runtime.db.write() as session:
        link = _inside(session, runtime, link_id, now)
        if link is None:
            return None
        policy = load_policy(session, link.row.landlord_id)
        if not _may_plan(session, runtime, link, now, policy.settings.minimum_amount_cents):
            return None
        book = EvidenceBook(session, policy.landlord_id, now)
        found = offers(session, runtime, policy, book, link.case)
        total = found[-1].total_cents
        step, means = slide(total, least_cents(policy.settings.plan, total), found[-1].made[0].due_on)
        return PlanView(total_cents=total, offers=found, step_cents=step, slide=means)


def read_offer(runtime: Runtime, link_id: int, cents: int, now: datetime) -> PageOffer | None:
    """Return what an amount a month (cents) would become; None when no plan can be asked for. Raises PlanError."""
    with runtime.db.write() as session:
        link = _inside(session, runtime, link_id, now)
        if link is None:
            return None
        policy = load_policy(session, link.row.landlord_id)
        if not _may_plan(session, runtime, link, now, policy.settings.minimum_amount_cents):
            return None
        return offer_of(session, runtime, policy, EvidenceBook(session, policy.landlord_id, now), link.case, cents)


def read_slots(runtime: Runtime, link_id: int, now: datetime) -> tuple[CallSlot, ...]:
    """Return when somebody can call back."""
    with runtime.db.read() as session:
        landlord_id = session.get_one(TenantLinkRow, link_id).landlord_id
        return call_slots(runtime.calendar, load_policy(session, landlord_id), now)


def _inside(session: Session, runtime: Runtime, link_id: int, now: datetime) -> UsableLink | None:
    row = session.get(TenantLinkRow, link_id)
    return usable_link(session, runtime, row, now, opened=True) if row is not None else None


def _state(session: Session, runtime: Runtime, link: UsableLink, now: datetime) -> str:
    if link.case.state != "open" or debt_of(session, link.case) <= 0:
        return "closed"
    if is_represented(session, runtime, link.person.id, now):
        return "represented"
    day = runtime.calendar.day_of(now)
    reasons = [
        PAUSES.get(pause.reason, "paused")
        for pause in session.scalars(
            select(PauseRow).where(PauseRow.case_id == link.case.id, PauseRow.ended_at.is_(None))
        )
        if pause.until_on is None or pause.until_on > day
    ]
    for state in ("bereaved", "disputed", "paused"):
        if state in reasons:
            return state
    return "talking" if person_talks(session, link.case.household_id, now) else "open"


def _may_plan(session: Session, runtime: Runtime, link: UsableLink, now: datetime, minimum_cents: int) -> bool:
    is_enough = debt_of(session, link.case) >= minimum_cents
    if _paid_until(session, runtime, link, now) is not None:
        return False
    return is_enough and _state(session, runtime, link, now) == "open" and may_ask(session, link.case)


def _paid_until(session: Session, runtime: Runtime, link: UsableLink, now: datetime) -> date | None:
    """Return until when we wait for a payment that the tenant says he made: no plan for what may be paid already."""
    return session.scalar(
        select(PromiseRow.promised_on).where(
            PromiseRow.case_id == link.case.id,
            PromiseRow.state == "open",
            PromiseRow.source == "says_paid",
            PromiseRow.promised_on >= runtime.calendar.day_of(now),
        )
    )


def _choices(state: str, *, may_plan: bool, may_call: bool, may_pay: bool) -> tuple[str, ...]:
    chosen = EVERYTHING if state == "open" else HELP_AND_CALL
    without = {name for name, may in (("plan", may_plan), ("call", may_call), ("paid", may_pay)) if not may}
    return tuple(each for each in chosen if each not in without)


def _running(session: Session, plan: PaymentPlanRow, today: date) -> RunningPlan:
    rows = session.scalars(
        select(InstalmentRow)
        .where(InstalmentRow.plan_id == plan.id, InstalmentRow.state != "replaced")
        .order_by(InstalmentRow.number)
    ).all()
    return RunningPlan(
        paid_cents=sum(_paid(row) for row in rows),
        total_cents=sum(row.amount_cents for row in rows),
        rows=[(row.due_on, row.amount_cents, _shown_state(row, today)) for row in rows],
    )


def _paid(row: InstalmentRow) -> int:
    return row.amount_cents if row.state == "paid" else row.paid_cents


def _shown_state(row: InstalmentRow, today: date) -> str:
    if row.state == "paid":
        return "paid"
    return "late" if row.state == "late" or row.due_on < today else "open"

"""The simulated bookkeeping: rent falls due, tenants pay, and every working day a complete delivery is made.

Nothing is remembered outside the record: what is open comes from the last delivery, and what was paid since
follows from the seed and from what the record says was sent, promised and agreed. A killed day goes on the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    DeliveryRow,
    InstalmentRow,
    LedgerEntryRow,
    LedgerItemRow,
    PaymentPlanRow,
    PromiseRow,
    SimulatedTenantRow,
    TenancyRow,
)
from outreach.domain.plan_states import RUNNING
from outreach.imports import ItemRow, apply_items
from outreach.runtime import Runtime
from outreach.sample.responder import COLLECTION_TEMPLATES, stable_key
from outreach.sample.tenants import DIRECT_DEBIT, misses_month, months_behind, pays_by_himself_on
from schedules.behaviour import TenantProfile, keeps_instalment, profile_of, respond

RENT_LATE_DAYS = 6
"""Who has a plan and misses the current rent pays it this many days later (assumption)."""

STAFF_TEMPLATES = frozenset({"call_talk", "visit_talk", "doorstep_card"})


@dataclass(frozen=True, kw_only=True)
class SimulatedTenancy:
    """A tenancy whose tenant misses a rent now and then."""

    id: int
    ref: str
    rent_cents: int
    profile: TenantProfile


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """One open charge of a tenancy, as the bookkeeping has it."""

    tenancy_id: int
    tenancy_ref: str
    item_ref: str
    due_on: date
    amount_cents: int
    open_cents: int


@dataclass(frozen=True, kw_only=True)
class _Instalment:
    due_on: date
    cents: int


@dataclass(kw_only=True)
class _Agreed:
    """What the record says was agreed, by tenancy: promises per day, and plans with their instalments."""

    promises: dict[int, list[tuple[date, int | None]]] = field(default_factory=lambda: defaultdict(list))
    plans: dict[int, date] = field(default_factory=dict)
    instalments: dict[int, list[_Instalment]] = field(default_factory=lambda: defaultdict(list))


class Books:
    """The bookkeeping of one sample landlord."""

    def __init__(self, runtime: Runtime, landlord_id: int, seed: int) -> None:
        self._runtime, self._landlord_id, self._seed = runtime, landlord_id, seed
        self._tenancies: Mapping[int, SimulatedTenancy] = {}
        self._contacts: dict[int, set[date]] = defaultdict(set)
        self._seen_until: datetime | None = None
        self._delivered_until: date | None = None

    def deliver(self, day: date, now: datetime) -> bool:
        """Bring in the complete delivery of a day, once; say whether there was anything to do."""
        if self._delivered_until is not None and self._delivered_until >= day:
            return False
        with self._runtime.db.read() as session:
            last = self._delivered_until = self.last_delivery(session)
        if last is not None and last >= day:
            return False
        rows = [
            ItemRow(item.tenancy_ref, item.item_ref, "rent", item.due_on, item.amount_cents, item.open_cents)
            for item in self.open_items(day)
        ]
        apply_items(self._runtime.db, self._landlord_id, rows, day, True, now, f"openposten-{day}.csv")
        return True

    def open_items(self, day: date) -> list[OpenItem]:
        """Give every open item in the morning of a day, payments of the days before it booked."""
        with self._runtime.db.read() as session:
            if not self._tenancies:
                self._tenancies = self._load_tenancies(session)
            last = self.last_delivery(session)
            items = self._delivered(session)
            agreed = self._agreed(session)
            self._load_contacts(session)
        by_tenancy: dict[int, list[OpenItem]] = defaultdict(list)
        for item in items:
            by_tenancy[item.tenancy_id].append(item)
        if last is None:
            self._start(by_tenancy, day)
        else:
            for ahead in range((day - last).days):
                self._charge(by_tenancy, last + timedelta(days=ahead + 1), agreed)
                self._book_payments(by_tenancy, last + timedelta(days=ahead), agreed)
        return [item for tenancy_id in sorted(by_tenancy) for item in by_tenancy[tenancy_id] if item.open_cents > 0]

    def last_delivery(self, session: Session) -> date | None:
        """Give the day of which the last complete delivery speaks."""
        statement = select(func.max(DeliveryRow.as_of_on)).where(
            DeliveryRow.landlord_id == self._landlord_id, DeliveryRow.kind == "arrears"
        )
        return session.scalar(statement)

    def _load_tenancies(self, session: Session) -> dict[int, SimulatedTenancy]:
        rows = session.execute(
            select(TenancyRow.id, TenancyRow.external_ref, TenancyRow.rent_cents)
            .join(SimulatedTenantRow, SimulatedTenantRow.tenancy_id == TenancyRow.id)
            .where(TenancyRow.landlord_id == self._landlord_id, SimulatedTenantRow.profile != DIRECT_DEBIT)
            .order_by(TenancyRow.id)
        )
        return {
            row.id: SimulatedTenancy(
                id=row.id,
                ref=row.external_ref,
                rent_cents=row.rent_cents or 0,
                profile=profile_of(row.external_ref, self._seed),
            )
            for row in rows
        }

    def _delivered(self, session: Session) -> Iterator[OpenItem]:
        latest = (
            select(func.max(LedgerEntryRow.id))
            .where(LedgerEntryRow.tenancy_id.in_(self._tenancies))
            .group_by(LedgerEntryRow.item_id)
        )
        rows = session.execute(
            select(LedgerItemRow, LedgerEntryRow.open_cents)
            .join(LedgerEntryRow, LedgerEntryRow.item_id == LedgerItemRow.id)
            .where(LedgerEntryRow.id.in_(latest), LedgerEntryRow.open_cents != 0)
            .order_by(LedgerItemRow.tenancy_id, LedgerItemRow.due_on, LedgerItemRow.id)
        )
        return (
            OpenItem(
                tenancy_id=item.tenancy_id,
                tenancy_ref=self._tenancies[item.tenancy_id].ref,
                item_ref=item.external_ref,
                due_on=item.due_on,
                amount_cents=item.amount_cents,
                open_cents=cents,
            )
            for item, cents in rows.all()
        )

    def _agreed(self, session: Session) -> _Agreed:
        agreed = _Agreed()
        promises = session.execute(
            select(CaseRow.tenancy_id, PromiseRow.promised_on, PromiseRow.amount_cents)
            .join(CaseRow, CaseRow.id == PromiseRow.case_id)
            .where(CaseRow.landlord_id == self._landlord_id, PromiseRow.state != "withdrawn")
            .order_by(PromiseRow.id)
        )
        for tenancy_id, promised_on, cents in promises:
            agreed.promises[tenancy_id].append((promised_on, cents))
        plans = session.execute(
            select(CaseRow.tenancy_id, PaymentPlanRow.agreed_at, InstalmentRow)
            .join(CaseRow, CaseRow.id == PaymentPlanRow.case_id)
            .join(InstalmentRow, InstalmentRow.plan_id == PaymentPlanRow.id)
            .where(
                CaseRow.landlord_id == self._landlord_id,
                PaymentPlanRow.state.in_(RUNNING),
                InstalmentRow.state != "replaced",
                PaymentPlanRow.agreed_at.is_not(None),
            )
            .order_by(InstalmentRow.id)
        )
        for tenancy_id, agreed_at, row in plans:
            agreed.plans[tenancy_id] = self._runtime.calendar.day_of(_known(agreed_at))
            agreed.instalments[tenancy_id].append(_Instalment(due_on=row.due_on, cents=row.amount_cents))
        return agreed

    def _load_contacts(self, session: Session) -> None:
        """Note the days on which tenants pay because of a contact, for contacts not seen before."""
        statement = (
            select(CaseRow.tenancy_id, AttemptRow.key, AttemptRow.template, AttemptRow.channel, AttemptRow.sent_at)
            .join(CaseRow, CaseRow.id == AttemptRow.case_id)
            .where(
                AttemptRow.landlord_id == self._landlord_id,
                AttemptRow.sent_at.is_not(None),
                AttemptRow.template.in_(COLLECTION_TEMPLATES | STAFF_TEMPLATES),
            )
        )
        if self._seen_until is not None:
            statement = statement.where(AttemptRow.sent_at > self._seen_until)
        for tenancy_id, key, template, channel, sent in session.execute(statement):
            sent_at = _known(sent)
            self._seen_until = sent_at if self._seen_until is None else max(self._seen_until, sent_at)
            tenancy = self._tenancies.get(tenancy_id)
            if tenancy is None:
                continue
            attempt = stable_key(tenancy.ref, key, template or "", sent_at)
            days = respond(tenancy.profile, channel, attempt, sent_at, self._seed).pays_in_days
            if days is not None:
                self._contacts[tenancy_id].add(self._runtime.calendar.day_of(sent_at) + timedelta(days=days))

    def _start(self, items: dict[int, list[OpenItem]], day: date) -> None:
        """Charge what is open on the first day: months behind, and the running month when it is missed."""
        current = day.replace(day=1)
        for tenancy in self._tenancies.values():
            behind = months_behind(tenancy.ref, tenancy.profile, self._seed)
            months = [_month_before(current, back) for back in range(behind, 0, -1)]
            if behind or misses_month(tenancy.ref, tenancy.profile, current, self._seed):
                months.append(current)
            items[tenancy.id] = [_rent(tenancy, due_on) for due_on in months]

    def _charge(self, items: dict[int, list[OpenItem]], day: date, agreed: _Agreed) -> None:
        """Charge the rent on the first of a month to those who do not pay it that day."""
        if day.day != 1:
            return
        for tenancy in self._tenancies.values():
            if tenancy.id in agreed.plans:
                missed = not keeps_instalment(tenancy.profile, f"{tenancy.ref}:rent:{day}", self._seed)
            else:
                missed = misses_month(tenancy.ref, tenancy.profile, day, self._seed)
            if missed:
                items[tenancy.id].append(_rent(tenancy, day))

    def _book_payments(self, items: dict[int, list[OpenItem]], day: date, agreed: _Agreed) -> None:
        for tenancy_id, own in items.items():
            if any(item.open_cents > 0 for item in own):
                items[tenancy_id] = self._paid(self._tenancies[tenancy_id], own, day, agreed)

    def _paid(self, tenancy: SimulatedTenancy, own: list[OpenItem], day: date, agreed: _Agreed) -> list[OpenItem]:
        """Give a tenancy's items after the payments of one day."""
        agreed_on = agreed.plans.get(tenancy.id)
        if agreed_on is not None:
            cents = sum(
                each.cents
                for each in agreed.instalments[tenancy.id]
                if each.due_on == day and keeps_instalment(tenancy.profile, f"{tenancy.ref}:{day}", self._seed)
            )
            late = [item for item in own if item.due_on >= agreed_on]
            old = [item for item in own if item.due_on < agreed_on]
            return pay(old, cents) + [_settle(item) if self._rent_comes(item, day) else item for item in late]
        if day in self._contacts[tenancy.id]:
            return [_settle(item) for item in own]
        cents = self._promised(tenancy, own, day, agreed)
        paid = [
            _settle(item) if pays_by_himself_on(tenancy.ref, tenancy.profile, item.due_on, self._seed) == day else item
            for item in own
        ]
        return pay(paid, cents)

    def _rent_comes(self, item: OpenItem, day: date) -> bool:
        return (day - item.due_on).days >= RENT_LATE_DAYS

    def _promised(self, tenancy: SimulatedTenancy, own: Sequence[OpenItem], day: date, agreed: _Agreed) -> int:
        total = sum(item.open_cents for item in own)
        return sum(
            total if cents is None else cents
            for promised_on, cents in agreed.promises[tenancy.id]
            if promised_on == day and keeps_instalment(tenancy.profile, f"{tenancy.ref}:promise:{day}", self._seed)
        )


def pay(items: Sequence[OpenItem], cents: int) -> list[OpenItem]:
    """Book a payment on the oldest items first; what is too much is left out."""
    left, paid = cents, []
    for item in sorted(items, key=lambda each: (each.due_on, each.item_ref)):
        part = min(left, item.open_cents)
        left -= part
        paid.append(replace(item, open_cents=item.open_cents - part))
    return paid


def _known(at: datetime | None) -> datetime:
    assert at is not None
    return at


def _settle(item: OpenItem) -> OpenItem:
    return replace(item, open_cents=0)


def _rent(tenancy: SimulatedTenancy, due_on: date) -> OpenItem:
    return OpenItem(
        tenancy_id=tenancy.id,
        tenancy_ref=tenancy.ref,
        item_ref=f"HUUR-{due_on:%Y-%m}",
        due_on=due_on,
        amount_cents=tenancy.rent_cents,
        open_cents=tenancy.rent_cents,
    )


def _month_before(first: date, back: int) -> date:
    months = first.year * 12 + first.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)

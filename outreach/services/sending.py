"""Claim, commit, send, record: nothing is sent inside a transaction, nothing is sent twice.

Claim: in one transaction the household is locked, the facts are loaded again, the last check says go, the
room in the contact pressure becomes a row, the text is filled in and checked. After the commit the channel
is asked to carry it; what it said is recorded in a second transaction. A claimed row found after a crash is
asked after at its provider, and offered again only when the provider is certain that it never took it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from channels.contract import Accepted, Failure, FailureCode, Outbound, Unsure
from messages.template import CatalogueError
from outreach.db.tables import AttemptRow, CaseRow, InboundRow, TenancyRow
from outreach.runtime import Runtime
from outreach.services.capacity import Capacity
from outreach.services.dropping import STAFF_KINDS, drop
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.locking import lock_cases, lock_households
from outreach.services.policy import Policy, ladder_of
from outreach.services.pressure import Rooms
from outreach.services.rechecking import recheck_row
from outreach.services.recording import record
from outreach.services.senders import may_be_sending, this_sender
from outreach.services.tasks import add_task
from outreach.services.texts import fill
from schedules.decisions import Reason, Verdict
from schedules.purposes import PURPOSES, Purpose

BATCH = 200
ANY_DUE = (
    select(AttemptRow.id)
    .where(
        AttemptRow.landlord_id == bindparam("landlord"),
        AttemptRow.state == "planned",
        AttemptRow.due_at <= bindparam("now"),
    )
    .limit(1)
)
LEFT_CLAIMED = (
    select(AttemptRow, TenancyRow.external_ref)
    .join(CaseRow, CaseRow.id == AttemptRow.case_id)
    .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
    .where(
        AttemptRow.landlord_id == bindparam("landlord"),
        AttemptRow.state == "claimed",
        AttemptRow.kind.not_in(STAFF_KINDS),
    )
    .order_by(AttemptRow.id)
)


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """What the transaction of one claim shares."""

    runtime: Runtime
    session: Session
    policy: Policy
    book: EvidenceBook
    now: datetime
    counts: Counter[str]
    rooms: Rooms
    capacity: Capacity


def send_due(runtime: Runtime, policy: Policy, now: datetime) -> Counter[str]:
    """Send everything that is due, batch after batch; returns counts by what happened."""
    counts: Counter[str] = Counter()
    while _is_any_due(runtime, policy, now):
        claimed, seen = _claim_batch(runtime, policy, now, counts)
        if not seen:
            break
        offer(runtime, policy, claimed, now, counts)
    return counts


def _is_any_due(runtime: Runtime, policy: Policy, now: datetime) -> bool:
    """Look before a write transaction is opened."""
    with runtime.db.read() as session:
        return session.scalar(ANY_DUE, {"landlord": policy.landlord_id, "now": now}) is not None


def _claim_batch(
    runtime: Runtime, policy: Policy, now: datetime, counts: Counter[str]
) -> tuple[list[tuple[AttemptRow, str]], int]:
    with runtime.db.write() as session:
        rows = _lock_due(session, policy, now)
        if not rows:
            return [], 0
        book = EvidenceBook(session, policy.landlord_id, now)
        day = runtime.calendar.day_of(now)
        claim = _Claim(
            runtime=runtime,
            session=session,
            policy=policy,
            book=book,
            now=now,
            counts=counts,
            rooms=Rooms(session, {row.household_id for row in rows}, day),
            capacity=Capacity(session, policy.landlord_id, runtime.calendar, now),
        )
        claimed = _claim_rows(claim, rows)
        claim.rooms.write()
        book.write()
    return claimed, len(rows)


def _lock_due(session: Session, policy: Policy, now: datetime) -> list[AttemptRow]:
    """Take what is due, of cases that nobody else works on at this moment, and lock it (see locking)."""
    due = (
        select(AttemptRow)
        .where(AttemptRow.landlord_id == policy.landlord_id, AttemptRow.state == "planned", AttemptRow.due_at <= now)
        .order_by(AttemptRow.due_at, AttemptRow.id)
    )
    found = session.execute(
        due.with_only_columns(AttemptRow.id, AttemptRow.case_id, AttemptRow.household_id).limit(BATCH)
    ).all()
    free = lock_cases(session, {row.case_id for row in found}, skip_busy=True)
    mine = [row for row in found if row.case_id in free]
    if not mine:
        return []
    lock_households(session, {row.household_id for row in mine})
    return list(session.scalars(due.where(AttemptRow.id.in_([row.id for row in mine])).with_for_update()))


def _claim_rows(claim: _Claim, rows: Sequence[AttemptRow]) -> list[tuple[AttemptRow, str]]:
    cases = {row.case_id for row in rows}
    found = claim.session.scalars(select(CaseRow).where(CaseRow.id.in_(cases)).order_by(CaseRow.id))
    day = claim.runtime.calendar.day_of(claim.now)
    loaded = {each.case.id: each for each in load_cases(claim.session, list(found), day, claim.now)}
    asked_at = _asked_at(claim.session, rows)
    taken: dict[int, list[datetime]] = defaultdict(list)
    claimed = []
    for row in rows:
        case = loaded[row.case_id]
        new_contacts = taken[row.household_id]
        if new_contacts:
            contacts = (*case.facts.household_contacts, *new_contacts)
            case = replace(case, facts=replace(case.facts, household_contacts=contacts))
        if _claim_row(claim, case, row, asked_at.get(row.answers_inbound_id or 0)):
            if PURPOSES[Purpose(row.purpose)].pressure:
                taken[row.household_id].append(claim.now)
            if row.kind not in STAFF_KINDS:
                claimed.append((row, case.tenancy.external_ref))
    return claimed


def _asked_at(session: Session, rows: Sequence[AttemptRow]) -> dict[int, datetime]:
    ids = [row.answers_inbound_id for row in rows if row.answers_inbound_id is not None]
    if not ids:
        return {}
    statement = select(InboundRow.id, InboundRow.received_at).where(InboundRow.id.in_(ids))
    return dict(session.execute(statement).all())


def _claim_row(claim: _Claim, case: LoadedCase, row: AttemptRow, asked_at: datetime | None) -> bool:
    ladder = ladder_of(claim.session, claim.policy, row.ladder_version_id)
    verdict = recheck_row(claim.runtime, claim.policy, case, ladder, row, claim.now, asked_at)
    if case.case.state != "open" and row.purpose in ("collection", "legal"):
        verdict = replace(verdict, verdict=Verdict.DROP, why=(Reason(code="case_closed"),))
    if verdict.verdict is Verdict.DROP:
        drop(claim.session, claim.book, row, verdict.why)
        claim.counts["dropped"] += 1
        return False
    if verdict.verdict is Verdict.MOVE and verdict.move_to is not None:
        row.due_at = max(verdict.move_to, claim.now + timedelta(minutes=1))
        claim.counts["moved"] += 1
        return False
    if row.kind in STAFF_KINDS and not claim.capacity.take(case, row):
        claim.counts["moved_for_capacity"] += 1
        return False
    if not _fill(claim, case, row):
        return False
    row.state, row.claimed_at, row.claimed_by = "claimed", claim.now, this_sender()
    if PURPOSES[Purpose(row.purpose)].pressure:
        claim.rooms.take(row, claim.now)
    if row.kind in STAFF_KINDS:
        _ask_staff(claim, case, row)
    return True


def _fill(claim: _Claim, case: LoadedCase, row: AttemptRow) -> bool:
    if row.channel not in case.addressees.targets and row.contact_point_id is None:
        drop(claim.session, claim.book, row, (Reason(code="no_channel"),))
        return False
    if row.sent_to is None or row.contact_point_id is None:
        row.sent_to = case.addressees.targets[row.channel].value
    if row.template is None:
        return True
    ladder = ladder_of(claim.session, claim.policy, row.ladder_version_id)
    day = claim.runtime.calendar.day_of(claim.now)
    try:
        filled = fill(claim.policy, case, row, ladder, row.why.get("values", {}), day)
    except CatalogueError as error:
        return _refuse_text(claim, case, row, str(error))
    row.text, row.subject = filled.rendered.text, filled.rendered.subject
    row.b1_level, row.b1_passed = filled.verdict.level, filled.verdict.passed
    if not filled.verdict.passed:
        stops = [finding for finding in filled.verdict.findings if finding.severity == "stop"]
        return _refuse_text(claim, case, row, "; ".join(f"{each.rule}: {each.text}" for each in stops))
    return True


def _refuse_text(claim: _Claim, case: LoadedCase, row: AttemptRow, why: str) -> bool:
    drop(claim.session, claim.book, row, (Reason(code="text_refused", params={"why": why[:300]}),))
    add_task(
        claim.session,
        landlord_id=row.landlord_id,
        kind="text_refused",
        key=f"text:{row.key}",
        due_at=claim.now,
        case=case.case,
        detail={"why": why[:300], "template": row.template, "channel": row.channel},
    )
    claim.counts["text_refused"] += 1
    return False


def _ask_staff(claim: _Claim, case: LoadedCase, row: AttemptRow) -> None:
    add_task(
        claim.session,
        landlord_id=row.landlord_id,
        kind=row.kind,
        key=f"{row.kind}:{row.key}:{claim.runtime.calendar.day_of(claim.now)}",
        due_at=row.due_at,
        case=case.case,
        attempt_id=row.id,
    )
    claim.counts[f"{row.kind}_tasks"] += 1


def outbound(row: AttemptRow, policy: Policy, tenancy_ref: str) -> Outbound:
    """Map a claimed attempt to what a channel carries."""
    assert row.claimed_at is not None
    settings = policy.settings
    return Outbound(
        key=row.key,
        channel=row.channel,
        to=row.sent_to or "",
        sender=settings.sender_email if row.channel == "email" else settings.sender_phone,
        text=row.text or "",
        subject=row.subject,
        language=row.language,
        at=row.claimed_at,
        extra={"tenant": tenancy_ref, "template": row.template or ""},
    )


def offer(
    runtime: Runtime,
    policy: Policy,
    claimed: Sequence[tuple[AttemptRow, str]],
    now: datetime,
    counts: Counter[str],
) -> None:
    """Offer claimed rows to their channels, outside any transaction, and record the answers."""
    by_channel: dict[str, list[tuple[AttemptRow, Outbound]]] = defaultdict(list)
    for row, tenancy_ref in claimed:
        by_channel[row.channel].append((row, outbound(row, policy, tenancy_ref)))
    for name, batch in by_channel.items():
        channel = runtime.channels.get(name)
        answers: Sequence[Accepted | Failure]
        if channel is None:
            answers = [
                Failure(key=message.key, provider="none", code=FailureCode.CREDENTIALS, detail="channel is absent")
                for _, message in batch
            ]
        else:
            answers = channel.send([message for _, message in batch])
        record(runtime, policy, [row.id for row, _ in batch], answers, now, counts)


def recover(runtime: Runtime, policy: Policy, now: datetime) -> Counter[str]:
    """Ask after every row that was left claimed by a sender that is gone, or had no certain answer."""
    counts: Counter[str] = Counter()
    with runtime.db.read() as session:
        rows = session.execute(LEFT_CLAIMED, {"landlord": policy.landlord_id}).all()
    for row, tenancy_ref in rows:
        assert row.claimed_at is not None
        if may_be_sending(row.claimed_by, row.claimed_at, now):
            continue
        channel = runtime.channels.get(row.channel)
        message = outbound(row, policy, tenancy_ref)
        answer = channel.ask(message) if channel else Unsure(key=row.key, detail="the channel is absent")
        record(runtime, policy, [row.id], [answer], now, counts)
    return counts

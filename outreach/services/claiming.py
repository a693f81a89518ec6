"""Claim what is due: the last check, room in the pressure, text and checks, in one transaction; nothing is sent here.

Rows, cases and households are taken without waiting for anybody: what another worker holds is left to it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from messages.template import CatalogueError
from outreach.db.tables import AttemptRow, CaseRow, InboundRow
from outreach.runtime import Runtime
from outreach.services.capacity import Capacity
from outreach.services.carrying import carried, kept_over_tries, last_written
from outreach.services.dropping import STAFF_KINDS, drop
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.locking import lock_cases, lock_households
from outreach.services.policy import Policy, ladder_of
from outreach.services.pressure import Rooms
from outreach.services.rechecking import recheck_row
from outreach.services.senders import this_sender
from outreach.services.tasks import add_task
from outreach.services.tenant_links import make_link
from outreach.services.tenant_page_messages import link_in_message
from outreach.services.texts import fill
from outreach.services.unanswered import give_to_person
from schedules.decisions import Reason, Verdict
from schedules.purposes import PURPOSES, Purpose

Claimed = list[tuple[AttemptRow, str]]
"""Claimed rows, each with its tenancy's own number."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which due rows to claim: at most `most`, of these channels only, or of all but these."""

    most: int
    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()


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
    written: Mapping[str, datetime]


def claim_batch(
    runtime: Runtime, policy: Policy, now: datetime, counts: Counter[str], wanted: Wanted
) -> tuple[Claimed, int]:
    """Claim a batch of due rows; returns the claimed ones that a machine sends, and how many rows were looked at."""
    with runtime.db.write() as session:
        claimed, rows = claim_in(runtime, session, policy, now, counts, wanted)
    return claimed, len(rows)


def claim_in(
    runtime: Runtime, session: Session, policy: Policy, now: datetime, counts: Counter[str], wanted: Wanted
) -> tuple[Claimed, list[AttemptRow]]:
    """Claim a batch in the caller's transaction; returns the claimed rows, and all that were looked at."""
    rows = _lock_due(session, policy, now, wanted)
    if not rows:
        return [], []
    book = EvidenceBook(session, policy.landlord_id, now)
    claim = _Claim(
        runtime=runtime,
        session=session,
        policy=policy,
        book=book,
        now=now,
        counts=counts,
        rooms=Rooms(session, {row.household_id for row in rows}, runtime.calendar.day_of(now)),
        capacity=Capacity(session, policy.landlord_id, runtime.calendar, now),
        written=last_written(session, rows, now),
    )
    claimed = _claim_rows(claim, rows)
    claim.rooms.write()
    book.write()
    return claimed, rows


def _lock_due(session: Session, policy: Policy, now: datetime, wanted: Wanted) -> list[AttemptRow]:
    """Take what is due, of cases and households that nobody else works on at this moment, and lock it."""
    due = (
        select(AttemptRow)
        .where(AttemptRow.landlord_id == policy.landlord_id, AttemptRow.state == "planned", AttemptRow.due_at <= now)
        .order_by(AttemptRow.due_at, AttemptRow.id)
    )
    if wanted.only is not None:
        due = due.where(AttemptRow.channel.in_(wanted.only))
    if wanted.without:
        due = due.where(AttemptRow.channel.not_in(wanted.without))
    found = list(session.scalars(due.limit(wanted.most).with_for_update(skip_locked=True)))
    free = lock_cases(session, {row.case_id for row in found}, skip_busy=True)
    mine = [row for row in found if row.case_id in free]
    homes = lock_households(session, {row.household_id for row in mine}, skip_busy=True)
    return [row for row in mine if row.household_id in homes]


def _claim_rows(claim: _Claim, rows: Sequence[AttemptRow]) -> Claimed:
    cases = {row.case_id for row in rows}
    statement = select(CaseRow).options(defer(CaseRow.decision)).where(CaseRow.id.in_(cases)).order_by(CaseRow.id)
    found = claim.session.scalars(statement)
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
        _drop(claim, case, row, verdict.why)
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
    if row.channel == "visit":
        make_link(
            claim.session, claim.book, claim.runtime, claim.policy.settings, case.case, row.addressee_id, attempt=row
        )
    row.state, row.claimed_at, row.claimed_by = "claimed", claim.now, this_sender()
    if PURPOSES[Purpose(row.purpose)].pressure:
        claim.rooms.take(row, claim.now)
    if row.kind in STAFF_KINDS:
        _ask_staff(claim, case, row)
    return True


def _drop(claim: _Claim, case: LoadedCase, row: AttemptRow, why: Sequence[Reason]) -> None:
    drop(claim.session, claim.book, row, why)
    give_to_person(claim.session, claim.book, case.case, row, why)


def _fill(claim: _Claim, case: LoadedCase, row: AttemptRow) -> bool:
    answers_sender = row.answers_inbound_id is not None and bool(row.sent_to)
    if row.channel not in case.addressees.targets and row.contact_point_id is None and not answers_sender:
        _drop(claim, case, row, (Reason(code="no_channel"),))
        return False
    if row.sent_to is None or (row.contact_point_id is None and not answers_sender):
        row.sent_to = case.addressees.targets[row.channel].value
    if row.template is None:
        return True
    ladder = ladder_of(claim.session, claim.policy, row.ladder_version_id)
    day = claim.runtime.calendar.day_of(claim.now)
    link = link_in_message(claim.session, claim.book, claim.runtime, claim.policy, case.case, row, claim.written)
    try:
        filled = fill(claim.policy, case, row, ladder, row.why.get("values", {}), day, link)
    except CatalogueError as error:
        return _refuse_text(claim, case, row, str(error))
    row.text, row.subject = filled.rendered.text, filled.rendered.subject
    row.b1_level, row.b1_passed = filled.verdict.level, filled.verdict.passed
    row.segments = filled.rendered.segments
    row.carried = kept_over_tries(row) | carried(claim.policy, case, row, filled, claim.written, day, link)
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

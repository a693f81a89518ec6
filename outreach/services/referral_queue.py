"""Release the queue of each partner in the order of priority when room comes; once a day, set by set."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, PartnerRow, ReferralRow
from outreach.domain.referral_states import QUEUED
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.decisions import reasons_data
from outreach.services.evidence import EvidenceBook
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.policy import Policy, ladder_of
from outreach.services.quota import quota_use
from outreach.services.referrals import Referring, send
from outreach.services.routes import way_to
from schedules.decisions import PlannedStep, Reason
from schedules.engine import decide

BATCH = 50
"""How many of a queue are looked at together."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the engine says of a queued referral now: due, or the reasons why it is not wanted any more."""

    due: PlannedStep | None = None
    gone: tuple[Reason, ...] = ()


def release_queues(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Send from every queue what there is room for, the highest priority first; what is not wanted leaves it.

    Every referral is decided on again before it goes: a reason that is gone, or a condition of law that is no longer
    met, is never sent. One that waits (a pause, a plan) keeps its place and lets the next go first.
    """
    counts: Counter[str] = Counter()
    statement = (
        select(ReferralRow, CaseRow, PartnerRow)
        .join(CaseRow, CaseRow.id == ReferralRow.case_id)
        .join(PartnerRow, PartnerRow.id == ReferralRow.partner_id)
        .where(ReferralRow.landlord_id == policy.landlord_id, ReferralRow.state == QUEUED)
        .order_by(ReferralRow.partner_id, ReferralRow.priority, ReferralRow.queued_at, ReferralRow.id)
    )
    rows = [(row, case, partner) for row, case, partner in session.execute(statement)]
    if not rows:
        return counts
    book = EvidenceBook(session, policy.landlord_id, now)
    for _partner_id, queue in groupby(rows, key=lambda found: found[2].id):
        _release(runtime, session, book, policy, list(queue), counts)
    book.write()
    return counts


Queue = Sequence[tuple[ReferralRow, CaseRow, PartnerRow]]


def _release(
    runtime: Runtime, session: Session, book: EvidenceBook, policy: Policy, queue: Queue, counts: Counter[str]
) -> None:
    partner = queue[0][2]
    way, day = way_to(session, partner), runtime.calendar.day_of(book.now)
    use = quota_use(session, runtime.calendar, partner, way.route, policy.settings.fills, day)
    left = len(queue) if use.left is None else use.left
    for row, loaded in _open_ones(runtime, session, book, queue, counts):
        asked = _ask(runtime, session, policy, row, loaded, book.now)
        if asked.gone:
            _leave(session, book, row, asked.gone)
            counts["referrals_left_queue"] += 1
        elif asked.due is not None and left > 0:
            ladder = ladder_of(session, policy, loaded.case.ladder_version_id)
            context = Referring(
                session=session, book=book, policy=policy, ladder=ladder, calendar=runtime.calendar, now=book.now
            )
            row.route_version_id = way.version_id
            send(context, loaded, asked.due, row, partner, way)
            left -= 1
            counts["referrals"] += 1


def _open_ones(
    runtime: Runtime, session: Session, book: EvidenceBook, queue: Queue, counts: Counter[str]
) -> Iterator[tuple[ReferralRow, LoadedCase]]:
    """Yield the queued referrals of open cases with their facts; those of closed cases leave the queue."""
    day = runtime.calendar.day_of(book.now)
    for start in range(0, len(queue), BATCH):
        batch = [(row, case) for row, case, _partner in queue[start : start + BATCH]]
        for row, case in batch:
            if case.state != "open":
                _leave(session, book, row, (Reason(code=case.close_reason or "paid"),))
                counts["referrals_left_queue"] += 1
        running = [(row, case) for row, case in batch if case.state == "open"]
        cases = list({case.id: case for _row, case in running}.values())
        found = {each.case.id: each for each in load_cases(session, cases, day, book.now)}
        yield from ((row, found[case.id]) for row, case in running)


def _ask(
    runtime: Runtime, session: Session, policy: Policy, row: ReferralRow, loaded: LoadedCase, now: datetime
) -> _Asked:
    """Ask the engine again, as if the referral had not been queued."""
    ladder = ladder_of(session, policy, loaded.case.ladder_version_id)
    others = tuple(each for each in loaded.facts.referrals if each.state != QUEUED or each.at != row.queued_at)
    decision = decide(ladder, replace(loaded.facts, referrals=others), policy.engine, runtime.calendar, now)
    if decision.end is not None:
        return _Asked(gone=(decision.end,))
    steps = {each.step: each for each in decision.due}
    refused = {each.step: each.why for each in decision.refused}
    step = loaded.keys.at(row.step, row.queued_at or now) or row.step
    return _Asked(due=steps.get(step), gone=refused.get(step, ()))


def _leave(session: Session, book: EvidenceBook, row: ReferralRow, why: Sequence[Reason]) -> None:
    """Take a referral out of the queue: it was never sent, so nothing of it stays but the evidence."""
    payload = {"step": row.step, "kind": row.partner_kind, "why": reasons_data(why)}
    book.note("referral_left_queue", MACHINE, payload, case_id=row.case_id)
    session.delete(row)
    session.flush()

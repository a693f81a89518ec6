"""Record what a channel said of an offered attempt, with evidence, in one transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.contract import Accepted, Failure, FailureCode, NotTaken, Unsure
from outreach.db.tables import AttemptRow, CaseRow
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.carrying import REFUSED_FIRST
from outreach.services.evidence import EvidenceBook
from outreach.services.other_channel import go_by_sms
from outreach.services.pace import spread
from outreach.services.policy import Policy
from outreach.services.pressure import release
from outreach.services.receipts import blame
from outreach.services.senders import NOBODY
from outreach.services.tasks import add_task

RETRY_MINUTES = (5, 15, 60, 180)
"""Minutes until a refused attempt is offered again, the last again and again; a fifth more at most, by its key."""

NOT_BY_WHATSAPP = frozenset({FailureCode.WINDOW_CLOSED, FailureCode.BLOCKED})
"""What WhatsApp did not take, and an SMS may still bring."""

ASKED_FOR = timedelta(days=1)
"""A provider that cannot say yet whether it took a message is asked again so long; then a person looks."""

GIVE_UP_AFTER = timedelta(days=3)
"""A provider that is down for longer makes an attempt fail, so that the ladder takes another way."""


def record(
    runtime: Runtime,
    policy: Policy,
    attempt_ids: Sequence[int],
    answers: Sequence[Accepted | Failure | NotTaken | Unsure],
    now: datetime,
    counts: Counter[str],
) -> None:
    """Record what the channel said, with evidence, in one transaction."""
    with runtime.db.write() as session:
        rows = {row.id: row for row in session.scalars(select(AttemptRow).where(AttemptRow.id.in_(attempt_ids)))}
        book = EvidenceBook(session, policy.landlord_id, now)
        for attempt_id, answer in zip(attempt_ids, answers, strict=True):
            row = rows[attempt_id]
            if row.state == "claimed":
                _record_one(session, book, policy, row, answer, now, counts)
        book.write()


def _record_one(
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    row: AttemptRow,
    answer: Accepted | Failure | NotTaken | Unsure,
    now: datetime,
    counts: Counter[str],
) -> None:
    if isinstance(answer, Accepted):
        row.state, row.sent_at = "sent", row.claimed_at
        row.provider, row.provider_ref = answer.provider, answer.provider_ref
        row.segments = answer.segments or row.segments
        book.note("sent", MACHINE, evidence_of(row), case_id=row.case_id, attempt_id=row.id, occurred_at=row.sent_at)
        counts[f"sent_{row.channel}"] += 1
    elif isinstance(answer, NotTaken):
        release(session, row)
        row.state, row.claimed_at = "planned", None
        counts["offered_again"] += 1
    elif isinstance(answer, Unsure) and answer.later and _may_wait(row, now):
        row.claimed_by = NOBODY
        counts["uncertain"] += 1
    elif isinstance(answer, Unsure):
        _unknown(session, book, row, answer.detail, now)
        counts["unknown"] += 1
    elif answer.code is FailureCode.UNCERTAIN:
        row.claimed_by = NOBODY
        counts["uncertain"] += 1
    else:
        _failed(session, book, policy, row, answer, now)
        counts[f"failed_{row.channel}"] += 1


def _may_wait(row: AttemptRow, now: datetime) -> bool:
    return row.claimed_at is not None and now - row.claimed_at < ASKED_FOR


def _failed(
    session: Session, book: EvidenceBook, policy: Policy, row: AttemptRow, answer: Failure, now: datetime
) -> None:
    release(session, row)
    row.tries += 1
    payload = {"channel": row.channel, "code": str(answer.code), "detail": answer.detail, "tries": row.tries}
    book.note("not_taken", MACHINE, payload, case_id=row.case_id, attempt_id=row.id)
    if answer.retryable and _again(row, now):
        return
    if row.channel == "whatsapp" and answer.code in NOT_BY_WHATSAPP and go_by_sms(session, policy, row, now):
        book.note("channel_changed", MACHINE, {"to": row.channel}, case_id=row.case_id, attempt_id=row.id)
        return
    row.state, row.outcome, row.outcome_at, row.provider = "failed", str(answer.code), now, answer.provider
    blame(session, row, answer.code, answer.detail, now)


def _again(row: AttemptRow, now: datetime) -> bool:
    """Plan a refused attempt again, unless its provider has been down for days."""
    first = row.carried.get(REFUSED_FIRST)
    if first is not None and now - datetime.fromisoformat(first) >= GIVE_UP_AFTER:
        return False
    minutes = RETRY_MINUTES[min(row.tries, len(RETRY_MINUTES)) - 1]
    row.carried = {**row.carried, REFUSED_FIRST: first or now.isoformat()}
    row.state, row.claimed_at = "planned", None
    row.due_at = now + timedelta(seconds=round(spread(minutes * 60, f"{row.key}:{row.tries}")))
    return True


def _unknown(session: Session, book: EvidenceBook, row: AttemptRow, detail: str, now: datetime) -> None:
    row.state = "unknown"
    case = session.get_one(CaseRow, row.case_id)
    add_task(
        session,
        landlord_id=row.landlord_id,
        kind="unknown_send",
        key=f"unknown:{row.key}",
        due_at=now,
        case=case,
        attempt_id=row.id,
        detail={"detail": detail},
    )
    book.note("unknown", MACHINE, {"detail": detail}, case_id=row.case_id, attempt_id=row.id)


def evidence_of(row: AttemptRow) -> dict[str, object]:
    """Give what a sent attempt leaves as evidence: the exact text, to whom, versions and receipt."""
    return {
        "channel": row.channel,
        "purpose": row.purpose,
        "step": row.step,
        "attempt": row.attempt,
        "to": row.sent_to,
        "subject": row.subject,
        "text": row.text,
        "language": row.language,
        "ladder_version": row.ladder_version_id,
        "template_version": row.template_version_id,
        "settings_version": row.settings_version_id,
        "law_version": row.law_version_id,
        "provider": row.provider,
        "provider_ref": row.provider_ref,
    }

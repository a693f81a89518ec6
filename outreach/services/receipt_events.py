"""Receipts and call outcomes of providers, put on the attempts that they are about, in any order and once."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from channels.contract import Event
from outreach.db.tables import AttemptRow, ChannelEventRow, TaskRow
from outreach.runtime import Runtime
from outreach.services.actor import MACHINE
from outreach.services.evidence import EvidenceBook
from outreach.services.keypad import press
from outreach.services.policy import Policy
from outreach.services.receipts import apply_outcome
from outreach.services.recording import evidence_of
from outreach.services.tasks import close_tasks

BELONGS_TO_NOBODY_AFTER = timedelta(hours=1)


def cases_of(session: Session, events: Sequence[Event]) -> set[int]:
    """Give the cases of the attempts that events are about."""
    return {case_id for (case_id,) in _found(session, events, select(AttemptRow.case_id))}


def attempts_of(session: Session, events: Sequence[Event]) -> dict[str, AttemptRow]:
    """Find the attempts of events, by the provider's reference and by our own key, as they are now."""
    read = select(AttemptRow).options(*(defer(column) for column in NOT_NEEDED))
    rows = [row for (row,) in _found(session, events, read)]
    return {row.provider_ref or "": row for row in rows} | {row.key: row for row in rows}


NOT_NEEDED = (AttemptRow.text, AttemptRow.why, AttemptRow.dropped_reason, AttemptRow.carried)
"""Columns that a receipt does not look at; they are read when they are asked for."""


def _found(session: Session, events: Sequence[Event], read: Select[Any]) -> Iterator[Any]:
    """Read by the provider's reference, and by our key what has no such reference yet."""
    refs = {event.provider_ref for event in events if event.provider_ref}
    known: set[str] = set()
    for some in _in_batches(refs):
        for row in session.execute(read.add_columns(AttemptRow.provider_ref).where(AttemptRow.provider_ref.in_(some))):
            known.add(row[-1])
            yield row[:-1]
    keys = {event.key for event in events if event.key and event.provider_ref not in known}
    for some in _in_batches(keys):
        yield from session.execute(read.where(AttemptRow.key.in_(some)))


def _in_batches(values: Collection[str]) -> Iterator[list[str]]:
    wanted = sorted(values)
    yield from (wanted[start : start + 500] for start in range(0, len(wanted), 500))


def take_receipt(
    runtime: Runtime,
    session: Session,
    book: EvidenceBook,
    policy: Policy,
    rows: dict[str, AttemptRow],
    event: Event,
    now: datetime,
    counts: Counter[str],
) -> int | None:
    """Put what a receipt or a call says on its attempt; returns the case to decide on again, if any.

    What belongs to no attempt yet is not put on record before it is an hour old: the answer to the offer may still be
    under way to us, and the receipt comes again.
    """
    row = rows.get(event.provider_ref or "") or rows.get(event.key or "")
    if row is None and now - event.at < BELONGS_TO_NOBODY_AFTER:
        counts["early"] += 1
        return None
    session.add(
        ChannelEventRow(
            landlord_id=policy.landlord_id,
            attempt_id=row.id if row else None,
            provider=event.provider,
            event_id=event.event_id,
            kind=event.kind,
            outcome=event.outcome,
            at=event.at,
            known_at=now,
        )
    )
    counts[event.kind] += 1
    if row is None:
        return None
    _note_price(row, event)
    if event.outcome is None:
        return None
    _settle(session, book, row, event)
    changed = apply_outcome(session, book, row, event.outcome, event.at, now, failure=event.failure)
    if changed and event.kind == "call":
        press(runtime, session, book, policy, row, event.outcome, event.at, now)
    return row.case_id if changed and row.outcome not in ("delivered", "read", "posted") else None


def _note_price(row: AttemptRow, event: Event) -> None:
    row.segments = event.segments or row.segments
    if event.price is not None:
        row.price, row.currency = event.price, event.currency


def _settle(session: Session, book: EvidenceBook, row: AttemptRow, event: Event) -> None:
    """A receipt with our own key says that the provider took what we were not certain of: it was sent."""
    if row.state not in ("claimed", "unknown") or row.provider_ref is not None or event.provider_ref is None:
        return
    row.state, row.sent_at = "sent", row.claimed_at
    row.provider, row.provider_ref = event.provider, event.provider_ref
    close_tasks(session, book.now, "settled", TaskRow.attempt_id == row.id, TaskRow.kind == "unknown_send")
    book.note("sent", MACHINE, evidence_of(row), case_id=row.case_id, attempt_id=row.id, occurred_at=row.sent_at)

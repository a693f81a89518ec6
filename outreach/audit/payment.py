"""Judge whether something was still overdue when a contact was made, as the books were known then."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from outreach.audit.record import ATTEMPT, CASE, STREAM, Sent, scoped
from outreach.audit.report import Finding
from outreach.db.ledger import LedgerEntryRow, LedgerItemRow

PAYING = frozenset({"collection", "legal", "plan"})
Books = dict[int, tuple[date, int]]
"""Per open item its due date and what is open of it, in cents; credits are negative."""


def judge_payment(connection: Connection, sent: Sequence[Sent], landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge collection, legal and plan attempts on the overdue balance known then (rules.md 8, 40).

    Entries stream by tenancy and moment of knowledge, so that one tenancy's books are in memory at a time.
    """
    waiting: defaultdict[int, list[Sent]] = defaultdict(list)
    for attempt in sent:
        if attempt.purpose in PAYING:
            waiting[attempt.tenancy_id].append(attempt)
    for tenancy_id, entries in groupby(_entries(connection, landlord_id), key=lambda row: row.tenancy_id):
        yield from _judge_tenancy(waiting.pop(tenancy_id, []), entries)
    for attempts in waiting.values():
        yield from (attempt.finding("no_books", "contact zonder dat er een post open stond") for attempt in attempts)


def _entries(connection: Connection, landlord_id: int | None) -> Iterator[Row[Any]]:
    entry, item = LedgerEntryRow.__table__, LedgerItemRow.__table__
    contacted = select(CASE.c.tenancy_id).where(
        CASE.c.id.in_(select(ATTEMPT.c.case_id).where(ATTEMPT.c.sent_at.is_not(None)))
    )
    statement = (
        select(entry.c.tenancy_id, entry.c.item_id, item.c.due_on, entry.c.open_cents, entry.c.known_at)
        .join(item, item.c.id == entry.c.item_id)
        .where(entry.c.tenancy_id.in_(contacted))
        .order_by(entry.c.tenancy_id, entry.c.known_at, entry.c.id)
    )
    yield from connection.execute(scoped(statement, entry, landlord_id), execution_options=STREAM)


def _judge_tenancy(attempts: Sequence[Sent], entries: Iterator[Row[Any]]) -> Iterator[Finding | None]:
    """Walk attempts and entries of one tenancy side by side, both by time."""
    books: Books = {}
    entry = next(entries, None)
    for attempt in sorted(attempts, key=lambda each: each.judged_at):
        while entry is not None and entry.known_at <= attempt.judged_at:
            books[entry.item_id] = (entry.due_on, entry.open_cents)
            entry = next(entries, None)
        yield _judge(attempt, books)


def _judge(attempt: Sent, books: Books) -> Finding | None:
    day = attempt.day
    overdue = sum(cents for due_on, cents in books.values() if due_on < day)
    if overdue > 0:
        return None
    return attempt.finding("nothing_overdue", f"contact bij een saldo van {overdue} cent: er was niets achterstallig")

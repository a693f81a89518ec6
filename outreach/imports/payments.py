"""Load payments: each counts once, goes to the oldest open items, and the rest becomes a credit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2s
from typing import Any

from sqlalchemy import Connection, and_, exists, func, insert, select

from outreach.imports.ledger import (
    ENTRY,
    ITEM,
    OWN_CREDIT,
    PAYMENT,
    TENANCY,
    group_by_tenancy,
    latest_open,
    newest_complete,
)
from outreach.imports.loading import Load
from outreach.imports.staging import PAYMENTS


@dataclass(kw_only=True)
class _Written:
    """Rows to be written, in the order in which they count."""

    payments: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    credits: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    in_books: int = 0


def new_payments(load: Load) -> Any:
    """Select the staged payments that are not known yet: tenancy, reference, amount, day; oldest first."""
    known = exists().where(PAYMENT.c.tenancy_id == TENANCY.c.id, PAYMENT.c.external_ref == PAYMENTS.c.payment_ref)
    return (
        select(TENANCY.c.id, PAYMENTS.c.payment_ref, PAYMENTS.c.amount_cents, PAYMENTS.c.paid_on)
        .where(TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == PAYMENTS.c.tenancy_ref, ~known)
        .order_by(PAYMENTS.c.paid_on, PAYMENTS.c.line)
    )


def load_payments(connection: Connection, load: Load, delivery_id: int) -> dict[str, int]:
    """Write the new payments with their entries; needs the write lock. Give counts.

    A payment of a day that the tenancy's books speak of already is noted, but taken off nothing.
    """
    payments = group_by_tenancy(connection.execute(new_payments(load)))
    written = _Written()
    complete = newest_complete(connection, load.landlord_id)
    ids = list(payments)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        opened, books = _open_items(connection, some), _books(connection, some)
        for tenancy_id in some:
            known = max((day for day in (books.get(tenancy_id), complete) if day), default=None)
            _allocate(load, delivery_id, payments[tenancy_id], opened.get(tenancy_id, []), known, written)
    _write(connection, written)
    return {
        "payments_new": len(written.payments),
        "payments_in_books": written.in_books,
        "entries": len(written.entries) + len(written.credits),
        "credits": len(written.credits),
    }


def _open_items(connection: Connection, ids: list[int]) -> dict[int, list[Any]]:
    opened = (
        select(ITEM.c.tenancy_id, ITEM.c.id, ITEM.c.due_on, latest_open(ITEM.c.id).label("open_cents"))
        .where(ITEM.c.tenancy_id.in_(ids))
        .subquery()
    )
    rows = connection.execute(
        select(opened.c.tenancy_id, opened.c.id, opened.c.open_cents)
        .where(opened.c.open_cents > 0)
        .order_by(opened.c.due_on, opened.c.id)
    )
    return group_by_tenancy([tenancy_id, item_id, cents] for tenancy_id, item_id, cents in rows)


def _books(connection: Connection, ids: Iterable[int]) -> dict[int, date]:
    """Give per tenancy the last day of which its books were delivered."""
    rows = connection.execute(
        select(ENTRY.c.tenancy_id, func.max(ENTRY.c.occurred_on))
        .where(and_(ENTRY.c.tenancy_id.in_(list(ids)), ENTRY.c.reason.in_(("delivered", "absent_from_complete"))))
        .group_by(ENTRY.c.tenancy_id)
    )
    return {row[0]: row[1] for row in rows}


def _allocate(
    load: Load, delivery_id: int, payments: list[Any], opened: list[Any], books: date | None, written: _Written
) -> None:
    for tenancy_id, reference, amount, paid_on in payments:
        facts = {
            "landlord_id": load.landlord_id,
            "tenancy_id": tenancy_id,
            "known_at": load.now,
            "delivery_id": delivery_id,
        }
        left = amount
        if books and paid_on <= books:
            left = 0
            written.in_books += 1
        for item in opened:
            taken = min(left, item[2])
            if taken > 0:
                item[2] -= taken
                left -= taken
                written.entries.append(
                    {**facts, "item_id": item[1], "open_cents": item[2], "reason": "payment", "occurred_on": paid_on}
                )
        written.payments.append(
            {
                **facts,
                "external_ref": reference,
                "amount_cents": amount,
                "unallocated_cents": left,
                "occurred_on": paid_on,
                "source": "delivery",
            }
        )
        if left > 0:
            written.credits.append(_credit(facts, reference, left, paid_on))


def _credit(facts: dict[str, Any], reference: str, cents: int, paid_on: date) -> tuple[dict[str, Any], dict[str, Any]]:
    item = {
        "landlord_id": facts["landlord_id"],
        "tenancy_id": facts["tenancy_id"],
        "external_ref": _credit_ref(reference),
        "kind": "credit",
        "due_on": paid_on,
        "amount_cents": -cents,
        "description": "Rest van een betaling",
    }
    return item, {**facts, "open_cents": -cents, "reason": "payment", "occurred_on": paid_on}


def _credit_ref(reference: str) -> str:
    whole = f"{OWN_CREDIT}{reference}"
    return whole if len(whole) <= 64 else OWN_CREDIT + blake2s(reference.encode(), digest_size=16).hexdigest()


def _write(connection: Connection, written: _Written) -> None:
    if written.payments:
        connection.execute(insert(PAYMENT), written.payments)
    if written.entries:
        connection.execute(insert(ENTRY), written.entries)
    for item, entry in written.credits:
        item_id = connection.execute(insert(ITEM).values(item).returning(ITEM.c.id)).scalar_one()
        connection.execute(insert(ENTRY).values({**entry, "item_id": item_id}))

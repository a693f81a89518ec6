"""Load open items: a delivered amount becomes an entry when it changed, and newer knowledge is never undone."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from outreach.db.ledger import DeliveryRow, LedgerEntryRow, LedgerItemRow, PaymentRow
from outreach.db.people import TenancyRow
from outreach.imports.loading import Load, changed
from outreach.imports.staging import ITEMS, KEYS

ITEM, ENTRY, DELIVERY, PAYMENT, TENANCY = (
    cast("Table", row.__table__) for row in (LedgerItemRow, LedgerEntryRow, DeliveryRow, PaymentRow, TenancyRow)
)
OWN_CREDIT = "payment:"
"""How the reference starts of a credit that we made from the rest of a payment."""
ENTRY_NAMES = ["landlord_id", "tenancy_id", "item_id", "open_cents", "reason", "occurred_on", "known_at", "delivery_id"]


def latest_open(item_id: Any) -> Any:
    """Give what is open of an item by its latest entry."""
    return (
        select(ENTRY.c.open_cents)
        .where(ENTRY.c.item_id == item_id)
        .order_by(ENTRY.c.known_at.desc(), ENTRY.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _known_after(item_id: Any, as_of: date) -> ColumnElement[bool]:
    """Whether the item's books speak of a later day than `as_of`; payments are deducted and not counted here."""
    return exists().where(ENTRY.c.item_id == item_id, ENTRY.c.occurred_on > as_of, ENTRY.c.reason != "payment")


def newest_complete(connection: Connection, landlord_id: int) -> date | None:
    """Give the day of the newest delivery that was declared complete."""
    newest: date | None = connection.scalar(
        select(func.max(DELIVERY.c.as_of_on)).where(
            DELIVERY.c.landlord_id == landlord_id, DELIVERY.c.kind == "arrears", DELIVERY.c.complete
        )
    )
    return newest


def resolve_items(connection: Connection, load: Load) -> None:
    """Find tenancy, item and what is known of it; only the temporary table changes."""
    tenancy = select(TENANCY.c.id).where(
        TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == ITEMS.c.tenancy_ref
    )
    connection.execute(update(ITEMS).where(ITEMS.c.tenancy_id.is_(None)).values(tenancy_id=tenancy.scalar_subquery()))
    item = select(ITEM.c.id).where(ITEM.c.tenancy_id == ITEMS.c.tenancy_id, ITEM.c.external_ref == ITEMS.c.item_ref)
    connection.execute(update(ITEMS).where(ITEMS.c.item_id.is_(None)).values(item_id=item.scalar_subquery()))


def look_up_known(connection: Connection, load: Load) -> None:
    """Note per item what was open last, and whether that is newer than this delivery."""
    newer = _known_after(ITEMS.c.item_id, load.as_of)
    connection.execute(
        update(ITEMS)
        .where(ITEMS.c.item_id.is_not(None))
        .values(known_cents=latest_open(ITEMS.c.item_id), newer=case((newer, 1), else_=0))
    )


def load_items(connection: Connection, load: Load, delivery_id: int) -> dict[str, int]:
    """Write new items and the entries that changed; needs the write lock. Give counts."""
    resolve_items(connection, load)
    counts = {"items_new": _insert_items(connection, load)}
    resolve_items(connection, load)
    look_up_known(connection, load)
    counts["payments_deducted"] = deduct_later_payments(connection, load)
    counts["items_changed"] = _update_items(connection)
    counts["skipped_older"] = _count(connection, ITEMS.c.newer == 1)
    rows = select(
        literal(load.landlord_id),
        ITEMS.c.tenancy_id,
        ITEMS.c.item_id,
        ITEMS.c.open_cents,
        literal("delivered"),
        literal(load.as_of),
        literal(load.now, ENTRY.c.known_at.type),
        literal(delivery_id),
    ).where(differs())
    counts["entries"] = changed(connection, insert(ENTRY).from_select(ENTRY_NAMES, rows.order_by(ITEMS.c.line)))
    counts["credits_settled"] = _close(connection, load, delivery_id, "delivered", own_credits(load))
    return counts


def differs() -> ColumnElement[bool]:
    """Tell which staged items make an entry: not known yet or another amount, and nothing newer known."""
    return and_(
        ITEMS.c.item_id.is_not(None),
        func.coalesce(ITEMS.c.newer, 0) == 0,
        ITEMS.c.known_cents.is_distinct_from(ITEMS.c.open_cents),
    )


def _count(connection: Connection, *where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(ITEMS).where(*where)) or 0


def _insert_items(connection: Connection, load: Load) -> int:
    names = ["tenancy_id", "item_ref", "kind", "due_on", "amount_cents", "description"]
    rows = select(literal(load.landlord_id), *(ITEMS.c[name] for name in names)).where(
        ITEMS.c.item_id.is_(None), ITEMS.c.tenancy_id.is_not(None)
    )
    targets = ["landlord_id", *("external_ref" if name == "item_ref" else name for name in names)]
    return changed(connection, insert(ITEM).from_select(targets, rows.order_by(ITEMS.c.line)))


def _update_items(connection: Connection) -> int:
    """Follow the books where they correct a due date or amount of a charge."""
    other = ITEM.alias("other")
    wrong = select(ITEMS.c.item_id).where(
        other.c.id == ITEMS.c.item_id,
        func.coalesce(ITEMS.c.newer, 0) == 0,
        or_(other.c.due_on != ITEMS.c.due_on, other.c.amount_cents != ITEMS.c.amount_cents),
    )
    values = {
        name: select(ITEMS.c[name]).where(ITEMS.c.item_id == ITEM.c.id).limit(1).scalar_subquery()
        for name in ("due_on", "amount_cents")
    }
    return changed(connection, update(ITEM).where(ITEM.c.id.in_(wrong)).values(values))


def own_credits(load: Load) -> ColumnElement[bool]:
    """Tell which credits of our own the books of a delivered tenancy have taken in by now."""
    return and_(
        ITEM.c.external_ref.like(f"{OWN_CREDIT}%"),
        ITEM.c.due_on <= load.as_of,
        ITEM.c.tenancy_id.in_(select(ITEMS.c.tenancy_id).where(func.coalesce(ITEMS.c.newer, 0) == 0)),
    )


def absent(load: Load) -> ColumnElement[bool]:
    """Tell which items a complete delivery leaves out; KEYS holds the tenancies that had a bad row."""
    later_credit = and_(ITEM.c.external_ref.like(f"{OWN_CREDIT}%"), ITEM.c.due_on > load.as_of)
    return and_(
        ITEM.c.id.not_in(select(ITEMS.c.item_id).where(ITEMS.c.item_id.is_not(None))),
        ITEM.c.tenancy_id.not_in(select(KEYS.c.id).where(KEYS.c.id.is_not(None))),
        ~later_credit,
    )


def protect(connection: Connection, load: Load, refs: Collection[str]) -> None:
    """Note the tenancies of bad rows: an unreadable row is no payment."""
    connection.execute(KEYS.delete())
    if not refs:
        return
    connection.execute(KEYS.insert(), [{"key": ref} for ref in refs])
    tenancy = select(TENANCY.c.id).where(
        TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == KEYS.c.key
    )
    connection.execute(update(KEYS).values(id=tenancy.scalar_subquery()))


def close_absent(connection: Connection, load: Load, delivery_id: int) -> int:
    """Count as paid what a complete delivery leaves out."""
    return _close(connection, load, delivery_id, "absent_from_complete", absent(load))


def count_absent(connection: Connection, load: Load) -> int:
    """Count what a complete delivery would close."""
    return connection.scalar(select(func.count()).select_from(_to_close(load, absent(load)).subquery())) or 0


def _to_close(load: Load, which: ColumnElement[bool]) -> Select[Any]:
    opened = (
        select(ITEM.c.id, ITEM.c.tenancy_id, latest_open(ITEM.c.id).label("open_cents"))
        .where(ITEM.c.landlord_id == load.landlord_id, which)
        .cte("opened")
        .prefix_with("MATERIALIZED")
    )
    return select(opened.c.tenancy_id, opened.c.id).where(
        opened.c.open_cents != 0, ~_known_after(opened.c.id, load.as_of)
    )


def _close(connection: Connection, load: Load, delivery_id: int, reason: str, which: ColumnElement[bool]) -> int:
    closing = _to_close(load, which).subquery()
    rows = select(
        literal(load.landlord_id),
        closing.c.tenancy_id,
        closing.c.id,
        literal(0),
        literal(reason),
        literal(load.as_of),
        literal(load.now, ENTRY.c.known_at.type),
        literal(delivery_id),
    )
    return changed(connection, insert(ENTRY).from_select(ENTRY_NAMES, rows))


def deduct_later_payments(connection: Connection, load: Load) -> int:
    """Take payments made after the books' day off the staged amounts, oldest due first; give how many items."""
    later = connection.execute(
        select(PAYMENT.c.tenancy_id, func.sum(PAYMENT.c.amount_cents))
        .where(PAYMENT.c.landlord_id == load.landlord_id, PAYMENT.c.occurred_on > load.as_of)
        .where(PAYMENT.c.tenancy_id.in_(select(ITEMS.c.tenancy_id)))
        .group_by(PAYMENT.c.tenancy_id)
    ).all()
    if not later:
        return 0
    left = {tenancy_id: int(paid) for tenancy_id, paid in later}
    for tenancy_id, credit in _credits_after(connection, load):
        if tenancy_id in left:
            left[tenancy_id] += credit
    return _deduct(connection, left)


def _credits_after(connection: Connection, load: Load) -> list[tuple[int, int]]:
    """Give the credits (negative) that later payments left: that money is not in the items already."""
    opened = latest_open(ITEM.c.id)
    rows = connection.execute(
        select(ITEM.c.tenancy_id, opened).where(
            ITEM.c.landlord_id == load.landlord_id,
            ITEM.c.external_ref.like(f"{OWN_CREDIT}%"),
            ITEM.c.due_on > load.as_of,
        )
    )
    return [(tenancy_id, credit or 0) for tenancy_id, credit in rows]


def _deduct(connection: Connection, left: dict[int, int]) -> int:
    ids = list(left)
    paid: list[dict[str, int]] = []
    for start in range(0, len(ids), 500):
        rows = connection.execute(
            select(ITEMS.c.tenancy_id, ITEMS.c.item_id, ITEMS.c.open_cents)
            .where(ITEMS.c.tenancy_id.in_(ids[start : start + 500]), ITEMS.c.open_cents > 0)
            .order_by(ITEMS.c.due_on, ITEMS.c.item_id)
        )
        for tenancy_id, item_id, cents in rows:
            taken = min(left[tenancy_id], cents)
            if taken > 0:
                left[tenancy_id] -= taken
                paid.append({"item": item_id, "cents": cents - taken})
    if paid:
        connection.execute(
            update(ITEMS).where(ITEMS.c.item_id == bindparam("item")).values(open_cents=bindparam("cents")), paid
        )
    return len(paid)


def group_by_tenancy(rows: Any) -> dict[int, list[Any]]:
    """Group rows by their first column."""
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped

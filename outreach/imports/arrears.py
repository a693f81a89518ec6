"""Work out the arrears position of tenancies from the ledger, by one set-based statement.

The day passes due dates without any delivery, so the day's run calls this as well as the import.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    Table,
    and_,
    case,
    distinct,
    extract,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach.db.base import BIG
from outreach.db.ledger import ArrearsRow, LedgerEntryRow, LedgerItemRow
from outreach.db.people import TenancyRow

_ARREARS = cast("Table", ArrearsRow.__table__)
_DERIVED = ("amount_cents", "oldest_due_on", "months")


def recompute_arrears(
    session: Session,
    landlord_id: int,
    on: date,
    now: datetime,
    *,
    month_definition: str = "due_dates_passed",
    tenancy_ids: Sequence[int] | Select[tuple[int]] | None = None,
) -> int:
    """Write the position on the civil day `on` of all tenancies with items, or of `tenancy_ids`; give how many changed.

    The amount is what is open of items due before `on`, plus all credits (negative); it may be below zero. Months are
    counted by the landlord's own definition (rules.md 1): due_dates_passed counts calendar months with an open item,
    amount_over_rent divides by the rent, and falls back on the former while the rent is not known. A row that does not
    change keeps its `on_day` and `known_at`: since when the position is so.
    """
    maker = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    names = ["landlord_id", "tenancy_id", *_DERIVED, "on_day", "known_at"]
    statement = maker(_ARREARS).from_select(names, _positions(landlord_id, on, now, month_definition, tenancy_ids))
    new = statement.excluded
    upsert = statement.on_conflict_do_update(
        index_elements=["tenancy_id"],
        set_={name: new[name] for name in (*_DERIVED, "on_day", "known_at")},
        where=or_(*(_ARREARS.c[name].is_distinct_from(new[name]) for name in _DERIVED)),
    )
    count = cast("CursorResult[Any]", session.execute(upsert.execution_options(preserve_rowcount=True))).rowcount
    if count < 0 and maker is sqlite.insert:
        return session.scalar(select(func.changes())) or 0
    return count


def _positions(
    landlord_id: int,
    on: date,
    now: datetime,
    month_definition: str,
    tenancy_ids: Sequence[int] | Select[tuple[int]] | None,
) -> Select[Any]:
    opened = _open_items(landlord_id, tenancy_ids)
    due = and_(opened.c.open_cents > 0, opened.c.due_on < on)
    month = extract("year", opened.c.due_on) * 12 + extract("month", opened.c.due_on)
    totals = (
        select(
            opened.c.tenancy_id,
            as_type(func.sum(case((or_(due, opened.c.open_cents < 0), opened.c.open_cents), else_=0)), BIG).label(
                "amount"
            ),
            func.min(case((due, opened.c.due_on))).label("oldest"),
            func.count(distinct(case((due, month)))).label("months"),
        )
        .group_by(opened.c.tenancy_id)
        .cte("totals")
    )
    months: ColumnElement[int] = totals.c.months
    if month_definition == "amount_over_rent":
        months = case(
            (TenancyRow.rent_cents > 0, totals.c.amount.op("/")(TenancyRow.rent_cents)), else_=totals.c.months
        )
    owes = totals.c.amount > 0
    return select(
        literal(landlord_id),
        totals.c.tenancy_id,
        totals.c.amount,
        case((owes, totals.c.oldest)),
        case((owes, months), else_=0),
        literal(on),
        literal(now, _ARREARS.c.known_at.type),
    ).where(TenancyRow.id == totals.c.tenancy_id)


def _open_items(landlord_id: int, tenancy_ids: Sequence[int] | Select[tuple[int]] | None) -> Any:
    """Give each item with its latest entry; materialised, so that the entry is looked up once."""
    latest = (
        select(LedgerEntryRow.open_cents)
        .where(LedgerEntryRow.item_id == LedgerItemRow.id)
        .order_by(LedgerEntryRow.known_at.desc(), LedgerEntryRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = select(LedgerItemRow.tenancy_id, LedgerItemRow.due_on, latest.label("open_cents")).where(
        LedgerItemRow.landlord_id == landlord_id
    )
    if tenancy_ids is not None:
        rows = rows.where(LedgerItemRow.tenancy_id.in_(tenancy_ids))
    return rows.cte("open_items").prefix_with("MATERIALIZED")

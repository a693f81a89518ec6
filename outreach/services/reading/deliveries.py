"""Deliveries of the ledger with their reports, bad rows kept for correction, and saved mappings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import ColumnMappingRow, DeliveryRow, RejectedRowRow

PAGE_SIZE = 30
SHOWN_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class Deliveries:
    """One page of deliveries, newest first."""

    items: tuple[DeliveryRow, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class DeliveryPage:
    """One delivery with its report as it was stored, and its first bad rows."""

    delivery: DeliveryRow
    report: Mapping[str, Any]
    rejected: tuple[RejectedRowRow, ...]
    columns: tuple[str, ...]


def list_deliveries(session: Session, scope: Scope, page: int = 1) -> Deliveries:
    """Return one page of deliveries."""
    statement: Any = scope.select(DeliveryRow).order_by(DeliveryRow.received_at.desc(), DeliveryRow.id.desc())
    total = session.scalar(scope.narrow(select(func.count(DeliveryRow.id)), DeliveryRow)) or 0
    rows = session.scalars(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return Deliveries(items=tuple(rows), total=total)


def read_delivery(session: Session, scope: Scope, delivery_id: int) -> DeliveryPage | None:
    """Return one delivery; None when it is another landlord's."""
    delivery = session.scalar(scope.select(DeliveryRow).where(DeliveryRow.id == delivery_id))
    if delivery is None:
        return None
    statement: Any = scope.select(RejectedRowRow).where(RejectedRowRow.delivery_id == delivery_id)
    rejected = tuple(session.scalars(statement.order_by(RejectedRowRow.line).limit(SHOWN_ROWS)))
    columns = tuple(dict.fromkeys(name for row in rejected for name in row.cells))
    return DeliveryPage(delivery=delivery, report=delivery.report, rejected=rejected, columns=columns)


def saved_mappings(session: Session, scope: Scope) -> dict[str, str]:
    """Return the saved mappings: their text by name."""
    rows = session.scalars(scope.select(ColumnMappingRow).order_by(ColumnMappingRow.name))
    return {row.name: row.body for row in rows}

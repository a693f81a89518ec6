"""Tables of the ledger: deliveries, open items as append-only entries, and the arrears position."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Cents, Code, Id, Long, Name, link


class DeliveryRow(Base):
    """One file or feed: kind is arrears or payments; `as_of_on` is the day that the books speak of."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("landlord_id", "kind", "content_hash", "as_of_on"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    kind: Mapped[Code]
    filename: Mapped[Name]
    content_hash: Mapped[Code]
    as_of_on: Mapped[date]
    complete: Mapped[bool]
    received_at: Mapped[datetime]
    rows_total: Mapped[int]
    rows_good: Mapped[int]
    rows_bad: Mapped[int]
    report: Mapped[dict[str, Any]]


class RejectedRowRow(Base):
    """A bad row, kept for correction without its BSN columns."""

    __tablename__ = "rejected_row"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    delivery_id: Mapped[int] = link("delivery.id")
    line: Mapped[int]
    cells: Mapped[dict[str, Any]]
    problems: Mapped[dict[str, Any]]
    corrected_at: Mapped[datetime | None]


class LedgerItemRow(Base):
    """One charge (rent of a month, service costs) or credit of a tenancy."""

    __tablename__ = "ledger_item"
    __table_args__ = (UniqueConstraint("tenancy_id", "external_ref"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    tenancy_id: Mapped[int] = link("tenancy.id")
    external_ref: Mapped[Code]
    kind: Mapped[Code]
    due_on: Mapped[date]
    amount_cents: Mapped[Cents]
    description: Mapped[Name] = mapped_column(default="")


class LedgerEntryRow(Base):
    """What was open of an item from a moment on (append-only); credits are negative.

    reason: delivered, absent_from_complete, payment, marked_paid, correction. The balance of a
    tenancy at a moment is the sum over its items of the latest entry (known_at, id) not after it.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_item_known", "item_id", "known_at"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    tenancy_id: Mapped[int] = link("tenancy.id")
    item_id: Mapped[int] = link("ledger_item.id", index=False)
    open_cents: Mapped[Cents]
    reason: Mapped[Code]
    occurred_on: Mapped[date]
    known_at: Mapped[datetime]
    delivery_id: Mapped[int | None] = link("delivery.id", nullable=True, index=False)


class PaymentRow(Base):
    """A payment as delivered or noted; `external_ref` makes it count once."""

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("tenancy_id", "external_ref"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    tenancy_id: Mapped[int] = link("tenancy.id")
    external_ref: Mapped[Code]
    amount_cents: Mapped[Cents]
    unallocated_cents: Mapped[Cents]
    occurred_on: Mapped[date]
    known_at: Mapped[datetime]
    delivery_id: Mapped[int | None] = link("delivery.id", nullable=True)
    source: Mapped[Code]


class ArrearsRow(Base):
    """The present position of a tenancy, derived from its entries: overdue amount, oldest due date, months."""

    __tablename__ = "arrears"
    __table_args__ = (UniqueConstraint("tenancy_id"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    tenancy_id: Mapped[int] = link("tenancy.id", index=False)
    amount_cents: Mapped[Cents]
    oldest_due_on: Mapped[date | None]
    months: Mapped[int]
    on_day: Mapped[date]
    known_at: Mapped[datetime]


class ColumnMappingRow(Base):
    """A saved mapping from a landlord's column names to ours, with its options."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("landlord_id", "name"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    name: Mapped[Code]
    body: Mapped[Long]

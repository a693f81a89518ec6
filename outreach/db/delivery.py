"""Tables of delivery: what providers told us and is still to be taken in, and how fast each sender may go."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Name


class IncomingEventRow(Base):
    """An event that a provider handed over by webhook: kept before it is answered, taken in right after, then gone."""

    __tablename__ = "incoming_event"
    __table_args__ = (UniqueConstraint("provider", "event_id"), Index("ix_incoming_event_received_at", "received_at"))
    id: Mapped[Id]
    provider: Mapped[Code]
    event_id: Mapped[Name]
    received_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class SenderRow(Base):
    """The pace of one sender over all workers: until `free_at` its rate is used up.

    After `failures` refusals in a row that were its provider's own fault, nothing is offered before `shut_until`.
    `reason` says what the provider refused with.
    """

    __tablename__ = "sender"
    name: Mapped[Code] = mapped_column(primary_key=True)
    free_at: Mapped[datetime]
    per_second: Mapped[float] = mapped_column(Float)
    failures: Mapped[int] = mapped_column(default=0)
    shut_until: Mapped[datetime | None]
    reason: Mapped[Name] = mapped_column(default="")

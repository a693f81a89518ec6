"""Tables of the record: versions, evidence, anchors, access, users, days, leases, and the sandbox provider."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, Name, link


class DocumentRow(Base):
    """An immutable version of a ladder, template, route, law or settings document, by content hash."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("landlord_id", "kind", "name", "content_hash"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    kind: Mapped[Code]
    name: Mapped[Code]
    content_hash: Mapped[Code]
    body: Mapped[Long]
    created_at: Mapped[datetime]
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)


class ActiveDocumentRow(Base):
    """Which version of a document is in force now; its history is evidence."""

    __tablename__ = "active_document"
    __table_args__ = (UniqueConstraint("landlord_id", "kind", "name"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    kind: Mapped[Code]
    name: Mapped[Code]
    document_id: Mapped[int] = link("document.id", index=False)
    since_at: Mapped[datetime]


class EvidenceChainRow(Base):
    """The head of one chain ("case:12" or "landlord"); its row is locked while evidence is appended."""

    __tablename__ = "evidence_chain"
    __table_args__ = (UniqueConstraint("landlord_id", "chain"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    chain: Mapped[Code]
    length: Mapped[int]
    head_hash: Mapped[Code]


class EvidenceRow(Base):
    """One fact of the record, append-only; `hash` covers the previous hash and the salted payload hash."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("landlord_id", "chain", "number"), Index("ix_evidence_case", "case_id"))
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    chain: Mapped[Code]
    number: Mapped[int]
    case_id: Mapped[int | None] = link("case.id", nullable=True, index=False)
    attempt_id: Mapped[int | None] = link("attempt.id", nullable=True)
    kind: Mapped[Code]
    occurred_at: Mapped[datetime]
    known_at: Mapped[datetime]
    actor: Mapped[Name]
    payload_hash: Mapped[Code]
    previous_hash: Mapped[Code]
    hash: Mapped[Code]


class EvidencePayloadRow(Base):
    """The personal part of a fact, apart from the chain so that it can be erased."""

    __tablename__ = "evidence_payload"
    evidence_id: Mapped[int] = mapped_column(primary_key=True)
    landlord_id: Mapped[int] = link("landlord.id")
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[Long]


class AnchorRow(Base):
    """The heads of all chains of a landlord at the end of a day, so that a cut tail is found."""

    __tablename__ = "anchor"
    __table_args__ = (UniqueConstraint("landlord_id", "day"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    day: Mapped[date]
    at: Mapped[datetime]
    chains: Mapped[int]
    entries: Mapped[int]
    digest: Mapped[Code]
    heads: Mapped[Long]


class AccessLogRow(Base):
    """Who read which case, when, and where on the screens."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_case", "landlord_id", "case_id", "at"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    user_id: Mapped[int] = link("app_user.id")
    case_id: Mapped[int | None] = link("case.id", nullable=True, index=False)
    at: Mapped[datetime]
    what: Mapped[Name]


class UserRow(Base):
    """Somebody who signs in. role: admin, policy, worker, field, manager."""

    __tablename__ = "app_user"
    __table_args__ = (UniqueConstraint("landlord_id", "username"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    team_id: Mapped[int | None] = link("team.id", nullable=True)
    username: Mapped[Code]
    name: Mapped[Name]
    phone: Mapped[Code] = mapped_column(default="")
    role: Mapped[Code]
    language: Mapped[Code] = mapped_column(default="nl")
    password_hash: Mapped[Name]
    active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class DayRunRow(Base):
    """How far a landlord's day has come; ticks not after `last_tick_at` are finished."""

    __tablename__ = "day_run"
    __table_args__ = (UniqueConstraint("landlord_id", "day"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    day: Mapped[date]
    decided_at: Mapped[datetime | None]
    last_tick_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LeaseRow(Base):
    """A named lease so that one scheduler ticks at a time."""

    __tablename__ = "lease"
    name: Mapped[Code] = mapped_column(primary_key=True)
    holder: Mapped[Code]
    expires_at: Mapped[datetime]


class SandboxMessageRow(Base):
    """What the sandbox provider took: its own memory, not ours."""

    __tablename__ = "sandbox_message"
    id: Mapped[Id]
    key: Mapped[Name] = mapped_column(unique=True)
    provider_ref: Mapped[Name]
    channel: Mapped[Code]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class SandboxEventRow(Base):
    """What the sandbox provider will still tell, and when."""

    __tablename__ = "sandbox_event"
    __table_args__ = (Index("ix_sandbox_event_channel_at", "channel", "at"),)
    id: Mapped[Id]
    event_id: Mapped[Name] = mapped_column(unique=True)
    channel: Mapped[Code]
    at: Mapped[datetime]
    body: Mapped[dict[str, Any]]


class SimulatedTenantRow(Base):
    """The simulated behaviour of a sample tenancy: what its tenant will pay and when."""

    __tablename__ = "simulated_tenant"
    __table_args__ = (UniqueConstraint("tenancy_id"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    tenancy_id: Mapped[int] = link("tenancy.id", index=False)
    profile: Mapped[Code]
    pays_on: Mapped[date | None]
    pays_from_cents: Mapped[int | None]
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)

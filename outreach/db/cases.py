"""Tables of cases: attempts (the queue), pressure, tasks, talks, promises, pauses, replies."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import BIG, Base, Code, Id, Long, Name, link


class CaseRow(Base):
    """One run of arrears on one tenancy. state: open or closed. The ladder version stays until moved.

    `payday` is the tenant's day of the month, 31 the last.
    """

    __tablename__ = "case"
    __table_args__ = (UniqueConstraint("landlord_id", "number"), Index("ix_case_state", "landlord_id", "state"))
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    area_id: Mapped[int] = link("area.id")
    tenancy_id: Mapped[int] = link("tenancy.id")
    household_id: Mapped[int] = link("household.id")
    number: Mapped[Code]
    ladder_name: Mapped[Code]
    ladder_version_id: Mapped[int] = link("document.id", index=False)
    settings_version_id: Mapped[int] = link("document.id", index=False)
    ladder_run: Mapped[int] = mapped_column(default=1)
    state: Mapped[Code] = mapped_column(default="open")
    stage: Mapped[Code] = mapped_column(default="")
    opened_on: Mapped[date]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[Code | None]
    owner_id: Mapped[int | None] = link("app_user.id", nullable=True)
    cause: Mapped[Code | None]
    flags: Mapped[list[str]] = mapped_column(default=list)
    grounds: Mapped[list[str]] = mapped_column(default=list)
    dates: Mapped[dict[str, Any]] = mapped_column(default=dict)
    payday: Mapped[int | None]
    reached_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decision: Mapped[dict[str, Any]] = mapped_column(default=dict)
    next_at: Mapped[datetime | None]


class StepMoveRow(Base):
    """A person skipped a step or moved it to a later day."""

    __tablename__ = "step_move"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    ladder_run: Mapped[int]
    step: Mapped[Code]
    skipped: Mapped[bool]
    not_before: Mapped[date | None]
    reason: Mapped[Long]
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True)
    known_at: Mapped[datetime]


class AttemptRow(Base):
    """One try over one channel at one moment. The row is the queue.

    state: planned, claimed, sent, done, failed, dropped, unknown. `key` is unique per case, ladder
    run, step, attempt and addressee, and is what a provider is asked after. Attempts of one
    `moment` (a visit and the card left at it) count once in the contact pressure. For attempts
    outside the ladder (answers, confirmations) step starts with "answer:" or "plan:". `carried` holds what its channel
    needs beside the text (contract.Outbound: name, template, variables, free_until). `price` is in millionths of
    `currency`, as the provider says it afterwards.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("case_id", "ladder_run", "step", "attempt", "addressee_id"),
        UniqueConstraint("key"),
        Index("ix_attempt_due", "state", "due_at"),
        Index("ix_attempt_provider_ref", "provider_ref"),
        Index("ix_attempt_household_sent", "household_id", "sent_at"),
    )
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id", index=False)
    household_id: Mapped[int] = link("household.id", index=False)
    ladder_run: Mapped[int]
    step: Mapped[Code]
    attempt: Mapped[int]
    addressee_id: Mapped[int] = link("person.id")
    contact_point_id: Mapped[int | None] = link("contact_point.id", nullable=True)
    channel: Mapped[Code]
    kind: Mapped[Code]
    purpose: Mapped[Code]
    template: Mapped[Code | None]
    language: Mapped[Code] = mapped_column(default="nl")
    key: Mapped[Name]
    moment: Mapped[Name]
    state: Mapped[Code]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answers_inbound_id: Mapped[int | None] = link("inbound.id", nullable=True, index=False)
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[Code | None]
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[Name | None]
    subject: Mapped[Long | None]
    text: Mapped[Long | None]
    carried: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    segments: Mapped[int | None]
    price: Mapped[int | None] = mapped_column(BIG)
    currency: Mapped[Code | None]
    provider: Mapped[Code | None]
    provider_ref: Mapped[Name | None]
    outcome: Mapped[Code | None]
    outcome_at: Mapped[datetime | None]
    reached: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    dropped_reason: Mapped[dict[str, Any]] = mapped_column(default=dict)
    ladder_version_id: Mapped[int] = link("document.id", index=False)
    template_version_id: Mapped[int | None] = link("document.id", nullable=True, index=False)
    law_version_id: Mapped[int] = link("document.id", index=False)
    settings_version_id: Mapped[int] = link("document.id", index=False)
    b1_level: Mapped[Code | None]
    b1_passed: Mapped[bool | None]


class PressureReservationRow(Base):
    """Room taken in a household's contact pressure: unique per household, civil day and slot."""

    __tablename__ = "pressure_reservation"
    __table_args__ = (UniqueConstraint("household_id", "day", "slot"), UniqueConstraint("household_id", "moment"))
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    household_id: Mapped[int] = link("household.id", index=False)
    day: Mapped[date]
    slot: Mapped[int]
    moment: Mapped[Name]
    at: Mapped[datetime]


class TaskRow(Base):
    """Work for a person. kind: call, visit, decision, reply, crisis, call_back, plan_request, failed_delivery,
    referral_rejected, referral_overdue, signal_refused, broken_promise, broken_plan, resume, unknown_send, check."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("landlord_id", "key"), Index("ix_task_open", "landlord_id", "state", "due_at"))
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    area_id: Mapped[int | None] = link("area.id", nullable=True)
    case_id: Mapped[int | None] = link("case.id", nullable=True)
    attempt_id: Mapped[int | None] = link("attempt.id", nullable=True)
    inbound_id: Mapped[int | None] = link("inbound.id", nullable=True)
    key: Mapped[Name]
    kind: Mapped[Code]
    state: Mapped[Code] = mapped_column(default="open")
    due_at: Mapped[datetime]
    priority: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    assigned_to_id: Mapped[int | None] = link("app_user.id", nullable=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = link("app_user.id", nullable=True)
    outcome: Mapped[Code | None]


class TalkRow(Base):
    """A two-way talk with the tenant or who acts for him."""

    __tablename__ = "talk"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    person_id: Mapped[int | None] = link("person.id", nullable=True)
    channel: Mapped[Code]
    at: Mapped[datetime]
    known_at: Mapped[datetime]
    note: Mapped[Long] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True)


class PauseRow(Base):
    """No collection contact, for a reason, with an end (`until_on` exclusive) and a condition.

    A pause by a route or trajectory names its referral or trajectory and lists its `conditions`: key, title, and what
    a person or the books last said of each (holds, on, evidence). `checked_on` is when they were last looked at.
    """

    __tablename__ = "pause"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    reason: Mapped[Code]
    note: Mapped[Long] = mapped_column(default="")
    from_at: Mapped[datetime]
    until_on: Mapped[date | None]
    condition: Mapped[Name] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[Code | None]
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True)
    referral_id: Mapped[int | None] = link("referral.id", nullable=True, index=False)
    trajectory_id: Mapped[int | None] = link("trajectory.id", nullable=True, index=False)
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    checked_on: Mapped[date | None]


class LifeEventRow(Base):
    """What happened to the tenant: job_loss, illness, divorce, birth, bereaved, benefit, moved, other."""

    __tablename__ = "life_event"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    kind: Mapped[Code]
    note: Mapped[Long] = mapped_column(default="")
    occurred_on: Mapped[date]
    known_at: Mapped[datetime]
    source: Mapped[Code]


class InboundRow(Base):
    """A message from a tenant, understood or waiting for a person. state: new, handled, waiting.

    `media` are the addresses of pictures that came with it, at its provider.
    """

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("provider", "event_id"), Index("ix_inbound_state", "landlord_id", "state"))
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    case_id: Mapped[int | None] = link("case.id", nullable=True)
    person_id: Mapped[int | None] = link("person.id", nullable=True)
    provider: Mapped[Code]
    event_id: Mapped[Name]
    channel: Mapped[Code]
    sender: Mapped[Name]
    text: Mapped[Long]
    media: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    received_at: Mapped[datetime]
    known_at: Mapped[datetime]
    intent: Mapped[Code | None]
    confidence: Mapped[int | None]
    understood: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[Code] = mapped_column(default="new")
    handled_at: Mapped[datetime | None]
    effect: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ChannelEventRow(Base):
    """A receipt or call outcome from a provider, once per (provider, event_id)."""

    __tablename__ = "channel_event"
    __table_args__ = (UniqueConstraint("provider", "event_id"),)
    id: Mapped[Id]
    landlord_id: Mapped[int | None] = link("landlord.id", nullable=True)
    attempt_id: Mapped[int | None] = link("attempt.id", nullable=True)
    provider: Mapped[Code]
    event_id: Mapped[Name]
    kind: Mapped[Code]
    outcome: Mapped[Code | None]
    at: Mapped[datetime]
    known_at: Mapped[datetime]

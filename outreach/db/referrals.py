"""Tables of what partners do: referrals with their feedback clocks, and trajectories with verdicts and reviews."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, Name, link


class ReferralRow(Base):
    """A case handed to a partner with a dossier.

    state: queued (the quota is full; `sent_at` is empty), sent, accepted, rejected, closed, stopped. `owner_id` is
    who follows it up at the landlord, `owner_name` the person at the partner. `answered_at` is when the partner's
    state became known; `rejected_reason` is too_light, refused, no_capacity or other. A lower `priority` leaves the
    queue first. `feedback_due_on` is the first feedback clock that has not been answered.
    """

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("case_id", "ladder_run", "step", "partner_id"),
        Index("ix_referral_queue", "landlord_id", "state", "priority"),
    )
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    ladder_run: Mapped[int]
    step: Mapped[Code]
    partner_id: Mapped[int] = link("partner.id")
    partner_kind: Mapped[Code]
    route_version_id: Mapped[int | None] = link("document.id", nullable=True, index=False)
    state: Mapped[Code]
    ground: Mapped[Name] = mapped_column(default="")
    dossier: Mapped[dict[str, Any]]
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    queued_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    rejected_reason: Mapped[Code | None]
    feedback_due_on: Mapped[date | None]
    feedback_at: Mapped[datetime | None]
    feedback: Mapped[Long] = mapped_column(default="")
    help_accepted: Mapped[bool] = mapped_column(default=False)
    help_refused: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    owner_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)
    owner_name: Mapped[Name] = mapped_column(default="")


class ReferralFeedbackRow(Base):
    """One feedback clock of a referral (tussenmelding, terugmelding, 3 months ...), or feedback that no clock asked.

    `due_on` is empty while the clock has not started. verdict: going_on, accepted, rejected, stopped, closed.
    """

    __tablename__ = "referral_feedback"
    __table_args__ = (
        UniqueConstraint("referral_id", "key"),
        Index("ix_referral_feedback_due", "landlord_id", "received_at", "due_on"),
    )
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    referral_id: Mapped[int] = link("referral.id", index=False)
    key: Mapped[Code]
    title: Mapped[dict[str, Any]]
    due_on: Mapped[date | None]
    received_at: Mapped[datetime | None]
    verdict: Mapped[Code | None]
    text: Mapped[Long] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)


class TrajectoryRow(Base):
    """A last chance on a case, by a version of a trajectory definition; `state` as in schedules.trajectory.

    While it runs the case is paused for collection. `judgment_on` is the judgment that stands behind it;
    `ends_on` (exclusive) is when it must be completed or stopped.
    """

    __tablename__ = "trajectory"
    __table_args__ = (Index("ix_trajectory_state", "landlord_id", "state"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    case_id: Mapped[int] = link("case.id")
    definition_version_id: Mapped[int] = link("document.id", index=False)
    name: Mapped[Code]
    state: Mapped[Code]
    partner_id: Mapped[int | None] = link("partner.id", nullable=True, index=False)
    partner_person: Mapped[Name] = mapped_column(default="")
    owner_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)
    why: Mapped[Long] = mapped_column(default="")
    proposed_at: Mapped[datetime]
    agreement: Mapped[Name] = mapped_column(default="")
    agreed_on: Mapped[date | None]
    started_on: Mapped[date | None]
    started_at: Mapped[datetime | None]
    ends_on: Mapped[date | None]
    judgment_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[Long] = mapped_column(default="")


class TrajectoryConditionRow(Base):
    """One verdict on one condition of a trajectory, with its evidence; the newest counts. verdict: met, not_met."""

    __tablename__ = "trajectory_condition"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    trajectory_id: Mapped[int] = link("trajectory.id")
    condition: Mapped[Code]
    verdict: Mapped[Code]
    on_day: Mapped[date]
    evidence: Mapped[Long]
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)
    known_at: Mapped[datetime]


class TrajectoryReviewRow(Base):
    """One review of a trajectory: due on a day, held with a verdict (on_track, worry, off_track) and a text."""

    __tablename__ = "trajectory_review"
    __table_args__ = (UniqueConstraint("trajectory_id", "key", "number"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    trajectory_id: Mapped[int] = link("trajectory.id", index=False)
    key: Mapped[Code]
    number: Mapped[int]
    title: Mapped[dict[str, Any]]
    due_on: Mapped[date]
    held_at: Mapped[datetime | None]
    verdict: Mapped[Code | None]
    text: Mapped[Long] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)

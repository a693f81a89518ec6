"""Everything the engine may know of one case at one moment, as plain frozen data.

The shell (outreach/services) loads these facts from the record; the engine reads nothing else.
Money is integer cents, moments are aware UTC datetimes, dates are Dutch civil dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from schedules.purposes import Purpose


class AttemptState(StrEnum):
    """Where one attempt stands, seen from the engine."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


class PlanState(StrEnum):
    """Where a payment plan stands."""

    NONE = "none"
    REQUESTED = "requested"
    ACTIVE = "active"
    BROKEN = "broken"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True)
class AttemptFact:
    """One attempt of this ladder run: `attempt` counts from 1 within its step."""

    step: str
    attempt: int
    channel: str
    state: AttemptState
    at: datetime
    outcome: str | None = None
    reached: bool = False


@dataclass(frozen=True, kw_only=True)
class ReferralFact:
    """One referral of this case; state is queued, sent, accepted, rejected, closed, stopped or refused_by_law.

    `answered_at` is when the partner's state became known.
    """

    step: str
    target: str
    state: str
    at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SignalEvidence:
    """Evidence for the four conditions of Bgs article 2 lid 1 a-d, and the agreement to signal."""

    personal_contact_effort: bool = False
    pointed_to_debt_help: bool = False
    written_reminder: bool = False
    offered_to_pass_on: bool = False
    refused: bool = False
    agreement_active: bool = False


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What is known of one case.

    `channels` maps each channel that has a usable, permitted contact point to nothing more than its
    presence; `blocked_channels` says for each other channel why not (no_contact_point, opted_out,
    no_consent, wrong_number, channel_off). `household_contacts` are the moments at which the whole household was
    contacted under pressure (all its cases), within the last 30 days. `pause_reason` is set while
    the case is paused; `talk_at` is the last two-way talk, `spoken_at` the last one by voice with a person, on the
    phone or at the door. `busy_talk` is true while a person is
    in a talk with the tenant or an answer of the tenant waits for a person. `ledger_as_of` is the
    day of the last delivery. `dates` may hold summons, judgment, eviction. `help_refused` says that the last offer
    of help was refused, `help_stopped` that accepted help stalled; `payday` is a day of the month, 31 the last.
    """

    opened_on: date
    amount_cents: int
    oldest_due_on: date | None
    months: int
    attempts: tuple[AttemptFact, ...] = ()
    referrals: tuple[ReferralFact, ...] = ()
    channels: frozenset[str] = frozenset()
    blocked_channels: Mapping[str, str] = field(default_factory=dict)
    household_contacts: tuple[datetime, ...] = ()
    reached_at: datetime | None = None
    talk_at: datetime | None = None
    spoken_at: datetime | None = None
    busy_talk: bool = False
    promise_until: date | None = None
    promised_at: datetime | None = None
    plan: PlanState = PlanState.NONE
    pause_reason: str | None = None
    pause_until: date | None = None
    help_accepted: bool = False
    flags: frozenset[str] = frozenset()
    grounds: frozenset[str] = frozenset()
    language: str = "nl"
    area: str | None = None
    cause: str | None = None
    dates: Mapping[str, date] = field(default_factory=dict)
    signal: SignalEvidence = SignalEvidence()
    ledger_as_of: date | None = None
    steps_skipped: frozenset[str] = frozenset()
    step_not_before: Mapping[str, date] = field(default_factory=dict)
    help_refused: bool = False
    help_stopped: bool = False
    paid_in_part: bool = False
    payday: int | None = None


@dataclass(frozen=True, kw_only=True)
class DueAttempt:
    """The attempt that is about to go, for the last check before it goes."""

    step: str
    attempt: int
    channel: str
    purpose: Purpose
    due_at: datetime
    expires_at: datetime | None = None
    answers_message_at: datetime | None = None

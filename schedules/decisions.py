"""What the engine answers: what to do, why, and why not. A refusal is data, not an exception."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from schedules.purposes import Purpose

Param = str | int | date | datetime


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason as a stable code with parameters; the screen turns it into Dutch or English."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """An attempt to make: not before `due_at` (UTC), worthless after `expires_at`."""

    step: str
    attempt: int
    kind: str
    channel: str | None
    target: str | None
    template: str | None
    purpose: Purpose
    due_at: datetime
    expires_at: datetime | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingStep:
    """A step that may come later: `until` is the earliest moment known, None when it hangs on a fact."""

    step: str
    until: datetime | None
    why: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class RefusedStep:
    """A step that will not be done as things stand, and why."""

    step: str
    why: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The engine's whole answer for one case at one moment."""

    stage: str
    due: tuple[PlannedStep, ...] = ()
    waiting: tuple[WaitingStep, ...] = ()
    refused: tuple[RefusedStep, ...] = ()
    end: Reason | None = None


class Verdict(StrEnum):
    """What the last check says of an attempt that is about to go."""

    GO = "go"
    MOVE = "move"
    DROP = "drop"


@dataclass(frozen=True, kw_only=True)
class Recheck:
    """The last check: go now, move to `move_to`, or drop; always with the reason."""

    verdict: Verdict
    why: tuple[Reason, ...]
    move_to: datetime | None = None

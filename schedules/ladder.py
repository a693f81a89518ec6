"""A ladder as data: stages, steps, clocks, conditions and gaps. Read by schedules.loader, run by schedules.engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from schedules.condition import Gap as Gap
from schedules.condition import Number as Number
from schedules.condition import OnlyIf as OnlyIf
from schedules.condition import ReferralState as ReferralState
from schedules.condition import StepOutcome as StepOutcome
from schedules.purposes import Purpose


class StepKind(StrEnum):
    """What a step is; a decision never completes by itself."""

    MESSAGE = "message"
    ROBOCALL = "robocall"
    CALL = "call"
    VISIT = "visit"
    CARD = "card"
    REFERRAL = "referral"
    DECISION = "decision"


CONTACT_KINDS = frozenset({StepKind.MESSAGE, StepKind.ROBOCALL, StepKind.CALL, StepKind.VISIT})
"""Kinds that weigh on the household; a card shares the moment of its visit."""

CHANNELS = ("sms", "whatsapp", "email", "letter", "robocall", "call", "card", "visit")


@dataclass(frozen=True, kw_only=True)
class GapNote:
    """What a gap means and its marked example value ("staat niet in de bron")."""

    name: str
    title: Mapping[str, str]
    example: int | str


@dataclass(frozen=True, kw_only=True)
class DaysAfterDue:
    """Start this many days after the oldest due date."""

    days: Number


@dataclass(frozen=True, kw_only=True)
class DaysAfterStep:
    """Start this many days after another step finished; `even_if` names the other ends that count too."""

    step: str
    days: Number
    even_if: frozenset[str] = frozenset({"skipped", "no_channel"})


@dataclass(frozen=True, kw_only=True)
class MonthsInArrears:
    """Start when this many whole months are in arrears."""

    months: Number


@dataclass(frozen=True, kw_only=True)
class DayOfMonth:
    """Start on the first such day of a month on or after the oldest due date; 31 is the last day."""

    day: Number


@dataclass(frozen=True, kw_only=True)
class AfterOutcome:
    """Start when a step ended an attempt with one of these outcomes, at that same moment."""

    step: str
    outcomes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class DaysFromDate:
    """Start days after (before when negative) a known date: summons, judgment or eviction."""

    date: str
    days: Number


Clock = DaysAfterDue | DaysAfterStep | MonthsInArrears | DayOfMonth | AfterOutcome | DaysFromDate


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """How often a step is tried, how many days apart, and on which day parts and weekdays (0 is Monday).

    `other_weekday` asks for a weekday on which this step was not tried before.
    """

    max: Number = 1
    gap_days: Number = 1
    day_parts: tuple[str, ...] = ()
    weekdays: frozenset[int] = frozenset()
    other_weekday: bool = False


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way in which a decision can end; its key is the outcome of the step."""

    key: str
    title: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One rung. `clocks` must all have come; `channels` is the order in which to fall back.

    `needs_steps` must have been done first. `decided_by` (staff, commission or judge) and `options` belong to a
    decision. After a step with `ends_ladder` only steps on a legal date or that follow it go on. Collection rests
    `pause_days` after the step. `payday_within_days` lets a contact wait for a payday that is near. `added_by`
    names the overlay that added the step; `lines` are the source lines that it keeps.
    """

    key: str
    stage: str
    kind: StepKind
    title: Mapping[str, str]
    clocks: tuple[Clock, ...]
    channels: tuple[str | Gap, ...] = ()
    template: str | None = None
    purpose: Purpose = Purpose.COLLECTION
    attempts: Attempts = field(default_factory=Attempts)
    unless: tuple[str, ...] = ()
    only_if: OnlyIf = field(default_factory=OnlyIf)
    target: str | None = None
    needs: tuple[str, ...] = ()
    asks_to_call: bool = False
    measures: tuple[str, ...] = ()
    expires_days: int | None = None
    not_if: OnlyIf = field(default_factory=OnlyIf)
    needs_steps: tuple[str, ...] = ()
    decided_by: str = "staff"
    options: tuple[Option, ...] = ()
    ends_ladder: bool = False
    pause_days: Number | None = None
    payday_within_days: Number | None = None
    lines: str | None = None
    note: Mapping[str, str] | None = None
    added_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One phase of the policy, with its Dutch and English name."""

    key: str
    title: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a preset comes from: document, year, line numbers and what it describes."""

    document: str
    year: int
    lines: str
    description: str


@dataclass(frozen=True, kw_only=True)
class NotReached:
    """How much must have been tried before a tenant is "not reached" (rules.md 6)."""

    attempts: Number
    channels: Number = 1
    day_parts: Number = 1


@dataclass(frozen=True, kw_only=True)
class Slack:
    """More time for some: days added to the clocks on the due date and on months, where `condition` holds.

    Only for steps of `stages`; none named means every stage.
    """

    condition: OnlyIf
    days: Number
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """A whole policy. `reached` lists the outcomes that are two-way contact, empty means the standard table.

    `exclusions` are flags that take a case out of the ladder: every step is refused but those whose
    `only_if.flag` names the flag. `pilot_of` names the ladder beside which this one runs as a pilot.
    """

    name: str
    title: Mapping[str, str]
    status: str
    valid_from: date
    source: Source
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    not_reached: NotReached
    reached: frozenset[str] = frozenset()
    promises: Mapping[str, int] = field(default_factory=dict)
    gaps: tuple[GapNote, ...] = ()
    valid_to: date | None = None
    pilot_of: str | None = None
    exclusions: frozenset[str] = frozenset()
    slack: tuple[Slack, ...] = ()

    def names(self, language: str) -> dict[str, str]:
        """Return the titles of steps and of the options of decisions, by key, in a language."""
        found = {option.key: option.title[language] for step in self.steps for option in step.options}
        return found | {step.key: step.title[language] for step in self.steps}

    @cached_property
    def ending_steps(self) -> tuple[Step, ...]:
        """Return the steps that end the ladder."""
        return tuple(step for step in self.steps if step.ends_ladder)

    @cached_property
    def outlives_end(self) -> frozenset[str]:
        """Return the steps that go on after the ladder has ended: those on a legal date, and all that follow an end."""
        found = {step.key for step in self.steps if step.ends_ladder or _is_on_a_date(step)}
        while more := {step.key for step in self.steps if step.key not in found and _follows(step, found)}:
            found |= more
        return frozenset(found)

    @cached_property
    def pausing_steps(self) -> tuple[Step, ...]:
        """Return the steps after which collection rests."""
        return tuple(step for step in self.steps if step.pause_days is not None)

    def step(self, key: str) -> Step | None:
        """Return the step with this key, None when the ladder has none."""
        return next((step for step in self.steps if step.key == key), None)


def _is_on_a_date(step: Step) -> bool:
    return any(isinstance(clock, DaysFromDate) for clock in step.clocks)


def _follows(step: Step, keys: set[str]) -> bool:
    return any(clock.step in keys for clock in step.clocks if isinstance(clock, DaysAfterStep | AfterOutcome))


def open_gaps(ladder: Ladder, fills: Mapping[str, int | str]) -> tuple[GapNote, ...]:
    """Return the gaps that no setting fills; a ladder with any cannot be switched on."""
    return tuple(gap for gap in ladder.gaps if gap.name not in fills)


def example_fills(ladder: Ladder) -> Mapping[str, int | str]:
    """Return the marked example value of each gap, for a sample landlord."""
    return {gap.name: gap.example for gap in ladder.gaps}

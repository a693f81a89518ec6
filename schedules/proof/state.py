"""One state of a case while exploring: the facts, the moment, what was watched on the way, and its canonical key."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from schedules.calendar import Calendar
from schedules.facts import AttemptState, CaseFacts
from schedules.ladder import StepKind
from schedules.progress import REFERRAL_DONE
from schedules.proof.sight import Sight


class Mark(NamedTuple):
    """Where one step stands: days as civil day numbers, `ended` lists named outcomes with their day."""

    used: int = 0
    finished: int | None = None
    last: int | None = None
    failed: frozenset[str] = frozenset()
    planned: tuple[str, datetime] | None = None
    ended: tuple[tuple[str, int], ...] = ()
    weekdays: frozenset[int] = frozenset()
    asked: bool = False


NEW = Mark()


class Trace(NamedTuple):
    """What the properties count on the way, by themselves and not by the engine's guards.

    `contacts` are the moments at which the tenant was contacted in the last week; `proof` the evidence for the legal
    steps; `lost` says that a channel fell away or a person skipped a step; `held` that a fact made the ladder wait;
    `taken` that a person skipped a referral or decision, and so took the case.
    """

    contacts: tuple[datetime, ...] = ()
    tried: int = 0
    channels: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    visits: int = 0
    proof: frozenset[str] = frozenset()
    reached: bool = False
    handed: bool = False
    lost: bool = False
    held: bool = False
    taken: bool = False
    summons_on: date | None = None
    reported: bool = False


class Act(NamedTuple):
    """What led from one state to the next: what happened (`kind`), to which step, how it ended, and why."""

    kind: str
    at: datetime
    step: str = ""
    attempt: int = 0
    channel: str = ""
    outcome: str = ""
    fact: str = ""
    why: tuple[Any, ...] = ()


@dataclass(slots=True)
class State:
    """A case at a moment; `strikes` counts facts from outside, `answers` uncommon answers, `pending` is to come."""

    facts: CaseFacts
    now: datetime
    marks: tuple[Mark, ...]
    trace: Trace
    strikes: int = 0
    answers: int = 0
    pending: tuple[tuple[datetime, str], ...] = ()
    parent: "State | None" = None
    act: Act | None = None
    depth: int = 0

    @property
    def weight(self) -> int:
        """Return how much the surprises weigh: a fact two, an uncommon answer one; nothing while no fact has struck."""
        return 2 * self.strikes + self.answers if self.strikes else 0

    def after(self, act: Act, **changes: Any) -> "State":
        """Return the state that follows by an act."""
        return replace(self, parent=self, act=act, depth=self.depth + 1, **changes)


def mark_of(state_facts: CaseFacts, step_key: str, sight: Sight, calendar: Calendar, asked: bool) -> Mark:
    """Read where a step stands from the facts, with the days that its followers count from."""
    number = sight.place[step_key]
    step, named = sight.steps[number], sight.outcomes_named[number]
    own = [attempt for attempt in state_facts.attempts if attempt.step == step_key]
    used = [a for a in own if a.state is AttemptState.DONE]
    tried = [a for a in own if a.state in {AttemptState.DONE, AttemptState.FAILED}]
    planned = next((a for a in own if a.state is AttemptState.PLANNED), None)
    most = sight.value(step.attempts.max) or 1
    finished = [a.at for a in used if a.reached][:1] or ([used[-1].at] if len(used) >= most else [])
    if step.kind is StepKind.REFERRAL:
        finished = [r.at for r in state_facts.referrals if r.step == step_key and r.state in REFERRAL_DONE]
    ended = {a.outcome: calendar.day_of(a.at).toordinal() for a in tried if a.outcome in named}
    for referral in state_facts.referrals:
        if referral.step == step_key and referral.state in named:
            ended[referral.state] = calendar.day_of(referral.answered_at or referral.at).toordinal()
    return Mark(
        used=len(used),
        finished=calendar.day_of(finished[0]).toordinal() if finished else None,
        last=calendar.day_of(tried[-1].at).toordinal() if tried else None,
        failed=frozenset(a.channel for a in own if a.state is AttemptState.FAILED),
        planned=(planned.channel, planned.at) if planned else None,
        ended=tuple(sorted((str(outcome), day) for outcome, day in ended.items())),
        weekdays=frozenset(calendar.day_of(a.at).weekday() for a in tried)
        if step.attempts.other_weekday
        else frozenset(),
        asked=asked,
    )

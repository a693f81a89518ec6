"""Assess each step of a ladder for one case: waiting, refused, in flight, ended or open to be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.case_view import CaseView
from schedules.clocks import StepEnd, Tick, next_payday, tick
from schedules.conditions import refusals
from schedules.decisions import Reason
from schedules.holds import Hold, holds
from schedules.ladder import DaysAfterDue, Gap, MonthsInArrears, Step, StepKind
from schedules.matching import holds_all
from schedules.moments import ChannelChoice, choose_channel, expires_at
from schedules.progress import Progress, progress_of

NOT_ENDED = StepEnd()
CHANNEL_LESS = frozenset({StepKind.REFERRAL, StepKind.DECISION})


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Where one step stands.

    `state` is done, skipped, waiting, in_flight, refused, no_channel or open; `ready` is when its clocks
    come; `end` says to followers that and when it ended; `channel` is set when it is open.
    """

    step: Step
    state: str
    progress: Progress
    why: tuple[Reason, ...]
    ready: datetime | None = None
    until: datetime | None = None
    end: StepEnd = NOT_ENDED
    channel: str | None = None


class Assessor:
    """Assess the steps of one view, each once; followers ask for the end of the steps they wait for."""

    def __init__(self, view: CaseView) -> None:
        self.view = view
        self._found: dict[str, Assessment] = {}
        self._holds: dict[str, tuple[Hold, ...]] = {}
        self._steps = {step.key: step for step in view.ladder.steps}

    def all(self) -> Iterator[Assessment]:
        """Yield the assessment of every step, in the order of the ladder."""
        for step in self.view.ladder.steps:
            yield self.of(step.key)

    def of(self, key: str) -> Assessment:
        """Return the assessment of one step."""
        if key not in self._found:
            self._found[key] = self._assess(self._steps[key])
        return self._found[key]

    def _end_of(self, key: str) -> StepEnd:
        return self.of(key).end

    def _assess(self, step: Step) -> Assessment:
        view = self.view
        most = view.value(step.attempts.max)
        attempts = view.attempts_by_step.get(step.key, [])
        progress = progress_of(step, view.facts, attempts, most or 1, view.now)
        if progress.finished_at is not None:
            end = StepEnd(end="done", at=progress.finished_at)
            return Assessment(step=step, state="done", progress=progress, why=(), end=end)
        if progress.in_flight is not None:
            why = (Reason(code="in_flight", params={"at": progress.in_flight.at}),)
            return Assessment(step=step, state="in_flight", progress=progress, why=why)
        if most is None:
            return self._refused(step, progress, (_gap_reason(step.attempts.max),), None)
        return self._when_not_finished(step, progress)

    def _when_not_finished(self, step: Step, progress: Progress) -> Assessment:
        ticks = self._ticks(step, progress)
        ready, why = _latest(ticks), tuple(one.why for one in ticks)
        if step.key in self.view.facts.steps_skipped:
            return self._skipped(step, progress, ready)
        if any(one.never for one in ticks):
            return self._refused(step, progress, why, ready)
        if self._is_queued(step):
            why = (Reason(code="waits_for_quota"),)
            return Assessment(step=step, state="waiting", progress=progress, why=why, ready=ready)
        if ready is None or ready > self.view.now:
            until = ready if ready is not None else None
            return Assessment(step=step, state="waiting", progress=progress, why=why, ready=ready, until=until)
        refused = (*refusals(step, self.view), *self.blocked(step))
        if refused:
            return self._refused(step, progress, refused, ready)
        return self._when_ready(step, progress, ready, why)

    def _when_ready(self, step: Step, progress: Progress, ready: datetime, why: tuple[Reason, ...]) -> Assessment:
        if step.kind is StepKind.CARD and self._is_too_late(step, ready):
            return self._refused(step, progress, (Reason(code="moment_passed", params={"at": ready}),), ready)
        choice = self._channel(step, progress)
        if choice is not None and choice.channel is None:
            reasons = (Reason(code="no_channel"), *choice.why)
            end = StepEnd(end="no_channel", at=ready)
            return Assessment(step=step, state="no_channel", progress=progress, why=reasons, ready=ready, end=end)
        held = self._held(step)
        if held:
            until = None if any(hold.until is None for hold in held) else max(h.until for h in held if h.until)
            reasons = tuple(hold.reason for hold in held)
            return Assessment(step=step, state="waiting", progress=progress, why=reasons, ready=ready, until=until)
        return Assessment(
            step=step,
            state="open",
            progress=progress,
            why=why + (choice.why if choice else ()),
            ready=ready,
            channel=choice.channel if choice else None,
        )

    def _is_queued(self, step: Step) -> bool:
        if step.kind is not StepKind.REFERRAL:
            return False
        return any(r.step == step.key and r.state == "queued" for r in self.view.facts.referrals)

    def blocked(self, step: Step) -> Iterator[Reason]:
        """Yield why other steps stand in the way: the ladder has ended, or a guard was not done yet."""
        ladder = self.view.ladder
        for ending in ladder.ending_steps if step.key not in ladder.outlives_end else ():
            if self._is_done(ending):
                yield Reason(code="ladder_ended", params={"step": ending.key})
        for key in step.needs_steps:
            if not self._is_done(self._steps[key]):
                yield Reason(code="needs_step", params={"step": key})

    def _is_done(self, step: Step) -> bool:
        """Say whether a step has finished, from its own attempts alone: others may be asking after this one."""
        most = self.view.value(step.attempts.max) or 1
        attempts = self.view.attempts_by_step.get(step.key, [])
        return progress_of(step, self.view.facts, attempts, most, self.view.now).finished_at is not None

    def _ticks(self, step: Step, progress: Progress) -> list[Tick]:
        ticks = [tick(clock, self.view, self._end_of) for clock in step.clocks]
        ticks += self._slack(step, ticks)
        ticks += self._gap_between_attempts(step, progress)
        not_before = self.view.facts.step_not_before.get(step.key)
        if not_before is not None:
            why = Reason(code="not_before", params={"day": not_before})
            ticks.append(Tick(at=self.view.calendar.utc(not_before), why=why))
        return ticks + self._payday(step, ticks)

    def _slack(self, step: Step, ticks: list[Tick]) -> list[Tick]:
        """Return the later moments for those who get more time, one per slack that holds."""
        if not self.view.ladder.slack:
            return []
        shifted = [
            one
            for clock, one in zip(step.clocks, ticks, strict=True)
            if isinstance(clock, DaysAfterDue | MonthsInArrears)
        ]
        found = []
        for slack in self.view.ladder.slack if shifted else ():
            if (slack.stages and step.stage not in slack.stages) or not holds_all(slack.condition, self.view):
                continue
            days, at = self.view.value(slack.days), _latest(shifted)
            if days is None:
                found.append(Tick(at=None, why=_gap_reason(slack.days), never=True))
            elif at is not None:
                later = self.view.calendar.utc(self.view.calendar.day_of(at) + timedelta(days=days))
                found.append(Tick(at=later, why=Reason(code="slack", params={"days": days})))
        return found

    def _payday(self, step: Step, ticks: list[Tick]) -> list[Tick]:
        """Return the payday that a contact waits for, when it is near (rules.md 24)."""
        if step.payday_within_days is None:
            return []
        ready = _latest(ticks)
        if ready is None:
            return []
        within = self.view.value(step.payday_within_days)
        if within is None:
            return [Tick(at=None, why=_gap_reason(step.payday_within_days), never=True)]
        day = self.view.calendar.day_of(ready)
        payday = next_payday(day, self.view.facts.payday or self.view.settings.payday)
        if not 0 < (payday - day).days <= within:
            return []
        return [Tick(at=self.view.calendar.utc(payday), why=Reason(code="waits_for_payday", params={"day": payday}))]

    def _gap_between_attempts(self, step: Step, progress: Progress) -> list[Tick]:
        last = progress.last
        if last is None:
            return []
        if last.channel in progress.failed_channels:
            return [Tick(at=last.at, why=Reason(code="after_failure", params={"channel": last.channel}))]
        days = self.view.value(step.attempts.gap_days)
        if days is None:
            return [Tick(at=None, why=_gap_reason(step.attempts.gap_days), never=True)]
        at = self.view.calendar.utc(self.view.calendar.day_of(last.at) + timedelta(days=days))
        why = Reason(code="next_attempt", params={"attempt": progress.used + 1, "days": days})
        return [Tick(at=max(at, last.at), why=why)]

    def _channel(self, step: Step, progress: Progress) -> ChannelChoice | None:
        if step.kind in CHANNEL_LESS:
            return None
        return choose_channel(step, self.view, progress.failed_channels)

    def _held(self, step: Step) -> tuple[Hold, ...]:
        if step.purpose not in self._holds:
            self._holds[step.purpose] = holds(self.view, step.purpose)
        return self._holds[step.purpose]

    def _is_too_late(self, step: Step, ready: datetime) -> bool:
        worthless = expires_at(step, ready, self.view)
        return worthless is not None and self.view.now >= worthless

    def _skipped(self, step: Step, progress: Progress, ready: datetime | None) -> Assessment:
        end = StepEnd(end="skipped", at=ready) if ready is not None else StepEnd()
        why = (Reason(code="skipped_by_person"),)
        return Assessment(step=step, state="skipped", progress=progress, why=why, ready=ready, end=end)

    def _refused(self, step: Step, progress: Progress, why: tuple[Reason, ...], ready: datetime | None) -> Assessment:
        end = StepEnd(end="refused", at=ready) if ready is not None else StepEnd()
        return Assessment(step=step, state="refused", progress=progress, why=why, ready=ready, end=end)


def _latest(ticks: list[Tick]) -> datetime | None:
    moments = [one.at for one in ticks if one.at is not None]
    return max(moments) if len(moments) == len(ticks) else None


def _gap_reason(number: object) -> Reason:
    return Reason(code="gap", params={"gap": number.name if isinstance(number, Gap) else str(number)})

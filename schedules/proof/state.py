"""One state of a case while exploring: the facts, the moment, what was watched on the way, and its canonical key."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from schedules.calendar import Calendar
from schedules.case_view import CaseView
from schedules.facts import AttemptState, CaseFacts
from schedules.ladder import StepKind
from schedules.matching import is_promise_open
from schedules.progress import REFERRAL_DONE
from schedules.proof.sight import Sight

REPORT_DAYS = 7
"""Within how many days of the summons the meldpunt must know (S003; the text says: always, when it has been sent)."""
A_WEEK = timedelta(days=7)


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
    steps; `lost` says that a channel fell away or a person skipped a step; `held` that a fact made the ladder wait, `taken` that a person skipped a
    referral or decision, and so took the case.
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
        weekdays=frozenset(calendar.day_of(a.at).weekday() for a in used)
        if step.attempts.other_weekday
        else frozenset(),
        asked=asked,
    )


class Keys:
    """Make the canonical key of a state: histories that engine and properties cannot tell apart get the same one."""

    def __init__(self, sight: Sight, calendar: Calendar, promised_days: int | None, asks: tuple[int, int, int]) -> None:
        self.sight, self.calendar = sight, calendar
        self.promised_days = promised_days
        self.attempts_asked, self.channels_asked, self.visits_asked = asks
        self.names_help = any(c.help for c in sight.conditions)
        self.names_plan = any(c.plan or c.plan_broken for c in sight.conditions)
        self.names_promise = any(c.promise or c.promise_broken for c in sight.conditions)
        self.names_grounds = any(c.ground for c in sight.conditions) or any("ground" in s.needs for s in sight.steps)
        self.rests_when_reached = frozenset(n for n, step in enumerate(sight.steps) if "reached" in step.unless)
        self._ages: dict[Hashable, tuple[tuple[int, ...], int]] = {}

    def key(self, state: State) -> Hashable:
        """Return what tells this state from others, but for how many surprises there were."""
        local = self.calendar.local(state.now)
        today = local.date()
        number = today.toordinal()
        open_steps = frozenset(n for n, mark in enumerate(state.marks) if mark.finished is None)
        ages, due_age = self._ages_that_matter(state, open_steps)
        return (
            self._when(state, local, number, due_age),
            self._rungs(state, number, open_steps, ages),
            self._household(state),
            self._tenant(state, today, open_steps, due_age),
            self._watched(state, today, open_steps),
            tuple((at - state.now, what) for at, what in state.pending),
        )

    def _when(self, state: State, local: datetime, number: int, due_age: int) -> Hashable:
        """Keep the very day while a promise runs on days since the due date; else the weekday, hour and capped age."""
        if self.counts_days(state.trace):
            return number, local.hour, local.minute
        age = min(number - self.sight.start.toordinal(), due_age)
        return local.weekday(), local.hour, local.minute, age

    def counts_days(self, trace: Trace) -> bool:
        """Say whether the days since the due date still matter to a promise of the ladder."""
        return self.promised_days is not None and not (trace.reached or trace.held or trace.handed)

    def _ages_that_matter(self, state: State, open_steps: frozenset[int]) -> tuple[tuple[int, ...], int]:
        """Return per step, and for the due date, after how many days its age no longer changes anything."""
        facts = state.facts
        ends_otherwise = frozenset(
            n
            for n in open_steps
            if self.sight.steps[n].key in facts.steps_skipped
            or not self.sight.channels[n].isdisjoint(facts.blocked_channels)
            or state.marks[n].failed
        )
        known = self._ages.get((open_steps, ends_otherwise))
        if known is None:
            known = self._ages[(open_steps, ends_otherwise)] = self._work_out_ages(open_steps, ends_otherwise)
        return known

    def _work_out_ages(self, open_steps: frozenset[int], ends_otherwise: frozenset[int]) -> tuple[tuple[int, ...], int]:
        waits, cache = self.sight.waits, dict[int, int]()

        def age(place: int) -> int:
            if place not in cache:
                cache[place] = 0
                after = [0, self.sight.rests[place]]
                for wait in waits[place]:
                    if wait.place in open_steps:
                        after.append(wait.days + tail(wait.place))
                cache[place] = max(after)
            return cache[place]

        def tail(place: int) -> int:
            refused = any(wait.even_refused and wait.place in open_steps for wait in waits[place])
            return age(place) if refused or place in ends_otherwise else 0

        ages = tuple(age(n) for n in range(len(self.sight.steps)))
        due = max((self.sight.due_days[n] + tail(n) for n in open_steps if self.sight.due_days[n]), default=0)
        return ages, due

    def _rungs(self, state: State, number: int, open_steps: frozenset[int], ages: tuple[int, ...]) -> Hashable:
        found: list[Hashable] = []
        skipped = state.facts.steps_skipped
        for place, mark in enumerate(state.marks):
            step, cap = self.sight.steps[place], ages[place]
            wanted = not open_steps.isdisjoint(self.sight.followers[place])
            ended = tuple((o, min(number - day, cap)) for o, day in mark.ended) if wanted else ()
            if mark.finished is not None:
                wanted = wanted or step.ends_ladder or step.pause_days is not None
                age = min(number - mark.finished, cap) if wanted else 0
                found.append((age, ended) if age or ended else None)
                continue
            gap = self.sight.value(step.attempts.gap_days)
            last = None if mark.last is None else min(number - mark.last, gap)
            planned = None if mark.planned is None else (mark.planned[0], mark.planned[1] - state.now)
            is_skipped = step.key in skipped
            found.append((mark.used, last, mark.failed, planned, ended, mark.weekdays, mark.asked, is_skipped))
        return tuple(found)

    def _household(self, state: State) -> Hashable:
        facts, now, budget = state.facts, state.now, self.sight.settings.budget
        stretch = timedelta(days=max(budget.days, 7))
        contacts = tuple(now - at for at in facts.household_contacts if now - at < stretch)
        talked = (
            None
            if facts.talk_at is None
            else min(now - facts.talk_at, timedelta(hours=max(72, budget.rest_after_talk_hours)))
        )
        promised = (
            None
            if facts.promised_at is None
            else min(now - facts.promised_at, timedelta(hours=max(72, budget.rest_after_promise_hours)))
        )
        watched = tuple(now - at for at in state.trace.contacts if now - at < A_WEEK)
        return contacts, talked, promised, watched if watched != contacts else None

    def _tenant(self, state: State, today: date, open_steps: frozenset[int], due_age: int) -> Hashable:
        facts, settings = state.facts, self.sight.settings
        channels = frozenset(c for n in open_steps for c in self.sight.channels[n])
        reached = None
        if facts.reached_at is not None:
            rest = timedelta(days=settings.resume_after_reached_days)
            fresh = None if self.rests_when_reached.isdisjoint(open_steps) else min(state.now - facts.reached_at, rest)
            reached = (fresh, self.sight.sees_reached)
        return (
            facts.amount_cents,
            facts.plan,
            facts.pause_reason,
            (facts.pause_until - today).days if facts.pause_until else None,
            facts.busy_talk,
            facts.help_accepted,
            (facts.help_refused, facts.help_stopped) if self.names_help else None,
            facts.flags,
            facts.grounds,
            facts.cause,
            facts.language,
            facts.area,
            frozenset(c for c in facts.blocked_channels if c in channels),
            self._known_dates(facts, today, open_steps, due_age),
            reached,
            self._promise(state, today),
        )

    def _promise(self, state: State, today: date) -> Hashable:
        facts = state.facts
        if facts.promise_until is None:
            return None
        view = CaseView(self.sight.ladder, facts, self.sight.settings, self.calendar, state.now)
        if is_promise_open(view):
            return (facts.promise_until - today).days
        return -1 if self.names_promise else None

    def _known_dates(self, facts: CaseFacts, today: date, open_steps: frozenset[int], due_age: int) -> Hashable:
        named = frozenset(name for n in open_steps for name in self.sight.dates[n])
        return tuple(
            sorted((name, min((today - day).days, due_age)) for name, day in facts.dates.items() if name in named)
        )

    def _watched(self, state: State, today: date, open_steps: frozenset[int]) -> Hashable:
        trace, facts = state.trace, state.facts
        signal: Hashable = None
        if not self.sight.needs_signal.isdisjoint(open_steps):
            signal = (trace.proof, facts.signal.refused, frozenset((r.target, r.state) for r in facts.referrals))
        elif self.sight.sees_referrals:
            signal = frozenset((r.target, r.state) for r in facts.referrals)
        heavy = not (trace.reached or trace.lost or trace.held or self.sight.heavy.isdisjoint(open_steps))
        counting = self.counts_days(trace)
        tried: Hashable = None
        if counting or heavy or self.sight.counts_contacts:
            tried = (
                min(trace.tried, self.attempts_asked),
                trace.channels if len(trace.channels) < self.channels_asked else True,
                min(trace.visits, self.visits_asked),
                trace.parts if heavy or self.sight.counts_contacts else None,
            )
        waits_for_report = None
        if trace.summons_on is not None and not trace.reported:
            waits_for_report = min((today - trace.summons_on).days, REPORT_DAYS + 1)
        return signal, tried, trace.reached, trace.handed, trace.taken, trace.lost, waits_for_report

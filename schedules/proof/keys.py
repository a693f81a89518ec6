"""The canonical key of a state: what engine and properties can still tell apart, and nothing more."""

from collections.abc import Hashable
from datetime import date, datetime, timedelta

from schedules.calendar import Calendar
from schedules.case_view import CaseView
from schedules.facts import CaseFacts
from schedules.matching import is_promise_open
from schedules.proof.sight import Sight
from schedules.proof.state import State, Trace

MOST_ATTEMPTS = 12
REPORT_DAYS = 7
"""Within how many days of the summons the meldpunt must know (S003; the text says: always, when it has been sent)."""
A_WEEK = timedelta(days=7)


class Keys:
    """Make the canonical key of a state: histories that engine and properties cannot tell apart get the same one."""

    def __init__(self, sight: Sight, calendar: Calendar) -> None:
        self.sight, self.calendar = sight, calendar
        promises, attempts = sight.ladder.promises, sight.ladder.not_reached.attempts
        self.promised_days = promises.get("handed_to_person_within_days")
        most = attempts if isinstance(attempts, int) else MOST_ATTEMPTS
        self.attempts_asked = max(promises.get("attempts", 0), most, 2)
        self.channels_asked = max(promises.get("channels", 0), 3)
        self.visits_asked = max(promises.get("home_visits", 0), 1)
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

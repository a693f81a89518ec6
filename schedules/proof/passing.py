"""Time passes from known moment to known moment, never by ticks; what is due is planned meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from schedules.calendar import Calendar
from schedules.decisions import Decision, PlannedStep
from schedules.facts import AttemptFact, AttemptState
from schedules.proof.carrying import Carrier
from schedules.proof.sight import Sight
from schedules.proof.state import Act, State

ROWED = frozenset({"message", "robocall", "call", "visit"})
"""Kinds that are planned first and checked again when they go; cards, referrals and decisions come at once."""

MOST_MONTHS = 12


class Passing:
    """Let time pass for one ladder."""

    def __init__(self, sight: Sight, calendar: Calendar, carrier: Carrier, names_promise: bool) -> None:
        self.sight, self.calendar, self.carrier = sight, calendar, carrier
        self.names_promise = names_promise
        conditions = sight.conditions
        self.names_months = any(c.months_at_least is not None or c.months_below is not None for c in conditions)

    def next_moment(self, state: State, decision: Decision) -> datetime | None:
        """Return the next moment at which anything can change, None when only a fact from outside can."""
        now = state.now
        found = [max(one.due_at, now) for one in decision.due if one.kind in ROWED]
        found += [one.due_at for one in decision.due if one.kind not in ROWED and one.due_at > now]
        found += [each.until for each in decision.waiting if each.until is not None and each.until > now]
        for refused in decision.refused:
            for reason in refused.why:
                until = reason.params.get("until")
                if isinstance(until, datetime) and until > now:
                    found.append(until)
        found += [at for at, _ in state.pending]
        found += [at for at in self._turns(state) if at > now]
        return min(found, default=None)

    def _turns(self, state: State) -> Iterator[datetime]:
        """Yield moments at which facts change by themselves: a promise runs out, a month is added."""
        facts, calendar = state.facts, self.calendar
        if facts.promise_until is not None and self.names_promise:
            grace = self.sight.settings.promise_grace_working_days
            last = calendar.add_working_days(facts.promise_until, grace)
            yield calendar.utc(last + timedelta(days=1))
        if self.names_months and facts.months < MOST_MONTHS:
            today = calendar.day_of(state.now)
            days = (today + timedelta(days=ahead) for ahead in range(1, 70))
            yield calendar.utc(next(day for day in days if months_passed(self.sight.start, day) > facts.months))

    def planned(self, state: State, rows: Sequence[PlannedStep], moment: datetime) -> State:
        """Return the state at a later moment, with what is due planned as the product plans it."""
        kept = tuple(a for a in state.facts.attempts if a.state is not AttemptState.PLANNED)
        today = self.calendar.day_of(moment)
        facts = replace(
            state.facts,
            attempts=kept + tuple(_row(row) for row in rows),
            ledger_as_of=today,
            months=months_passed(self.sight.start, today),
        )
        marks = [mark if mark.planned is None else mark._replace(planned=None) for mark in state.marks]
        for row in rows:
            place = self.sight.place[row.step]
            marks[place] = marks[place]._replace(planned=(row.channel or "office", row.due_at))
        trace = self.carrier.later(state.trace, moment)
        return state.after(Act("waited", moment), facts=facts, now=moment, marks=tuple(marks), trace=trace)


def _row(row: PlannedStep) -> AttemptFact:
    channel = row.channel or "office"
    return AttemptFact(step=row.step, attempt=row.attempt, channel=channel, state=AttemptState.PLANNED, at=row.due_at)


def months_passed(start: date, day: date) -> int:
    """Count the due dates passed when rent is due each month on the day of `start`."""
    return max(1, (day.year - start.year) * 12 + day.month - start.month + (day.day > start.day))

"""The last check before something goes, by the production `recheck`: go, or be moved or dropped."""

from dataclasses import replace
from datetime import timedelta

from schedules.calendar import Calendar
from schedules.decisions import PlannedStep, Recheck, Verdict
from schedules.engine import recheck
from schedules.facts import AttemptFact, AttemptState, DueAttempt
from schedules.proof.sight import Sight
from schedules.proof.state import Act, State, mark_of


class Checker:
    """Ask `recheck` of what is about to go."""

    def __init__(self, sight: Sight, calendar: Calendar) -> None:
        self.sight, self.calendar = sight, calendar

    def held_back(self, state: State, row: PlannedStep) -> State | None:
        """Return the state after the last check moved or dropped a planned attempt, None when it goes."""
        attempt = DueAttempt(
            step=row.step,
            attempt=row.attempt,
            channel=row.channel or "office",
            purpose=row.purpose,
            due_at=row.due_at,
            expires_at=row.expires_at,
        )
        place = self.sight.place[row.step]
        settings = self.sight.settings
        found = recheck(
            state.facts, attempt, self.sight.steps[place], settings, self.calendar, state.now, self.sight.ladder
        )
        if found.verdict is Verdict.GO:
            return None
        attempts = tuple(_checked(each, row.step, found, state) for each in state.facts.attempts)
        facts = replace(state.facts, attempts=attempts)
        mark = mark_of(facts, row.step, self.sight, self.calendar, state.marks[place].asked)
        kind = "moved" if found.verdict is Verdict.MOVE else "dropped"
        act = Act(kind, state.now, row.step, row.attempt, row.channel or "", why=found.why)
        return state.after(act, facts=facts, marks=(*state.marks[:place], mark, *state.marks[place + 1 :]))


def _checked(attempt: AttemptFact, step: str, found: Recheck, state: State) -> AttemptFact:
    if attempt.step != step or attempt.state is not AttemptState.PLANNED:
        return attempt
    if found.verdict is Verdict.MOVE and found.move_to is not None:
        return replace(attempt, at=max(found.move_to, state.now + timedelta(minutes=1)))
    return replace(attempt, state=AttemptState.DROPPED, at=state.now)

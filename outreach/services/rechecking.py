"""The last check of a row before it goes, on facts without its own room in the pressure."""

from dataclasses import replace
from datetime import datetime

from outreach.db.tables import AttemptRow, PauseRow
from outreach.runtime import Runtime
from outreach.services.facts import LoadedCase
from outreach.services.plan_stops import CHASES, STOPPING
from outreach.services.policy import Policy
from schedules.calendar import Calendar
from schedules.decisions import Reason, Recheck, Verdict
from schedules.engine import recheck
from schedules.facts import CaseFacts, DueAttempt
from schedules.ladder import Ladder
from schedules.purposes import Purpose


def recheck_row(
    runtime: Runtime,
    policy: Policy,
    loaded: LoadedCase,
    ladder: Ladder,
    row: AttemptRow,
    now: datetime,
    answers_at: datetime | None = None,
) -> Recheck:
    """Say whether a row may go now; a claimed row does not stand in its own way."""
    return recheck_at(runtime.calendar, policy, loaded, ladder, row, now, answers_at)


def recheck_at(
    calendar: Calendar,
    policy: Policy,
    loaded: LoadedCase,
    ladder: Ladder,
    row: AttemptRow,
    now: datetime,
    answers_at: datetime | None = None,
) -> Recheck:
    """Say the same where there is no runtime: while a tenant is on the line."""
    step = loaded.keys.of(row) or row.step
    due = DueAttempt(
        step=step,
        attempt=row.attempt,
        channel=row.channel,
        purpose=Purpose(row.purpose),
        due_at=row.due_at,
        expires_at=row.expires_at,
        answers_message_at=answers_at,
    )
    paused = {pause.reason for pause in loaded.related[PauseRow] if pause.ended_at is None}
    if row.template in CHASES and (reasons := STOPPING & paused):
        return Recheck(verdict=Verdict.DROP, why=(Reason(code="paused", params={"reason": min(reasons)}),))
    facts = without_own_room(loaded.facts, row)
    return recheck(facts, due, ladder.step(step), policy.engine, calendar, now, ladder)


def without_own_room(facts: CaseFacts, row: AttemptRow) -> CaseFacts:
    """Take the room of a claimed row out of the household's contacts."""
    if row.claimed_at is None or row.claimed_at not in facts.household_contacts:
        return facts
    contacts = list(facts.household_contacts)
    contacts.remove(row.claimed_at)
    return replace(facts, household_contacts=tuple(contacts))

"""What the engine may know of a simulated case, and the moments that its answer names."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from schedules.decisions import Decision, PlannedStep, Reason
from schedules.facts import AttemptFact, AttemptState, CaseFacts, DueAttempt
from schedules.settings import months_in_arrears
from schedules.simulation.stage import Case, Home, Setting

LOOK_BACK = timedelta(days=30)


def facts_of(home: Home, case: Case, setting: Setting, at: datetime) -> CaseFacts:
    """Return the facts of a case at a moment; the books are of the same day."""
    today = setting.calendar.day_of(at)
    account, household = home.account, home.household
    cents, oldest = account.overdue(today)
    definition, rent = setting.settings.month_definition, home.tenancy.rent_cents
    return CaseFacts(
        opened_on=case.opened_on,
        amount_cents=cents,
        oldest_due_on=oldest,
        months=months_in_arrears(account.items, rent, today, definition),
        attempts=(*case.attempts, *case.planned.values()),
        referrals=tuple(case.referrals),
        channels=home.channels,
        blocked_channels=home.blocked,
        household_contacts=_recent(household.contacts, at),
        reached_at=case.reached_at,
        talk_at=household.talk_at,
        busy_talk=home.waiting_talks > 0,
        promise_until=home.promise_until,
        promised_at=household.promised_at,
        plan=home.plan,
        pause_reason="help" if home.pause_until is not None else None,
        pause_until=home.pause_until,
        help_accepted=home.help_accepted,
        flags=home.tenancy.flags,
        grounds=home.grounds,
        language=home.tenancy.language,
        area=home.tenancy.area,
        cause=home.cause,
        payday=home.payday,
        dates=home.dates,
        signal=case.signal,
        ledger_as_of=today,
        help_refused=home.help_refused,
        help_stopped=home.help_stopped,
        paid_in_part=case.paid_in_part,
    )


def due_of(planned: PlannedStep) -> DueAttempt:
    """Return a planned step as the attempt that is about to go."""
    return DueAttempt(
        step=planned.step,
        attempt=planned.attempt,
        channel=planned.channel or "office",
        purpose=planned.purpose,
        due_at=planned.due_at,
        expires_at=planned.expires_at,
    )


def attempt_of(planned: PlannedStep, state: AttemptState, at: datetime) -> AttemptFact:
    """Return a planned step as an attempt without an outcome."""
    return AttemptFact(
        step=planned.step, attempt=planned.attempt, channel=planned.channel or "office", state=state, at=at
    )


def known_moments(decision: Decision) -> Iterator[datetime]:
    """Yield every moment that a decision names: when a step is due, may come, or may be allowed again."""
    for planned in decision.due:
        yield planned.due_at
    for waiting in decision.waiting:
        if waiting.until is not None:
            yield waiting.until
    for refused in decision.refused:
        yield from _until(refused.why)


def _until(reasons: tuple[Reason, ...]) -> Iterator[datetime]:
    for reason in reasons:
        until = reason.params.get("until")
        if isinstance(until, datetime):
            yield until


def _recent(contacts: list[datetime], at: datetime) -> tuple[datetime, ...]:
    """Return the contacts of the last thirty days, all that the engine weighs."""
    since, start = at - LOOK_BACK, len(contacts)
    while start and contacts[start - 1] > since:
        start -= 1
    return tuple(contacts[start:])

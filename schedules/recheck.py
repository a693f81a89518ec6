"""The last check before an attempt goes: is the reason still there, is it the hour, is there room."""

from datetime import date, datetime, timedelta

from schedules.assess import Assessor
from schedules.calendar import Calendar
from schedules.case_view import CaseView
from schedules.conditions import refusals
from schedules.decisions import Reason, Recheck, Verdict
from schedules.facts import CaseFacts, DueAttempt
from schedules.holds import Hold, holds
from schedules.ladder import Ladder, NotReached, Source, Step, StepKind
from schedules.moments import channel_window, next_moment, why_not_channel, why_not_now, window_of
from schedules.pressure import PressureFacts
from schedules.progress import progress_of
from schedules.purposes import ANSWER_MINUTES, PURPOSES, Purpose, PurposeRule
from schedules.settings import PolicySettings
from schedules.windows import Window

ANSWER_WITHIN = timedelta(minutes=ANSWER_MINUTES)
NO_CONTACT = frozenset({StepKind.REFERRAL, StepKind.DECISION})


def recheck(
    facts: CaseFacts,
    attempt: DueAttempt,
    step: Step | None,
    settings: PolicySettings,
    calendar: Calendar,
    now: datetime,
    ladder: Ladder | None = None,
) -> Recheck:
    """Say whether an attempt may go now, must move to a later moment, or is dropped; always with the reason.

    `facts.household_contacts` must not hold the attempt's own reservation. `step` is None for what no
    ladder asked for: answers, reminders of a plan, contact by hand. `ladder` is the whole ladder of the step, for
    its exclusions and for the rest after other steps.
    """
    view = CaseView(ladder or _ladder_of(step), facts, settings, calendar, now)
    if attempt.purpose is Purpose.ANSWER and _is_timely_answer(attempt, now):
        return _go(Reason(code="answer_in_time"))
    gone = _gone(view, attempt, step)
    if gone:
        return Recheck(verdict=Verdict.DROP, why=gone)
    return _now_or_later(view, attempt, step)


def _ladder_of(step: Step | None) -> Ladder:
    """Return a ladder of one step: the last check asks nothing of the other rungs."""
    source = Source(document="", year=0, lines="", description="")
    return Ladder(
        name="",
        title={},
        status="own",
        valid_from=date.min,
        source=source,
        stages=(),
        steps=(step,) if step is not None else (),
        not_reached=NotReached(attempts=1),
    )


def _go(*why: Reason) -> Recheck:
    return Recheck(verdict=Verdict.GO, why=why)


def _is_timely_answer(attempt: DueAttempt, now: datetime) -> bool:
    asked_at = attempt.answers_message_at
    return asked_at is not None and asked_at <= now <= asked_at + ANSWER_WITHIN


def _gone(view: CaseView, attempt: DueAttempt, step: Step | None) -> tuple[Reason, ...]:
    """Return why the reason for an attempt is gone, empty when it is still there."""
    rule = PURPOSES[attempt.purpose]
    found: list[Reason] = []
    if attempt.expires_at is not None and view.now >= attempt.expires_at:
        found.append(Reason(code="expired", params={"at": attempt.expires_at}))
    if rule.payment and view.facts.amount_cents < view.settings.minimum_amount_cents:
        found.append(Reason(code="paid"))
    found.extend(hold.reason for hold in holds(view, attempt.purpose) if hold.ends)
    found.extend(_blocked(view, attempt, rule, step))
    if step is not None:
        found.extend(_step_refusals(view, step, attempt.step))
    return tuple(found)


def _blocked(view: CaseView, attempt: DueAttempt, rule: PurposeRule, step: Step | None) -> tuple[Reason, ...]:
    if not rule.opt_out or (step is not None and step.kind in NO_CONTACT):
        return ()
    reason = why_not_channel(attempt.channel, view)
    return (reason,) if reason is not None else ()


def _step_refusals(view: CaseView, step: Step, key: str) -> tuple[Reason, ...]:
    skipped = (Reason(code="skipped_by_person"),) if key in view.facts.steps_skipped else ()
    found = refusals(step, view)
    if view.ladder.steps != (step,):
        found = (*found, *Assessor(view).blocked(step))
    if view.facts.reached_at is None:
        found = tuple(reason for reason in found if reason.code != "not_yet_not_reached")
    return (*skipped, *found)


def _now_or_later(view: CaseView, attempt: DueAttempt, step: Step | None) -> Recheck:
    held = [hold for hold in holds(view, attempt.purpose) if not hold.ends]
    if step is not None and step.kind is StepKind.CARD:
        return _card(held)
    window, pressure = _window(view, attempt, step), _pressure(view, attempt, step)
    if held:
        return _after_holds(view, attempt, held, window, pressure)
    if view.now < attempt.due_at:
        why = Reason(code="not_due_yet", params={"at": attempt.due_at})
        return _move(view, attempt, attempt.due_at, (why,), window, pressure)
    reason = why_not_now(view.now, window, view, pressure)
    if reason is None:
        return _go(Reason(code="still_right"))
    return _move(view, attempt, view.now, (reason,), window, pressure)


def _card(held: list[Hold]) -> Recheck:
    """Let a card share the moment of its visit: it goes with it or not at all."""
    if held:
        return Recheck(verdict=Verdict.DROP, why=tuple(hold.reason for hold in held))
    return _go(Reason(code="shares_visit"))


def _window(view: CaseView, attempt: DueAttempt, step: Step | None) -> Window:
    if step is None:
        return channel_window(attempt.channel, view)
    channel = None if step.kind in NO_CONTACT else attempt.channel
    own = [a for a in view.facts.attempts if a.step == step.key and a.attempt < attempt.attempt]
    used = progress_of(step, view.facts, own, len(own) + 1, view.now).used
    return window_of(step, channel, used, view)


def _pressure(view: CaseView, attempt: DueAttempt, step: Step | None) -> PressureFacts | None:
    if not PURPOSES[attempt.purpose].pressure or (step is not None and step.kind in NO_CONTACT):
        return None
    return view.pressure


def _after_holds(
    view: CaseView, attempt: DueAttempt, held: list[Hold], window: Window, pressure: PressureFacts | None
) -> Recheck:
    """Move past every hold; one that hangs on a fact is looked at again the next civil day."""
    tomorrow = view.calendar.utc(view.today + timedelta(days=1))
    again = max(hold.until or tomorrow for hold in held)
    return _move(view, attempt, again, tuple(hold.reason for hold in held), window, pressure)


def _move(
    view: CaseView,
    attempt: DueAttempt,
    earliest: datetime,
    why: tuple[Reason, ...],
    window: Window,
    pressure: PressureFacts | None,
) -> Recheck:
    moment = next_moment(earliest, window, view, pressure)
    if moment is None:
        return Recheck(verdict=Verdict.DROP, why=(*why, Reason(code="no_moment")))
    if attempt.expires_at is not None and moment >= attempt.expires_at:
        return Recheck(verdict=Verdict.DROP, why=(*why, Reason(code="expires_before", params={"at": moment})))
    return Recheck(verdict=Verdict.MOVE, why=why, move_to=moment)

"""What makes contact wait: pause, plan, promise, talk, dispute, bereavement, an old ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.case_view import CaseView
from schedules.decisions import Reason
from schedules.facts import PlanState
from schedules.ladder import Step
from schedules.matching import is_promise_open
from schedules.progress import progress_of
from schedules.purposes import PURPOSES, Purpose


@dataclass(frozen=True, kw_only=True)
class Hold:
    """One reason to wait; `until` is the first moment at which it may be over, None when a fact decides.

    `ends` says that the reason for this contact is gone: an attempt that waits is dropped, not moved.
    """

    reason: Reason
    until: datetime | None
    ends: bool = False


def holds(view: CaseView, purpose: Purpose) -> tuple[Hold, ...]:
    """Return everything that makes a contact with this purpose wait now (schedules.purposes)."""
    rule = PURPOSES[purpose]
    found: list[Hold] = []
    if rule.pause:
        found.extend(_pauses(view))
    if rule.fresh_ledger:
        found.extend(_stale_ledger(view))
    return tuple(found)


def _pauses(view: CaseView) -> Iterator[Hold]:
    facts = view.facts
    if facts.pause_reason is not None:
        yield _pause(view, facts.pause_reason)
    if facts.plan in {PlanState.ACTIVE, PlanState.REQUESTED}:
        yield Hold(reason=Reason(code=f"plan_{facts.plan.value}"), until=None, ends=facts.plan is PlanState.ACTIVE)
    if facts.promise_until is not None and is_promise_open(view):
        yield _promise(view)
    if facts.busy_talk:
        yield Hold(reason=Reason(code="busy_talk"), until=None)
    for flag in sorted(facts.flags & view.settings.hold_flags):
        yield Hold(reason=Reason(code="held_by_flag", params={"flag": flag}), until=None)
    for step in view.ladder.pausing_steps:
        yield from _rest_after(step, view)


ENDS_REST = frozenset({"rejected", "closed", "stopped"})
"""States of a referral in which the partner is no longer busy: collection need not rest for it."""


def _rest_after(step: Step, view: CaseView) -> Iterator[Hold]:
    """Yield the rest that a step asks for after it was done, unless its referral came to nothing."""
    days = view.value(step.pause_days) if step.pause_days is not None else None
    if days is None or any(r.step == step.key and r.state in ENDS_REST for r in view.facts.referrals):
        return
    attempts = view.attempts_by_step.get(step.key, [])
    done_at = progress_of(step, view.facts, attempts, view.value(step.attempts.max) or 1, view.now).finished_at
    if done_at is not None:
        until = view.calendar.utc(view.calendar.day_of(done_at) + timedelta(days=days))
        if view.now < until:
            yield Hold(reason=Reason(code="rest_after_step", params={"step": step.key, "until": until}), until=until)


def _pause(view: CaseView, pause_reason: str) -> Hold:
    until = view.facts.pause_until
    if until is None:
        return Hold(reason=Reason(code="paused", params={"reason": pause_reason}), until=None)
    again = max(until, view.today) + timedelta(days=1)
    reason = Reason(code="paused_until", params={"reason": pause_reason, "day": until})
    return Hold(reason=reason, until=view.calendar.utc(again))


def _promise(view: CaseView) -> Hold:
    assert view.facts.promise_until is not None
    last = view.calendar.add_working_days(view.facts.promise_until, view.settings.promise_grace_working_days)
    reason = Reason(code="promise_open", params={"day": view.facts.promise_until})
    return Hold(reason=reason, until=view.calendar.utc(last + timedelta(days=1)), ends=True)


def _stale_ledger(view: CaseView) -> Iterator[Hold]:
    as_of, limit = view.facts.ledger_as_of, view.settings.stale_ledger_working_days
    if as_of is None:
        yield Hold(reason=Reason(code="no_ledger"), until=None)
    elif view.calendar.working_days_between(as_of, view.today) > limit:
        yield Hold(reason=Reason(code="stale_ledger", params={"day": as_of, "limit": limit}), until=None)

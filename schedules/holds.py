"""What makes contact wait: pause, plan, promise, talk, dispute, bereavement, an old ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.case_view import CaseView
from schedules.conditions import is_promise_open
from schedules.decisions import Reason
from schedules.facts import PlanState
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

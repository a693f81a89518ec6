"""The clocks of a route: when feedback is due, whether the pause still holds and when it ends, dated warnings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from schedules.decisions import Reason
from schedules.route import Caution, PauseCondition, RouteDefinition, Titles
from schedules.terms import Fills, filled, filled_word, later


@dataclass(frozen=True, kw_only=True)
class DueFeedback:
    """One feedback with the civil day on which it is due at the latest."""

    key: str
    due_on: date
    title: Titles


def feedback_due(
    route: RouteDefinition,
    sent_on: date,
    accepted_on: date | None,
    fills: Fills,
    dates: Mapping[str, date] | None = None,
) -> list[DueFeedback]:
    """Return the feedback that is due, by day.

    A clock whose day 0 has not come (not accepted, no date given under its key in `dates`) or whose gap is open
    is left out.
    """
    starts = {"sent": sent_on, "accepted": accepted_on}
    found: list[DueFeedback] = []
    for clock in route.feedback:
        start = starts.get(filled_word(clock.after, fills) or "", (dates or {}).get(clock.key))
        days = filled(clock.days, fills)
        if start is not None and days is not None:
            found.append(DueFeedback(key=clock.key, due_on=start + timedelta(days=days), title=clock.title))
    return sorted(found, key=lambda due: due.due_on)


@dataclass(frozen=True, kw_only=True)
class PauseFacts:
    """What is known of a pause. `started_on` is the day on which its `when` came; None when it did not.

    `feedback_due` and `feedback_on` hold per feedback key the day it is due and the day it came. `said` holds per
    check (current_rent_paid, help_going_on, request_pending) or condition key whether it holds; absent is unknown.
    """

    started_on: date | None
    feedback_due: Mapping[str, date] = field(default_factory=dict)
    feedback_on: Mapping[str, date] = field(default_factory=dict)
    said: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ConditionState:
    """How one condition stands: holds, failed, unknown (a person must say) or later (it does not count yet)."""

    key: str
    state: str


@dataclass(frozen=True, kw_only=True)
class PauseVerdict:
    """Whether collection still waits: not_started, holds, failed or over, with every condition and the reasons.

    `ends_on` is the first day on which the pause is over, None without a limit or before its day 0 has come.
    """

    state: str
    conditions: tuple[ConditionState, ...] = ()
    ends_on: date | None = None
    why: tuple[Reason, ...] = ()


def pause_holds(route: RouteDefinition, facts: PauseFacts, today: date, fills: Fills) -> PauseVerdict:
    """Say whether the pause of a route holds on a civil day; when one condition fails it has failed (rules.md 15)."""
    if route.pause is None or facts.started_on is None:
        return PauseVerdict(state="not_started")
    states = tuple(
        ConditionState(key=each.key, state=_condition_state(each, facts, today, fills))
        for each in route.pause.conditions
    )
    ends_on = _pause_end(route, facts, fills)
    if ends_on is not None and today >= ends_on:
        over = Reason(code="route_pause_over", params={"day": ends_on})
        return PauseVerdict(state="over", conditions=states, ends_on=ends_on, why=(over,))
    failed = [each.key for each in states if each.state == "failed"]
    why = tuple(Reason(code="route_pause_failed", params={"condition": key}) for key in failed)
    return PauseVerdict(state="failed" if failed else "holds", conditions=states, ends_on=ends_on, why=why)


def _pause_end(route: RouteDefinition, facts: PauseFacts, fills: Fills) -> date | None:
    pause = route.pause
    if pause is None:
        return None
    start = facts.started_on if pause.counts_from is None else facts.feedback_on.get(pause.counts_from)
    return later(start, pause.max_days, pause.max_months, fills) if start is not None else None


def _condition_state(condition: PauseCondition, facts: PauseFacts, today: date, fills: Fills) -> str:
    if condition.after is not None and condition.after not in facts.feedback_on:
        return "later"
    if condition.check == "timely_feedback":
        return _timely(condition, facts, today, fills)
    said = facts.said.get(condition.check or condition.key)
    return "unknown" if said is None else "holds" if said else "failed"


def _timely(condition: PauseCondition, facts: PauseFacts, today: date, fills: Fills) -> str:
    """Hold until a feedback is late; how late is too late may be a gap, then a person says."""
    late = [due for key, due in facts.feedback_due.items() if key not in facts.feedback_on and today > due]
    if not late:
        return "holds"
    grace = filled(condition.grace_days, fills)
    if grace is None:
        return "unknown"
    return "failed" if today > min(late) + timedelta(days=grace) else "holds"


@dataclass(frozen=True, kw_only=True)
class DatedCaution:
    """A warning with its civil day; None when it always stands or its day 0 is not known."""

    key: str
    on: date | None
    title: Titles


def dated_cautions(cautions: tuple[Caution, ...], since: Mapping[str, date], fills: Fills) -> tuple[DatedCaution, ...]:
    """Give warnings their days, from the days known per `since` (referral, start, judgment, eviction)."""
    return tuple(_dated(cautions, since, fills))


def _dated(cautions: tuple[Caution, ...], since: Mapping[str, date], fills: Fills) -> Iterator[DatedCaution]:
    for each in cautions:
        start = since.get(each.since or "")
        on = later(start, each.days, each.months, fills) if start is not None else None
        yield DatedCaution(key=each.key, on=on, title=each.title)

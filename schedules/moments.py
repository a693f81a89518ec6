"""The moment of a step: its channel, its window and the first moment with permission and room."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.case_view import CaseView
from schedules.decisions import Reason
from schedules.facts import AttemptState
from schedules.ladder import CONTACT_KINDS, Gap, Step, StepKind
from schedules.pressure import PressureFacts, find_room, room
from schedules.purposes import PURPOSES
from schedules.windows import WINDOWS, Window, find_permitted, permitted

ALWAYS_AT_HAND = frozenset({"visit", "card"})
"""Channels that need no contact point beyond the dwelling itself."""

WITHIN_OFFICE_HOURS = frozenset({StepKind.CALL, StepKind.REFERRAL, StepKind.DECISION})
EXPIRES_DAYS = {
    StepKind.MESSAGE: 5,
    StepKind.ROBOCALL: 4,
    StepKind.CALL: 10,
    StepKind.VISIT: 14,
    StepKind.CARD: 0,
}
"""Days after its due day on which an attempt is still worth making, when the ladder does not say."""

SEARCH_ROUNDS = 60


@dataclass(frozen=True, kw_only=True)
class ChannelChoice:
    """The channel of the next attempt, None when none is left; and why earlier ones fell off."""

    channel: str | None
    why: tuple[Reason, ...] = ()


def choose_channel(step: Step, view: CaseView, failed: frozenset[str]) -> ChannelChoice:
    """Return the first usable channel of a step, in its own order of falling back."""
    why: list[Reason] = []
    for entry in step.channels:
        channel = view.settings.fills.get(entry.name) if isinstance(entry, Gap) else entry
        if channel is None:
            why.append(Reason(code="gap", params={"gap": entry.name if isinstance(entry, Gap) else entry}))
            continue
        reason = why_not_channel(str(channel), view, failed)
        if reason is None:
            return ChannelChoice(channel=str(channel), why=tuple(why))
        why.append(reason)
    return ChannelChoice(channel=None, why=tuple(why))


def why_not_channel(channel: str, view: CaseView, failed: frozenset[str] = frozenset()) -> Reason | None:
    """Say why a channel cannot be used for this tenant now, None when it can."""
    facts = view.facts
    if channel in view.settings.channels_off:
        return Reason(code="channel_off", params={"channel": channel})
    if channel in failed:
        return Reason(code="channel_failed", params={"channel": channel})
    if channel in facts.blocked_channels:
        why = facts.blocked_channels[channel]
        return Reason(code="channel_blocked", params={"channel": channel, "why": why})
    if channel in facts.channels or channel in ALWAYS_AT_HAND:
        return None
    return Reason(code="channel_blocked", params={"channel": channel, "why": "no_contact_point"})


def is_pressure_bound(step: Step) -> bool:
    """Say whether a step weighs on the household; a card shares the moment of its visit."""
    return step.kind in CONTACT_KINDS and PURPOSES[step.purpose].pressure


def window_of(step: Step, channel: str | None, used: int, view: CaseView) -> Window:
    """Return the window of the next attempt: the channel's, narrowed by landlord, office, step and tenant."""
    window = channel_window(channel or "office", view)
    if step.asks_to_call or step.kind in WITHIN_OFFICE_HOURS:
        window = window.within(view.settings.office_hours)
    if step.attempts.weekdays:
        window = window.only_weekdays(step.attempts.weekdays)
    if step.attempts.other_weekday:
        window = _on_another_weekday(window, step, view)
    parts, known = step.attempts.day_parts, _parts_to_answer(step, view)
    if parts:
        window = _narrowed(window, (parts[used % len(parts)],))
    return _narrowed(window, known) if known else window


def _narrowed(window: Window, parts: tuple[str, ...]) -> Window:
    narrowed = window.only_parts(parts)
    return window if narrowed.is_empty() else narrowed


ANSWERED_KINDS = frozenset({StepKind.ROBOCALL, StepKind.CALL, StepKind.VISIT})
REACH_FLAGS = (("reach_morning", "morning"), ("reach_afternoon", "afternoon"), ("reach_evening", "evening"))
"""Flags on a case that say in which day parts the tenant can answer or open (rules.md 24: working hours known)."""


def _parts_to_answer(step: Step, view: CaseView) -> tuple[str, ...]:
    if step.kind not in ANSWERED_KINDS:
        return ()
    return tuple(part for flag, part in REACH_FLAGS if flag in view.facts.flags)


NOT_MADE = frozenset({AttemptState.PLANNED, AttemptState.DROPPED})


def _on_another_weekday(window: Window, step: Step, view: CaseView) -> Window:
    """Return the window without the weekdays on which this step was tried, unless that leaves none."""
    tried = [a for a in view.attempts_by_step.get(step.key, ()) if a.state not in NOT_MADE]
    days = {view.calendar.local(attempt.at).weekday() for attempt in tried}
    other = window.only_weekdays(frozenset(range(7)) - days)
    return window if other.is_empty() else other


def channel_window(channel: str, view: CaseView) -> Window:
    """Return the window of a channel, narrowed by the landlord's own hours for it."""
    hours = view.settings.channel_hours.get(channel)
    return WINDOWS[channel] if hours is None else WINDOWS[channel].within(hours)


def why_not_now(at: datetime, window: Window, view: CaseView, pressure: PressureFacts | None) -> Reason | None:
    """Say why a moment will not do for a contact: hours first, then room in the pressure."""
    reason = permitted(at, window, view.calendar)
    if reason is None and pressure is not None:
        reason = room(at, pressure, view.settings.budget, view.calendar)
    return reason


def next_moment(at: datetime, window: Window, view: CaseView, pressure: PressureFacts | None) -> datetime | None:
    """Return the first moment not before `at` with permission and room, None when there is none."""
    moment = find_permitted(at, window, view.calendar)
    if pressure is None:
        return moment
    for _ in range(SEARCH_ROUNDS):
        if moment is None:
            return None
        roomy = find_room(moment, pressure, view.settings.budget, view.calendar)
        if roomy == moment:
            return moment
        moment = find_permitted(roomy, window, view.calendar) if roomy is not None else None
    return None


def expires_at(step: Step, due_at: datetime, view: CaseView) -> datetime | None:
    """Return the first moment at which an attempt is worthless: the end of a Dutch civil day, None for never."""
    days = step.expires_days if step.expires_days is not None else EXPIRES_DAYS.get(step.kind)
    if days is None:
        return None
    return view.calendar.utc(view.calendar.day_of(due_at) + timedelta(days=days + 1))

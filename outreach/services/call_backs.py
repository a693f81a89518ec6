"""When somebody is in the office to call back, at the day and the hour that the tenant named where that is possible."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from messages.replies.hours import Hours, find_hour
from outreach.runtime import Runtime
from outreach.services.policy import Policy

BEFORE_CLOSING = timedelta(minutes=30)
PATIENCE = timedelta(hours=1)
"""So long after the hour that was named a call is still at that hour."""
AHEAD_DAYS = 15
WHOLE_DAY = Hours()


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """The moment of a call-back in UTC, and whether it is one that the tenant asked for (or he asked for none)."""

    at: datetime
    as_asked: bool = True


def call_back_at(runtime: Runtime, policy: Policy, now: datetime) -> datetime:
    """Give the first moment at which somebody is in the office to call back, an hour from now at the earliest."""
    return call_back_for(runtime, policy, now, "", None).at


def call_back_for(runtime: Runtime, policy: Policy, now: datetime, text: str, day: date | None) -> CallBack:
    """Give the moment for a tenant who asks to be called, with his words and the Dutch civil day that he names.

    When nobody is in the office then, it is the first moment after it at which somebody is.
    """
    calendar, hours = runtime.calendar, find_hour(text) or WHOLE_DAY
    today, earliest = calendar.day_of(now), now + timedelta(hours=1)
    wanted = day if day is not None and day >= today else None
    for opens, closes in _open(runtime, policy, wanted or today, 1 if wanted else AHEAD_DAYS):
        on = calendar.day_of(opens)
        start = max(earliest, opens, calendar.utc(on, hours.begins))
        if start < closes and start <= calendar.utc(on, hours.ends) + _patience(hours):
            return CallBack(at=start)
    after = max(earliest, calendar.utc(wanted or today, hours.begins))
    for opens, closes in _open(runtime, policy, wanted or today, AHEAD_DAYS):
        if (start := max(after, opens)) < closes:
            return CallBack(at=start, as_asked=False)
    return CallBack(at=after, as_asked=False)


def call_back_read(
    runtime: Runtime, policy: Policy, now: datetime, text: str, understood: Mapping[str, Any]
) -> CallBack:
    """Give the moment for a reply that was read before, with what was understood of it (`InboundRow.understood`)."""
    day = understood.get("date")
    return call_back_for(runtime, policy, now, text, date.fromisoformat(str(day)) if day else None)


def calls_today(runtime: Runtime, policy: Policy, now: datetime) -> bool:
    """Say whether somebody is in the office now or later today."""
    return any(now < closes for _, closes in _open(runtime, policy, runtime.calendar.day_of(now), 1))


def _patience(hours: Hours) -> timedelta:
    return PATIENCE if hours.begins == hours.ends else timedelta()


def _open(runtime: Runtime, policy: Policy, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Yield when the office opens, and until when a call can begin, on so many days from the first."""
    calendar = runtime.calendar
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        opens, closes = policy.engine.office_hours.get(day.weekday(), (time(9), time(9)))
        if calendar.is_working_day(day) and opens < closes:
            yield calendar.utc(day, opens), calendar.utc(day, closes) - BEFORE_CLOSING

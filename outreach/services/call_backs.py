"""When somebody is in the office to call back."""

from datetime import datetime, time, timedelta

from outreach.runtime import Runtime
from outreach.services.policy import Policy


def call_back_at(runtime: Runtime, policy: Policy, now: datetime) -> datetime:
    """Give the first moment at which somebody is in the office to call back, an hour from now at the earliest."""
    calendar = runtime.calendar
    day, earliest = calendar.day_of(now), now + timedelta(hours=1)
    hours = policy.engine.office_hours
    for ahead in range(15):
        today = day + timedelta(days=ahead)
        opens, closes = hours.get(today.weekday(), (time(9), time(9)))
        start = max(earliest, calendar.utc(today, opens))
        if calendar.is_working_day(today) and start < calendar.utc(today, closes) - timedelta(minutes=30):
            return start
    return earliest

"""When somebody is in the office to call back, and how that is said."""

from datetime import datetime, time, timedelta

from messages.formats import spoken_date
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


def call_at_text(runtime: Runtime, at: datetime, language: str) -> str:
    """Say a day and an hour as people do: "maandag 2 november vanaf 09:00 uur"."""
    local = runtime.calendar.local(at)
    words = "vanaf {} uur" if language == "nl" else "from {}"
    return f"{spoken_date(local.date(), language)} {words.format(local.strftime('%H:%M'))}"

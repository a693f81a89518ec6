"""Until when a conversation may sleep: this afternoon, tomorrow, Monday, or a day of choice."""

from datetime import date, datetime, time, timedelta

from outreach.web.context import now, runtime, today
from outreach.web.translation import N_

AFTERNOON, MORNING = time(16), time(9)
CHOICES = {
    "vanmiddag": N_("Vandaag 16:00"),
    "morgen": N_("Morgen 9:00"),
    "maandag": N_("Maandag 9:00"),
}


def sleeps() -> dict[str, str]:
    """Return the choices that lie ahead on a working day, by code."""
    return {code: text for code, text in CHOICES.items() if _fits(moment_of(code))}


def _fits(moment: datetime | None) -> bool:
    calendar = runtime().calendar
    return moment is not None and moment > now() and calendar.is_working_day(calendar.day_of(moment))


def moment_of(code: str) -> datetime | None:
    """Return the moment (UTC) of a choice, None for an unknown one."""
    day = today()
    if code == "vanmiddag":
        return runtime().calendar.utc(day, AFTERNOON)
    if code == "morgen":
        return morning_of(day + timedelta(days=1))
    if code == "maandag":
        return morning_of(day + timedelta(days=7 - day.weekday()))
    return None


def morning_of(day: date) -> datetime:
    """Return nine in the morning of a day."""
    return runtime().calendar.utc(day, MORNING)

"""Channel windows: the hours per weekday in which a channel may be used, above the floor of the law.

A ladder or a landlord can only narrow a window; the hours and days of law bind whatever a window says.
Spans are half-open civil times: [opens, closes).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType

from schedules.calendar import Calendar
from schedules.decisions import Reason
from schedules.errors import NoMomentError

HORIZON_DAYS = 400
"""How far ahead a moment is looked for; a window that has none in that time is empty."""

FRIDAY = 4
SATURDAY = 5
OfficeHours = Mapping[int, tuple[time, time]]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of a day with its name (morning, afternoon, evening, day, office)."""

    part: str
    opens: time
    closes: time


@dataclass(frozen=True)
class Window:
    """The spans per weekday (0 is Monday) of one channel; weekdays[n] is empty when it rests that day."""

    name: str
    weekdays: tuple[tuple[Span, ...], ...]

    def only_parts(self, parts: Iterable[str]) -> "Window":
        """Return this window narrowed to the named day parts."""
        return _only_parts(self, frozenset(parts))

    def only_weekdays(self, days: Iterable[int]) -> "Window":
        """Return this window narrowed to some weekdays (0 is Monday)."""
        kept = frozenset(days)
        return Window(self.name, tuple(spans if n in kept else () for n, spans in enumerate(self.weekdays)))

    def within(self, hours: OfficeHours) -> "Window":
        """Return this window narrowed to hours per weekday, such as the landlord's office hours."""
        cut = (tuple(_cut(spans, hours.get(n))) for n, spans in enumerate(self.weekdays))
        return Window(self.name, tuple(cut))

    def is_empty(self) -> bool:
        """Say whether the window has no hour at all."""
        return not any(self.weekdays)


@lru_cache(maxsize=256)
def _only_parts(window: Window, parts: frozenset[str]) -> Window:
    kept = (tuple(span for span in spans if span.part in parts) for spans in window.weekdays)
    return Window(window.name, tuple(kept))


def _cut(spans: tuple[Span, ...], hours: tuple[time, time] | None) -> Iterable[Span]:
    if hours is None:
        return
    for span in spans:
        opens, closes = max(span.opens, hours[0]), min(span.closes, hours[1])
        if opens < closes:
            yield Span(part=span.part, opens=opens, closes=closes)


def _window(name: str, *spans: Span, last_day: int = FRIDAY, friday_closes: time = time(17)) -> Window:
    every_day = {day: (time(0), time.max) for day in range(last_day + 1)} | {FRIDAY: (time(0), friday_closes)}
    return Window(name, tuple(spans for _ in range(7))).within(every_day)


def _span(part: str, opens: str, closes: str) -> Span:
    return Span(part=part, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


_DAY = (_span("morning", "09:00", "12:00"), _span("afternoon", "12:00", "17:00"), _span("evening", "17:00", "19:00"))
_CALLS = (
    _span("morning", "09:00", "12:00"),
    _span("afternoon", "13:00", "17:00"),
    _span("evening", "17:30", "19:30"),
)
_VISITS = (
    _span("morning", "09:30", "12:00"),
    _span("afternoon", "12:00", "17:00"),
    _span("evening", "17:00", "19:00"),
)
_OFFICE = (_span("morning", "08:00", "12:00"), _span("afternoon", "12:00", "17:00"), _span("evening", "17:00", "20:00"))

WINDOWS: Mapping[str, Window] = MappingProxyType(
    {
        "sms": _window("sms", *_DAY, last_day=SATURDAY),
        "whatsapp": _window("whatsapp", *_DAY, last_day=SATURDAY),
        "email": _window("email", *_DAY, last_day=SATURDAY),
        "letter": _window("letter", *_DAY),
        "robocall": _window("robocall", *_CALLS),
        "call": _window("call", *_OFFICE),
        "visit": _window("visit", *_VISITS),
        "card": _window("card", *_VISITS),
        "office": _window("office", *_OFFICE),
    }
)
"""Own defaults per channel, above the floor of law.md; no Friday evening, for nobody answers then (rules.md 24)."""


def permitted(at: datetime, window: Window, calendar: Calendar) -> Reason | None:
    """Say why a moment is not permitted, None when it is: day of law, hours of law, then the window."""
    local = calendar.local(at)
    day, clock = local.date(), local.time()
    why_not = calendar.why_not_day(day)
    if why_not is not None:
        return why_not
    opens, closes = calendar.legal_hours(day)
    if not opens <= clock < closes:
        return Reason(code="outside_legal_hours", params={"at": at})
    if any(span.opens <= clock < span.closes for span in window.weekdays[day.weekday()]):
        return None
    return Reason(code="outside_window", params={"at": at, "channel": window.name})


def find_permitted(at: datetime, window: Window, calendar: Calendar) -> datetime | None:
    """Return the first permitted moment not before `at`, None when the coming year has none."""
    if window.is_empty():
        return None
    local = calendar.local(at)
    clock, day = local.time(), local.date()
    for _ in range(HORIZON_DAYS):
        opens = _first_opening(day, clock, window, calendar)
        if opens is not None:
            return max(at, calendar.utc(day, opens))
        clock, day = time(0), day + timedelta(days=1)
    return None


def next_permitted(at: datetime, window: Window, calendar: Calendar) -> datetime:
    """Return the first permitted moment not before `at`; raise NoMomentError when the window is empty."""
    found = find_permitted(at, window, calendar)
    if found is None:
        raise NoMomentError(f"the window {window.name!r} has no permitted moment after {at.isoformat()}")
    return found


def _first_opening(day: date, clock: time, window: Window, calendar: Calendar) -> time | None:
    """Return the first moment of a day not before `clock` that window and law allow, None when it has none."""
    spans = window.weekdays[day.weekday()]
    if not spans or not calendar.is_contact_day(day):
        return None
    opens, closes = calendar.legal_hours(day)
    starts = (
        max(span.opens, opens, clock) for span in spans if max(span.opens, opens, clock) < min(span.closes, closes)
    )
    return min(starts, default=None)


def day_part(at: datetime, window: Window, calendar: Calendar) -> str | None:
    """Return the name of the day part of a window in which a moment falls, None outside it."""
    local = calendar.local(at)
    spans = window.weekdays[local.weekday()]
    return next((span.part for span in spans if span.opens <= local.time() < span.closes), None)

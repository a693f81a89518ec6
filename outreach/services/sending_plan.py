"""How long what is planned will take at the pace of each sender, and whether it fits the permitted hours."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.registry import CHANNELS, planned_rates
from channels.settings import ChannelSettings
from outreach.db.tables import AttemptRow
from outreach.services.dropping import STAFF_KINDS
from schedules.calendar import Calendar

DAYS = 7
PARTS = {"sms": 2}
"""Parts that a message is counted as before its text is known; others take one."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What becomes of messages that come due one after another: the last is handed over at `done_at`; `late` are not
    handed over before the hours close, `late_parts` are their parts."""

    done_at: datetime
    late: int
    late_parts: int


@dataclass(frozen=True, kw_only=True)
class PlannedBatch:
    """What goes over one channel on one day. `rate` is parts a second, None without a limit of ours."""

    day: date
    channel: str
    messages: int
    parts: int
    rate: float | None
    first_at: datetime
    done_at: datetime
    closes_at: datetime
    late: int

    @property
    def seconds(self) -> float:
        """Give how long the sender is busy."""
        return self.parts / self.rate if self.rate else 0.0


def fit(dues: Sequence[tuple[datetime, int]], rate: float | None, starts_at: datetime, closes_at: datetime) -> Fit:
    """Send messages (due, parts) in order of due at a rate, none before it is due or before `starts_at`."""
    free_at, late, late_parts = starts_at, 0, 0
    for due_at, parts in sorted(dues):
        free_at = max(free_at, due_at) + timedelta(seconds=parts / rate if rate else 0)
        if free_at > closes_at:
            late, late_parts = late + 1, late_parts + parts
    return Fit(done_at=free_at, late=late, late_parts=late_parts)


def sending_plan(
    session: Session, settings: ChannelSettings, calendar: Calendar, landlord_id: int, now: datetime
) -> list[PlannedBatch]:
    """Plan what is due from now until a week ahead, per civil day and channel, in the order of sending.

    What does not fit a day goes first on the next one, and takes its time there; it is counted on its own day only.
    """
    end = calendar.utc(calendar.day_of(now) + timedelta(days=DAYS))
    statement = (
        select(AttemptRow.channel, AttemptRow.due_at, func.count(), func.sum(func.coalesce(AttemptRow.segments, 0)))
        .where(
            AttemptRow.landlord_id == landlord_id,
            AttemptRow.state == "planned",
            AttemptRow.kind.not_in(STAFF_KINDS),
            AttemptRow.due_at < end,
        )
        .group_by(AttemptRow.channel, AttemptRow.due_at)
    )
    dues: dict[tuple[date, str], list[tuple[datetime, int, int]]] = defaultdict(list)
    for channel, due_at, count, segments in session.execute(statement):
        at = _permitted(calendar, max(due_at, now))
        parts = max(int(segments or 0), count * PARTS.get(channel, 1))
        dues[(calendar.day_of(at), channel)].append((at, count, parts))
    rates = planned_rates(settings)
    left: dict[str, tuple[date, int]] = {}
    batches = []
    for (day, channel), found in sorted(dues.items(), key=_order):
        rate = rates.get(channel)
        since, waiting = left.get(channel, (day, 0))
        waiting = _still_waiting(calendar, since, day, waiting, rate)
        batch, late_parts = _batch(day, channel, found, rate, waiting, calendar, now)
        batches.append(batch)
        left[channel] = day, (max(waiting - _room(calendar, day, rate), 0) if rate else 0) + late_parts
    return batches


def _still_waiting(calendar: Calendar, since: date, until: date, parts: int, rate: float | None) -> int:
    """Give what is left at the start of a day of the parts that waited when another day had closed."""
    day = since + timedelta(days=1)
    while rate and parts and day < until:
        parts = max(parts - _room(calendar, day, rate), 0)
        day += timedelta(days=1)
    return parts


def _room(calendar: Calendar, day: date, rate: float) -> int:
    if not calendar.is_contact_day(day):
        return 0
    opens, closes = (calendar.utc(day, hour) for hour in calendar.legal_hours(day))
    return int((closes - opens).total_seconds() * rate)


def _permitted(calendar: Calendar, at: datetime) -> datetime:
    """Give the first moment from `at` on which the law permits contact."""
    day = calendar.day_of(at)
    while True:
        opens, closes = (calendar.utc(day, hour) for hour in calendar.legal_hours(day))
        if calendar.is_contact_day(day) and at < closes:
            return max(at, opens)
        day += timedelta(days=1)


def _order(item: tuple[tuple[date, str], object]) -> tuple[date, int]:
    (day, channel), _ = item
    return day, list(CHANNELS).index(channel)


def _batch(
    day: date,
    channel: str,
    found: Sequence[tuple[datetime, int, int]],
    rate: float | None,
    waiting: int,
    calendar: Calendar,
    now: datetime,
) -> tuple[PlannedBatch, int]:
    """Plan a day of a channel after the parts that waited; returns with it how many of its own parts are left."""
    messages, parts = sum(count for _, count, _ in found), sum(each for _, _, each in found)
    opens_at, closes_at = (calendar.utc(day, hour) for hour in calendar.legal_hours(day))
    each = [(at, share) for at, count, whole in found for share in _shares(count, whole)]
    starts_at = max(now, opens_at) + timedelta(seconds=waiting / rate if rate else 0)
    outcome = fit(each, rate, starts_at, closes_at)
    planned = PlannedBatch(
        day=day,
        channel=channel,
        messages=messages,
        parts=parts,
        rate=rate,
        first_at=min(at for at, _, _ in found),
        done_at=outcome.done_at,
        closes_at=closes_at,
        late=outcome.late,
    )
    return planned, outcome.late_parts


def _shares(count: int, whole: int) -> list[int]:
    """Share parts over messages, as evenly as whole numbers allow."""
    low, more = divmod(whole, count)
    return [low + 1] * more + [low] * (count - more)

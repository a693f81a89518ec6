"""How long what is planned will take at the pace of each sender, and whether it fits the permitted hours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    handed over before the hours close."""

    done_at: datetime
    late: int


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
    free_at, late = starts_at, 0
    for due_at, parts in sorted(dues):
        free_at = max(free_at, due_at) + timedelta(seconds=parts / rate if rate else 0)
        late += free_at > closes_at
    return Fit(done_at=free_at, late=late)


def sending_plan(
    session: Session, settings: ChannelSettings, calendar: Calendar, landlord_id: int, now: datetime
) -> list[PlannedBatch]:
    """Plan what is due from now until a week ahead, per civil day and channel, in the order of sending."""
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
    return [_batch(key, found, rates, calendar, now) for key, found in sorted(dues.items(), key=_order)]


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
    key: tuple[date, str],
    found: Sequence[tuple[datetime, int, int]],
    rates: Mapping[str, float],
    calendar: Calendar,
    now: datetime,
) -> PlannedBatch:
    day, channel = key
    messages, parts = sum(count for _, count, _ in found), sum(each for _, _, each in found)
    closes_at = calendar.utc(day, calendar.legal_hours(day)[1])
    each = [(at, share) for at, count, whole in found for share in _shares(count, whole)]
    outcome = fit(each, rates.get(channel), now, closes_at)
    return PlannedBatch(
        day=day,
        channel=channel,
        messages=messages,
        parts=parts,
        rate=rates.get(channel),
        first_at=min(at for at, _, _ in found),
        done_at=outcome.done_at,
        closes_at=closes_at,
        late=outcome.late,
    )


def _shares(count: int, whole: int) -> list[int]:
    """Share parts over messages, as evenly as whole numbers allow."""
    low, more = divmod(whole, count)
    return [low + 1] * more + [low] * (count - more)

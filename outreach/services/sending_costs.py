"""What sending cost, as the providers said afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow
from schedules.calendar import Calendar


@dataclass(frozen=True, kw_only=True)
class ChannelCost:
    """Messages of a channel whose price is known, their parts, and what they cost together in `currency`."""

    channel: str
    messages: int
    parts: int
    currency: str
    amount: Decimal


def costs_of_month(session: Session, calendar: Calendar, landlord_id: int, day: date) -> Sequence[ChannelCost]:
    """Add up what was sent in the civil month of a day, per channel and currency."""
    first = day.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    statement = (
        select(
            AttemptRow.channel,
            func.count(),
            func.sum(func.coalesce(AttemptRow.segments, 1)),
            AttemptRow.currency,
            func.sum(AttemptRow.price),
        )
        .where(
            AttemptRow.landlord_id == landlord_id,
            AttemptRow.price.is_not(None),
            AttemptRow.sent_at >= calendar.utc(first),
            AttemptRow.sent_at < calendar.utc(following),
        )
        .group_by(AttemptRow.channel, AttemptRow.currency)
        .order_by(AttemptRow.channel, AttemptRow.currency)
    )
    return [
        ChannelCost(
            channel=channel,
            messages=count,
            parts=int(parts),
            currency=currency or "",
            amount=Decimal(int(price or 0)) / 1_000_000,
        )
        for channel, count, parts, currency, price in session.execute(statement)
    ]

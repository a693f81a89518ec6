"""How much waits to be sent and to be taken in, since when, and which senders are held back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, IncomingEventRow, SenderRow
from outreach.services.dropping import STAFF_KINDS


@dataclass(frozen=True, kw_only=True)
class ChannelDepth:
    """What of one channel is due now and not sent, on its way, and in doubt; `oldest_at` is the first due moment."""

    channel: str
    due: int
    oldest_at: datetime | None
    on_its_way: int
    unknown: int


@dataclass(frozen=True, kw_only=True)
class SenderState:
    """A sender whose provider refused: it is shut until a moment, for this reason, after so many refusals."""

    name: str
    shut_until: datetime | None
    failures: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class QueueDepth:
    """The queue at a moment; ages are since the oldest became due or came in."""

    now: datetime
    channels: Sequence[ChannelDepth]
    senders: Sequence[SenderState]
    incoming: int
    oldest_incoming_at: datetime | None

    @property
    def due(self) -> int:
        """Give how much is due over all channels."""
        return sum(channel.due for channel in self.channels)

    def age(self, since: datetime | None) -> timedelta:
        """Give how long something has waited; zero when nothing waits."""
        return self.now - since if since is not None else timedelta()


def queue_depth(session: Session, landlord_id: int, now: datetime) -> QueueDepth:
    """Read the queue of a landlord; events of webhooks are counted for all landlords together."""
    due = (AttemptRow.state == "planned") & (AttemptRow.due_at <= now)
    statement = (
        select(
            AttemptRow.channel,
            func.count().filter(due),
            func.min(AttemptRow.due_at).filter(due),
            func.count().filter(AttemptRow.state == "claimed"),
            func.count().filter(AttemptRow.state == "unknown"),
        )
        .where(
            AttemptRow.landlord_id == landlord_id,
            AttemptRow.kind.not_in(STAFF_KINDS),
            due | AttemptRow.state.in_(("claimed", "unknown")),
        )
        .group_by(AttemptRow.channel)
        .order_by(AttemptRow.channel)
    )
    channels = [
        ChannelDepth(channel=channel, due=count, oldest_at=_aware(oldest), on_its_way=way, unknown=unknown)
        for channel, count, oldest, way, unknown in session.execute(statement)
    ]
    senders = [
        SenderState(name=row.name, shut_until=row.shut_until, failures=row.failures, reason=row.reason)
        for row in session.scalars(select(SenderRow).where(SenderRow.failures > 0).order_by(SenderRow.name))
    ]
    incoming, oldest = session.execute(
        select(func.count(), func.min(IncomingEventRow.received_at)).select_from(IncomingEventRow)
    ).one()
    return QueueDepth(now=now, channels=channels, senders=senders, incoming=incoming, oldest_incoming_at=_aware(oldest))


def _aware(moment: Any) -> datetime | None:
    return moment if moment is None or isinstance(moment, datetime) else datetime.fromisoformat(moment)

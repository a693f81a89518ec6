"""Keep what providers tell before they are answered: one short transaction, and nothing is lost."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from channels.contract import Event
from outreach.clock import Clock
from outreach.db.carried import event_body
from outreach.db.engine import Database
from outreach.db.tables import IncomingEventRow


def keep_events(db: Database, events: Sequence[Event], now: datetime) -> None:
    """Keep events that came by webhook; one that is kept already stays as it is."""
    rows = {(event.provider, event.event_id): event for event in reversed(events)}
    values = [
        {"provider": provider, "event_id": event_id, "received_at": now, "body": event_body(event)}
        for (provider, event_id), event in rows.items()
    ]
    try:
        with db.write() as session:
            session.execute(insert(IncomingEventRow), values)
    except IntegrityError:
        if len(values) > 1:
            for event in rows.values():
                keep_events(db, [event], now)


class DatabaseKeeping:
    """What a gateway with a line of its own keeps before it answers its provider."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def now(self) -> datetime:
        """Give the present."""
        return self._clock()

    def keep(self, events: Sequence[Event]) -> None:
        """Return when the events are kept."""
        keep_events(self._db, events, self._clock())

"""What providers hand over by webhook: kept first, answered, and taken in together right after.

A provider waits for the answer, so that only one row is written before it. What was kept is never lost: it goes when
it is on record, in its attempt or in the inbox.
"""

import queue
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Any

from sqlalchemy import delete, select

from channels.contract import Event
from outreach.db.carried import event_of
from outreach.db.engine import Database
from outreach.db.incoming import keep_events
from outreach.db.tables import IncomingEventRow
from outreach.runtime import Runtime
from outreach.services.receipt_events import BELONGS_TO_NOBODY_AFTER
from outreach.services.receiving import not_on_record, receive_events

MOST = 500
KEPT_FOR = BELONGS_TO_NOBODY_AFTER + timedelta(minutes=5)
"""What still is on nobody's record after this is forgotten; the log says so."""


def take_in(runtime: Runtime, now: datetime, may_go_on: Callable[[], bool] = lambda: True) -> Counter[str]:
    """Take in what was kept, oldest first, batch after batch; returns counts by kind.

    `may_go_on` is asked before each batch.
    """
    counts: Counter[str] = Counter()
    after = 0
    while may_go_on():
        with runtime.db.read() as session:
            statement = select(IncomingEventRow).where(IncomingEventRow.id > after).order_by(IncomingEventRow.id)
            rows = list(session.scalars(statement.limit(MOST)))
        if not rows:
            break
        after = rows[-1].id
        events = [event_of(row.body) for row in rows]
        counts.update(receive_events(runtime, events, now))
        early = {(event.provider, event.event_id) for event in not_on_record(runtime, events)}
        done = [
            row.id for row in rows if (row.provider, row.event_id) not in early or now - row.received_at >= KEPT_FOR
        ]
        with runtime.db.write() as session:
            session.execute(delete(IncomingEventRow).where(IncomingEventRow.id.in_(done)))
    return counts


class Keeper:
    """Keep the events of many webhook calls in few transactions: each call waits until its own are written."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: queue.SimpleQueue[tuple[Sequence[Event], datetime, Future[None]]] = queue.SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def keep(self, events: Sequence[Event], now: datetime) -> None:
        """Return when the events are kept; raises what the database raised."""
        written: Future[None] = Future()
        self._waiting.put((events, now, written))
        self._start()
        written.result()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._write, daemon=True, name="incoming")
                self._thread.start()

    def _write(self) -> None:
        while True:
            calls = [self._waiting.get()]
            while len(calls) < MOST and not self._waiting.empty():
                calls.append(self._waiting.get())
            self._write_together(calls)

    def _write_together(self, calls: Sequence[tuple[Sequence[Event], datetime, Future[Any]]]) -> None:
        try:
            keep_events(self._db, [event for events, _, _ in calls for event in events], calls[0][1])
        except Exception as error:
            for _, _, written in calls:
                written.set_exception(error)
        else:
            for _, _, written in calls:
                written.set_result(None)

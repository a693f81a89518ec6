"""The sample beside a live worker: the bookkeeping goes on; the work is left to whoever sits at the console."""

from datetime import datetime

from outreach.runtime import Runtime
from outreach.sample.feed import Books
from outreach.sample.portfolio import sample_of
from outreach.sample.world import DELIVERED_AT


class LiveSample:
    """Deliver the open items of sample landlords on each working day; other landlords are left alone."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._books: dict[int, Books | None] = {}

    def before_tick(self, landlord_id: int, now: datetime) -> None:
        """Bring in the delivery of today, once, from the morning on."""
        calendar = self._runtime.calendar
        day = calendar.day_of(now)
        if not calendar.is_working_day(day) or calendar.local(now).time() < DELIVERED_AT:
            return
        books = self._books_of(landlord_id)
        if books is not None:
            books.deliver(day, now)

    def _books_of(self, landlord_id: int) -> Books | None:
        if landlord_id not in self._books:
            with self._runtime.db.read() as session:
                facts = sample_of(session, landlord_id)
            self._books[landlord_id] = Books(self._runtime, landlord_id, facts.seed) if facts else None
        return self._books[landlord_id]

"""The simulated world between the ticks: deliveries in the morning, staff at work, and the clock."""

from datetime import date, datetime, time

from outreach.runtime import Runtime
from outreach.sample.clock import SimulatedClock
from outreach.sample.feed import Books
from outreach.sample.staff import Staff
from outreach.services.day import LAST_TICK, finished_until, play_day

DELIVERED_AT = time(6, 30)


class World:
    """Everything outside the product: bookkeeping and staff; the tenants answer inside the sandbox."""

    def __init__(
        self, runtime: Runtime, landlord_id: int, seed: int, clock: SimulatedClock, left_open: date | None = None
    ) -> None:
        """Make the world; on the day `left_open` the staff leave their work to whoever opens the console."""
        self._runtime, self._landlord_id, self._clock = runtime, landlord_id, clock
        self._left_open = left_open
        self._books = Books(runtime, landlord_id, seed)
        self._staff = Staff(runtime, landlord_id, seed, clock)

    def play(self, day: date) -> None:
        """Play a whole civil day; what was finished before is left out."""
        if not self.is_finished(day):
            end = self._runtime.calendar.utc(day, LAST_TICK)
            play_day(self._runtime, self._landlord_id, day, end, _ignore, self.before_tick)

    def is_finished(self, day: date) -> bool:
        """Say whether the last tick of a day has been done and its evidence anchored by the tick after it."""
        done = finished_until(self._runtime, self._landlord_id, day)
        return done is not None and done >= self._runtime.calendar.utc(day, LAST_TICK)

    def before_tick(self, moment: datetime) -> None:
        """Do what the world does before a tick: the delivery, the hour of the staff; then it is that moment."""
        calendar = self._runtime.calendar
        day = calendar.day_of(moment)
        self.deliver(day)
        if day != self._left_open:
            self._staff.work(moment)
        self._clock.set(moment)

    def deliver(self, day: date) -> None:
        """Bring in the delivery of a working day, once."""
        if self._runtime.calendar.is_working_day(day):
            at = self._runtime.calendar.utc(day, DELIVERED_AT)
            self._books.deliver(day, self._clock.set(at) if self._clock() < at else at)


def _ignore(moment: datetime) -> None:
    """Leave the clock: the world sets it itself, as it works before the tick."""

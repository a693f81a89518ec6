"""The live worker: a few fixed, idempotent ticks by APScheduler; one scheduler at a time by a database lease."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from outreach.db.engine import Database
from outreach.db.tables import LeaseRow
from outreach.runtime import Runtime
from outreach.services.day import finish_day, landlords, tick

LEASE = "ticks"
LEASE_SECONDS = 150
TICK_SECONDS = 60
log = logging.getLogger("outreach.worker")

BeforeTick = Callable[[int, datetime], None]


def hold_lease(db: Database, holder: str, now: datetime) -> bool:
    """Take or renew the lease; says whether this process may tick."""
    until = now + timedelta(seconds=LEASE_SECONDS)
    try:
        with db.write() as session:
            changed = session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == LEASE, (LeaseRow.holder == holder) | (LeaseRow.expires_at <= now))
                .values(holder=holder, expires_at=until)
                .returning(LeaseRow.name)
            ).all()
            if changed:
                return True
            if session.get(LeaseRow, LEASE) is not None:
                return False
            session.add(LeaseRow(name=LEASE, holder=holder, expires_at=until))
        return True
    except IntegrityError:
        return False


class Worker:
    """Tick every minute, for every landlord, while this process holds the lease."""

    def __init__(self, runtime: Runtime, before_tick: BeforeTick | None = None) -> None:
        self._runtime = runtime
        self._before_tick = before_tick
        self._holder = secrets.token_hex(8)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.run_once,
            "interval",
            seconds=TICK_SECONDS,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=runtime.clock(),
        )

    def start(self) -> None:
        """Begin to tick in the background."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop after the tick that is running."""
        self._scheduler.shutdown(wait=True)

    def run_once(self) -> None:
        """Tick once for every landlord; an error of one does not stop the others."""
        now = self._runtime.clock()
        if not hold_lease(self._runtime.db, self._holder, now):
            return
        with self._runtime.db.read() as session:
            ids = landlords(session)
        for landlord_id in ids:
            try:
                if self._before_tick is not None:
                    self._before_tick(landlord_id, now)
                tick(self._runtime, landlord_id, now)
                finish_day(self._runtime, landlord_id, self._runtime.calendar.day_of(now), now)
            except Exception:
                log.exception("tick of landlord %s failed; it is tried again in a minute", landlord_id)

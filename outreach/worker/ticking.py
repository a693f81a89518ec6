"""The live worker: a few fixed, idempotent ticks by APScheduler; one scheduler at a time by a database lease.

Every minute the day's tick. Every second what is due goes out: on SQLite in this process, on PostgreSQL by jobs that
any worker takes (`jobs`), put into the queue by the one that holds the lease.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler

from outreach.clock import system_clock
from outreach.runtime import Runtime
from outreach.services.day import finish_day, landlords, tick
from outreach.worker.delivering import send_all, take_in_once
from outreach.worker.leases import hold_lease

LEASE = "ticks"
LEASE_SECONDS = 150
DISPATCH_LEASE = "dispatch"
DISPATCH_SECONDS = 5
TICK_SECONDS = 60
DELIVER_SECONDS = 1
AGAIN_SECONDS = 5
SENDERS = 2
"""On SQLite one batch is claimed while another is with its provider."""
log = logging.getLogger("outreach.worker")
logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a second that is skipped because work goes on is no news

BeforeTick = Callable[[int, datetime], None]


class Worker:
    """Tick every minute, for every landlord, while this process holds the lease; send and take in every second.

    `concurrency` is how many jobs this process does at a time on PostgreSQL.
    """

    def __init__(self, runtime: Runtime, before_tick: BeforeTick | None = None, concurrency: int = 2) -> None:
        self._runtime = runtime
        self._before_tick = before_tick
        self._concurrency = concurrency
        self._holder = secrets.token_hex(8)
        self._jobs: Thread | None = None
        self._stopping = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._scheduler = BackgroundScheduler(timezone="UTC")
        works = [(self.run_once, TICK_SECONDS, 1), (self.send_once, DELIVER_SECONDS, 1)]
        if not runtime.db.is_postgresql:
            works = [works[0], (self.send_once, DELIVER_SECONDS, SENDERS), (self.take_in_once, DELIVER_SECONDS, 1)]
        for work, seconds, instances in works:
            self._scheduler.add_job(
                work,
                "interval",
                seconds=seconds,
                coalesce=True,
                max_instances=instances,
                misfire_grace_time=None,
                next_run_time=system_clock(),
            )

    def start(self) -> None:
        """Begin to tick in the background, and on PostgreSQL to do jobs beside it."""
        self._scheduler.start()
        if self._runtime.db.is_postgresql:
            self._jobs = Thread(target=self._do_jobs, daemon=True, name="jobs")
            self._jobs.start()

    def stop(self) -> None:
        """Stop after the tick and the jobs that are running."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)
        if self._loop is not None and self._stop is not None:
            with suppress(RuntimeError):  # the jobs ended before, and their loop with them
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._jobs is not None:
            self._jobs.join(timeout=70)

    def run_once(self) -> None:
        """Tick once for every landlord; an error of one does not stop the others."""
        now = self._runtime.clock()
        if not hold_lease(self._runtime.db, LEASE, self._holder, now, LEASE_SECONDS):
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

    def send_once(self) -> None:
        """Send what is due here on SQLite; on PostgreSQL put jobs into the queue, for sending and for taking in."""
        runtime = self._runtime
        try:
            if not runtime.db.is_postgresql:
                send_all(runtime)
                return
            from outreach.worker.jobs import dispatch

            if hold_lease(runtime.db, DISPATCH_LEASE, self._holder, runtime.clock(), DISPATCH_SECONDS):
                dispatch(runtime)
        except Exception:
            log.exception("sending failed; it is tried again in a second")

    def take_in_once(self) -> None:
        """Take in what webhooks kept."""
        try:
            take_in_once(self._runtime, self._holder)
        except Exception:
            log.exception("taking in failed; it is tried again in a second")

    def _do_jobs(self) -> None:
        """Do jobs until this worker stops; when the database goes away, again as soon as it is back."""
        while not self._stopping.is_set():
            try:
                asyncio.run(self._run_jobs())
            except Exception:
                log.exception("the job queue failed; it is tried again in %s seconds", AGAIN_SECONDS)
                self._stopping.wait(AGAIN_SECONDS)

    async def _run_jobs(self) -> None:
        from outreach.worker.jobs import run_jobs

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await run_jobs(self._runtime, self._holder, self._stop, concurrency=self._concurrency)

"""The job queue on PostgreSQL (Procrastinate): wakes workers on any machine; the future itself stays in our table.

A job says that a landlord has something to send, not what: a worker claims what is due when it comes. So a job that is
lost or comes twice does no harm. Jobs lie in a schema of their own, made and upgraded here.
"""

import asyncio
import logging
from importlib.metadata import version
from pathlib import Path
from typing import Any

import procrastinate
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.orm import Session

from outreach.db.engine import QUEUE_SCHEMA, Database
from outreach.db.tables import AttemptRow, IncomingEventRow
from outreach.runtime import Runtime, Wake
from outreach.services.sending import BATCH
from outreach.worker.delivering import send_for, take_in_once

SEND, TAKE_IN, STALLED = "send", "take_in", "retry_stalled"
MOST_JOBS = 16
"""Jobs that wait for one landlord at a time; each sends batch after batch."""

HEARTBEAT_SECONDS = 10
log = logging.getLogger("outreach.worker")


def waker(db: Database) -> Wake:
    """Give what puts a job into the queue in the caller's own transaction."""
    ensure_schema(db.engine)
    send = procrastinate.App(connector=procrastinate.SyncPsycopgConnector()).configure_task

    def wake(session: Session, landlord_id: int) -> None:
        raw = session.connection().connection.dbapi_connection
        send(SEND, connection=raw, queue=SEND).defer(landlord_id=landlord_id)

    return wake


def ensure_schema(engine: Engine) -> None:
    """Make the queue's schema, or bring it to the version of the library; one process at a time."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"outreach-{QUEUE_SCHEMA}"})
        done = _done(connection)
        if done == version("procrastinate"):
            return
        statements = [SchemaManager.get_schema()] if done is None else _later_than(done)
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {QUEUE_SCHEMA}")
        connection.exec_driver_sql(f"SET LOCAL search_path TO {QUEUE_SCHEMA}")
        raw: Any = connection.connection.dbapi_connection
        for statement in statements:
            raw.execute(statement)
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {QUEUE_SCHEMA} IS 'procrastinate {version('procrastinate')}'")


def _done(connection: Connection) -> str | None:
    comment = connection.scalar(
        text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name"),
        {"name": QUEUE_SCHEMA},
    )
    return str(comment).removeprefix("procrastinate ") if comment else None


def _later_than(done: str) -> list[str]:
    """Give the library's migrations after a version, in their order; they are named by version and number."""
    known = _numbers(done)
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file.read_text(encoding="utf-8") for file in files if _numbers(file.name.partition("_")[0]) > known]


def _numbers(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in written.split(".")[:3])


def dispatch(runtime: Runtime) -> int:
    """Put jobs into the queue for what is due and for what webhooks kept; returns how many."""
    now, made = runtime.clock(), 0
    configure = procrastinate.App(connector=procrastinate.SyncPsycopgConnector()).configure_task
    with runtime.db.write() as session:
        due = session.execute(
            select(AttemptRow.landlord_id, func.count())
            .where(AttemptRow.state == "planned", AttemptRow.due_at <= now)
            .group_by(AttemptRow.landlord_id)
        ).all()
        kept = session.scalar(select(IncomingEventRow.id).limit(1)) is not None
        if not due and not kept:
            return 0
        waiting = _waiting(session)
        raw = session.connection().connection.dbapi_connection
        for landlord_id, count in due:
            wanted = min(-(-count // BATCH), MOST_JOBS) - waiting.get((SEND, landlord_id), 0)
            for _ in range(max(0, wanted)):
                configure(SEND, connection=raw, queue=SEND).defer(landlord_id=landlord_id)
                made += 1
        if kept and not waiting.get((TAKE_IN, None)):
            configure(TAKE_IN, connection=raw, queue=TAKE_IN, priority=1).defer()
            made += 1
    return made


def _waiting(session: Session) -> dict[tuple[str, int | None], int]:
    statement = text(
        "SELECT task_name, (args->>'landlord_id')::bigint, count(*) FROM procrastinate_jobs"
        " WHERE status = 'todo' GROUP BY 1, 2"
    )
    return {(name, landlord_id): count for name, landlord_id, count in session.execute(statement)}


async def run_jobs(runtime: Runtime, holder: str, stop: asyncio.Event, *, concurrency: int = 2) -> None:
    """Do jobs until `stop` is set; those that are running are finished first."""
    app = _app(runtime, holder)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=1.0,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=60,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
            )
        )
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def _app(runtime: Runtime, holder: str) -> procrastinate.App:
    conninfo = runtime.db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo, kwargs={"options": f"-c search_path={QUEUE_SCHEMA},public"}, min_size=1, max_size=4
    )
    app = procrastinate.App(connector=connector)

    @app.task(name=SEND, queue=SEND)
    def send(landlord_id: int) -> None:
        send_for(runtime, landlord_id)

    @app.task(name=TAKE_IN, queue=TAKE_IN)
    def take_in() -> None:
        take_in_once(runtime, holder)

    @app.periodic(cron="* * * * *")
    @app.task(name=STALLED, queue=STALLED, pass_context=True, queueing_lock=STALLED)
    async def retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
        for job in await context.app.job_manager.get_stalled_jobs():
            await context.app.job_manager.retry_job(job)

    return app

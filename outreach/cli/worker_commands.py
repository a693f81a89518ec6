"""`outreach worker`: a process that sends and takes in, on any machine that reaches the database."""

import signal
from threading import Event

import click

from outreach.cli.frame import open_runtime
from outreach.errors import OutreachError
from outreach.worker.ticking import Worker


@click.command("worker")
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 16), help="Taken tegelijk.")
def worker_command(concurrency: int) -> None:
    """Start een worker: hij verstuurt en neemt in ontvangst, tot hij stopt (Ctrl+C)."""
    runtime = open_runtime()
    if not runtime.db.is_postgresql:
        raise OutreachError(
            "Een losse worker werkt op PostgreSQL. Op SQLite verstuurt `outreach serve` zelf.",
            "A worker of its own works on PostgreSQL. On SQLite `outreach serve` sends itself.",
        )
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    worker = Worker(runtime, concurrency=concurrency)
    worker.start()
    click.echo("De worker draait (stoppen: Ctrl+C).", err=True)
    stopped.wait()
    click.echo("De worker maakt af waar hij mee bezig is.", err=True)
    worker.stop()
    runtime.db.dispose()

"""Measure sending: accepted messages and full cycles a second, how late, and memory, beside bare limits.

A full cycle: due, claimed and checked, sent to a provider on loopback, called back by it, delivered on record. The
limits beside it: a bare loop of HTTP requests to the same provider, and a bare loop that writes the same rows.
"""

import json
import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import click
import requests
import waitress
from requests.adapters import HTTPAdapter
from sqlalchemy import func, insert, select, update

from outreach.cli.bench_provider import run_provider
from outreach.cli.bench_send_world import half_past_seven, make_due, make_world, ten_o_clock
from outreach.clock import shifted_clock, system_clock
from outreach.config import Settings
from outreach.db.tables import AttemptRow, ChannelEventRow
from outreach.runtime import Runtime, make_runtime
from outreach.sample.clock import SimulatedClock
from outreach.services.text_checking import warm_checks
from outreach.web.app import create_app
from outreach.worker.ticking import Worker
from outreach.worker.waking import wake_for

TOKEN = "0" * 32
ACCOUNT = "AC" + "0" * 32
CONNECTIONS = 64
PATIENCE = 120.0
_CONTEXT = get_context("spawn")


@dataclass(frozen=True, kw_only=True)
class SendFigures:
    """Messages, seconds from due until all were accepted and until all were delivered on record, and what follows.

    `handed_over_p95` is seconds from due until the provider had it; memory is the highest of one worker in MB.
    """

    database: str
    messages: int
    workers: int
    accepted_seconds: float
    cycle_seconds: float
    accepted_per_second: float
    cycles_per_second: float
    handed_over_p50: float
    handed_over_p95: float
    worker_mb: float
    bare_http_per_second: float
    bare_rows_per_second: float


@click.command("send")
@click.option("--messages", default=4000, show_default=True, type=click.IntRange(min=10))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 16))
@click.option(
    "--delay-ms", default=50, show_default=True, type=click.IntRange(0, 5000), help="Wachttijd bij de provider."
)
@click.option("--database", help="Een lege PostgreSQL-database; anders een SQLite-bestand.")
@click.option("--json", "as_json", is_flag=True)
def bench_send_command(messages: int, workers: int, delay_ms: int, database: str | None, as_json: bool) -> None:
    """Meet het versturen. / Measure sending."""
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), messages, workers, delay_ms / 1000, database)
    if as_json:
        click.echo(json.dumps(asdict(figures), indent=2))
        return
    http = figures.accepted_per_second / figures.bare_http_per_second
    rows = figures.cycles_per_second / figures.bare_rows_per_second
    click.echo(f"{figures.messages} messages, {figures.workers} worker(s), {figures.database}, {delay_ms} ms")
    click.echo(f"accepted      {figures.accepted_per_second:8.0f}/s  ({http:.2f} x bare HTTP)")
    click.echo(f"full cycle    {figures.cycles_per_second:8.0f}/s  ({rows:.3f} x bare rows)")
    click.echo(f"handed over   {figures.handed_over_p50:8.2f} s median, {figures.handed_over_p95:.2f} s at 95%")
    click.echo(f"worker memory {figures.worker_mb:8.0f} MB")
    click.echo(f"bare HTTP     {figures.bare_http_per_second:8.0f}/s")
    click.echo(f"bare rows     {figures.bare_rows_per_second:8.0f}/s")


def measure(folder: Path, messages: int, workers: int, delay: float, database: str | None) -> SendFigures:
    """Measure in a folder of its own; the database must be empty."""
    settings = Settings(
        data_dir=folder,
        database_url=database or f"sqlite:///{folder / 'bench.sqlite3'}",
        secret_key="bench",
        mode="live",
        sending_enabled=True,
        connections=CONNECTIONS,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_sender="+3197010000000",
        twilio_segments_per_second=1e6,
    )
    clock = SimulatedClock(system_clock() - timedelta(days=3650))
    runtime = make_runtime(settings, clock=clock, wake=wake_for)
    started = clock.set(half_past_seven(runtime))
    made = make_world(runtime, messages, started)
    with _provider(delay) as (port, told):
        bare_http = _bare_http(port, messages)
        bare_rows = _bare_rows(runtime, messages)
        url = f"http://127.0.0.1:{port}"
        shift = ten_o_clock(runtime, system_clock)
        return _run(replace(settings, twilio_base_url=url), runtime, made, workers, shift, told, (bare_http, bare_rows))


def _run(
    settings: Settings,
    runtime: Runtime,
    messages: int,
    workers: int,
    shift: timedelta,
    told: Any,
    bare: tuple[float, float],
) -> SendFigures:
    port = _free_port()
    public = replace(settings, public_url=f"http://127.0.0.1:{port}")
    web = _CONTEXT.Process(target=_serve, args=(public, shift, port), daemon=True)
    web.start()
    ready = [_start_worker(public, shift) for _ in range(workers)]
    started_workers = [process for process, told_ready in ready if told_ready.recv()]
    _wait_for(port)
    make_due(runtime, shifted_clock(shift)())
    begin = time.monotonic()
    accepted = _until(runtime, messages, AttemptRow.provider_ref.is_not(None))
    cycle = _until(runtime, messages, AttemptRow.outcome == "delivered")
    memory = max(_peak_mb(process) for process in started_workers)
    for process in [*started_workers, web]:
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
    told.send("figures")
    arrived, _ = told.recv()
    late = sorted(moment - begin for moment in arrived[-messages:])
    if len(arrived) != 2 * messages:
        raise click.ClickException(f"{len(arrived) - messages} requests for {messages} messages")
    return SendFigures(
        database=runtime.db.engine.dialect.name,
        messages=messages,
        workers=workers,
        accepted_seconds=accepted - begin,
        cycle_seconds=cycle - begin,
        accepted_per_second=messages / (accepted - begin),
        cycles_per_second=messages / (cycle - begin),
        handed_over_p50=late[len(late) // 2],
        handed_over_p95=late[int(len(late) * 0.95)],
        worker_mb=memory,
        bare_http_per_second=bare[0],
        bare_rows_per_second=bare[1],
    )


def _until(runtime: Runtime, messages: int, reached: Any) -> float:
    """Wait until all messages have come so far; returns when."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with runtime.db.read() as session:
            if session.scalar(select(func.count()).select_from(AttemptRow).where(reached)) == messages:
                return time.monotonic()
        time.sleep(0.1)
    raise click.ClickException(f"not done after {PATIENCE:.0f} s")


def _start_worker(settings: Settings, shift: timedelta) -> tuple[BaseProcess, Any]:
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=_work, args=(settings, shift, theirs), daemon=True)
    process.start()
    return process, ours


def _work(settings: Settings, shift: timedelta, told: Any) -> None:
    runtime = make_runtime(settings, clock=shifted_clock(shift), wake=wake_for)
    warm_checks()
    Worker(runtime).start()
    told.send("ready")
    signal.pause()


def _wait_for(port: int) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)


def _serve(settings: Settings, shift: timedelta, port: int) -> None:
    runtime = make_runtime(settings, clock=shifted_clock(shift), wake=wake_for)
    waitress.serve(create_app(runtime), host="127.0.0.1", port=port, threads=16, ident=None)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _provider(delay: float) -> Iterator[tuple[int, Any]]:
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=run_provider, args=(theirs, delay, TOKEN), daemon=True)
    process.start()
    yield ours.recv(), ours
    process.kill()
    process.join()


def _peak_mb(process: BaseProcess) -> float:
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _bare_http(port: int, messages: int) -> float:
    """Post so many forms over as many connections, with nothing around it."""
    session = requests.Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
    form = {"To": "+31610000000", "From": "+3197010000000", "Body": "Goedendag. " * 10}
    url = f"http://127.0.0.1:{port}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    begin = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda _: session.post(url, data=form, timeout=30).json(), range(messages)))
    return messages / (time.monotonic() - begin)


def _bare_rows(runtime: Runtime, messages: int) -> float:
    """Write an event for each message and change a row for it, in transactions of 200, with nothing around it."""
    begin = time.monotonic()
    with runtime.db.read() as session:
        ids = list(session.scalars(select(AttemptRow.id).where(AttemptRow.state == "planned")))
    for start in range(0, len(ids), 200):
        batch = ids[start : start + 200]
        with runtime.db.write() as session:
            rows = [
                {"landlord_id": 1, "provider": "bare", "event_id": str(each), "kind": "receipt", "at": runtime.clock()}
                for each in batch
            ]
            session.execute(insert(ChannelEventRow), [{**row, "known_at": runtime.clock()} for row in rows])
            session.execute(update(AttemptRow).where(AttemptRow.id.in_(batch)).values(tries=AttemptRow.tries))
    return len(ids) / (time.monotonic() - begin)

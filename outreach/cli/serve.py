"""`outreach serve`: console and worker in one process."""

from datetime import datetime

import click
import waitress

from outreach.cli.frame import open_runtime
from outreach.cli.tenant_link_commands import locally_addressed
from outreach.runtime import Runtime
from outreach.sample.live import LiveSample
from outreach.services.text_checking import warm_checks
from outreach.web.app import create_app
from outreach.web.background import EXTENSION as BACKGROUND
from outreach.worker.ticking import Worker


def serve(runtime: Runtime, *, host: str, port: int, worker: bool = True, threads: int = 6) -> None:
    """Serve the console until it is stopped, with the worker beside it."""
    runtime = locally_addressed(runtime, host, port)
    sample = LiveSample(runtime)

    def before_tick(landlord_id: int, now: datetime) -> None:
        sample.before_tick(landlord_id, now)

    ticking = Worker(runtime, before_tick) if worker else None
    app = create_app(runtime)
    app.extensions[BACKGROUND].start(warm_checks)
    if ticking is not None:
        ticking.start()
    click.echo(f"De console staat klaar op http://{host}:{port}/  (stoppen: Ctrl+C)", err=True)
    try:
        waitress.serve(app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True)
    finally:
        if ticking is not None:
            ticking.stop()
        runtime.db.dispose()


@click.command("serve")
@click.option("--host", help="Adres; standaard 127.0.0.1.")
@click.option("--port", type=int, help="Poort; standaard 8765.")
@click.option("--no-worker", is_flag=True, help="Alleen de console, geen worker.")
def serve_command(host: str | None, port: int | None, no_worker: bool) -> None:
    """Start de console en de worker."""
    runtime = open_runtime()
    settings = runtime.settings
    serve(runtime, host=host or settings.host, port=port or settings.port, worker=not no_worker)

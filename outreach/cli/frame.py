"""What commands share: the runtime, the chosen landlord, JSON output."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import select

from outreach.clock import Clock, system_clock
from outreach.config import Settings, load_settings
from outreach.db.tables import LandlordRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime, make_runtime
from outreach.sample.portfolio import sample_of
from outreach.sample.responder import make_responder
from outreach.services.call_scripts import CallScripts
from outreach.services.shipped import check_shipped, refresh_shipped
from outreach.worker.waking import wake_for

DEFAULT_SEED = 7

Decorate = Callable[[Callable[..., None]], Callable[..., None]]

json_option: Decorate = click.option("--json", "as_json", is_flag=True, help="Uitvoer als JSON.")
landlord_option: Decorate = click.option(
    "--landlord", "landlord_slug", help="Verhuurder (korte naam); nodig bij meer dan één."
)


def open_runtime(clock: Clock = system_clock) -> Runtime:
    """Compose the runtime from the environment; in the sandbox simulated tenants answer."""
    return compose(load_settings(), clock)


def compose(settings: Settings, clock: Clock = system_clock) -> Runtime:
    """Compose a runtime whose shipped ladders and texts are checked and in force for every landlord."""
    runtime = make_runtime(
        settings, clock=clock, respond=make_responder(_seed(settings)), wake=wake_for, scripts=CallScripts
    )
    check_shipped(runtime.catalogue)
    refresh_shipped(runtime)
    return runtime


def _seed(settings: Settings) -> int:
    """Give the seed of the sample in this database, so that its tenants stay who they are."""
    runtime = make_runtime(settings)
    try:
        with runtime.db.read() as session:
            facts = [sample_of(session, row.id) for row in session.scalars(select(LandlordRow))]
    finally:
        runtime.db.dispose()
    return next((each.seed for each in facts if each), DEFAULT_SEED)


def choose_landlord(runtime: Runtime, slug: str | None) -> LandlordRow:
    """Find the landlord by its short name, or the only one there is; raises OutreachError naming what there is."""
    with runtime.db.read() as session:
        rows = list(session.scalars(select(LandlordRow).order_by(LandlordRow.id)))
    found = [row for row in rows if slug in (None, row.slug)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(row.slug for row in rows)
    if not rows:
        raise OutreachError(
            "Er is nog geen verhuurder. Maak er een: outreach landlord create NAAM",
            "There is no landlord yet. Make one: outreach landlord create NAME",
        )
    raise OutreachError(f"Kies een verhuurder met --landlord: {names}.", f"Choose a landlord with --landlord: {names}.")


def print_json(value: Any) -> None:
    """Print a value as JSON; dates in ISO 8601."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")

"""Measure the engine: decisions a second, beside copying the same facts as a raw limit."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import click

from outreach.cli.frame import json_option, print_json
from schedules.calendar import Calendar, load_law
from schedules.engine import decide
from schedules.loader import load_preset
from schedules.rehearsal import Script, first_facts, rehearse
from schedules.settings import PolicySettings

DUE_ON = date(2026, 9, 1)


@click.command("engine")
@click.option("--decisions", default=5000, show_default=True, type=click.IntRange(min=100))
@json_option
def bench_engine_command(decisions: int, as_json: bool) -> None:
    """Meet hoeveel beslissingen de motor per seconde neemt, op dag 21 van de standaardladder."""
    calendar, ladder, settings = Calendar(load_law()), load_preset("standaard"), PolicySettings()
    played = rehearse(ladder, settings, calendar, first_facts(DUE_ON, 65000), Script(title=""), 20)
    facts = replace(played.facts, ledger_as_of=DUE_ON + timedelta(days=21))
    now = calendar.utc(DUE_ON + timedelta(days=21)) + timedelta(hours=10)
    engine = _per_second(decisions, lambda: decide(ladder, facts, settings, calendar, now))
    limit = _per_second(decisions, lambda: replace(facts, amount_cents=1))
    found = {"decisions": decisions, "decide_per_second": engine, "copy_per_second": limit}
    if as_json:
        print_json({**found, "ratio": round(engine / limit, 4)})
        return
    click.echo(f"{engine:>10,.0f} beslissingen per seconde")
    click.echo(f"{limit:>10,.0f} kopieën van dezelfde feiten per seconde (verhouding {engine / limit:.4f})")


def _per_second(times: int, work: Callable[[], object]) -> int:
    work()
    start = time.perf_counter()
    for _ in range(times):
        work()
    return round(times / (time.perf_counter() - start))

"""Measure the simulation: tenancies and decisions a second, and memory, beside a bare loop of decisions."""

import resource
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

import click

from outreach.cli.files import known_ladder
from outreach.cli.frame import json_option, print_json
from schedules.calendar import Calendar, load_law
from schedules.engine import decide
from schedules.facts import CaseFacts
from schedules.ladder import Ladder, example_fills
from schedules.rehearsal import Script, first_facts, rehearse
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped
from schedules.simulation.figures import default_figures
from schedules.simulation.portfolio import made_up_portfolio
from schedules.simulation.run import Run, simulate

START = date(2027, 1, 1)
LIMIT_DAYS = (2, 9, 21, 40, 80)
LIMIT_ROUNDS = 400


@click.command("simulate")
@click.option("--ladder", default="standaard", show_default=True)
@click.option("--tenancies", default=100_000, show_default=True, type=click.IntRange(min=50))
@click.option("--months", default=12, show_default=True, type=click.IntRange(min=1))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True)
@json_option
def bench_simulate_command(ladder: str, tenancies: int, months: int, workers: int, seed: int, as_json: bool) -> None:
    """Meet het doorrekenen van een ladder: tijd, beslissingen per seconde en geheugen."""
    loaded = load_shipped(known_ladder(ladder))
    settings, figures = PolicySettings(fills=example_fills(loaded), minimum_amount_cents=2500), default_figures()
    portfolio = made_up_portfolio(tenancies, figures)
    run = Run(ladder=loaded, settings=settings, portfolio=portfolio, start=START, months=months, seed=seed)
    started, before = time.perf_counter(), _cpu_seconds()
    with click.progressbar(length=tenancies, label=f"{tenancies} huurovereenkomsten", file=sys.stderr) as bar:
        (tally,) = simulate([run], workers, bar.update)
    seconds = time.perf_counter() - started
    decisions = tally.counts[("decide",)]
    found = {
        "ladder": ladder,
        "tenancies": tenancies,
        "months": months,
        "workers": workers,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(_cpu_seconds() - before, 1),
        "tenancies_per_second": round(tenancies / seconds),
        "cases": tally.total("cases"),
        "decisions": decisions,
        "rechecks": tally.counts[("recheck",)],
        "decisions_per_second": round(decisions / seconds),
        "peak_memory_mb": _peak_memory_mb(workers),
        "bare_decide_per_second": _bare_decide(loaded, settings),
    }
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Mapping[str, object]) -> None:
    click.echo(
        f"{found['seconds']:>12} seconden met {found['workers']} processen, {found['cpu_seconds']} seconden rekentijd"
    )
    click.echo(f"{found['tenancies_per_second']:>12} huurovereenkomsten per seconde, {found['cases']} dossiers")
    click.echo(f"{found['decisions']:>12} beslissingen en {found['rechecks']} laatste controles van de motor")
    click.echo(f"{found['decisions_per_second']:>12} beslissingen per seconde, alles samen")
    click.echo(f"{found['bare_decide_per_second']:>12} beslissingen per seconde in een kale lus op een kern")
    click.echo(f"{found['peak_memory_mb']:>12} MB geheugen op het hoogste punt, alle processen opgeteld")


def _cpu_seconds() -> float:
    """Return the processor time of this process and of the workers that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _peak_memory_mb(workers: int) -> int:
    """Return the most memory used (MB): this process, and each worker as if it were the largest of them."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if workers > 1 else 0
    return round((own + workers * largest) / unit)


def _bare_decide(ladder: Ladder, settings: PolicySettings) -> int:
    """Return how many decisions a second one core makes on cases of different ages, and nothing else."""
    calendar = Calendar(load_law())
    moments = [_case_of_age(ladder, settings, calendar, days) for days in LIMIT_DAYS]
    started = time.perf_counter()
    for _ in range(LIMIT_ROUNDS):
        for facts, now in moments:
            decide(ladder, facts, settings, calendar, now)
    return round(LIMIT_ROUNDS * len(moments) / (time.perf_counter() - started))


def _case_of_age(ladder: Ladder, settings: PolicySettings, calendar: Calendar, days: int) -> tuple[CaseFacts, datetime]:
    facts = rehearse(ladder, settings, calendar, first_facts(START, 65000), Script(title=""), days).facts
    return replace(facts, ledger_as_of=START + timedelta(days=days)), calendar.utc(
        START + timedelta(days=days), time_of_day(10)
    )

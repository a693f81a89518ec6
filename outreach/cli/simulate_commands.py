"""`outreach simulate`: work a ladder out in advance, alone or beside another, on own or made-up tenants."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from outreach.cli.files import file_text, ladder_text
from outreach.cli.frame import choose_landlord, json_option, open_runtime, print_json
from outreach.clock import system_clock
from outreach.services.own_portfolio import first_of_next_month
from outreach.services.simulating import (
    MOST_MONTHS,
    MOST_TENANCIES,
    OWN,
    SYNTHETIC,
    Asked,
    LadderText,
    Owner,
    find_ladder,
    read_figures_file,
    read_ladder_file,
    size_of,
    work_out,
)
from outreach.services.simulation_report import write_report
from outreach.services.simulation_table import Row, rows
from outreach.services.simulation_words import NO_FORECAST, circumstances, example_notes


@click.command("simulate")
@click.argument("ladder")
@click.option("--against", help="Een tweede ladder, met dezelfde huurders en dezelfde trekkingen.")
@click.option("--tenancies", default=5000, show_default=True, type=click.IntRange(50, MOST_TENANCIES))
@click.option("--months", default=12, show_default=True, type=click.IntRange(1, MOST_MONTHS))
@click.option("--seed", default=1, show_default=True, type=int)
@click.option("--portfolio", default=SYNTHETIC, show_default=True, type=click.Choice([OWN, SYNTHETIC]))
@click.option("--behaviour", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Eigen cijfers.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="Eerste dag; zonder: de eerste van de volgende maand.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Map voor rapport, grafieken en gegevens."
)
@click.option("--landlord", "slug", help="Verhuurder (korte naam); voor eigen huurders en eigen ladders.")
@json_option
def simulate_command(
    ladder: str,
    against: str | None,
    tenancies: int,
    months: int,
    seed: int,
    portfolio: str,
    behaviour: Path | None,
    start: datetime | None,
    workers: int,
    out: Path | None,
    slug: str | None,
    as_json: bool,
) -> None:
    """Reken door wat een contactladder doet: naam van een ladder, of een eigen bestand."""
    if behaviour is not None:
        file_text(behaviour)
    owner = _owner(slug) if portfolio == OWN or slug is not None else None
    own = owner.ladders() if owner else {}
    asked = Asked(
        ladder=_ladder(ladder, own),
        start=start.date() if start else first_of_next_month(system_clock().date()),
        against=_ladder(against, own) if against else None,
        tenancies=tenancies,
        months=months,
        seed=seed,
        portfolio=portfolio,
        figures=read_figures_file(behaviour) if behaviour else None,
        workers=workers,
    )
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    found = _played(asked, owner)
    written = write_report(found, out) if out else ()
    if as_json:
        print_json(found)
    else:
        _print(found)
        if written:
            click.echo(f"Rapport: {written[0]} ({len(written)} bestanden)")


def _owner(slug: str | None) -> Owner:
    runtime = open_runtime()
    return Owner(runtime=runtime, landlord_id=choose_landlord(runtime, slug).id)


def _ladder(name: str, own: Mapping[str, LadderText]) -> LadderText:
    path = Path(name)
    if not path.is_file():
        return find_ladder(name, own)
    ladder_text(path)
    return read_ladder_file(path)


def _played(asked: Asked, owner: Owner | None) -> dict[str, Any]:
    size = size_of(asked, owner)
    with click.progressbar(length=size, label=f"{asked.months} maanden doorrekenen", file=sys.stderr) as bar:
        return work_out(asked, owner, bar.update)


def _print(found: Mapping[str, Any]) -> None:
    first, other = found["first"], found["against"]
    against = f" tegenover {other['title']['nl']}" if other else ""
    click.echo(f"{first['title']['nl']}{against}")
    click.echo(f"{circumstances(found, 'nl')} {first['decisions']} beslissingen van de motor.")
    click.echo()
    for row in rows(found):
        click.echo(_line(row, other is not None))
    click.echo()
    for note in example_notes(found, "nl"):
        click.echo(note)
    click.echo(NO_FORECAST["nl"])


def _line(row: Row, compared: bool) -> str:
    line = f"{row.title:<52} {row.value:>14} {row.interval and f'({row.interval})':<32}"
    if not compared:
        return line.rstrip()
    mark = "" if row.clear else "  niet meer dan toeval"
    return f"{line} {row.against:>14}  verschil {row.difference:>12} ({row.difference_interval}){mark}"

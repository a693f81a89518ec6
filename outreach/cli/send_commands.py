"""`outreach send plan` and `outreach send dry-run`: what will go, how long it takes, and what it says."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

import click

from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.services.dry_run import MOST, DryRow, dry_run
from outreach.services.policy import load_policy
from outreach.services.sending_plan import sending_plan
from schedules.reasons import REASONS, reason_text

MOMENTS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d")


@click.group("send")
def send_group() -> None:
    """Kijk wat er uitgaat, zonder iets te versturen."""


@send_group.command("plan")
@landlord_option
@json_option
def plan_command(landlord_slug: str | None, as_json: bool) -> None:
    """Toon per dag en kanaal wat er gepland is, hoe lang het duurt en of het in de uren past."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    now, calendar = runtime.clock(), runtime.calendar
    with runtime.db.read() as session:
        batches = sending_plan(session, runtime.settings, calendar, landlord.id, now)
    runtime.db.dispose()
    if as_json:
        print_json({"at": now, "batches": [{**asdict(each), "seconds": each.seconds} for each in batches]})
        return
    for each in batches:
        fits = f"{each.late} niet op tijd" if each.late else "past"
        click.echo(
            f"{each.day} {each.channel:<10} {each.messages:>6} berichten, {each.parts} delen, "
            f"{each.seconds / 60:.1f} min, klaar om {calendar.local(each.done_at):%H:%M}: {fits}"
        )
    if not batches:
        click.echo("Er is niets gepland voor de komende week.")


@send_group.command("dry-run")
@landlord_option
@click.option("--at", "at", type=click.DateTime(MOMENTS), help="Een later moment (Nederlandse tijd); standaard nu.")
@click.option("--most", default=MOST, show_default=True, type=click.IntRange(1, 5000), help="Hoeveel ten hoogste.")
@json_option
def dry_run_command(landlord_slug: str | None, at: datetime | None, most: int, as_json: bool) -> None:
    """Droogloop: toon alles wat nu zou gaan, met de teksten. Er verandert niets."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    moment = runtime.calendar.utc(at.date(), at.time()) if at else runtime.clock()
    with runtime.db.read() as session:
        policy = load_policy(session, landlord.id)
    rows = dry_run(runtime, policy, moment, most)
    if as_json:
        print_json({"at": moment.astimezone(UTC), "rows": [asdict(row) for row in rows]})
    else:
        _show(rows, runtime.calendar.local)
    runtime.db.dispose()


WORDS = {"goes": "gaat", "task": "wordt een taak", "moved": "later", "dropped": "gaat niet"}


def _show(rows: list[DryRow], local: Callable[[datetime], datetime]) -> None:
    for row in rows:
        when = f" ({local(row.moved_to):%d-%m %H:%M})" if row.moved_to else ""
        click.echo(f"{row.case_number} {row.channel:<9} {row.language:<5} {WORDS[row.verdict]}{when}  {row.template}")
        for reason in row.why:
            click.echo(
                f"    {reason_text(reason) if reason.code in REASONS else reason.params.get('why', reason.code)}"
            )
        if row.verdict == "goes":
            click.echo("".join(f"    {line}\n" for line in (row.subject, *row.text.splitlines()) if line), nl=False)
    if not rows:
        click.echo("Er gaat op dat moment niets uit.")

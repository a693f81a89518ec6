"""`outreach reply classify`: what a reply of a tenant means."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import click

from messages.replies import understand
from outreach.cli.frame import json_option
from outreach.clock import system_clock
from schedules.calendar import to_local


@click.group("reply")
def reply_group() -> None:
    """Antwoorden van huurders."""


@reply_group.command("classify")
@click.argument("text", required=False, default="-")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Vandaag (jjjj-mm-dd); voor 'vrijdag' en 'de 25e'.")
@click.option("--lines", is_flag=True, help="Lees één antwoord per regel.")
@json_option
def classify_command(text: str, today: datetime | None, lines: bool, as_json: bool) -> None:
    """Zeg wat een antwoord betekent. TEXT is de tekst, of - voor de standaardinvoer."""
    day = today.date() if today else to_local(system_clock()).date()
    source: Iterable[str] = [text]
    if text == "-":
        read = sys.stdin.read()
        source = [line for line in read.splitlines() if line.strip()] if lines else [read]
    for each in source:
        found = understand(each, today=day)
        if as_json:
            click.echo(json.dumps({**asdict(found), "date": found.date and found.date.isoformat()}, ensure_ascii=False))
        else:
            click.echo(f"{found.intent} ({found.confidence:.0%})")

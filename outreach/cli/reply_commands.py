"""`outreach reply classify`: what a reply of a tenant means."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import click

from messages.replies import explained, understand
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
@click.option("--explain", is_flag=True, help="Toon welke woorden het meest voor de betekenis spraken.")
@json_option
def classify_command(text: str, today: datetime | None, lines: bool, explain: bool, as_json: bool) -> None:
    """Zeg wat een antwoord betekent. TEXT is de tekst, of - voor de standaardinvoer."""
    day = today.date() if today else to_local(system_clock()).date()
    source: Iterable[str] = [text]
    if text == "-":
        read = sys.stdin.read()
        source = read.removesuffix("\n").split("\n") if lines else [read]
    for each in source:
        found = understand(each, today=day)
        why = {"why": [{"of": name, "weight": round(weight, 2)} for name, weight in explained(each, found.intent, day)]}
        if as_json:
            data = {**asdict(found), "date": found.date and found.date.isoformat(), **(why if explain else {})}
            click.echo(json.dumps(data, ensure_ascii=False))
        else:
            click.echo(f"{found.intent} ({found.confidence:.0%})")
            for part in why["why"] if explain else ():
                click.echo(f"  {part['weight']:+.2f} {part['of']}")

"""`outreach message check` and `outreach reply classify`: the text checks and the reading of replies."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import TextIO

import click

from messages.checks import check
from messages.replies import understand
from outreach.cli.frame import json_option, print_json
from outreach.clock import system_clock
from schedules.calendar import to_local

CHANNELS = ("sms", "whatsapp", "email", "letter", "robocall", "card", "call", "visit")


@click.group("message")
def message_group() -> None:
    """Teksten voor huurders."""


@message_group.command("check")
@click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--channel", type=click.Choice(CHANNELS), default="sms", show_default=True)
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@click.option("--profile", type=click.Choice(["B1", "A2"]), default="B1", show_default=True)
@json_option
def check_command(file: TextIO, channel: str, lang: str, profile: str, as_json: bool) -> None:
    """Toets een tekst op B1, toon en privacy. Exitcode 1 als de tekst niet mag."""
    text = file.read().strip()
    verdict = check(text, channel=channel, language=lang, profile=profile)
    findings = [
        {
            "rule": each.rule,
            "severity": each.severity,
            "start": each.start,
            "end": each.end,
            "text": each.text,
            "advice": each.advice,
        }
        for each in verdict.findings
    ]
    if as_json:
        print_json({"level": verdict.level, "score": verdict.score, "pass": verdict.passed, "findings": findings})
    else:
        click.echo(f"Niveau {verdict.level}, score {verdict.score}: {'mag' if verdict.passed else 'mag niet'}.")
        for each in findings:
            click.echo(f"  {each['severity']:4} {each['rule']}: {each['text']!r}. {each['advice']}")
    raise SystemExit(0 if verdict.passed else 1)


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

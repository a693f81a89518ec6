"""`outreach demo`: play a made-up landlord for some weeks, say what happened and why, and serve the console."""

import json
import os
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import click

from outreach.audit import AuditReport
from outreach.cli.audit_commands import NAMES
from outreach.cli.tenant_link_commands import with_local_address
from outreach.clock import system_clock
from outreach.config import PREFIX, Settings, load_settings
from outreach.runtime import make_runtime
from outreach.sample.demo import (
    Demo,
    DemoPlan,
    check,
    demo_settings,
    is_complete,
    play,
    result,
    start_over,
)
from outreach.sample.names import LANDLORD
from outreach.sample.portfolio import USERS
from outreach.sample.responder import SEED, sandbox_responder
from outreach.sample.summary import dropped
from schedules.calendar import to_local

FIXED_UNTIL = date(2026, 9, 30)
DATABASE, FIXED_DATABASE = "demo.sqlite3", "demo-fixed.sqlite3"
"""The console's own sample goes on from day to day; the fixed one is for measuring and starts over when it is done."""

CHANNELS: Mapping[str, str] = {
    "sms": "sms",
    "whatsapp": "WhatsApp",
    "email": "e-mail",
    "letter": "brief",
    "robocall": "belcomputer",
    "call": "gebeld door een medewerker",
    "visit": "huisbezoek",
    "card": "kaartje aan de deur",
}
PARTNERS: Mapping[str, str] = {
    "municipality": "vroegsignaal aan de gemeente",
    "social_team": "sociaal team",
    "meldpunt": "meldpunt",
    "debt_help": "schuldhulp",
    "stadsring51": "schuldhulp (rol van Stadsring51)",
    "via": "integrale aanpak (rol van ViA)",
    "bailiff": "deurwaarder",
}
WHY_NOT: Mapping[str, str] = {
    "paid": "er is betaald",
    "text_refused": "de toets hield de tekst tegen",
    "reached": "er is contact met de huurder",
    "talk_going_on": "er loopt een gesprek",
    "talking": "er loopt een gesprek",
    "plan_active": "er loopt een betalingsregeling",
    "plan": "er loopt een betalingsregeling",
    "promise": "de huurder heeft een dag beloofd",
    "paused": "het dossier staat stil",
    "paused_until": "het dossier staat stil tot een dag",
    "expired": "het bericht was te oud geworden",
    "plan_changed": "de regeling is daarna veranderd of gestopt",
    "opted_out": "de huurder wil dit kanaal niet",
    "no_channel": "er is geen bruikbaar nummer of adres",
    "case_closed": "het dossier is gesloten",
    "after_other_contact": "eerst kwam een andere stap",
    "below_minimum": "er staat bijna niets meer open",
    "help_accepted": "de huurder heeft hulp aangenomen",
}


@click.command("demo")
@click.option("--days", type=click.IntRange(1, 400), default=60, show_default=True, help="Hoeveel dagen.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Laatste dag; standaard gisteren.")
@click.option("--tenancies", type=click.IntRange(20, 7000), default=2000, show_default=True, help="Aantal huurders.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Zelfde getal, zelfde uitkomst.")
@click.option("--no-serve", is_flag=True, help=f"Alleen spelen; standaard tot en met {FIXED_UNTIL}.")
@click.option("--fresh", is_flag=True, help="Begin opnieuw.")
@click.option("--json", "as_json", is_flag=True, help="Schrijf de uitkomst als JSON.")
@click.option("--port", type=int, help="Poort van de console.")
def demo_command(
    days: int,
    until: datetime | None,
    tenancies: int,
    seed: int,
    no_serve: bool,
    fresh: bool,
    as_json: bool,
    port: int | None,
) -> None:
    """Speel een verzonnen verhuurder met nagebootste huurders, en open de console."""
    last = until.date() if until else FIXED_UNTIL if no_serve else to_local(system_clock()).date() - timedelta(days=1)
    plan = DemoPlan(days=days, until=last, tenancies=tenancies, seed=seed, leave_last_day=not no_serve)
    own = not os.environ.get(PREFIX + "DATABASE_URL")
    name = FIXED_DATABASE if no_serve else DATABASE
    settings = demo_settings(load_settings(), own_database=own, name=name)
    if own and (fresh or (no_serve and is_complete(settings, plan) is not False)):
        start_over(settings, name)
    demo = play(settings if no_serve else with_local_address(settings, port=port), plan, _progress)
    _report(demo, check(demo), as_json)
    demo.runtime.db.dispose()
    if not no_serve:
        _serve(settings, demo, port)


def _progress(days: list[date]) -> Any:
    return click.progressbar(days, label=f"{len(days)} dagen spelen", file=sys.stderr, show_pos=True)


def _report(demo: Demo, report: AuditReport, as_json: bool) -> None:
    data = result(demo, report)
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in (*_what_happened(demo, data), *_why_not(demo), *_judged(data)):
        click.echo(line)


def _what_happened(demo: Demo, data: Mapping[str, Any]) -> list[str]:
    first, last = (f"{day:%d-%m-%Y}" for day in (demo.facts.first_day, demo.until))
    lines = [
        f"{LANDLORD} (verzonnen), {data['tenancies']} huurovereenkomsten, {first} tot en met {last}.",
        "",
        f"{data['cases']:>6}  dossiers geopend, omdat er huur openstond",
        f"{data['paid']:>6}  daarvan gesloten, omdat alles is betaald",
        f"{data['reached']:>6}  huurders bereikt: er was echt contact",
        f"{data['plans']:>6}  betalingsregelingen afgesproken",
        "",
        "Contact gezocht:",
    ]
    for channel, outcomes in data["attempts"].items():
        lines.append(f"{sum(outcomes.values()):>6}  {CHANNELS.get(channel, channel)}")
    lines += ["", "Overgedragen, met bewijs, omdat het zelf niet lukte:"]
    lines += [f"{number:>6}  {PARTNERS.get(kind, kind)}" for kind, number in data["referrals"].items()]
    return lines


def _why_not(demo: Demo) -> list[str]:
    """Say why planned contacts were not made, the most frequent reasons first."""
    found = dropped(demo.runtime, demo.landlord_id).most_common(8)
    lines = ["", "Niet gedaan, want:"] if found else []
    return lines + [f"{number:>6}  {WHY_NOT.get(code, _other(code))}" for code, number in found]


def _other(code: str) -> str:
    """Say a reason that is not in the list with the words of the console's report of the day."""
    from outreach.web.pages.report import WHY_NOT as OF_THE_DAY

    return OF_THE_DAY.get(code, code.replace("_", " "))


def _judged(data: Mapping[str, Any]) -> list[str]:
    lines = ["", "Nagerekend uit het dossier, los van de motor (fout / bekeken):"]
    for kind, found in {**data["violations"], **data["integrity"]}.items():
        lines.append(f"{found['count']:>6} / {found['checked']:<6}  {NAMES.get(kind, kind)}")
    memory, seconds = data["peak_memory_mb"], f"{data['seconds']:.1f}".replace(".", ",")
    return [*lines, "", f"{data['played']} dagen gespeeld in {seconds} seconden, hoogstens {memory} MB geheugen."]


def _serve(settings: Settings, demo: Demo, port: int | None) -> None:
    from outreach.cli.serve import serve

    click.echo(f"\nInloggen kan met deze namen, en voor iedereen het wachtwoord {demo.password}")
    for username, name, role, _ in USERS:
        click.echo(f"  {username:<8} {name} ({role})")
    runtime = make_runtime(settings, clock=system_clock, respond=sandbox_responder(demo.facts.seed))
    serve(runtime, host=settings.host, port=port or settings.port)

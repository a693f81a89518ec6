"""`outreach audit`: recompute all violations from the stored record and print them."""

import json
from pathlib import Path

import click
from sqlalchemy import Engine, inspect, or_, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from outreach.audit import AuditReport, Finding, Kind, audit
from outreach.audit.days import local
from outreach.config import load_settings
from outreach.db.engine import make_engine
from outreach.db.people import LandlordRow

NAMES = {
    "outside_hours": "Buiten de toegestane uren",
    "after_payment": "Na betaling",
    "after_optout": "Na afmelding",
    "while_paused": "Terwijl het stilstond",
    "above_pressure": "Boven de contactdruk",
    "twice": "Dubbel of kwijt",
    "not_b1": "Niet op B1",
    "stale_ledger": "Op oude achterstanden",
    "chains": "Bewijsketens",
    "anchors": "Ankers",
    "sent_evidence": "Bewijs van verzending",
    "signals": "Meldingen bij de gemeente",
    "referrals": "Meldingen aan partners",
    "decisions": "Besluiten",
    "answers_in_time": "Antwoorden binnen tien minuten",
    "answers_late": "Antwoorden na tien minuten (wel beoordeeld)",
    "legal": "Wettelijke berichten (niet in de contactdruk)",
    "plan": "Berichten over een regeling (niet in de contactdruk)",
    "stop_confirmations": "Bevestigingen van STOP",
    "answers_after_optout": "Antwoorden op een eigen vraag na afmelding",
    "texts_in_other_languages": "Teksten in een andere taal (niet op B1 beoordeeld)",
}


@click.command("audit")
@click.option("--database", help="SQLAlchemy-URL van de database; anders die van de instellingen.")
@click.option("--landlord", help="Alleen deze verhuurder: korte naam of nummer.")
@click.option("--json", "as_json", is_flag=True, help="Schrijf het verslag als JSON.")
def audit_command(database: str | None, landlord: str | None, as_json: bool) -> None:
    """Controleer het hele dossier opnieuw, los van de motor. Eindigt met 1 als er iets niet klopt."""
    engine = _open(database or load_settings().database_url)
    try:
        report = audit(engine, _landlord_id(engine, landlord))
    finally:
        engine.dispose()
    click.echo(json.dumps(report.as_data(), ensure_ascii=False, indent=2) if as_json else readable(report))
    click.get_current_context().exit(0 if report.clean else 1)


def _open(url: str) -> Engine:
    """Open a database that is there and has our tables; make none."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
            raise click.ClickException(f"Er is geen database op {parsed.database}. Geef --database.")
        engine = make_engine(url)
        present = inspect(engine).has_table("attempt")
    except SQLAlchemyError as error:
        raise click.ClickException(f"De database is niet te openen: {error}") from error
    if not present:
        engine.dispose()
        raise click.ClickException("Deze database heeft de tabellen van outreach niet.")
    return engine


def _landlord_id(engine: Engine, landlord: str | None) -> int | None:
    if landlord is None:
        return None
    table = LandlordRow.__table__
    wanted = or_(table.c.slug == landlord, table.c.id == (int(landlord) if landlord.isdecimal() else -1))
    with engine.connect().execution_options(read_only=True) as connection:
        found: int | None = connection.scalar(select(table.c.id).where(wanted))
    if found is None:
        raise click.ClickException(f"Er is geen verhuurder {landlord!r}.")
    return found


def readable(report: AuditReport) -> str:
    """Write the report as a table in Dutch, examples below it."""
    kinds = {**report.violations, **report.integrity}
    width = max(len(NAMES[name]) for name in kinds)
    lines = [f"Nagerekend: {_number(report.attempts)} verstuurde of gedane contactpogingen.", ""]
    lines.append(f"{'Wat':<{width}}  {'fout':>8}  {'bekeken':>9}")
    lines += [_row(name, kind, width) for name, kind in report.violations.items()]
    lines.append("")
    lines += [_row(name, kind, width) for name, kind in report.integrity.items()]
    lines += ["", "Uitgezonderd, apart geteld:"]
    lines += [f"  {_number(count):>8}  {NAMES[name]}" for name, count in report.exempt.items()]
    for name, kind in kinds.items():
        if kind.examples:
            lines += ["", f"{NAMES[name]}:", *(f"  - {_example(each)}" for each in kind.examples)]
    verdict = "Alles klopt." if report.clean else "Er klopt iets niet; zie de voorbeelden hierboven."
    return "\n".join([*lines, "", verdict])


def _row(name: str, kind: Kind, width: int) -> str:
    return f"{NAMES[name]:<{width}}  {_number(kind.count):>8}  {_number(kind.checked):>9}"


def _example(finding: Finding) -> str:
    when = f"{local(finding.at):%d-%m-%Y %H:%M}" if finding.at else ""
    case = f"dossier {finding.case_number}" if finding.case_number else ""
    key = finding.key if finding.attempt_id is None else f"poging {finding.attempt_id}"
    return ", ".join(part for part in (case, key, when, finding.what) if part)


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")

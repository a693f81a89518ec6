"""The commands that bring files in: look first, then `--apply`."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from outreach.clock import system_clock
from outreach.config import load_settings
from outreach.db.engine import Database, open_database
from outreach.db.migrate import upgrade
from outreach.db.people import LandlordRow
from outreach.errors import OutreachError
from outreach.imports import ImportOptions, ImportReport, apply, load_mapping, preview
from outreach.imports.rejected import rejected_csv

SHOWN_PROBLEMS = 50
COUNTS_NL = {
    "areas_new": "nieuwe wijken",
    "dwellings_new": "nieuwe woningen",
    "persons_new": "nieuwe personen",
    "tenancies_new": "nieuwe huurovereenkomsten",
    "contact_points_new": "nieuwe contactgegevens",
    "persons_completed": "personen aangevuld",
    "rents_changed": "huurprijzen gewijzigd",
    "items_new": "nieuwe posten",
    "items_changed": "posten gewijzigd",
    "entries": "mutaties in het grootboek",
    "absent_paid": "ontbrekende posten, geteld als betaald",
    "credits_settled": "tegoeden verrekend",
    "payments_new": "nieuwe betalingen",
    "payments_in_books": "betalingen die de boeken al kennen",
    "payments_deducted": "posten verlaagd door latere betalingen",
    "credits": "tegoeden uit de rest van een betaling",
    "skipped_older": "posten overgeslagen (ouder dan wat bekend is)",
    "arrears_changed": "achterstanden gewijzigd",
}


@click.group("import")
def import_group() -> None:
    """Breng achterstanden en betalingen binnen. / Bring in arrears and payments."""


def _shared(command: Any) -> Any:
    for option in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--apply", "write", is_flag=True, help="Voer het uit; zonder deze optie verandert er niets."),
        click.option("--landlord", help="Kenmerk (slug) van de verhuurder; niet nodig als er één is."),
        click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="YAML of TOML."),
        click.option("--json", "as_json", is_flag=True, help="Druk het verslag af als JSON."),
    ):
        command = option(command)
    return command


@import_group.command("arrears")
@_shared
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d", "%d-%m-%Y"]), help="Peildatum; anders uit het bestand of vandaag."
)
@click.option("--complete/--partial", default=None, help="Volledig: wat ontbreekt, is betaald.")
def arrears_command(
    file: Path,
    write: bool,
    landlord: str | None,
    mapping: Path | None,
    as_json: bool,
    as_of: datetime | None,
    complete: bool | None,
) -> None:
    """Lees openstaande posten. / Read open items."""
    options = _options(mapping)
    if as_of is not None:
        options = replace(options, as_of=as_of.date())
    if complete is not None:
        options = replace(options, complete=complete)
    _run(file, "arrears", options, landlord, write, as_json)


@import_group.command("payments")
@_shared
def payments_command(file: Path, write: bool, landlord: str | None, mapping: Path | None, as_json: bool) -> None:
    """Lees betalingen. / Read payments."""
    _run(file, "payments", _options(mapping), landlord, write, as_json)


@import_group.command("rejected")
@click.argument("delivery", type=int)
@click.option("--csv", "target", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--landlord")
def rejected_command(delivery: int, target: Path, landlord: str | None) -> None:
    """Schrijf de afgekeurde rijen van een levering, om te herstellen. / Write the bad rows, to mend them."""
    db = _database()
    try:
        with db.read() as session:
            text = rejected_csv(session, _landlord(db, landlord), delivery)
    except OutreachError as error:
        raise click.ClickException(error.text_nl) from error
    finally:
        db.dispose()
    target.write_text(text, encoding="utf-8", newline="")
    click.echo(f"{target}: {max(text.count(chr(10)) - 1, 0)} rijen")


def _options(mapping: Path | None) -> ImportOptions:
    if mapping is None:
        return ImportOptions()
    try:
        return load_mapping(mapping.read_text(encoding="utf-8"), mapping.name)
    except OutreachError as error:
        raise click.ClickException(error.text_nl) from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{mapping.name}: geen UTF-8") from error


def _database() -> Database:
    try:
        settings = load_settings()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        db = open_database(settings.database_url)
        upgrade(db.engine)
    except OutreachError as error:
        raise click.ClickException(error.text_nl) from error
    return db


def _landlord(db: Database, slug: str | None) -> int:
    with db.read() as session:
        rows = session.execute(select(LandlordRow.id, LandlordRow.slug).order_by(LandlordRow.slug)).all()
    found = [row.id for row in rows if slug is None or row.slug == slug]
    if len(found) == 1:
        return int(found[0])
    names = ", ".join(row.slug for row in rows) or "nog geen"
    raise OutreachError(
        f"Kies een verhuurder met --landlord; bekend: {names}.", f"Choose a landlord with --landlord; known: {names}."
    )


def _run(file: Path, kind: str, options: ImportOptions, landlord: str | None, write: bool, as_json: bool) -> None:
    db = _database()
    try:
        landlord_id, data, now = _landlord(db, landlord), file.read_bytes(), system_clock().astimezone(UTC)
        if write:
            report = apply(db, landlord_id, data, file.name, options, now, "cli", kind)
        else:
            report = preview(db, landlord_id, data, file.name, options, now, kind)
    except OutreachError as error:
        raise click.ClickException(error.text_nl) from error
    finally:
        db.dispose()
    click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2) if as_json else describe(report))
    if report.status == "refused":
        raise SystemExit(1)


def describe(report: ImportReport) -> str:
    """Write a report as Dutch text for a terminal."""
    if report.status == "refused":
        return f"{report.filename}: niet verwerkt. {report.problem_nl}\n({report.problem_en})"
    lines = [_headline(report)]
    lines += [f"  {note.text_nl}" for note in report.notes]
    lines += [f"  {count:>8} {COUNTS_NL.get(name, name)}" for name, count in report.counts.items() if count]
    for problem in report.problems[:SHOWN_PROBLEMS]:
        mark = "let op" if problem.is_warning else "fout"
        lines.append(f"  regel {problem.line}, {problem.column or 'rij'} [{mark}] {problem.value!r}: {problem.text_nl}")
    rest = sum(report.problem_counts.values()) - min(len(report.problems), SHOWN_PROBLEMS)
    lines += [f"  … en nog {rest} meldingen"] * (rest > 0)
    if report.status == "applied" and report.rows_bad:
        lines.append(f"  Afgekeurde rijen: outreach import rejected {report.delivery_id} --csv BESTAND")
    if report.status == "preview":
        lines.append("  Er is nog niets veranderd. Voer uit met --apply.")
    return "\n".join(lines)


def _headline(report: ImportReport) -> str:
    state = {"preview": "bekeken", "applied": "verwerkt", "already_loaded": "al eerder verwerkt"}[report.status]
    how = f"{report.encoding}{f', scheidingsteken {report.delimiter!r}' if report.delimiter else ''}"
    whole = ", volledige levering" if report.complete else ""
    return (
        f"{report.filename} {state}: {report.rows_good} goed, {report.rows_bad} afgekeurd van {report.rows_total} "
        f"(peildatum {report.as_of_on:%d-%m-%Y}{whole}; {how})"
    )

"""The import on the command line: it looks first, and changes only with --apply."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from outreach.cli.import_commands import import_group
from outreach.clock import system_clock
from outreach.db.engine import open_database
from outreach.db.migrate import upgrade
from outreach.db.tables import LandlordRow, LedgerEntryRow

pytestmark = pytest.mark.integration
FILE = (
    "Kenmerk;Naam;Straat;Huisnummer;Postcode;Plaats;Postnummer;Vervaldatum;Openstaand\n"
    "H1;P. Jansen;Dorpsstraat;1;3701 AB;Zeist;P1;01-02-2026;750,00\n"
    "H2;P. Smit;Dorpsstraat;2;3701 AB;Zeist;P2;30-02-2026;750,00\n"
)


def run(tmp_path: Path, url: str, *arguments: str) -> Result:
    environment = {"OUTREACH_DATABASE_URL": url, "OUTREACH_DATA_DIR": str(tmp_path), "OUTREACH_SECRET_KEY": "x" * 32}
    return CliRunner(env=environment).invoke(import_group, list(arguments))


def test_dry_run_then_apply_then_the_bad_rows(tmp_path: Path, database_url: str) -> None:
    db = open_database(database_url)
    upgrade(db.engine)
    with db.write() as session:
        session.add(LandlordRow(slug="voorbeeld", name="Voorbeeld", created_at=system_clock()))
    file, mapping, bad = tmp_path / "a.csv", tmp_path / "m.yaml", tmp_path / "bad.csv"
    file.write_text(FILE, encoding="utf-8")
    mapping.write_text("columns:\n  tenancy_ref: Kenmerk\n", encoding="utf-8")
    common = ("arrears", str(file), "--mapping", str(mapping), "--as-of", "2026-03-01")

    looked = run(tmp_path, database_url, *common)
    assert (looked.exit_code, "niets veranderd" in looked.output) == (0, True), looked.output
    assert "regel 3, Vervaldatum [fout] '30-02-2026'" in looked.output
    done = run(tmp_path, database_url, *common, "--apply", "--complete", "--json")
    report = json.loads(done.output)
    assert (report["status"], report["rows_good"], report["rows_bad"], report["complete"]) == ("applied", 1, 1, True)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntryRow)) == 1
    written = run(tmp_path, database_url, "rejected", str(report["delivery_id"]), "--csv", str(bad))
    assert "1 rijen" in written.output
    assert "30-02-2026" in bad.read_text(encoding="utf-8-sig")
    db.dispose()


def test_what_cannot_be_used_is_said_and_fails(tmp_path: Path, sqlite_url: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(FILE, encoding="utf-8")
    without = run(tmp_path, sqlite_url, "arrears", str(file))
    assert without.exit_code == 1
    assert "verhuurder" in without.output
    db = open_database(sqlite_url)
    with db.write() as session:
        session.add(LandlordRow(slug="voorbeeld", name="Voorbeeld", created_at=system_clock()))
    refused = run(tmp_path, sqlite_url, "arrears", str(file), "--apply")
    assert (refused.exit_code, "Verplichte kolommen ontbreken: huurovereenkomst" in refused.output) == (1, True)
    wrong = tmp_path / "m.toml"
    wrong.write_text("kleur = 'rood'", encoding="utf-8")
    mapped = run(tmp_path, sqlite_url, "arrears", str(file), "--mapping", str(wrong))
    assert (mapped.exit_code, "m.toml: kleur" in mapped.output) == (1, True)
    db.dispose()

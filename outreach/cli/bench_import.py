"""Measure the import: row checks, loading, and a plain csv.DictReader loop beside them as the limit."""

import csv
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy import select

from outreach.db.engine import Database, open_database
from outreach.db.ledger import LedgerEntryRow
from outreach.db.migrate import upgrade
from outreach.db.people import LandlordRow
from outreach.imports import ImportOptions, apply
from outreach.imports.layout import decide_layout
from outreach.imports.reading import open_table
from outreach.imports.rows import check_arrears

HEADER = (
    "Huurovereenkomst;Naam huurder;Straat;Huisnummer;Postcode;Plaats;Telefoon;E-mail;Geboortedatum;Kale huur;"
    "Postnummer;Vervaldatum;Omschrijving;Bedrag;Openstaand"
)
DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
STATUS = Path("/proc/self/statm")
PAGE = 4096


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Seconds of wall and processor, and rows a second of wall; memory is the highest growth in MB, 0 when unknown."""

    name: str
    seconds: float
    cpu_seconds: float
    rows_per_second: int
    peak_mb: float


@click.command("import")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True)
def bench_import_command(rows: int, as_json: bool) -> None:
    """Meet de import op een gemaakt bestand. / Measure the import on a generated file."""
    with tempfile.TemporaryDirectory() as folder:
        measures = measure(Path(folder), rows)
    limit = measures[0].rows_per_second
    if as_json:
        found = [{**asdict(each), "ratio": round(each.rows_per_second / limit, 3)} for each in measures]
        click.echo(json.dumps({"rows": rows, "measures": found}, indent=2))
        return
    click.echo(f"{rows} rijen / rows")
    for each in measures:
        click.echo(
            f"{each.name:<28} {each.seconds:8.2f} s ({each.cpu_seconds:.2f} cpu) {each.rows_per_second:>10,} rows/s "
            f"{each.rows_per_second / limit:6.2f} x DictReader  peak +{each.peak_mb:.0f} MB"
        )


def measure(folder: Path, rows: int) -> list[Measure]:
    """Measure all ways through a file of so many rows."""
    path = folder / "arrears.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER + "\r\n")
        stream.writelines(sample_lines(rows))
    return [
        _timed("csv.DictReader", rows, lambda: _plain(path)),
        _timed("check", rows, lambda: _check(path)),
        *_loads(folder, path, rows),
    ]


def sample_lines(rows: int) -> Iterator[str]:
    """Make lines of two open items a tenancy; nobody in them exists."""
    for number in range(rows):
        tenancy = number // 2
        yield (
            f'H{tenancy:06d};"Voorbeeld{tenancy}, P. de";Dorpsstraat;{tenancy % 300 + 1};{1000 + tenancy % 8000} AB;'
            f"Zeist;06-{10_000_000 + tenancy};t{tenancy}@voorbeeld.example;{tenancy % 28 + 1:02d}-05-19{tenancy % 60 + 40};"  # noqa: E501
            f"€ 1.{tenancy % 900 + 100},00;P{number:07d};01-{number % 10 + 1:02d}-2026;Huur;1.{tenancy % 900 + 100},00;"
            f"{number % 900 + 1},{number % 100:02d}\r\n"
        )


def _plain(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        for _ in csv.DictReader(stream, delimiter=";"):
            pass


def _check(path: Path) -> None:
    options = ImportOptions()
    table = open_table(path.read_bytes(), "arrears", options)
    tally = check_arrears(table, decide_layout(table, "arrears", options, DAY), options, set(), lambda _batch: None)
    if tally.bad:
        raise click.ClickException(f"{tally.bad} rows refused: {tally.counts}")


def _loads(folder: Path, path: Path, rows: int) -> list[Measure]:
    db = open_database(f"sqlite:///{folder / 'bench.sqlite3'}")
    try:
        upgrade(db.engine)
        with db.write() as session:
            landlord = LandlordRow(slug="bench", name="Bench", created_at=NOW)
            session.add(landlord)
        data, options = path.read_bytes(), ImportOptions(as_of=DAY)
        first = _timed("check and first load", rows, lambda: _apply(db, landlord.id, data, options))
        again = _timed("check and unchanged load", rows, lambda: _apply(db, landlord.id, data + b"\r\n", options))
        with db.read() as session:
            if len(session.scalars(select(LedgerEntryRow.id)).all()) != rows:
                raise click.ClickException("not every row became an entry")
    finally:
        db.dispose()
    return [first, again]


def _apply(db: Database, landlord_id: int, data: bytes, options: ImportOptions) -> None:
    apply(db, landlord_id, data, "bench.csv", options, NOW, "bench")


def _timed(name: str, rows: int, work: Callable[[], None]) -> Measure:
    with _peak() as peak:
        start, cpu = time.perf_counter(), time.process_time()
        work()
        seconds, used = time.perf_counter() - start, time.process_time() - cpu
    return Measure(
        name=name,
        seconds=round(seconds, 3),
        cpu_seconds=round(used, 3),
        rows_per_second=int(rows / seconds),
        peak_mb=round(max(peak), 1),
    )


@contextmanager
def _peak() -> Iterator[list[float]]:
    """Sample the memory of this process; give its growths in MB."""
    start, growths, stop = _resident(), [0.0], threading.Event()

    def sample() -> None:
        while not stop.wait(0.02):
            growths.append((_resident() - start) / 1e6)

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield growths
    finally:
        stop.set()
        thread.join()


def _resident() -> int:
    return int(STATUS.read_text().split()[1]) * PAGE if STATUS.exists() else 0

"""Import a file or a feed: look first, or load it; all of it or nothing.

Rows are checked and put into temporary tables without holding up anybody. Then one write transaction switches them in
by sets, appends the entries, works out the arrears and stores the report. A process that is killed leaves nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from outreach.db.engine import Database
from outreach.imports import ledger
from outreach.imports.batches import Batch, Tally
from outreach.imports.layout import Layout, decide_layout
from outreach.imports.loading import TENANCY
from outreach.imports.options import ImportOptions
from outreach.imports.problems import BrokenFileError, row_problem
from outreach.imports.reading import open_table
from outreach.imports.report import ImportReport, described, refused, tallied
from outreach.imports.rows import check_arrears, check_payments
from outreach.imports.staging import prepare, stage, staging
from outreach.imports.switching import Job, OnDelivery, find_earlier, foresee, loaded_before, switch_in
from outreach.imports.text import Table


class ItemRow(NamedTuple):
    """One open item of a feed in the same process; money in cents, `due_on` a civil date."""

    tenancy_ref: str
    item_ref: str
    kind: str
    due_on: date
    amount_cents: int
    open_cents: int
    description: str = ""


def preview(
    db: Database,
    landlord_id: int,
    data: bytes,
    filename: str,
    options: ImportOptions,
    now: datetime,
    kind: str = "arrears",
) -> ImportReport:
    """Read and check a file and say what an import would do; change nothing. `kind` is arrears or payments."""
    job = Job(landlord_id=landlord_id, kind=kind, filename=filename, options=options, now=now)
    return _import(db, job, data, write=False)


def apply(
    db: Database,
    landlord_id: int,
    data: bytes,
    filename: str,
    options: ImportOptions,
    now: datetime,
    actor_label: str,
    kind: str = "arrears",
    on_delivery: OnDelivery | None = None,
) -> ImportReport:
    """Load a file: its good rows go in, its bad rows are kept. `on_delivery` runs inside the transaction.

    A file that was loaded before changes nothing (status already_loaded); a broken one neither (status refused).
    """
    job = Job(
        landlord_id=landlord_id,
        kind=kind,
        filename=filename,
        options=options,
        now=now,
        actor_label=actor_label,
        on_delivery=on_delivery,
    )
    return _import(db, job, data, write=True)


def apply_items(
    db: Database,
    landlord_id: int,
    items: Sequence[ItemRow],
    as_of_on: date,
    complete: bool,
    now: datetime,
    filename: str,
    *,
    actor_label: str = "machine",
    on_delivery: OnDelivery | None = None,
) -> ImportReport:
    """Load open items of known tenancies from a feed; items of unknown tenancies are reported and left out."""
    options = ImportOptions(complete=complete, as_of=as_of_on)
    job = Job(
        landlord_id=landlord_id,
        kind="arrears",
        filename=filename,
        options=options,
        now=now,
        actor_label=actor_label,
        on_delivery=on_delivery,
    )
    digest = _digest(repr(sorted(items)).encode(), options)
    start = ImportReport(
        kind="arrears",
        status="preview",
        filename=filename[-200:],
        as_of_on=as_of_on,
        complete=complete,
        encoding="feed",
    )
    with _connected(db) as connection, staging(connection):
        known = _known_refs(connection, job)
        tally = Tally(total=len(items))
        batch = Batch()
        for line, item in enumerate(items, start=1):
            if item.tenancy_ref not in known:
                tally.bad += 1
                tally.note(row_problem(line, "tenancy_ref", item.tenancy_ref, "unknown_tenancy"))
                continue
            batch.items.append((line, *item[:3], item.due_on.isoformat(), *item[4:]))
        tally.good = len(batch.items)
        stage(connection, batch)
        prepare(connection)
        connection.commit()
        return switch_in(connection, job, replace(start, **tallied(tally)), tally, digest)


def _digest(data: bytes, options: ImportOptions) -> str:
    whole = hashlib.sha256(data)
    whole.update(options.fingerprint().encode())
    return whole.hexdigest()


def _connected(db: Database) -> Connection:
    """Give a connection that takes no write lock on SQLite, though it may fill temporary tables."""
    return db.engine.connect().execution_options(read_only=True)


def _known_refs(connection: Connection, job: Job) -> set[str]:
    found = connection.scalars(select(TENANCY.c.external_ref).where(TENANCY.c.landlord_id == job.landlord_id))
    return set(found)


def _import(db: Database, job: Job, data: bytes, *, write: bool) -> ImportReport:
    try:
        table = open_table(data, job.kind, job.options)
        layout = decide_layout(table, job.kind, job.options, job.today)
        start = replace(described(job.kind, job.filename, table, layout, job.options), actor_label=job.actor_label)
        digest = _digest(data, job.options)
        with _connected(db) as connection, staging(connection):
            with connection.begin():
                earlier = find_earlier(connection, job, layout.as_of, digest)
                if earlier:
                    return loaded_before(start, earlier)
                tally = _check(connection, job, table, layout)
                if not tally.total:
                    raise BrokenFileError("header_only")
                prepare(connection)
                ledger.resolve_items(connection, job.load(layout.as_of))
            start = replace(start, **tallied(tally))
            if write:
                return switch_in(connection, job, start, tally, digest)
            with connection.begin():
                return foresee(connection, job, start, tally)
    except BrokenFileError as error:
        return refused(job.kind, job.filename, error, job.actor_label)


def _check(connection: Connection, job: Job, table: Table, layout: Layout) -> Tally:
    known = _known_refs(connection, job)

    def sink(batch: Batch) -> None:
        stage(connection, batch)

    if job.kind == "payments":
        return check_payments(table, layout, known, job.today, sink)
    return check_arrears(table, layout, job.options, known, sink)

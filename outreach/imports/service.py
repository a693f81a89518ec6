"""Import a file or a feed: look first, or load it; all of it or nothing.

Rows are checked and put into temporary tables without holding up anybody. Then one write transaction switches them in
by sets, appends the entries, works out the arrears and stores the report. A process that is killed leaves nothing.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, literal, select, true
from sqlalchemy.orm import Session

from outreach.db.engine import Database
from outreach.db.ledger import DeliveryRow, RejectedRowRow
from outreach.db.people import LandlordRow
from outreach.db.record import ActiveDocumentRow, DocumentRow
from outreach.domain.landlord_settings import settings_from_text
from outreach.imports import ledger
from outreach.imports.arrears import recompute_arrears
from outreach.imports.batches import Batch, Tally
from outreach.imports.layout import Layout, Note, decide_layout
from outreach.imports.options import ImportOptions
from outreach.imports.payments import load_payments, new_payments
from outreach.imports.people import TENANCY, Load, differing_people, load_people, resolve_tenancies
from outreach.imports.problems import BrokenFileError, row_problem
from outreach.imports.reading import open_table
from outreach.imports.report import ImportReport, described, refused, tallied
from outreach.imports.rows import check_arrears, check_payments
from outreach.imports.staging import ITEMS, PARTIES, REJECTED, TENANCIES, prepare, stage, staging
from outreach.imports.text import Table

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OnDelivery = Callable[[Session, DeliveryRow], None]


class ItemRow(NamedTuple):
    """One open item of a feed in the same process; money in cents, `due_on` a civil date."""

    tenancy_ref: str
    item_ref: str
    kind: str
    due_on: date
    amount_cents: int
    open_cents: int
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class _Job:
    """One import: what came in, how to read it, for whom and when."""

    landlord_id: int
    kind: str
    filename: str
    options: ImportOptions
    now: datetime
    actor_label: str = ""
    on_delivery: OnDelivery | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(AMSTERDAM).date()

    def load(self, as_of: date) -> Load:
        return Load(
            landlord_id=self.landlord_id,
            as_of=as_of,
            now=self.now,
            source=f"levering {self.filename}"[:200],
            municipality=self.options.municipality,
        )


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
    job = _Job(landlord_id=landlord_id, kind=kind, filename=filename, options=options, now=now)
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
    job = _Job(
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
    job = _Job(
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
        return _switch(connection, job, replace(start, **tallied(tally)), tally, digest)


def _digest(data: bytes, options: ImportOptions) -> str:
    whole = hashlib.sha256(data)
    whole.update(options.fingerprint().encode())
    return whole.hexdigest()


def _connected(db: Database) -> Connection:
    """Give a connection that takes no write lock on SQLite, though it may fill temporary tables."""
    return db.engine.connect().execution_options(read_only=True)


def _known_refs(connection: Connection, job: _Job) -> set[str]:
    found = connection.scalars(select(TENANCY.c.external_ref).where(TENANCY.c.landlord_id == job.landlord_id))
    return set(found)


def _import(db: Database, job: _Job, data: bytes, *, write: bool) -> ImportReport:
    try:
        table = open_table(data, job.kind, job.options)
        layout = decide_layout(table, job.kind, job.options, job.today)
        start = replace(described(job.kind, job.filename, table, layout, job.options), actor_label=job.actor_label)
        digest = _digest(data, job.options)
        with _connected(db) as connection, staging(connection):
            with connection.begin():
                earlier = _earlier(connection, job, layout.as_of, digest)
                if earlier:
                    return _again(start, earlier)
                tally = _check(connection, job, table, layout)
                if not tally.total:
                    raise BrokenFileError("header_only")
                prepare(connection)
                ledger.resolve_items(connection, job.load(layout.as_of))
            start = replace(start, **tallied(tally))
            if write:
                return _switch(connection, job, start, tally, digest)
            with connection.begin():
                return _foresee(connection, job, start, tally)
    except BrokenFileError as error:
        return refused(job.kind, job.filename, error, job.actor_label)


def _check(connection: Connection, job: _Job, table: Table, layout: Layout) -> Tally:
    known = _known_refs(connection, job)

    def sink(batch: Batch) -> None:
        stage(connection, batch)

    if job.kind == "payments":
        return check_payments(table, layout, known, job.today, sink)
    return check_arrears(table, layout, job.options, known, sink)


def _earlier(connection: Connection, job: _Job, as_of: date, digest: str) -> int | None:
    return connection.scalar(
        select(DeliveryRow.id).where(
            DeliveryRow.landlord_id == job.landlord_id,
            DeliveryRow.kind == job.kind,
            DeliveryRow.content_hash == digest,
            DeliveryRow.as_of_on == as_of,
        )
    )


def _again(start: ImportReport, delivery_id: int) -> ImportReport:
    note = Note(
        "already_loaded",
        f"Dit bestand is al verwerkt (levering {delivery_id}). Er is niets veranderd.",
        f"This file was loaded before (delivery {delivery_id}). Nothing changed.",
    )
    return replace(start, status="already_loaded", delivery_id=delivery_id, notes=(*start.notes, note))


def _foresee(connection: Connection, job: _Job, start: ImportReport, tally: Tally) -> ImportReport:
    """Say what an import would do, by the same questions; only temporary tables change."""
    load = job.load(start.as_of_on or job.today)
    if job.kind == "payments":
        count = connection.scalar(select(func.count()).select_from(new_payments(load).subquery())) or 0
        return replace(start, counts={"payments_new": count})
    older = _older(connection, load)
    if older:
        return replace(start, counts={"skipped_older": tally.good}, notes=(*start.notes, older))
    resolve_tenancies(connection, load)
    ledger.resolve_items(connection, load)
    ledger.look_up_known(connection, load)
    new = ITEMS.c.item_id.is_(None)
    counts = {
        "tenancies_new": _count(connection, TENANCIES, TENANCIES.c.is_new == 1),
        "persons_new": _count(connection, PARTIES, PARTIES.c.person_id.is_(None)),
        "items_new": _count(connection, ITEMS, new),
        "entries": _count(connection, ITEMS, new) + _count(connection, ITEMS, ledger.differs()),
        "skipped_older": _count(connection, ITEMS, ITEMS.c.newer == 1),
    }
    notes = list(start.notes)
    if start.complete and not _cannot_tell_absent(tally, notes):
        ledger.protect(connection, load, tally.bad_refs)
        counts["absent_paid"] = ledger.count_absent(connection, load)
    return _with_people(connection, replace(start, counts=counts, notes=tuple(notes)))


def _count(connection: Connection, table: object, where: object) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(where)) or 0  # type: ignore[arg-type]


def _older(connection: Connection, load: Load) -> Note | None:
    newest = ledger.newest_complete(connection, load.landlord_id)
    if newest is None or newest <= load.as_of:
        return None
    return Note(
        "older_than_known",
        f"Deze levering is van {load.as_of:%d-%m-%Y}; er is al een volledige levering van {newest:%d-%m-%Y}. "
        "De posten zijn overgeslagen.",
        f"This delivery is of {load.as_of:%d-%m-%Y}; a complete one of {newest:%d-%m-%Y} is known. Items were skipped.",
    )


def _cannot_tell_absent(tally: Tally, notes: list[Note]) -> bool:
    """An unreadable row may be any tenancy: then nothing that is absent counts as paid."""
    if not tally.lost_refs:
        return False
    notes.append(
        Note(
            "absence_not_counted",
            f"Bij {tally.lost_refs} onleesbare rijen is de huurovereenkomst onbekend. Daarom telt niets dat ontbreekt "
            "als betaald. Herstel de rijen en lever opnieuw aan.",
            f"In {tally.lost_refs} unreadable rows the tenancy is unknown. So nothing absent counts as paid. "
            "Mend the rows and deliver again.",
        )
    )
    return True


def _with_people(connection: Connection, report: ImportReport) -> ImportReport:
    """Add warnings where the file names another tenant than is known."""
    differing = differing_people(connection, 200)
    if not differing:
        return report
    header = report.columns.get("family_name", report.columns.get("full_name", ("naam",)))[0]
    added = tuple(row_problem(line, header, name, "name_differs") for line, name in differing)
    return replace(
        report,
        problems=report.problems + added,
        problem_counts={**report.problem_counts, "name_differs": len(added)},
    )


def _switch(connection: Connection, job: _Job, start: ImportReport, tally: Tally, digest: str) -> ImportReport:
    """Write everything in one transaction; it holds the write lock, so it only works by sets."""
    connection.execution_options(read_only=False)
    load = job.load(start.as_of_on or job.today)
    with connection.begin(), Session(connection, expire_on_commit=False) as session:
        session.execute(select(LandlordRow.id).where(LandlordRow.id == job.landlord_id).with_for_update())
        earlier = _earlier(connection, job, load.as_of, digest)
        if earlier:
            return _again(start, earlier)
        delivery = _delivery(session, job, start, digest)
        start = replace(start, status="applied", delivery_id=delivery.id)
        report = _loaded(session, connection, job, load, start, tally)
        _keep_rejected(connection, load, delivery.id)
        delivery.report = report.to_json()
        session.flush()
        if job.on_delivery:
            job.on_delivery(session, delivery)
            session.flush()
    return report


def _delivery(session: Session, job: _Job, start: ImportReport, digest: str) -> DeliveryRow:
    row = DeliveryRow(
        landlord_id=job.landlord_id,
        kind=job.kind,
        filename=start.filename,
        content_hash=digest,
        as_of_on=start.as_of_on,
        complete=start.complete,
        received_at=job.now,
        rows_total=start.rows_total,
        rows_good=start.rows_good,
        rows_bad=start.rows_bad,
        report={},
    )
    session.add(row)
    session.flush()
    return row


def _loaded(
    session: Session, connection: Connection, job: _Job, load: Load, start: ImportReport, tally: Tally
) -> ImportReport:
    delivery_id = start.delivery_id or 0
    before = connection.scalar(select(func.coalesce(func.max(ledger.ENTRY.c.id), 0))) or 0
    if job.kind == "payments":
        report = replace(start, counts=load_payments(connection, load, delivery_id))
    else:
        report = _load_arrears(connection, load, start, tally)
    touched = select(ledger.ENTRY.c.tenancy_id).where(ledger.ENTRY.c.id > before)
    changed = recompute_arrears(
        session,
        job.landlord_id,
        job.today,
        job.now,
        month_definition=job.options.month_definition or _month_definition(session, job.landlord_id),
        tenancy_ids=touched,
    )
    return replace(report, counts={**report.counts, "arrears_changed": changed})


def _month_definition(session: Session, landlord_id: int) -> str:
    """Give the landlord's own definition of a month in arrears, from the settings in force."""
    body = session.scalar(
        select(DocumentRow.body)
        .join(ActiveDocumentRow, ActiveDocumentRow.document_id == DocumentRow.id)
        .where(ActiveDocumentRow.landlord_id == landlord_id, ActiveDocumentRow.kind == "settings")
    )
    return settings_from_text(body).month_definition if body else "due_dates_passed"


def _load_arrears(connection: Connection, load: Load, start: ImportReport, tally: Tally) -> ImportReport:
    older = _older(connection, load)
    if older:
        return replace(start, counts={"skipped_older": tally.good}, notes=(*start.notes, older))
    counts = load_people(connection, load) if _count(connection, TENANCIES, true()) else {}
    counts |= ledger.load_items(connection, load, start.delivery_id or 0)
    notes = list(start.notes)
    if start.complete and not _cannot_tell_absent(tally, notes):
        ledger.protect(connection, load, tally.bad_refs)
        counts["absent_paid"] = ledger.close_absent(connection, load, start.delivery_id or 0)
    return _with_people(connection, replace(start, counts=counts, notes=tuple(notes)))


def _keep_rejected(connection: Connection, load: Load, delivery_id: int) -> None:
    rows = select(
        literal(load.landlord_id), literal(delivery_id), REJECTED.c.line, REJECTED.c.cells, REJECTED.c.problems
    )
    names = ["landlord_id", "delivery_id", "line", "cells", "problems"]
    connection.execute(insert(RejectedRowRow).from_select(names, rows))

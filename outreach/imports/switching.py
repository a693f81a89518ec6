"""Switch checked rows in, or say what that would do: the same questions, over the same temporary tables."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, func, insert, literal, select, true
from sqlalchemy.orm import Session

from outreach.db.ledger import DeliveryRow, RejectedRowRow
from outreach.db.people import LandlordRow
from outreach.db.record import ActiveDocumentRow, DocumentRow
from outreach.domain.landlord_settings import settings_from_text
from outreach.imports import ledger
from outreach.imports.arrears import recompute_arrears
from outreach.imports.batches import Tally
from outreach.imports.layout import Note
from outreach.imports.loading import Load
from outreach.imports.options import ImportOptions
from outreach.imports.payments import load_payments, new_payments
from outreach.imports.people import differing_people, load_people, resolve_tenancies
from outreach.imports.problems import row_problem
from outreach.imports.report import ImportReport
from outreach.imports.staging import ITEMS, PARTIES, REJECTED, TENANCIES

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OnDelivery = Callable[[Session, DeliveryRow], None]


@dataclass(frozen=True, kw_only=True)
class Job:
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
        """Give the civil day of the import."""
        return self.now.astimezone(AMSTERDAM).date()

    def load(self, as_of: date) -> Load:
        """Give what the loading steps need."""
        return Load(
            landlord_id=self.landlord_id,
            as_of=as_of,
            now=self.now,
            source=f"levering {self.filename}"[:200],
            municipality=self.options.municipality,
        )


def find_earlier(connection: Connection, job: Job, as_of: date, digest: str) -> int | None:
    """Give the delivery that had the same content, read in the same way, of the same day."""
    return connection.scalar(
        select(DeliveryRow.id).where(
            DeliveryRow.landlord_id == job.landlord_id,
            DeliveryRow.kind == job.kind,
            DeliveryRow.content_hash == digest,
            DeliveryRow.as_of_on == as_of,
        )
    )


def loaded_before(start: ImportReport, delivery_id: int) -> ImportReport:
    """Report that nothing changed."""
    note = Note(
        "already_loaded",
        f"Dit bestand is al verwerkt (levering {delivery_id}). Er is niets veranderd.",
        f"This file was loaded before (delivery {delivery_id}). Nothing changed.",
    )
    return replace(start, status="already_loaded", delivery_id=delivery_id, notes=(*start.notes, note))


def foresee(connection: Connection, job: Job, start: ImportReport, tally: Tally) -> ImportReport:
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


def _count(connection: Connection, table: Table, where: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(where)) or 0


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


def switch_in(connection: Connection, job: Job, start: ImportReport, tally: Tally, digest: str) -> ImportReport:
    """Write everything in one transaction; it holds the write lock, so it only works by sets."""
    connection.execution_options(read_only=False)
    load = job.load(start.as_of_on or job.today)
    with connection.begin(), Session(connection, expire_on_commit=False) as session:
        session.execute(select(LandlordRow.id).where(LandlordRow.id == job.landlord_id).with_for_update())
        earlier = find_earlier(connection, job, load.as_of, digest)
        if earlier:
            return loaded_before(start, earlier)
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


def _delivery(session: Session, job: Job, start: ImportReport, digest: str) -> DeliveryRow:
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
    session: Session, connection: Connection, job: Job, load: Load, start: ImportReport, tally: Tally
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

"""Loading on both databases: twice the same, complete and partial, credits, payments, older books, a kill half-way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach.db.engine import Database, open_database
from outreach.db.migrate import upgrade
from outreach.db.tables import (
    AreaRow,
    ArrearsRow,
    ContactPointRow,
    DeliveryRow,
    DwellingRow,
    HouseholdRow,
    LandlordRow,
    LedgerEntryRow,
    LedgerItemRow,
    PaymentRow,
    PersonContactPointRow,
    PersonRow,
    RejectedRowRow,
    TenancyPartyRow,
    TenancyRow,
)
from outreach.imports import ImportOptions, ImportReport, ItemRow, apply, apply_items, preview
from outreach.imports.arrears import recompute_arrears
from outreach.imports.rejected import rejected_csv
from schedules.settings import months_in_arrears

pytestmark = pytest.mark.integration
NOW = datetime(2026, 3, 30, 7, tzinfo=UTC)
HEAD = "Contractnummer;Naam;Straat;Huisnummer;Postcode;Plaats;Telefoon;E-mail;Huur;Postnummer;Vervaldatum;Openstaand"
JANSEN = "H1;P. Jansen;Dorpsstraat;1;3701 AB;Zeist;06-12345678;p@voorbeeld.example;€ 750,00"
SMIT = "H2;A. Smit;Dorpsstraat;2;3701 AB;Zeist;06-12345678;;€ 800,00"


class World:
    """A landlord with an empty database, and a clock that is moved by hand."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now = NOW
        with db.write() as session:
            row = LandlordRow(slug="voorbeeld", name="Voorbeeld", created_at=NOW)
            session.add(row)
        self.landlord_id = row.id

    def load(self, *lines: str, kind: str = "arrears", head: str = HEAD, **options: Any) -> ImportReport:
        text = "\n".join((head, *lines)) + "\n"
        self.now += timedelta(hours=1)
        chosen = ImportOptions(**{"as_of": date(2026, 3, 20), **options})
        return apply(self.db, self.landlord_id, text.encode(), "a.csv", chosen, self.now, "test", kind)

    def pay(self, *lines: str) -> ImportReport:
        return self.load(*lines, kind="payments", head="Contractnummer;Kenmerk;Betaaldatum;Bedrag")

    def count(self, table: Any) -> int:
        with self.db.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def all(self, table: Any) -> list[Any]:
        with self.db.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def open(self) -> dict[str, int]:
        found: dict[str, int] = {}
        refs = {row.id: row.external_ref for row in self.all(LedgerItemRow)}
        for entry in self.all(LedgerEntryRow):
            found[refs[entry.item_id]] = entry.open_cents
        return found

    def owed(self) -> dict[str, tuple[int, date | None, int]]:
        refs = {row.id: row.external_ref for row in self.all(TenancyRow)}
        return {refs[row.tenancy_id]: (row.amount_cents, row.oldest_due_on, row.months) for row in self.all(ArrearsRow)}


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    db = open_database(database_url)
    upgrade(db.engine)
    yield World(db)
    db.dispose()


def start(world: World, **options: Any) -> ImportReport:
    return world.load(
        f"{JANSEN};P1;01-02-2026;750,00", f"{JANSEN};P2;01-03-2026;750,00", f"{SMIT};P3;01-03-2026;100,00", **options
    )


def test_one_file_starts_a_landlord_from_nothing(world: World) -> None:
    report = start(world)
    assert (report.status, report.rows_good, report.rows_bad) == ("applied", 3, 0)
    assert [row.code for row in world.all(AreaRow)] == ["algemeen"]
    assert [row.municipality for row in world.all(AreaRow)] == ["Zeist"]
    assert [world.count(t) for t in (DwellingRow, HouseholdRow, TenancyRow, PersonRow)] == [2, 2, 2, 2]
    assert {(row.kind, row.value) for row in world.all(ContactPointRow)} == {
        ("mobile", "+31612345678"),
        ("email", "p@voorbeeld.example"),
    }
    assert world.count(PersonContactPointRow) == 3  # the number is shared
    assert {row.role for row in world.all(TenancyPartyRow)} == {"tenant"}
    assert all(row.known_at == world.now and row.from_on == date(2026, 3, 20) for row in world.all(TenancyPartyRow))
    assert world.owed() == {"H1": (150000, date(2026, 2, 1), 2), "H2": (10000, date(2026, 3, 1), 1)}
    entry = world.all(LedgerEntryRow)[0]
    assert (entry.occurred_on, entry.known_at, entry.reason) == (date(2026, 3, 20), world.now, "delivered")
    assert world.all(DeliveryRow)[0].report["counts"]["entries"] == 3


def test_a_preview_says_what_would_happen_and_changes_nothing(world: World) -> None:
    text = f"{HEAD}\n{JANSEN};P1;01-02-2026;750,00\n{SMIT};P3;01-03-2026;x\n"
    report = preview(world.db, world.landlord_id, text.encode(), "a.csv", ImportOptions(), NOW)
    assert (report.status, report.rows_good, report.rows_bad) == ("preview", 1, 1)
    assert report.counts["tenancies_new"] == report.counts["items_new"] == report.counts["entries"] == 1
    assert [world.count(t) for t in (DeliveryRow, TenancyRow, LedgerEntryRow, RejectedRowRow)] == [0, 0, 0, 0]


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    first = start(world)
    again = start(world)
    assert (again.status, again.delivery_id) == ("already_loaded", first.delivery_id)
    assert world.count(DeliveryRow) == 1
    assert world.count(LedgerEntryRow) == 3


def test_the_same_rows_in_another_order_and_encoding_change_no_facts(world: World) -> None:
    start(world)
    before = [world.count(t) for t in (PersonRow, LedgerItemRow, LedgerEntryRow, PersonContactPointRow, HouseholdRow)]
    lines = [f"{SMIT};P3;2026-03-01;100.00", f"{JANSEN};P2;2026-03-01;750.00", f"{JANSEN};P1;2026-02-01;750.00"]
    text = "\n".join((HEAD, *lines)).replace("€ 750,00", "750.00").replace("€ 800,00", "800.00")
    options = ImportOptions(as_of=date(2026, 3, 20))
    data = text.encode("utf-16")
    report = apply(world.db, world.landlord_id, data, "b.csv", options, NOW + timedelta(days=1), "test")
    assert (report.status, report.counts["entries"]) == ("applied", 0)
    after = [world.count(t) for t in (PersonRow, LedgerItemRow, LedgerEntryRow, PersonContactPointRow, HouseholdRow)]
    assert after == before


def test_absent_is_paid_only_when_the_delivery_is_complete(world: World) -> None:
    start(world)
    world.load(f"{JANSEN};P1;01-02-2026;750,00", as_of=date(2026, 3, 21))
    assert world.open() == {"P1": 75000, "P2": 75000, "P3": 10000}
    report = world.load(f"{JANSEN};P1;01-02-2026;750,00", as_of=date(2026, 3, 21), complete=True)
    assert report.counts["absent_paid"] == 2
    assert world.open() == {"P1": 75000, "P2": 0, "P3": 0}
    assert world.all(LedgerEntryRow)[-1].reason == "absent_from_complete"
    assert world.owed() == {"H1": (75000, date(2026, 2, 1), 1), "H2": (0, None, 0)}


def test_an_unreadable_row_is_no_payment(world: World) -> None:
    start(world)
    bad_amount = world.load(
        f"{JANSEN};P1;01-02-2026;750,00", f"{SMIT};P3;01-03-2026;veel", as_of=date(2026, 3, 21), complete=True
    )
    assert bad_amount.counts["absent_paid"] == 1  # P2; H2 stands in the file, unreadable
    assert world.open()["P3"] == 10000
    lost = world.load("H1;kapot", f"{JANSEN};P2;01-03-2026;10,00", as_of=date(2026, 3, 22), complete=True)
    assert "absence_not_counted" in {note.code for note in lost.notes}
    assert world.open() == {"P1": 75000, "P2": 1000, "P3": 10000}


def test_negative_items_are_credits_when_the_mapping_says_so(world: World) -> None:
    lines = (f"{JANSEN};P1;01-02-2026;750,00", f"{JANSEN};C1;01-03-2026;200,00-")
    assert world.load(*lines).problem_counts == {"negative_amount": 1}
    report = world.load(*lines, negative_items="credit")
    assert report.rows_bad == 0
    assert {row.kind for row in world.all(LedgerItemRow)} == {"rent", "credit"}
    assert world.owed() == {"H1": (55000, date(2026, 2, 1), 1)}


def test_payments_go_to_the_oldest_items_once_and_the_rest_is_a_credit(world: World) -> None:
    start(world)
    report = world.pay("H1;T1;20-03-2026;1,00")
    assert report.counts["payments_in_books"] == 1  # the books of that day know it
    world.now += timedelta(days=3)
    paid = world.pay("H1;T2;21-03-2026;800,00", "H2;T3;21-03-2026;150,00", "H9;T4;21-03-2026;1,00")
    assert (paid.rows_bad, paid.problem_counts) == (1, {"unknown_tenancy": 1})
    assert world.open() == {"P1": 0, "P2": 70000, "P3": 0, "payment:T3": -5000}
    assert {row.external_ref: row.unallocated_cents for row in world.all(PaymentRow)} == {"T1": 0, "T2": 0, "T3": 5000}
    assert world.owed() == {"H1": (70000, date(2026, 3, 1), 1), "H2": (-5000, None, 0)}
    entries = world.count(LedgerEntryRow)
    again = world.pay("H2;T3;21-03-2026;150,00", "H1;T2;21-03-2026;800,00")
    assert (again.status, again.counts["payments_new"], world.count(LedgerEntryRow)) == ("applied", 0, entries)


def test_older_books_do_not_bring_back_what_was_paid(world: World) -> None:
    start(world)
    world.now += timedelta(days=5)
    world.pay("H1;T2;22-03-2026;800,00")
    report = world.load(f"{JANSEN};P1;01-02-2026;750,00", f"{JANSEN};P2;01-03-2026;750,00", as_of=date(2026, 3, 21))
    assert (report.counts["payments_deducted"], report.counts["entries"]) == (2, 0)
    assert world.open() == {"P1": 0, "P2": 70000, "P3": 10000}
    world.load(f"{JANSEN};P2;01-03-2026;700,00", as_of=date(2026, 3, 22), complete=True)
    assert world.open() == {"P1": 0, "P2": 70000, "P3": 0}


def test_books_that_know_a_payment_take_in_our_credit(world: World) -> None:
    start(world)
    world.now += timedelta(days=5)
    world.pay("H2;T3;21-03-2026;150,00")
    report = world.load(f"{SMIT};P4;01-04-2026;750,00", as_of=date(2026, 3, 22))
    assert report.counts["credits_settled"] == 1
    assert world.open()["payment:T3"] == 0


def test_an_older_delivery_undoes_nothing(world: World) -> None:
    start(world, as_of=date(2026, 3, 20), complete=True)
    older = world.load(f"{JANSEN};P1;01-02-2026;999,00", as_of=date(2026, 3, 18))
    assert (older.counts, older.notes[-1].code) == ({"skipped_older": 1, "arrears_changed": 0}, "older_than_known")
    world.load(f"{JANSEN};P1;01-02-2026;500,00", as_of=date(2026, 3, 23))
    between = world.load(f"{JANSEN};P1;01-02-2026;600,00", f"{JANSEN};P2;01-03-2026;600,00", as_of=date(2026, 3, 22))
    assert (between.counts["skipped_older"], between.counts["entries"]) == (1, 1)
    assert world.open() == {"P1": 50000, "P2": 60000, "P3": 10000}


def test_a_contact_point_keeps_its_state_and_another_tenant_is_reported(world: World) -> None:
    start(world)
    with world.db.write() as session:
        point = session.scalars(select(ContactPointRow).where(ContactPointRow.kind == "mobile")).one()
        point.state, point.state_reason = "wrong", "tenant said so"
    changed = JANSEN.replace("P. Jansen", "K. Pietersen").replace("12345678", "87654321")
    report = world.load(f"{changed};P1;01-02-2026;750,00", f"{SMIT};P3;01-03-2026;100,00")
    assert report.problem_counts == {"name_differs": 1}
    assert {row.state for row in world.all(ContactPointRow)} == {"wrong", "valid"}
    assert world.count(ContactPointRow) == 2  # a stranger's number is not put with Jansen
    assert sorted(row.family_name for row in world.all(PersonRow)) == ["Jansen", "Smit"]


def test_a_known_person_is_completed_and_rent_follows(world: World) -> None:
    start(world)
    head, line = HEAD + ";Geboortedatum", JANSEN.replace("750,00", "775,00")
    report = world.load(f"{line};P1;01-02-2026;750,00;05-05-1962", head=head)
    assert (report.counts["persons_completed"], report.counts["rents_changed"]) == (1, 1)
    assert {row.family_name: row.born_on for row in world.all(PersonRow)} == {"Jansen": date(1962, 5, 5), "Smit": None}


def test_bad_rows_come_back_guarded_and_can_be_mended(world: World) -> None:
    evil = SMIT.replace("A. Smit", '"=HYPERLINK(""x"")"')
    report = world.load(f"{JANSEN};P1;01-02-2026;750,00", f"{evil};P3;30-02-2026;100,00")
    with world.db.read() as session:
        text = rejected_csv(session, world.landlord_id, report.delivery_id or 0)
    assert "'=HYPERLINK" in text
    assert "Vervaldatum: Dit is geen bestaande datum" in text
    mended = text.replace("30-02-2026", "01-03-2026").replace('\'=HYPERLINK(""x"")', "A. Smit")
    options = ImportOptions(as_of=date(2026, 3, 20))
    again = apply(world.db, world.landlord_id, mended.encode(), "hersteld.csv", options, NOW, "test")
    assert (again.rows_good, again.rows_bad) == (1, 0)
    assert sorted(world.open()) == ["P1", "P3"]


def test_rejected_rows_and_report_hold_no_bsn(world: World) -> None:
    head = HEAD + ";BSN"
    report = world.load(f"{JANSEN};P1;30-02-2026;750,00;111222333", head=head)
    assert report.dropped_columns == ("BSN",)
    stored = repr([(row.cells, row.problems) for row in world.all(RejectedRowRow)])
    assert "111222333" not in stored + repr([row.report for row in world.all(DeliveryRow)])


def test_a_broken_file_is_refused_and_leaves_nothing(world: World) -> None:
    data = (HEAD + "\n" + f"{JANSEN};P1;01-02-2026;750,00\n" * 10).encode() + b"\x00rest"
    report = apply(world.db, world.landlord_id, data, "a.csv", ImportOptions(), NOW, "test")
    assert (report.status, report.problem_code) == ("refused", "nul_bytes")
    swallowed = HEAD + f"\n{JANSEN};P1;01-02-2026;750,00\n" + f'{SMIT};"P3;01-03-2026;1,00\n{SMIT};P4;01-03-2026;1,00'
    late = apply(world.db, world.landlord_id, swallowed.encode(), "a.csv", ImportOptions(), NOW, "test")
    assert late.problem_code == "unclosed_quote"
    assert [world.count(t) for t in (DeliveryRow, TenancyRow, LedgerEntryRow)] == [0, 0, 0]


def test_what_on_delivery_raises_undoes_everything(world: World) -> None:
    def refuse(_session: Any, row: DeliveryRow) -> None:
        assert row.report["status"] == "applied"
        raise RuntimeError("no evidence")

    data = f"{HEAD}\n{JANSEN};P1;01-02-2026;750,00\n".encode()
    with pytest.raises(RuntimeError):
        apply(world.db, world.landlord_id, data, "a.csv", ImportOptions(), NOW, "test", on_delivery=refuse)
    assert [world.count(t) for t in (DeliveryRow, TenancyRow, LedgerEntryRow)] == [0, 0, 0]
    report = apply(world.db, world.landlord_id, data, "a.csv", ImportOptions(), NOW, "test")
    assert report.status == "applied"


def test_a_feed_writes_only_what_changed(world: World) -> None:
    start(world)
    items = [
        ItemRow("H1", "P1", "rent", date(2026, 2, 1), 75000, 75000),
        ItemRow("H1", "P2", "rent", date(2026, 3, 1), 75000, 50000),
        ItemRow("H7", "P9", "rent", date(2026, 3, 1), 75000, 50000),
    ]
    report = apply_items(world.db, world.landlord_id, items, date(2026, 3, 21), False, NOW, "feed")
    assert (report.rows_good, report.rows_bad, report.counts["entries"]) == (2, 1, 1)
    again = apply_items(world.db, world.landlord_id, items, date(2026, 3, 21), False, NOW, "feed")
    assert again.status == "already_loaded"
    assert world.open() == {"P1": 75000, "P2": 50000, "P3": 10000}


@pytest.mark.parametrize("definition", ["due_dates_passed", "amount_over_rent"])
def test_positions_agree_with_the_engine_and_follow_the_day(world: World, definition: str) -> None:
    start(world)
    world.load(f"{JANSEN};P5;01-04-2026;750,00", f"{JANSEN};C1;01-03-2026;-100,00", negative_items="credit")
    items = [
        (date(2026, 2, 1), 75000),
        (date(2026, 3, 1), 75000),
        (date(2026, 4, 1), 75000),
        (date(2026, 3, 1), -10000),
    ]
    for day in (date(2026, 2, 1), date(2026, 2, 2), date(2026, 3, 20), date(2026, 4, 1), date(2026, 4, 2)):
        with world.db.write() as session:
            recompute_arrears(session, world.landlord_id, day, NOW, month_definition=definition)
        positive = [(due, cents) for due, cents in items if cents > 0 and due < day]
        total = sum(cents for _, cents in positive) - 10000
        months = months_in_arrears([*positive, (date(2026, 1, 1), -10000)], 75000, day, definition)
        assert world.owed()["H1"][0::2] == (total, months)


def test_a_kill_half_way_leaves_nothing_or_all(database_url: str) -> None:
    db = open_database(database_url)
    upgrade(db.engine)
    world = World(db)
    code = (
        "import sys\nfrom datetime import date, datetime, UTC\nfrom outreach.db.engine import open_database\n"
        "from outreach.imports import ImportOptions, apply\n"
        "def wait(session, row):\n print('in', flush=True); sys.stdin.read()\n"
        f"apply(open_database({database_url!r}), {world.landlord_id}, "
        f"({HEAD!r} + chr(10) + {JANSEN!r} + ';P1;01-02-2026;750,00').encode(), 'a.csv', ImportOptions(), "
        "datetime(2026, 3, 20, 7, tzinfo=UTC), 'test', on_delivery=wait)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "in"
        child.send_signal(signal.SIGKILL)
        child.wait(timeout=10)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and [world.count(t) for t in (DeliveryRow, TenancyRow)] != [0, 0]:
            time.sleep(0.05)
        assert [world.count(t) for t in (DeliveryRow, TenancyRow, LedgerEntryRow)] == [0, 0, 0]
        assert start(world).status == "applied"
        assert world.count(LedgerEntryRow) == 3
    finally:
        child.kill()
        assert child.stdin is not None and child.stdout is not None
        child.stdin.close()
        child.stdout.close()
        child.wait()
        db.dispose()

"""Temporary tables beside the real ones: filled without holding up anybody, then switched in by sets.

A temporary table belongs to one connection. On SQLite it lies outside the database file, so filling it takes no write
lock; on PostgreSQL it is filled by COPY.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, Integer, MetaData, String, Table, func, select, text

from outreach.db.base import BIG
from outreach.imports.batches import Batch

_META = MetaData()


def _table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, _META, *columns, prefixes=["TEMPORARY"])


ITEMS = _table(
    "stage_item",
    Column("line", Integer),
    Column("tenancy_ref", String),
    Column("item_ref", String),
    Column("kind", String),
    Column("due_on", Date),
    Column("amount_cents", BIG),
    Column("open_cents", BIG),
    Column("description", String),
    Column("tenancy_id", BIG, index=True),
    Column("item_id", BIG, index=True),
    Column("known_cents", BIG),
    Column("newer", Integer),
)
TENANCIES = _table(
    "stage_tenancy",
    Column("line", Integer),
    Column("tenancy_ref", String, index=True),
    Column("street", String),
    Column("house_number", Integer),
    Column("addition", String),
    Column("postcode", String),
    Column("city", String),
    Column("area_code", String),
    Column("rent_cents", BIG),
    Column("tenancy_id", BIG),
    Column("area_id", BIG),
    Column("dwelling_id", BIG),
    Column("household_id", BIG),
    Column("household_key", String),
    Column("is_new", Integer),
)
PARTIES = _table(
    "stage_party",
    Column("line", Integer),
    Column("tenancy_ref", String, index=True),
    Column("role", String),
    Column("person_key", String, index=True),
    Column("person_ref", String),
    Column("title", String),
    Column("initials", String),
    Column("given_name", String),
    Column("prefix", String),
    Column("family_name", String),
    Column("born_on", Date),
    Column("language", String),
    Column("tenancy_id", BIG),
    Column("household_id", BIG),
    Column("person_id", BIG),
    Column("is_new", Integer),
    Column("differs", Integer),
)
CONTACTS = _table(
    "stage_contact",
    Column("tenancy_ref", String),
    Column("role", String),
    Column("kind", String),
    Column("value", String),
    Column("rank", Integer),
    Column("person_id", BIG),
    Column("contact_point_id", BIG),
)
PAYMENTS = _table(
    "stage_payment",
    Column("line", Integer),
    Column("tenancy_ref", String),
    Column("payment_ref", String),
    Column("amount_cents", BIG),
    Column("paid_on", Date),
)
REJECTED = _table("stage_rejected", Column("line", Integer), Column("cells", JSON), Column("problems", JSON))
KEYS = _table("stage_key", Column("key", String, primary_key=True), Column("id", BIG))

_FILLED = {"items": (ITEMS, 8), "tenancies": (TENANCIES, 9), "parties": (PARTIES, 12), "contacts": (CONTACTS, 5)}


@contextmanager
def staging(connection: Connection) -> Iterator[None]:
    """Make the temporary tables, empty, for the length of the block."""
    with connection.begin():
        _META.create_all(connection, checkfirst=False)
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            if connection.in_transaction():
                connection.rollback()
            with connection.begin():
                _META.drop_all(connection, checkfirst=False)


def stage(connection: Connection, batch: Batch) -> None:
    """Put a batch of checked rows into the temporary tables."""
    for name, (table, width) in _FILLED.items():
        _fill(connection, table, width, getattr(batch, name))
    _fill(connection, PAYMENTS, 5, batch.payments)
    rejected = [
        (line, json.dumps(cells), json.dumps({"problems": [each.to_json() for each in problems]}))
        for line, cells, problems in batch.rejected
    ]
    _fill(connection, REJECTED, 3, rejected)


def _fill(connection: Connection, table: Table, width: int, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{column.name}"' for column in list(table.columns)[:width])
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
        with cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * width)
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))


def prepare(connection: Connection) -> None:
    """Let the server count the temporary tables, so that its plans are right."""
    if connection.dialect.name == "postgresql":
        for table in _META.sorted_tables:
            connection.execute(text(f"ANALYZE {table.name}"))


def allocate(connection: Connection, keys: Any, target: Table) -> int:
    """Give every key of the select `keys` (column `key`) an id of `target` in KEYS; give how many.

    On SQLite the caller holds the write lock, so that counting on from the highest id is safe.
    """
    connection.execute(KEYS.delete())
    wanted = keys.subquery()
    if connection.dialect.name == "postgresql":
        new_id: Any = func.nextval(func.pg_get_serial_sequence(target.name, "id"))
    else:
        highest = connection.scalar(select(func.coalesce(func.max(target.c.id), 0))) or 0
        new_id = func.row_number().over(order_by=wanted.c.line) + highest
    connection.execute(KEYS.insert().from_select(["key", "id"], select(wanted.c.key, new_id)))
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE stage_key"))
    return connection.scalar(select(func.count()).select_from(KEYS)) or 0

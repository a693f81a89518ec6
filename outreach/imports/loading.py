"""What the loading steps share: the tables of people, whose delivery it is, and counted statements."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from outreach.db.people import (
    AreaRow,
    ContactPointRow,
    DwellingRow,
    HouseholdMemberRow,
    HouseholdRow,
    PersonContactPointRow,
    PersonRow,
    TenancyPartyRow,
    TenancyRow,
)

AREA, DWELLING, HOUSEHOLD = (cast("Table", row.__table__) for row in (AreaRow, DwellingRow, HouseholdRow))
TENANCY, PERSON, PARTY = (cast("Table", row.__table__) for row in (TenancyRow, PersonRow, TenancyPartyRow))
MEMBER = cast("Table", HouseholdMemberRow.__table__)
POINT, OWNED = (cast("Table", row.__table__) for row in (ContactPointRow, PersonContactPointRow))


@dataclass(frozen=True, kw_only=True)
class Load:
    """One delivery being loaded: whose, of which day, known when, and from where."""

    landlord_id: int
    as_of: date
    now: datetime
    source: str
    municipality: str = ""


def changed(connection: Connection, statement: Executable) -> int:
    """Execute a statement and give how many rows it touched."""
    kept = statement.execution_options(preserve_rowcount=True)
    count = cast("CursorResult[Any]", connection.execute(kept)).rowcount
    if count < 0 and connection.dialect.name == "sqlite":
        return connection.scalar(select(func.changes())) or 0
    return count


def insert_unless_there(connection: Connection, table: Table, names: list[str], rows: Select[Any]) -> int:
    """Insert a selection, leaving out what a unique key has already; give how many went in."""
    maker = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return changed(connection, maker(table).from_select(names, rows).on_conflict_do_nothing())


def scalar(column: Any, *where: ColumnElement[bool]) -> Any:
    """Select one value for a row of the outer statement."""
    return select(column).where(*where).scalar_subquery()

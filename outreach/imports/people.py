"""Load who rents what: dwellings, households, tenancies, persons and contact points, by sets.

What is known is completed and never overwritten: a name or address that differs is reported, the state of a contact
point is left alone, and a shared number stays shared.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import cast as cast_to
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
from outreach.imports.people_rows import DEFAULT_AREA
from outreach.imports.staging import CONTACTS, KEYS, PARTIES, TENANCIES, allocate

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


def resolve_tenancies(connection: Connection, load: Load) -> None:
    """Find the tenancies and the people that are known already; only the temporary tables change."""
    found = _scalar(
        TENANCY.c.id, TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == TENANCIES.c.tenancy_ref
    )
    connection.execute(update(TENANCIES).where(TENANCIES.c.tenancy_id.is_(None)).values(tenancy_id=found))
    connection.execute(update(TENANCIES).values(is_new=case((TENANCIES.c.tenancy_id.is_(None), 1), else_=0)))
    connection.execute(update(PARTIES).values(tenancy_id=_of_tenancy(TENANCIES.c.tenancy_id)))
    party = _scalar(
        func.min(PARTY.c.person_id),
        PARTY.c.tenancy_id == PARTIES.c.tenancy_id,
        PARTY.c.role == PARTIES.c.role,
        PARTY.c.to_on.is_(None),
    )
    connection.execute(update(PARTIES).where(PARTIES.c.tenancy_id.is_not(None)).values(person_id=party))
    same = _scalar(func.lower(PERSON.c.family_name), PERSON.c.id == PARTIES.c.person_id)
    connection.execute(
        update(PARTIES)
        .where(PARTIES.c.person_id.is_not(None))
        .values(differs=case((same != func.lower(PARTIES.c.family_name), 1), else_=0))
    )
    _match_persons(connection, load)


def _scalar(column: Any, *where: ColumnElement[bool]) -> Any:
    return select(column).where(*where).scalar_subquery()


def _of_tenancy(column: Any) -> Any:
    return _scalar(column, TENANCIES.c.tenancy_ref == PARTIES.c.tenancy_ref)


def _match_persons(connection: Connection, load: Load) -> None:
    """Match the people of new tenancies to known ones by the landlord's own number, never by name."""
    if not connection.scalar(select(exists().where(PARTIES.c.person_ref.is_not(None), PARTIES.c.person_id.is_(None)))):
        return
    by_ref = (
        select(PERSON.c.external_ref, func.min(PERSON.c.id).label("id"))
        .where(PERSON.c.landlord_id == load.landlord_id, PERSON.c.external_ref.is_not(None))
        .group_by(PERSON.c.external_ref)
        .subquery()
    )
    connection.execute(KEYS.delete())
    connection.execute(KEYS.insert().from_select(["key", "id"], select(by_ref.c.external_ref, by_ref.c.id)))
    connection.execute(
        update(PARTIES)
        .where(PARTIES.c.person_id.is_(None), PARTIES.c.tenancy_id.is_(None), PARTIES.c.person_ref.is_not(None))
        .values(person_id=_scalar(KEYS.c.id, KEYS.c.key == PARTIES.c.person_ref))
    )


def load_people(connection: Connection, load: Load) -> dict[str, int]:
    """Write what is new and complete what is known; needs the write lock. Give counts."""
    resolve_tenancies(connection, load)
    counts = {"areas_new": _load_areas(connection, load), "dwellings_new": _load_dwellings(connection, load)}
    counts["persons_new"] = _load_persons(connection, load)
    counts["tenancies_new"] = _load_tenancies(connection, load)
    _load_parties(connection, load)
    counts["contact_points_new"] = _load_contacts(connection, load)
    counts["persons_completed"] = _complete_persons(connection)
    counts["rents_changed"] = _update_rents(connection)
    return counts


def _load_areas(connection: Connection, load: Load) -> int:
    connection.execute(
        update(TENANCIES).where(TENANCIES.c.area_code == "", TENANCIES.c.is_new == 1).values(area_code=DEFAULT_AREA)
    )
    code = TENANCIES.c.area_code
    rows = (
        select(
            literal(load.landlord_id),
            code,
            case((code == DEFAULT_AREA, "Algemeen"), else_=code),
            literal(load.municipality) if load.municipality else func.min(TENANCIES.c.city),
        )
        .where(TENANCIES.c.is_new == 1)
        .group_by(code)
    )
    made = insert_unless_there(connection, AREA, ["landlord_id", "code", "name", "municipality"], rows)
    area = _scalar(AREA.c.id, AREA.c.landlord_id == load.landlord_id, AREA.c.code == code)
    connection.execute(update(TENANCIES).where(TENANCIES.c.is_new == 1).values(area_id=area))
    return made


def _load_dwellings(connection: Connection, load: Load) -> int:
    names = ["street", "house_number", "addition", "postcode", "city"]
    key = [TENANCIES.c[name] for name in names[:4]]
    rows = (
        select(literal(load.landlord_id), func.min(TENANCIES.c.area_id), *key, func.min(TENANCIES.c.city))
        .where(TENANCIES.c.is_new == 1)
        .group_by(*key)
    )
    made = insert_unless_there(connection, DWELLING, ["landlord_id", "area_id", *names], rows)
    found = _scalar(
        DWELLING.c.id,
        DWELLING.c.landlord_id == load.landlord_id,
        *(DWELLING.c[name] == TENANCIES.c[name] for name in names[:4]),
    )
    connection.execute(update(TENANCIES).where(TENANCIES.c.is_new == 1).values(dwelling_id=found))
    return made


def _load_persons(connection: Connection, load: Load) -> int:
    fresh = PARTIES.c.person_id.is_(None)
    connection.execute(update(PARTIES).where(fresh).values(is_new=1))
    keys = (
        select(PARTIES.c.person_key.label("key"), func.min(PARTIES.c.line).label("line"))
        .where(fresh)
        .group_by(PARTIES.c.person_key)
    )
    count = allocate(connection, keys, PERSON)
    if not count:
        return 0
    connection.execute(
        update(PARTIES).where(fresh).values(person_id=_scalar(KEYS.c.id, KEYS.c.key == PARTIES.c.person_key))
    )
    texts = ["title", "initials", "given_name", "prefix", "family_name"]
    rows = (
        select(
            PARTIES.c.person_id,
            literal(load.landlord_id),
            func.max(PARTIES.c.person_ref),
            *(func.max(PARTIES.c[name]) for name in texts),
            func.max(PARTIES.c.born_on),
            func.coalesce(func.nullif(func.max(PARTIES.c.language), ""), "nl"),
            literal([], PERSON.c.needs.type),
        )
        .where(PARTIES.c.is_new == 1)
        .group_by(PARTIES.c.person_id)
    )
    names = ["id", "landlord_id", "external_ref", *texts, "born_on", "language", "needs"]
    connection.execute(insert(PERSON).from_select(names, rows))
    return count


def _load_tenancies(connection: Connection, load: Load) -> int:
    """A household is the same tenant at the same dwelling; other tenants there are a household of their own."""
    fresh = TENANCIES.c.is_new == 1
    tenant = _scalar(PARTIES.c.person_id, PARTIES.c.tenancy_ref == TENANCIES.c.tenancy_ref, PARTIES.c.role == "tenant")
    connection.execute(
        update(TENANCIES).where(fresh).values(household_key=_text(TENANCIES.c.dwelling_id) + ":" + _text(tenant))
    )
    lives = _scalar(
        func.min(HOUSEHOLD.c.id),
        HOUSEHOLD.c.dwelling_id == TENANCIES.c.dwelling_id,
        MEMBER.c.household_id == HOUSEHOLD.c.id,
        MEMBER.c.person_id == tenant,
        MEMBER.c.to_on.is_(None),
    )
    connection.execute(update(TENANCIES).where(fresh).values(household_id=lives))
    without = and_(fresh, TENANCIES.c.household_id.is_(None))
    keys = (
        select(TENANCIES.c.household_key.label("key"), func.min(TENANCIES.c.line).label("line"))
        .where(without)
        .group_by(TENANCIES.c.household_key)
    )
    if allocate(connection, keys, HOUSEHOLD):
        homes = (
            select(KEYS.c.id, literal(load.landlord_id), func.min(TENANCIES.c.dwelling_id))
            .where(KEYS.c.key == TENANCIES.c.household_key)
            .group_by(KEYS.c.id)
        )
        connection.execute(insert(HOUSEHOLD).from_select(["id", "landlord_id", "dwelling_id"], homes))
        connection.execute(
            update(TENANCIES)
            .where(without)
            .values(household_id=_scalar(KEYS.c.id, KEYS.c.key == TENANCIES.c.household_key))
        )
    rows = select(
        literal(load.landlord_id),
        TENANCIES.c.area_id,
        TENANCIES.c.dwelling_id,
        TENANCIES.c.household_id,
        TENANCIES.c.tenancy_ref,
        TENANCIES.c.rent_cents,
    ).where(fresh)
    names = ["landlord_id", "area_id", "dwelling_id", "household_id", "external_ref", "rent_cents"]
    return changed(connection, insert(TENANCY).from_select(names, rows))


def _text(column: Any) -> Any:
    return cast_to(column, String)


def _load_parties(connection: Connection, load: Load) -> None:
    found = _scalar(
        TENANCY.c.id, TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == TENANCIES.c.tenancy_ref
    )
    connection.execute(update(TENANCIES).where(TENANCIES.c.tenancy_id.is_(None)).values(tenancy_id=found))
    connection.execute(
        update(PARTIES).where(PARTIES.c.tenancy_id.is_(None)).values(tenancy_id=_of_tenancy(TENANCIES.c.tenancy_id))
    )
    household = _scalar(TENANCY.c.household_id, TENANCY.c.id == PARTIES.c.tenancy_id)
    connection.execute(update(PARTIES).values(household_id=household))
    facts = (literal(load.as_of), literal(load.source), literal(load.now, PARTY.c.known_at.type))
    there = exists().where(
        PARTY.c.tenancy_id == PARTIES.c.tenancy_id, PARTY.c.role == PARTIES.c.role, PARTY.c.to_on.is_(None)
    )
    rows = select(literal(load.landlord_id), PARTIES.c.tenancy_id, PARTIES.c.person_id, PARTIES.c.role, *facts).where(
        ~there
    )
    names = ["landlord_id", "tenancy_id", "person_id", "role", "from_on", "source", "known_at"]
    connection.execute(insert(PARTY).from_select(names, rows))
    lives = exists().where(
        MEMBER.c.household_id == PARTIES.c.household_id,
        MEMBER.c.person_id == PARTIES.c.person_id,
        MEMBER.c.to_on.is_(None),
    )
    members = (
        select(literal(load.landlord_id), PARTIES.c.household_id, PARTIES.c.person_id, *facts).where(~lives).distinct()
    )
    names = ["landlord_id", "household_id", "person_id", "from_on", "source", "known_at"]
    connection.execute(insert(MEMBER).from_select(names, members))


def _load_contacts(connection: Connection, load: Load) -> int:
    """Contact points go to the tenant of the row; not to another one than the file names."""
    owner = _scalar(
        PARTIES.c.person_id,
        PARTIES.c.tenancy_ref == CONTACTS.c.tenancy_ref,
        PARTIES.c.role == CONTACTS.c.role,
        func.coalesce(PARTIES.c.differs, 0) == 0,
    )
    connection.execute(update(CONTACTS).values(person_id=owner))
    owned = CONTACTS.c.person_id.is_not(None)
    rows = (
        select(
            literal(load.landlord_id),
            func.min(CONTACTS.c.kind),
            CONTACTS.c.value,
            literal("valid"),
            literal(""),
            literal(load.now, POINT.c.state_known_at.type),
        )
        .where(owned)
        .group_by(CONTACTS.c.value)
    )
    names = ["landlord_id", "kind", "value", "state", "state_reason", "state_known_at"]
    made = insert_unless_there(connection, POINT, names, rows)
    point = _scalar(POINT.c.id, POINT.c.landlord_id == load.landlord_id, POINT.c.value == CONTACTS.c.value)
    connection.execute(update(CONTACTS).where(owned).values(contact_point_id=point))
    there = exists().where(
        OWNED.c.person_id == CONTACTS.c.person_id, OWNED.c.contact_point_id == CONTACTS.c.contact_point_id
    )
    links = (
        select(
            literal(load.landlord_id),
            CONTACTS.c.person_id,
            CONTACTS.c.contact_point_id,
            func.min(CONTACTS.c.rank),
            literal(load.as_of),
            literal(load.source),
            literal(load.now, OWNED.c.known_at.type),
        )
        .where(owned, ~there)
        .group_by(CONTACTS.c.person_id, CONTACTS.c.contact_point_id)
    )
    names = ["landlord_id", "person_id", "contact_point_id", "rank", "from_on", "source", "known_at"]
    connection.execute(insert(OWNED).from_select(names, links))
    return made


def _complete_persons(connection: Connection) -> int:
    """Fill what was empty of people whose name is the same; give how many persons."""
    pairs = [(PERSON.c[name], PARTIES.c[name]) for name in ("title", "initials", "given_name")]
    lacking = [and_(column == "", given != "") for column, given in pairs]
    pairs += [(PERSON.c.born_on, PARTIES.c.born_on), (PERSON.c.external_ref, PARTIES.c.person_ref)]
    lacking += [and_(column.is_(None), given.is_not(None)) for column, given in pairs[3:]]
    values = [
        case((blank, given), else_=column).label(column.name)
        for (column, given), blank in zip(pairs, lacking, strict=True)
    ]
    rows = connection.execute(
        select(PERSON.c.id.label("person"), *values).where(
            PERSON.c.id == PARTIES.c.person_id, PARTIES.c.differs == 0, or_(*lacking)
        )
    )
    found = [dict(row) for row in rows.mappings()]
    if found:
        connection.execute(update(PERSON).where(PERSON.c.id == bindparam("person")), found)
    return len(found)


def _update_rents(connection: Connection) -> int:
    rent = _scalar(func.max(TENANCIES.c.rent_cents), TENANCIES.c.tenancy_id == TENANCY.c.id)
    return changed(connection, update(TENANCY).where(TENANCY.c.id.in_(_changed_rents())).values(rent_cents=rent))


def _changed_rents() -> Select[Any]:
    other = TENANCY.alias("other")
    return select(TENANCIES.c.tenancy_id).where(
        TENANCIES.c.rent_cents.is_not(None),
        exists().where(
            other.c.id == TENANCIES.c.tenancy_id,
            or_(other.c.rent_cents.is_(None), other.c.rent_cents != TENANCIES.c.rent_cents),
        ),
    )


def differing_people(connection: Connection, limit: int) -> list[tuple[int, str]]:
    """Give (line, name) where the file names another tenant than is known."""
    rows = connection.execute(
        select(PARTIES.c.line, PARTIES.c.family_name)
        .where(PARTIES.c.differs == 1)
        .order_by(PARTIES.c.line)
        .limit(limit)
    )
    return [(row.line, row.family_name) for row in rows]

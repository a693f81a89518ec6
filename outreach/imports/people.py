"""Load who rents what: dwellings, households, tenancies, persons and contact points, by sets.

What is known is completed and never overwritten: a name or address that differs is reported, the state of a contact
point is left alone, and a shared number stays shared.
"""

from typing import Any

from sqlalchemy import Connection, String, and_, case, exists, func, insert, literal, select, update
from sqlalchemy import cast as cast_to

from outreach.imports.completing import complete_persons, load_contacts, update_rents
from outreach.imports.loading import (
    AREA,
    DWELLING,
    HOUSEHOLD,
    MEMBER,
    PARTY,
    PERSON,
    TENANCY,
    Load,
    changed,
    insert_unless_there,
    scalar,
)
from outreach.imports.people_rows import DEFAULT_AREA
from outreach.imports.staging import KEYS, PARTIES, TENANCIES, allocate


def resolve_tenancies(connection: Connection, load: Load) -> None:
    """Find the tenancies and the people that are known already; only the temporary tables change."""
    found = scalar(
        TENANCY.c.id, TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == TENANCIES.c.tenancy_ref
    )
    connection.execute(update(TENANCIES).where(TENANCIES.c.tenancy_id.is_(None)).values(tenancy_id=found))
    connection.execute(update(TENANCIES).values(is_new=case((TENANCIES.c.tenancy_id.is_(None), 1), else_=0)))
    connection.execute(update(PARTIES).values(tenancy_id=_of_tenancy(TENANCIES.c.tenancy_id)))
    party = scalar(
        func.min(PARTY.c.person_id),
        PARTY.c.tenancy_id == PARTIES.c.tenancy_id,
        PARTY.c.role == PARTIES.c.role,
        PARTY.c.to_on.is_(None),
    )
    connection.execute(update(PARTIES).where(PARTIES.c.tenancy_id.is_not(None)).values(person_id=party))
    same = scalar(func.lower(PERSON.c.family_name), PERSON.c.id == PARTIES.c.person_id)
    connection.execute(
        update(PARTIES)
        .where(PARTIES.c.person_id.is_not(None))
        .values(differs=case((same != func.lower(PARTIES.c.family_name), 1), else_=0))
    )
    _match_persons(connection, load)


def _of_tenancy(column: Any) -> Any:
    return scalar(column, TENANCIES.c.tenancy_ref == PARTIES.c.tenancy_ref)


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
        .values(person_id=scalar(KEYS.c.id, KEYS.c.key == PARTIES.c.person_ref))
    )


def load_people(connection: Connection, load: Load) -> dict[str, int]:
    """Write what is new and complete what is known; needs the write lock. Give counts."""
    resolve_tenancies(connection, load)
    counts = {"areas_new": _load_areas(connection, load), "dwellings_new": _load_dwellings(connection, load)}
    counts["persons_new"] = _load_persons(connection, load)
    counts["tenancies_new"] = _load_tenancies(connection, load)
    _load_parties(connection, load)
    counts["contact_points_new"] = load_contacts(connection, load)
    counts["persons_completed"] = complete_persons(connection)
    counts["rents_changed"] = update_rents(connection)
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
    area = scalar(AREA.c.id, AREA.c.landlord_id == load.landlord_id, AREA.c.code == code)
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
    found = scalar(
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
        update(PARTIES).where(fresh).values(person_id=scalar(KEYS.c.id, KEYS.c.key == PARTIES.c.person_key))
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
    tenant = scalar(PARTIES.c.person_id, PARTIES.c.tenancy_ref == TENANCIES.c.tenancy_ref, PARTIES.c.role == "tenant")
    connection.execute(
        update(TENANCIES).where(fresh).values(household_key=_text(TENANCIES.c.dwelling_id) + ":" + _text(tenant))
    )
    lives = scalar(
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
            .values(household_id=scalar(KEYS.c.id, KEYS.c.key == TENANCIES.c.household_key))
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
    found = scalar(
        TENANCY.c.id, TENANCY.c.landlord_id == load.landlord_id, TENANCY.c.external_ref == TENANCIES.c.tenancy_ref
    )
    connection.execute(update(TENANCIES).where(TENANCIES.c.tenancy_id.is_(None)).values(tenancy_id=found))
    connection.execute(
        update(PARTIES).where(PARTIES.c.tenancy_id.is_(None)).values(tenancy_id=_of_tenancy(TENANCIES.c.tenancy_id))
    )
    household = scalar(TENANCY.c.household_id, TENANCY.c.id == PARTIES.c.tenancy_id)
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


def differing_people(connection: Connection, limit: int) -> list[tuple[int, str]]:
    """Give (line, name) where the file names another tenant than is known."""
    rows = connection.execute(
        select(PARTIES.c.line, PARTIES.c.family_name)
        .where(PARTIES.c.differs == 1)
        .order_by(PARTIES.c.line)
        .limit(limit)
    )
    return [(row.line, row.family_name) for row in rows]

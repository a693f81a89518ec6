"""Complete what is known of people: contact points, empty fields, rents. Nothing that is known is overwritten."""

from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, insert, literal, or_, select, update

from outreach.imports.loading import OWNED, PERSON, POINT, TENANCY, Load, changed, insert_unless_there, scalar
from outreach.imports.staging import CONTACTS, PARTIES, TENANCIES


def load_contacts(connection: Connection, load: Load) -> int:
    """Contact points go to the tenant of the row; not to another one than the file names."""
    owner = scalar(
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
    point = scalar(POINT.c.id, POINT.c.landlord_id == load.landlord_id, POINT.c.value == CONTACTS.c.value)
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


def complete_persons(connection: Connection) -> int:
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


def update_rents(connection: Connection) -> int:
    """Follow the rents of the file; give how many changed."""
    rent = scalar(func.max(TENANCIES.c.rent_cents), TENANCIES.c.tenancy_id == TENANCY.c.id)
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

"""The people of a case: who rents, who acts for them, how to reach them, who lives there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    ContactPointRow,
    PermissionRow,
    PersonContactPointRow,
    PersonRow,
    RepresentationRow,
    TenancyPartyRow,
)
from outreach.services.addressees import full_name
from outreach.services.reading.heads import first_phones


@dataclass(frozen=True, kw_only=True)
class ContactView:
    """A contact point of a person; `refused` lists channels on which he wants no messages."""

    contact_point_id: int
    kind: str
    value: str
    state: str
    state_reason: str
    refused: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RepresentativeView:
    """Who acts for a person."""

    name: str
    kind: str
    phone: str | None
    from_on: date


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """A person with a role in the tenancy."""

    person_id: int
    name: str
    given_name: str
    role: str
    language: str
    needs: tuple[str, ...]
    born_on: date | None
    contacts: tuple[ContactView, ...]
    representatives: tuple[RepresentativeView, ...]


def read_people(session: Session, tenancy_id: int, day: date) -> tuple[PersonView, ...]:
    """Return the people with a role in a tenancy on a day, the tenant first."""
    statement: Any = (
        select(TenancyPartyRow.role, PersonRow)
        .join(PersonRow, PersonRow.id == TenancyPartyRow.person_id)
        .where(TenancyPartyRow.tenancy_id == tenancy_id, TenancyPartyRow.from_on <= day, _running(TenancyPartyRow, day))
        .order_by(TenancyPartyRow.role.desc(), PersonRow.id)
    )
    rows = session.execute(statement).all()
    ids = [person.id for _role, person in rows]
    contacts, acting = _contacts(session, ids, day), _representatives(session, ids, day)
    return tuple(
        PersonView(
            person_id=person.id,
            name=full_name(person),
            given_name=person.given_name,
            role=role,
            language=person.language,
            needs=tuple(person.needs),
            born_on=person.born_on,
            contacts=tuple(contacts[person.id]),
            representatives=tuple(acting[person.id]),
        )
        for role, person in rows
    )


def _running(table: Any, day: date) -> Any:
    return table.to_on.is_(None) | (table.to_on > day)


def _contacts(session: Session, person_ids: list[int], day: date) -> dict[int, list[ContactView]]:
    statement: Any = (
        select(PersonContactPointRow.person_id, ContactPointRow)
        .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
        .where(PersonContactPointRow.person_id.in_(person_ids), _running(PersonContactPointRow, day))
        .order_by(PersonContactPointRow.rank, PersonContactPointRow.id)
    )
    refused = _refusals(session, person_ids)
    found: dict[int, list[ContactView]] = defaultdict(list)
    for person_id, row in session.execute(statement):
        found[person_id].append(
            ContactView(
                contact_point_id=row.id,
                kind=row.kind,
                value=row.value,
                state=row.state,
                state_reason=row.state_reason,
                refused=tuple(sorted(refused.get((person_id, row.id), set()) | refused.get((person_id, None), set()))),
            )
        )
    return found


def _refusals(session: Session, person_ids: list[int]) -> dict[tuple[int, int | None], set[str]]:
    """Return the channels that are refused now, per person and contact point; `all` when no channel is named."""
    statement: Any = (
        select(PermissionRow)
        .where(PermissionRow.person_id.in_(person_ids), PermissionRow.subject == "contact")
        .order_by(PermissionRow.known_at, PermissionRow.id)
    )
    latest: dict[tuple[int | None, int | None, str], str] = {}
    for row in session.scalars(statement):
        latest[(row.person_id, row.contact_point_id, row.channel or "all")] = row.status
    found: dict[tuple[int, int | None], set[str]] = defaultdict(set)
    for (person_id, point_id, channel), status in latest.items():
        if status in ("refused", "withdrawn") and person_id is not None:
            found[(person_id, point_id)].add(channel)
    return found


def _representatives(session: Session, person_ids: list[int], day: date) -> dict[int, list[RepresentativeView]]:
    statement: Any = (
        select(RepresentationRow, PersonRow)
        .join(PersonRow, PersonRow.id == RepresentationRow.representative_id)
        .where(RepresentationRow.person_id.in_(person_ids), _running(RepresentationRow, day))
        .order_by(RepresentationRow.id)
    )
    rows = session.execute(statement).all()
    phones = first_phones(session, [person.id for _row, person in rows], day)
    found: dict[int, list[RepresentativeView]] = defaultdict(list)
    for row, person in rows:
        view = RepresentativeView(
            name=full_name(person), kind=row.kind, phone=phones.get(person.id), from_on=row.from_on
        )
        found[row.person_id].append(view)
    return found

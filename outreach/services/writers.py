"""Who wrote: the one person behind a number or address, and his case; several people give nobody."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from channels.contract import Event
from outreach.db.tables import AttemptRow, CaseRow, ContactPointRow, PersonContactPointRow, TenancyPartyRow
from outreach.runtime import Runtime


def cases_of_writers(session: Session, landlord_id: int, events: Sequence[Event]) -> set[int]:
    """List the open cases of everybody who may have written."""
    senders = {event.sender for event in events if event.kind == "reply" and event.sender}
    if not senders:
        return set()
    statement = (
        select(CaseRow.id)
        .join(TenancyPartyRow, TenancyPartyRow.tenancy_id == CaseRow.tenancy_id)
        .join(PersonContactPointRow, PersonContactPointRow.person_id == TenancyPartyRow.person_id)
        .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
        .where(
            ContactPointRow.landlord_id == landlord_id,
            or_(*(_is_address(sender) for sender in senders)),
            CaseRow.state == "open",
        )
    )
    return set(session.scalars(statement))


def who_wrote(
    session: Session, landlord_id: int, sender: str, runtime: Runtime, at: datetime
) -> tuple[int | None, CaseRow | None]:
    """Find the one person behind a number or address, and his open case; several people give nobody."""
    day = runtime.calendar.day_of(at)
    people = set(
        session.scalars(
            select(PersonContactPointRow.person_id)
            .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
            .where(
                ContactPointRow.landlord_id == landlord_id,
                _is_address(sender),
                PersonContactPointRow.from_on <= day,
                or_(PersonContactPointRow.to_on.is_(None), PersonContactPointRow.to_on > day),
            )
        )
    )
    if len(people) != 1:
        return None, None
    person_id = people.pop()
    tenancies = list(
        session.scalars(
            select(TenancyPartyRow.tenancy_id).where(
                TenancyPartyRow.person_id == person_id,
                TenancyPartyRow.from_on <= day,
                or_(TenancyPartyRow.to_on.is_(None), TenancyPartyRow.to_on > day),
            )
        )
    )
    tenancies += _represented(session, person_id)
    cases = list(
        session.scalars(
            select(CaseRow)
            .where(CaseRow.tenancy_id.in_(tenancies))
            .order_by((CaseRow.state == "open").desc(), CaseRow.id.desc())
        )
    )
    still_open = [case for case in cases if case.state == "open"]
    if len(still_open) > 1:
        return person_id, None
    return person_id, next(iter(still_open or cases), None)


def _is_address(sender: str) -> ColumnElement[bool]:
    """Compare mail addresses without case: people and mail servers write them as they like."""
    if "@" in sender:
        return func.lower(ContactPointRow.value) == sender.lower()
    return ContactPointRow.value == sender


def _represented(session: Session, person_id: int) -> list[int]:
    """List the tenancies of the people for whom this person acts, when somebody wrote from his number."""
    attempts = select(CaseRow.tenancy_id).join(AttemptRow, AttemptRow.case_id == CaseRow.id)
    return list(session.scalars(attempts.where(AttemptRow.addressee_id == person_id).distinct()))

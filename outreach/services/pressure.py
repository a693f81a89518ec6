"""Room in a household's contact pressure, as a unique row, taken in the transaction that claims."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, HouseholdRow, PressureReservationRow


def lock_households(session: Session, household_ids: Iterable[int]) -> None:
    """Lock households in a fixed order, so that one claims at a time (SQLite has one writer anyway)."""
    statement = select(HouseholdRow.id).where(HouseholdRow.id.in_(list(household_ids))).order_by(HouseholdRow.id)
    session.execute(statement.with_for_update()).all()


def reserve(session: Session, row: AttemptRow, day: date, at: datetime) -> None:
    """Take the next free slot of a civil day for the moment of an attempt; once per moment."""
    table = PressureReservationRow
    known = select(table.id).where(table.household_id == row.household_id, table.moment == row.moment)
    if session.scalar(known) is not None:
        return
    taken = select(func.coalesce(func.max(table.slot), 0)).where(
        table.household_id == row.household_id, table.day == day
    )
    slot = (session.scalar(taken) or 0) + 1
    session.add(
        table(landlord_id=row.landlord_id, household_id=row.household_id, day=day, slot=slot, moment=row.moment, at=at)
    )
    session.flush()


def release(session: Session, row: AttemptRow) -> None:
    """Give the room back: nobody was contacted in this moment."""
    table = PressureReservationRow
    session.execute(delete(table).where(table.household_id == row.household_id, table.moment == row.moment))


def move(session: Session, row: AttemptRow, day: date, at: datetime) -> None:
    """Put the room on the moment at which the contact was really made."""
    release(session, row)
    reserve(session, row, day, at)

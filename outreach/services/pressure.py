"""Room in a household's contact pressure, as a unique row, taken in the transaction that claims."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, PressureReservationRow
from outreach.services.locking import lock_households


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


class Rooms:
    """The rooms of many households on one civil day: read once, taken in memory, written once."""

    def __init__(self, session: Session, household_ids: Iterable[int], day: date) -> None:
        self._session, self._day = session, day
        self._slots: Counter[int] = Counter()
        self._moments: set[tuple[int, str]] = set()
        self._fresh: list[dict[str, object]] = []
        table = PressureReservationRow
        statement = select(table.household_id, table.slot, table.moment).where(
            table.household_id.in_(list(household_ids)), table.day == day
        )
        for household_id, slot, moment in session.execute(statement):
            self._slots[household_id] = max(self._slots[household_id], slot)
            self._moments.add((household_id, moment))

    def take(self, row: AttemptRow, at: datetime) -> None:
        """Take the next slot for the moment of an attempt, once per moment."""
        if (row.household_id, row.moment) in self._moments:
            return
        self._moments.add((row.household_id, row.moment))
        self._slots[row.household_id] += 1
        self._fresh.append(
            {
                "landlord_id": row.landlord_id,
                "household_id": row.household_id,
                "day": self._day,
                "slot": self._slots[row.household_id],
                "moment": row.moment,
                "at": at,
            }
        )

    def write(self) -> None:
        """Write what was taken; the unique rows make a second taker fail."""
        if self._fresh:
            self._session.execute(insert(PressureReservationRow), self._fresh)
            self._fresh.clear()


def release(session: Session, row: AttemptRow) -> None:
    """Give the room back: nobody was contacted in this moment."""
    table = PressureReservationRow
    session.execute(delete(table).where(table.household_id == row.household_id, table.moment == row.moment))


def move(session: Session, row: AttemptRow, day: date, at: datetime) -> None:
    """Put the room on the moment at which the contact was really made."""
    lock_households(session, [row.household_id])
    release(session, row)
    reserve(session, row, day, at)

"""The order in which rows are locked on PostgreSQL: cases, then households, then attempts, then evidence chains.

Claiming what is due begins with the attempts, so it waits for nobody: it leaves out what is locked (`skip_busy`).

Every transaction that changes a case locks it first, so that two of them wait and never wait for each other.
The locks leave foreign keys to these rows alone (FOR NO KEY UPDATE). SQLite has one writer anyway.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, HouseholdRow


def lock_cases(session: Session, case_ids: Iterable[int], *, skip_busy: bool = False) -> set[int]:
    """Lock cases in a fixed order and give the locked ones; `skip_busy` leaves out those that somebody else holds."""
    ids = sorted(set(case_ids))
    if not ids:
        return set()
    statement = select(CaseRow.id).where(CaseRow.id.in_(ids)).order_by(CaseRow.id)
    return set(session.scalars(statement.with_for_update(key_share=True, skip_locked=skip_busy)))


def lock_households(session: Session, household_ids: Iterable[int], *, skip_busy: bool = False) -> set[int]:
    """Lock households in a fixed order, so that one takes room in the contact pressure at a time; see lock_cases."""
    ids = sorted(set(household_ids))
    if not ids:
        return set()
    statement = select(HouseholdRow.id).where(HouseholdRow.id.in_(ids)).order_by(HouseholdRow.id)
    return set(session.scalars(statement.with_for_update(key_share=True, skip_locked=skip_busy)))

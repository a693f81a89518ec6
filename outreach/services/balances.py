"""What is open per item of a tenancy, as known now."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import LedgerEntryRow, LedgerItemRow


def open_entries(session: Session, tenancy_id: int) -> list[tuple[int, int]]:
    """List (item id, open cents) of the charges that are still open, oldest due date first."""
    latest = (
        select(func.max(LedgerEntryRow.id))
        .where(LedgerEntryRow.tenancy_id == tenancy_id)
        .group_by(LedgerEntryRow.item_id)
    )
    rows = session.execute(
        select(LedgerEntryRow.item_id, LedgerEntryRow.open_cents)
        .join(LedgerItemRow, LedgerItemRow.id == LedgerEntryRow.item_id)
        .where(LedgerEntryRow.id.in_(latest), LedgerEntryRow.open_cents > 0)
        .order_by(LedgerItemRow.due_on, LedgerItemRow.id)
    )
    return [(item_id, cents) for item_id, cents in rows]

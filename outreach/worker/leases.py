"""Named leases in the database: of all processes one at a time does what may be done by one only."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from outreach.db.engine import Database
from outreach.db.tables import LeaseRow


def hold_lease(db: Database, name: str, holder: str, now: datetime, seconds: float) -> bool:
    """Take or renew a lease for so long; says whether this holder has it."""
    until = now + timedelta(seconds=seconds)
    try:
        with db.write() as session:
            changed = session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == name, (LeaseRow.holder == holder) | (LeaseRow.expires_at <= now))
                .values(holder=holder, expires_at=until)
                .returning(LeaseRow.name)
            ).all()
            if changed:
                return True
            if session.get(LeaseRow, name) is not None:
                return False
            session.add(LeaseRow(name=name, holder=holder, expires_at=until))
        return True
    except IntegrityError:
        return False

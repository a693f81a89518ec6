"""How a decision wakes the workers: by a job on PostgreSQL, not at all where one process looks every second."""

from outreach.db.engine import Database
from outreach.runtime import Wake, no_wake


def wake_for(db: Database) -> Wake:
    """Give what wakes the workers of this database; the job queue is loaded only where it is used."""
    if not db.is_postgresql:
        return no_wake
    from outreach.worker.jobs import waker

    return waker(db)

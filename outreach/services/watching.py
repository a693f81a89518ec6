"""What is looked at once a day before the cases are decided on: queues, feedback, pauses, evictions, cases at rest."""

from collections import Counter
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.runtime import Runtime
from outreach.services.evidence import EvidenceBook
from outreach.services.feedback_watch import watch_feedback
from outreach.services.pause_watch import watch_pauses
from outreach.services.policy import Policy
from outreach.services.referral_queue import release_queues
from outreach.services.rest_watch import watch_rest
from outreach.services.trajectory_watch import watch_trajectories
from outreach.services.urgent import watch_evictions


def watch(runtime: Runtime, session: Session, policy: Policy, now: datetime) -> Counter[str]:
    """Do the day's watching in the caller's transaction; the same day again does nothing twice."""
    today = runtime.calendar.day_of(now)
    book = EvidenceBook(session, policy.landlord_id, now)
    counts = release_queues(runtime, session, policy, now)
    counts.update(watch_feedback(session, book, policy.landlord_id, today))
    counts.update(watch_pauses(runtime, session, book, policy))
    counts.update(watch_trajectories(session, policy, book, today))
    counts.update(watch_evictions(session, policy, book, today))
    counts.update(watch_rest(runtime, session, book, policy))
    book.write()
    return counts

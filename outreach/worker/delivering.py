"""Deliver: take in what webhooks kept, and send what is due; what every worker does, on any machine."""

import logging
from collections import Counter
from threading import Lock

from sqlalchemy import select

from outreach.db.tables import AttemptRow, IncomingEventRow
from outreach.runtime import Runtime
from outreach.services.day import is_ready
from outreach.services.incoming import take_in
from outreach.services.policy import NoPolicy, load_policy
from outreach.services.sending import send_batch
from outreach.worker.leases import hold_lease

INCOMING_LEASE = "incoming"
INCOMING_SECONDS = 30
MOST_BATCHES = 50
"""A worker looks up after so many batches, so that one landlord does not keep it from others."""

_taking_in = Lock()
log = logging.getLogger("outreach.worker")


def send_all(runtime: Runtime) -> Counter[str]:
    """Send once for every landlord that has something due; returns counts by what happened."""
    counts: Counter[str] = Counter()
    for landlord_id in landlords_with_due(runtime):
        counts.update(send_for(runtime, landlord_id))
    return counts


def landlords_with_due(runtime: Runtime) -> list[int]:
    """Give the landlords that have something due at this moment."""
    statement = select(AttemptRow.landlord_id).where(
        AttemptRow.state == "planned", AttemptRow.due_at <= runtime.clock()
    )
    with runtime.db.read() as session:
        return sorted(session.scalars(statement.distinct()))


def take_in_once(runtime: Runtime, holder: str) -> Counter[str]:
    """Take in what was kept, if nobody else does so at this moment: replies stay in their order."""
    with runtime.db.read() as session:
        waiting = session.scalar(select(IncomingEventRow.id).limit(1)) is not None
    if not waiting or not _taking_in.acquire(blocking=False):
        return Counter()
    try:
        return take_in(
            runtime,
            runtime.clock(),
            lambda: hold_lease(runtime.db, INCOMING_LEASE, holder, runtime.clock(), INCOMING_SECONDS),
        )
    finally:
        _taking_in.release()


def send_for(runtime: Runtime, landlord_id: int) -> Counter[str]:
    """Send what a landlord has due, each batch checked at its own moment; an error is logged and tried again."""
    counts: Counter[str] = Counter()
    try:
        with runtime.db.read() as session:
            policy = load_policy(session, landlord_id)
        if is_ready(policy):
            for _ in range(MOST_BATCHES):
                if not send_batch(runtime, policy, runtime.clock(), counts):
                    break
    except NoPolicy:
        return counts
    except Exception:
        log.exception("sending for landlord %s failed; it is tried again", landlord_id)
    return counts

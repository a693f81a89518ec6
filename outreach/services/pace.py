"""How fast a sender may go, over all workers: a row per sender says when its rate is used up and when it is shut.

A ticket is taken before a batch is claimed, in a transaction of its own, so that no worker waits for the batch of
another. It counts the parts that the batch may hold at most; what was not used is given back. When a provider refuses
a whole batch by a fault of its own, its sender is shut for everybody, longer each time.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from channels.contract import Accepted, Failure, FailureCode
from channels.registry import rates_of
from outreach.db.engine import Database
from outreach.db.tables import SenderRow
from outreach.runtime import Runtime

BURST_SECONDS = 2.0
"""A ticket is good for what its sender carries in this time; providers queue such a burst themselves."""

SHUT_SECONDS = (10, 20, 40, 80, 160, 320, 600)
"""How long a sender stays shut after the first refusal of a whole batch, the second, and so on."""

PARTS_A_MESSAGE = 3
"""A message is counted as this many parts until its text is known; our texts take one or two."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """How many messages of a channel may be claimed now; `parts` were counted for them. `rate` is parts a second."""

    channel: str
    messages: int
    parts: int
    rate: float


def paced(runtime: Runtime) -> dict[str, float]:
    """Give the channels with a rate, in parts a second; the sandbox has none."""
    return rates_of(runtime.settings, runtime.channels)


def shut_channels(session: Session, now: datetime) -> set[str]:
    """Give the channels whose sender is shut at this moment."""
    return set(session.scalars(select(SenderRow.name).where(SenderRow.shut_until > now)))


def take_ticket(db: Database, channel: str, rate: float, most: int, now: datetime) -> Ticket | None:
    """Reserve room for up to `most` messages; None while the rate is used up or the sender is shut.

    After a failure the first ticket is for one message, to see whether the provider works again.
    """
    per_message = PARTS_A_MESSAGE if channel == "sms" else 1
    messages = min(most, max(1, int(rate * BURST_SECONDS / per_message)))
    with db.write() as session:
        row = _locked(session, channel, rate, now)
        if row.free_at > now or (row.shut_until is not None and row.shut_until > now):
            return None
        messages = 1 if row.failures else messages
        parts = messages * per_message
        row.free_at = now + timedelta(seconds=parts / rate)
        row.per_second = rate
    return Ticket(channel=channel, messages=messages, parts=parts, rate=rate)


def settle_ticket(db: Database, ticket: Ticket, used: int) -> None:
    """Give back the room of the parts that were not sent."""
    back = timedelta(seconds=(ticket.parts - used) / ticket.rate)
    with db.write() as session:
        row = session.get(SenderRow, ticket.channel, with_for_update=True)
        if row is not None:
            row.free_at -= back


def note_answers(db: Database, channel: str, answers: Sequence[Accepted | Failure], now: datetime) -> datetime | None:
    """Shut the sender when its provider took nothing, by its own fault or without an answer; open it when it took some.

    Returns until when it is shut.
    """
    taken = any(isinstance(answer, Accepted) for answer in answers)
    faults = [each for each in answers if isinstance(each, Failure) and _is_its_own(each)]
    if not answers or (not taken and not faults):
        return None
    with db.read() as session:
        known = session.get(SenderRow, channel)
        if taken and (known is None or not known.failures):
            return None
    with db.write() as session:
        row = _locked(session, channel, known.per_second if known else 0.0, now)
        if taken:
            row.failures, row.shut_until, row.reason = 0, None, ""
            return None
        asked = max((fault.wait_seconds or 0 for fault in faults), default=0)
        wait = max(SHUT_SECONDS[min(row.failures, len(SHUT_SECONDS) - 1)], asked)
        row.failures += 1
        row.reason = f"{faults[-1].code}: {faults[-1].detail}"[:200]
        row.shut_until = now + timedelta(seconds=spread(wait, f"{channel}:{row.failures}"))
        return row.shut_until


def _is_its_own(failure: Failure) -> bool:
    return failure.retryable or failure.code is FailureCode.UNCERTAIN


def spread(seconds: float, key: str) -> float:
    """Stretch a wait by up to a fifth, by a fraction that belongs to the key, so that not all come back at once."""
    fraction = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
    return seconds * (1 + fraction / 5)


def _locked(session: Session, channel: str, rate: float, now: datetime) -> SenderRow:
    row = session.get(SenderRow, channel, with_for_update=True)
    if row is None:
        values = {"name": channel, "free_at": now, "per_second": rate, "failures": 0, "reason": ""}
        with suppress(IntegrityError), session.begin_nested():
            session.execute(insert(SenderRow), [values])
        row = session.get_one(SenderRow, channel, with_for_update=True)
    return row

"""Judge whether anybody got the same thing twice, in our record and in the sandbox's own memory."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from outreach.audit.record import ATTEMPT, STREAM, WRITTEN, Sent
from outreach.audit.report import Finding
from outreach.db.record import SandboxMessageRow

SOON = timedelta(hours=24)
IN_FLIGHT = frozenset({"claimed", "unknown"})
NOT_RECEIVED = frozenset({"no_answer", "busy", "wrong_number", "failed", "undelivered", "bounced", "returned"})
"""Outcomes after which the addressee has not got the text, so that it may come again."""


def digests(texts: Iterable[tuple[int, str | None, str | None]]) -> dict[int, bytes]:
    """Give per attempt a digest of its subject and text."""
    return {
        attempt_id: hashlib.blake2b(f"{subject}\n{text}".encode(), digest_size=16).digest()
        for attempt_id, subject, text in texts
        if text
    }


def judge_twice(sent: Sequence[Sent], texts: Mapping[int, bytes]) -> Iterator[Finding | None]:
    """Judge every sent attempt: a unique try, a unique provider reference, no text again within a day."""
    tries: set[tuple[object, ...]] = set()
    references: set[tuple[str | None, str]] = set()
    last: dict[tuple[object, ...], datetime] = {}
    for attempt in sent:
        yield _try(attempt, tries) or _reference(attempt, references) or _content(attempt, texts, last)


def _try(attempt: Sent, seen: set[tuple[object, ...]]) -> Finding | None:
    key = (attempt.case_id, attempt.ladder_run, attempt.step, attempt.attempt, attempt.addressee_id)
    if key in seen:
        return attempt.finding("same_try", "dezelfde poging van dezelfde stap ging twee keer naar dezelfde persoon")
    seen.add(key)
    return None


def _reference(attempt: Sent, seen: set[tuple[str | None, str]]) -> Finding | None:
    if not attempt.provider_ref:
        return None
    key = (attempt.provider, attempt.provider_ref)
    if key in seen:
        return attempt.finding("same_reference", f"twee pogingen met hetzelfde kenmerk {attempt.provider_ref}")
    seen.add(key)
    return None


def _content(attempt: Sent, texts: Mapping[int, bytes], last: dict[tuple[object, ...], datetime]) -> Finding | None:
    digest = texts.get(attempt.id)
    if attempt.purpose != "collection" or attempt.channel not in WRITTEN or digest is None:
        return None
    key = (attempt.addressee_id, attempt.channel, attempt.template, digest)
    before = last.get(key)
    if attempt.outcome not in NOT_RECEIVED:
        last[key] = attempt.sent_at
    if before is None or attempt.sent_at - before >= SOON:
        return None
    return attempt.finding("same_text", "dezelfde tekst binnen 24 uur aan dezelfde persoon")


def judge_sandbox(connection: Connection, sent: Sequence[Sent], landlord_id: int | None) -> Iterator[Finding | None]:
    """Hold the record against what the sandbox provider took: one message per sent attempt, none beside them."""
    ours = {attempt.key: attempt for attempt in sent if (attempt.provider or "").startswith("sandbox")}
    taken: defaultdict[str, int] = defaultdict(int)
    for key, state, owner in _taken(connection):
        taken[key] += 1
        if owner is not None and landlord_id is not None and owner != landlord_id:
            continue
        yield _judge_taken(key, state, ours.get(key), taken[key])
    for attempt in ours.values():
        if not taken.get(attempt.key):
            yield attempt.finding("lost", "verstuurd volgens het dossier, maar de oefenprovider kent het niet")


def _taken(connection: Connection) -> Iterator[tuple[str, str | None, int | None]]:
    message = SandboxMessageRow.__table__
    statement = select(message.c.key, ATTEMPT.c.state, ATTEMPT.c.landlord_id).select_from(
        message.outerjoin(ATTEMPT, ATTEMPT.c.key == message.c.key)
    )
    rows = connection.execute(statement.order_by(message.c.id), execution_options=STREAM)
    yield from ((row[0], row[1], row[2]) for row in rows)


def _judge_taken(key: str, state: str | None, attempt: Sent | None, times: int) -> Finding | None:
    if attempt is not None:
        return attempt.finding("taken_twice", "de oefenprovider kreeg dit twee keer") if times > 1 else None
    if state in IN_FLIGHT:
        return None
    if state is None:
        return Finding(code="orphan", what="de oefenprovider kreeg een bericht zonder contactpoging", key=key)
    return Finding(code="unrecorded", what=f"verstuurd, maar in het dossier staat de poging op {state}", key=key)

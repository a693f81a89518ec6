"""Verify the evidence: every chain link by link, what was sent, and the heads that were anchored daily."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, func, select

from outreach.audit.days import local
from outreach.audit.record import ATTEMPT, CASE, STREAM, scoped
from outreach.audit.report import Finding
from outreach.db.record import AnchorRow, EvidenceChainRow, EvidencePayloadRow, EvidenceRow

START = "0" * 64
EVIDENCE = EvidenceRow.__table__
PAYLOAD = EvidencePayloadRow.__table__
CHAIN = EvidenceChainRow.__table__
ANCHOR = AnchorRow.__table__
Link = tuple[int, str, int]
"""A link that an anchor names: landlord, chain and number."""


def judge_chains(connection: Connection, landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge every link: its number, the link before it, its own hash, and its payload unless that was erased.

    A chain is wrong also when its last link is not the head that was kept beside it.
    """
    heads = dict(_heads(connection, landlord_id))
    for owner, links in groupby(_links(connection, landlord_id), key=lambda row: (row.landlord_id, row.chain)):
        number, previous = 0, START
        for row in links:
            yield _judge_link(row, number, previous)
            number, previous = row.number, row.hash
        if heads.pop(owner, None) != (number, previous):
            yield _broken(owner[1], "head", f"eindigt bij {number}, maar dat is niet het bewaarde einde")
    for (_, chain), (length, _hash) in heads.items():
        if length:
            yield _broken(chain, "head", f"heeft geen feiten meer; het waren er {length}")


def _heads(connection: Connection, landlord_id: int | None) -> Iterator[tuple[tuple[int, str], tuple[int, str]]]:
    for row in connection.execute(scoped(select(CHAIN), CHAIN, landlord_id)):
        yield (row.landlord_id, row.chain), (row.length, row.head_hash)


def _links(connection: Connection, landlord_id: int | None) -> Iterator[Row[Any]]:
    joined = EVIDENCE.outerjoin(PAYLOAD, PAYLOAD.c.evidence_id == EVIDENCE.c.id)
    statement = select(EVIDENCE, PAYLOAD.c.salt, PAYLOAD.c.body).select_from(joined)
    ordered = scoped(statement, EVIDENCE, landlord_id).order_by(
        EVIDENCE.c.landlord_id, EVIDENCE.c.chain, EVIDENCE.c.number
    )
    yield from connection.execute(ordered, execution_options=STREAM)


def _judge_link(row: Row[Any], number: int, previous: str) -> Finding | None:
    if row.number != number + 1:
        return _broken(row.chain, "gap", f"springt van feit {number} naar {row.number}", row)
    if row.previous_hash != previous:
        return _broken(row.chain, "previous", f"sluit bij feit {row.number} niet aan op het vorige", row)
    if row.hash != link_hash(row):
        return _broken(row.chain, "hash", f"is bij feit {row.number} veranderd", row)
    if row.body is not None and row.payload_hash != hashlib.sha256(row.salt + row.body.encode()).hexdigest():
        return _broken(row.chain, "payload", f"heeft bij feit {row.number} een andere inhoud gekregen", row)
    return None


def link_hash(row: Row[Any]) -> str:
    """Compute a link's hash again, as docs/audit.md writes it down."""
    occurred, known = (moment.astimezone(UTC).isoformat() for moment in (row.occurred_at, row.known_at))
    parts = (row.previous_hash, str(row.number), row.kind, occurred, known, row.actor, row.payload_hash)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _broken(chain: str, code: str, what: str, row: Row[Any] | None = None) -> Finding:
    attempt_id, at = (row.attempt_id, row.known_at) if row is not None else (None, None)
    return Finding(code=code, what=f"bewijsketen {chain} {what}", key=chain, attempt_id=attempt_id, at=at)


def judge_anchors(connection: Connection, landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge every anchor: its own digest and figures, and whether all links that it names are still there."""
    anchors = connection.execute(scoped(select(ANCHOR), ANCHOR, landlord_id).order_by(ANCHOR.c.day)).all()
    kept = _kept(connection, landlord_id, {link for row in anchors for link in _named(row)})
    yield from (_judge_anchor(row, kept) for row in anchors)
    yield from _unanchored(connection, landlord_id, {row.landlord_id for row in anchors})


def _named(row: Row[Any]) -> dict[Link, str]:
    parts = (line.rsplit(" ", 2) for line in row.heads.splitlines())
    return {(row.landlord_id, chain, int(length)): head for chain, length, head in parts}


def _kept(connection: Connection, landlord_id: int | None, wanted: set[Link]) -> dict[Link, str]:
    columns = select(EVIDENCE.c.landlord_id, EVIDENCE.c.chain, EVIDENCE.c.number, EVIDENCE.c.hash)
    rows = connection.execute(scoped(columns, EVIDENCE, landlord_id), execution_options=STREAM)
    links = (((owner, chain, number), link) for owner, chain, number, link in rows)
    return {place: link for place, link in links if place in wanted}


def _judge_anchor(row: Row[Any], kept: Mapping[Link, str]) -> Finding | None:
    if hashlib.sha256(row.heads.encode()).hexdigest() != row.digest:
        return _loose(row, "digest", "is veranderd")
    named = _named(row)
    if (len(named), sum(length for _, _, length in named)) != (row.chains, row.entries):
        return _loose(row, "figures", "telt niet meer op")
    lost = next((link for link, head in named.items() if link[2] and kept.get(link) != head), None)
    return _loose(row, "cut", f"noemt een feit dat niet meer in bewijsketen {lost[1]} staat") if lost else None


def _loose(row: Row[Any], code: str, what: str) -> Finding:
    return Finding(code=code, what=f"het anker van {row.day.isoformat()} {what}", key=row.day.isoformat(), at=row.at)


def _unanchored(connection: Connection, landlord_id: int | None, anchored: set[int]) -> Iterator[Finding]:
    """Find landlords whose record goes on for a whole day and more, without one anchor."""
    first, last = func.min(EVIDENCE.c.known_at), func.max(EVIDENCE.c.known_at)
    spans = scoped(select(EVIDENCE.c.landlord_id, first, last), EVIDENCE, landlord_id)
    for owner, began_at, ended_at in connection.execute(spans.group_by(EVIDENCE.c.landlord_id)):
        if owner not in anchored and (local(ended_at).date() - local(began_at).date()).days > 1:
            yield Finding(code="no_anchor", what="de bewijsketens zijn nog nooit verankerd", key=f"landlord:{owner}")


def judge_sent_evidence(connection: Connection, landlord_id: int | None) -> Iterator[Finding | None]:
    """Judge every sent attempt on whether any evidence names it."""
    proof = select(EVIDENCE.c.id).where(EVIDENCE.c.attempt_id == ATTEMPT.c.id).exists().label("proven")
    statement = (
        select(ATTEMPT.c.id, ATTEMPT.c.key, CASE.c.number, ATTEMPT.c.sent_at, proof)
        .join(CASE, CASE.c.id == ATTEMPT.c.case_id)
        .where(ATTEMPT.c.sent_at.is_not(None))
    )
    for row in connection.execute(scoped(statement, ATTEMPT, landlord_id), execution_options=STREAM):
        yield (
            None
            if row.proven
            else Finding(
                code="no_evidence",
                what="verstuurd, maar zonder bewijs in het dossier",
                attempt_id=row.id,
                key=row.key,
                case_number=row.number,
                at=row.sent_at,
            )
        )

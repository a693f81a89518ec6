"""Append-only evidence in the transaction of the fact, chained per case over salted hashes.

hash = sha256(previous_hash|number|kind|occurred_at|known_at|actor|payload_hash), moments in ISO 8601
UTC; payload_hash = sha256(salt + payload as canonical JSON). The payload lies apart, so it can be erased
without breaking the chain. Every chain's head is anchored daily, so that a cut tail is found.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from outreach.db.tables import (
    AnchorRow,
    EvidenceChainRow,
    EvidencePayloadRow,
    EvidenceRow,
)
from outreach.services.actor import Actor

START = "0" * 64
LANDLORD_CHAIN = "landlord"
MOVE_HEAD = (
    update(EvidenceChainRow)
    .where(
        EvidenceChainRow.landlord_id == bindparam("of_landlord"),
        EvidenceChainRow.chain == bindparam("of_chain"),
    )
    .values(length=bindparam("length"), head_hash=bindparam("head_hash"))
)


@dataclass(frozen=True, kw_only=True)
class _Fact:
    chain: str
    case_id: int | None
    attempt_id: int | None
    kind: str
    occurred_at: datetime
    actor: str
    payload: Mapping[str, Any]


def canonical(payload: Mapping[str, Any]) -> str:
    """Write a payload as canonical JSON: sorted keys, no spaces, dates in ISO 8601."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"cannot be evidence: {value!r}")


def link_hash(previous: str, number: int, kind: str, moments: tuple[datetime, datetime], actor: str, body: str) -> str:
    """Compute the hash of one link; `moments` are occurred_at and known_at, `body` the payload hash."""
    occurred, known = (moment.astimezone(UTC).isoformat() for moment in moments)
    return hashlib.sha256("|".join([previous, str(number), kind, occurred, known, actor, body]).encode()).hexdigest()


class EvidenceBook:
    """Collect the facts of one transaction and write them at its end."""

    def __init__(self, session: Session, landlord_id: int, now: datetime) -> None:
        self._session = session
        self._landlord_id = landlord_id
        self.now = now
        self._facts: list[_Fact] = []

    def note(
        self,
        kind: str,
        actor: Actor,
        payload: Mapping[str, Any],
        *,
        case_id: int | None = None,
        attempt_id: int | None = None,
        occurred_at: datetime | None = None,
    ) -> None:
        """Note one fact; without a case it goes to the landlord's own chain."""
        self._facts.append(
            _Fact(
                chain=LANDLORD_CHAIN if case_id is None else f"case:{case_id}",
                case_id=case_id,
                attempt_id=attempt_id,
                kind=kind,
                occurred_at=occurred_at or self.now,
                actor=actor.label,
                payload=payload,
            )
        )

    def write(self) -> None:
        """Append all noted facts to their chains; call once, as the last thing of the transaction."""
        if not self._facts:
            return
        self._session.flush()
        heads = self._lock_heads(sorted({fact.chain for fact in self._facts}))
        rows, payloads = [], []
        for fact in self._facts:
            number, previous = heads[fact.chain]
            salt, body = secrets.token_bytes(16), canonical(fact.payload)
            payload_hash = hashlib.sha256(salt + body.encode()).hexdigest()
            moments = (fact.occurred_at, self.now)
            link = link_hash(previous, number + 1, fact.kind, moments, fact.actor, payload_hash)
            rows.append(self._row(fact, number + 1, previous, payload_hash, link))
            payloads.append({"landlord_id": self._landlord_id, "salt": salt, "body": body})
            heads[fact.chain] = (number + 1, link)
        self._insert(rows, payloads)
        self._move_heads(heads)
        self._facts.clear()

    def _row(self, fact: _Fact, number: int, previous: str, payload_hash: str, link: str) -> dict[str, Any]:
        return {
            "landlord_id": self._landlord_id,
            "chain": fact.chain,
            "number": number,
            "case_id": fact.case_id,
            "attempt_id": fact.attempt_id,
            "kind": fact.kind,
            "occurred_at": fact.occurred_at,
            "known_at": self.now,
            "actor": fact.actor,
            "payload_hash": payload_hash,
            "previous_hash": previous,
            "hash": link,
        }

    def _insert(self, rows: list[dict[str, Any]], payloads: list[dict[str, Any]]) -> None:
        statement = insert(EvidenceRow).returning(EvidenceRow.id, sort_by_parameter_order=True)
        ids = self._session.execute(statement, rows).scalars().all()
        for evidence_id, payload in zip(ids, payloads, strict=True):
            payload["evidence_id"] = evidence_id
        self._session.execute(insert(EvidencePayloadRow), payloads)

    def _lock_heads(self, chains: list[str]) -> dict[str, tuple[int, str]]:
        statement = (
            select(EvidenceChainRow)
            .where(EvidenceChainRow.landlord_id == self._landlord_id, EvidenceChainRow.chain.in_(chains))
            .order_by(EvidenceChainRow.chain)
            .with_for_update()
        )
        heads = {row.chain: (row.length, row.head_hash) for row in self._session.scalars(statement)}
        fresh = [chain for chain in chains if chain not in heads]
        if fresh:
            values = [
                {"landlord_id": self._landlord_id, "chain": chain, "length": 0, "head_hash": START} for chain in fresh
            ]
            self._session.execute(insert(EvidenceChainRow), values)
            heads.update(dict.fromkeys(fresh, (0, START)))
        return heads

    def _move_heads(self, heads: Mapping[str, tuple[int, str]]) -> None:
        values = [
            {"of_landlord": self._landlord_id, "of_chain": chain, "length": length, "head_hash": head}
            for chain, (length, head) in heads.items()
        ]
        self._session.connection().execute(MOVE_HEAD, values)


def anchor(session: Session, landlord_id: int, day: date, now: datetime) -> None:
    """Keep the digest of all heads at the end of a civil day; a day that has one keeps it."""
    known = select(AnchorRow.id).where(AnchorRow.landlord_id == landlord_id, AnchorRow.day == day)
    if session.scalar(known) is not None:
        return
    rows = session.execute(
        select(EvidenceChainRow.chain, EvidenceChainRow.length, EvidenceChainRow.head_hash)
        .where(EvidenceChainRow.landlord_id == landlord_id)
        .order_by(EvidenceChainRow.chain)
    ).all()
    heads = "\n".join(f"{chain} {length} {head}" for chain, length, head in rows)
    session.add(
        AnchorRow(
            landlord_id=landlord_id,
            day=day,
            at=now,
            chains=len(rows),
            entries=sum(length for _, length, _ in rows),
            digest=hashlib.sha256(heads.encode()).hexdigest(),
            heads=heads,
        )
    )


def count_evidence(session: Session, landlord_id: int) -> int:
    """Count the facts on record of a landlord."""
    statement = select(func.count()).select_from(EvidenceRow).where(EvidenceRow.landlord_id == landlord_id)
    return session.scalar(statement) or 0

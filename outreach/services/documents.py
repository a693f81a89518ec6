"""Immutable versions of ladders, templates, routes, law rules and settings, by content hash."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from outreach.db.tables import ActiveDocumentRow, DocumentRow

ACTIVE = (
    select(DocumentRow.kind, DocumentRow.name, DocumentRow.id, DocumentRow.content_hash)
    .join(ActiveDocumentRow, ActiveDocumentRow.document_id == DocumentRow.id)
    .where(ActiveDocumentRow.landlord_id == bindparam("landlord"))
)


def content_hash(body: str) -> str:
    """Hash a document's text (sha256, hex)."""
    return hashlib.sha256(body.encode()).hexdigest()


def keep_version(
    session: Session, landlord_id: int, kind: str, name: str, body: str, now: datetime, user_id: int | None = None
) -> DocumentRow:
    """Keep a text as a version, once; the same text gives the same row."""
    digest = content_hash(body)
    statement = select(DocumentRow).where(
        DocumentRow.landlord_id == landlord_id,
        DocumentRow.kind == kind,
        DocumentRow.name == name,
        DocumentRow.content_hash == digest,
    )
    row = session.scalar(statement)
    if row is None:
        row = DocumentRow(
            landlord_id=landlord_id,
            kind=kind,
            name=name,
            content_hash=digest,
            body=body,
            created_at=now,
            by_user_id=user_id,
        )
        session.add(row)
        session.flush()
    return row


def activate(
    session: Session, landlord_id: int, kind: str, name: str, body: str, now: datetime, user_id: int | None = None
) -> DocumentRow:
    """Keep a text as a version and put it in force; running cases keep the version that they name."""
    document = keep_version(session, landlord_id, kind, name, body, now, user_id)
    statement = select(ActiveDocumentRow).where(
        ActiveDocumentRow.landlord_id == landlord_id,
        ActiveDocumentRow.kind == kind,
        ActiveDocumentRow.name == name,
    )
    active = session.scalar(statement)
    if active is None:
        session.add(
            ActiveDocumentRow(landlord_id=landlord_id, kind=kind, name=name, document_id=document.id, since_at=now)
        )
    elif active.document_id != document.id:
        active.document_id, active.since_at = document.id, now
    session.flush()
    return document


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text that ships. With `once` it is put in force only where none of that kind and name is, else kept.

    With `own_stays` a version that somebody made stays in force.
    """

    kind: str
    name: str
    body: str
    once: bool = False
    own_stays: bool = False


def install(session: Session, landlord_id: int, texts: Sequence[Text], now: datetime) -> None:
    """Keep many texts as versions and put them in force, in a handful of statements; the same texts change nothing."""
    known = _keep_all(session, landlord_id, texts, now)
    of_landlord = select(ActiveDocumentRow).where(ActiveDocumentRow.landlord_id == landlord_id)
    active = {(row.kind, row.name): row for row in session.scalars(of_landlord)}
    own = _own(session, landlord_id) if any(text.own_stays for text in texts) else frozenset()
    for text in texts:
        document_id = known[(text.kind, text.name, content_hash(text.body))]
        row = active.get((text.kind, text.name))
        if row is None:
            session.add(
                ActiveDocumentRow(
                    landlord_id=landlord_id, kind=text.kind, name=text.name, document_id=document_id, since_at=now
                )
            )
        elif row.document_id != document_id and not text.once and not (text.own_stays and row.document_id in own):
            row.document_id, row.since_at = document_id, now
    session.flush()


def _own(session: Session, landlord_id: int) -> frozenset[int]:
    """Give the versions in force that somebody made."""
    statement = (
        select(DocumentRow.id)
        .join(ActiveDocumentRow, ActiveDocumentRow.document_id == DocumentRow.id)
        .where(ActiveDocumentRow.landlord_id == landlord_id, DocumentRow.by_user_id.is_not(None))
    )
    return frozenset(session.scalars(statement))


def _keep_all(
    session: Session, landlord_id: int, texts: Sequence[Text], now: datetime
) -> dict[tuple[str, str, str], int]:
    """Keep texts as versions; give the ids of all versions by kind, name and content hash."""
    columns = (DocumentRow.kind, DocumentRow.name, DocumentRow.content_hash, DocumentRow.id)
    rows = session.execute(select(*columns).where(DocumentRow.landlord_id == landlord_id))
    known = {(kind, name, digest): document_id for kind, name, digest, document_id in rows}
    keys = {(text.kind, text.name, content_hash(text.body)): text.body for text in texts}
    fresh = [key for key in keys if key not in known]
    if fresh:
        values = [
            {
                "landlord_id": landlord_id,
                "kind": kind,
                "name": name,
                "content_hash": digest,
                "body": keys[(kind, name, digest)],
                "created_at": now,
            }
            for kind, name, digest in fresh
        ]
        statement = insert(DocumentRow).returning(DocumentRow.id, sort_by_parameter_order=True)
        known.update(zip(fresh, session.scalars(statement, values), strict=True))
    return known


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version without its text: `id` names it in this database, `content_hash` everywhere."""

    id: int
    content_hash: str


def active_versions(session: Session, landlord_id: int) -> dict[tuple[str, str], Version]:
    """Give the version in force of every document by (kind, name)."""
    rows = session.execute(ACTIVE, {"landlord": landlord_id})
    return {(kind, name): Version(id=id_, content_hash=digest) for kind, name, id_, digest in rows}


def bodies_of(session: Session, versions: Sequence[Version]) -> dict[str, str]:
    """Give the texts of many versions by content hash, in one query for those that are not in memory."""
    missing = [version.id for version in versions if version.content_hash not in _BODIES]
    if missing:
        statement = select(DocumentRow.content_hash, DocumentRow.body).where(DocumentRow.id.in_(missing))
        _BODIES.update(session.execute(statement).all())
    return {version.content_hash: _BODIES[version.content_hash] for version in versions}


_BODIES: dict[str, str] = {}


def body_of(session: Session, version: Version) -> str:
    """Give the text of a version; a text never changes, so it is kept in memory by its content hash."""
    body = _BODIES.get(version.content_hash)
    if body is None:
        body = session.scalars(select(DocumentRow.body).where(DocumentRow.id == version.id)).one()
        _BODIES[version.content_hash] = body
    return body

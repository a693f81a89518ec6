"""The rows of drafts of ladders: begin, append an edit, find one, and show a row as a Draft."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from outreach.db.tables import LadderDraftEditRow, LadderDraftRow, UserRow
from outreach.services.actor import Actor
from schedules.ladder import Ladder
from schedules.ladder_file import ladder_data
from schedules.loader import parse_ladder

KEPT_EDITS = 100
"""How many edits can be undone."""

Data = dict[str, Any]


@lru_cache(maxsize=32)
def ladder_of(text: str) -> Ladder:
    """Read a text as a ladder; the same text is read once. Raises LadderError."""
    return parse_ladder(text)


def data_of(text: str) -> Data:
    """Return a text as data that may be changed; the same text is read once. Raises LadderError."""
    return deepcopy(_data_of(text))


@lru_cache(maxsize=32)
def _data_of(text: str) -> Data:
    return ladder_data(text)


@dataclass(frozen=True, kw_only=True)
class Done:
    """One edit: what was done as a code with parameters, by whom (None by the system) and when."""

    what: str
    params: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft as it stands. `revision` 0 with `is_kept` false is the version in force before any edit.

    `undo` and `redo` are what those would take back or do again, None when there is nothing.
    """

    name: str
    body: str
    revision: int
    base_document_id: int | None
    is_kept: bool = True
    updated_at: datetime | None = None
    by: str | None = None
    undo: Done | None = None
    redo: Done | None = None

    @property
    def data(self) -> Data:
        """The draft as data."""
        return data_of(self.body)

    @property
    def ladder(self) -> Ladder:
        """The draft as a ladder."""
        return ladder_of(self.body)


def begin_row(
    session: Session, landlord_id: int, name: str, text: str, base_document_id: int | None, now: datetime
) -> LadderDraftRow:
    """Add a draft with its first text, which undo leads back to."""
    row = LadderDraftRow(
        landlord_id=landlord_id,
        name=name,
        body=text,
        place=0,
        revision=0,
        base_document_id=base_document_id,
        created_at=now,
        updated_at=now,
        by_user_id=None,
    )
    session.add(row)
    session.flush()
    session.add(_edit(row, text, Done(what="begun"), None, now))
    session.flush()
    return row


def append_edit(session: Session, row: LadderDraftRow, text: str, done: Done, actor: Actor, now: datetime) -> None:
    """Put a text in force as the newest edit; what was undone is gone, and so is what is too old to undo."""
    of_draft = LadderDraftEditRow.draft_id == row.id
    session.execute(delete(LadderDraftEditRow).where(of_draft, LadderDraftEditRow.number > row.place))
    row.place, row.body, row.updated_at, row.by_user_id = row.place + 1, text, now, actor.user_id
    row.revision += 1
    session.execute(delete(LadderDraftEditRow).where(of_draft, LadderDraftEditRow.number < row.place - KEPT_EDITS))
    session.add(_edit(row, text, done, actor, now))
    session.flush()


def _edit(row: LadderDraftRow, text: str, done: Done, actor: Actor | None, now: datetime) -> LadderDraftEditRow:
    return LadderDraftEditRow(
        landlord_id=row.landlord_id,
        draft_id=row.id,
        number=row.place,
        body=text,
        what=done.what,
        params=dict(done.params),
        by_user_id=actor.user_id if actor else None,
        at=now,
    )


def query_of(landlord_id: int, name: str) -> "Select[LadderDraftRow]":
    """Select the draft of a ladder."""
    return select(LadderDraftRow).where(LadderDraftRow.landlord_id == landlord_id, LadderDraftRow.name == name)


def row_of(session: Session, landlord_id: int, name: str) -> LadderDraftRow | None:
    """Return the draft of a ladder, None when there is none."""
    return session.scalar(query_of(landlord_id, name))


def edit_of(session: Session, row: LadderDraftRow, number: int) -> LadderDraftEditRow | None:
    """Return the edit of a draft with this number."""
    statement = select(LadderDraftEditRow).where(
        LadderDraftEditRow.draft_id == row.id, LadderDraftEditRow.number == number
    )
    return session.scalar(statement)


def as_draft(session: Session, row: LadderDraftRow) -> Draft:
    """Return a row as a Draft."""
    now, later = edit_of(session, row, row.place), edit_of(session, row, row.place + 1)
    may_undo = edit_of(session, row, row.place - 1) is not None
    return Draft(
        name=row.name,
        body=row.body,
        revision=row.revision,
        base_document_id=row.base_document_id,
        updated_at=row.updated_at,
        by=_name(session, row.by_user_id),
        undo=_done(session, now) if may_undo else None,
        redo=_done(session, later),
    )


def _done(session: Session, row: LadderDraftEditRow | None) -> Done | None:
    if row is None:
        return None
    return Done(what=row.what, params=row.params, by=_name(session, row.by_user_id), at=row.at)


def _name(session: Session, user_id: int | None) -> str | None:
    return session.scalar(select(UserRow.name).where(UserRow.id == user_id)) if user_id is not None else None

"""Ladders that are being written: kept at once, with undo and redo, guarded against two writers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.db.tables import LadderDraftEditRow, LadderDraftRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.documents import active_versions, body_of
from outreach.services.draft_rows import (
    Data,
    Done,
    Draft,
    append_edit,
    as_draft,
    begin_row,
    data_of,
    edit_of,
    ladder_of,
    query_of,
    row_of,
)
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import LADDER
from schedules.errors import LadderError
from schedules.ladder_file import write_ladder
from schedules.problem_words import problem_text

Edit = Callable[[Data], Data]


class StaleDraft(Refused):
    """Somebody else changed the draft meanwhile; nothing was saved, nothing is lost. `draft` is what stands."""

    def __init__(self, draft: Draft) -> None:
        who = draft.by or "Iemand"
        super().__init__(
            f"{who} heeft deze ladder intussen veranderd. Hieronder ziet u de nieuwe stand. "
            "Uw laatste wijziging is niet bewaard. Doe haar opnieuw als zij nog klopt.",
            f"{draft.by or 'Somebody'} has changed this ladder in the meantime. Below is how it stands now. "
            "Your last change has not been saved. Make it again if it still fits.",
        )
        self.draft = draft


class UnreadableLadder(Refused):
    """A text is no ladder; `problems_nl` and `problems_en` say per line what is wrong."""

    def __init__(self, error: LadderError) -> None:
        self.problems_nl = tuple(problem_text(problem, "nl") for problem in error.problems)
        self.problems_en = tuple(problem_text(problem, "en") for problem in error.problems)
        super().__init__(
            "Dit kan zo niet: " + " ".join(self.problems_nl), "This cannot be: " + " ".join(self.problems_en)
        )


def read_draft(session: Session, landlord_id: int, name: str) -> Draft | None:
    """Return a draft by the name of its ladder, None when nobody is writing one."""
    row = row_of(session, landlord_id, name)
    return as_draft(session, row) if row else None


def draft_or_active(session: Session, landlord_id: int, name: str) -> Draft | None:
    """Return the draft, or the version in force as a draft without edits; None when there is neither."""
    kept = read_draft(session, landlord_id, name)
    if kept is not None:
        return kept
    version = active_versions(session, landlord_id).get((LADDER, name))
    if version is None:
        return None
    return Draft(name=name, body=body_of(session, version), revision=0, base_document_id=version.id, is_kept=False)


def list_drafts(session: Session, landlord_id: int) -> tuple[Draft, ...]:
    """Return all drafts of a landlord, the one changed last first."""
    statement = (
        select(LadderDraftRow)
        .where(LadderDraftRow.landlord_id == landlord_id)
        .order_by(LadderDraftRow.updated_at.desc(), LadderDraftRow.name)
    )
    return tuple(as_draft(session, row) for row in session.scalars(statement))


def drop_draft(session: Session, landlord_id: int, name: str) -> None:
    """Take a draft and its edits away, after publishing or because nobody wants it; without one nothing happens."""
    row = row_of(session, landlord_id, name)
    if row is not None:
        session.execute(delete(LadderDraftEditRow).where(LadderDraftEditRow.draft_id == row.id))
        session.delete(row)
        session.flush()


def new_draft(runtime: Runtime, actor: Actor, landlord_id: int, text: str, done: Done) -> Draft:
    """Begin a draft of a ladder that does not exist yet; raise Refused when the name is taken."""
    name = str(_checked(text)["ladder"])
    now = runtime.clock()
    with runtime.db.write() as session:
        if draft_or_active(session, landlord_id, name) is not None:
            raise Refused(
                "Er is al een ladder met deze naam. Kies een andere naam.",
                "There is a ladder of this name already. Choose another name.",
            )
        row = begin_row(session, landlord_id, name, text, None, now)
        _note(session, landlord_id, actor, now, "ladder_draft_begun", {"name": name, "how": done.what})
        row.by_user_id = actor.user_id
        session.flush()
        return as_draft(session, row)


def change_draft(
    runtime: Runtime, actor: Actor, landlord_id: int, name: str, revision: int, edit: Edit, done: Done
) -> Draft:
    """Change the draft (begun from the version in force when there is none) and keep it.

    `revision` is the one that the writer saw: another one raises StaleDraft. What would make the ladder unreadable
    raises UnreadableLadder. A change that changes nothing leaves no edit.
    """
    now = runtime.clock()
    with runtime.db.write() as session:
        row = _for_writing(session, landlord_id, name, revision, now)
        before = data_of(row.body)
        after = edit(before)
        if after == before:
            return as_draft(session, row)
        text = write_ladder({**after, "ladder": name})
        _checked(text)
        append_edit(session, row, text, done, actor, now)
        return as_draft(session, row)


def save_draft(
    runtime: Runtime, actor: Actor, landlord_id: int, name: str, revision: int, text: str, done: Done
) -> Draft:
    """Put a whole text in the place of the draft, as one edit that can be undone."""
    data = _checked(text)
    return change_draft(runtime, actor, landlord_id, name, revision, lambda _before: data, done)


def undo(runtime: Runtime, actor: Actor, landlord_id: int, name: str, revision: int) -> Draft:
    """Take the last edit back: the text is again exactly what it was before; nothing to take back changes nothing."""
    return _step(runtime, actor, landlord_id, name, revision, -1)


def redo(runtime: Runtime, actor: Actor, landlord_id: int, name: str, revision: int) -> Draft:
    """Do the edit again that was taken back last."""
    return _step(runtime, actor, landlord_id, name, revision, 1)


def discard(runtime: Runtime, actor: Actor, landlord_id: int, name: str) -> None:
    """Throw a draft away, with evidence; the version in force stays."""
    now = runtime.clock()
    with runtime.db.write() as session:
        drop_draft(session, landlord_id, name)
        _note(session, landlord_id, actor, now, "ladder_draft_dropped", {"name": name})


def _step(runtime: Runtime, actor: Actor, landlord_id: int, name: str, revision: int, places: int) -> Draft:
    now = runtime.clock()
    with runtime.db.write() as session:
        row = _for_writing(session, landlord_id, name, revision, now)
        found = edit_of(session, row, row.place + places)
        if found is not None:
            row.body, row.place = found.body, found.number
            row.revision, row.updated_at, row.by_user_id = row.revision + 1, now, actor.user_id
            session.flush()
        return as_draft(session, row)


def _for_writing(session: Session, landlord_id: int, name: str, revision: int, now: datetime) -> LadderDraftRow:
    row = session.scalar(query_of(landlord_id, name).with_for_update())
    if row is None:
        active = draft_or_active(session, landlord_id, name)
        if active is None:
            raise Refused("Deze ladder bestaat niet meer.", "This ladder is no longer there.")
        row = begin_row(session, landlord_id, name, active.body, active.base_document_id, now)
        if revision != 0:
            raise StaleDraft(as_draft(session, row))
    elif row.revision != revision:
        raise StaleDraft(as_draft(session, row))
    return row


def _checked(text: str) -> Data:
    """Return the data of a text that is a ladder; raise UnreadableLadder."""
    try:
        ladder_of(text)
    except LadderError as error:
        raise UnreadableLadder(error) from error
    return data_of(text)


def _note(
    session: Session, landlord_id: int, actor: Actor, now: datetime, kind: str, payload: Mapping[str, Any]
) -> None:
    book = EvidenceBook(session, landlord_id, now)
    book.note(kind, actor, payload)
    book.write()

"""Conversations in the inbox: who has one, until when it sleeps, what was read; and whether a person talks.

A conversation is all that was written with one household, or with one sender whom nobody knows.
"""

from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, ConversationRow, TalkRow

TALK = timedelta(hours=24)
"""After a person answered, talked or took a conversation up, the machine leaves it to him for this long."""


def household_key(household_id: int) -> str:
    """Give the key of the conversation with a household."""
    return f"household:{household_id}"


def sender_key(channel: str, sender: str) -> str:
    """Give the key of the conversation with a sender who belongs to no household."""
    return f"sender:{channel}:{sender}"[:200]


def find_conversation(session: Session, landlord_id: int, key: str) -> ConversationRow | None:
    """Give what staff did with a conversation so far; None when nobody did anything."""
    statement = select(ConversationRow).where(ConversationRow.landlord_id == landlord_id, ConversationRow.key == key)
    return session.scalar(statement)


def open_conversation(session: Session, landlord_id: int, key: str) -> ConversationRow:
    """Give the row of a conversation; the first to do something with it makes it."""
    found = find_conversation(session, landlord_id, key)
    if found is None:
        kind, _, rest = key.partition(":")
        household_id = int(rest) if kind == "household" else None
        found = ConversationRow(landlord_id=landlord_id, key=key, household_id=household_id)
        found = _added(session, found)
    return found


def _added(session: Session, row: ConversationRow) -> ConversationRow:
    """Add the row, or give the one that somebody else added at this moment."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        statement = select(ConversationRow).where(ConversationRow.landlord_id == row.landlord_id)
        return session.scalars(statement.where(ConversationRow.key == row.key)).one()
    return row


def keeper_of(session: Session, household_id: int) -> int | None:
    """Give the user who has the conversation with a household, None when nobody has."""
    mine = select(ConversationRow.assigned_user_id).where(ConversationRow.household_id == household_id)
    return session.scalar(mine.limit(1))


def person_talks(session: Session, household_id: int, now: datetime) -> bool:
    """Say whether a person talks with a household, so that the machine keeps silent.

    True when within 24 hours a member of staff answered by hand or noted a talk, or took the conversation up and still
    has it.
    """
    since = now - TALK
    by_hand = exists().where(
        AttemptRow.household_id == household_id,
        AttemptRow.template.is_(None),
        AttemptRow.step.like("answer:%"),
        AttemptRow.due_at > since,
        AttemptRow.state != "dropped",
    )
    talked = exists().where(
        TalkRow.case_id == CaseRow.id,
        CaseRow.household_id == household_id,
        TalkRow.by_user_id.is_not(None),
        TalkRow.at > since,
    )
    taken = exists().where(
        ConversationRow.household_id == household_id,
        ConversationRow.assigned_user_id.is_not(None),
        ConversationRow.assigned_at > since,
    )
    return bool(session.scalar(select(or_(by_hand, talked, taken))))

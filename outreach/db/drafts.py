"""Tables of ladders that are being written: the text as it stands now, and every edit for undo and redo."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, link


class LadderDraftRow(Base):
    """A ladder that is being written; no case runs on it.

    `place` is the number of the edit that is in force, `revision` counts every change, undo included: who saves names
    the revision that he saw. `base_document_id` is the version in force from which it began.
    """

    __tablename__ = "ladder_draft"
    __table_args__ = (UniqueConstraint("landlord_id", "name"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    name: Mapped[Code]
    body: Mapped[Long]
    place: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    base_document_id: Mapped[int | None] = link("document.id", index=False, nullable=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)


class LadderDraftEditRow(Base):
    """One edit of a draft: the whole text after it, what was done (a code with parameters), by whom and when."""

    __tablename__ = "ladder_draft_edit"
    __table_args__ = (UniqueConstraint("draft_id", "number"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    draft_id: Mapped[int] = link("ladder_draft.id", index=False)
    number: Mapped[int]
    body: Mapped[Long]
    what: Mapped[Code]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    at: Mapped[datetime]

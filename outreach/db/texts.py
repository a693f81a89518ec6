"""Tables of texts that are written, proposed and approved; the text in force is a document of kind template."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, link


class TextDraftRow(Base):
    """One text (channel and language of a template) that is being written; nothing is sent with it.

    `revision` counts every save: who saves names the revision that he saw. `base_version` is the version in force from
    which it began, `head` holds title, purpose and measures of a template that is not there yet.
    """

    __tablename__ = "text_draft"
    __table_args__ = (UniqueConstraint("landlord_id", "name", "channel", "language"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    name: Mapped[Code]
    channel: Mapped[Code]
    language: Mapped[Code]
    subject: Mapped[Long | None]
    body: Mapped[Long]
    head: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    base_version: Mapped[Code | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)


class TextProposalRow(Base):
    """A text that was put forward. state: proposed, approved, rejected, withdrawn.

    What needs no second person is approved at once. `rules` are those that the text breaks and that are to be set
    aside for it, with `override_reason`.
    """

    __tablename__ = "text_proposal"
    __table_args__ = (Index("ix_text_proposal_text", "landlord_id", "name", "channel", "language"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    name: Mapped[Code]
    channel: Mapped[Code]
    language: Mapped[Code]
    subject: Mapped[Long | None]
    body: Mapped[Long]
    head: Mapped[dict[str, Any]] = mapped_column(default=dict)
    text_version: Mapped[Code]
    base_version: Mapped[Code | None]
    state: Mapped[Code]
    reason: Mapped[Long]
    rules: Mapped[list[str]] = mapped_column(default=list)
    override_reason: Mapped[Long] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    at: Mapped[datetime]
    second_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[Long] = mapped_column(default="")


class TextApprovalRow(Base):
    """What people said of one version of a text (the hash of its template).

    kind language: somebody who reads the language finds it right. kind override: `rules` do not bind this version,
    for a reason, by two people.
    """

    __tablename__ = "text_approval"
    __table_args__ = (UniqueConstraint("landlord_id", "text_version", "kind"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    name: Mapped[Code]
    channel: Mapped[Code]
    language: Mapped[Code]
    text_version: Mapped[Code]
    kind: Mapped[Code]
    rules: Mapped[list[str]] = mapped_column(default=list)
    reason: Mapped[Long] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    second_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    at: Mapped[datetime]

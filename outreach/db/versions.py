"""Tables of versions of ladders: what was proven, what was proposed or published, and which case moved to which."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, link


class LadderProofRow(Base):
    """The proof of one text of a ladder (by the hash of a version) under settings. status: proven, refuted, gap.

    `settings_hash` covers what a proof depends on beside the ladder: settings, law, texts, version of the product.
    """

    __tablename__ = "ladder_proof"
    __table_args__ = (UniqueConstraint("landlord_id", "content_hash", "settings_hash"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    content_hash: Mapped[Code]
    settings_hash: Mapped[Code]
    status: Mapped[Code]
    result: Mapped[dict[str, Any]]
    proved_at: Mapped[datetime]


class LadderProposalRow(Base):
    """A version of a ladder that was proposed. state: proposed, approved, rejected, withdrawn.

    Without four eyes it is approved at once, by the same user. `effects` is what was shown when it was proposed.
    """

    __tablename__ = "ladder_proposal"
    __table_args__ = (Index("ix_ladder_proposal_name", "landlord_id", "name"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    name: Mapped[Code]
    document_id: Mapped[int] = link("document.id", index=False)
    base_document_id: Mapped[int | None] = link("document.id", index=False, nullable=True)
    state: Mapped[Code]
    reason: Mapped[Long]
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    at: Mapped[datetime]
    second_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[Long] = mapped_column(default="")
    effects: Mapped[dict[str, Any]] = mapped_column(default=dict)


class LadderMoveRow(Base):
    """A running case was moved to another version of a ladder.

    `mapping` tells, per step that was done and that the new version does not know, as which step it counts there;
    None when it does not count.
    """

    __tablename__ = "ladder_move"
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    from_version_id: Mapped[int] = link("document.id", index=False)
    to_version_id: Mapped[int] = link("document.id", index=False)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[Long]
    by_user_id: Mapped[int | None] = link("app_user.id", index=False, nullable=True)
    at: Mapped[datetime]

"""Tables of answering: links to the tenant's page, conversations in the inbox, and saved answers."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db.base import Base, Code, Id, Long, Name, link


class TenantLinkRow(Base):
    """A link to the page of one tenant about one case, in one message or print.

    `code` is what stands in the address: it is signed and holds no name, amount or number. `tries` counts wrong answers
    to the question that opens the page; too many lock it until `locked_until`.
    """

    __tablename__ = "tenant_link"
    __table_args__ = (UniqueConstraint("code"), UniqueConstraint("attempt_id"))
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id")
    case_id: Mapped[int] = link("case.id")
    person_id: Mapped[int] = link("person.id", index=False)
    attempt_id: Mapped[int | None] = link("attempt.id", nullable=True, index=False)
    code: Mapped[Code]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


class ConversationRow(Base):
    """All that was written with one household or one unknown sender: who has it, and until when it sleeps.

    `key` is `household:ID` or `sender:CHANNEL:VALUE`. Replies up to `read_until` were read by a person.
    """

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("landlord_id", "key"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    household_id: Mapped[int | None] = link("household.id", nullable=True)
    key: Mapped[Name]
    assigned_user_id: Mapped[int | None] = link("app_user.id", nullable=True)
    assigned_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    read_until: Mapped[datetime | None]


class SavedAnswerRow(Base):
    """An answer that staff use again, checked when it was saved; `level` is what messages.checks found."""

    __tablename__ = "saved_answer"
    __table_args__ = (UniqueConstraint("landlord_id", "name", "language"),)
    id: Mapped[Id]
    landlord_id: Mapped[int] = link("landlord.id", index=False)
    name: Mapped[Name]
    language: Mapped[Code]
    text: Mapped[Long]
    intent: Mapped[Code] = mapped_column(default="")
    level: Mapped[Code] = mapped_column(default="")
    by_user_id: Mapped[int | None] = link("app_user.id", nullable=True, index=False)
    saved_at: Mapped[datetime]
    used: Mapped[int] = mapped_column(default=0)

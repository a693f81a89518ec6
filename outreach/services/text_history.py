"""The history of a text: what was put forward, by whom, why, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import TextProposalRow, UserRow


@dataclass(frozen=True, kw_only=True)
class TextVersion:
    """One proposal of a text in its history; `by` and `second` are names, state as in text_proposal."""

    proposal_id: int
    at: datetime
    by: str
    second: str
    reason: str
    state: str
    subject: str | None
    body: str
    version: str
    rules: tuple[str, ...]
    decided_why: str


def text_history(session: Session, landlord_id: int, name: str, channel: str, language: str) -> tuple[TextVersion, ...]:
    """Return what was put forward for a text, the newest first; what ships is not in it."""
    users = {row.id: row.name for row in session.scalars(select(UserRow).where(UserRow.landlord_id == landlord_id))}
    statement = (
        select(TextProposalRow)
        .where(
            TextProposalRow.landlord_id == landlord_id,
            TextProposalRow.name == name,
            TextProposalRow.channel == channel,
            TextProposalRow.language == language,
        )
        .order_by(TextProposalRow.at.desc(), TextProposalRow.id.desc())
    )
    return tuple(
        TextVersion(
            proposal_id=row.id,
            at=row.at,
            by=users.get(row.by_user_id or 0, ""),
            second=users.get(row.second_user_id or 0, ""),
            reason=row.reason,
            state=row.state,
            subject=row.subject,
            body=row.body,
            version=row.text_version,
            rules=tuple(row.rules),
            decided_why=row.decided_why,
        )
        for row in session.scalars(statement)
    )

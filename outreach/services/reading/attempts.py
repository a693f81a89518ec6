"""One attempt as the tenant saw it, with its receipt and its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.template import split_parts
from outreach.db.tables import AttemptRow, PersonRow
from outreach.services.addressees import full_name
from outreach.services.decisions import reason_from_data
from schedules.decisions import Reason


@dataclass(frozen=True, kw_only=True)
class AttemptView:
    """An attempt for the screen. `parts` is the split script of a robocall; `dropped` says why it was not sent."""

    attempt_id: int
    case_id: int
    step: str
    number: int
    channel: str
    kind: str
    purpose: str
    state: str
    outcome: str | None
    reached: bool
    due_at: datetime
    sent_at: datetime | None
    outcome_at: datetime | None
    to: str
    sent_to: str | None
    subject: str | None
    text: str | None
    parts: Mapping[str, str]
    b1_passed: bool | None
    b1_level: str | None
    why: tuple[Reason, ...]
    dropped: tuple[Reason, ...]

    @property
    def at(self) -> datetime:
        """Return when it went out, else when it was to go."""
        return self.sent_at or self.due_at

    @property
    def result(self) -> str | None:
        """Return the outcome, None while nothing is known of it."""
        return self.outcome

    @property
    def can_be_answered(self) -> bool:
        """Tell whether the tenant can write back on this channel."""
        return self.channel in ("sms", "whatsapp", "email") and self.sent_at is not None and self.sent_to is not None


def attempt_views(session: Session, rows: Sequence[AttemptRow]) -> tuple[AttemptView, ...]:
    """Make the views of attempts in the same order, with the names of the addressees."""
    names = person_names(session, {row.addressee_id for row in rows})
    return tuple(_view(row, names.get(row.addressee_id, "")) for row in rows)


def person_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of persons by id."""
    wanted = {each for each in ids if each is not None}
    return {row.id: full_name(row) for row in session.scalars(select(PersonRow).where(PersonRow.id.in_(wanted)))}


def reasons(data: Mapping[str, Any] | None) -> tuple[Reason, ...]:
    """Read the reasons that lie under `why` in a column of the record."""
    return tuple(reason_from_data(each) for each in (data or {}).get("why", ()))


def _view(row: AttemptRow, name: str) -> AttemptView:
    return AttemptView(
        attempt_id=row.id,
        case_id=row.case_id,
        step=row.step,
        number=row.attempt,
        channel=row.channel,
        kind=row.kind,
        purpose=row.purpose,
        state=row.state,
        outcome=row.outcome,
        reached=row.reached,
        due_at=row.due_at,
        sent_at=row.sent_at,
        outcome_at=row.outcome_at,
        to=name,
        sent_to=row.sent_to,
        subject=row.subject,
        text=row.text,
        parts=split_parts(row.text) if row.channel == "robocall" and row.text else {},
        b1_passed=row.b1_passed,
        b1_level=row.b1_level,
        why=reasons(row.why),
        dropped=reasons(row.dropped_reason),
    )

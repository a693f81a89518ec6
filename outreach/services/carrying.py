"""What a channel gets to carry: the filled-in text and what goes with it, kept on its row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from channels.contract import Outbound
from messages.template import split_parts
from messages.whatsapp import WINDOW, approved_form, content_variables
from outreach.db.tables import AttemptRow, InboundRow
from outreach.services.addressees import full_name
from outreach.services.facts import LoadedCase
from outreach.services.letter_heads import paper_extra, scan_extra
from outreach.services.policy import Policy
from outreach.services.texts import FilledText

WHATSAPP, LETTER = "whatsapp", "letter"
REFUSED_FIRST = "refused_first"


def last_written(session: Session, rows: Sequence[AttemptRow], now: datetime) -> dict[str, datetime]:
    """Give when each number last wrote to us on WhatsApp, for the rows that go there."""
    people = {row.addressee_id for row in rows if row.channel == WHATSAPP}
    if not people:
        return {}
    statement = (
        select(InboundRow.sender, func.max(InboundRow.received_at))
        .where(InboundRow.person_id.in_(people), InboundRow.channel == WHATSAPP, InboundRow.received_at > now - WINDOW)
        .group_by(InboundRow.sender)
    )
    return dict(session.execute(statement).all())


def kept_over_tries(row: AttemptRow) -> dict[str, Any]:
    """Give what a row keeps when its text is filled in again: since when its provider refuses it."""
    return {name: value for name, value in (row.carried or {}).items() if name == REFUSED_FIRST}


def carried(
    policy: Policy,
    case: LoadedCase,
    row: AttemptRow,
    filled: FilledText,
    written: Mapping[str, datetime],
    day: date,
    link: str = "",
) -> dict[str, Any]:
    """Give what goes with the text: whom it is for, on paper the link to scan, and on WhatsApp the approved form.

    On WhatsApp also how long no approved form is needed.
    """
    person = case.addressees.people.get(row.addressee_id, case.addressees.primary)
    found: dict[str, Any] = {"name": full_name(person), "language": filled.template.language}
    if row.channel == LETTER:
        found["extra"] = paper_extra(policy.settings, policy.landlord_id, person, day) | scan_extra(
            link, filled.template.language
        )
    if row.channel == WHATSAPP:
        form = approved_form(filled.template)
        values = {name: str(value) for name, value in filled.values.items() if value is not None}
        found |= {"template": form.name, "variables": content_variables(form, values)}
        last = written.get(row.sent_to or "")
        if last is not None:
            found["free_until"] = (last + WINDOW).isoformat()
    return found


def outbound(row: AttemptRow, policy: Policy, tenancy_ref: str) -> Outbound:
    """Map a claimed attempt to what a channel carries."""
    assert row.claimed_at is not None
    settings, carried_along = policy.settings, row.carried or {}
    free_until = carried_along.get("free_until")
    return Outbound(
        key=row.key,
        channel=row.channel,
        to=row.sent_to or "",
        sender=settings.sender_email if row.channel == "email" else settings.sender_phone,
        text=row.text or "",
        subject=row.subject,
        language=carried_along.get("language", row.language),
        at=row.claimed_at,
        name=carried_along.get("name", ""),
        sender_name=settings.sender_name or policy.landlord_name,
        template=carried_along.get("template", ""),
        variables=carried_along.get("variables", {}),
        free_until=datetime.fromisoformat(free_until) if free_until else None,
        parts=split_parts(row.text or "") if row.channel == "robocall" else {},
        extra={"tenant": tenancy_ref, "template": row.template or "", **carried_along.get("extra", {})},
    )

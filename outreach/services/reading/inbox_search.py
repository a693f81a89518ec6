"""Find conversations by who takes part in them, by the number that wrote, and by words in them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from outreach.db.scope import Scope
from outreach.db.tables import AttemptRow, CaseRow, InboundRow, TenancyRow
from outreach.services.reading.finding import digits_of_phone, find


def households_of(session: Session, scope: Scope, query: str, day: date) -> list[int]:
    """Return the households of tenancies that a name, number, street or phone number finds."""
    ids = [hit.tenancy_id for hit in find(session, scope, query, day)]
    return list(session.scalars(select(TenancyRow.household_id).where(TenancyRow.id.in_(ids)).distinct()))


def matches(scope: Scope, grouped: Any, query: str, households: Sequence[int]) -> Any:
    """Give the condition that a conversation was found: by its people, its sender, or words in it."""
    said, of = aliased(InboundRow), aliased(CaseRow)
    pattern, digits = like(query), digits_of_phone(query)
    senders = [said.sender.ilike(pattern, escape="\\"), *([said.sender.like(f"%{digits}%")] if digits else [])]
    in_household = exists().where(
        said.landlord_id == scope.landlord_id,
        of.id == said.case_id,
        of.household_id == grouped.c.household_id,
        or_(said.text.ilike(pattern, escape="\\"), *senders),
    )
    unknown = select(literal("sender:") + said.channel + ":" + said.sender).where(
        said.landlord_id == scope.landlord_id, or_(said.text.ilike(pattern, escape="\\"), *senders)
    )
    written = exists().where(
        AttemptRow.landlord_id == scope.landlord_id,
        AttemptRow.household_id == grouped.c.household_id,
        AttemptRow.sent_at.is_not(None),
        AttemptRow.text.ilike(pattern, escape="\\"),
    )
    return or_(grouped.c.household_id.in_(households), in_household, grouped.c.key.in_(unknown), written)


def like(text: str) -> str:
    """Write a text as a pattern for LIKE that finds it anywhere; `\\` escapes."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

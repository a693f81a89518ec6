"""Find conversations by who takes part in them, by the number that wrote, and by words in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from outreach.db.scope import Scope
from outreach.db.tables import AttemptRow, CaseRow, InboundRow, TenancyRow
from outreach.services.reading.finding import digits_of_phone, find

MOST_WORDS = 5
MEANS: Mapping[str, str] = {
    "crisis": "crisis",
    "noodkreet": "crisis",
    "dreiging": "threat",
    "bedreiging": "threat",
    "overlijden": "bereaved",
    "bewindvoerder": "represented",
    "belofte": "promise",
}
"""What a reply is about, by the word that staff look for."""


def households_of(session: Session, scope: Scope, query: str, day: date) -> list[int]:
    """Return the households of tenancies that a name, number, street or phone number finds."""
    ids = [hit.tenancy_id for hit in find(session, scope, query, day)]
    return list(session.scalars(select(TenancyRow.household_id).where(TenancyRow.id.in_(ids)).distinct()))


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What is looked for, with the households whose people or address fit it; `words` apart when it has no digits."""

    text: str
    households: tuple[int, ...]
    words: tuple["Sought", ...] = ()


def seek(session: Session, scope: Scope, query: str, day: date) -> Sought:
    """Look up whom a query is about, as a whole and word by word (`Polderman crisis`)."""
    words = query.split()
    apart = 1 < len(words) <= MOST_WORDS and all(word.isalpha() and len(word) > 2 for word in words)
    return Sought(
        text=query,
        households=tuple(households_of(session, scope, query, day)),
        words=tuple(seek(session, scope, word, day) for word in words) if apart else (),
    )


def matches(scope: Scope, grouped: Any, sought: Sought) -> Any:
    """Give the condition that a conversation was found: by its people, its sender, what it is about, or words in it."""
    whole = _fits(scope, grouped, sought.text, sought.households)
    if not sought.words:
        return whole
    return or_(whole, and_(*(_fits(scope, grouped, each.text, each.households) for each in sought.words)))


def _fits(scope: Scope, grouped: Any, query: str, households: Sequence[int]) -> Any:
    said, of = aliased(InboundRow), aliased(CaseRow)
    pattern, digits = like(query), digits_of_phone(query)
    about = MEANS.get(query.lower())
    senders: list[Any] = [
        said.sender.ilike(pattern, escape="\\"),
        *([said.sender.like(f"%{digits}%")] if digits else []),
    ]
    senders += [said.intent == about] if about else []
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

"""What people said of versions of texts: a language that somebody read, rules that two people set aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from messages.languages import text_language
from messages.template import Template
from outreach.db.tables import TextApprovalRow

LANGUAGE = "language"
OVERRIDE = "override"
ALL_OF_LANDLORD = select(TextApprovalRow.text_version, TextApprovalRow.kind, TextApprovalRow.rules).where(
    TextApprovalRow.landlord_id == bindparam("landlord")
)


@dataclass(frozen=True, kw_only=True)
class Approvals:
    """By version of a text: those whose language was approved, and the rules that do not bind it."""

    read: frozenset[str] = frozenset()
    set_aside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def key(self) -> tuple[object, ...]:
        """What names these approvals: equal keys, equal approvals."""
        return self.read, frozenset(self.set_aside.items())

    def may_go(self, template: Template) -> bool:
        """Say whether a text may be used: one in a language without a level only when somebody approved it."""
        return not text_language(template.language).indicative or template.version in self.read

    def rules_set_aside(self, template: Template) -> frozenset[str]:
        """Return the rules that two people set aside for this version of the text."""
        return self.set_aside.get(template.version, frozenset())


def approvals_of(session: Session, landlord_id: int) -> Approvals:
    """Load what people said of a landlord's texts."""
    read: set[str] = set()
    set_aside: dict[str, frozenset[str]] = {}
    for version, kind, rules in session.execute(ALL_OF_LANDLORD, {"landlord": landlord_id}):
        if kind == LANGUAGE:
            read.add(version)
        else:
            set_aside[version] = frozenset(rules)
    return Approvals(read=frozenset(read), set_aside=set_aside)


def approve_languages(
    session: Session,
    landlord_id: int,
    templates: Iterable[Template],
    *,
    reason: str,
    now: datetime,
    user_id: int | None = None,
) -> int:
    """Record that somebody read these texts and finds them right; those that were read already stay as they are."""
    known = approvals_of(session, landlord_id).read
    fresh = [each for each in templates if text_language(each.language).indicative and each.version not in known]
    rows: list[dict[str, Any]] = [
        {
            "landlord_id": landlord_id,
            "name": template.name,
            "channel": template.channel,
            "language": template.language,
            "text_version": template.version,
            "kind": LANGUAGE,
            "rules": [],
            "reason": reason,
            "by_user_id": user_id,
            "at": now,
        }
        for template in {each.version: each for each in fresh}.values()
    ]
    if rows:
        session.execute(insert(TextApprovalRow), rows)
    return len(fresh)

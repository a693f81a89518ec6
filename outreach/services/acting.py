"""The frame of every action at the console: one transaction, evidence, and a fresh decision at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.planning import Planned, plan_cases
from outreach.services.policy import Policy, load_policy


class Refused(OutreachError):
    """What was asked cannot be done; nothing has changed."""


@dataclass(frozen=True, kw_only=True)
class Acting:
    """One action on one case, inside its transaction."""

    runtime: Runtime
    session: Session
    book: EvidenceBook
    policy: Policy
    case: CaseRow
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The civil day."""
        return self.runtime.calendar.day_of(self.now)

    def note(self, fact: str, /, **payload: Any) -> None:
        """Note a fact in the case's evidence."""
        self.book.note(fact, self.actor, payload, case_id=self.case.id)


@contextmanager
def acting_on(runtime: Runtime, actor: Actor, case_id: int, *, open_only: bool = True) -> Iterator[Acting]:
    """Open an action on a case; at its end the case is decided on again, and the evidence written."""
    now = runtime.clock()
    with runtime.db.write() as session:
        case = session.scalar(select(CaseRow).where(CaseRow.id == case_id).with_for_update(key_share=True))
        if case is None:
            raise Refused("Dit dossier bestaat niet.", "This case does not exist.")
        if open_only and case.state != "open":
            raise Refused("Dit dossier is gesloten.", "This case is closed.")
        policy = load_policy(session, case.landlord_id)
        book = EvidenceBook(session, case.landlord_id, now)
        yield Acting(runtime=runtime, session=session, book=book, policy=policy, case=case, actor=actor, now=now)
        book.write()
        session.flush()
        plan_cases(runtime, session, policy, [case_id], now, Planned())


def needs(text: str | None, nl: str, en: str) -> str:
    """Give a text without blanks at its ends; raise Refused when nothing is left."""
    stripped = (text or "").strip()
    if not stripped:
        raise Refused(nl, en)
    return stripped

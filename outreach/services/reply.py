"""One reply of a tenant with everything that its effect needs: answer, hand over, pause, note."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.replies import Understanding
from outreach.db.tables import AttemptRow, CaseRow, ContactPointRow, InboundRow, PauseRow, PersonRow
from outreach.runtime import Runtime
from outreach.services.actor import TENANT
from outreach.services.addressees import load_addressees
from outreach.services.answers import ALWAYS, add_answer
from outreach.services.conversations import person_talks
from outreach.services.dropping import drop
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_stops import STOPPING, close_talk
from outreach.services.policy import Policy
from outreach.services.tasks import add_task
from outreach.services.written_values import Fact
from schedules.decisions import Reason

QUESTIONS = frozenset({"answer_plan_ask", "answer_plan_again", "answer_plan_debts", "answer_plan_proposed"})
"""Texts that ask the one thing of the talk about a plan that waits for an answer."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One reply with everything that its effect needs."""

    runtime: Runtime
    session: Session
    book: EvidenceBook
    policy: Policy
    inbound: InboundRow
    case: CaseRow | None
    found: Understanding
    now: datetime

    @property
    def today(self) -> date:
        """The civil day of the reply."""
        return self.runtime.calendar.day_of(self.inbound.received_at)

    @property
    def known_case(self) -> CaseRow:
        """The case; only for effects that are called with one."""
        assert self.case is not None
        return self.case

    @property
    def language(self) -> str:
        """The language in which to answer: the one of the person's record."""
        person = self.session.get(PersonRow, self.inbound.person_id) if self.inbound.person_id else None
        return person.language if person else "nl"

    @property
    def person_talks(self) -> bool:
        """Whether a member of staff talks with the household, so that the machine keeps silent."""
        return person_talks(self.session, self.known_case.household_id, self.now)

    @property
    def may_be_written_to(self) -> bool:
        """Whether the tenant may also get what he did not ask for over the channel that he used."""
        tenancy_id = self.known_case.tenancy_id
        people = load_addressees(self.session, [tenancy_id], self.today, self.now)[tenancy_id]
        return self.inbound.channel in people.targets

    def point_id(self) -> int | None:
        """The contact point that was written from."""
        statement = select(ContactPointRow.id).where(
            ContactPointRow.landlord_id == self.policy.landlord_id, ContactPointRow.value == self.inbound.sender
        )
        return self.session.scalar(statement)

    def say(self, template: str, values: Mapping[str, Fact] | None = None, purpose: str = "answer") -> None:
        """Answer over the same channel; a person answers when he talks already, or the machine has said enough."""
        if self.case is not None and self.inbound.person_id is not None:
            if template not in ALWAYS and self.person_talks:
                self.hand_over(detail={"why": "person_talks"})
                return
            added = add_answer(
                self.session,
                self.policy,
                self.case,
                self.inbound,
                self.point_id(),
                template,
                self.now,
                self.language,
                values or {},
                purpose,
            )
            if added is None:
                self.hand_over(detail={"why": "too_many_answers"})
            elif template in QUESTIONS:
                self._drop_older_questions(added)

    def _drop_older_questions(self, newest: AttemptRow) -> None:
        """Drop the questions about a plan that still wait to be sent: the tenant wrote on, and only the last counts."""
        waiting = select(AttemptRow).where(
            AttemptRow.case_id == newest.case_id,
            AttemptRow.state == "planned",
            AttemptRow.template.in_(QUESTIONS),
            AttemptRow.id != newest.id,
        )
        for row in self.session.scalars(waiting):
            drop(self.session, self.book, row, (Reason(code="plan_changed"),))

    def hand_over(self, kind: str = "reply", detail: Mapping[str, str] | None = None) -> None:
        """Let the reply wait for a person; until then the machine is silent in this case."""
        self.inbound.state = "waiting"
        add_task(
            self.session,
            landlord_id=self.policy.landlord_id,
            kind=kind,
            key=f"inbound:{self.inbound.id}",
            due_at=self.now,
            case=self.case,
            inbound_id=self.inbound.id,
            detail={"text": self.inbound.text[:200], "intent": self.found.intent, **(detail or {})},
        )

    def done(self, effect: str, **details: object) -> None:
        """Note that the machine handled the reply, and how."""
        if self.inbound.state == "new":
            self.inbound.state, self.inbound.handled_at = "handled", self.now
        self.inbound.effect = {"effect": effect, **details}

    def pause(self, reason: str, until_on: date | None, condition: str = "", case: CaseRow | None = None) -> None:
        """Stop collection in this case, or in another of the household; an open pause with the same reason stays."""
        case = case or self.known_case
        if reason in STOPPING:
            close_talk(self.session, self.book, case, reason)
        known = select(PauseRow.id).where(
            PauseRow.case_id == case.id, PauseRow.ended_at.is_(None), PauseRow.reason == reason
        )
        if self.session.scalar(known) is not None:
            return
        self.session.add(
            PauseRow(
                landlord_id=self.policy.landlord_id,
                case_id=case.id,
                reason=reason,
                from_at=self.now,
                until_on=until_on,
                condition=condition,
            )
        )
        payload = {"reason": reason, "until_on": until_on}
        self.book.note("paused", TENANT, payload, case_id=case.id)


Effect = Callable[[Reply], None]
"""What a reply does."""

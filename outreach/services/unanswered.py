"""An answer to a tenant that could not go: his message then waits for a person, so that nobody is left in silence."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, InboundRow
from outreach.services import plans
from outreach.services.evidence import EvidenceBook
from outreach.services.plan_steps import ask
from outreach.services.tasks import add_task
from schedules.decisions import Reason

NO_WAY = frozenset({"no_channel", "channel_off", "channel_failed", "channel_blocked"})
"""Reasons that say that the tenant cannot be answered where he wrote."""


def give_to_person(session: Session, book: EvidenceBook, case: CaseRow, row: AttemptRow, why: Sequence[Reason]) -> None:
    """Let the message that a dropped attempt answers wait for a person; a question about a plan was not asked then."""
    if row.answers_inbound_id is None or not any(reason.code in NO_WAY for reason in why):
        return
    inbound = session.get_one(InboundRow, row.answers_inbound_id)
    inbound.state, inbound.handled_at, inbound.effect = "waiting", None, {"effect": "to_person"}
    plan = plans.open_plan(session, case)
    if plan is not None and (row.template or "").startswith("answer_plan"):
        ask(plan, "", book)
    add_task(
        session,
        landlord_id=row.landlord_id,
        kind="reply",
        key=f"unanswered:{row.key}",
        due_at=book.now,
        case=case,
        inbound_id=inbound.id,
        detail={"text": inbound.text[:200], "intent": inbound.intent, "why": "answer_not_sent"},
    )

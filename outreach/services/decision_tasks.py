"""Ask people for a decision of the ladder: one task per case, ladder run and step."""

from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow
from outreach.services.actor import MACHINE
from outreach.services.decisions import reasons_data
from outreach.services.evidence import EvidenceBook
from outreach.services.tasks import add_task
from schedules.decisions import PlannedStep
from schedules.ladder import Ladder


def decision_key(case: CaseRow, step: str) -> str:
    """Give the key of the task of a decision."""
    return f"decision:{case.id}:{case.ladder_run}:{step}"


def ask_decision(session: Session, book: EvidenceBook, case: CaseRow, ladder: Ladder, step: PlannedStep) -> bool:
    """Ask for a decision once, with the reason why now; say whether it was asked for now."""
    asked = ladder.step(step.step)
    detail = {"step": step.step, "why": reasons_data(step.why), "title": dict(asked.title) if asked else {}}
    key = decision_key(case, step.step)
    landlord_id = case.landlord_id
    if not add_task(
        session, landlord_id=landlord_id, kind="decision", key=key, due_at=book.now, case=case, detail=detail
    ):
        return False
    book.note("decision_asked", MACHINE, detail, case_id=case.id)
    return True

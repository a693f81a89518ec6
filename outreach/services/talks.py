"""A two-way talk: the tenant is reached, and rest begins."""

from datetime import datetime

from outreach.db.tables import TalkRow, TaskRow
from outreach.services.acting import Acting
from outreach.services.tasks import close_tasks


def add_talk(acting: Acting, at: datetime, channel: str, note: str, person_id: int | None = None) -> None:
    """Add a talk in the caller's transaction; tasks to answer or to call back are done by it."""
    case = acting.case
    acting.session.add(
        TalkRow(
            landlord_id=case.landlord_id,
            case_id=case.id,
            person_id=person_id,
            channel=channel,
            at=at,
            known_at=acting.now,
            note=note,
            by_user_id=acting.actor.user_id,
        )
    )
    if case.reached_at is None or case.reached_at < at:
        case.reached_at = at
    kinds = TaskRow.kind.in_(("call_back", "broken_promise", "broken_plan"))
    close_tasks(acting.session, acting.now, "talked", TaskRow.case_id == case.id, kinds, user_id=acting.actor.user_id)
    acting.book.note("talk", acting.actor, {"channel": channel, "note": note}, case_id=case.id, occurred_at=at)

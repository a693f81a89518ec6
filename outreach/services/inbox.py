"""Replies that wait for a person: answer one, or mark it as handled."""

from sqlalchemy import or_, select

from outreach.db.tables import ContactPointRow, InboundRow, PersonRow, TaskRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused
from outreach.services.actor import Actor
from outreach.services.addressees import full_name
from outreach.services.conversation_steps import handle, place_of_reply
from outreach.services.hand_answers import Way, Written, answer_by_hand, last_by_hand
from outreach.services.policy import load_policy
from outreach.services.tasks import close_tasks

ABOUT_A_PLAN = ("plan_request", "counter_offer", "cannot_pay", "promise", "yes", "no", "menu_2")
"""What a reply says that a decision about a plan answers."""


def settle(acting: Acting, outcome: str) -> None:
    """Mark every reply about a plan that waits in a case as handled, and its tasks as done; others keep waiting."""
    asked = select(TaskRow.inbound_id).where(
        TaskRow.case_id == acting.case.id, TaskRow.kind == "plan_request", TaskRow.state == "open"
    )
    rows = acting.session.scalars(
        select(InboundRow).where(
            InboundRow.case_id == acting.case.id,
            InboundRow.state == "waiting",
            or_(InboundRow.intent.in_(ABOUT_A_PLAN), InboundRow.id.in_(asked)),
        )
    )
    for row in rows:
        row.state, row.handled_at = "handled", acting.now
        close_tasks(acting.session, acting.now, outcome, TaskRow.inbound_id == row.id, user_id=acting.actor.user_id)
    acting.session.flush()


def handle_inbound(runtime: Runtime, actor: Actor, inbound_id: int, note: str = "") -> None:
    """Mark a reply, and all that waits in its conversation, as handled by a person; a call that it asks for as well."""
    with runtime.db.read() as session:
        place = place_of_reply(session, _found(session.get(InboundRow, inbound_id)))
    handle(runtime, actor, place, note)
    with runtime.db.write() as session:
        asked = TaskRow.inbound_id == inbound_id
        close_tasks(session, runtime.clock(), "handled", asked, user_id=actor.user_id)


def answer_inbound(runtime: Runtime, actor: Actor, inbound_id: int, text: str) -> None:
    """Answer a reply in a person's own words, over the same channel; its conversation is then handled.

    Raises Refused with advice when the words do not pass the checks that every text passes.
    """
    with runtime.db.read() as session:
        row = _found(session.get(InboundRow, inbound_id))
        if row.case_id is None or row.person_id is None:
            raise OutreachError(
                "Wij weten niet zeker van wie dit bericht is. Koppel het eerst aan een dossier.",
                "It is not certain who sent this message. Link it to a case first.",
            )
        place = place_of_reply(session, row)
        person = session.get_one(PersonRow, row.person_id)
        point = select(ContactPointRow.id).where(
            ContactPointRow.landlord_id == row.landlord_id, ContactPointRow.value == row.sender
        )
        way = Way(
            channel=row.channel,
            value=row.sender,
            person_id=person.id,
            name=full_name(person),
            contact_point_id=session.scalar(point),
        )
        known = load_policy(session, row.landlord_id).settings.languages
        language = person.language if person.language in known else "nl"
        last = last_by_hand(session, place.household_id or 0)
    written = Written(text=text, way=way.code, language=language, seen=last.id if last else 0, inbound_id=inbound_id)
    answer_by_hand(runtime, actor, place, way, written)


def _found(row: InboundRow | None) -> InboundRow:
    if row is None:
        raise Refused("Dit bericht bestaat niet.", "This message does not exist.")
    return row

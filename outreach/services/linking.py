"""Link a sender whom nobody knew to a person and his case; what he wrote then counts as if it had been known."""

from sqlalchemy import select

from messages.replies import understand
from outreach.db.tables import AttemptRow, ContactPointRow, InboundRow, PersonContactPointRow, PersonRow, TaskRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.conversation_steps import Place, replies_of
from outreach.services.conversations import find_conversation, household_key, open_conversation
from outreach.services.dropping import drop
from outreach.services.hand_answers import may_answer
from outreach.services.people_actions import attach_contact_point, check_person
from outreach.services.policy import load_policy
from outreach.services.reply import Reply
from outreach.services.replying import answer_reply
from outreach.services.sending import send_due
from outreach.services.tasks import close_tasks
from outreach.services.unanswered import give_to_person
from schedules.decisions import Reason

KINDS = {"sms": "mobile", "whatsapp": "mobile", "email": "email"}


def link_sender(
    runtime: Runtime, actor: Actor, place: Place, *, case_id: int, person_id: int, keeps_number: bool
) -> bool:
    """Link all replies of an unknown sender to a person in a case, and let those that wait take effect.

    `keeps_number` makes the number or address the person's own from now on; says whether that could be. A person
    chooses; nothing is guessed. The answers go in the permitted hours to where the sender wrote; those that may not go
    there are for a person. Raises Refused when the sender was linked before.
    """
    kept = False
    if place.household_id is not None:
        raise Refused("Dit gesprek hoort al bij een dossier.", "This conversation belongs to a case.")
    with acting_on(runtime, actor, case_id, open_only=False) as acting:
        check_person(acting, person_id)
        rows = list(
            acting.session.scalars(
                select(InboundRow).where(InboundRow.id.in_(replies_of(place))).order_by(InboundRow.received_at)
            )
        )
        if not rows:
            raise Refused("Deze afzender is al gekoppeld.", "This sender has been linked.")
        if keeps_number and place.channel in KINDS:
            kept = _keep(acting, person_id, KINDS[place.channel], place.sender)
        person = acting.session.get_one(PersonRow, person_id)
        acting.note("sender_linked", sender=place.sender, channel=place.channel, person=person.id)
        waiting = [row for row in rows if row.state == "waiting"]
        for row in rows:
            row.case_id, row.person_id = case_id, person_id
        acting.session.flush()
        for row in waiting:
            _take_effect(acting, row)
        _let_go(acting, waiting)
        _hand_on(acting, place)
    with runtime.db.read() as session:
        policy = load_policy(session, place.landlord_id)
    send_due(runtime, policy, runtime.clock())
    return kept


def _keep(acting: Acting, person_id: int, kind: str, value: str) -> bool:
    """Make the number the person's own, unless it cannot be one; one that somebody else has stays theirs as well."""
    linked = (
        select(PersonContactPointRow.id)
        .join(ContactPointRow, ContactPointRow.id == PersonContactPointRow.contact_point_id)
        .where(
            ContactPointRow.landlord_id == acting.case.landlord_id,
            ContactPointRow.value == value,
            PersonContactPointRow.person_id == person_id,
            PersonContactPointRow.to_on.is_(None),
        )
    )
    if acting.session.scalar(linked.limit(1)) is not None:
        return True
    try:
        attach_contact_point(acting, person_id, kind, value)
    except Refused:
        return False
    return True


def _hand_on(acting: Acting, place: Place) -> None:
    """Let who took the sender up have the conversation with the household, unless somebody has it."""
    before = find_conversation(acting.session, place.landlord_id, place.key)
    if before is None:
        return
    row = open_conversation(acting.session, place.landlord_id, household_key(acting.case.household_id))
    if row.assigned_user_id is None:
        row.assigned_user_id, row.assigned_at = before.assigned_user_id, before.assigned_at
    acting.session.delete(before)


def _take_effect(acting: Acting, row: InboundRow) -> None:
    close_tasks(acting.session, acting.now, "linked", TaskRow.inbound_id == row.id, user_id=acting.actor.user_id)
    for task in acting.session.scalars(select(TaskRow).where(TaskRow.key == f"inbound:{row.id}")):
        task.key = f"before:{task.key}"
    row.state, row.effect = "new", {}
    today = acting.runtime.calendar.day_of(row.received_at)
    found = understand(row.text, today=today, channel=row.channel)
    reply = Reply(
        runtime=acting.runtime,
        session=acting.session,
        book=acting.book,
        policy=acting.policy,
        inbound=row,
        case=acting.case,
        found=found,
        now=acting.now,
    )
    acting.session.flush()
    answer_reply(reply)


def _let_go(acting: Acting, rows: list[InboundRow]) -> None:
    """Keep the answers from expiring: they follow a person's choice, not the message of hours ago.

    One that may no longer go where the sender wrote is for a person.
    """
    for inbound in rows:
        planned = AttemptRow.answers_inbound_id == inbound.id, AttemptRow.state == "planned"
        allowed = may_answer(acting.session, inbound, acting.now)
        for answer in acting.session.scalars(select(AttemptRow).where(*planned)):
            answer.expires_at = None
            if not allowed:
                why = (Reason(code="channel_blocked", params={"channel": inbound.channel, "why": "no_consent"}),)
                drop(acting.session, acting.book, answer, why)
                give_to_person(acting.session, acting.book, acting.case, answer, why)

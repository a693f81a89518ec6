"""What staff do with a conversation as a whole: take it up, give it, let it sleep, read it, deal with it.

Each step is one transaction with its evidence: in the household's latest case, or in the landlord's own chain for a
sender whom nobody knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, ConversationRow, InboundRow, TaskRow, UserRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor
from outreach.services.conversations import household_key, open_conversation, sender_key
from outreach.services.evidence import EvidenceBook
from outreach.services.tasks import close_tasks
from outreach.services.undelivered import settle_failures

LONGEST_SLEEP = timedelta(days=90)
CANNOT_WAIT = (
    "Dit kan niet wachten. Doe eerst wat nodig is, en schrijf op wat u deed.",
    "This cannot wait. First do what is needed, and write down what you did.",
)
MAY_TAKE = ("worker", "policy", "admin")
URGENT = ("crisis", "threat")
"""What a reply says that a person deals with at once, and that nothing else closes."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which conversation: of a household, with its latest case, or of a sender on a channel."""

    landlord_id: int
    key: str
    household_id: int | None = None
    case_id: int | None = None
    channel: str = ""
    sender: str = ""


def place_of_reply(session: Session, row: InboundRow) -> Place:
    """Give the conversation in which a reply stands."""
    case = session.get(CaseRow, row.case_id) if row.case_id is not None else None
    if case is not None:
        return place_of_household(session, case.landlord_id, case.household_id)
    key = sender_key(row.channel, row.sender)
    return Place(landlord_id=row.landlord_id, key=key, channel=row.channel, sender=row.sender)


def place_of_household(session: Session, landlord_id: int, household_id: int) -> Place:
    """Give the conversation with a household; its case is the open one, else the last."""
    cases = select(CaseRow.id).where(CaseRow.landlord_id == landlord_id, CaseRow.household_id == household_id)
    latest = cases.order_by((CaseRow.state == "open").desc(), CaseRow.id.desc()).limit(1)
    key = household_key(household_id)
    return Place(landlord_id=landlord_id, key=key, household_id=household_id, case_id=session.scalar(latest))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step with a conversation, inside its transaction; `acting` is None for an unknown sender."""

    session: Session
    book: EvidenceBook
    place: Place
    actor: Actor
    now: datetime
    row: ConversationRow
    acting: Acting | None

    def note(self, fact: str, /, **payload: Any) -> None:
        """Note a fact where it belongs."""
        case_id = self.acting.case.id if self.acting else None
        self.book.note(fact, self.actor, {"conversation": self.place.key, **payload}, case_id=case_id)


@contextmanager
def stepping(runtime: Runtime, actor: Actor, place: Place) -> Iterator[Step]:
    """Open a step; two people at one conversation wait for each other."""
    if place.case_id is not None:
        with acting_on(runtime, actor, place.case_id, open_only=False) as acting:
            row = open_conversation(acting.session, place.landlord_id, place.key)
            yield _step(acting.session, acting.book, place, actor, row, acting)
        return
    with runtime.db.write() as session:
        row = open_conversation(session, place.landlord_id, place.key)
        session.refresh(row, with_for_update=True)
        book = EvidenceBook(session, place.landlord_id, runtime.clock())
        yield _step(session, book, place, actor, row, None)
        book.write()


def _step(
    session: Session, book: EvidenceBook, place: Place, actor: Actor, row: ConversationRow, acting: Acting | None
) -> Step:
    return Step(session=session, book=book, place=place, actor=actor, now=book.now, row=row, acting=acting)


def replies_of(place: Place) -> Any:
    """Select the ids of all replies of a conversation."""
    mine = select(InboundRow.id).where(InboundRow.landlord_id == place.landlord_id)
    if place.household_id is not None:
        return mine.where(InboundRow.case_id.in_(select(CaseRow.id).where(CaseRow.household_id == place.household_id)))
    return mine.where(
        InboundRow.case_id.is_(None), InboundRow.channel == place.channel, InboundRow.sender == place.sender
    )


def assign(runtime: Runtime, actor: Actor, place: Place, user_id: int | None, *, seen: int | None = None) -> None:
    """Give a conversation to a member of staff, or to nobody (None); its open tasks go along.

    `seen` is who had it on the page of who does this: when somebody else took it meanwhile, Refused says who.
    """
    with stepping(runtime, actor, place) as step:
        had = step.row.assigned_user_id
        if had is not None and had not in (seen, user_id):
            name = step.session.scalar(select(UserRow.name).where(UserRow.id == had))
            raise Refused(f"{name} heeft dit gesprek al opgepakt.", f"{name} has taken this conversation up.")
        _check_user(step, user_id)
        give(step, user_id)


def _check_user(step: Step, user_id: int | None) -> None:
    if user_id is None:
        return
    user = step.session.get(UserRow, user_id)
    if user is None or user.landlord_id != step.place.landlord_id or not user.active or user.role not in MAY_TAKE:
        raise Refused("Kies een collega die berichten beantwoordt.", "Choose a colleague who answers messages.")


def give(step: Step, user_id: int | None) -> None:
    """Give a conversation to somebody in the caller's transaction."""
    if step.row.assigned_user_id != user_id:
        step.note("conversation_assigned", user=user_id)
    step.row.assigned_user_id, step.row.assigned_at = user_id, step.now if user_id else None
    step.session.execute(
        update(TaskRow)
        .where(TaskRow.inbound_id.in_(replies_of(step.place)), TaskRow.state == "open")
        .values(assigned_to_id=user_id)
        .execution_options(synchronize_session=False)
    )


def snooze(runtime: Runtime, actor: Actor, place: Place, until: datetime) -> None:
    """Let a conversation sleep until a moment; a new reply or a crisis wakes it.

    Raises Refused for a crisis or threat that nobody dealt with, and for a moment that is not ahead.
    """
    with stepping(runtime, actor, place) as step:
        if is_urgent(step.session, place):
            raise Refused(*CANNOT_WAIT)
        if not step.now < until <= step.now + LONGEST_SLEEP:
            raise Refused("Kies een moment na nu, binnen 90 dagen.", "Choose a moment after now, within 90 days.")
        step.row.snoozed_until, step.row.read_until = until, _last_reply(step) or step.now
        step.note("conversation_snoozed", until=until)


def wake(runtime: Runtime, actor: Actor, place: Place) -> None:
    """End the sleep of a conversation."""
    with stepping(runtime, actor, place) as step:
        step.row.snoozed_until = None
        step.note("conversation_woken")


def mark_read(runtime: Runtime, place: Place) -> None:
    """Note that a person read all that came in so far."""
    with runtime.db.write() as session:
        last = session.scalar(_latest(place))
        if last is None:
            return
        row = open_conversation(session, place.landlord_id, place.key)
        if row.read_until is None or row.read_until < last:
            row.read_until = last


def mark_unread(runtime: Runtime, place: Place) -> None:
    """Let the last reply count as unread again."""
    with runtime.db.write() as session:
        row = open_conversation(session, place.landlord_id, place.key)
        last = session.scalar(_latest(place))
        if last is not None:
            row.read_until, row.snoozed_until = last - timedelta(microseconds=1), None


def _latest(place: Place) -> Any:
    return select(func.max(InboundRow.received_at)).where(InboundRow.id.in_(replies_of(place)))


def _last_reply(step: Step) -> datetime | None:
    found: datetime | None = step.session.scalar(_latest(step.place))
    return found


def handle(runtime: Runtime, actor: Actor, place: Place, note: str = "") -> None:
    """Deal with all that waits in a conversation: replies, their tasks, and messages that did not arrive.

    Raises Refused without a note when somebody is in need: a person writes down what he did.
    """
    with stepping(runtime, actor, place) as step:
        if not note and is_urgent(step.session, place):
            raise Refused(*CANNOT_WAIT)
        settle_all(step, "handled", crisis=True)
        step.note("conversation_handled", note=note[:500])
        if step.acting is not None:
            settle_failures(step.acting)


def handle_reply(
    runtime: Runtime, actor: Actor, place: Place, inbound_id: int | None, *, failures: bool = False
) -> None:
    """Deal with what one action answers: a reply and those that say the same; whatever else waits, keeps waiting.

    `failures` settles the messages that did not arrive as well. Raises Refused when the reply is a crisis or threat:
    those are closed with a note.
    """
    with stepping(runtime, actor, place) as step:
        mine = replies_of(place)
        said = step.session.scalar(select(InboundRow).where(InboundRow.id == inbound_id, InboundRow.id.in_(mine)))
        if said is not None:
            if said.id in set(step.session.scalars(_urgent(place))):
                raise Refused(*CANNOT_WAIT)
            same = InboundRow.intent == said.intent if said.intent else InboundRow.id == said.id
            _settle(step, "handled", mine.where(same))
            step.note("reply_handled", inbound=said.id)
        if failures and step.acting is not None:
            settle_failures(step.acting)


def is_urgent(session: Session, place: Place) -> bool:
    """Say whether somebody in this conversation is in need, or threatens, and no person has dealt with it."""
    return session.scalar(_urgent(place).limit(1)) is not None


def _urgent(place: Place) -> Any:
    """Select the replies of a crisis or threat that nobody dealt with."""
    asked = select(TaskRow.inbound_id).where(
        TaskRow.landlord_id == place.landlord_id,
        TaskRow.kind == "crisis",
        TaskRow.state == "open",
        TaskRow.inbound_id.is_not(None),
    )
    waits = and_(InboundRow.state == "waiting", InboundRow.intent.in_(URGENT))
    return replies_of(place).where(or_(waits, InboundRow.id.in_(asked)))


def settle_all(step: Step, outcome: str, *, crisis: bool = False) -> None:
    """Mark the replies of a conversation as handled and read, and their tasks as done, in the caller's transaction.

    A call that was promised to the tenant stays to be made; a crisis stays until a person dealt with it (`crisis`).
    """
    mine = replies_of(step.place)
    if not crisis:
        mine = mine.where(InboundRow.id.not_in(list(step.session.scalars(_urgent(step.place)))))
    _settle(step, outcome, mine)
    step.row.snoozed_until = None
    step.row.read_until = _last_reply(step) or step.row.read_until
    step.session.flush()


def _settle(step: Step, outcome: str, mine: Any) -> None:
    waiting = InboundRow.id.in_(mine), InboundRow.state.in_(("waiting", "new"))
    for row in step.session.scalars(select(InboundRow).where(*waiting)):
        row.state, row.handled_at = "handled", step.now
    asked = TaskRow.inbound_id.in_(mine), TaskRow.kind != "call_back"
    close_tasks(step.session, step.now, outcome, *asked, user_id=step.actor.user_id)
    step.session.flush()

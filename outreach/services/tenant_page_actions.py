"""What a tenant does on his own page: each is kept as a message of the tenant, once, and takes its effect at once.

What he types is read as a reply is: a crisis or a threat reaches a person at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.replies import Understanding, understand
from outreach.db.tables import InboundRow, TalkRow, TenantLinkRow
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import TENANT
from outreach.services.policy import Policy
from outreach.services.reply import Reply
from outreach.services.reply_permissions import help_with_consent
from outreach.services.replying import answer_reply
from outreach.services.tasks import add_task
from outreach.services.tenant_links import UsableLink, usable_link
from outreach.services.tenant_page_plan import take_plan
from outreach.services.written_values import Fact
from schedules.calendar import Calendar

PAGE = "page"
"""The channel and the provider of what is done on the page."""

MOST_SIGNS = 2000
URGENT = frozenset({"crisis", "threat"})
STOPS = frozenset({"bereaved", "represented"})
"""What typed words may change by themselves beside a crisis; everything else is for a person to read."""

NOON = time(12)
SLOT_DAYS = 3
LEAST_SLOT = timedelta(minutes=30)
NOTICE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class CallSlot:
    """A part of a day on which somebody can call back: `part` is morning or afternoon, the moments are UTC."""

    code: str
    day: date
    part: str
    start: datetime
    end: datetime


class PageReply(Reply):
    """A reply that was made on the page: the page itself says what happens, so no message is sent."""

    def say(self, template: str, values: Mapping[str, Fact] | None = None, purpose: str = "answer") -> None:
        """Say nothing: the tenant reads it on the page."""

    def point_id(self) -> int | None:
        """Return None: nothing was written from a number or address."""
        return None


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a tenant does on the page: the mark of the form it was done with, once, and the words that staff read."""

    link_id: int
    token: str
    text: str


Effect = Callable[[Acting, UsableLink, Reply], None]


def agree_plan(runtime: Runtime, said: Said, cents: int, mark: str, other_debts: str) -> None:
    """Agree on a plan as it was shown, or send the proposal to a person. Raises PlanChanged and Refused."""
    found = _meant("plan_request", runtime, amount_cents=cents, per="month")
    _take(runtime, said, found, lambda acting, link, reply: take_plan(acting, link, reply, cents, mark, other_debts))


def say_paid(runtime: Runtime, said: Said) -> None:
    """Note that the tenant paid; the books are asked, and awaited when they do not know it yet."""
    _take(runtime, said, _meant("paid", runtime), lambda acting, link, reply: answer_reply(reply))


def ask_help(runtime: Runtime, said: Said, *, may_share: bool) -> None:
    """Ask for help; with consent, in the words shown, it is recorded that a partner may know, else a person calls."""
    _take(runtime, said, _meant("help", runtime), _help if may_share else _talk_first)


def _help(acting: Acting, link: UsableLink, reply: Reply) -> None:
    help_with_consent(reply)


def _talk_first(acting: Acting, link: UsableLink, reply: Reply) -> None:
    reply.hand_over("help", {"why": "talk_first"})
    reply.done("help_talk_first")


def ask_call(runtime: Runtime, said: Said, slot: CallSlot, number: str) -> None:
    """Ask to be called in a part of a day, on another number when one is given."""

    def effect(acting: Acting, link: UsableLink, reply: Reply) -> None:
        add_task(
            acting.session,
            landlord_id=link.case.landlord_id,
            kind="call_back",
            key=f"inbound:{reply.inbound.id}",
            due_at=max(slot.start, acting.now),
            case=link.case,
            inbound_id=reply.inbound.id,
            detail={"text": said.text[:200], **({"phone": number} if number else {})},
        )
        reply.done("call_back", at=slot.start.isoformat(), day=slot.day.isoformat(), part=slot.part)

    _take(runtime, said, _meant("call_me", runtime), effect)


def tell_wrong(runtime: Runtime, said: Said) -> None:
    """Take in what the tenant says is not right: collection waits until a person has looked at it."""
    found = _read(runtime, said.text)
    _take(runtime, said, found if _is_urgent(found) else replace(found, intent="dispute", confidence=1.0), _answer)


def send_message(runtime: Runtime, said: Said) -> None:
    """Take in a message for a person; a crisis, a death and a representative also take their effect."""
    found = _read(runtime, said.text)
    _take(runtime, said, found, _answer if _is_urgent(found) or found.intent in STOPS else _to_person)


def _answer(acting: Acting, link: UsableLink, reply: Reply) -> None:
    answer_reply(reply)


def _to_person(acting: Acting, link: UsableLink, reply: Reply) -> None:
    reply.hand_over()
    reply.done("to_person")


def _read(runtime: Runtime, text: str) -> Understanding:
    return understand(text, today=runtime.calendar.day_of(runtime.clock()), channel="email")


def _is_urgent(found: Understanding) -> bool:
    return bool(URGENT & {found.intent, *found.also})


def _meant(intent: str, runtime: Runtime, *, amount_cents: int | None = None, per: str | None = None) -> Understanding:
    """What a button means is certain."""
    return Understanding(
        intent=intent, confidence=1.0, amount_cents=amount_cents, per=per, date=None, language="nl", also=()
    )


def _take(runtime: Runtime, said: Said, found: Understanding, effect: Effect) -> None:
    """Keep what was done and let it take effect, in one transaction; the same form twice does nothing twice."""
    with acting_on(runtime, TENANT, _case_of(runtime, said.link_id), open_only=False) as acting:
        row = acting.session.get_one(TenantLinkRow, said.link_id)
        link = usable_link(acting.session, runtime, row, acting.now, opened=True)
        if link is None:
            raise Refused("Deze link werkt niet meer.", "This link does not work any more.")
        if done_with(acting.session, said.link_id, said.token) is not None:
            return
        inbound = _keep(acting, link, said, found)
        reply = PageReply(
            runtime=runtime,
            session=acting.session,
            book=acting.book,
            policy=acting.policy,
            inbound=inbound,
            case=link.case,
            found=found,
            now=acting.now,
        )
        effect(acting, link, reply)
        _reached(acting, link)
        acting.session.flush()
        runtime.wake(acting.session, link.case.landlord_id)


def _case_of(runtime: Runtime, link_id: int) -> int:
    with runtime.db.read() as session:
        return session.get_one(TenantLinkRow, link_id).case_id


def _event_id(link_id: int, token: str) -> str:
    return f"{link_id}:{token}"


def done_with(session: Session, link_id: int, token: str) -> InboundRow | None:
    """Return what was done with a form, None when it was not sent."""
    statement = select(InboundRow).where(InboundRow.provider == PAGE, InboundRow.event_id == _event_id(link_id, token))
    return session.scalar(statement)


def _keep(acting: Acting, link: UsableLink, said: Said, found: Understanding) -> InboundRow:
    inbound = InboundRow(
        landlord_id=link.case.landlord_id,
        case_id=link.case.id,
        person_id=link.person.id,
        provider=PAGE,
        event_id=_event_id(said.link_id, said.token),
        channel=PAGE,
        sender="",
        text=said.text,
        received_at=acting.now,
        known_at=acting.now,
        intent=found.intent,
        confidence=round(found.confidence * 100),
        understood={
            "amount_cents": found.amount_cents,
            "per": found.per,
            "date": found.date.isoformat() if found.date else None,
            "language": found.language,
            "also": list(found.also),
        },
    )
    acting.session.add(inbound)
    acting.session.flush()
    acting.note("reply", channel=PAGE, text=said.text, intent=found.intent, link=said.link_id)
    return inbound


def _reached(acting: Acting, link: UsableLink) -> None:
    """Note two-way contact: who answers on his page is reached, as who answers a message is."""
    case = link.case
    if case.reached_at is None or case.reached_at < acting.now:
        case.reached_at = acting.now
    acting.session.add(
        TalkRow(
            landlord_id=case.landlord_id,
            case_id=case.id,
            person_id=link.person.id,
            channel=PAGE,
            at=acting.now,
            known_at=acting.now,
            note="",
        )
    )


def call_slots(calendar: Calendar, policy: Policy, now: datetime) -> tuple[CallSlot, ...]:
    """List the mornings and afternoons on which somebody is in the office, of the next three working days."""
    found: list[CallSlot] = []
    day = calendar.day_of(now)
    for ahead in range(15):
        today = day + timedelta(days=ahead)
        hours = policy.engine.office_hours.get(today.weekday())
        if hours is not None and calendar.is_working_day(today):
            found += [slot for slot in _slots(calendar, today, hours) if slot.end - LEAST_SLOT > now + NOTICE]
        if len({slot.day for slot in found}) >= SLOT_DAYS:
            break
    return tuple(found)


def _slots(calendar: Calendar, day: date, hours: tuple[time, time]) -> list[CallSlot]:
    opens, closes = hours
    parts = (("morning", opens, min(NOON, closes)), ("afternoon", max(NOON, opens), closes))
    return [
        CallSlot(
            code=f"{day.isoformat()}-{part}",
            day=day,
            part=part,
            start=calendar.utc(day, start),
            end=calendar.utc(day, end),
        )
        for part, start, end in parts
        if start < end
    ]

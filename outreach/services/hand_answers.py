"""Answers that a person writes in a conversation: over which way they may go, and the checks before they do."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from channels.phone_numbers import readable_phone
from messages.checks import Verdict, check
from messages.languages import LANGUAGES, base_language
from messages.template import WITH_SUBJECT
from messages.whatsapp import WINDOW
from outreach.db.tables import AttemptRow, ContactPointRow, InboundRow, PermissionRow, PersonRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.addressees import full_name
from outreach.services.answers import add_message
from outreach.services.conversation_steps import Place, Step, give, settle_all, stepping
from outreach.services.facts import LoadedCase
from outreach.services.policy import Policy, load_policy
from outreach.services.sending import send_due
from schedules.purposes import ANSWER_MINUTES

TALK_CHANNELS = ("sms", "whatsapp", "email")
WHATSAPP, STOP = "whatsapp", "stop"
SUBJECTS = {
    "nl": "Antwoord op uw bericht",
    "en": "Answer to your message",
    "tr": "Mesajınıza cevap",
    "ar": "رد على رسالتك",
    "pl": "Odpowiedź na Pana/Pani wiadomość",
    "uk": "Відповідь на ваше повідомлення",
}
BY_HAND = "answer:hand:"


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to answer one person: over a channel to a number or address."""

    channel: str
    value: str
    person_id: int
    name: str
    contact_point_id: int | None

    @property
    def code(self) -> str:
        """Return what a form sends to choose this way."""
        return f"{self.channel}:{self.person_id}:{self.value}"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a person wrote: `seen` is the last answer by hand that stood on his page, 0 for none."""

    text: str
    way: str
    language: str
    seen: int = 0
    inbound_id: int | None = None
    handles: bool = True


def ways_of(session: Session, loaded: LoadedCase, replies: Sequence[InboundRow], now: datetime) -> tuple[Way, ...]:
    """List the ways to answer, the one of the latest reply first; `replies` are latest first.

    A way that the tenant refused, or WhatsApp without his consent, is one only within ten minutes of his own question
    there (rules.md 38); WhatsApp takes words of our own within 24 hours of his last message.
    """
    asked = [
        (row.channel, row.sender, row.person_id)
        for row in replies
        if row.person_id is not None and row.channel in TALK_CHANNELS and may_answer(session, row, now)
    ]
    targets = loaded.addressees.targets
    known = [
        (each, targets[each].value, targets[each].person_id)
        for each in TALK_CHANNELS
        if each in targets and (each != WHATSAPP or _in_window(replies, targets[each].value, now))
    ]
    return _ways(session, loaded.case.landlord_id, list(dict.fromkeys((*asked, *known))))


def may_answer(session: Session, row: InboundRow, now: datetime) -> bool:
    """Say whether its writer may be answered now where he wrote: at once, or by his permission (rules.md 38)."""
    if row.channel == WHATSAPP and now - row.received_at >= WINDOW:
        return False
    if now - row.received_at <= timedelta(minutes=ANSWER_MINUTES) and row.intent != STOP:
        return True
    point = select(ContactPointRow.id).where(
        ContactPointRow.landlord_id == row.landlord_id, ContactPointRow.value == row.sender
    )
    latest = (
        select(PermissionRow.status)
        .where(
            PermissionRow.person_id == row.person_id,
            PermissionRow.subject == "contact",
            or_(PermissionRow.channel.is_(None), PermissionRow.channel == row.channel),
            or_(PermissionRow.contact_point_id.is_(None), PermissionRow.contact_point_id.in_(point)),
        )
        .order_by(PermissionRow.known_at.desc(), PermissionRow.id.desc())
    )
    status = session.scalar(latest.limit(1))
    return status == "given" if row.channel == WHATSAPP else status not in ("withdrawn", "refused")


def _in_window(replies: Sequence[InboundRow], value: str, now: datetime) -> bool:
    return any(row.channel == WHATSAPP and row.sender == value and now - row.received_at < WINDOW for row in replies)


def _ways(session: Session, landlord_id: int, found: Sequence[tuple[str, str, int]]) -> tuple[Way, ...]:
    """Name the people, and leave out what is known to be wrong."""
    values = ContactPointRow.value.in_([value for _, value, _ in found])
    mine = select(ContactPointRow).where(ContactPointRow.landlord_id == landlord_id, values)
    points = {row.value: row for row in session.scalars(mine)}
    wanted = select(PersonRow).where(PersonRow.id.in_([person for _, _, person in found]))
    people = {row.id: full_name(row) for row in session.scalars(wanted)}
    return tuple(
        Way(
            channel=channel,
            value=value,
            person_id=person_id,
            name=people[person_id],
            contact_point_id=points[value].id if value in points else None,
        )
        for channel, value, person_id in found
        if value not in points or points[value].state != "wrong"
    )


def last_by_hand(session: Session, household_id: int) -> AttemptRow | None:
    """Give the last answer that a person wrote to a household."""
    statement = select(AttemptRow).where(
        AttemptRow.household_id == household_id, AttemptRow.template.is_(None), AttemptRow.step.like("answer:%")
    )
    return session.scalar(statement.order_by(AttemptRow.id.desc()).limit(1))


def answer_by_hand(runtime: Runtime, actor: Actor, place: Place, way: Way, written: Written) -> None:
    """Send what a person wrote; the conversation becomes his, and with `handles` all that waits in it is handled.

    Raises Refused with advice when the words do not pass the checks of every text, and when a colleague answered
    meanwhile. Within ten minutes of the reply it goes at once, later in the permitted hours.
    """
    words = needs(written.text, "Typ een antwoord.", "Type an answer.")
    with stepping(runtime, actor, place) as step:
        _check_crossing(step, place, written)
        assert step.acting is not None
        language = written.language if written.language in LANGUAGES else "nl"
        verdict = check_words(step.acting.policy, actor, words, way.channel, language)
        stops = [each for each in verdict.findings if each.severity == "stop"]
        if stops:
            said = f"{stops[0].text!r}. {stops[0].advice}"
            raise Refused(f"Pas de tekst aan: {said}", f"Change the text: {said}")
        _add(step, way, written, words, language, verdict)
        if step.row.assigned_user_id is None and actor.user_id is not None:
            give(step, actor.user_id)
        if written.handles:
            settle_all(step, "answered")
        step.note("answered", inbound=written.inbound_id, text=words, channel=way.channel)
    with runtime.db.read() as session:
        policy = load_policy(session, place.landlord_id)
    send_due(runtime, policy, runtime.clock())


def _check_crossing(step: Step, place: Place, written: Written) -> None:
    """Raise Refused when somebody else answered after the page of this answer was opened."""
    last = last_by_hand(step.session, place.household_id or 0)
    if last is None or last.id <= written.seen or last.why.get("by_user_id") == step.actor.user_id:
        return
    name, said = last.why.get("by", ""), (last.text or "")[:120]
    raise Refused(
        f"{name or 'Een collega'} heeft net geantwoord: “{said}” Lees dat eerst. Uw tekst staat er nog.",
        f"{name or 'A colleague'} has just answered: “{said}” Read that first. Your text is still there.",
    )


def _add(step: Step, way: Way, written: Written, words: str, language: str, verdict: Verdict) -> None:
    assert step.acting is not None
    digest = hashlib.sha256(f"{words}:{written.seen}".encode()).hexdigest()[:12]
    message = add_message(
        step.session,
        step.acting.policy,
        step.acting.case,
        step=f"{BY_HAND}{written.inbound_id or 0}:{digest}",
        template="",
        purpose="answer",
        channel=way.channel,
        addressee_id=way.person_id,
        contact_point_id=way.contact_point_id,
        sent_to=way.value,
        language=language,
        due_at=step.now,
        expires_at=None,
        values={},
        inbound_id=written.inbound_id,
    )
    if message is None:
        raise Refused("Dit antwoord is al verstuurd.", "This answer has been sent.")
    message.template, message.text, message.language = None, words, language
    message.subject = SUBJECTS[base_language(language)] if way.channel in WITH_SUBJECT else None
    message.b1_level, message.b1_passed = verdict.level, verdict.passed
    message.why = {**message.why, "by": step.actor.label, "by_user_id": step.actor.user_id}
    message.carried = {"name": way.name, "language": language, **_window(step.session, way)}


def _window(session: Session, way: Way) -> dict[str, str]:
    """Give until when WhatsApp takes words of our own: 24 hours after the tenant wrote."""
    if way.channel != WHATSAPP:
        return {}
    last: datetime | None = session.scalar(
        select(func.max(InboundRow.received_at)).where(InboundRow.channel == WHATSAPP, InboundRow.sender == way.value)
    )
    return {"free_until": (last + WINDOW).isoformat()} if last is not None else {}


def check_words(policy: Policy, actor: Actor, words: str, channel: str, language: str) -> Verdict:
    """Check words for level, tone and privacy; the names of sender and staff are no hard words."""
    settings = policy.settings
    names = (settings.sender_name, settings.contact_name, actor.label, readable_phone(settings.sender_phone))
    return check(words, channel=channel, language=language, own_names=tuple(name for name in names if name))

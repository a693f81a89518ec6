"""Replies that wait for a person: answer them, or mark them as handled."""

import hashlib

from sqlalchemy import select

from messages.checks import Verdict, check
from outreach.db.tables import ContactPointRow, InboundRow, PersonRow, TaskRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.answers import add_message
from outreach.services.policy import load_policy
from outreach.services.sending import send_due
from outreach.services.tasks import close_tasks

SUBJECTS = {"nl": "Antwoord op uw bericht", "en": "Answer to your message"}


def settle(acting: Acting, outcome: str) -> None:
    """Mark every reply that waits in a case as handled, and its tasks as done."""
    rows = acting.session.scalars(
        select(InboundRow).where(InboundRow.case_id == acting.case.id, InboundRow.state == "waiting")
    )
    for row in rows:
        row.state, row.handled_at = "handled", acting.now
        close_tasks(acting.session, acting.now, outcome, TaskRow.inbound_id == row.id, user_id=acting.actor.user_id)
    acting.session.flush()


def handle_inbound(runtime: Runtime, actor: Actor, inbound_id: int, note: str = "") -> None:
    """Mark a reply as handled by a person; one without a case is handled as well."""
    inbound = _inbound(runtime, inbound_id)
    if inbound.case_id is None:
        _handle_without_case(runtime, actor, inbound_id)
        return
    with acting_on(runtime, actor, inbound.case_id, open_only=False) as acting:
        row = acting.session.get_one(InboundRow, inbound_id)
        row.state, row.handled_at = "handled", acting.now
        close_tasks(acting.session, acting.now, "handled", TaskRow.inbound_id == inbound_id, user_id=actor.user_id)
        acting.note("reply_handled", inbound=inbound_id, note=note)


def _inbound(runtime: Runtime, inbound_id: int) -> InboundRow:
    with runtime.db.read() as session:
        row = session.get(InboundRow, inbound_id)
    if row is None:
        raise Refused("Dit bericht bestaat niet.", "This message does not exist.")
    return row


def _handle_without_case(runtime: Runtime, actor: Actor, inbound_id: int) -> None:
    now = runtime.clock()
    with runtime.db.write() as session:
        row = session.get_one(InboundRow, inbound_id)
        row.state, row.handled_at = "handled", now
        close_tasks(session, now, "handled", TaskRow.inbound_id == inbound_id, user_id=actor.user_id)


def answer_inbound(runtime: Runtime, actor: Actor, inbound_id: int, text: str) -> None:
    """Answer a reply in a person's own words, over the same channel; it is then handled.

    Raises Refused with advice when the words do not pass the checks that every text passes. Within ten minutes of
    the reply the answer goes at once, later in the permitted hours.
    """
    words = needs(text, "Typ een antwoord.", "Type an answer.")
    inbound = _inbound(runtime, inbound_id)
    if inbound.case_id is None or inbound.person_id is None:
        raise OutreachError(
            "Wij weten niet zeker van wie dit bericht is. Koppel het eerst aan een dossier.",
            "It is not certain who sent this message. Link it to a case first.",
        )
    with acting_on(runtime, actor, inbound.case_id, open_only=False) as acting:
        row = acting.session.get_one(InboundRow, inbound_id)
        point = acting.session.scalar(
            select(ContactPointRow.id).where(
                ContactPointRow.landlord_id == acting.case.landlord_id, ContactPointRow.value == row.sender
            )
        )
        language = _language(acting, inbound.person_id)
        verdict = _checked(acting, words, row.channel, language)
        digest = hashlib.sha256(words.encode()).hexdigest()[:12]
        message = add_message(
            acting.session,
            acting.policy,
            acting.case,
            step=f"answer:{inbound_id}:{digest}",
            template="",
            purpose="answer",
            channel=row.channel,
            addressee_id=inbound.person_id,
            contact_point_id=point,
            sent_to=row.sender,
            language=language,
            due_at=acting.now,
            expires_at=None,
            values={},
            inbound_id=inbound_id,
        )
        if message is not None:
            message.template, message.text = None, words
            message.subject = SUBJECTS[language] if row.channel == "email" else None
            message.b1_level, message.b1_passed = verdict.level, verdict.passed
        row.state, row.handled_at = "handled", acting.now
        close_tasks(acting.session, acting.now, "answered", TaskRow.inbound_id == inbound_id, user_id=actor.user_id)
        acting.note("answered", inbound=inbound_id, text=words)
    with runtime.db.read() as session:
        policy = load_policy(session, inbound.landlord_id)
    send_due(runtime, policy, runtime.clock())


def _language(acting: Acting, person_id: int) -> str:
    """Give the language in which this person is written to."""
    language = acting.session.get_one(PersonRow, person_id).language
    return language if language in SUBJECTS else "nl"


def _checked(acting: Acting, words: str, channel: str, language: str) -> Verdict:
    settings = acting.policy.settings
    names = (settings.sender_name, settings.contact_name, acting.actor.label)
    verdict = check(words, channel=channel, language=language, own_names=tuple(name for name in names if name))
    if not verdict.passed:
        found = next(each for each in verdict.findings if each.severity == "stop")
        raise Refused(
            f"Pas de tekst aan: {found.text!r}. {found.advice}", f"Change the text: {found.text!r}. {found.advice}"
        )
    return verdict

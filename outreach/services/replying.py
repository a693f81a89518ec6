"""What a tenant's reply does to his case, and what he hears at once.

Rules.md 8, 31, 38; the effects per intent are one table of functions. What the machine is not sure of, or
may not decide, goes to a person: the reply then waits in the inbox and the machine stays silent.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from messages.languages import DUTCH
from messages.replies.courtesy import is_courtesy
from messages.replies.rules import REFUSES_SIGNAL
from outreach.db.tables import InboundRow, LifeEventRow, PersonRow, TalkRow, TaskRow
from outreach.services import plan_dialogue, plan_stops, plans
from outreach.services.actor import TENANT
from outreach.services.call_backs import call_back_for
from outreach.services.reply import Effect, Reply
from outreach.services.reply_permissions import (
    ask_help,
    note_permission,
    refuse_signal,
    refuse_visit,
    start,
    stop,
    wrong_number,
)
from outreach.services.reply_stops import bereaved, crisis, stop_for, threat
from outreach.services.tasks import add_task, close_tasks
from outreach.services.written_values import Fact, moment_fact

SURE = 60
"""Below this confidence (0 to 100) a person reads the reply."""

LONGEST_PROMISE_DAYS = 31
PAID_CHECK_WORKING_DAYS = 3
TALKS = frozenset({"sms", "whatsapp", "email"})
"""Channels whose replies are a talk; the tenant's page notes its own."""
URGENT = ("crisis", "threat")
COURTESIES = frozenset({"yes", "other"})
"""What thanks, a greeting or a thumb up is read as: when nothing was asked, nobody needs to answer."""
OWN_WORDS = 3
"""From so many words on a reply shows the language that its writer wants."""
FACTS = frozenset({"stop", "start", "wrong_number", "bereaved", "represented", "dispute", "moved", REFUSES_SIGNAL})
"""What counts also while a person talks with the household: it changes what may be done."""

ALSO_WHILE_STOPPED = frozenset({"call_me", "visit_invite", "help", "refuse_visit"})
"""What keeps its own effect while a case stands still: it brings a person, or keeps one away."""


def answer_reply(reply: Reply) -> None:
    """Apply the effect of a reply: unknown senders and unsure readings go to a person."""
    if reply.case is None or reply.inbound.person_id is None:
        _not_certain_who(reply)
        return
    if reply.inbound.channel in TALKS and reply.found.intent not in ("stop", "wrong_number"):
        _reached(reply)
    _note_language(reply)
    intent = _intent(reply)
    if intent not in URGENT and intent not in FACTS and reply.person_talks:
        plan_dialogue.leave(reply)
        reply.hand_over(detail={"why": "person_talks"})
        reply.done("to_person")
        return
    if _is_stopped(reply, intent):
        return
    if intent not in URGENT and intent != REFUSES_SIGNAL and plan_dialogue.takes(reply):
        return
    if intent in COURTESIES and is_courtesy(reply.inbound.text):
        reply.done("courtesy")
        return
    EFFECTS.get(intent, _to_person)(reply)


def _is_stopped(reply: Reply, intent: str) -> bool:
    """Leave to a person what comes while danger, a death, a representative or a dispute stops the case."""
    reason = plan_stops.stopped_by(reply.session, reply.known_case)
    if not reason:
        return False
    plan_stops.close_talk(reply.session, reply.book, reply.known_case, reason)
    if intent in (*URGENT, *FACTS, *ALSO_WHILE_STOPPED):
        return False
    reply.hand_over("crisis" if reason in URGENT else "reply", {"why": "paused"})
    reply.say("answer_to_staff")
    reply.done("to_person")
    return True


def _intent(reply: Reply) -> str:
    """Return what counts: danger also when it stands beside something else, and nothing that is not sure."""
    found = reply.found
    urgent = next((intent for intent in URGENT if intent in (found.intent, *found.also)), None)
    if urgent is not None:
        return urgent
    if (reply.inbound.confidence or 0) < SURE:
        return "other"
    return REFUSES_SIGNAL if found.intent == "no" and REFUSES_SIGNAL in found.also else found.intent


def _not_certain_who(reply: Reply) -> None:
    """Nothing is said to somebody of whom it is not certain who he is; his STOP holds for the number all the same."""
    if reply.found.intent == "stop" and reply.point_id() is not None:
        note_permission(reply, "withdrawn", "stop_reply")
    urgent = reply.found.intent in URGENT
    reply.hand_over("crisis" if urgent else "reply", detail={"why": "sender_not_certain"})
    reply.done("to_person")


def _reached(reply: Reply) -> None:
    case, at = reply.known_case, reply.inbound.received_at
    if case.reached_at is None or case.reached_at < at:
        case.reached_at = at
    reply.session.add(
        TalkRow(
            landlord_id=case.landlord_id,
            case_id=case.id,
            person_id=reply.inbound.person_id,
            channel=reply.inbound.channel,
            at=at,
            known_at=reply.now,
            note="",
        )
    )


def _to_person(reply: Reply) -> None:
    reply.hand_over()
    reply.say("answer_to_staff")
    reply.done("to_person")


def _paid(reply: Reply) -> None:
    debt = plans.debt_of(reply.session, reply.known_case)
    if debt <= 0:
        reply.say("answer_paid_seen")
        reply.done("paid_seen")
        return
    if plan_dialogue.is_too_little(reply):
        _to_person(reply)
        return
    until = reply.runtime.calendar.add_working_days(reply.today, PAID_CHECK_WORKING_DAYS)
    plans.note_promise(reply.session, reply.book, reply.known_case, until, None, "says_paid", TENANT)
    reply.say("answer_paid")
    reply.done("paid_waits_for_ledger", until=until.isoformat())


def _promise(reply: Reply) -> None:
    day = reply.found.date
    if day is None or not reply.today <= day <= reply.today + timedelta(days=LONGEST_PROMISE_DAYS):
        _to_person(reply)
        return
    cents = reply.found.amount_cents
    plans.note_promise(reply.session, reply.book, reply.known_case, day, cents, "reply", TENANT)
    values: dict[str, Fact] = {"promise_on": day.isoformat()}
    if cents:
        values["amount"] = cents
    reply.say("promise_noted", values, purpose="plan")
    reply.done("promise", on=day.isoformat())


def _call_me(reply: Reply) -> None:
    """Promise a call at the day and the hour that was named; the last one that was promised in answer is the one."""
    day = reply.found.date
    if day is not None and day > reply.today + timedelta(days=LONGEST_PROMISE_DAYS):
        _to_person(reply)
        return
    found = call_back_for(reply.runtime, reply.policy, reply.now, reply.inbound.text, day)
    mine = select(InboundRow.id).where(InboundRow.person_id == reply.inbound.person_id)
    promised = TaskRow.case_id == reply.known_case.id, TaskRow.kind == "call_back", TaskRow.inbound_id.in_(mine)
    close_tasks(reply.session, reply.now, "moved", *promised)
    add_task(
        reply.session,
        landlord_id=reply.policy.landlord_id,
        kind="call_back",
        key=f"inbound:{reply.inbound.id}",
        due_at=found.at,
        case=reply.case,
        inbound_id=reply.inbound.id,
        detail={"text": reply.inbound.text[:200]},
    )
    values = {"call_at": moment_fact(reply.runtime.calendar.local(found.at))}
    reply.say("answer_call_me" if found.as_asked else "answer_call_me_later", values)
    reply.done("call_back", at=found.at.isoformat())


def _life_event(reply: Reply) -> None:
    """Note what happened; who says as well what he can miss gets the talk about a plan, with a person beside it."""
    reply.session.add(
        LifeEventRow(
            landlord_id=reply.policy.landlord_id,
            case_id=reply.known_case.id,
            kind="other",
            note=reply.inbound.text[:500],
            occurred_on=reply.today,
            known_at=reply.now,
            source="reply",
        )
    )
    if reply.found.amount_cents and reply.found.per:
        plan_dialogue.ask_for_plan(reply)
    else:
        _to_person(reply)


def _note_language(reply: Reply) -> None:
    """Write on in the language that the tenant writes himself; a few Dutch words of a foreigner change nothing."""
    code = reply.found.language
    person = reply.session.get_one(PersonRow, reply.inbound.person_id)
    known = reply.policy.settings.languages
    if code == person.language or code == DUTCH or code not in known or reply.found.intent == "wrong_number":
        return
    if len(reply.inbound.text.split()) < OWN_WORDS and reply.found.intent != "language":
        return
    reply.book.note("language", TENANT, {"was": person.language, "is": code}, case_id=reply.known_case.id)
    person.language = code


EFFECTS: Mapping[str, Effect] = {
    "crisis": crisis,
    "threat": threat,
    "stop": stop,
    "start": start,
    "wrong_number": wrong_number,
    "paid": _paid,
    "promise": _promise,
    "plan_request": plan_dialogue.ask_for_plan,
    "counter_offer": plan_dialogue.ask_for_plan,
    "cannot_pay": plan_dialogue.ask_for_plan,
    "call_me": _call_me,
    "visit_invite": _call_me,
    "help": ask_help,
    REFUSES_SIGNAL: refuse_signal,
    "bereaved": bereaved,
    "represented": stop_for("represented", "answer_represented", "check_representative", 14),
    "dispute": stop_for("dispute", "answer_dispute", "dispute", None, "dispute"),
    "moved": stop_for("moved", "answer_moved", "reply", 14),
    "life_event": _life_event,
    "refuse_visit": refuse_visit,
}
"""Every intent that is not here (question, language, yes, no, abusive, other, menu keys) goes to a person."""

"""What a tenant's reply does to his case, and what he hears at once.

Rules.md 8, 31, 38; the effects per intent are one table of functions. What the machine is not sure of, or
may not decide, goes to a person: the reply then waits in the inbox and the machine stays silent.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select

from outreach.db.tables import (
    ContactPointRow,
    LifeEventRow,
    PermissionRow,
    PersonRow,
    TalkRow,
)
from outreach.services import plan_dialogue, plans
from outreach.services.actor import TENANT
from outreach.services.call_backs import call_back_at
from outreach.services.reply import Reply
from outreach.services.tasks import add_task
from outreach.services.written_values import Fact, moment_fact

SURE = 60
"""Below this confidence (0 to 100) a person reads the reply."""

LONGEST_PROMISE_DAYS = 31
PAID_CHECK_WORKING_DAYS = 3
TALKS = frozenset({"sms", "whatsapp", "email"})


def answer_reply(reply: Reply) -> None:
    """Apply the effect of a reply: unknown senders and unsure readings go to a person."""
    if reply.case is None or reply.inbound.person_id is None:
        if reply.found.intent == "stop" and reply.point_id() is not None:
            _permission(reply, "withdrawn", "stop_reply")
        reply.hand_over(detail={"why": "sender_not_certain"})
        reply.done("to_person")
        return
    if reply.inbound.channel in TALKS and reply.found.intent not in ("stop", "wrong_number"):
        _reached(reply)
    urgent = next(
        (intent for intent in ("crisis", "threat") if intent in (reply.found.intent, *reply.found.also)), None
    )
    intent = urgent or reply.found.intent
    if not urgent and (reply.inbound.confidence or 0) < SURE:
        intent = "other"
    if urgent is None and plan_dialogue.takes(reply):
        return
    EFFECTS.get(intent, _to_person)(reply)


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


def _crisis(reply: Reply) -> None:
    reply.pause("crisis", None, "een medewerker heeft de huurder gesproken")
    reply.hand_over("crisis")
    reply.say("answer_crisis")
    reply.done("crisis")


def _stop(reply: Reply) -> None:
    if _has_stopped(reply):
        reply.done("opted_out_before", channel=reply.inbound.channel)
        return
    _permission(reply, "withdrawn", "stop_reply")
    reply.say("answer_stop")
    reply.done("opted_out", channel=reply.inbound.channel)


def _has_stopped(reply: Reply) -> bool:
    """Say whether this person said STOP here before: it is confirmed once (rules.md 38)."""
    latest = (
        select(PermissionRow.status)
        .where(
            PermissionRow.person_id == reply.inbound.person_id,
            PermissionRow.contact_point_id == reply.point_id(),
            PermissionRow.channel == reply.inbound.channel,
            PermissionRow.subject == "contact",
        )
        .order_by(PermissionRow.known_at.desc(), PermissionRow.id.desc())
    )
    return reply.session.scalar(latest.limit(1)) == "withdrawn"


def _start(reply: Reply) -> None:
    _permission(reply, "given", "start_reply")
    reply.say("answer_start")
    reply.done("opted_in", channel=reply.inbound.channel)


def _permission(reply: Reply, status: str, ground: str) -> None:
    reply.session.add(
        PermissionRow(
            landlord_id=reply.policy.landlord_id,
            person_id=reply.inbound.person_id,
            contact_point_id=reply.point_id(),
            channel=reply.inbound.channel,
            status=status,
            ground=ground,
            evidence=reply.inbound.text[:500],
            occurred_on=reply.today,
            known_at=reply.now,
        )
    )
    payload = {"channel": reply.inbound.channel, "status": status, "ground": ground}
    reply.book.note("permission", TENANT, payload, case_id=reply.case.id if reply.case else None)


def _wrong_number(reply: Reply) -> None:
    point = reply.session.get(ContactPointRow, reply.point_id() or 0)
    if point is not None:
        point.state, point.state_reason, point.state_known_at = "wrong", "told by who answered", reply.now
    add_task(
        reply.session,
        landlord_id=reply.policy.landlord_id,
        kind="failed_delivery",
        key=f"wrong:{reply.inbound.id}",
        due_at=reply.now,
        case=reply.case,
        detail={"channel": reply.inbound.channel, "value": reply.inbound.sender, "why": "wrong_number"},
    )
    reply.say("answer_wrong_number")
    reply.done("contact_point_wrong")


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
    at = call_back_at(reply.runtime, reply.policy, reply.now)
    add_task(
        reply.session,
        landlord_id=reply.policy.landlord_id,
        kind="call_back",
        key=f"inbound:{reply.inbound.id}",
        due_at=at,
        case=reply.case,
        inbound_id=reply.inbound.id,
        detail={"text": reply.inbound.text[:200]},
    )
    reply.say("answer_call_me", {"call_at": moment_fact(reply.runtime.calendar.local(at))})
    reply.done("call_back", at=at.isoformat())


def _help(reply: Reply) -> None:
    reply.session.add(
        PermissionRow(
            landlord_id=reply.policy.landlord_id,
            person_id=reply.inbound.person_id,
            subject="share",
            partner_kind="debt_help",
            status="given",
            ground="asked_by_reply",
            evidence=reply.inbound.text[:500],
            occurred_on=reply.today,
            known_at=reply.now,
        )
    )
    reply.hand_over("help")
    reply.say("answer_help")
    reply.done("help_asked")


def _refuse_signal(reply: Reply) -> None:
    reply.session.add(
        PermissionRow(
            landlord_id=reply.policy.landlord_id,
            person_id=reply.inbound.person_id,
            subject="share",
            partner_kind="municipality",
            status="refused",
            ground="signal_refusal",
            evidence=reply.inbound.text[:500],
            occurred_on=reply.today,
            known_at=reply.now,
        )
    )
    payload = {"partner_kind": "municipality", "status": "refused"}
    reply.book.note("permission", TENANT, payload, case_id=reply.known_case.id)
    reply.hand_over()
    reply.say("answer_to_staff")
    reply.done("signal_refused")


def _stop_for(reason: str, template: str, task: str, days: int | None, flag: str | None = None) -> "Effect":
    """Make an effect that pauses for a reason, gives a person the task, and answers."""

    def effect(reply: Reply) -> None:
        until = reply.today + timedelta(days=days) if days else None
        reply.pause(reason, until)
        if flag and flag not in reply.known_case.flags:
            reply.known_case.flags = [*reply.known_case.flags, flag]
        reply.hand_over(task)
        reply.say(template)
        reply.done(reason)

    return effect


def _life_event(reply: Reply) -> None:
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
    _to_person(reply)


def _refuse_visit(reply: Reply) -> None:
    case = reply.known_case
    if "no_visit" not in case.flags:
        case.flags = [*case.flags, "no_visit"]
    reply.say("answer_visit_refused")
    reply.done("visit_refused")


def _language(reply: Reply) -> None:
    person = reply.session.get_one(PersonRow, reply.inbound.person_id)
    if reply.found.language in reply.policy.settings.languages and person.language != reply.found.language:
        person.language = reply.found.language
    _to_person(reply)


Effect = Callable[[Reply], None]

EFFECTS: Mapping[str, Effect] = {
    "crisis": _crisis,
    "threat": _crisis,
    "stop": _stop,
    "start": _start,
    "wrong_number": _wrong_number,
    "paid": _paid,
    "promise": _promise,
    "plan_request": plan_dialogue.ask_for_plan,
    "counter_offer": plan_dialogue.ask_for_plan,
    "cannot_pay": plan_dialogue.ask_for_plan,
    "call_me": _call_me,
    "visit_invite": _call_me,
    "help": _help,
    "refuse_signal": _refuse_signal,
    "bereaved": _stop_for("bereaved", "answer_bereaved", "reply", None, "bereaved"),
    "represented": _stop_for("represented", "answer_represented", "check_representative", 14),
    "dispute": _stop_for("dispute", "answer_dispute", "dispute", None, "dispute"),
    "moved": _stop_for("moved", "answer_moved", "reply", 14),
    "life_event": _life_event,
    "refuse_visit": _refuse_visit,
    "language": _language,
}
"""Every intent that is not here (question, yes, no, abusive, other, menu keys) goes to a person."""

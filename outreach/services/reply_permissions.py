"""What a reply changes in what we may do: stop, start, a wrong number, a partner who may know, no visits."""

import re

from sqlalchemy import select

from outreach.db.tables import ContactPointRow, PermissionRow
from outreach.services.actor import TENANT
from outreach.services.help_requests import refer_for_help
from outreach.services.reply import Reply
from outreach.services.tasks import add_task

CONSENT = re.compile(r"\b(?:ja|yes)\W+(?:gemeente|municipality)\b|\bgemeente mag\b", re.IGNORECASE)
"""What somebody answers who was asked whether the municipality may know."""


def stop(reply: Reply) -> None:
    """Stop this channel for this person, and confirm it once (rules.md 38)."""
    if _has_stopped(reply):
        reply.done("opted_out_before", channel=reply.inbound.channel)
        return
    note_permission(reply, "withdrawn", "stop_reply")
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


def start(reply: Reply) -> None:
    """Allow this channel again."""
    note_permission(reply, "given", "start_reply")
    reply.say("answer_start")
    reply.done("opted_in", channel=reply.inbound.channel)


def note_permission(reply: Reply, status: str, ground: str) -> None:
    """Note what the person said of contact over this channel, with his words as evidence."""
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


def wrong_number(reply: Reply) -> None:
    """Mark the number or address as wrong; nothing is said about anybody."""
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


def ask_help(reply: Reply) -> None:
    """Let a person call who asks for help; who says that the municipality may know is referred at once.

    The word HULP alone shares nothing: the answer asks whether his name and number may be given, and to whom.
    """
    if CONSENT.search(reply.inbound.text):
        help_with_consent(reply)
        return
    reply.hand_over("help")
    reply.say("answer_help")
    reply.done("help_asked")


def help_with_consent(reply: Reply) -> None:
    """Note that a partner may know, in the tenant's own words, and refer him; a person calls as well."""
    _share(reply, "debt_help", "given", "asked_by_reply")
    referred = refer_for_help(reply)
    reply.hand_over("help", {"referral": referred} if referred else None)
    reply.say("answer_to_staff")
    reply.done("help_asked", **({"referral": referred} if referred else {}))


def refuse_signal(reply: Reply) -> None:
    """Note that the municipality may not hear of the arrears; a person reads it (art. 3 Wgs)."""
    _share(reply, "municipality", "refused", "signal_refusal")
    reply.hand_over()
    reply.say("answer_to_staff")
    reply.done("signal_refused")


def _share(reply: Reply, partner_kind: str, status: str, ground: str) -> None:
    reply.session.add(
        PermissionRow(
            landlord_id=reply.policy.landlord_id,
            person_id=reply.inbound.person_id,
            subject="share",
            partner_kind=partner_kind,
            status=status,
            ground=ground,
            evidence=reply.inbound.text[:500],
            occurred_on=reply.today,
            known_at=reply.now,
        )
    )
    payload = {"partner_kind": partner_kind, "status": status, "ground": ground}
    reply.book.note("permission", TENANT, payload, case_id=reply.known_case.id)


def refuse_visit(reply: Reply) -> None:
    """Visit nobody here any more."""
    case = reply.known_case
    if "no_visit" not in case.flags:
        case.flags = [*case.flags, "no_visit"]
    reply.say("answer_visit_refused")
    reply.done("visit_refused")

"""Automatic answers and confirmations: attempts outside the ladder, on the channel that the tenant used."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, InboundRow
from outreach.services.policy import Policy
from outreach.services.written_values import Fact
from schedules.purposes import ANSWER_MINUTES

MOST_AN_HOUR = 1
"""Automatic answers to one household in an hour outside a talk about a plan: no loops with auto-replies."""
MOST_IN_TALK = 6
"""Answers to one household in an hour within the talk about a plan, where each asks one thing."""
TALK = frozenset(
    {
        *("answer_plan_ask", "answer_plan_debts", "answer_plan_proposed", "answer_plan_again", "answer_plan_to_staff"),
        *("plan_confirmed", "promise_noted", "answer_plan_debts_staff"),
    }
)
ALWAYS = frozenset({"answer_stop", "answer_crisis", "answer_crisis_closed"})
"""Answers that always go: the one confirmation of a STOP, and where help is when somebody is in danger."""


def add_message(
    session: Session,
    policy: Policy,
    case: CaseRow,
    *,
    step: str,
    template: str,
    purpose: str,
    channel: str,
    addressee_id: int,
    contact_point_id: int | None,
    sent_to: str | None,
    language: str,
    due_at: datetime,
    expires_at: datetime | None,
    values: Mapping[str, Fact],
    inbound_id: int | None = None,
) -> AttemptRow | None:
    """Add a message outside the ladder, once per step and addressee; None when it exists already."""
    key = f"{case.id}:{case.ladder_run}:{step}:1:{addressee_id}"
    if session.scalar(select(AttemptRow.id).where(AttemptRow.key == key)) is not None:
        return None
    row = AttemptRow(
        landlord_id=case.landlord_id,
        case_id=case.id,
        household_id=case.household_id,
        ladder_run=case.ladder_run,
        step=step,
        attempt=1,
        addressee_id=addressee_id,
        contact_point_id=contact_point_id,
        channel=channel,
        kind="message",
        purpose=purpose,
        template=template,
        language=language if language in policy.settings.languages else "nl",
        key=key,
        moment=f"{case.id}:{case.ladder_run}:{step}",
        state="planned",
        due_at=due_at,
        expires_at=expires_at,
        sent_to=sent_to,
        why={"values": dict(values)},
        answers_inbound_id=inbound_id,
        ladder_version_id=case.ladder_version_id,
        template_version_id=policy.template_version_ids.get(template),
        law_version_id=policy.law_version_id,
        settings_version_id=policy.settings_version_id,
    )
    session.add(row)
    session.flush()
    return row


def add_answer(
    session: Session,
    policy: Policy,
    case: CaseRow,
    inbound: InboundRow,
    contact_point_id: int | None,
    template: str,
    now: datetime,
    language: str,
    values: Mapping[str, Fact],
    purpose: str = "answer",
) -> AttemptRow | None:
    """Answer a tenant's own message, within ten minutes of it; silent when too much was answered already."""
    assert inbound.person_id is not None
    if template not in ALWAYS and _has_said_enough(session, case, template, now):
        return None
    return add_message(
        session,
        policy,
        case,
        step=f"answer:{inbound.id}:{template}",
        template=template,
        purpose=purpose,
        channel=inbound.channel,
        addressee_id=inbound.person_id,
        contact_point_id=contact_point_id,
        sent_to=inbound.sender,
        language=language,
        due_at=now,
        expires_at=inbound.received_at + timedelta(minutes=ANSWER_MINUTES) if purpose == "answer" else None,
        values=values,
        inbound_id=inbound.id,
    )


def _has_said_enough(session: Session, case: CaseRow, template: str, now: datetime) -> bool:
    in_talk = template in TALK
    recent = select(func.count()).where(
        AttemptRow.household_id == case.household_id,
        AttemptRow.answers_inbound_id.is_not(None),
        AttemptRow.template.in_(TALK) if in_talk else AttemptRow.template.not_in(TALK | ALWAYS),
        AttemptRow.due_at > now - timedelta(hours=1),
        AttemptRow.state.in_(("planned", "claimed", "sent", "done")),
    )
    return (session.scalar(recent) or 0) >= (MOST_IN_TALK if in_talk else MOST_AN_HOUR)

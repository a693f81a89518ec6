"""Messages about a plan that nobody asked for: reminder, missed, repair, thanks, and what a person decided.

They go to who talked about the plan, over the channel that he used, as far as that is permitted.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow, InboundRow, PaymentPlanRow
from outreach.services.addressees import Addressees, Target, load_addressees
from outreach.services.answers import add_message
from outreach.services.policy import Policy
from outreach.services.written_values import Fact

MESSAGE_CHANNELS = ("sms", "whatsapp", "email")
LATEST = 30
"""How many replies of a case are looked at for who talked about the plan."""


def tell(
    session: Session,
    policy: Policy,
    case: CaseRow,
    plan: PaymentPlanRow,
    name: str,
    template: str,
    purpose: str,
    values: Mapping[str, Fact],
    now: datetime,
    today: date,
    ends_in_days: int,
) -> bool:
    """Add a message about a plan, once per `name`; say whether it is new, so not when nobody can be written to."""
    step = f"plan:{plan.id}:{name}"
    told = select(AttemptRow.id).where(
        AttemptRow.case_id == case.id, AttemptRow.ladder_run == case.ladder_run, AttemptRow.step == step
    )
    asked = _asked(session, plan)
    first = asked.person_id if asked is not None else None
    people = load_addressees(session, [case.tenancy_id], today, now, first)[case.tenancy_id]
    used = asked.channel if asked is not None and first in people.person_ids else ""
    found = _way(people, used, policy.engine.channels_off)
    if found is None or session.scalar(told.limit(1)) is not None:
        return False
    channel, target = found
    added = add_message(
        session,
        policy,
        case,
        step=step,
        template=template,
        purpose=purpose,
        channel=channel,
        addressee_id=target.person_id,
        contact_point_id=target.contact_point_id,
        sent_to=target.value,
        language=people.language,
        due_at=now,
        expires_at=now + timedelta(days=ends_in_days),
        values=values,
    )
    return added is not None


def _asked(session: Session, plan: PaymentPlanRow) -> InboundRow | None:
    """Find the last reply in the talk about a plan."""
    statement = select(InboundRow).where(InboundRow.case_id == plan.case_id, InboundRow.person_id.is_not(None))
    latest = session.scalars(statement.order_by(InboundRow.received_at.desc(), InboundRow.id.desc()).limit(LATEST))
    return next((row for row in latest if (row.effect or {}).get("plan") == plan.id), None)


def _way(people: Addressees, used: str, off: frozenset[str]) -> tuple[str, Target] | None:
    """Choose the channel that was used, else the first one that reaches the same person, else anybody's first."""
    ways = [
        (channel, people.targets[channel])
        for channel in sorted(MESSAGE_CHANNELS, key=lambda each: each != used)
        if channel in people.targets and channel not in off
    ]
    own = [way for way in ways if way[1].person_id == people.primary.id]
    return next(iter((*own, *ways)), None)

"""Messages about a plan that nobody asked for: reminder, missed, repair, thanks, and what a person decided."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow
from outreach.services.addressees import load_addressees
from outreach.services.answers import add_message
from outreach.services.policy import Policy
from outreach.services.written_values import Fact

MESSAGE_CHANNELS = ("sms", "whatsapp", "email")


def tell(
    session: Session,
    policy: Policy,
    case: CaseRow,
    step: str,
    template: str,
    purpose: str,
    values: Mapping[str, Fact],
    now: datetime,
    today: date,
    ends_in_days: int,
) -> bool:
    """Add a message about a plan on the first channel that can be used; say whether it is new."""
    people = load_addressees(session, [case.tenancy_id], today, now)[case.tenancy_id]
    channel = next((name for name in MESSAGE_CHANNELS if name in people.targets), None)
    if channel is None:
        return False
    target = people.targets[channel]
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

"""A message that its channel may not carry now goes by SMS: the same attempt, in the same moment, never both."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import AttemptRow, CaseRow
from outreach.services.facts import load_cases
from outreach.services.policy import Policy
from schedules.calendar import to_local

SMS = "sms"


def go_by_sms(session: Session, policy: Policy, row: AttemptRow, now: datetime) -> bool:
    """Plan an attempt as SMS at once when there is a text for it and the addressee may get one; says whether it is so.

    The channel certainly did not take it, so that nothing goes twice. The last check comes again when it is claimed.
    """
    if row.template is None or policy.catalogue.find(row.template, SMS, "nl") is None:
        return False
    case = session.scalars(select(CaseRow).where(CaseRow.id == row.case_id)).one()
    [loaded] = load_cases(session, [case], to_local(now).date(), now)
    target = loaded.addressees.targets.get(SMS)
    if target is None or target.person_id != row.addressee_id:
        return False
    row.channel, row.contact_point_id, row.sent_to = SMS, target.contact_point_id, target.value
    row.state, row.claimed_at, row.due_at = "planned", None, now
    return True

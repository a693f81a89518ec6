"""Tenants who phone after a letter or a card: paper has no reply button."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import AreaRow, AttemptRow, CaseRow, TeamRow, TenancyRow
from outreach.sample.chance import draw
from outreach.sample.responder import stable_key
from schedules.behaviour import profile_of, respond
from schedules.calendar import Calendar

PAPER = ("letter", "card")
LONGEST_DAYS = 14
UNUSABLE = frozenset({"STOP", "stop", "verkeerd nummer", "?", "JA"})
"""Words that somebody writes but nobody phones to say."""


@dataclass(frozen=True, kw_only=True)
class PhonedIn:
    """A call of a tenant to the office, and the letter or card that brought it about."""

    case_id: int
    attempt_id: int
    channel: str
    team: str
    words: str
    at: datetime


def phoned_in(session: Session, calendar: Calendar, landlord_id: int, day: date, seed: int) -> list[PhonedIn]:
    """List who phones on a working day because of a letter or card of the days before it."""
    start = calendar.utc(day)
    statement = (
        select(AttemptRow, TenancyRow.external_ref, TeamRow.code)
        .join(CaseRow, CaseRow.id == AttemptRow.case_id)
        .join(TenancyRow, TenancyRow.id == CaseRow.tenancy_id)
        .join(AreaRow, AreaRow.id == CaseRow.area_id)
        .outerjoin(TeamRow, TeamRow.id == AreaRow.team_id)
        .where(
            AttemptRow.landlord_id == landlord_id,
            AttemptRow.channel.in_(PAPER),
            AttemptRow.sent_at < start,
            AttemptRow.sent_at > start - timedelta(days=LONGEST_DAYS),
        )
        .order_by(AttemptRow.id)
    )
    found = []
    for attempt, tenant, team in session.execute(statement):
        assert attempt.sent_at is not None
        key = stable_key(tenant, attempt.key, attempt.template or "", attempt.sent_at)
        response = respond(profile_of(tenant, seed), attempt.channel, key, attempt.sent_at, seed)
        words = response.reply_text
        if words is None or words in UNUSABLE or response.outcome == "returned":
            continue
        sent_on = calendar.day_of(attempt.sent_at)
        if calendar.add_working_days(sent_on, 2 + draw(3, seed, key, "phones")) == day:
            at = calendar.utc(day, time(10)) + timedelta(seconds=draw(6 * 3600, seed, key, "phones at"))
            found.append(
                PhonedIn(
                    case_id=attempt.case_id,
                    attempt_id=attempt.id,
                    channel=attempt.channel,
                    team=team or "",
                    words=words,
                    at=at,
                )
            )
    return found

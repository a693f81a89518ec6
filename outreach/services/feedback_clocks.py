"""The feedback clocks of a referral: when each starts, what answers it, and which one is next."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import PartnerRow, ReferralFeedbackRow, ReferralRow
from schedules.calendar import Calendar
from schedules.route import RouteDefinition
from schedules.route_clocks import feedback_due

MISSED = "missed"
"""The verdict of a clock that never was answered while a later one was."""

EXTRA = {"nl": "Bericht tussendoor", "en": "Message in between"}


def clocks_of(session: Session, referral_id: int) -> list[ReferralFeedbackRow]:
    """Give the clocks of a referral, the one that is due first before the others."""
    statement = select(ReferralFeedbackRow).where(ReferralFeedbackRow.referral_id == referral_id)
    rows = session.scalars(statement.order_by(ReferralFeedbackRow.id)).all()
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.id))


def is_open(clock: ReferralFeedbackRow) -> bool:
    """Say whether a clock still waits for its feedback."""
    return clock.verdict is None


def start_clocks(
    session: Session,
    referral: ReferralRow,
    route: RouteDefinition,
    partner: PartnerRow,
    calendar: Calendar,
    fills: Mapping[str, int | str],
    dates: Mapping[str, date] | None = None,
) -> None:
    """Keep a row per clock of the route, and give each whose day 0 has come its day; call again when one comes.

    A clock that the source leaves open, and the landlord has not filled, takes the partner's own days when it is
    the first: every referral that was sent has a due feedback. `dates` holds day 0 of clocks with a day of their own.
    """
    if referral.sent_at is None:
        return
    rows = {row.key: row for row in clocks_of(session, referral.id)}
    for clock in route.feedback:
        if clock.key not in rows:
            rows[clock.key] = _add(session, referral, clock.key, clock.title)
    sent_on = calendar.day_of(referral.sent_at)
    accepted_on = calendar.day_of(referral.accepted_at) if referral.accepted_at else None
    for due in feedback_due(route, sent_on, accepted_on, fills, dates):
        if rows[due.key].due_on is None:
            rows[due.key].due_on = due.due_on
    if all(row.due_on is None for row in rows.values()):
        first = next(iter(rows.values()), None) or _add(session, referral, "feedback", EXTRA)
        first.due_on = sent_on + timedelta(days=partner.feedback_days)
    session.flush()
    set_next(session, referral)


def answer_clock(
    session: Session,
    referral: ReferralRow,
    key: str | None,
    verdict: str,
    text: str,
    now: datetime,
    user_id: int | None,
) -> ReferralFeedbackRow:
    """Record feedback on a clock, by default on the one that is due first; earlier ones never came.

    Feedback on a referral whose clocks were all answered is kept as a message in between.
    """
    clocks = clocks_of(session, referral.id)
    waiting = [clock for clock in clocks if is_open(clock)]
    clock = next((each for each in waiting if key in (None, each.key)), None)
    if clock is None:
        clock = _add(session, referral, f"extra_{len(clocks) + 1}", EXTRA)
    for earlier in waiting:
        if earlier is not clock and _comes_before(earlier, clock):
            earlier.verdict = MISSED
    clock.received_at, clock.verdict, clock.text, clock.by_user_id = now, verdict, text, user_id
    session.flush()
    set_next(session, referral)
    return clock


def set_next(session: Session, referral: ReferralRow) -> None:
    """Keep on the referral the day of the first clock that waits."""
    days = [clock.due_on for clock in clocks_of(session, referral.id) if is_open(clock) and clock.due_on]
    referral.feedback_due_on = min(days, default=None)


def _comes_before(one: ReferralFeedbackRow, other: ReferralFeedbackRow) -> bool:
    return one.due_on is not None and (other.due_on is None or one.due_on < other.due_on)


def _add(session: Session, referral: ReferralRow, key: str, title: Mapping[str, str]) -> ReferralFeedbackRow:
    row = ReferralFeedbackRow(landlord_id=referral.landlord_id, referral_id=referral.id, key=key, title=dict(title))
    session.add(row)
    session.flush()
    return row

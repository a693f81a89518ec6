"""How many calls and visits a team can do on a working day; what does not fit moves to the next one."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AreaRow, AttemptRow, CaseRow, TeamRow
from outreach.services.facts import LoadedCase
from schedules.calendar import Calendar


def take(session: Session, calendar: Calendar, loaded: LoadedCase, row: AttemptRow, now: datetime) -> bool:
    """Say whether the team still has room today for this call or visit; else move the row to the next working day."""
    team = session.get(TeamRow, loaded.area.team_id) if loaded.area.team_id else None
    if team is None:
        return True
    most = team.calls_per_day if row.kind == "call" else team.visits_per_day
    day = calendar.day_of(now)
    start = calendar.utc(day)
    taken = session.scalar(
        select(func.count())
        .select_from(AttemptRow)
        .join(CaseRow, CaseRow.id == AttemptRow.case_id)
        .join(AreaRow, AreaRow.id == CaseRow.area_id)
        .where(
            AreaRow.team_id == team.id,
            AttemptRow.kind == row.kind,
            AttemptRow.claimed_at >= start,
            AttemptRow.state.in_(("claimed", "sent", "done")),
        )
    )
    if (taken or 0) < most:
        return True
    tomorrow = calendar.add_working_days(day, 1)
    row.due_at = max(row.due_at, start) + timedelta(days=(tomorrow - day).days)
    return False

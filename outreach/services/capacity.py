"""How many calls and visits a team can do on a working day; what does not fit moves to the next one."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.tables import AreaRow, AttemptRow, CaseRow, TeamRow
from outreach.services.facts import LoadedCase
from schedules.calendar import Calendar


class Capacity:
    """What each team still can do today; read when it is first asked."""

    def __init__(self, session: Session, landlord_id: int, calendar: Calendar, now: datetime) -> None:
        self._session, self._landlord_id, self._calendar, self._now = session, landlord_id, calendar, now
        self._most: dict[tuple[int, str], int] = {}
        self._taken: Counter[tuple[int, str]] = Counter()

    def take(self, loaded: LoadedCase, row: AttemptRow) -> bool:
        """Say whether the team has room today for this call or visit; else move the row to the next working day."""
        if loaded.area.team_id is None:
            return True
        if not self._most:
            self._read()
        place = (loaded.area.team_id, row.kind)
        if self._taken[place] < self._most[place]:
            self._taken[place] += 1
            return True
        today = self._calendar.day_of(self._now)
        days = (self._calendar.add_working_days(today, 1) - today).days
        row.due_at = max(row.due_at, self._calendar.utc(today)) + timedelta(days=days)
        return False

    def _read(self) -> None:
        teams = select(TeamRow).where(TeamRow.landlord_id == self._landlord_id)
        for team in self._session.scalars(teams):
            self._most[(team.id, "call")] = team.calls_per_day
            self._most[(team.id, "visit")] = team.visits_per_day
        start = self._calendar.utc(self._calendar.day_of(self._now))
        statement = (
            select(AreaRow.team_id, AttemptRow.kind, func.count())
            .join(CaseRow, CaseRow.id == AttemptRow.case_id)
            .join(AreaRow, AreaRow.id == CaseRow.area_id)
            .where(
                AttemptRow.landlord_id == self._landlord_id,
                AttemptRow.kind.in_(("call", "visit")),
                AttemptRow.claimed_at >= start,
                AttemptRow.state.in_(("claimed", "sent", "done", "failed")),
            )
            .group_by(AreaRow.team_id, AttemptRow.kind)
        )
        for team_id, kind, count in self._session.execute(statement):
            if team_id is not None:
                self._taken[(team_id, kind)] = count

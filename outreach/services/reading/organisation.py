"""The organisation of a landlord: teams, areas, partners per municipality, users."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AreaRow, PartnerRow, TeamRow, TenancyRow, UserRow


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Teams and areas with how many tenancies each area has, and the municipalities they lie in."""

    teams: tuple[TeamRow, ...]
    areas: tuple[AreaRow, ...]
    tenancies: Mapping[int, int]

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Return the municipalities of the areas by name."""
        return tuple(sorted({area.municipality for area in self.areas}))

    def team_name(self, team_id: int | None) -> str:
        """Return the name of a team; a dash for none."""
        return next((team.name for team in self.teams if team.id == team_id), "–")


def read_organisation(session: Session, scope: Scope) -> Organisation:
    """Return the teams and areas of a landlord."""
    counted: Any = select(TenancyRow.area_id, func.count()).group_by(TenancyRow.area_id)
    return Organisation(
        teams=tuple(session.scalars(scope.select(TeamRow).order_by(TeamRow.name))),
        areas=tuple(session.scalars(scope.select(AreaRow).order_by(AreaRow.municipality, AreaRow.name))),
        tenancies=dict(session.execute(scope.narrow(counted, TenancyRow)).all()),
    )


def list_partners(session: Session, scope: Scope) -> dict[str, list[PartnerRow]]:
    """Return the partners per municipality; active ones first."""
    statement: Any = scope.select(PartnerRow).order_by(PartnerRow.municipality, PartnerRow.active.desc(), PartnerRow.id)
    found: dict[str, list[PartnerRow]] = {}
    for row in session.scalars(statement):
        found.setdefault(row.municipality, []).append(row)
    return found


def find_partner(session: Session, scope: Scope, partner_id: int) -> PartnerRow | None:
    """Return a partner of this landlord."""
    return session.scalar(scope.select(PartnerRow).where(PartnerRow.id == partner_id))


def list_users(session: Session, scope: Scope) -> tuple[UserRow, ...]:
    """Return the users; active ones first, by name."""
    return tuple(session.scalars(scope.select(UserRow).order_by(UserRow.active.desc(), UserRow.name)))


def find_user(session: Session, scope: Scope, user_id: int) -> UserRow | None:
    """Return a user of this landlord."""
    return session.scalar(scope.select(UserRow).where(UserRow.id == user_id))

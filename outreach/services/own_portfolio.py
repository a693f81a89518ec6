"""Load a landlord's own portfolio for a simulation as plain data: who is behind, who can be reached, which team."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    AreaRow,
    HouseholdRow,
    LedgerEntryRow,
    LedgerItemRow,
    PartnerRow,
    TeamRow,
    TenancyRow,
)
from outreach.services.addressees import Addressees, load_addressees
from schedules.simulation.figures import Figures
from schedules.simulation.portfolio import Items, OwnPart, Portfolio, Team, Tenancy, is_in_trouble

CHUNK = 2000
NO_TEAM = "zonder-team"


def count_tenancies(session: Session, landlord_id: int, day: date) -> int:
    """Count the tenancies that run on a day."""
    return session.scalar(select(func.count()).select_from(_running(landlord_id, day).subquery())) or 0


def load_portfolio(
    session: Session, landlord_id: int, figures: Figures, seed: int, now: datetime, day: date
) -> Portfolio:
    """Load every running tenancy by team; contact details only of those that may miss a rent in the simulation."""
    rows = session.execute(_running(landlord_id, day).order_by(TenancyRow.id)).all()
    open_items = _open_items(session, landlord_id, day)
    agreements = _agreements(session, landlord_id, day)
    watched = [row.id for row in rows if row.id in open_items or is_in_trouble(row.external_ref, figures, seed)]
    people = _people(session, watched, day, now)
    typical = _typical_rent([row.rent_cents for row in rows if row.rent_cents], figures)
    by_team: dict[int | None, list[Tenancy]] = defaultdict(list)
    for row in rows:
        items = open_items.get(row.id, ())
        by_team[row.team_id].append(_tenancy(row, items, people.get(row.id), row.municipality in agreements, typical))
    teams = {row.id: row for row in session.scalars(select(TeamRow).where(TeamRow.landlord_id == landlord_id))}
    parts = [
        OwnPart(team=_team(teams.get(team_id or 0), len(given), figures), given=tuple(given))
        for team_id, given in sorted(by_team.items(), key=lambda item: item[0] or 0)
    ]
    return Portfolio(kind="own", parts=parts)


def _running(landlord_id: int, day: date) -> Any:
    return (
        select(
            TenancyRow.id,
            TenancyRow.external_ref,
            TenancyRow.household_id,
            TenancyRow.rent_cents,
            AreaRow.code.label("area"),
            AreaRow.municipality,
            AreaRow.team_id,
            HouseholdRow.children,
        )
        .join(AreaRow, AreaRow.id == TenancyRow.area_id)
        .join(HouseholdRow, HouseholdRow.id == TenancyRow.household_id)
        .where(TenancyRow.landlord_id == landlord_id, or_(TenancyRow.ends_on.is_(None), TenancyRow.ends_on > day))
    )


def _open_items(session: Session, landlord_id: int, day: date) -> Mapping[int, Items]:
    """Return what is overdue per tenancy as (due date, cents), charge by charge; credits lower the oldest."""
    latest = (
        select(func.max(LedgerEntryRow.id))
        .where(LedgerEntryRow.landlord_id == landlord_id)
        .group_by(LedgerEntryRow.item_id)
    )
    statement = (
        select(LedgerEntryRow.tenancy_id, LedgerItemRow.due_on, LedgerEntryRow.open_cents)
        .join(LedgerItemRow, LedgerItemRow.id == LedgerEntryRow.item_id)
        .where(LedgerEntryRow.id.in_(latest), LedgerEntryRow.open_cents != 0, LedgerItemRow.due_on < day)
        .order_by(LedgerItemRow.due_on, LedgerItemRow.id)
    )
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for tenancy_id, due_on, cents in session.execute(statement):
        found[tenancy_id].append((due_on, cents))
    return {tenancy_id: kept for tenancy_id, items in found.items() if (kept := _without_credits(items))}


def _without_credits(items: Sequence[tuple[date, int]]) -> Items:
    credit = -sum(cents for _, cents in items if cents < 0)
    kept = []
    for due_on, cents in items:
        if cents > 0:
            part = min(credit, cents)
            credit -= part
            if cents > part:
                kept.append((due_on, cents - part))
    return tuple(kept)


def _agreements(session: Session, landlord_id: int, day: date) -> frozenset[str]:
    statement = select(PartnerRow.municipality).where(
        PartnerRow.landlord_id == landlord_id,
        PartnerRow.kind == "municipality",
        PartnerRow.agreement_from <= day,
        or_(PartnerRow.agreement_to.is_(None), PartnerRow.agreement_to > day),
    )
    return frozenset(session.scalars(statement))


def _people(session: Session, tenancy_ids: Sequence[int], day: date, now: datetime) -> dict[int, Addressees]:
    found: dict[int, Addressees] = {}
    for start in range(0, len(tenancy_ids), CHUNK):
        found |= load_addressees(session, tenancy_ids[start : start + CHUNK], day, now)
    return found


def _typical_rent(known: Sequence[int], figures: Figures) -> int:
    """Return the middle of the rents that are known, for a tenancy whose rent was never delivered."""
    if not known:
        return (figures["tenants.rent_from"] + figures["tenants.rent_to"]) // 2
    return sorted(known)[len(known) // 2]


def _tenancy(row: Any, items: Items, people: Addressees | None, agreement: bool, typical: int) -> Tenancy:
    flags = set(people.needs) if people else set()
    flags |= {"represented"} if people and people.represented else set()
    flags |= {"children"} if row.children else set()
    return Tenancy(
        key=row.external_ref,
        household=str(row.household_id),
        rent_cents=row.rent_cents or typical,
        channels=frozenset(people.targets) if people else frozenset(),
        blocked=dict(people.blocked) if people else {},
        flags=frozenset(flags),
        language=people.language if people else "nl",
        area=row.area,
        agreement=agreement,
        open_items=items,
    )


def _team(row: TeamRow | None, size: int, figures: Figures) -> Team:
    """Return a team with its own capacity; office work by the figures, to its size."""
    office = -(-figures["capacity.office"] * size // figures["capacity.tenancies"])
    if row is None:
        return Team(
            code=NO_TEAM,
            name="Zonder team",
            calls_per_day=figures["capacity.calls"],
            visits_per_day=figures["capacity.visits"],
            office_minutes_per_day=max(office, figures["capacity.office"] // 4),
        )
    return Team(
        code=row.code,
        name=row.name,
        calls_per_day=row.calls_per_day,
        visits_per_day=row.visits_per_day,
        office_minutes_per_day=max(office, figures["capacity.office"] // 4),
    )


def first_of_next_month(day: date) -> date:
    """Return the first day of the next month: where a simulation starts when nobody says otherwise."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)

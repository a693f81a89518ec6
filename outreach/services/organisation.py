"""Change the organisation: teams, areas, partners and users; each change is one transaction with its evidence."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import AreaRow, PartnerRow, TeamRow, UserRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import load_policy
from outreach.services.routes import route_in_force
from outreach.services.users import ROLES, add_user, new_password, set_password
from schedules.route_gate import is_valid_on, open_gaps_of

_SLUG = re.compile(r"[^a-z0-9]+")


def save_team(runtime: Runtime, actor: Actor, scope: Scope, team_id: int | None, values: Mapping[str, Any]) -> None:
    """Add or change a team: name, calls_per_day, visits_per_day. Raises Refused for a taken name."""
    with runtime.db.write() as session:
        same = scope.select(TeamRow).where(
            func.lower(TeamRow.name) == values["name"].lower(), TeamRow.id != (team_id or 0)
        )
        _refuse_taken(session.scalar(same), values["name"])
        row = _one(session, scope, TeamRow, team_id)
        if row is None:
            row = TeamRow(landlord_id=scope.landlord_id, code=_new_code(session, scope, TeamRow, values["name"]))
            session.add(row)
        _set(row, values)
        _note(runtime, session, scope, actor, "team_saved", {"team": row.code, **values})


def save_area(runtime: Runtime, actor: Actor, scope: Scope, area_id: int | None, values: Mapping[str, Any]) -> None:
    """Add or change an area: name, municipality, team_id. Raises Refused for a taken name or an unknown team."""
    with runtime.db.write() as session:
        same = scope.select(AreaRow).where(
            func.lower(AreaRow.name) == values["name"].lower(), AreaRow.id != (area_id or 0)
        )
        _refuse_taken(session.scalar(same), values["name"])
        _refuse_strange_team(session, scope, values["team_id"])
        row = _one(session, scope, AreaRow, area_id)
        if row is None:
            row = AreaRow(landlord_id=scope.landlord_id, code=_new_code(session, scope, AreaRow, values["name"]))
            session.add(row)
        _set(row, values)
        _note(runtime, session, scope, actor, "area_saved", {"area": row.code, **values})


def save_partner(
    runtime: Runtime, actor: Actor, scope: Scope, partner_id: int | None, values: Mapping[str, Any]
) -> None:
    """Add or change a partner of a municipality. Raises Refused for a second one of a kind,
    dates that cross, or a route that has ended or has open gaps."""
    starts, ends = values["agreement_from"], values["agreement_to"]
    if starts and ends and ends <= starts:
        raise Refused("De afspraak eindigt na het begin.", "The agreement ends after its start.")
    with runtime.db.write() as session:
        same = scope.select(PartnerRow).where(
            PartnerRow.municipality == values["municipality"],
            PartnerRow.kind == values["kind"],
            PartnerRow.id != (partner_id or 0),
        )
        if session.scalar(same) is not None:
            raise Refused(
                "Deze gemeente heeft al een partner van deze soort. Pas die aan.",
                "This municipality has a partner of this kind. Change that one.",
            )
        row = _one(session, scope, PartnerRow, partner_id)
        if values["route"] and (row is None or row.route != values["route"]):
            _refuse_closed_route(runtime, session, scope, values["route"])
        if row is None:
            row = PartnerRow(landlord_id=scope.landlord_id)
            session.add(row)
        _set(row, values)
        plain = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}
        _note(runtime, session, scope, actor, "partner_saved", plain)


def _refuse_closed_route(runtime: Runtime, session: Session, scope: Scope, name: str) -> None:
    """Refuse a route that has ended, or of which the source leaves something open that nobody filled in."""
    policy, route = load_policy(session, scope.landlord_id), route_in_force(session, scope.landlord_id, name)
    if route is None or not is_valid_on(route, runtime.calendar.day_of(runtime.clock())):
        raise Refused("Deze route geldt niet meer. Kies een andere.", "This route has ended. Choose another.")
    gaps = open_gaps_of(route, policy.settings.fills)
    if gaps:
        raise Refused(
            f"Vul eerst op de pagina van de route in wat niet in de bron staat ({len(gaps)}).",
            f"First fill in on the page of the route what is not in the source ({len(gaps)}).",
        )


def create_user(runtime: Runtime, actor: Actor, scope: Scope, values: Mapping[str, Any]) -> str:
    """Add a user with a made password and return it; it is shown once and kept nowhere. Raises Refused."""
    password = new_password()
    with runtime.db.write() as session:
        _refuse_strange_team(session, scope, values["team_id"])
        add_user(session, scope.landlord_id, password=password, now=runtime.clock(), **values)
        _note(runtime, session, scope, actor, "user_added", {"username": values["username"], "role": values["role"]})
    return password


def change_user(runtime: Runtime, actor: Actor, scope: Scope, user_id: int, values: Mapping[str, Any]) -> None:
    """Change name, role, team_id, phone and active. Raises Refused when no active admin would be left."""
    with runtime.db.write() as session:
        row = _known(session, scope, user_id)
        _refuse_strange_team(session, scope, values["team_id"])
        if values["role"] not in ROLES:
            raise Refused("Kies een rol.", "Choose a role.")
        if row.role == "admin" and row.active and not (values["role"] == "admin" and values["active"]):
            _refuse_last_admin(session, scope, user_id)
        _set(row, values)
        changed = {"username": row.username, "role": row.role, "active": row.active}
        _note(runtime, session, scope, actor, "user_changed", changed)


def renew_password(runtime: Runtime, actor: Actor, scope: Scope, user_id: int, password: str | None = None) -> str:
    """Give a user this or a made password and return it; older sessions end. Raises Refused when it is short."""
    chosen = password or new_password()
    with runtime.db.write() as session:
        row = _known(session, scope, user_id)
        set_password(session, row, chosen)
        _note(runtime, session, scope, actor, "password_changed", {"username": row.username})
    return chosen


def _known(session: Session, scope: Scope, user_id: int) -> UserRow:
    row = session.scalar(scope.select(UserRow).where(UserRow.id == user_id))
    if row is None:
        raise Refused("Deze gebruiker bestaat niet.", "This user does not exist.")
    return row


def _one(session: Session, scope: Scope, table: Any, row_id: int | None) -> Any:
    if row_id is None:
        return None
    row = session.scalar(scope.select(table).where(table.id == row_id))
    if row is None:
        raise Refused("Dit bestaat niet meer.", "This does not exist any more.")
    return row


def _refuse_taken(row: object, name: str) -> None:
    if row is not None:
        raise Refused(f"De naam {name} is al in gebruik.", f"The name {name} is taken.")


def _refuse_strange_team(session: Session, scope: Scope, team_id: int | None) -> None:
    if team_id is not None and session.scalar(scope.select(TeamRow).where(TeamRow.id == team_id)) is None:
        raise Refused("Dit team bestaat niet.", "This team does not exist.")


def _refuse_last_admin(session: Session, scope: Scope, user_id: int) -> None:
    others = scope.select(UserRow).where(UserRow.role == "admin", UserRow.active, UserRow.id != user_id)
    if session.scalar(others.limit(1)) is None:
        raise Refused(
            "Er moet een beheerder overblijven. Maak eerst iemand anders beheerder.",
            "An administrator must remain. Make somebody else administrator first.",
        )


def _new_code(session: Session, scope: Scope, table: Any, name: str) -> str:
    """Make a code of a name that is not in use yet."""
    slug = _SLUG.sub("-", name.lower()).strip("-")[:50] or "x"
    statement: Any = scope.narrow(select(table.code), table)
    taken = set(session.scalars(statement))
    return next(code for code in (slug, *(f"{slug}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _note(
    runtime: Runtime, session: Session, scope: Scope, actor: Actor, kind: str, payload: Mapping[str, Any]
) -> None:
    session.flush()
    book = EvidenceBook(session, scope.landlord_id, runtime.clock())
    book.note(kind, actor, dict(payload))
    book.write()

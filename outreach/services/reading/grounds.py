"""The grounds that the routes of a landlord's partners ask for, so that staff can record them on a case."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import PartnerRow
from outreach.services.routes import route_in_force
from schedules.route import Titles


def read_route_grounds(session: Session, scope: Scope) -> Mapping[str, Titles]:
    """Return the titles of grounds, and of openings that only a person can tell, of the routes of active partners."""
    statement = select(PartnerRow.route).where(
        PartnerRow.landlord_id == scope.landlord_id, PartnerRow.active, PartnerRow.route.is_not(None)
    )
    names = sorted({name for name in session.scalars(statement) if name})
    routes = (route_in_force(session, scope.landlord_id, name) for name in names)
    found = [route for route in routes if route is not None]
    grounds = {each.key: each.title for route in found for each in route.grounds}
    openings = {each.key: each.title for route in found for each in route.opens_when if each.by_person}
    return {**openings, **grounds}

"""The route that a partner works by: which fields it gets, and when its feedback is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from outreach.db.tables import PartnerRow
from outreach.services.documents import active_versions, body_of
from schedules.ladder import Gap
from schedules.route import RouteDefinition, parse_route

KIND = "route"


@dataclass(frozen=True, kw_only=True)
class Handover:
    """How a referral to a partner is made: fields, days until feedback, and the version of its route."""

    fields: tuple[str, ...]
    feedback_days: int
    route_version_id: int | None = None


@lru_cache(maxsize=32)
def _parsed(body: str) -> RouteDefinition:
    return parse_route(body)


def handover(session: Session, partner: PartnerRow, fills: Mapping[str, int | str]) -> Handover:
    """Give the hand-over of a partner: by its route when it has one, else by its own settings.

    A clock that the source leaves open takes the landlord's filling, and without it the partner's own days.
    """
    own = Handover(fields=tuple(partner.fields), feedback_days=partner.feedback_days)
    if partner.route is None:
        return own
    version = active_versions(session, partner.landlord_id).get((KIND, partner.route))
    if version is None:
        return own
    route = _parsed(body_of(session, version))
    days: int | str = own.feedback_days
    if route.feedback:
        clock = route.feedback[0].days
        days = fills.get(clock.name, days) if isinstance(clock, Gap) else clock
    fields = tuple(each.field for each in route.fields)
    return Handover(fields=fields, feedback_days=int(days), route_version_id=version.id)

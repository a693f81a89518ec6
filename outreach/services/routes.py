"""The route that a partner works by: its openings, grounds, quota, fields, feedback clocks and pause."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import DocumentRow, PartnerRow, ReferralRow
from outreach.services.documents import Version, active_versions, body_of
from schedules.ladder import Source
from schedules.route import FeedbackClock, HandedOver, PauseCondition, PauseRule, RouteDefinition, parse_route

KIND = "route"
PLAIN = "partner"
"""The name of the route of a partner that has none: its own fields and feedback days."""

PAUSE_FOR_HELP = PauseRule(
    when="help_accepted",
    conditions=(
        PauseCondition(
            key="current_rent_paid",
            check="current_rent_paid",
            title={"nl": "De huur wordt elke maand betaald", "en": "The rent is paid each month"},
        ),
        PauseCondition(
            key="help_going_on",
            check="help_going_on",
            title={"nl": "De hulp gaat door", "en": "The help goes on"},
        ),
    ),
    max_days=91,
)
"""What accepted help pauses when no route says otherwise: three months, then somebody looks again."""

FEEDBACK = {"nl": "Terugmelding", "en": "Feedback"}


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a case is referred to a partner: a route, and the version that a referral names when it is a document."""

    route: RouteDefinition
    version_id: int | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields that are handed over."""
        return tuple(each.field for each in self.route.fields)


@lru_cache(maxsize=64)
def _parsed(body: str) -> RouteDefinition:
    return parse_route(body)


def route_in_force(session: Session, landlord_id: int, name: str) -> RouteDefinition | None:
    """Give a route of a landlord by name, None when none is in force."""
    version = active_versions(session, landlord_id).get((KIND, name))
    return None if version is None else _parsed(body_of(session, version))


def way_to(session: Session, partner: PartnerRow) -> Way:
    """Give the way to a partner: its route in force when it has one, else its own settings."""
    if partner.route is None:
        return Way(route=plain_route(partner))
    version = active_versions(session, partner.landlord_id).get((KIND, partner.route))
    if version is None:
        return Way(route=plain_route(partner))
    return Way(route=_parsed(body_of(session, version)), version_id=version.id)


def way_of(session: Session, referral: ReferralRow, partner: PartnerRow) -> Way:
    """Give the way by which a referral was made: the route version that it names."""
    if referral.route_version_id is None:
        return Way(route=plain_route(partner))
    return Way(route=route_of(session, referral.route_version_id), version_id=referral.route_version_id)


def route_of(session: Session, version_id: int) -> RouteDefinition:
    """Give the route of a version, also one that is no longer in force."""
    row = session.execute(select(DocumentRow.id, DocumentRow.content_hash).where(DocumentRow.id == version_id)).one()
    return _parsed(body_of(session, Version(id=row.id, content_hash=row.content_hash)))


def plain_route(partner: PartnerRow) -> RouteDefinition:
    """Make the route of a partner without one: no openings or quota, its fields, one feedback, help pauses."""
    clock = FeedbackClock(key="feedback", days=partner.feedback_days, title=FEEDBACK)
    reason = {"nl": "", "en": ""}
    return RouteDefinition(
        name=PLAIN,
        title={"nl": partner.name, "en": partner.name},
        status="own",
        valid_from=date.min,
        source=Source(document="", year=0, lines="", description=""),
        target=partner.kind,
        opens_when=(),
        grounds=(),
        grounds_needed="none",
        needs=(),
        fields=tuple(HandedOver(field=each, reason=reason) for each in partner.fields),
        feedback=(clock,),
        pause=PAUSE_FOR_HELP,
        notes=(),
        gaps=(),
    )

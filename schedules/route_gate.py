"""Whether a route is open for a case: what opens it, its grounds, its needs, its validity, its quota and its queue."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from schedules.case_view import CaseView
from schedules.conditions import missing_needs
from schedules.decisions import Reason
from schedules.ladder import GapNote
from schedules.matching import holds_all, unmet
from schedules.route import Opening, RouteDefinition
from schedules.terms import Fills, filled


class Dated(Protocol):
    """Anything with a first and a last day of validity: a route or a trajectory."""

    @property
    def valid_from(self) -> date:
        """Return the first day."""

    @property
    def valid_to(self) -> date | None:
        """Return the last day, None when there is none."""

    @property
    def gaps(self) -> tuple[GapNote, ...]:
        """Return the gaps of its source."""


def is_valid_on(definition: Dated, day: date) -> bool:
    """Say whether a route or trajectory is in force on a civil day; `valid_to` is the last day."""
    return definition.valid_from <= day and (definition.valid_to is None or day <= definition.valid_to)


def open_gaps_of(definition: Dated, fills: Fills) -> tuple[GapNote, ...]:
    """Return the gaps of a route or trajectory that no setting fills; with any it cannot be switched on."""
    return tuple(gap for gap in definition.gaps if gap.name not in fills)


def holding(openings: tuple[Opening, ...], view: CaseView, confirmed: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the keys of the openings that hold: by the facts, or confirmed by a person."""
    return tuple(each.key for each in openings if _holds(each, view, confirmed))


def _holds(opening: Opening, view: CaseView, confirmed: frozenset[str]) -> bool:
    return opening.key in confirmed if opening.condition is None else holds_all(opening.condition, view)


def why_not_open(route: RouteDefinition, view: CaseView, confirmed: frozenset[str] = frozenset()) -> tuple[Reason, ...]:
    """Return every reason why a route is not open for a case now, empty when it is.

    `confirmed` holds the keys of the openings that a person says hold; grounds are those recorded on the case.
    Titles of openings and grounds come from `names_of(route)`.
    """
    return (
        *_validity(route, view.today),
        *_openings(route.opens_when, view, confirmed),
        *_grounds(route, view.facts.grounds),
        *missing_needs(route.needs, route.target, view),
    )


def names_of(route: RouteDefinition, language: str = "nl") -> dict[str, str]:
    """Return the titles of a route's openings and grounds by key, for `schedules.reasons.reason_text`."""
    openings = {each.key: each.title[language] for each in route.opens_when}
    return openings | {each.key: each.title[language] for each in route.grounds}


def _validity(definition: Dated, today: date) -> Iterator[Reason]:
    if definition.valid_to is not None and today > definition.valid_to:
        yield Reason(code="route_ended", params={"day": definition.valid_to})
    elif today < definition.valid_from:
        yield Reason(code="route_not_yet", params={"day": definition.valid_from})


def _openings(openings: tuple[Opening, ...], view: CaseView, confirmed: frozenset[str]) -> Iterator[Reason]:
    if holding(openings, view, confirmed):
        return
    for each in openings:
        code = "route_waits_for_person" if each.by_person else "route_not_opened"
        yield Reason(code=code, params={"opening": each.key})
        if each.condition is not None and len(openings) == 1:
            yield from unmet(each.condition, view)


def _grounds(route: RouteDefinition, found: frozenset[str]) -> Iterator[Reason]:
    missing = [ground.key for ground in route.grounds if ground.key not in found]
    if route.grounds_needed == "all":
        yield from (Reason(code="route_ground_missing", params={"ground": key}) for key in missing)
    elif route.grounds_needed == "any" and len(missing) == len(route.grounds):
        yield Reason(code="route_needs_a_ground")


def quota_left(route: RouteDefinition, this_month: int, this_year: int, fills: Fills) -> int | None:
    """Return how many referrals may still go now, given the counts so far; None when there is no quota.

    A quota whose number is an open gap leaves room for none.
    """
    if route.quota is None:
        return None
    limits = ((route.quota.per_month, this_month), (route.quota.per_year, this_year))
    return min(max((filled(limit, fills) or 0) - sent, 0) for limit, sent in limits if limit is not None)


def queue_rank(route: RouteDefinition, flags: frozenset[str]) -> int:
    """Return the place of a case in the queue for a quota: 0 goes first (rules.md 12)."""
    ranks = [number for number, each in enumerate(route.priority) if each.flag in flags]
    return min(ranks, default=len(route.priority))

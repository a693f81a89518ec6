"""The days of a trajectory: reviews, end, warnings; and its states as one table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from schedules.route import Titles
from schedules.route_clocks import DatedCaution, dated_cautions
from schedules.terms import Fills, filled, later
from schedules.trajectory import Review, TrajectoryDefinition

MOST_REVIEWS = 1000
NONE_FILLED: Fills = MappingProxyType({})


class TrajectoryState(StrEnum):
    """Where a trajectory stands. Flipped is back to a normal lease; stopped means that the eviction resumes."""

    PROPOSED = "proposed"
    RUNNING = "running"
    COMPLETED = "completed"
    FLIPPED = "flipped"
    STOPPED = "stopped"
    REFUSED = "refused"


class TrajectoryEvent(StrEnum):
    """What people decide; none of these comes by itself (rules.md 9)."""

    PROPOSE = "propose"
    START = "start"
    REFUSE = "refuse"
    COMPLETE = "complete"
    FLIP = "flip"
    STOP = "stop"


TRANSITIONS: Mapping[tuple[TrajectoryState, TrajectoryEvent], TrajectoryState] = MappingProxyType(
    {
        (TrajectoryState.PROPOSED, TrajectoryEvent.START): TrajectoryState.RUNNING,
        (TrajectoryState.PROPOSED, TrajectoryEvent.REFUSE): TrajectoryState.REFUSED,
        (TrajectoryState.PROPOSED, TrajectoryEvent.STOP): TrajectoryState.STOPPED,
        (TrajectoryState.REFUSED, TrajectoryEvent.PROPOSE): TrajectoryState.PROPOSED,
        (TrajectoryState.RUNNING, TrajectoryEvent.COMPLETE): TrajectoryState.COMPLETED,
        (TrajectoryState.RUNNING, TrajectoryEvent.FLIP): TrajectoryState.FLIPPED,
        (TrajectoryState.RUNNING, TrajectoryEvent.STOP): TrajectoryState.STOPPED,
    }
)
"""Every move there is; a refused offer may be made again (rules.md 17), an ended trajectory stays ended."""


def next_state(state: TrajectoryState, event: TrajectoryEvent) -> TrajectoryState | None:
    """Return the state after an event, None when that event cannot come in this state."""
    return TRANSITIONS.get((state, event))


@dataclass(frozen=True, kw_only=True)
class DatedReview:
    """One review with its civil day; `number` counts from 1 within its key."""

    key: str
    number: int
    on: date
    title: Titles


def reviews_due(
    trajectory: TrajectoryDefinition, started_on: date, until: date, fills: Fills = NONE_FILLED
) -> tuple[DatedReview, ...]:
    """Return the reviews from the start until a civil day, that day included, by day; open gaps give none."""
    found = [due for review in trajectory.reviews for due in _dates_of(review, started_on, until, fills)]
    return tuple(sorted(found, key=lambda due: due.on))


def _dates_of(review: Review, started_on: date, until: date, fills: Fills) -> Iterator[DatedReview]:
    for number in range(1, (filled(review.times, fills) or MOST_REVIEWS) + 1):
        on = _review_day(review, number, started_on, fills)
        if on is None or on > until:
            return
        yield DatedReview(key=review.key, number=number, on=on, title=review.title)


def _review_day(review: Review, number: int, started_on: date, fills: Fills) -> date | None:
    """Return the day of the so-manieth review: the first `after`, else one interval after the start."""
    first = later(started_on, review.after_days, review.after_months, fills)
    has_first = review.after_days is not None or review.after_months is not None
    if has_first and (first is None or number == 1):
        return first
    rounds = number - 1 if has_first else number
    days, months = filled(review.every_days, fills), filled(review.every_months, fills)
    if not days and not months:
        return None
    return later(first or started_on, days and days * rounds, months and months * rounds, fills)


def ends_on(trajectory: TrajectoryDefinition, started_on: date, fills: Fills = NONE_FILLED) -> date | None:
    """Return the first civil day on which a trajectory has lasted its most, None while that is an open gap."""
    return later(started_on, trajectory.end.max_days, trajectory.end.max_months, fills)


def ends_not_before(trajectory: TrajectoryDefinition, started_on: date, fills: Fills = NONE_FILLED) -> date | None:
    """Return the first civil day on which a trajectory has lasted its least, None when there is no least."""
    return later(started_on, trajectory.end.min_days, trajectory.end.min_months, fills)


def warnings_for(
    trajectory: TrajectoryDefinition, started_on: date, judgment_on: date | None, fills: Fills = NONE_FILLED
) -> tuple[DatedCaution, ...]:
    """Return the warnings with their days: from the start, or from the judgment when that is known."""
    since = {"start": started_on}
    if judgment_on is not None:
        since["judgment"] = judgment_on
    return dated_cautions(trajectory.warnings, since, fills)

"""Last chances: the table of states, reviews, ends, warnings, and evidence for every verdict."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.errors import LadderError
from schedules.trajectory import load_trajectory, parse_trajectory, trajectory_names, trajectory_text
from schedules.trajectory_clocks import (
    TrajectoryEvent,
    TrajectoryState,
    ends_not_before,
    ends_on,
    next_state,
    reviews_due,
    warnings_for,
)

STARTED_ON = date(2026, 10, 5)
MOVES = {
    ("proposed", "start"): "running",
    ("proposed", "refuse"): "refused",
    ("proposed", "stop"): "stopped",
    ("refused", "propose"): "proposed",
    ("running", "complete"): "completed",
    ("running", "flip"): "flipped",
    ("running", "stop"): "stopped",
}


@pytest.mark.parametrize(("state", "event"), list(product(TrajectoryState, TrajectoryEvent)))
def test_every_state_meets_every_event(state: TrajectoryState, event: TrajectoryEvent) -> None:
    assert next_state(state, event) == MOVES.get((state.value, event.value))


def test_a_refused_offer_can_be_made_again_and_an_ended_one_stays_ended() -> None:
    assert next_state(TrajectoryState.REFUSED, TrajectoryEvent.PROPOSE) is TrajectoryState.PROPOSED
    for ended in (TrajectoryState.COMPLETED, TrajectoryState.FLIPPED, TrajectoryState.STOPPED):
        assert all(next_state(ended, event) is None for event in TrajectoryEvent)


def test_the_tussenvoorziening_reports_every_three_months_and_looks_back_after_a_year() -> None:
    """Keep S001 L558 and L564."""
    trajectory = load_trajectory("tussenvoorziening_laatste_kans")
    due = reviews_due(trajectory, STARTED_ON, date(2027, 10, 5))
    assert [(review.key, review.on) for review in due] == [
        ("feedback", date(2027, 1, 5)),
        ("feedback", date(2027, 4, 5)),
        ("feedback", date(2027, 7, 5)),
        ("feedback", date(2027, 10, 5)),
        ("evaluation", date(2027, 10, 5)),
    ]
    assert ends_on(trajectory, STARTED_ON) is None
    assert ends_on(trajectory, STARTED_ON, {"tussenvoorziening_maanden": 24}) == date(2028, 10, 5)


def test_tilburg_takes_two_half_years_with_three_evaluations_and_warns_of_old_debt() -> None:
    """Keep S000 L242, L1042 and L1044."""
    trajectory = load_trajectory("tilburg_tweede_kans")
    assert ends_on(trajectory, STARTED_ON) == date(2027, 10, 5)
    assert ends_not_before(trajectory, STARTED_ON) == date(2027, 4, 5)
    due = reviews_due(trajectory, STARTED_ON, date(2030, 1, 1), {"tilburg_evaluatie_maanden": 4})
    assert sum(review.key == "evaluation" for review in due) == 3
    (warning,) = warnings_for(trajectory, STARTED_ON, None)
    assert warning.on is None and "50%" in warning.title["nl"]


def test_a_judgment_loses_its_force_before_the_trajectory_ends() -> None:
    """Keep S000 L1124."""
    trajectory = load_trajectory("tussenvoorziening_laatste_kans")
    (warning,) = warnings_for(trajectory, STARTED_ON, date(2026, 9, 21))
    end = ends_on(trajectory, STARTED_ON, {"tussenvoorziening_maanden": 24})
    assert warning.on == date(2027, 9, 21) and end is not None and warning.on < end


@pytest.mark.parametrize("name", trajectory_names())
def test_every_trajectory_has_owner_conditions_reviews_end_and_evidence(name: str) -> None:
    trajectory = load_trajectory(name)
    fills = {gap.name: gap.example for gap in trajectory.gaps}
    assert trajectory.name == name and trajectory.owner and trajectory.source.lines
    last = ends_on(trajectory, STARTED_ON, fills)
    assert last is not None and last > STARTED_ON
    assert reviews_due(trajectory, STARTED_ON, last, fills)
    evidence = [each.evidence for each in trajectory.conditions]
    evidence += [each.evidence for each in (*trajectory.ends_when, *trajectory.flips_when)]
    assert all(each["nl"] and each["en"] for each in evidence)
    assert {"eviction_resumes", "normal_lease"} & {each.to for each in trajectory.flips_when}


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 2000), st.sampled_from(trajectory_names()))
def test_reviews_come_in_order_after_the_start_and_grow_with_the_horizon(start: date, days: int, name: str) -> None:
    trajectory = load_trajectory(name)
    fills = {gap.name: gap.example for gap in trajectory.gaps}
    until = start + timedelta(days=days)
    due = reviews_due(trajectory, start, until, fills)
    assert all(start < review.on <= until for review in due)
    assert [review.on for review in due] == sorted(review.on for review in due)
    longer = reviews_due(trajectory, start, until + timedelta(days=30), fills)
    assert all(review in longer for review in due)


FAULTS = (
    ("decided_by: judge", "decided_by: juge", "did you mean 'judge'"),
    ("end: {min_months: 6, max_months: 12}", "end: {min_months: 6}", "every trajectory has an end date"),
    ("    after_months: 6\n", "", "say when: after_days"),
    ("to: normal_lease", "to: nowhere", "'nowhere' is not known here"),
)


@pytest.mark.parametrize(("good", "bad", "message"), FAULTS)
def test_a_fault_in_a_trajectory_is_named(good: str, bad: str, message: str) -> None:
    text = trajectory_text("tilburg_tweede_kans")
    assert good in text
    with pytest.raises(LadderError, match=message):
        parse_trajectory(text.replace(good, bad, 1))

"""A text may name a measure only from the step on which it is really possible, in every ladder that ships."""

import pytest

from schedules.ladder import DaysFromDate, Ladder, StepKind
from schedules.possible_measures import MEASURES, measures_of_stage, possible_measures
from schedules.shipped import load_shipped, shipped_names


def written(ladder: Ladder) -> dict[str, frozenset[str]]:
    return {step.key: possible_measures(ladder, step) for step in ladder.steps}


@pytest.mark.parametrize("name", shipped_names())
def test_nothing_heavy_is_possible_at_the_first_step(name: str) -> None:
    ladder = load_shipped(name)
    first = ladder.steps[0]

    if first.kind is StepKind.MESSAGE and not any(isinstance(clock, DaysFromDate) for clock in first.clocks):
        assert possible_measures(ladder, first) <= {"early_signal"}


@pytest.mark.parametrize("name", shipped_names())
def test_eviction_is_possible_only_where_a_judge_has_spoken(name: str) -> None:
    ladder = load_shipped(name)

    for step in ladder.steps:
        dates = {clock.date for clock in step.clocks if isinstance(clock, DaysFromDate)}
        assert ("eviction" in possible_measures(ladder, step)) == bool(dates & {"judgment", "eviction"})


@pytest.mark.parametrize("name", shipped_names())
def test_a_bailiff_is_nowhere_possible_without_an_early_signal_and_a_visit_or_talk(name: str) -> None:
    ladder = load_shipped(name)
    signals = [step for step in ladder.steps if step.target == "municipality"]
    talks = [step for step in ladder.steps if step.kind in {StepKind.VISIT, StepKind.CALL}]

    if not (signals and talks):
        assert all("bailiff" not in measures for measures in written(ladder).values())


@pytest.mark.parametrize("name", shipped_names())
def test_a_stage_allows_what_one_of_its_steps_allows(name: str) -> None:
    ladder = load_shipped(name)

    for stage in ladder.stages:
        of_steps = [possible_measures(ladder, step) for step in ladder.steps if step.stage == stage.key]
        assert measures_of_stage(ladder, stage.key) == frozenset[str]().union(*of_steps) <= MEASURES


def test_an_unknown_stage_is_named() -> None:
    with pytest.raises(KeyError, match="nergens"):
        measures_of_stage(load_shipped("standaard"), "nergens")

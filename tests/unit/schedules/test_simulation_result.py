"""What a simulation tells: intervals that hold, differences on the same tenants, a workload that is quick."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from schedules.calendar import Calendar, load_law
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped
from schedules.simulation.intervals import draws, poisson, quantile, quantile_estimate
from schedules.simulation.measures import GROUPS, MEASURES
from schedules.simulation.result import difference_of, result_of
from schedules.simulation.workload import workload
from tests.support.simulated import changed_ladder, make_run, play, standard_played

pytestmark = pytest.mark.unit


def test_every_measure_lies_in_its_interval_and_goes_into_json() -> None:
    played = standard_played()
    found = result_of(played.run, played.tally)
    for name, each in found["measures"].items():
        assert each["low"] <= each["value"] <= each["high"], name
    assert json.loads(json.dumps(found)) == found
    assert found["measures"]["cases"]["value"] == played.tally.total("cases")
    shares = [each["share"] for each in found["reached_by_day"]]
    assert shares == sorted(shares)
    reached = found["measures"]["reached_share"]["value"]
    assert shares[-1] <= reached + 1e-9
    assert sum(found["contacts_per_household"].values()) == found["measures"]["households"]["value"]
    assert max(int(most) for most in found["most_in_7_days"]) <= 2


def test_a_ladder_against_itself_differs_in_nothing() -> None:
    played = standard_played()
    found = difference_of(played.run, played.tally, played.run, played.tally)
    assert all(each == {"value": 0, "low": 0, "high": 0} for each in found["measures"].values())
    assert found["first_talk_days"]["median"]["value"] == 0


def test_the_same_tenants_make_a_difference_sharper_than_two_separate_runs() -> None:
    few, many = changed_ladder(robocall=1, call=1), changed_ladder(robocall=3, call=2)
    first, second = (make_run(ladder, tenancies=600, months=4) for ladder in (few, many))
    ours, theirs = play(first).tally, play(second).tally
    paired = difference_of(first, ours, second, theirs)["measures"]["cases"]
    alone = result_of(first, ours)["measures"]["cases"]
    assert paired["high"] - paired["low"] < alone["high"] - alone["low"]


def test_the_interval_of_a_rare_count_is_the_known_one() -> None:
    for count, low, high in ((0, 0.0, 3.69), (1, 0.03, 5.57), (10, 4.80, 18.39), (100, 81.36, 121.63)):
        found = poisson(count)
        assert found[0] == pytest.approx(low, abs=0.1)
        assert found[1] == pytest.approx(high, rel=0.02)


def test_nineteen_of_twenty_intervals_of_a_median_hold_it() -> None:
    chance, held = Random(3), 0
    for _ in range(200):
        days = Counter(int(chance.expovariate(1 / 20)) for _ in range(120))
        found = quantile_estimate(days, 0.5)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 13 <= found.high
    assert held >= 184
    assert quantile(Counter(), 0.5) is None


def test_the_bootstrap_draws_the_same_blocks_for_the_same_seed() -> None:
    assert draws(4, 3) == draws(4, 3) != draws(5, 3)


def test_the_workload_of_a_ladder_with_visits_asks_visits() -> None:
    calendar, settings = Calendar(load_law()), PolicySettings(minimum_amount_cents=2500)
    whole = workload(load_shipped("standaard"), settings, calendar)
    without = workload(changed_ladder(steps=("reminder",)), settings, calendar)
    assert whole.visits_per_week > 0 == without.visits_per_week
    assert whole.hours_per_week > without.hours_per_week
    assert set(without.contacts_per_week) == {"message"}
    assert whole.days_to_handed_over is not None
    assert without.days_to_handed_over is None


def test_the_workload_grows_with_the_portfolio_it_is_shown_for() -> None:
    calendar, settings = Calendar(load_law()), PolicySettings(minimum_amount_cents=2500)
    ladder = load_shipped("standaard")
    small, large = (workload(ladder, settings, calendar, tenancies=200, shown_for=size) for size in (1000, 10_000))
    assert large.hours_per_week == pytest.approx(10 * small.hours_per_week, rel=0.02)
    assert large.reached_share == small.reached_share


def test_prices_make_the_cost() -> None:
    played = standard_played()
    dear = replace(played.run.figures, values={**played.run.figures.values, "cost.staff_hour": 11_000})
    cost = [
        result_of(run, played.tally)["measures"]["cost_staff_cents"]["value"]
        for run in (played.run, replace(played.run, figures=dear))
    ]
    assert cost[1] == pytest.approx(2 * cost[0])
    assert {each.unit for each in MEASURES} == {"count", "share", "cents", "hours", "each"}
    assert sorted(key for keys in GROUPS.values() for key in keys) == sorted(each.key for each in MEASURES)

"""The figures behind a simulation: sourced, read strictly, and set so that known results come out."""

import pytest

from schedules.behaviour import profiles
from schedules.simulation.figures import Figures, FiguresError, default_figures, read_figures
from schedules.simulation.portfolio import made_up_portfolio
from tests.support.simulated import make_run, play

pytestmark = pytest.mark.unit


def test_every_figure_has_a_meaning_in_two_languages_and_a_source() -> None:
    for figure in default_figures().figures.values():
        assert figure.title["nl"]
        assert figure.title["en"]
        assert figure.source
    sourced = [each for each in default_figures().figures.values() if not each.source.startswith("assumption")]
    assert len(sourced) > 10


def test_the_kinds_of_tenants_are_those_of_the_sandbox() -> None:
    shared = {profile.kind: (profile.share, profile.answers, profile.visit_home) for profile in profiles()}
    ours = {each.kind: (each.share, each.answers, each.visit_home) for each in default_figures().profiles}
    assert ours == shared


def test_an_own_file_replaces_what_it_names_and_keeps_the_rest() -> None:
    own = read_figures(
        "help:\n  accepts: {value: 60, source: eigen telling 2026}\ncost: {letter: 150}\n"
        "profiles:\n  avoider: {keeps: 40}\ndelivery: {sms: {undelivered: 9}}\n"
    )
    assert own["help.accepts"] == 60
    assert own.figures["help.accepts"].source == "eigen telling 2026"
    assert own["cost.letter"] == 150
    assert own.habits["avoider"].keeps == 40
    assert own.delivery["sms"]["undelivered"] == 9
    assert own["help.not_reached"] == default_figures()["help.not_reached"]
    assert default_figures()["cost.letter"] != 150


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("help:\n  acepts: 50\n", 2, "did you mean 'accepts'"),
        ("help:\n  accepts: 101\n", 2, "above 100"),
        ("legal:\n  executed: 400\n", 2, "above 1000"),
        ("capacity:\n  tenancies: 0\n", 2, "below 1"),
        ("help:\n  accepts: veel\n", 2, "not integer"),
        ("profiles:\n  on_time: {share: 50}\n", 1, "add up to"),
        ("replies:\n  avoider: {stop: 50}\n", 2, "add up to 50"),
        ("profiles:\n  avoider: {late_from: 90}\n", 2, "late_from is before"),
        ("hulp: {}\n", 1, "unknown key"),
        ("help: [\n", 2, "not readable"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(FiguresError) as caught:
        read_figures(text, "eigen.yaml")
    found = [problem for problem in caught.value.problems if problem.line == line]
    assert any(said in str(problem) for problem in found), caught.value


def _paid_within(figures: Figures, days: int, *, reminded: bool) -> float:
    """Return the share of those who still owe on day 5 that pay within so many days more."""
    whole, paid = 0.0, 0.0
    for profile in figures.profiles:
        habits = figures.habits[profile.kind]
        late = range(habits.late_from, habits.late_to)
        each = habits.by_himself / 100 / len(late)
        still = 1 - each * sum(day <= 5 for day in late)
        alone = each * sum(5 < day <= 5 + days for day in late) / still
        pushed = profile.pays / 100 * min(days, profile.within_days) / profile.within_days * 0.94 if reminded else 0
        weight = profile.share * habits.misses * still
        whole += weight
        paid += weight * (alone + (1 - alone) * pushed)
    return 100 * paid / whole


def test_a_reminder_does_about_what_was_measured_at_rochdale() -> None:
    """31,8% against 25,5% within 5 days, and nearly 10 points more within 15 days."""
    figures = default_figures()
    alone, reminded = (_paid_within(figures, 5, reminded=each) for each in (False, True))
    assert alone == pytest.approx(25.5, abs=2)
    assert reminded == pytest.approx(31.8, abs=3)
    later = _paid_within(figures, 15, reminded=True) - _paid_within(figures, 15, reminded=False)
    assert later == pytest.approx(10, abs=2)


def test_a_third_of_the_reports_reaches_nobody() -> None:
    read = read_figures("help: {too_light: 0, accepts: 100}\narrears: {in_trouble: 60}\n")
    tally = play(make_run(tenancies=200, months=4, figures=read)).tally
    states = {key[2]: count for key, count in tally.counts.items() if key[:2] == ("feedback", "municipality")}
    assert states["closed"] / sum(states.values()) == pytest.approx(0.33, abs=0.1)


def test_a_last_team_has_capacity_to_its_size() -> None:
    first, last = made_up_portfolio(3000, default_figures()).parts
    assert (first.size, last.size) == (2500, 500)
    assert last.team.visits_per_day == 2
    assert last.team.calls_per_day == 5

"""Routes and trajectories are proven too; each property is shown to fail on a document made for it."""

from dataclasses import replace
from datetime import date

import pytest

from schedules.proof.model import Proof, Status
from schedules.proof.partners import prove_route, prove_trajectory
from schedules.route import Quota, RouteDefinition, load_route, route_names
from schedules.trajectory import TrajectoryDefinition, load_trajectory, trajectory_names

pytestmark = pytest.mark.unit
TODAY = date(2026, 11, 27)
ENDED = {"rotterdam_flexibel_wonen"}
FORGET_A_PAUSE = {
    "amsterdam_vroeg_eropaf", "den_haag", "drechtsteden_spoor_1", "drechtsteden_spoor_2", "laatste_kans",
    "utrecht_voorkom_huisuitzetting", "woonbegeleiding",
}  # fmt: skip


def filled(document: RouteDefinition | TrajectoryDefinition) -> dict[str, int | str]:
    return {gap.name: gap.example for gap in document.gaps}


def refuted(proof: Proof) -> set[str]:
    return {finding.key for finding in proof.findings if finding.status is Status.REFUTED}


@pytest.mark.parametrize("name", route_names())
def test_a_route_with_floor_and_examples_is_proven_unless_it_has_ended(name: str) -> None:
    route = load_route(name)
    proof = prove_route(route, filled(route), TODAY)
    assert proof.status is (Status.REFUTED if name in ENDED else Status.PROVEN)
    assert all(finding.why and finding.why.nl and finding.why.en for finding in proof.findings if finding.why)
    bare = prove_route(route, {}, TODAY)
    assert bare.status is (Status.REFUTED if name in ENDED else Status.GAP if route.gaps else Status.PROVEN)


def test_the_sources_that_forget_who_ends_a_pause_are_refuted_without_the_floor() -> None:
    found = {
        name
        for name in route_names()
        if "pause_never_forgotten"
        in refuted(prove_route(load_route(name), filled(load_route(name)), TODAY, floor=False))
    }
    assert found == FORGET_A_PAUSE


def test_a_referral_that_nobody_follows_up_is_refuted() -> None:
    silent = replace(load_route("sociaal_team_algemeen"), feedback=())
    assert "referrals_followed_up" in refuted(prove_route(silent, {}, TODAY, floor=False))


def test_a_feedback_that_waits_for_acceptance_may_never_come() -> None:
    route = load_route("sociaal_team_algemeen")
    waiting = replace(route, feedback=tuple(replace(clock, after="accepted") for clock in route.feedback))
    assert "referrals_followed_up" in refuted(prove_route(waiting, {}, TODAY, floor=False))


def test_a_quota_of_nobody_is_refuted() -> None:
    closed = replace(load_route("sociaal_team_algemeen"), quota=Quota(per_month=0, per_year=200))
    assert "queue_moves" in refuted(prove_route(closed, {}, TODAY))


def test_a_route_that_has_ended_is_refuted() -> None:
    ended = replace(load_route("sociaal_team_algemeen"), valid_to=date(2026, 1, 1))
    assert refuted(prove_route(ended, {}, TODAY)) == {"valid"}


@pytest.mark.parametrize("name", trajectory_names())
def test_a_trajectory_with_examples_is_proven(name: str) -> None:
    trajectory = load_trajectory(name)
    proof = prove_trajectory(trajectory, filled(trajectory), TODAY)
    assert proof.status is Status.PROVEN, [finding for finding in proof.findings if finding.why]
    assert proof.states > 0 and proof.transitions > 0


def test_a_trajectory_without_end_reviews_or_warning_is_refuted() -> None:
    good = load_trajectory("nijmegen_begeleide_herkansing")
    fills = filled(good)
    assert "outlived_leverage_is_warned" in refuted(prove_trajectory(replace(good, warnings=()), fills, TODAY))
    endless = replace(good, end=replace(good.end, max_days=None, max_months=None))
    assert "has_an_end" in refuted(prove_trajectory(endless, fills, TODAY))
    unseen = replace(good, reviews=())
    assert "reviewed_every_year" in refuted(prove_trajectory(unseen, fills, TODAY))

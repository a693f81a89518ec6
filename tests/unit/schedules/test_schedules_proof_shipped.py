"""Every shipped ladder under proof: a source is refuted for what it lacks, with the floor everything is proven."""

from dataclasses import replace
from functools import lru_cache

import pytest

from schedules.ladder import example_fills
from schedules.proof import Proof, ProofEnvironment, Route, Status, prove
from schedules.route import load_route, route_names
from schedules.settings import PolicySettings
from schedules.shipped import is_source, load_shipped, shipped_names
from tests.support.proofs import CALENDAR, DUE_ON, PURPOSES

pytestmark = pytest.mark.unit

ROUTES = {route.target: Route(feedback_days=28, owner=route.owner) for route in map(load_route, route_names())}
ENVIRONMENT = ProofEnvironment(routes=ROUTES, template_purposes=PURPOSES)

LACKING = {
    "brabantwonen": {"handed_to_person_in_time", "legal_steps_before_court", "signal_lawful", "meldpunt_on_summons",
                     "contact_changes_before_heavier"},
    "de_alliantie": {"handed_to_person_in_time", "meldpunt_on_summons"},
    "friesland_area_pilot": {"no_dead_end", "handed_to_person_in_time", "meldpunt_on_summons"},
    "friesland_covenant": {"no_dead_end", "handed_to_person_in_time", "legal_steps_before_court",
                           "meldpunt_on_summons"},
    "maaslandmooiland": {"handed_to_person_in_time", "meldpunt_on_summons"},
    "mitros_utrecht": {"handed_to_person_in_time", "meldpunt_on_summons"},
    "sociaal_incasso": {"no_dead_end", "handed_to_person_in_time", "meldpunt_on_summons"},
    "welkom_nieuw_wonen": {"handed_to_person_in_time", "legal_steps_before_court", "meldpunt_on_summons"},
    "woonfriesland": {"handed_to_person_in_time", "legal_steps_before_court", "meldpunt_on_summons"},
    "woongoed_zeist": {"handed_to_person_in_time", "legal_steps_before_court", "meldpunt_on_summons"},
    "woonin": {"handed_to_person_in_time", "signal_lawful", "meldpunt_on_summons", "contact_changes_before_heavier"},
}  # fmt: skip
"""What the proof refutes of each ladder as its source tells it, with the example settings."""


@lru_cache(maxsize=32)
def proof_of(name: str) -> Proof:
    ladder = load_shipped(name)
    settings = PolicySettings(fills=example_fills(ladder), legal_floor=not is_source(name))
    return prove(ladder, settings, CALENDAR, ENVIRONMENT, DUE_ON)


@pytest.mark.parametrize("name", [name for name in shipped_names() if is_source(name)])
def test_a_source_is_refuted_for_what_it_lacks(name: str) -> None:
    proof = proof_of(name)
    assert {finding.key for finding in proof.broken()} == LACKING[name]
    assert all(finding.why is not None for finding in proof.broken())
    assert proof.complete


@pytest.mark.parametrize("name", [name for name in shipped_names() if not is_source(name)])
def test_with_the_floor_everything_is_proven(name: str) -> None:
    proof = proof_of(name)
    assert [(finding.key, finding.why) for finding in proof.broken()] == []
    assert proof.status is Status.PROVEN
    assert proof.complete and proof.depth >= 2 and proof.states > 1_000


@pytest.mark.parametrize("name", ["woongoed_zeist", "de_alliantie_met_bodem"])
def test_without_the_example_settings_a_gap_remains(name: str) -> None:
    ladder = load_shipped(name)
    settings = PolicySettings(legal_floor=not is_source(name))
    proof = prove(ladder, settings, CALENDAR, ENVIRONMENT, DUE_ON, only={"no_gap"})
    assert proof.status is Status.GAP
    why = proof.finding("no_gap").why
    assert why is not None and all(gap.title["nl"] in why.nl for gap in ladder.gaps)


def test_the_proof_does_not_hang_on_the_day_that_it_starts() -> None:
    ladder = load_shipped("standaard")
    timed = {"handed_to_person_in_time", "no_dead_end", "pressure_within_budget", "nothing_twice"}
    for month in range(1, 13):
        start = DUE_ON.replace(year=2027, month=month)
        proof = prove(ladder, PolicySettings(), CALENDAR, ENVIRONMENT, start, 0, spare=0, only=timed)
        assert proof.status is Status.PROVEN, (start, proof.broken())


def test_plain_data_says_what_was_found_of_each_property() -> None:
    data = proof_of("woongoed_zeist").as_data()
    assert data["status"] == "refuted" and data["depth"] >= 2 and data["complete"]
    refuted = [each for each in data["properties"] if each["status"] == "refuted"]
    assert {each["key"] for each in refuted} == LACKING["woongoed_zeist"]
    legal = next(each for each in refuted if each["key"] == "legal_steps_before_court")
    assert legal["counterexample"][0] == {
        "day": 1,
        "at": "2026-12-02T06:30:00+00:00",
        "text": {"nl": "Het dossier gaat open: er staat € 1.300,00 open.", "en": "The case opens: €1,300.00 is open."},
    }
    assert legal["counterexample"][-1]["text"]["nl"].startswith("Dit gaat zonder: ")


def test_a_deeper_proof_sees_what_a_lighter_one_saw_and_more() -> None:
    ladder = load_shipped("woonin_met_bodem")
    settings = PolicySettings(fills=example_fills(ladder))
    light, deep = (prove(ladder, settings, CALENDAR, ENVIRONMENT, DUE_ON, depth, spare=0) for depth in (2, 3))
    assert deep.states > light.states and deep.depth == light.depth + 1
    assert light.status is deep.status is Status.PROVEN


def test_a_proof_is_the_same_each_time() -> None:
    ladder = load_shipped("woongoed_zeist")
    settings = PolicySettings(fills=example_fills(ladder), legal_floor=False)
    again = prove(ladder, settings, CALENDAR, ENVIRONMENT, DUE_ON)
    assert again == replace(proof_of("woongoed_zeist"))

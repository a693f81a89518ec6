"""Publish, propose, approve and restore versions of ladders, with the real proof; running cases stay where they are."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.db.scope import Scope
from outreach.db.tables import (
    AreaRow,
    CaseRow,
    DocumentRow,
    EvidenceRow,
    LadderProofRow,
    LadderProposalRow,
    UserRow,
)
from outreach.domain.landlord_settings import LandlordSettings
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.documents import activate
from outreach.services.ladder_choice import check_fills, why_not
from outreach.services.ladder_drafts import Done, read_draft, save_draft
from outreach.services.ladder_obstacles import InTheWay
from outreach.services.ladder_versions import Published, approve, publish, reject, withdraw
from outreach.services.policy import LADDER, install_shipped
from outreach.services.reading.ladder_versions import count_waiting, read_versions
from schedules.ladder import example_fills
from schedules.shipped import load_shipped, shipped_text
from tests.support.proving import shared_proof
from tests.support.versions import Data, keep, other_text, step_of
from tests.support.worlds import FIRST_DAY, Build, World, building

pytestmark = pytest.mark.integration

NAME = "woongoed_zeist_met_bodem"
"""A small ladder that a landlord may use: its proof takes half a second."""


def titled(words: str) -> Callable[[Data], None]:
    """Give the first step another name."""
    return lambda data: data["steps"][0]["title"].update(nl=words)


ONE, TWO = other_text(titled("Eerste bericht"), NAME), other_text(titled("Vriendelijk bericht"), NAME)
WHY = "De huurdersraad vroeg om meer tijd"


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture
def world(build: Build) -> World:
    """A landlord with one running case, and two people who make policy."""
    made = build()
    made.change_settings(default_ladder=NAME, fills=dict(example_fills(load_shipped(NAME))))
    made.owe(made.home())
    made.deliver(FIRST_DAY)
    made.tick(FIRST_DAY, 7, 30)
    for name in ("ruben", "ines"):
        made.add(
            UserRow(
                landlord_id=made.landlord_id,
                username=name,
                name=name.title(),
                role="policy",
                password_hash="-",
                created_at=made.clock(),
            )
        )
    return made


def officer(world: World, name: str) -> Actor:
    row = world.rows(UserRow, UserRow.username == name)[0]
    return Actor(label=row.name, user_id=row.id)


def release(world: World, text: str, name: str = NAME, by: str = "ruben") -> Published:
    return publish(world.runtime, officer(world, by), world.landlord_id, name, text, reason=WHY, prover=shared_proof)


def morning(world: World, ahead: int) -> None:
    """Decide a later day."""
    day = FIRST_DAY + timedelta(days=ahead)
    world.deliver(day)
    world.tick(day, 7, 30)


def facts(world: World) -> list[str]:
    return [row.kind for row in world.rows(EvidenceRow, EvidenceRow.kind.startswith("ladder_"))]


def test_a_published_version_holds_for_new_cases_and_running_ones_stay(world: World) -> None:
    before = world.rows(CaseRow)[0].ladder_version_id
    done = release(world, ONE)
    assert done.state == "approved"
    assert world.policy.ladder_version_ids[NAME] == done.document_id
    world.owe(world.home())
    morning(world, 1)
    assert [case.ladder_version_id for case in world.rows(CaseRow)] == [before, done.document_id]
    assert facts(world) == ["ladder_published"]
    (proof,) = world.rows(LadderProofRow)
    assert proof.status == "proven"
    assert proof.result["properties"]


def test_the_same_proof_is_not_made_twice_but_again_under_other_settings(world: World) -> None:
    for _ in range(2):
        assert why_not(world.runtime, world.policy, [NAME]) == {NAME: ()}
    assert len(world.rows(LadderProofRow)) == 1
    world.change_settings(sender_name="Wonen Anders")
    why_not(world.runtime, world.policy, [NAME])
    assert len(world.rows(LadderProofRow)) == 1, "a name has no bearing on a proof"
    world.change_settings(resume_after_reached_days=9)
    why_not(world.runtime, world.policy, [NAME])
    assert len(world.rows(LadderProofRow)) == 2


def test_what_has_faults_or_no_reason_or_changes_nothing_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="fouten"):
        release(world, other_text(lambda data: data["steps"][0].update(kind="pigeon"), NAME))
    with pytest.raises(Refused, match="u publiceert"):
        release(world, ONE, name="eigen")
    with pytest.raises(Refused, match="Vul in waarom"):
        publish(world.runtime, officer(world, "ruben"), world.landlord_id, NAME, "x", reason="")
    with pytest.raises(Refused, match="verandert niets"):
        release(world, other_text(lambda data: None, NAME))
    assert world.rows(LadderProposalRow) == []
    assert facts(world) == []


def test_an_open_gap_an_end_that_is_past_and_a_refuted_ladder_stay_off(world: World) -> None:
    name = "woongoed_zeist"
    world.change_settings(fills={}, default_ladder="standaard")
    with pytest.raises(InTheWay, match="niet in de bron staat") as open_gap:
        release(world, other_text(_retitled, name), name=name)
    assert [each.code for each in open_gap.value.obstacles] == ["gap"]
    over = other_text(lambda data: data.update(valid_to="2026-09-30"), NAME)
    world.change_settings(fills=dict(example_fills(load_shipped(name))))
    with pytest.raises(InTheWay, match="gold tot en met"):
        release(world, over)
    with pytest.raises(InTheWay, match="woongoed_zeist_met_bodem") as refuted:
        release(world, other_text(_retitled, name), name=name)
    (obstacle,) = refuted.value.obstacles
    assert (obstacle.code, obstacle.instead) == ("refuted", "woongoed_zeist_met_bodem")
    assert "refutes" in obstacle.text("en")
    assert [proof.status for proof in world.rows(LadderProofRow)] == ["refuted"]
    assert world.rows(LadderProposalRow) == []


def _retitled(data: Data) -> None:
    data["title"]["nl"] = "Zeist, opnieuw"


def test_a_source_is_never_chosen_and_its_variant_with_the_floor_is(world: World) -> None:
    names = ("woongoed_zeist", NAME)
    found = why_not(world.runtime, world.policy, names, shared_proof)
    assert [each.code for each in found[names[0]]] == ["refuted"]
    assert found[names[1]] == ()


def test_other_values_in_the_gaps_of_a_ladder_in_use_are_proven_first(world: World) -> None:
    name, policy = NAME, world.policy
    fewer = {**policy.settings.fills, "bel_pogingen": 1}
    check_fills(world.runtime, policy, world_settings(world, fills=fewer), name, shared_proof)
    with pytest.raises(InTheWay):
        check_fills(world.runtime, policy, world_settings(world, fills={"bel_pogingen": 1}), name, shared_proof)


def world_settings(world: World, **values: object) -> LandlordSettings:
    return replace(world.policy.settings, **values)  # type: ignore[arg-type]


def test_with_four_eyes_the_proposer_waits_and_another_one_decides(world: World) -> None:
    world.change_settings(four_eyes=True)
    before = world.policy.ladder_version_ids[NAME]
    text = ONE
    save_draft(world.runtime, officer(world, "ruben"), world.landlord_id, NAME, 0, text, Done(what="imported"))
    done = release(world, text)
    assert done.state == "proposed"
    assert world.policy.ladder_version_ids[NAME] == before
    with world.runtime.db.read() as session:
        assert count_waiting(session, Scope(landlord_id=world.landlord_id)) == 1
    with pytest.raises(Refused, match="zelf voorgesteld"):
        approve(world.runtime, officer(world, "ruben"), world.landlord_id, done.proposal_id, shared_proof)
    with pytest.raises(Refused, match="zelf voorgesteld"):
        reject(world.runtime, officer(world, "ruben"), world.landlord_id, done.proposal_id, reason="Toch niet")
    with pytest.raises(Refused, match="wacht al een voorstel"):
        release(world, TWO, by="ines")
    approve(world.runtime, officer(world, "ines"), world.landlord_id, done.proposal_id, shared_proof)
    assert world.policy.ladder_version_ids[NAME] == done.document_id
    assert world.rows(CaseRow)[0].ladder_version_id == before
    with world.runtime.db.read() as session:
        assert read_draft(session, world.landlord_id, NAME) is None
    assert facts(world)[-2:] == ["ladder_proposed", "ladder_published"]
    with pytest.raises(Refused, match="wacht niet meer"):
        approve(world.runtime, officer(world, "ines"), world.landlord_id, done.proposal_id, shared_proof)


def test_a_proposal_is_turned_down_with_a_reason_or_taken_back(world: World) -> None:
    world.change_settings(four_eyes=True)
    before = world.policy.ladder_version_ids[NAME]
    first = release(world, ONE)
    with pytest.raises(Refused, match="Vul in waarom"):
        reject(world.runtime, officer(world, "ines"), world.landlord_id, first.proposal_id, reason=" ")
    reject(world.runtime, officer(world, "ines"), world.landlord_id, first.proposal_id, reason="Te laat voor gezinnen")
    second = release(world, TWO)
    with pytest.raises(Refused, match="Alleen wie het voorstelde"):
        withdraw(world.runtime, officer(world, "ines"), world.landlord_id, second.proposal_id)
    withdraw(world.runtime, officer(world, "ruben"), world.landlord_id, second.proposal_id)
    assert [row.state for row in world.rows(LadderProposalRow)] == ["rejected", "withdrawn"]
    assert world.policy.ladder_version_ids[NAME] == before


def test_a_proposal_against_a_version_that_was_replaced_is_not_approved(world: World) -> None:
    world.change_settings(four_eyes=True)
    done = release(world, ONE)
    with world.runtime.db.write() as session:
        activate(session, world.landlord_id, LADDER, NAME, TWO, world.clock())
    with pytest.raises(Refused, match="andere versie gepubliceerd"):
        approve(world.runtime, officer(world, "ines"), world.landlord_id, done.proposal_id, shared_proof)


def test_the_history_tells_who_when_and_how_many_and_an_old_version_comes_back(world: World) -> None:
    first = world.policy.ladder_version_ids[NAME]
    done = release(world, ONE)
    with world.runtime.db.read() as session:
        views = read_versions(session, Scope(landlord_id=world.landlord_id), world.policy, NAME)
    assert [(view.in_force, view.open_cases, view.by) for view in views] == [(True, 0, "Ruben"), (False, 1, None)]
    assert views[0].proof is not None
    assert views[0].proposals[0].row.reason == WHY
    old = world.rows(DocumentRow, DocumentRow.id == first)[0]
    back = release(world, old.body, by="ines")
    assert back.document_id == first, "the same text is the same version"
    assert world.policy.ladder_version_ids[NAME] == first
    assert done.document_id != first


def test_an_upgrade_of_the_product_changes_no_running_case_and_no_ladder_in_use(world: World) -> None:
    with world.runtime.db.write() as session:
        activate(session, world.landlord_id, LADDER, NAME, ONE, world.clock())
    world.owe(world.home())
    morning(world, 1)
    versions = {case.id: case.ladder_version_id for case in world.rows(CaseRow)}
    with world.runtime.db.write() as session:
        install_shipped(session, world.landlord_id, world.runtime.catalogue, world.clock())
    morning(world, 2)
    assert {case.id: case.ladder_version_id for case in world.rows(CaseRow)} == versions
    in_force = world.policy.ladder_version_ids[NAME]
    assert world.rows(DocumentRow, DocumentRow.id == in_force)[0].body == ONE
    kept = world.rows(DocumentRow, DocumentRow.kind == LADDER, DocumentRow.name == NAME)
    assert shipped_text(NAME) in {row.body for row in kept}, "what ships is there to look at and to publish"


def test_an_area_whose_ladder_is_over_goes_on_with_the_default(world: World) -> None:
    def over(data: Data) -> None:
        data.update(ladder="proef", pilot_of="standaard", valid_to=date(2026, 10, 6).isoformat())
        step_of(data, "reminder")["title"]["nl"] = "Proefbericht"

    pilot = keep(world, other_text(over), name="proef")
    with world.runtime.db.write() as session:
        body = session.get_one(DocumentRow, pilot).body
        activate(session, world.landlord_id, LADDER, "proef", body, world.clock())
    west = AreaRow(landlord_id=world.landlord_id, team_id=None, code="west", name="West", municipality="Voorbeeldstad")
    world.add(west)
    world.change_settings(area_ladders={"west": "proef"}, default_ladder="standaard")
    world.owe(world.home(area_id=west.id))
    world.tick(FIRST_DAY, 18, 30)
    morning(world, 1)
    assert world.rows(CaseRow)[-1].ladder_name == "standaard"

"""`outreach ladder prove` as a policy officer meets it: a name, a file, every ladder, and a landlord's own proof."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from messages.catalogue import catalogue_from_sources, load_catalogue
from outreach.cli.ladder_commands import ladder_group
from outreach.cli.proof_commands import prove_all
from outreach.services.proving import environment_of, first_due, prove_for_landlord, prove_ladder
from schedules.errors import LadderError
from schedules.ladder_file import write_ladder
from schedules.loader import load_preset
from schedules.proof import Status
from schedules.settings import PolicySettings
from schedules.shipped import shipped_text
from tests.support.proofs import CALENDAR, DUE_ON, standard, without
from tests.support.worlds import World, building

pytestmark = pytest.mark.integration


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with its own partners and settings."""
    with building(migrated_sqlite_url, tmp_path) as build:
        yield build()


def prove(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(ladder_group, ["prove", *arguments])
    return ended.exit_code, ended.output


def test_the_standard_ladder_is_proven_property_by_property() -> None:
    code, told = prove("standaard", "--start", "2026-12-01")
    assert code == 0
    assert "Niemand loopt vast: elk dossier heeft een vervolg" in told
    assert "WEERLEGD" not in told


def test_an_own_file_is_refuted_with_a_dated_path(tmp_path: Path) -> None:
    file = tmp_path / "eigen.yaml"
    file.write_text(write_ladder(standard(without("meldpunt_dagvaarding"))), "utf-8")
    code, told = prove(str(file), "--start", "2026-12-01")
    assert code == 1
    assert "WEERLEGD  Na een dagvaarding hoort het meldpunt het" in told
    assert "De dagvaarding is verstuurd." in told
    assert "dinsdag" in told or "woensdag" in told


def test_a_gap_is_told_by_name_and_filled_by_the_examples() -> None:
    code, told = prove("woongoed_zeist_met_bodem", "--json", "--start", "2026-12-01")
    data = json.loads(told)
    assert (code, data["status"]) == (1, "gap")
    assert set(data) >= {"name", "variant", "states", "transitions", "depth", "complete", "seconds", "memory_mb"}
    code, told = prove("woongoed_zeist_met_bodem", "--json", "--settings", "example", "--start", "2026-12-01")
    assert (code, json.loads(told)["status"]) == (0, "proven")


def test_several_ladders_are_proven_beside_each_other_in_the_order_asked() -> None:
    names = ("woonin", "woonin_met_bodem", "friesland_area_pilot")
    found = prove_all(names, True, DUE_ON, 2)
    assert [each.proof.ladder for each in found] == list(names)
    assert [str(each.proof.status) for each in found] == ["refuted", "proven", "refuted"]
    assert [each.proof.variant for each in found] == ["source", "legal_floor", "source"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "--all"), (("bestaat_niet",), "Kies uit: "), (("standaard", "--depth", "99"), "99 is not in the range")],
)
def test_what_cannot_be_proven_is_one_clear_text(arguments: tuple[str, ...], said: str) -> None:
    ended = CliRunner().invoke(ladder_group, ["prove", *arguments])
    assert ended.exit_code != 0
    assert said in ended.output + str(ended.exception)


def test_the_shipped_texts_pass_in_both_languages_and_a_missing_one_refutes() -> None:
    catalogue = load_catalogue()
    whole = prove_ladder(load_preset("standaard"), PolicySettings(), catalogue, CALENDAR, DUE_ON, depth=0)
    assert whole.finding("texts_exist_and_pass").status is Status.PROVEN
    sources = {name: catalogue.source(name) for name in catalogue.names() if name != "contact_request"}
    partly = catalogue_from_sources(sources)
    lacking = prove_ladder(load_preset("standaard"), PolicySettings(), partly, CALENDAR, DUE_ON, depth=0)
    finding = lacking.finding("texts_exist_and_pass")
    assert finding.status is Status.REFUTED and finding.why is not None
    assert finding.why.nl.startswith("Verzoek om contact (")


def test_every_text_of_a_ladder_is_known_by_what_it_is_for() -> None:
    environment = environment_of(load_catalogue(), ("nl", "en"), {}, {"bailiff": 14})
    assert environment.template_purposes["reminder"] == "collection"
    assert environment.template_purposes["help_offer"] == "care"
    assert environment.routes["bailiff"].feedback_days == 14
    assert environment.routes["municipality"].owner


def test_a_landlord_gets_its_own_proof_once(world: World) -> None:
    policy, text = world.policy, shipped_text("standaard")
    first = prove_for_landlord(world.runtime, policy, text)
    assert first.status is Status.PROVEN and first.variant == "landlord"
    assert prove_for_landlord(world.runtime, policy, text) is first
    world.change_settings(resume_after_reached_days=3)
    assert prove_for_landlord(world.runtime, world.policy, text) is not first
    with pytest.raises(LadderError):
        prove_for_landlord(world.runtime, policy, "ladder: niets")


@pytest.mark.parametrize(
    ("today", "due_on"),
    [(date(2026, 11, 27), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1))],
)
def test_a_proof_starts_on_the_first_of_the_coming_month(today: date, due_on: date) -> None:
    assert first_due(today) == due_on

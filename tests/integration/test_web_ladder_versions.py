"""The pages of versions: publish, propose and approve, compare, move running cases; over real services and proofs."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.db.scope import Scope
from outreach.db.tables import CaseRow, LadderMoveRow, LadderProposalRow, UserRow
from outreach.services.actor import Actor
from outreach.services.ladder_drafts import Done, save_draft
from outreach.services.ladder_groups import running_groups
from outreach.services.ladder_proofs import proof_of
from outreach.services.ladder_versions import publish
from outreach.web.app import create_app
from schedules.ladder import example_fills
from schedules.loader import parse_ladder
from schedules.shipped import load_shipped, shipped_text
from tests.integration.test_services_cli import outreach
from tests.support.builders import hashed_password
from tests.support.console import Visitor
from tests.support.proving import shared_proof
from tests.support.versions import later, other_text, renamed, several
from tests.support.worlds import FIRST_DAY, World, building

pytestmark = pytest.mark.integration

LATER = other_text(later("robocall", 3))
TOMORROW = FIRST_DAY + timedelta(days=1)
ROLES = {"ruben": "policy", "ines": "policy", "baas": "admin", "joris": "worker", "mia": "manager"}


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with two running cases and users of each role."""
    with building(migrated_sqlite_url, tmp_path) as build:
        made = build()
        for _ in range(2):
            made.owe(made.home())
        made.deliver(FIRST_DAY)
        made.tick(FIRST_DAY, 7, 30)
        made.tick(FIRST_DAY, 10)
        made.deliver(TOMORROW)
        made.tick(TOMORROW, 7, 30)
        users = [
            UserRow(
                landlord_id=made.landlord_id,
                username=name,
                name=name.title(),
                role=role,
                password_hash=hashed_password(),
                created_at=made.clock(),
            )
            for name, role in ROLES.items()
        ]
        made.add(*users)
        yield made


def visitor(world: World, username: str = "ruben") -> Visitor:
    found = Visitor(create_app(world.runtime))
    found.sign_in(username)
    return found


def actor(world: World, username: str = "ruben") -> Actor:
    row = world.rows(UserRow, UserRow.username == username)[0]
    return Actor(label=row.name, user_id=row.id)


def draft(world: World, text: str) -> None:
    save_draft(world.runtime, actor(world), world.landlord_id, "standaard", 0, text, Done(what="imported"))


def proven(world: World, text: str) -> str:
    """Keep the proof of a text, so that no page waits for it."""
    assert proof_of(world.runtime, world.policy, parse_ladder(text), text, shared_proof).status == "proven"
    return text


def ready(world: World) -> int:
    """Publish another version; give its id."""
    text = other_text(several(renamed("reminder", "first_message"), later("robocall", 3)))
    done = publish(
        world.runtime, actor(world), world.landlord_id, "standaard", text, reason="Rustiger", prover=shared_proof
    )
    return done.document_id


def test_a_draft_is_looked_at_and_published_and_running_cases_stay(world: World) -> None:
    ruben = visitor(world)
    assert "Er is geen concept" in ruben.get("/contactladders/standaard/publiceren")
    draft(world, proven(world, LATER))
    page = ruben.get("/contactladders/standaard/publiceren")
    assert "De stap &#39;Belcomputer&#39; komt 3 dagen later" in page
    assert "2 lopende dossiers blijven op hun versie" in page
    assert "bewezen" in page
    refused = ruben.post("/contactladders/standaard/publiceren", reason="")
    assert refused.status_code == 422
    before = world.policy.ladder_version_ids["standaard"]
    done = ruben.post("/contactladders/standaard/publiceren", reason="De huurdersraad vroeg erom")
    assert done.headers["Location"].endswith("/versies")
    after = world.policy.ladder_version_ids["standaard"]
    assert after != before
    assert {case.ladder_version_id for case in world.rows(CaseRow)} == {before}
    history = ruben.get("/contactladders/standaard/versies")
    assert "De huurdersraad vroeg erom" in history
    assert "Er is geen concept" in ruben.get("/contactladders/standaard/publiceren")
    (row,) = world.rows(LadderProposalRow)
    assert row.effects["cases"]["cases"] == 2
    assert [change["code"] for change in row.effects["changes"]] == ["step_later"]
    assert "komt 3 dagen eerder" in ruben.get(f"/contactladders/standaard/versies/{after}/verschil/{before}")
    assert "komt 3 dagen eerder" in ruben.get(f"/contactladders/standaard/publiceren?versie={before}")
    file = ruben.client.get(f"/contactladders/standaard/versies/{before}/bestand")
    assert file.get_data(as_text=True).startswith("ladder: standaard")


def test_two_people_publish_and_the_second_one_is_told(world: World) -> None:
    world.change_settings(four_eyes=True)
    draft(world, proven(world, LATER))
    ruben, ines = visitor(world), visitor(world, "ines")
    ruben.get("/contactladders/standaard/publiceren")
    where = ruben.post("/contactladders/standaard/publiceren", reason="Rustiger").headers["Location"]
    assert "Een collega met de rol Beleid" in ruben.get(where)
    assert "tweede paar ogen" not in ruben.get("/vandaag"), "one's own proposal is no work"
    for address in ("/vandaag", "/contactladders", "/contactladders/standaard"):
        assert "tweede paar ogen" in ines.get(address)
    assert "tweede paar ogen" not in visitor(world, "joris").get("/vandaag")
    ines.get(where)
    refused = ines.post(f"{where}/afwijzen", reason="")
    assert refused.status_code == 422
    assert ruben.post(f"{where}/goedkeuren").status_code == 422
    before = world.policy.ladder_version_ids["standaard"]
    assert ines.post(f"{where}/goedkeuren").status_code == 302
    assert world.policy.ladder_version_ids["standaard"] != before
    (row,) = world.rows(LadderProposalRow)
    assert row.effects["work"][-1]["hours_per_week"] >= 0
    assert "beslist door Ines" in ines.get("/contactladders/standaard/versies")


def test_running_cases_are_moved_by_group_with_a_choice_and_a_reason(world: World) -> None:
    target = ready(world)
    ruben = visitor(world)
    page = ruben.get("/contactladders/standaard/verplaatsen")
    with world.runtime.db.read() as session:
        (found,) = running_groups(session, Scope(landlord_id=world.landlord_id), "standaard", TOMORROW)
    group = found.key
    assert (found.stage, found.next_step, found.hold) == ("reminder", "robocall", "none")
    assert f'value="{group}"' in page
    page = ruben.get(f"/contactladders/standaard/verplaatsen?naar={target}&groep={group}")
    assert "2 dossiers gekozen" in page
    assert "zijn later aan de beurt" in page
    assert '<option value="first_message" selected>' in page, "the step of the same name and text is proposed"
    chosen = {"naar": str(target), "van": "standaard", "groep": group}
    nothing = ruben.post("/contactladders/standaard/verplaatsen", **{**chosen, "step-reminder": "", "reason": "Ja"})
    assert nothing.status_code == 422
    assert world.rows(LadderMoveRow) == []
    none = {"naar": str(target), "van": "standaard", "reason": "Ja"}
    assert "Kies eerst een groep" in ruben.post("/contactladders/standaard/verplaatsen", **none).get_data(as_text=True)
    done = ruben.post(
        "/contactladders/standaard/verplaatsen",
        **{**chosen, "step-reminder": "first_message", "reason": "Iedereen op hetzelfde beleid"},
    )
    assert done.status_code == 302
    assert "2 dossiers verplaatst" in ruben.get(done.headers["Location"])
    cases = world.rows(CaseRow)
    assert {case.ladder_version_id for case in cases} == {target}
    shown = visitor(world, "joris").get(f"/dossiers/{cases[0].id}")
    assert "Iedereen op hetzelfde beleid" in shown
    assert "Herinnering" in shown


def test_worker_and_manager_read_and_change_nothing(world: World) -> None:
    version = world.policy.ladder_version_ids["standaard"]
    pages = ("publiceren", "versies", f"versies/{version}/verschil/{version}", "verplaatsen", "afdrukken")
    for name in ("joris", "mia"):
        reader = visitor(world, name)
        for page in pages:
            assert reader.client.get(f"/contactladders/standaard/{page}").status_code in (200, 409)
        for page in ("publiceren", "verplaatsen", "bewijzen", f"versies/{version}/concept"):
            assert reader.post(f"/contactladders/standaard/{page}", reason="x").status_code == 403
    assert visitor(world).client.get("/contactladders/nergens/versies").status_code == 404
    assert visitor(world).client.get(f"/contactladders/de_alliantie/versies/{version}/bestand").status_code == 404


def test_the_page_of_a_refuted_source_shows_how_it_goes_wrong_and_the_way_out(world: World) -> None:
    world.change_settings(fills=dict(example_fills(load_shipped("woongoed_zeist"))))
    ruben = visitor(world)
    assert "nog niet bewezen" in ruben.get("/contactladders/woongoed_zeist")
    assert ruben.post("/contactladders/woongoed_zeist/bewijzen").status_code == 302
    page = ruben.get("/contactladders/woongoed_zeist")
    assert "weerlegd" in page
    assert "Zo gaat het mis, dag voor dag" in page
    assert 'href="/contactladders/woongoed_zeist_met_bodem"' in page
    assert "Dag 9: Belcomputer" in ruben.get("/contactladders/standaard/afdrukken")


def test_an_old_version_becomes_a_draft_again(world: World) -> None:
    before = world.policy.ladder_version_ids["standaard"]
    proven(world, shipped_text("standaard"))
    ready(world)
    ruben = visitor(world)
    ruben.get("/contactladders/standaard/versies")
    assert ruben.post(f"/contactladders/standaard/versies/{before}/concept").status_code == 302
    assert "Stappen die veranderen" in ruben.get("/contactladders/standaard/publiceren")


def test_the_command_line_publishes_lists_and_moves(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with building(migrated_sqlite_url, tmp_path) as build:
        world = build()
        world.owe(world.home())
        world.deliver(FIRST_DAY)
        for hour, minute in ((7, 30), (10, 0)):
            world.tick(FIRST_DAY, hour, minute)
    path = tmp_path / "standaard.yaml"
    path.write_text(other_text(renamed("reminder", "first_message")), encoding="utf-8")

    def run(*arguments: str) -> str:
        ended = outreach(migrated_sqlite_url, tmp_path, "ladder", *arguments)
        return ended.stdout if ended.returncode == 0 else ended.stderr

    assert json.loads(run("publish", str(path), "--reason", "Proef", "--json"))["state"] == "approved"
    versions = run("versions", "standaard").splitlines()
    assert "van kracht" in versions[0]
    new, old = (line.split()[0] for line in versions[:2])
    move = ("move", "standaard", "--from", old, "--to", new)
    moved = json.loads(run(*move, "--map", "reminder=first_message", "--reason", "Proef", "--json"))
    assert (moved["moved"], moved["unknown_steps"]) == (1, {"reminder": 1})

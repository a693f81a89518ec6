"""Ladders worked out in advance: on the own portfolio, by the command line, and on a page that keeps the result."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from outreach.cli.main import cli
from outreach.db.tables import ContactPointRow, LedgerEntryRow, LedgerItemRow, SimulationRunRow, TeamRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.own_portfolio import count_tenancies, load_portfolio
from outreach.services.policy import load_policy
from outreach.services.simulating import OWN, Asked, Owner, find_ladder, work_out, workload
from outreach.services.simulation_runs import put_down, work_out_run
from outreach.web.app import create_app
from outreach.web.background import EXTENSION
from schedules.shipped import shipped_text
from schedules.simulation.figures import default_figures, read_figures
from tests.support.builders import NOW, Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration
TODAY = date(2026, 11, 24)
PAGE = "/contactladders/standaard/doorrekenen"
ASKED = {"against": "", "portfolio": "own", "tenancies": "", "months": "2", "seed": "3"}


@dataclass(frozen=True)
class World:
    """A landlord with twenty-four tenancies in two teams, of which eight are behind."""

    runtime: Runtime
    app: Flask
    landlord_id: int

    def visitor(self, username: str = "beleid") -> Visitor:
        """Return a signed-in visitor."""
        visitor = Visitor(self.app)
        visitor.sign_in(username)
        return visitor

    @property
    def owner(self) -> Owner:
        """Return the landlord."""
        return Owner(runtime=self.runtime, landlord_id=self.landlord_id)


def owe(builder: Builder, tenancy_id: int, due_on: date, cents: int) -> None:
    """Leave a charge open."""
    item = builder.add(
        LedgerItemRow(
            landlord_id=builder.landlord.id,
            tenancy_id=tenancy_id,
            external_ref=f"{tenancy_id}-{due_on}",
            kind="rent",
            due_on=due_on,
            amount_cents=65000,
        )
    )
    builder.add(
        LedgerEntryRow(
            landlord_id=builder.landlord.id,
            tenancy_id=tenancy_id,
            item_id=item.id,
            open_cents=cents,
            reason="delivered",
            occurred_on=due_on,
            known_at=builder.now,
        )
    )


@contextmanager
def landlord_at(url: str, folder: Path) -> Iterator[World]:
    """Make a landlord with tenants in arrears in a database."""
    runtime = console_runtime(folder, url=url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        for username, role in (("beleid", "policy"), ("anna", "worker"), ("buiten", "field")):
            builder.make_user(username=username, role=role)
        team = builder.add(TeamRow(landlord_id=builder.landlord.id, code="west", name="Team West", visits_per_day=1))
        west = builder.make_area(code="west", name="West", team=team)
        for number in range(24):
            person = builder.make_person()
            builder.make_contact_point(person, value=f"+3161200{number:04d}")
            tenancy = builder.make_tenancy(person=person, area=west if number % 4 == 0 else None)
            if number < 8:
                owe(builder, tenancy.id, date(2026, 10, 1), 65000)
                owe(builder, tenancy.id, date(2026, 11, 1), 65000 if number else -20000)
        landlord_id = builder.landlord.id
    yield World(runtime=runtime, app=create_app(runtime), landlord_id=landlord_id)
    runtime.db.dispose()


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a landlord on each database."""
    with landlord_at(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture
def lite(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a landlord on SQLite, for what asks nothing of the database that others do not ask of both."""
    with landlord_at(migrated_sqlite_url, tmp_path) as made:
        yield made


def test_the_own_portfolio_comes_from_the_record(world: World) -> None:
    with world.runtime.db.read() as session:
        found = load_portfolio(session, world.landlord_id, default_figures(), 3, NOW, TODAY)
        assert count_tenancies(session, world.landlord_id, TODAY) == 24
    assert (found.kind, found.size) == ("own", 24)
    assert {(part.team.name, part.size, part.team.visits_per_day) for part in found.parts} == {
        ("Team Noord", 18, 10),
        ("Team West", 6, 1),
    }
    tenancies = {each.key: each for part in found.parts for each in part.tenancies(default_figures(), 3, TODAY)}
    behind = [each for each in tenancies.values() if each.open_items]
    assert len(behind) == 8
    assert sorted(sum(cents for _, cents in each.open_items) for each in behind) == [45000, *[130000] * 7]
    assert all("sms" in each.channels and "letter" in each.channels for each in behind)
    assert not any(each.agreement for each in behind)


def test_a_wrong_number_stays_wrong_in_the_simulation(lite: World) -> None:
    with lite.runtime.db.write() as session:
        point = session.query(ContactPointRow).filter_by(value="+31612000000").one()
        point.state = "wrong"
    with lite.runtime.db.read() as session:
        found = load_portfolio(session, lite.landlord_id, default_figures(), 3, NOW, TODAY)
    first = min((each for part in found.parts for each in part.tenancies(default_figures(), 3, TODAY)), key=_number)
    assert "sms" not in first.channels
    assert first.blocked["sms"]


def _number(tenancy: object) -> int:
    return int(tenancy.key.removeprefix("H"))  # type: ignore[attr-defined]


def test_the_own_tenants_are_worked_out_with_the_own_ladder(lite: World) -> None:
    own = lite.owner.ladders()
    assert "standaard" in own
    asked = Asked(ladder=find_ladder("standaard", own), start=date(2026, 12, 1), months=2, portfolio=OWN, workers=1)
    told: list[int] = []
    found = work_out(asked, lite.owner, told.append)
    assert sum(told) == found["first"]["tenancies"] == 24
    assert found["first"]["measures"]["cases"]["value"] >= 8
    money = found["first"]["money"]
    assert money["charged"] == money["paid"] + money["written_off"] + money["open"]
    assert {team["name"] for team in found["first"]["teams"]} == {"Team Noord", "Team West"}
    assert json.loads(json.dumps(found)) == found


def test_what_cannot_be_simulated_is_refused_in_words(lite: World) -> None:
    with pytest.raises(OutreachError, match="standaard"):
        find_ladder("bestaat_niet", lite.owner.ladders())
    with pytest.raises(OutreachError, match="verhuurder"):
        work_out(Asked(ladder=find_ladder("standaard", {}), start=TODAY, portfolio=OWN), None)


def test_the_workload_is_shown_for_the_own_number_of_tenancies(lite: World) -> None:
    with lite.runtime.db.read() as session:
        policy = load_policy(session, lite.landlord_id)
    found = workload(lite.runtime, policy, shipped_text("standaard"))
    assert found.tenancies == 24
    assert found.contacts_per_week["message"] > 0


def test_a_page_works_a_ladder_out_and_keeps_the_result(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get(PAGE)
    assert "uw eigen huurders" in page
    assert "Nog niets doorgerekend" in page
    answer = visitor.post(PAGE, **{**ASKED, "against": "woongoed_zeist_met_bodem"})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    world.app.extensions[EXTENSION].wait()
    done = visitor.get(address)
    for words in ("In cijfers", "geen voorspelling", "niet meer dan toeval", "S002 L1192-1194", "Team West"):
        assert words in done
    picture = visitor.client.get(f"{address}/grafiek/reached.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "<script" not in picture.text
    assert "reached_share;" in visitor.get(f"{address}/uitkomst.csv")
    assert "klaar" in visitor.get(PAGE)
    assert "In cijfers" in visitor.get(address)
    assert visitor.client.get(address.replace("standaard", "de_alliantie")).status_code == 404


def test_the_page_shows_how_far_it_is_and_refuses_a_fourth_at_once(lite: World) -> None:
    visitor = lite.visitor()
    ladder = find_ladder("standaard", {})
    asked = {"against": None, "portfolio": OWN, "tenancies": 50, "months": 2, "seed": 1}
    runs = [put_down(lite.runtime, Actor(label="Ruben"), lite.landlord_id, ladder=ladder, **asked) for _ in range(3)]
    busy = visitor.get(f"{PAGE}/{runs[0]}")
    assert "Wacht tot een andere berekening klaar is" in busy
    assert 'http-equiv="refresh"' in busy
    part = visitor.client.get(f"{PAGE}/{runs[0]}", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.text
    refused = visitor.post(PAGE, **ASKED)
    assert refused.status_code == 422
    assert "Probeer het straks opnieuw" in refused.text
    work_out_run(lite.runtime, runs[0])
    finished = visitor.client.get(f"{PAGE}/{runs[0]}", headers={"HX-Request": "true"})
    assert finished.headers["HX-Refresh"] == "true"


def test_a_run_that_nobody_works_on_any_more_says_so(lite: World) -> None:
    ladder = find_ladder("standaard", {})
    asked = {"against": None, "portfolio": OWN, "tenancies": 50, "months": 2, "seed": 1}
    run_id = put_down(lite.runtime, Actor(label="Ruben"), lite.landlord_id, ladder=ladder, **asked)
    with lite.runtime.db.write() as session:
        session.get_one(SimulationRunRow, run_id).seen_at = NOW - timedelta(hours=1)
    assert "onderbroken" in lite.visitor().get(f"{PAGE}/{run_id}")


def test_what_is_typed_wrong_is_told_beside_its_field(lite: World) -> None:
    visitor = lite.visitor()
    visitor.get(PAGE)
    page = visitor.post(PAGE, **{**ASKED, "portfolio": "synthetic", "tenancies": "12", "months": "99", "seed": "x"})
    assert page.status_code == 422
    assert "van 50 tot en met 20.000" in page.text
    assert "van 1 tot en met 24" in page.text
    assert visitor.client.get(PAGE.replace("standaard", "bestaat_niet")).status_code == 404
    assert lite.visitor("anna").post(PAGE, **ASKED).status_code == 403
    assert lite.visitor("buiten").client.get(PAGE).status_code == 403


def test_the_command_compares_two_ladders_and_writes_a_report(tmp_path: Path) -> None:
    arguments = ["simulate", "standaard", "--against", "sociaal_incasso_met_bodem", "--tenancies", "120"]
    options = ["--months", "2", "--start", "2027-01-01", "--workers", "1", "--out", str(tmp_path / "uit")]
    done = CliRunner().invoke(cli, [*arguments, *options, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["against"]["ladder"] == "sociaal_incasso_met_bodem"
    assert set(found["difference"]["measures"]) == set(found["first"]["measures"])
    report = (tmp_path / "uit" / "report.html").read_text("utf-8")
    assert "geen voorspelling" in report
    assert "src='http" not in report
    assert len(list((tmp_path / "uit" / "charts").glob("*.svg"))) == 12
    assert json.loads((tmp_path / "uit" / "results.json").read_text("utf-8")) == found


def test_the_command_reads_an_own_ladder_and_own_figures_and_names_the_line_of_a_fault(tmp_path: Path) -> None:
    ladder, figures, faulty = (tmp_path / name for name in ("ladder.yaml", "goed.yaml", "fout.yaml"))
    ladder.write_text(shipped_text("standaard"), "utf-8")
    figures.write_text("arrears: {in_trouble: 40}\n", "utf-8")
    faulty.write_text("help:\n  acepts: 3\n", "utf-8")
    base = ["simulate", str(ladder), "--tenancies", "80", "--months", "1", "--workers", "1", "--start", "2027-01-01"]
    shown = CliRunner().invoke(cli, [*base, "--behaviour", str(figures)])
    assert shown.exit_code == 0, shown.output
    assert "Standaard contactladder" in shown.stdout
    assert "geen voorspelling" in shown.stdout
    refused = CliRunner().invoke(cli, [*base, "--behaviour", str(faulty)])
    assert refused.exit_code == 1
    assert "line 2" in str(refused.exception)
    assert read_figures(figures.read_text("utf-8"))["arrears.in_trouble"] == 40


def test_own_figures_are_typed_in_a_form_and_used_from_then_on(lite: World) -> None:
    visitor = lite.visitor()
    page = visitor.get("/doorrekenen/cijfers")
    assert "Zegt" not in page
    assert "S002 L1192-1194" in page
    typed = {key: str(figure.value) for key, figure in default_figures().figures.items() if figure.unit != "cents"}
    answer = visitor.post("/doorrekenen/cijfers", **{**typed, "help.accepts": "60", "cost.letter": "1,50"})
    assert answer.status_code == 302
    own = lite.owner.figures()
    assert (own["help.accepts"], own["cost.letter"], own["cost.sms"]) == (60, 150, default_figures()["cost.sms"])
    assert own.figures["help.accepts"].source == "eigen cijfer"
    assert "2 eigen cijfers" in visitor.get(PAGE)
    wrong = visitor.post("/doorrekenen/cijfers", **{**typed, "help.accepts": "160"})
    assert wrong.status_code == 422
    assert "van 0 tot en met 100" in wrong.text
    together = visitor.post("/doorrekenen/cijfers", **{**typed, "legal.executed": "900"})
    assert together.status_code == 422
    assert "passen niet bij elkaar" in together.text
    assert lite.owner.figures()["help.accepts"] == 60
    visitor.post("/doorrekenen/cijfers", **{**typed, "help.accepts": ""})
    assert lite.owner.figures().values == default_figures().values
    assert "Opslaan" not in lite.visitor("anna").get("/doorrekenen/cijfers")

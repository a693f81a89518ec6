"""The pages of the console over real rows and real services; on PostgreSQL see test_web_postgresql.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from outreach.db.tables import (
    AccessLogRow,
    AttemptRow,
    InboundRow,
    PauseRow,
    PaymentPlanRow,
    PromiseRow,
    TalkRow,
    TaskRow,
)
from outreach.runtime import Runtime
from outreach.web.app import create_app
from outreach.web.csv_export import safe_cell
from tests.support.builders import NOW, Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class World:
    """A console with two cases of two areas, a second landlord, and who is signed in."""

    runtime: Runtime
    app: Flask
    case_id: int
    west_id: int
    stranger_id: int
    task_id: int
    sms_id: int

    def visitor(self, username: str = "anna") -> Visitor:
        """Return a signed-in visitor."""
        visitor = Visitor(self.app)
        visitor.sign_in(username)
        return visitor


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a console with a few rows."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user()
        builder.make_user(username="manager", role="manager", name="Mia Manager")
        builder.make_user(username="buiten", role="field", name="Bas Buiten")
        builder.make_delivery()
        person = builder.make_person(family_name="Yilmaz", initials="F.", given_name="Fatma")
        builder.make_contact_point(person, value="+31612345678")
        case = builder.make_case(tenancy=builder.make_tenancy(person=person, external_ref="H7001"), number="2026-7")
        sms = builder.make_attempt(case, person, outcome="delivered", state="done", sent_to="+31612345678")
        call = builder.make_attempt(
            case, person, channel="call", kind="call", state="claimed", sent_at=None, step="call"
        )
        task = builder.make_task(case, kind="call", attempt_id=call.id)
        team = builder.add(type(builder.team)(landlord_id=builder.landlord.id, code="west", name="Team West"))
        west = builder.make_area(code="west", name="West", team=team)
        far = builder.make_case(tenancy=builder.make_tenancy(area=west), number="2026-8")
        stranger = Builder(session, slug="ander").make_case(number="2026-9")
        ids = (case.id, far.id, stranger.id, task.id, sms.id)
    yield World(runtime, create_app(runtime), *ids)
    runtime.db.dispose()


def test_today_shows_who_how_much_and_what(world: World) -> None:
    page = world.visitor().get("/vandaag")
    assert "F. Yilmaz" in page
    assert "€\u00a01.300,00" in page or "€ 1.300,00" in page
    assert "Bellen" in page


def test_a_call_is_done_in_two_clicks(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/vandaag")
    answer = visitor.post(f"/taken/{world.task_id}", outcome="talked", note="Belt morgen", next="/vandaag?kind=call")
    assert answer.headers["Location"] == "/vandaag?kind=call"
    with world.runtime.db.read() as session:
        assert session.get_one(TaskRow, world.task_id).state == "done"
        assert session.scalars(select(TalkRow)).one().note == "Belt morgen"


def test_a_stale_ledger_is_told_on_top(world: World) -> None:
    world.runtime.clock.now = NOW + timedelta(days=7)  # type: ignore[attr-defined]
    assert "Geen incassocontact" in world.visitor().get("/vandaag")


def test_reading_a_case_is_logged(world: World) -> None:
    assert "F. Yilmaz" in world.visitor().get(f"/dossiers/{world.case_id}")
    with world.runtime.db.read() as session:
        assert session.scalars(select(AccessLogRow)).one().case_id == world.case_id


def test_another_landlords_case_does_not_exist(world: World) -> None:
    visitor = world.visitor()
    assert "Deze pagina is er niet" in visitor.get(f"/dossiers/{world.stranger_id}")
    answer = visitor.post(f"/dossiers/{world.stranger_id}/doe/sluiten", reason="paid")
    assert answer.status_code == 404


def test_a_field_worker_sees_the_areas_of_his_team(world: World) -> None:
    visitor = world.visitor("buiten")
    assert "F. Yilmaz" in visitor.get(f"/dossiers/{world.case_id}")
    assert "Deze pagina is er niet" in visitor.get(f"/dossiers/{world.west_id}")
    assert "niet voor uw rol" in visitor.get("/postvak-in")


def test_a_promise_is_noted(world: World) -> None:
    visitor = world.visitor()
    answer = visitor.post(f"/dossiers/{world.case_id}/doe/belofte", promised_on="25-11-2026", amount_cents="1.300,00")
    assert answer.status_code == 302
    with world.runtime.db.read() as session:
        promise = session.scalars(select(PromiseRow)).one()
        assert (promise.promised_on, promise.amount_cents) == (date(2026, 11, 25), 130000)
    assert "betaalt op woensdag 25 november" in visitor.get(f"/dossiers/{world.case_id}")


def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(world: World) -> None:
    answer = world.visitor().post(
        f"/dossiers/{world.case_id}/doe/stilzetten", reason="illness", until_on="31-02-2027", note="Ligt in bed"
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Deze datum bestaat niet" in page
    assert "Ligt in bed" in page
    assert 'value="31-02-2027"' in page


def test_a_refusal_of_the_service_stands_in_the_form(world: World) -> None:
    answer = world.visitor().post(f"/dossiers/{world.case_id}/doe/belofte", promised_on="2020-01-01")
    assert answer.status_code == 422
    assert "Kies een dag vanaf vandaag" in answer.get_data(as_text=True)


def test_a_pause_begins_and_ends(world: World) -> None:
    visitor = world.visitor()
    address = f"/dossiers/{world.case_id}"
    visitor.post(f"{address}/doe/stilzetten", reason="illness", until_on="2026-12-08")
    page = visitor.get(address)
    assert "Stilgezet:" in page and "tot en met maandag 7 december" in page
    with world.runtime.db.read() as session:
        pause_id = session.scalars(select(PauseRow.id)).one()
    visitor.post(f"{address}/doe/hervatten", pause_id=str(pause_id), reason="Weer beter")
    assert "Het dossier loopt weer" in visitor.get(address)


def test_a_plan_is_agreed(world: World) -> None:
    visitor, address = world.visitor(), f"/dossiers/{world.case_id}"
    for said in ("ik kan 20 euro per maand betalen", "nee"):
        visitor.post(f"/postvak-uit/{world.sms_id}/antwoord", text=said)
    with world.runtime.db.read() as session:
        plan_id = session.scalars(select(PaymentPlanRow.id)).one()
        inbound_id = session.scalars(select(InboundRow.id).order_by(InboundRow.id.desc())).first()
    offered = visitor.get(f"/postvak-in/{inbound_id}")
    assert "Keur goed: 65 keer € 20,00, tot en met" in offered.replace("\xa0", " ")
    assert "lager dan uw minimum" in offered
    visitor.post(f"{address}/doe/regeling", month_cents="325", first_on="2026-12-25")
    with world.runtime.db.read() as session:
        assert session.scalars(select(PaymentPlanRow)).one().month_cents == 32500
    assert "regeling loopt" in visitor.get(address)
    visitor.post(f"{address}/doe/regeling-stoppen", plan_id=str(plan_id), reason="andere afspraak")
    assert "geen bericht over naar de huurder" in visitor.get(address)


@pytest.mark.parametrize(
    "query", ["yilmaz", "FATMA yil", "06 12345678", "+31 6 1234 5678", "2026-7", "h7001", "Kastanjelaan 2"]
)
def test_search_goes_straight_to_the_only_case(world: World, query: str) -> None:
    answer = world.visitor().client.get("/zoeken", query_string={"q": query})
    assert answer.headers.get("Location") == f"/dossiers/{world.case_id}", answer.get_data(as_text=True)


def test_search_says_what_to_try_when_nothing_is_found(world: World) -> None:
    assert "Niets gevonden" in world.visitor().get("/zoeken?q=%25_nergens")


def test_the_list_is_filtered_and_exported(world: World) -> None:
    visitor = world.visitor()
    assert "2026-8" in visitor.get("/dossiers")
    with world.runtime.db.read() as session:
        area = session.get_one(AttemptRow, world.sms_id).case_id
    assert area == world.case_id
    assert "Geen dossiers gevonden" in visitor.get("/dossiers?special=paused")
    exported = visitor.get("/dossiers?vorm=csv")
    assert exported.startswith("\ufeffDossier;")
    assert "1300,00" in exported


@pytest.mark.parametrize("cell", ["=1+1", "+31612345678", "-cmd", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_becomes_a_formula(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


def test_an_amount_stays_an_amount() -> None:
    assert safe_cell("-12,50") == "-12,50"


def test_the_tenants_answer_changes_the_case_at_once(world: World) -> None:
    visitor = world.visitor()
    assert "Antwoord als huurder" in visitor.get("/postvak-uit")
    answer = visitor.post(f"/postvak-uit/{world.sms_id}/antwoord", text="BEL MIJ")
    assert answer.headers["Location"].startswith(f"/dossiers/{world.case_id}")
    page = visitor.get(f"/dossiers/{world.case_id}")
    assert "BEL MIJ" in page
    assert "wil gebeld worden" in page


def test_a_reply_is_read_and_handled(world: World) -> None:
    visitor = world.visitor()
    visitor.post(f"/postvak-uit/{world.sms_id}/antwoord", text="Ik begrijp dit niet, wat bedoelt u met die brief?")
    with world.runtime.db.read() as session:
        inbound_id = session.scalars(select(InboundRow.id)).one()
    assert "Ik begrijp dit niet" in visitor.get("/postvak-in?state=waiting")
    assert "Ik begrijp dit niet" in visitor.get(f"/postvak-in/{inbound_id}")
    assert visitor.post(f"/postvak-in/{inbound_id}/afhandelen", note="gebeld").status_code == 302
    with world.runtime.db.read() as session:
        assert session.get_one(InboundRow, inbound_id).state == "handled"


def test_a_manager_looks_and_does_not_touch(world: World) -> None:
    visitor = world.visitor("manager")
    assert "Wat zegt de huurder?" not in visitor.get(f"/dossiers/{world.case_id}")
    assert visitor.post(f"/dossiers/{world.case_id}/doe/sluiten", reason="paid").status_code == 403
    assert visitor.post(f"/taken/{world.task_id}", outcome="talked").status_code == 403


def test_every_page_speaks_english(world: World) -> None:
    visitor = world.visitor()
    visitor.client.set_cookie("taal", "en")
    for address, word in (
        ("/vandaag", "Today"),
        (f"/dossiers/{world.case_id}", "What happened"),
        ("/dossiers", "Cases"),
    ):
        assert word in visitor.get(address)

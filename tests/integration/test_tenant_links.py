"""Links to the tenant's page: codes, where they go, when they end, and what happens to who guesses."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select, update

from outreach.cli.tenant_link_commands import tenant_link_command, with_local_address
from outreach.config import Settings
from outreach.db.people import LandlordRow
from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    EvidenceRow,
    PersonRow,
    RepresentationRow,
    TenancyPartyRow,
    TenantLinkRow,
    UserRow,
)
from outreach.services.carrying import outbound
from outreach.services.staff_work import record_call
from outreach.services.tenant_links import SIGNS, grouped, new_code, plain_code
from outreach.services.tenant_page_opening import LOCK, MOST_FROM_ADDRESS, Callers
from outreach.web.app import create_app
from tests.support.builders import hashed_password
from tests.support.console import Visitor
from tests.support.tenant_page import (
    PUBLIC,
    Kept,
    Tenant,
    in_arrears,
    keeping_world,
    link_for,
    link_row,
    page_world,
    visiting,
)
from tests.support.worlds import FIRST_DAY, Home, World, building

pytestmark = pytest.mark.integration
SECRET = "niet geheim"


@pytest.fixture(scope="module")
def kept(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Make a landlord with a public address and a tenant who owes 400 euros, once for all tests of this file."""
    with keeping_world(sqlite_template, tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest.fixture
def world(kept: Kept) -> World:
    """Give the landlord as he was at the beginning, whatever the tests before did."""
    return kept.again()


@pytest.fixture
def home(kept: Kept, world: World) -> Home:
    """Give the tenant who owes 400 euros."""
    assert kept.home is not None
    return kept.home


@pytest.fixture
def tenant(kept: Kept, world: World) -> Tenant:
    """Give the tenant at his page, before it is opened."""
    return visiting(world, kept.code)


@given(st.text(max_size=60))
def test_no_text_is_a_code_of_ours_by_chance(typed: str) -> None:
    assert plain_code(typed, SECRET) is None


@given(st.integers(0, 11), st.sampled_from(SIGNS))
def test_a_code_with_one_other_sign_is_not_ours_nor_of_another_key(place: int, sign: str) -> None:
    code = new_code(SECRET)
    assert len(code) == 12 and plain_code(code, SECRET) == code and plain_code(code, "ander geheim") is None
    other = code[:place] + sign + code[place + 1 :]
    assert other == code or plain_code(other, SECRET) is None


def test_a_code_may_be_typed_as_people_type() -> None:
    code = next(each for each in iter(lambda: new_code(SECRET), None) if {"0", "1"} <= set(each))
    assert plain_code(grouped(code).lower().replace("0", "o").replace("1", "l"), SECRET) == code
    assert plain_code(f" {grouped(code)} ".replace("1", "I"), SECRET) == code


def test_links_stand_in_the_messages_that_ask_for_an_answer_and_say_nothing(world: World, home: Home) -> None:
    world.reply(home.phone, "regeling")
    world.tick(FIRST_DAY, 10, 5)
    first, asked = world.attempts(AttemptRow.channel == "sms")[0], world.attempts()[-1]
    assert first.template == "reminder" and "/r/" not in (first.text or "")
    [link] = world.rows(TenantLinkRow, TenantLinkRow.attempt_id == asked.id)
    assert asked.template == "answer_plan_ask"
    assert (asked.text or "").endswith(f"Of regel het zelf:\n{PUBLIC}/r/{link.code}")
    assert link.expires_at - link.created_at == timedelta(days=30)
    page = visiting(world, link.code)
    assert "€ 400" in page.open()
    world.reply(home.phone, "10 per maand")
    world.tick(FIRST_DAY, 10, 10)
    handed = world.attempts()[-1]
    assert handed.template == "answer_plan_to_staff" and "/r/" not in (handed.text or ""), "nothing is left to do there"
    assert "Uw voorstel ligt bij een medewerker." in page.get() and "In delen betalen" not in page.page


def test_letters_and_visits_have_a_code_to_scan_that_is_valid_longer(world: World, home: Home) -> None:
    with world.runtime.db.write() as session:
        session.execute(update(UserRow).values(role="admin", password_hash=hashed_password()))
    visit = live_until_visit(world)
    [letter, *_] = world.attempts(AttemptRow.channel == "letter", AttemptRow.sent_at.is_not(None))
    links = {row.attempt_id: row for row in world.rows(TenantLinkRow)}
    carried, code = outbound(letter, world.policy, "H0001"), grouped(links[letter.id].code)
    assert carried.extra["code"] == f"{PUBLIC}/r/{code}" and carried.extra["code"] in carried.text
    assert carried.extra["scan"] == "Scan de code en regel het zelf"
    assert links[letter.id].expires_at - links[letter.id].created_at == timedelta(days=60)
    staff = Visitor(create_app(world.runtime))
    staff.sign_in()
    page = read_pdf(staff, f"/drukwerk/brief/{letter.id}.pdf")
    assert "Scan de code en regel het zelf" in page and code in page
    card = read_pdf(staff, "/drukwerk/kaarten.pdf?vorm=los")
    assert "Scan de code en regel het zelf" in card and grouped(links[visit.id].code) in card
    assert "huur.voorbeeld.example/r/" in card and "€" not in card


def live_until_visit(world: World) -> AttemptRow:
    """Live until somebody is to go to the door; every call on the way is not answered."""
    for ahead in range(1, 90):
        day = FIRST_DAY + timedelta(days=ahead)
        world.live(day)
        if visits := world.attempts(AttemptRow.kind == "visit", AttemptRow.state == "claimed"):
            world.at(day, 12)
            return visits[0]
        for task in world.tasks():
            if task.kind == "call" and task.attempt_id:
                world.at(day, 15)
                record_call(world.runtime, world.actor, task.attempt_id, "no_answer")
    raise AssertionError("nobody goes to the door")


def read_pdf(staff: Visitor, address: str) -> str:
    """Return the words of a PDF, with single blanks between them."""
    pages = PdfReader(BytesIO(staff.client.get(address).data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_without_a_public_address_no_message_has_a_link(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with building(migrated_sqlite_url, tmp_path) as build:
        world = page_world(build, public_url="")
        home = in_arrears(world)
        world.reply(home.phone, "regeling")
        world.tick(FIRST_DAY, 10, 5)
        assert world.attempts()[-1].template == "answer_plan_ask"
        assert "/r/" not in (world.attempts()[-1].text or "") and world.rows(TenantLinkRow) == []


def test_a_link_ends_with_its_time_its_case_and_the_tenancy(world: World, home: Home, tenant: Tenant) -> None:
    assert "Even kijken" in tenant.get()
    with world.runtime.db.write() as session:
        session.execute(update(CaseRow).values(state="closed"))
    assert "Deze link werkt niet" in tenant.get() and tenant.status == 404
    with world.runtime.db.write() as session:
        session.execute(update(CaseRow).values(state="open"))
        session.execute(update(TenancyPartyRow).values(to_on=FIRST_DAY))
    assert "Deze link werkt niet" in tenant.get()
    with world.runtime.db.write() as session:
        session.execute(update(TenancyPartyRow).values(to_on=None))
    assert "Even kijken" in tenant.get()
    world.at(FIRST_DAY + timedelta(days=30), 10, 1)
    assert "Deze link werkt niet" in tenant.get(**{"Accept-Language": "pl"}), "in the language of the record"


def test_an_ex_partner_is_out_at_once_also_inside(world: World, home: Home, tenant: Tenant) -> None:
    assert "€ 400" in tenant.open()
    with world.runtime.db.write() as session:
        session.execute(update(TenancyPartyRow).values(role="ex_partner"))
    assert "€ 400" not in tenant.get() and "Deze link werkt niet" in tenant.page
    assert "Deze link werkt niet" in tenant.post("/betaald")


def test_who_acts_for_a_tenant_has_his_own_link_and_the_tenant_is_sent_to_him(
    world: World, home: Home, tenant: Tenant
) -> None:
    other = world.home(family_name="Bewind")
    acting = RepresentationRow(
        landlord_id=world.landlord_id,
        person_id=home.person_id,
        representative_id=other.person_id,
        kind="bewindvoerder",
        from_on=FIRST_DAY,
        source="test",
        known_at=world.clock(),
    )
    world.add(acting)
    page = tenant.open()
    assert "Iemand regelt uw geld voor u." in page and "In delen betalen" not in page
    own = visiting(world, link_for(world, replace(home, person_id=other.person_id)))
    assert "€ 400" in own.open("1234")


def test_a_closed_case_is_said_calmly_to_who_is_inside(world: World, home: Home, tenant: Tenant) -> None:
    tenant.open()
    with world.runtime.db.write() as session:
        session.execute(update(CaseRow).values(state="closed"))
    page = tenant.get()
    assert "Er staat niets meer open." in page and "In delen betalen" not in page


def test_five_wrong_answers_lock_for_an_hour_and_a_person_hears_of_it(world: World, home: Home, tenant: Tenant) -> None:
    for _ in range(4):
        assert "Dit antwoord klopt niet." in tenant.post(answer="1990")
    assert "Het lukte te vaak niet." in tenant.post(answer="1990")
    assert "Het lukte te vaak niet." in tenant.open(), "also the right answer waits"
    assert [(task.kind, task.case_id) for task in world.tasks()] == [("link_locked", world.case(home).id)]
    world.clock.set(world.clock() + LOCK)
    assert "€ 400" in tenant.open()
    assert link_row(world, tenant.code).tries == 0


def test_who_goes_on_guessing_ends_the_link(world: World, tenant: Tenant) -> None:
    for _ in range(3):
        for _ in range(5):
            tenant.post(answer="1990")
        world.clock.set(world.clock() + LOCK)
    assert "Deze link werkt niet" in tenant.get()
    assert len([row for row in world.rows(EvidenceRow) if row.kind == "link_locked"]) == 3


def test_wrong_answers_count_per_address_of_the_network_too(world: World, home: Home) -> None:
    app = create_app(world.runtime)
    for number in range(MOST_FROM_ADDRESS):
        Tenant(app, link_for(world, home), address="8.8.4.4").post(answer=str(1900 + number))
    assert "Het lukte te vaak niet." in Tenant(app, link_for(world, home), address="8.8.4.4").open()
    assert "€ 400" in Tenant(app, link_for(world, home), address="8.8.8.8").open()


def test_an_address_behind_a_proxy_is_not_held_against_everybody(world: World) -> None:
    callers, now = Callers(secret=SECRET), world.clock()
    for _ in range(MOST_FROM_ADDRESS):
        callers.note_wrong("127.0.0.1", now)
        callers.note_wrong("8.8.8.8", now)
    assert not callers.is_locked("127.0.0.1", now)
    assert callers.is_locked("8.8.8.8", now) and not callers.is_locked("8.8.8.8", now + LOCK)


FORGED = ("AAAAAAAAAAAA", "0", "x" * 500, "../inloggen", "%00", "🙂", "{{7*7}}", "' or 1=1--")


def test_forged_links_get_one_calm_page(world: World, tenant: Tenant) -> None:
    tenant.code = new_code(SECRET)
    unknown = tenant.get().replace(tenant.code, "")
    for code in FORGED:
        tenant.code = code
        page = tenant.get()
        assert tenant.status == 404 and "Deze link werkt niet" in page, code
        assert "Bel Wonen Voorbeeld: " in page and "010" in page
        assert page.replace(code, "") == unknown or code != "AAAAAAAAAAAA"


def test_with_several_landlords_the_calm_page_names_none(world: World, home: Home) -> None:
    world.add(LandlordRow(slug="ander", name="Ander Wonen", is_sample=False, created_at=world.clock()))
    page = visiting(world, "AAAAAAAAAAAA").get()
    assert "Wonen" not in page and "In uw brief of bericht staat ons telefoonnummer." in page


def test_a_co_tenant_has_his_own_question(world: World, home: Home) -> None:
    other = world.home(family_name="Tweede")
    with world.runtime.db.write() as session:
        session.get_one(PersonRow, other.person_id).born_on = date(1990, 1, 1)
        tenancy = session.scalars(select(TenancyPartyRow).where(TenancyPartyRow.person_id == other.person_id)).one()
        tenancy.tenancy_id, tenancy.role = home.tenancy_id, "co_tenant"
    tenant = visiting(world, link_for(world, replace(home, person_id=other.person_id)))
    assert "klopt niet" in tenant.open("1985") and "€ 400" in tenant.post(answer="1990")


def test_staff_make_show_renew_and_end_a_link(world: World, home: Home) -> None:
    with world.runtime.db.write() as session:
        session.execute(update(UserRow).values(role="worker", password_hash=hashed_password()))
    staff = Visitor(create_app(world.runtime))
    staff.sign_in()
    case = f"/dossiers/{world.case(home).id}"
    assert f'href="{case}/link"' in staff.get(case)
    assert "Maak een link voor A. Bakker1" in staff.get(f"{case}/link")
    staff.post(f"{case}/link", person=str(home.person_id))
    first = world.rows(TenantLinkRow)[-1]
    assert f">{PUBLIC}/r/{grouped(first.code)}</code>" in staff.get(f"{case}/link")
    tenant = visiting(world, first.code)
    assert "€ 400" in tenant.open()
    staff.post(f"{case}/link", person=str(home.person_id))
    assert "Deze link werkt niet" in tenant.get()
    second = world.rows(TenantLinkRow)[-1]
    staff.post(f"{case}/link/{second.id}/stop")
    assert "Deze link werkt niet" in visiting(world, second.code).get()
    kinds = [row.kind for row in world.rows(EvidenceRow)]
    assert kinds.count("link_made") == kinds.count("link_ended") == 3


def test_in_the_sandbox_the_link_in_a_message_leads_to_the_page(world: World, home: Home) -> None:
    world.reply(home.phone, "regeling")
    world.tick(FIRST_DAY, 10, 5)
    with world.runtime.db.write() as session:
        session.execute(update(UserRow).values(role="worker", password_hash=hashed_password()))
    staff = Visitor(create_app(world.runtime))
    staff.sign_in()
    [link] = world.rows(TenantLinkRow, TenantLinkRow.attempt_id == world.attempts()[-1].id)
    assert f'<a class="utrecht-link" href="{PUBLIC}/r/{link.code}">' in staff.get("/postvak-uit?day=2026-10-06")
    assert "het antwoord is 1985" in staff.get(f"/r/{link.code}")
    assert "het antwoord is" not in visiting(world, link.code).get()


def test_the_command_makes_a_link_and_in_the_sandbox_says_what_opens_it(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    with building(migrated_sqlite_url, tmp_path) as build:
        world = page_world(build, public_url="")
        number = world.case(in_arrears(world)).number
        env = {"OUTREACH_DATABASE_URL": migrated_sqlite_url, "OUTREACH_SECRET_KEY": SECRET}
        env |= {"OUTREACH_DATA_DIR": str(tmp_path), "OUTREACH_PORT": "8123", "OUTREACH_PUBLIC_URL": ""}
        made = CliRunner().invoke(tenant_link_command, [number, "--json"], env=env, catch_exceptions=False)
        found = json.loads(made.stdout)
        assert found["link"].startswith("http://127.0.0.1:8123/r/") and found["answer"] == "1985"
        assert world.rows(TenantLinkRow)[0].code == found["code"].replace("-", "")
        short = CliRunner().invoke(tenant_link_command, [str(int(number[1:])), "--port", "8999"], env=env).stdout
        assert "1985" in short and short.startswith("http://127.0.0.1:8999/r/")
        assert CliRunner().invoke(tenant_link_command, ["D999999"], env=env).exit_code == 1


def test_only_a_sandbox_without_an_address_takes_its_own(tmp_path: Path) -> None:
    sandbox = Settings(data_dir=tmp_path, database_url="sqlite://", secret_key=SECRET)
    assert with_local_address(sandbox, "0.0.0.0", 80).public_url == "http://127.0.0.1:80"
    for other in (replace(sandbox, public_url=PUBLIC), replace(sandbox, mode="live")):
        assert with_local_address(other) == other

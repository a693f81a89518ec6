"""The pages of routes and last chances: readable, in two languages, with gaps that a policy officer fills."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.runtime import Runtime
from outreach.services.policy import load_policy
from outreach.services.users import hash_password
from outreach.web.app import create_app
from schedules.route import load_route, route_names
from schedules.trajectory import load_trajectory, trajectory_names
from tests.support.builders import PASSWORD, Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration


@pytest.fixture
def console(tmp_path: Path, migrated_sqlite_url: str) -> Iterator[tuple[Runtime, int, Visitor]]:
    """Yield a runtime, its landlord and a signed-in policy officer."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="beleid", role="policy", name="Beleid", password_hash=hash_password(PASSWORD))
        builder.make_user(username="mia", role="manager", name="Mia", password_hash=hash_password(PASSWORD))
        landlord_id = builder.landlord.id
    visitor = Visitor(create_app(runtime))
    visitor.sign_in("beleid")
    yield runtime, landlord_id, visitor
    runtime.db.dispose()


def test_every_route_and_trajectory_can_be_found_and_read(console: tuple[Runtime, int, Visitor]) -> None:
    _, _, visitor = console
    index = visitor.get("/contactladders")
    for name in route_names():
        assert f'href="/routes/{name}"' in index
        page = visitor.get(f"/routes/{name}")
        assert load_route(name).source.lines in page and "Wanneer mag het" in page
    for name in trajectory_names():
        assert f'href="/trajecten/{name}"' in index
        page = visitor.get(f"/trajecten/{name}")
        assert load_trajectory(name).source.lines in page and "wat het bewijs is" in page
    assert visitor.client.get("/trajecten/nergens").status_code == 404


def test_a_route_shows_its_quota_clocks_pause_and_warnings(console: tuple[Runtime, int, Visitor]) -> None:
    _, _, visitor = console
    quota = visitor.get("/routes/mitros_utrecht_meldpunt_huurschulden")
    assert "200" in quota and "voor alle verhuurders samen" in quota and "alleenstaande oudere mannen" in quota
    pause = visitor.get("/routes/amsterdam_vroeg_eropaf")
    assert "9 maanden" in pause.replace("<span>", "").replace("</span>", "")
    assert "geen aanmaning vanzelf" in pause and "&lt;span" not in pause
    assert "gestopt op" in visitor.get("/routes/rotterdam_flexibel_wonen")
    warned = visitor.get("/trajecten/tussenvoorziening_laatste_kans")
    assert "twaalf maanden" in warned and "na het vonnis" in warned


def test_the_pages_speak_english_too(console: tuple[Runtime, int, Visitor]) -> None:
    _, _, visitor = console
    visitor.client.set_cookie("taal", "en")
    page = visitor.get("/trajecten/nijmegen_begeleide_herkansing")
    assert "a commission" in page and "never by itself" in page and "Guided second chance" in page
    assert "at most" in visitor.get("/routes/amsterdam_vroeg_eropaf")


def test_a_policy_officer_fills_and_opens_the_gaps_of_a_route(console: tuple[Runtime, int, Visitor]) -> None:
    runtime, landlord_id, visitor = console
    address = "/routes/amsterdam_vroeg_eropaf"
    assert "Voorbeeld van ons, niet uit de bron" in visitor.get(address)
    wrong = visitor.post(address, vroeg_eropaf_dag_nul="sent", vroeg_eropaf_uitstel_dagen="veel")
    assert wrong.status_code == 422
    assert visitor.post(address, vroeg_eropaf_dag_nul="accepted", vroeg_eropaf_uitstel_dagen="5").status_code == 302
    assert fills(runtime, landlord_id) == {"vroeg_eropaf_dag_nul": "accepted", "vroeg_eropaf_uitstel_dagen": 5}
    assert visitor.post(address, vroeg_eropaf_dag_nul="accepted", vroeg_eropaf_uitstel_dagen="").status_code == 302
    assert fills(runtime, landlord_id) == {"vroeg_eropaf_dag_nul": "accepted"}


def test_a_manager_reads_and_does_not_fill(console: tuple[Runtime, int, Visitor]) -> None:
    runtime, landlord_id, visitor = console
    other = Visitor(visitor.client.application)
    other.sign_in("mia")
    page = other.get("/trajecten/tilburg_tweede_kans")
    assert 'action="/trajecten/tilburg_tweede_kans"' not in page
    assert other.post("/trajecten/tilburg_tweede_kans", tilburg_evaluatie_maanden="4").status_code == 403
    assert fills(runtime, landlord_id) == {}


def fills(runtime: Runtime, landlord_id: int) -> dict[str, int | str]:
    with runtime.db.read() as session:
        return dict(load_policy(session, landlord_id).settings.fills)


PARTNER = {
    "municipality": "Oss",
    "kind": "debt_help",
    "name": "Zorgplein Oss",
    "feedback_days": "28",
    "active": "1",
    "field-name": "1",
}


@pytest.mark.parametrize(
    ("route", "told"),
    [("rotterdam_flexibel_wonen", "Deze route geldt niet meer"), ("oss_zorgplein", "wat niet in de bron staat (1)")],
)
def test_a_partner_cannot_work_by_a_route_that_is_not_whole(
    console: tuple[Runtime, int, Visitor], route: str, told: str
) -> None:
    _, _, visitor = console
    visitor.get("/partners/nieuw")
    answer = visitor.post("/partners/nieuw", **PARTNER, route=route)
    assert answer.status_code == 422 and told in answer.get_data(as_text=True)


def test_a_filled_route_can_be_chosen_for_a_partner(console: tuple[Runtime, int, Visitor]) -> None:
    _, _, visitor = console
    visitor.get("/routes/oss_zorgplein")
    assert visitor.post("/routes/oss_zorgplein", oss_zorgplein_dagen="21").status_code == 302
    assert visitor.post("/partners/nieuw", **PARTNER, route="oss_zorgplein").status_code == 302

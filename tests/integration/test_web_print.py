"""The page Drukwerk: PDFs of letters and cards in the sandbox, batches and marks with a print house."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader
from sqlalchemy import func, select

from channels.contract import Outbound
from channels.print_house import PrintHouse
from channels.print_letters import reference_of
from outreach.cli.print_commands import print_group
from outreach.config import Settings
from outreach.db.tables import AccessLogRow, TeamRow
from outreach.domain.landlord_settings import LandlordSettings
from outreach.errors import OutreachError
from outreach.runtime import Runtime, make_runtime
from outreach.services.letter_heads import paper_extra
from outreach.services.print_batches import print_house
from outreach.web.accounts import hash_password
from outreach.web.app import create_app
from tests.support.builders import NOW, PASSWORD, Builder
from tests.support.console import MovableClock, Visitor, console_runtime, install

pytestmark = pytest.mark.integration
TO = "Kastanjelaan 1, 1234AB Voorbeeldstad"


@dataclass(frozen=True)
class World:
    """A console with a letter that went out yesterday and a door in each of two areas."""

    runtime: Runtime
    landlord_id: int
    letter_id: int
    sms_id: int

    def visitor(self, username: str = "anna") -> Visitor:
        """Return a signed-in visitor."""
        visitor = Visitor(create_app(self.runtime))
        visitor.sign_in(username)
        return visitor

    def wait(self, *keys: str) -> PrintHouse:
        """Let letters wait for the print house."""
        house = print_house(self.runtime)
        assert house is not None
        extra = paper_extra(LandlordSettings(sender_name="Wonen"), self.landlord_id, None, NOW.date())
        house.send(
            [
                Outbound(key=key, channel="letter", to=TO, sender="", name="J. Ver", text="Tekst", at=NOW, extra=extra)
                for key in keys
            ]
        )
        return house


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def _world(runtime: Runtime) -> World:
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        for username, role in (("anna", "worker"), ("mia", "manager")):
            builder.make_user(username=username, role=role, name=username.title(), password_hash=_hashed())
        team = builder.add(TeamRow(landlord_id=builder.landlord.id, code="w", name="West"))
        builder.make_user(username="buiten", role="field", name="Buiten", team_id=team.id, password_hash=_hashed())
        builder.make_delivery()
        person = builder.make_person(family_name="Yilmaz", initials="F.")
        case = builder.make_case(tenancy=builder.make_tenancy(person=person))
        letter = builder.make_attempt(
            case, person, channel="letter", sent_to=TO, subject="Uw huur", text="Beste mevrouw,\n\nWilt u mij bellen?"
        )
        sms = builder.make_attempt(case, person)
        for area, name in ((None, "Yilmaz"), (builder.make_area(code="west", name="West", team=team), "Ver")):
            at_door = builder.make_person(family_name=name, language="nl")
            there = builder.make_case(tenancy=builder.make_tenancy(person=at_door, area=area))
            visit = builder.make_attempt(
                there, at_door, channel="visit", kind="visit", state="claimed", sent_at=None, claimed_at=NOW
            )
            builder.make_task(there, kind="visit", attempt_id=visit.id)
        return World(runtime, builder.landlord.id, letter.id, sms.id)


@pytest.fixture
def sandbox(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a console in the sandbox."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    yield _world(runtime)
    runtime.db.dispose()


@pytest.fixture
def live(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a console of a system that sends letters to a print house."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=migrated_sqlite_url,
        secret_key="test" * 8,
        mode="live",
        sending_enabled=True,
        print_dir=str(tmp_path / "print"),
    )
    runtime = make_runtime(settings, clock=MovableClock())
    yield _world(runtime)
    runtime.db.dispose()


def pages(content: bytes) -> list[str]:
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(io.BytesIO(content)).pages]


def test_a_letter_and_a_day_can_be_seen_as_pdf_in_the_sandbox(sandbox: World) -> None:
    visitor = sandbox.visitor()
    page = visitor.get("/drukwerk")
    assert "Oefenomgeving" in page and "Partij maken" not in page
    day = sandbox.runtime.calendar.day_of(NOW - timedelta(days=1))
    for address in (f"/drukwerk/brief/{sandbox.letter_id}.pdf", f"/drukwerk/dag/{day}.pdf"):
        answer = visitor.client.get(address)
        assert answer.content_type == "application/pdf"
        (text,) = pages(answer.data)
        for part in ("F. Yilmaz", "1234 AB  VOORBEELDSTAD", "Wonen Voorbeeld", "Uw huur", "Wilt u mij bellen?"):
            assert part in text
    assert f"/drukwerk/brief/{sandbox.letter_id}.pdf" in visitor.get(f"/postvak-uit?day={day}")
    with sandbox.runtime.db.read() as session:
        found = select(func.count()).select_from(AccessLogRow).where(AccessLogRow.what == "letter")
        assert session.scalar(found) == 1


def test_there_is_no_pdf_of_what_is_no_letter(sandbox: World) -> None:
    visitor = sandbox.visitor()
    for name in (f"brief/{sandbox.sms_id}.pdf", "brief/999999.pdf", "dag/2020-01-01.pdf", "dag/morgen.pdf"):
        assert visitor.client.get(f"/drukwerk/{name}").status_code == 404
    assert visitor.client.get("/drukwerk/partij/..").status_code == 404
    assert "Er is geen map" in visitor.client.post(
        "/drukwerk/partij", data={"csrf_token": visitor._token}, follow_redirects=True
    ).get_data(as_text=True)


def test_cards_are_for_the_doors_that_one_may_see_and_name_no_debt(sandbox: World) -> None:
    all_doors = pages(sandbox.visitor().client.get("/drukwerk/kaarten.pdf?vorm=los").data)
    own_doors = pages(sandbox.visitor("buiten").client.get("/drukwerk/kaarten.pdf?vorm=los").data)
    assert [("Yilmaz" in page, "Ver" in page) for page in all_doors] == [(True, False), (False, True)]
    assert len(own_doors) == 1 and "Ver" in own_doors[0]
    for page in all_doors:
        assert not any(word in page.lower() for word in ("€", "huur", "schuld", "betaal", "achterstand"))
        assert "010 123 4567" in page
    assert len(pages(sandbox.visitor().client.get("/drukwerk/kaarten.pdf").data)) == 1
    assert "/drukwerk/kaarten.pdf" in sandbox.visitor("buiten").get("/huisbezoeken")


def test_the_page_is_for_the_office(sandbox: World) -> None:
    for username in ("buiten", "mia"):
        assert sandbox.visitor(username).client.get("/drukwerk").status_code == 403
        assert 'href="/drukwerk"' not in sandbox.visitor(username).get("/menu")
    assert 'href="/drukwerk"' in sandbox.visitor().get("/menu")


def test_a_batch_is_made_fetched_and_posted(live: World) -> None:
    house, visitor = live.wait("a", "b"), live.visitor()
    assert "2 brieven wachten" in visitor.get("/drukwerk")
    where = visitor.post("/drukwerk/partij").headers["Location"]
    batch_id = where.rpartition("/")[2]
    page = visitor.get(where)
    assert reference_of("a") in page and "2 brieven" in page
    assert len(pages(visitor.client.get(f"{where}/letters-001.pdf").data)) == 2
    assert visitor.client.get(f"{where}/manifest.csv").data.count(b"\r\n") == 3
    for name in ("manifest.json", "../lock", "letters-002.pdf"):
        assert visitor.client.get(f"{where}/{name}").status_code == 404
    today = live.runtime.calendar.day_of(NOW)
    for on in (today + timedelta(days=1), today - timedelta(days=1)):
        visitor.post(f"{where}/verstuurd", on=on.isoformat())
        assert "Kies een dag" in visitor.get(where)
    visitor.post(f"{where}/verstuurd", on=today.isoformat())
    assert "verstuurd op" in visitor.get(where)
    assert {(event.key, event.outcome) for event in house.poll(NOW)} == {("a", "posted"), ("b", "posted")}
    assert house.folder.marked(batch_id, "posted") is not None
    assert "Er wacht geen brief" in visitor.get("/drukwerk")


def test_letters_that_came_back_are_noted_by_their_reference(live: World) -> None:
    house, visitor = live.wait("a", "b", "c"), live.visitor()
    visitor.post("/drukwerk/partij")
    visitor.get("/drukwerk")
    visitor.post("/drukwerk/kenmerken", mark="returned", references=f"{reference_of('a').lower()} XXXXX-XXXXX")
    page = visitor.get("/drukwerk")
    assert "1 brief is vastgelegd" in page and "Niet gevonden: XXXXX-XXXXX" in page and "1 retour" in page
    listed = f"kenmerk;dag\n{reference_of('b')};1\n{reference_of('c')};1\n".encode()
    visitor.post("/drukwerk/kenmerken", mark="posted", list=(io.BytesIO(listed), "verstuurd.csv"))
    assert "2 brieven zijn vastgelegd" in visitor.get("/drukwerk")
    outcomes = {(event.key, event.outcome) for event in house.poll(NOW)}
    assert outcomes == {("a", "returned"), ("b", "posted"), ("c", "posted")}
    visitor.post("/drukwerk/kenmerken", mark="posted", list=(io.BytesIO(b""), "leeg.csv"))
    assert "geen kenmerken" in visitor.get("/drukwerk")
    visitor.post("/drukwerk/kenmerken", mark="posted")
    assert "Typ een kenmerk" in visitor.get("/drukwerk")


def test_letters_of_another_landlord_are_not_seen(live: World) -> None:
    house, visitor = live.wait("a"), live.visitor()
    house.send(
        [Outbound(key="z", channel="letter", to=TO, sender="", name="Z", text="Z", at=NOW, extra={"owner": "999"})]
    )
    other = house.make_batch(NOW, NOW.date(), "999")
    assert other is not None
    assert "1 brief wacht" in visitor.get("/drukwerk") and other.id not in visitor.get("/drukwerk")
    for address in (f"/drukwerk/partij/{other.id}", f"/drukwerk/partij/{other.id}/letters-001.pdf"):
        assert visitor.client.get(address).status_code == 404


def test_the_command_line_makes_batches_and_notes_the_post(live: World, monkeypatch: pytest.MonkeyPatch) -> None:
    live.wait("a", "b")
    settings = live.runtime.settings
    chosen = {"mode": "live", "sending_enabled": "yes", "print_dir": settings.print_dir}
    for name, value in {**chosen, "database_url": settings.database_url, "data_dir": str(settings.data_dir)}.items():
        monkeypatch.setenv(f"OUTREACH_{name.upper()}", value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(print_group, [*arguments])

    made = json.loads(run("batch", "--json").output)
    assert (made["letters"], made["pages"], made["files"]) == (2, 2, ["letters-001.pdf"])
    assert f"Vastgelegd: {made['batch']} is verstuurd." in run("posted", made["batch"]).output
    assert "Vastgelegd: 1." in run("returned", reference_of("b")).output
    listed = settings.data_dir / "lijst.csv"
    listed.write_text(f"kenmerk\n{reference_of('b')}\nXXXXX-XXXXX\n", encoding="utf-8")
    ended = run("import", str(listed), "--mark", "returned")
    assert "Was al vastgelegd: 1." in ended.output
    assert isinstance(ended.exception, OutreachError) and "XXXXX-XXXXX" in ended.exception.text_nl
    (batch,) = json.loads(run("list", "--json").output)["batches"]
    assert batch["posted_on"] and batch["returned"] == 1
    assert isinstance(run("batch").exception, OutreachError)

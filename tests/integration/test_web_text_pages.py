"""The pages of the editor of texts without JavaScript, and what its check answers to input that makes no sense."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from outreach.db.tables import AccessLogRow
from outreach.runtime import Runtime
from outreach.services.policy import load_policy
from outreach.web.app import create_app
from tests.support.builders import Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration

CHECK = "/teksten/kijk"
LETTER = "/teksten/reminder/bewerken?channel=letter&language=nl"
SMS = {"channel": "sms", "language": "nl"}
PLAIN = (
    "Beste {name}, hier {contact_name} van {landlord}. Sinds {since} staat er {amount} huur open. "
    "Wilt u dit vandaag betalen? Lukt dat nu niet? Bel mij. Dan help ik u. Tel. {contact_phone}"
)


@dataclass(frozen=True)
class World:
    """A console with a policy officer, a colleague of hers, and a worker."""

    runtime: Runtime
    landlord_id: int
    case_id: int
    visitors: dict[str, Visitor]

    def ask(self, who: str = "ruben", **asked: Any) -> TestResponse:
        """Ask for a verdict as the page does while somebody types."""
        visitor = self.visitors[who]
        visitor.get("/teksten/toets")
        body = {"channel": "letter", "language": "nl", "purpose": "collection", "subject": "Uw huur", **asked}
        return visitor.client.post(CHECK, json=body, headers={"X-CSRFToken": visitor._token})

    def save(self, body: str, pressed: str = "save", who: str = "ruben", **place: str) -> TestResponse:
        """Send the form of the editor of a text message as it stands on the page."""
        visitor = self.visitors[who]
        page = visitor.get(f"/teksten/reminder/bewerken?channel=sms&language={place.get('language', 'nl')}")
        revision = re.search(r'name="revision" value="(\d+)"', page)
        assert revision
        fields = {**SMS, "revision": revision.group(1), **place}
        return visitor.post("/teksten/reminder/bewerken", body=body, knop=pressed, **fields)

    def in_force(self, language: str = "nl") -> str:
        """Return the text message that goes out now."""
        with self.runtime.db.read() as session:
            found = load_policy(session, self.landlord_id).catalogue.find("reminder", "sms", language)
        assert found
        return found.body


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """Yield one database for the module; every test has texts of its own or leaves them as they were."""
    made = console_runtime(tmp_path_factory.mktemp("texts"))
    yield made
    made.db.dispose()


@pytest.fixture(scope="module")
def world(runtime: Runtime) -> World:
    """Return the console with its people signed in."""
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="ruben", role="policy", name="Ruben Smit")
        builder.make_user(username="mia", role="manager", name="Mia de Wit")
        builder.make_user(username="anna", role="worker", name="Anna Visser")
        builder.make_delivery()
        case = builder.make_case()
        landlord_id, case_id = builder.landlord.id, case.id
    app = create_app(runtime)
    visitors = {name: Visitor(app) for name in ("ruben", "mia", "anna")}
    for name, visitor in visitors.items():
        visitor.sign_in(name)
    return World(runtime=runtime, landlord_id=landlord_id, case_id=case_id, visitors=visitors)


def test_a_hard_text_is_answered_with_places_and_plain_words(world: World) -> None:
    answer = world.ask(body="👋 Wij betalen middels de bank.", seq=7)
    found = answer.get_json()
    assert (answer.status_code, found["seq"]) == (200, 7)
    start = "👋 Wij betalen ".encode("utf-16-le")
    assert {"severity": "stop", "start": len(start) // 2, "end": len(start) // 2 + 7} in found["marks"]
    assert 'data-swap="met"' in found["side"]
    assert "niveau" in found["say"]
    assert "Wij betalen middels de bank." in found["preview"]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"body": ""}, "De tekst is leeg."),
        ({"body": "a " * 600_000}, "De tekst is langer dan"),
        ({"body": "Beste\x00 huurder"}, "onleesbaar teken"),
        ({"body": "Beste {naam}"}, "{naam} kennen wij niet"),
        ({"body": "Beste {name"}, "Kies een veld uit de lijst"),
        ({"body": "Bel ons", "subject": "Uw {huur}"}, "{huur} kennen wij niet"),
        ({"body": "Goedemiddag", "channel": "robocall"}, "De belcomputer mist"),
    ],
)
def test_a_text_that_cannot_be_filled_in_says_what_is_wrong(world: World, asked: dict[str, str], why: str) -> None:
    answer = world.ask(**asked)
    found = answer.get_json()
    assert answer.status_code == 200
    assert why in found["side"].replace("&#39;", "'")
    assert "mag nog niet weg" in found["side"]
    assert found["score"] is None


def test_a_letter_without_a_subject_is_judged_and_does_not_go(world: World) -> None:
    side = world.ask(name="reminder", subject="", body="Betaal middels de bank.").get_json()["side"]
    assert "Vul een onderwerp in." in side
    assert 'data-swap="met"' in side
    assert "mag nog niet weg" in side


@pytest.mark.parametrize(
    "asked",
    [{"channel": "fax"}, {"language": "xx"}, {"purpose": "spam"}, {"channel": None}, {"language": ["nl"]}],
)
def test_an_unknown_channel_language_or_purpose_is_refused(world: World, asked: dict[str, Any]) -> None:
    answer = world.ask(body="Bel ons", **asked)
    assert (answer.status_code, answer.get_json()) == (400, {"error": "Kies een kanaal, een taal en een doel."})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"tekst"', b"\xff\xfe"])
def test_what_is_no_json_is_refused(world: World, content: bytes) -> None:
    visitor = world.visitors["ruben"]
    visitor.get("/teksten/toets")
    headers = {"X-CSRFToken": visitor._token, "Content-Type": "application/json"}
    answer = visitor.client.post(CHECK, data=content, headers=headers)
    assert (answer.status_code, answer.get_json()) == (400, {"error": "Dit is geen JSON."})


@pytest.mark.parametrize(
    "asked",
    [
        {"body": "Beste \ud800 huurder, bel ons."},
        {"body": "Bel ons", "seq": "drie", "size": "reus", "tenant": "1", "opened": "veel", "name": "../" * 99},
        {"body": "Bel ons", "channel": "whatsapp", "name": "Geen Naam"},
        {"body": "Bel ons", "tenant": 999_999},
        {"body": {"a": 1}},
    ],
)
def test_what_no_page_would_ask_gets_an_answer_too(world: World, asked: dict[str, Any]) -> None:
    assert world.ask(**asked).status_code == 200


def test_a_check_without_its_token_is_refused(world: World) -> None:
    visitor = world.visitors["ruben"]
    assert visitor.client.post(CHECK, json={"body": "Bel ons"}).status_code == 400


def test_a_text_is_seen_as_a_real_tenant_and_that_is_recorded(world: World) -> None:
    visitor = world.visitors["ruben"]
    hits = visitor.get("/teksten/huurders?q=bakker")
    assert f'data-tenant="{world.case_id}"' in hits
    preview = world.ask(body="Beste {name}, bel ons.", tenant=world.case_id).get_json()["preview"]
    assert "Bakker" in preview
    with world.runtime.db.read() as session:
        looked = session.query(AccessLogRow).filter_by(what="text_preview", case_id=world.case_id).count()
    assert looked >= 1
    assert "Niemand gevonden" in visitor.get("/teksten/huurders?q=nietbestaand")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"channel": "sms", "body": "Beste {name}, bel ons ✓"}, "duurder"),
        ({"channel": "email", "body": "Beste {name}, bel ons."}, "In de lijst met mail ziet men"),
        ({"channel": "letter", "body": "Beste {name}, bel ons."}, "Het adres past in het venster."),
        ({"channel": "card", "body": "Bel ons."}, "Wie hem scant, belt 010 123 45 67"),
        ({"channel": "whatsapp", "body": "Beste {name}, bel ons."}, "Beste {{1}}, bel ons."),
        (
            {"channel": "robocall", "body": "[greeting]\nDag\n[message]\nBel\n[menu]\nToets een\n[voicemail]\nBel ons"},
            "ongeveer 1 sec.",
        ),
    ],
)
def test_a_text_is_shown_in_the_form_of_its_channel(world: World, asked: dict[str, str], shown: str) -> None:
    assert shown in world.ask(**asked).get_json()["preview"]


def test_words_are_replaced_by_a_button_of_the_form(world: World) -> None:
    page = world.save("Betaal middels de bank.", pressed="swap:7:14:met").get_data(as_text=True)
    assert "Betaal met de bank." in page
    page = world.save("Betaal middels de bank.", pressed="swap:x:14:met").get_data(as_text=True)
    assert "Betaal middels de bank." in page


def test_a_draft_is_kept_read_put_in_force_and_brought_back(world: World) -> None:
    before, visitor = world.in_force(), world.visitors["ruben"]
    assert world.save(PLAIN, pressed="publish").headers["Location"].endswith("in-gebruik-nemen?channel=sms&language=nl")
    page = visitor.get("/teksten/reminder/in-gebruik-nemen?channel=sms&language=nl")
    assert "<ins>" in page
    assert world.in_force() == before
    without = visitor.post("/teksten/reminder/in-gebruik-nemen", **SMS)
    assert without.status_code == 422
    done = visitor.post("/teksten/reminder/in-gebruik-nemen", reason="Korter", **SMS)
    assert done.status_code == 302
    assert world.in_force() == PLAIN
    assert "Korter" in visitor.get("/teksten/reminder/versies?channel=sms&language=nl")
    visitor.post("/teksten/reminder/versies", version="shipped", **SMS)
    assert before.split("\n")[0][:20] in visitor.get("/teksten/reminder/bewerken?channel=sms&language=nl")
    visitor.post("/teksten/reminder/in-gebruik-nemen", reason="Terug", **SMS)
    assert world.in_force() == before


def test_who_saves_over_a_colleague_sees_what_she_wrote(world: World) -> None:
    visitor = world.visitors["ruben"]
    visitor.get("/teksten/second_reminder/bewerken?channel=sms&language=nl")
    place = {**SMS, "revision": "0", "knop": "save"}
    address = "/teksten/second_reminder/bewerken"
    assert visitor.post(address, body=PLAIN, **place).status_code == 302
    mine = PLAIN.replace("vandaag", "morgen")
    answer = visitor.post(address, body=mine, **place)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Zo staat het concept er nu" in page
    assert "morgen" in page
    assert visitor.post("/teksten/second_reminder/weggooien", **SMS).status_code == 302


@pytest.mark.parametrize(
    ("body", "why"),
    [("Beste {naam}", "kennen wij niet"), ("Beste }", "Kies een veld"), ("", "leeg"), ("x" * 1_000_000, "langer dan")],
)
def test_what_cannot_be_filled_in_is_not_kept(world: World, body: str, why: str) -> None:
    answer = world.save(body)
    assert answer.status_code == 422
    assert why in answer.get_data(as_text=True)


def test_an_unknown_text_channel_or_language_is_not_found(world: World) -> None:
    client = world.visitors["ruben"].client
    for address in (
        "/teksten/reminder/bewerken?channel=fax",
        "/teksten/reminder/bewerken?channel=sms&language=xx",
        "/teksten/bestaat_niet/bewerken?channel=sms",
        "/teksten/reminder/in-gebruik-nemen?channel=email&language=tr",
        "/teksten/voorstellen/999999",
        "/teksten/toets?channel=fax",
    ):
        assert client.get(address).status_code == 404, address


def test_a_worker_reads_and_does_not_write(world: World) -> None:
    worker = world.visitors["anna"]
    page = worker.get(LETTER)
    assert "readonly" in page
    assert "Bewaar als concept" not in page
    assert worker.post("/teksten/reminder/bewerken", body=PLAIN, knop="save", revision="0", **SMS).status_code == 403
    assert worker.client.get("/teksten/nieuw").status_code == 403


def test_a_text_of_ones_own_begins_empty_and_stands_in_the_list(world: World) -> None:
    visitor = world.visitors["mia"]
    visitor.get("/teksten/nieuw")
    assert visitor.post("/teksten/nieuw", title="", channel="sms", purpose="collection").status_code == 422
    answer = visitor.post("/teksten/nieuw", title="Bedankt voor uw belletje", channel="sms", purpose="collection")
    assert answer.status_code == 302
    assert "Bedankt voor uw belletje" in visitor.get(answer.headers["Location"])
    assert "Bedankt voor uw belletje" in visitor.get("/teksten")


def test_the_texts_of_a_language_need_somebody_who_reads_it(world: World) -> None:
    visitor = world.visitors["mia"]
    visitor.get("/teksten")
    assert visitor.post("/teksten/talen/xx/goedkeuren", reads="1").status_code == 302
    visitor.post("/teksten/talen/tr/goedkeuren")
    assert "alleen wie de taal leest" in visitor.get("/teksten")


def test_nobody_puts_in_force_what_a_colleague_wrote_meanwhile(world: World) -> None:
    visitor, address = world.visitors["ruben"], "/teksten/third_reminder"
    place = {"channel": "email", "language": "nl", "subject": "Een bericht voor u", "knop": "save"}
    visitor.get(f"{address}/bewerken?channel=email&language=nl")
    assert visitor.post(f"{address}/bewerken", body=PLAIN, revision="0", **place).status_code == 302
    shown = visitor.get(f"{address}/in-gebruik-nemen?channel=email&language=nl")
    assert 'name="revision" value="1"' in shown
    visitor.post(f"{address}/bewerken", body=PLAIN.replace("vandaag", "nu"), revision="1", **place)
    late = visitor.post(f"{address}/in-gebruik-nemen", reason="Korter", revision="1", **place)
    assert late.status_code == 422
    assert "intussen veranderd" in late.get_data(as_text=True)
    visitor.post(f"{address}/weggooien", **place)


def test_who_looks_at_a_text_for_a_tenant_is_in_the_record_once_a_day(world: World) -> None:
    def looks() -> int:
        with world.runtime.db.read() as session:
            return len(session.query(AccessLogRow).filter_by(what="text_preview", case_id=world.case_id).all())

    for _again in range(2):
        assert world.ask(body=PLAIN, tenant=world.case_id).status_code == 200
    assert looks() == 1


@pytest.mark.parametrize("tenant", [10**30, -1, 0, True])
def test_a_tenant_that_cannot_be_is_no_error(world: World, tenant: Any) -> None:
    assert world.ask(body=PLAIN, tenant=tenant).status_code == 200


@pytest.mark.parametrize("fields", [{"revision": "abc"}, {"knop": f"swap:{'9' * 5000}:1:x", "revision": "0"}])
def test_a_form_that_was_tampered_with_is_no_error(world: World, fields: dict[str, str]) -> None:
    visitor = world.visitors["ruben"]
    visitor.get("/teksten/help_offer/bewerken?channel=sms&language=nl")
    answer = visitor.post("/teksten/help_offer/bewerken", body=PLAIN, **{**SMS, "knop": "check", **fields})
    assert answer.status_code == 200

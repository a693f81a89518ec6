"""The pages of the inbox: what staff read and press, without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import delete, select, update

from channels.contract import Event
from outreach.db.base import Base
from outreach.db.tables import (
    AccessLogRow,
    AttemptRow,
    CaseRow,
    ContactPointRow,
    ConversationRow,
    InboundRow,
    PersonRow,
    PromiseRow,
    SavedAnswerRow,
    TaskRow,
)
from outreach.runtime import Runtime
from outreach.services.receiving import receive_events
from outreach.web.app import create_app
from tests.support.builders import NOW, Builder
from tests.support.console import MovableClock, Visitor, console_runtime, install

pytestmark = pytest.mark.integration
QUESTION = "Waarom krijg ik deze brief? Kan iemand het uitleggen?"
GOOD = "Beste mevrouw, dank voor uw bericht. Ik bel u vandaag."
UNKNOWN = "+31612999766"


Row = TypeVar("Row", bound=Base)


@dataclass
class World:
    """A console with two households, and staff of each role."""

    runtime: Runtime
    clock: MovableClock
    phones: tuple[str, str]
    number: int = 0

    def __post_init__(self) -> None:
        self.app = create_app(self.runtime)

    def visitor(self, username: str = "anna") -> Visitor:
        """Return a signed-in visitor."""
        visitor = Visitor(self.app)
        visitor.sign_in(username)
        return visitor

    def say(self, sender: str, text: str, channel: str = "sms") -> int:
        """Let somebody write; return the reply."""
        self.number += 1
        event = Event(
            event_id=f"said-{self.number}",
            provider="sandbox",
            channel=channel,
            kind="reply",
            at=self.clock(),
            text=text,
            sender=sender,
        )
        receive_events(self.runtime, [event], self.clock())
        with self.runtime.db.read() as session:
            return session.scalars(select(InboundRow.id).order_by(InboundRow.id.desc()).limit(1)).one()

    def row(self, table: type[Row], *conditions: Any) -> Row:
        """Return the only row that meets the conditions."""
        with self.runtime.db.read() as session:
            return session.scalars(select(table).where(*conditions)).one()


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    clock = MovableClock()
    runtime = console_runtime(tmp_path, clock, url=migrated_sqlite_url)
    phones = ("+31612345601", "+31612345602")
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        for username, role in (("anna", "worker"), ("bob", "policy"), ("mia", "manager"), ("buiten", "field")):
            builder.make_user(username=username, role=role, name=username.title())
        builder.make_delivery()
        for name, phone in zip(("Yilmaz", "Jansen"), phones, strict=True):
            person = builder.make_person(family_name=name)
            builder.make_contact_point(person, value=phone)
            case = builder.make_case(tenancy=builder.make_tenancy(person=person))
            builder.make_attempt(case, person, sent_to=phone, state="done", outcome="delivered")
    yield World(runtime, clock, phones)
    runtime.db.dispose()


def address_in(page: str, ending: str) -> str:
    """Return the address of the form whose action ends so."""
    found = re.search(rf'action="([^"#?]*/{ending})', page)
    assert found, ending
    return found.group(1)


def fields_of(page: str) -> dict[str, str]:
    """Return what the answer box sends along."""
    names = re.findall(r'<input type="hidden" name="(seen|inbound_id)" value="(\d+)"', page)
    ways = re.findall(r'<option value="([^"]+)" data-channel', page)
    return {**dict(names), "way": ways[0], "language": "nl", "handles": "1", "knop": "send"}


def test_a_worker_reads_answers_and_the_list_is_empty(world: World) -> None:
    inbound = world.say(world.phones[0], QUESTION)
    anna = world.visitor()
    listed = anna.get("/postvak-in")
    assert "A. Yilmaz" in listed
    assert "1 gesprek wacht op een mens" in listed
    assert "nieuw" in listed
    page = anna.get(f"/postvak-in/{inbound}")
    assert "wilt u mij bellen" in page
    assert "bezorgd" in page
    assert "stelt een vraag" in page
    assert "thread__line--now" in page
    answer = anna.post(address_in(page, "antwoord"), text=GOOD, **fields_of(page))
    assert answer.status_code == 302
    page = anna.get(answer.headers["Location"])
    assert "Uw antwoord gaat eruit" in page
    assert "Van: Anna" in page
    assert GOOD in page
    assert "wacht op een mens" not in anna.get("/postvak-in?state=waiting").split("<ul")[-1]
    assert world.row(AccessLogRow).what.startswith("conversation:household:")


def test_what_was_typed_stays_when_it_may_not_go(world: World) -> None:
    inbound = world.say(world.phones[0], QUESTION)
    anna = world.visitor()
    page = anna.get(f"/postvak-in/{inbound}")
    hard = "U dient onverwijld te betalen, conform de voorwaarden."
    answer = anna.post(address_in(page, "antwoord"), text=hard, **fields_of(page))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert hard in shown
    assert "mag nog niet weg" in shown
    assert "moet anders" in shown
    bob = world.visitor("bob")
    other = bob.get(f"/postvak-in/{inbound}")
    assert "Anna keek hier" in other
    assert bob.post(address_in(other, "antwoord"), text=GOOD, **fields_of(other)).status_code == 302
    answer = anna.post(address_in(page, "antwoord"), text="Beste mevrouw, ik zoek het uit.", **fields_of(page))
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Bob heeft net geantwoord" in shown
    assert "ik zoek het uit" in shown
    again = anna.post(address_in(shown, "antwoord"), text="Beste mevrouw, ik zoek het uit.", **fields_of(shown))
    assert again.status_code == 302


def test_saved_answers_and_the_check_work_without_javascript(world: World) -> None:
    inbound = world.say(world.phones[0], QUESTION)
    anna = world.visitor()
    assert "Nog geen vaste antwoorden" in anna.get("/postvak-in/antwoorden")
    anna.post("/postvak-in/antwoorden/voorbeelden")
    assert "Hulp bij geldzorgen" in anna.get("/postvak-in/antwoorden")
    saved = world.row(SavedAnswerRow, SavedAnswerRow.name == "Ik zoek het uit")
    page = anna.get(f"/postvak-in/{inbound}")
    sent = {**fields_of(page), "knop": "insert", "saved": str(saved.id), "text": "Goedemorgen."}
    shown = anna.post(address_in(page, "antwoord"), **sent).get_data(as_text=True)
    assert "Goedemorgen.\n\nBeste mevrouw Yilmaz, dank voor uw bericht." in shown
    looked = anna.post(address_in(page, "antwoord"), **{**fields_of(page), "knop": "check", "text": GOOD})
    assert "mag weg" in looked.get_data(as_text=True)
    anna.post(address_in(page, "antwoord"), **{**fields_of(page), "saved": str(saved.id), "text": GOOD})
    assert world.row(SavedAnswerRow, SavedAnswerRow.used == 1)


def test_a_saved_answer_is_made_changed_and_removed(world: World) -> None:
    anna = world.visitor()
    anna.get("/postvak-in/antwoorden/nieuw")
    hard = {"name": "Streng", "language": "nl", "intent": "", "text": "U dient onverwijld te betalen."}
    answer = anna.post("/postvak-in/antwoorden/nieuw", **hard)
    assert answer.status_code == 422
    assert "moet anders" in answer.get_data(as_text=True)
    good = {**hard, "name": "Vriendelijk", "text": "Beste {name}, ik bel u vandaag. Groet, {contact_name}"}
    assert anna.post("/postvak-in/antwoorden/nieuw", **good).status_code == 302
    row = world.row(SavedAnswerRow)
    anna.get(f"/postvak-in/antwoorden/{row.id}")
    anna.post(f"/postvak-in/antwoorden/{row.id}", **{**good, "name": "Warm"})
    assert "Warm" in anna.get("/postvak-in/antwoorden")
    anna.post(f"/postvak-in/antwoorden/{row.id}/weg")
    assert "Warm" not in anna.get("/postvak-in/antwoorden").split("<main")[1].split("notice")[-1]
    assert "niet voor uw rol" in world.visitor("mia").get("/postvak-in/antwoorden/nieuw")


def test_handled_goes_on_to_the_next_that_waits(world: World) -> None:
    world.say(world.phones[0], QUESTION)
    world.clock.now = NOW + timedelta(minutes=1)
    world.say(world.phones[1], QUESTION)
    anna = world.visitor()
    begun = anna.client.get("/postvak-in/volgende")
    page = anna.get(begun.headers["Location"])
    assert '<h1 class="utrecht-heading-1">A. Yilmaz</h1>' in page
    following = anna.post(address_in(page, "afhandelen"), note="gebeld").headers["Location"]
    page = anna.get(following)
    assert '<h1 class="utrecht-heading-1">A. Jansen</h1>' in page
    last = anna.post(address_in(page, "afhandelen"), note="")
    assert last.headers["Location"] == "/postvak-in"
    assert "Er wacht niets meer" in anna.get("/postvak-in")


def test_one_click_does_what_the_tenant_said(world: World) -> None:
    other = world.say(world.phones[0], "ik heb een bewindvoerder")
    world.clock.now = NOW + timedelta(minutes=1)
    inbound = world.say(world.phones[0], "ik betaal 5 januari 200 euro")
    anna = world.visitor()
    page = anna.get(f"/postvak-in/{inbound}")
    assert page.count("Zo begrepen wij het") == 2
    assert "doe/vertegenwoordiger" in page
    assert "Datum: dinsdag 5 januari 2027" in page
    form = re.search(r'<form class="inbox-offer" method="post" action="([^"]*doe/belofte)">(.*?)</form>', page, re.S)
    assert form
    hidden = dict(re.findall(r'name="(promised_on|amount_cents|handles|inbound_id)" value="([^"]*)"', form.group(2)))
    assert anna.post(form.group(1), **hidden).status_code == 302
    promise = world.row(PromiseRow, PromiseRow.state == "open")
    assert (promise.promised_on.isoformat(), promise.amount_cents) == ("2027-01-05", 20000)
    with world.runtime.db.read() as session:
        states = {row.id: row.state for row in session.scalars(select(InboundRow))}
    assert states.pop(other) == "waiting"
    assert set(states.values()) == {"handled"}
    assert world.row(TaskRow, TaskRow.kind == "check_representative").state == "open"


def test_what_is_wrong_in_an_action_stands_beside_its_field(world: World) -> None:
    inbound = world.say(world.phones[0], "Dit klopt niet, de lekkage is nog niet gemaakt")
    anna = world.visitor()
    page = anna.get(f"/postvak-in/{inbound}")
    answer = anna.post(address_in(page, "doe/terugbellen"), at="31-02-2027", note="over de lekkage", handles="1")
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Deze datum bestaat niet" in shown
    assert "over de lekkage" in shown
    with world.runtime.db.read() as session:
        assert session.get_one(InboundRow, inbound).state == "waiting"


def test_a_call_is_offered_at_the_hour_that_was_asked_and_only_once(world: World) -> None:
    world.say(world.phones[0], "ik begrijp niets van deze rekening")
    anna = world.visitor()
    inbound = world.say(world.phones[0], "kunt u mij donderdag om 15.00 bellen")
    assert "Bel terug:" not in anna.get(f"/postvak-in/{inbound}"), "the machine promised this call"
    with world.runtime.db.write() as session:
        session.execute(delete(TaskRow).where(TaskRow.kind == "call_back"))
    page = anna.get(f"/postvak-in/{inbound}")
    assert re.search(r"Bel terug: do[^<]*15:00", page)


def test_the_case_and_the_day_say_what_a_reply_stopped(world: World) -> None:
    inbound = world.say(world.phones[0], "ik heb een bewindvoerder")
    with world.runtime.db.write() as session:
        session.execute(update(AttemptRow).values(state="done"))
        for case in session.scalars(select(CaseRow)):
            case.decision = {"waiting": [{"step": "early_signal", "until": "2026-12-06T09:00:00+00:00"}]}
    world.say(world.phones[1], "verkeerd nummer")
    anna = world.visitor()
    case = anna.get(f"/dossiers/{world.row(InboundRow, InboundRow.id == inbound).case_id}")
    for words in ("Er is een vertegenwoordiger", "tot en met", "het dossier staat stil", "bereikt, nog geen gesprek"):
        assert words in case
    work = anna.get("/vandaag").split("work__item", 1)[-1]
    assert "Verkeerd nummer" in work and "Bericht niet aangekomen" not in work


def test_what_the_machine_said_in_a_crisis_is_not_suggested_again(world: World) -> None:
    inbound = world.say(world.phones[0], "ik wil niet meer leven")
    assert "inbox-suggestion__text" not in world.visitor().get(f"/postvak-in/{inbound}")


def test_an_unknown_sender_is_linked_by_choice(world: World) -> None:
    inbound = world.say(UNKNOWN, "BEL MIJ")
    anna = world.visitor()
    assert "nog geen dossier" in anna.get("/postvak-in")
    page = anna.get(f"/postvak-in/{inbound}?zoek=Jansen")
    assert "Wij weten niet van wie dit is" in page
    assert f'vraag het: <a class="utrecht-link" href="tel:{UNKNOWN}">' in page
    assert f"tel:{UNKNOWN}" in anna.get("/vandaag")
    who = re.search(r'name="wie" value="([^"]+)"', page)
    assert who
    assert anna.post(address_in(page, "koppelen")).status_code == 302
    assert "Kies van wie dit bericht is" in anna.get(f"/postvak-in/{inbound}")
    linked = anna.post(address_in(page, "koppelen"), wie=who.group(1), bewaar="1")
    page = anna.get(linked.headers["Location"])
    assert "A. Jansen" in page
    assert "Een terugbelafspraak gemaakt" in page
    assert world.row(ContactPointRow, ContactPointRow.value == UNKNOWN)
    assert world.row(TaskRow, TaskRow.kind == "call_back", TaskRow.state == "open")


def test_a_threat_says_so_at_vandaag_and_is_closed_only_with_a_note(world: World) -> None:
    for sender in (UNKNOWN, world.phones[0]):
        inbound = world.say(sender, "ik steek jullie kantoor in de fik")
        anna = world.visitor()
        page = anna.get("/vandaag").split("<main")[1]
        assert "Dreiging" in page
        assert "Overleg met uw leidinggevende" in page
        assert "Bel nu" not in page
        task = world.row(TaskRow, TaskRow.inbound_id == inbound)
        anna.post(f"/taken/{task.id}", outcome="not_needed", note=" ")
        assert "Dit kan niet wachten" in anna.get("/vandaag")
        anna.post(f"/taken/{task.id}", outcome="done", note="Overlegd met Mia.")
        task = world.row(TaskRow, TaskRow.inbound_id == inbound)
        assert (task.state, task.detail["note"]) == ("done", "Overlegd met Mia.")


def test_a_closed_case_says_so_where_a_sender_is_linked(world: World) -> None:
    inbound = world.say("wie@example.org", "ik wil niet meer leven", channel="email")
    with world.runtime.db.write() as session:
        for case in session.scalars(select(CaseRow)):
            case.state, case.closed_at, case.close_reason = "closed", NOW, "paid"
    page = world.visitor().get(f"/postvak-in/{inbound}?zoek=Jansen")
    assert "gesloten" in page
    assert "geen belofte of regeling" in page
    assert "Mail nu" in page
    assert "Bel nu. Lees" not in page
    assert "mailto:wie@example.org" in page


def test_taking_giving_sleeping_and_unread(world: World) -> None:
    inbound = world.say(world.phones[0], QUESTION)
    anna, bob = world.visitor(), world.visitor("bob")
    page = anna.get(f"/postvak-in/{inbound}")
    anna.post(address_in(page, "wie"), user_id="ik", had="")
    assert "Van: Anna" in anna.get(f"/postvak-in/{inbound}")
    assert "A. Yilmaz" in anna.get("/postvak-in?state=mine")
    bob.get(f"/postvak-in/{inbound}")
    bob.post(address_in(page, "wie"), user_id="ik", had="")
    assert "Anna heeft dit gesprek al opgepakt" in bob.get("/postvak-in")
    world.clock.now = NOW + timedelta(days=3)
    friday = anna.get(f"/postvak-in/{inbound}")
    assert "Maandag 9:00" in friday
    assert "Morgen 9:00" not in friday
    world.clock.now = NOW
    assert anna.post(address_in(page, "slapen"), tot="morgen").headers["Location"] == "/postvak-in"
    assert "A. Yilmaz" in anna.get("/postvak-in?state=snoozed")
    assert "Geen berichten" in anna.get("/postvak-in")
    anna.post(address_in(page, "slapen"), tot="dag", dag="31-02-2027")
    assert "Deze datum bestaat niet" in anna.get("/postvak-in")
    anna.post(address_in(page, "slapen"), tot="nu")
    anna.post(address_in(page, "ongelezen"))
    assert "A. Yilmaz" in anna.get("/postvak-in?state=unread")
    row = world.row(ConversationRow)
    assert row.snoozed_until is None


def test_a_number_that_is_wrong_can_be_replaced_from_the_conversation(world: World) -> None:
    with world.runtime.db.write() as session:
        attempt = session.scalars(select(AttemptRow).limit(1)).one()
        attempt.state, attempt.outcome, attempt.outcome_at = "failed", "undelivered", NOW
        household = attempt.household_id
    anna = world.visitor()
    assert "niet bezorgd" in anna.get("/postvak-in?state=undelivered")
    page = anna.get(f"/postvak-in/huishouden/{household}")
    assert "Een bericht kwam niet aan" in page
    assert "niet bezorgd" in page
    person = world.row(PersonRow, PersonRow.family_name == "Yilmaz")
    values = {"person_id": str(person.id), "kind": "mobile", "value": "06 12 99 97 66", "handles": "1"}
    assert anna.post(address_in(page, "doe/contactgegeven"), **values).status_code == 302
    assert "Niets in deze lijst" in anna.get("/postvak-in?state=undelivered")


def test_roles_and_strange_addresses(world: World) -> None:
    inbound = world.say(world.phones[0], QUESTION)
    mia = world.visitor("mia")
    page = mia.get(f"/postvak-in/{inbound}")
    assert QUESTION in page
    assert "answer-text" not in page
    assert mia.post(f"/postvak-in/{inbound}/afhandelen").status_code == 403
    with world.runtime.db.read() as session:
        assert not session.scalars(select(ConversationRow)).all()
    anna = world.visitor()
    for address in (
        "/postvak-in/999",
        "/postvak-in/huishouden/999",
        "/postvak-in?page=-3&state=x&channel=%27&q=%25%00",
    ):
        assert anna.client.get(address).status_code in (200, 404)
    for ref in ("h999", "999", "hx", "1" * 40, "٣"):
        assert anna.post(f"/postvak-in/{ref}/afhandelen").status_code == 404
    assert "niet voor uw rol" in world.visitor("buiten").get("/postvak-in")


def test_the_keys_can_be_switched_off(world: World) -> None:
    world.say(world.phones[0], QUESTION)
    anna = world.visitor()
    assert "data-keys" in anna.get("/postvak-in")
    anna.post("/postvak-in/toetsen", toetsen="uit")
    page = anna.get("/postvak-in")
    assert "data-keys" not in page
    assert "Zet de sneltoetsen aan" in page


def test_the_list_is_exported_and_speaks_english(world: World) -> None:
    world.say(world.phones[0], QUESTION)
    anna = world.visitor()
    exported = anna.get("/postvak-in?vorm=csv&state=waiting")
    assert QUESTION in exported
    assert "Wacht op een medewerker" in exported
    assert QUESTION in anna.get("/postvak-in?vorm=csv&q=Yilmaz")
    for other in ("q=Jansen", "state=snoozed", "state=mine"):
        assert QUESTION not in anna.get(f"/postvak-in?vorm=csv&{other}")
    assert "A. Yilmaz" in anna.get("/postvak-in?page=9")
    anna.client.set_cookie("taal", "en")
    assert "1 conversation waits for a person" in anna.get("/postvak-in")


def test_the_verdict_while_typing(world: World) -> None:
    anna = world.visitor()
    asked = {"text": "Betaal € 5, alstublieft.", "channel": "sms", "language": "nl"}
    headers = {"X-CSRFToken": anna._token}
    found = anna.client.post("/postvak-in/kijk", json=asked, headers=headers)
    assert "25 tekens, 1 sms" in found.get_json()["html"]
    for wrong in (["x"], {**asked, "channel": "letter"}, {**asked, "language": "xx"}):
        assert anna.client.post("/postvak-in/kijk", json=wrong, headers=headers).status_code == 400
    odd = anna.client.post("/postvak-in/kijk", json={**asked, "text": "\ud800{{ 7*7 }}<b>\x00"}, headers=headers)
    assert odd.status_code == 200
    assert "<b>" not in odd.get_json()["html"].replace("<b></b>", "")


def test_what_a_sender_writes_is_shown_as_text(world: World) -> None:
    inbound = world.say(UNKNOWN, "<script>alert(1)</script> {{ 7*7 }}")
    page = world.visitor().get(f"/postvak-in/{inbound}")
    assert "<script>alert(1)" not in page
    assert "{{ 7*7 }}" in page
    assert world.row(CaseRow, CaseRow.id == 1)

"""The robocall on the database: what it says while the tenant is on the line, and what becomes of every key."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from channels.scripts import Script
from channels.settings import ChannelSettings
from channels.twilio_voice import TwilioVoice
from channels.voice_flow import CALL_PARTS, LINE_PARTS
from outreach.db.tables import AttemptRow, ContactPointRow, PermissionRow, TaskRow, TextApprovalRow
from outreach.services.actions import pause_case
from outreach.services.call_scripts import CallScripts, connect_to
from outreach.services.incoming import take_in
from outreach.services.sending import send_due
from outreach.web.app import create_app
from tests.contracts.call_peer import CALLER, CallPeer, running_call_peer
from tests.contracts.twilio_peer import ACCOUNT, TOKEN, sign
from tests.support.worlds import CALENDAR, FIRST_DAY, SETTINGS, Home, World, building, open_runtime

pytestmark = pytest.mark.integration
PUBLIC = "https://huur.wonen.example"
ALL = replace(SETTINGS, languages=("nl", "en", "tr", "ar", "pl", "uk"))


@dataclass(frozen=True)
class Phone:
    """A world in which one robocall has just been made, and the provider that made it."""

    world: World
    home: Home
    peer: CallPeer
    client: FlaskClient
    scripts: CallScripts

    @property
    def row(self) -> AttemptRow:
        return self.world.attempts(AttemptRow.channel == "robocall")[-1]

    def script(self, language: str | None = None, later: timedelta = timedelta(0)) -> Script | None:
        return self.scripts.script(self.row.key, language, self.world.clock() + later)

    def ask(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Make a signed request of the site."""
        parts = urlsplit(url)
        headers = {"X-Twilio-Signature": sign(url, dict(form))}
        answer = self.client.post(f"{parts.path}?{parts.query}", data=dict(form), headers=headers)
        return answer.status_code, answer.text

    def pick_up(self, *keys: str, **how: str) -> list[str]:
        """Play the call, take in what came of it, and give what was heard."""
        heard = self.peer.ring(self.row.provider_ref or "", self.ask, keys, **how)  # type: ignore[arg-type]
        take_in(self.world.runtime, self.world.clock())
        return heard.texts


def robocall_due(world: World) -> datetime:
    """Live until a robocall is planned; give the moment it is due."""
    for ahead in range(14):
        day = FIRST_DAY + timedelta(days=ahead)
        if CALENDAR.is_working_day(day):
            world.deliver(day)
        for hour, minute in ((7, 30), (10, 0), (13, 30), (16, 0)):
            world.tick(day, hour, minute)
            planned = world.attempts(AttemptRow.channel == "robocall", AttemptRow.state == "planned")
            if planned and planned[0].due_at <= CALENDAR.utc(day, time(20)):
                return planned[0].due_at
    raise AssertionError("no robocall was planned")


def settings_of(peer: CallPeer) -> ChannelSettings:
    return ChannelSettings(
        mode="live",
        sending_enabled=True,
        public_url=PUBLIC,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_voice_sender=CALLER,
        twilio_base_url=peer.base_url,
        timeout=2,
    )


@dataclass(frozen=True)
class Prepared:
    """A world on disk, at the moment at which its robocall is due."""

    file: Path
    world: World
    due: datetime


@pytest.fixture(scope="module")
def prepared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Prepared]:
    """Live until the robocall is due, once for each language of a tenant."""

    @cache
    def made(language: str) -> Prepared:
        folder = tmp_path_factory.mktemp(f"call_{language}")
        file = shutil.copyfile(sqlite_template, folder / "due.sqlite3")
        with building(f"sqlite:///{file}", folder) as build:
            world = build(settings=ALL)
            world.owe(world.home(language=language, family_name="Bakker"))
            return Prepared(Path(file), world, robocall_due(world))

    return made


@pytest.fixture
def phone(request: pytest.FixtureRequest, prepared: Callable[[str], Prepared], tmp_path: Path) -> Iterator[Phone]:
    ready = prepared(getattr(request, "param", "nl"))
    file = shutil.copyfile(ready.file, tmp_path / "call.sqlite3")
    runtime, clock = open_runtime(f"sqlite:///{file}", tmp_path, now=ready.due)
    with running_call_peer() as peer:
        scripts = CallScripts(runtime.db, runtime.calendar)
        voice = TwilioVoice(settings=settings_of(peer), scripts=scripts)
        runtime = replace(
            runtime,
            settings=replace(runtime.settings, public_url=PUBLIC),
            channels={**runtime.channels, "robocall": voice},
        )
        world = replace(ready.world, runtime=runtime, clock=clock)
        peer.now = ready.due
        send_due(runtime, world.policy, ready.due)
        yield Phone(world, world.homes[0], peer, create_app(runtime).test_client(), scripts)
        voice.close()
        assert peer.complaints == []
    runtime.db.dispose()


def test_the_text_is_the_one_that_was_checked(phone: Phone) -> None:
    found = phone.script()
    assert found is not None and not found.stopped
    assert set(found.parts) >= {*CALL_PARTS, *LINE_PARTS}
    assert all(found.parts[name] in (phone.row.text or "") for name in CALL_PARTS)
    assert "mevrouw Bakker?" in found.parts["greeting"]
    assert [each.language for each in found.others] == ["en", "tr", "ar", "pl", "uk"]
    assert not any(sign.isdigit() for text in found.parts.values() for sign in text)


@pytest.mark.parametrize("phone", ["tr"], indirect=True)
def test_another_language_is_filled_in_while_the_call_lasts(phone: Phone) -> None:
    found, dutch = phone.script(), phone.script("nl")
    assert found is not None and dutch is not None
    assert (found.language, dutch.language) == ("tr", "nl")
    assert "altı yüz elli" in found.parts["message"]
    assert "zeshonderdvijftig euro" in dutch.parts["message"]
    assert [each.choice for each in found.others if each.language == "en"] == ["For English, press two."]


def test_a_language_that_nobody_approved_is_not_offered(phone: Phone) -> None:
    with phone.world.runtime.db.write() as session:
        condition = (TextApprovalRow.language == "pl") & (TextApprovalRow.name == "robocall_lines")
        session.execute(update(TextApprovalRow).where(condition).values(text_version="other"))
    found, polish = phone.script(), phone.script("pl")
    assert found is not None and polish is not None
    assert "pl" not in {each.language for each in found.others}
    assert polish.language == "nl"


def test_who_pays_while_it_rings_hears_no_message(phone: Phone) -> None:
    phone.world.pay(phone.home)
    found = phone.script()
    assert found is not None and found.stopped
    heard = phone.pick_up("1", "2")
    assert not any("huur" in text.lower() for text in heard)
    assert "Ik heb geen bericht meer voor u." in heard[-1]
    assert (phone.row.outcome, phone.row.reached) == ("confirmed", False)


def test_a_pause_made_meanwhile_stops_the_message(phone: Phone) -> None:
    world = phone.world
    until = CALENDAR.day_of(world.clock()) + timedelta(days=30)
    pause_case(world.runtime, world.actor, world.case(phone.home).id, reason="help", until_on=until)
    found = phone.script()
    assert found is not None and found.stopped


def test_an_opt_out_made_meanwhile_stops_the_message(phone: Phone) -> None:
    phone.world.permit(phone.home, "robocall", "withdrawn", "reply")
    found = phone.script()
    assert found is not None and found.stopped


def test_a_call_goes_on_after_the_name_was_confirmed(phone: Phone) -> None:
    heard = phone.pick_up("1", "8", "7")
    assert sum("zeshonderdvijftig" in text for text in heard) == 2
    assert phone.row.outcome == "menu_8"


def test_a_colleague_is_called_in_office_hours(phone: Phone) -> None:
    found, policy = phone.script(), phone.world.policy
    assert found is not None and found.connect_to == "+31101234567"
    monday = date(2026, 10, 12)
    for day, at, connects in (
        (monday, time(8, 29), False),
        (monday, time(8, 30), True),
        (monday, time(16, 59), True),
        (monday, time(17), False),
        (date(2026, 10, 17), time(12), False),
        (date(2026, 12, 25), time(12), False),
    ):
        assert (connect_to(policy, CALENDAR, CALENDAR.utc(day, at)) is not None) == connects
    nowhere = replace(policy, settings=replace(policy.settings, sender_phone="14 030"))
    assert connect_to(nowhere, CALENDAR, CALENDAR.utc(monday, time(12))) is None


def test_an_old_call_or_another_key_is_no_call(phone: Phone) -> None:
    assert phone.script(later=timedelta(hours=6)) is None
    assert phone.scripts.script("1:1:unknown:1:1", None, phone.world.clock()) is None
    sms = phone.world.attempts(AttemptRow.channel != "robocall")[0]
    assert phone.scripts.script(sms.key, None, phone.world.clock()) is None


@pytest.mark.parametrize(
    ("keys", "outcome", "reached", "tasks"),
    [
        ("11", "menu_1", True, ["call_back"]),
        ("12", "menu_2", True, ["plan_request"]),
        ("14", "menu_4", True, ["help"]),
        ("153", "menu_5", False, []),
        ("1", "confirmed", False, []),
        ("", "hung_up", False, []),
        ("2", "wrong_number", False, ["failed_delivery"]),
    ],
)
def test_what_the_keys_do(phone: Phone, keys: str, outcome: str, reached: bool, tasks: list[str]) -> None:
    phone.pick_up(*keys)
    assert (phone.row.outcome, phone.row.reached) == (outcome, reached)
    made = [task.kind for task in phone.world.tasks() if task.kind != "call"]
    assert made == tasks


def test_a_colleague_who_took_the_call_need_not_call_back(phone: Phone) -> None:
    phone.pick_up("1", "1", colleague="completed")
    assert (phone.row.outcome, phone.row.reached) == ("talked", True)
    assert phone.world.tasks(TaskRow.kind == "call_back") == []


def test_key_nine_ends_all_robocalls(phone: Phone) -> None:
    assert "niet meer" in phone.pick_up("1", "9")[-1]
    [permission] = phone.world.rows(PermissionRow, PermissionRow.channel == "robocall")
    assert (permission.status, phone.row.reached) == ("withdrawn", False)


def test_a_wrong_number_is_marked(phone: Phone) -> None:
    phone.pick_up("2")
    [point] = phone.world.rows(ContactPointRow, ContactPointRow.value == phone.home.phone)
    assert point.state == "wrong"


def test_a_mailbox_hears_no_word_about_money(phone: Phone) -> None:
    [text] = phone.pick_up(answered_by="machine_end_beep")
    assert phone.row.outcome == "voicemail"
    assert not any(word in text.lower() for word in ("huur", "euro", "schuld", "betal"))


def test_the_whole_call_in_arabic(phone: Phone) -> None:
    heard = phone.pick_up("5", "4", "1", "2")
    assert any("الإيجار" in text for text in heard)
    assert phone.row.outcome == "menu_2"

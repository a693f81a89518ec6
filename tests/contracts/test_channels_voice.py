"""The robocall through Twilio, against a provider on loopback: calls made once, and played as a tenant hears them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Request, Unsure
from channels.registry import CHANNELS
from channels.scripts import OtherLanguage, Script
from channels.settings import ChannelSettings
from channels.twilio_calls import ended
from channels.twilio_voice import VOICES, TwilioVoice
from channels.voice_flow import CALL_PARTS, LANGUAGE_KEYS, LINE_PARTS
from tests.contracts.call_peer import CALLER, CallPeer, Heard, running_call_peer, signed_post
from tests.contracts.twilio_peer import ACCOUNT, NOON, TOKEN, Hooks, running_hooks, sign

pytestmark = pytest.mark.contracts
TENANT = "+31600000001"
COLLEAGUE = "+31200000000"


@dataclass
class Book:
    """The texts of calls by key; every known language is there."""

    languages: tuple[str, ...] = ("nl", "en", "uk")
    connect_to: str | None = None
    stopped: bool = False
    known: set[str] = field(default_factory=lambda: {"12:1:belcomputer:1:3"})

    def script(self, key: str, language: str | None, now: datetime) -> Script | None:
        if key not in self.known:
            return None
        spoken = language if language in self.languages else "nl"
        others = [each for each in self.languages if each != spoken]
        return Script(
            key=key,
            language=spoken,
            parts={name: f"{name} {spoken} & <u>" for name in (*CALL_PARTS, *LINE_PARTS)},
            others=tuple(OtherLanguage(language=o, offer=f"offer {o}", choice=f"choice {o}") for o in others),
            connect_to=self.connect_to,
            stopped=self.stopped,
        )


KEY = "12:1:belcomputer:1:3"


@dataclass(frozen=True)
class Line:
    """A system with its provider: calls are made, rung and heard."""

    peer: CallPeer
    hooks: Hooks
    book: Book
    channel: TwilioVoice

    def call(self, *keys: str, key: str = KEY, **how: object) -> Heard:
        [made] = self.channel.send([call(key)])
        assert isinstance(made, Accepted), made
        return self.peer.ring(made.provider_ref, signed_post, keys, **how)  # type: ignore[arg-type]

    @property
    def outcomes(self) -> list[str | None]:
        return [event.outcome for event in self.hooks.events]


def call(key: str = KEY, to: str = TENANT, at: datetime = NOON) -> Outbound:
    return Outbound(key=key, channel="robocall", to=to, sender="Huis", text="[greeting]\nDag", at=at)


def live(peer: CallPeer, public_url: str, **more: object) -> ChannelSettings:
    made = ChannelSettings(
        mode="live",
        sending_enabled=True,
        public_url=public_url,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_voice_sender=CALLER,
        twilio_base_url=peer.base_url,
        timeout=2,
    )
    return replace(made, **more)  # type: ignore[arg-type]


@contextmanager
def a_line(**more: object) -> Iterator[Line]:
    with running_call_peer() as peer, running_hooks() as (hooks, url):
        book = Book()
        channel = TwilioVoice(settings=live(peer, url, **more), scripts=book)
        hooks.mount(channel.routes())
        yield Line(peer, hooks, book, channel)
        channel.close()
        assert peer.complaints == []


@pytest.fixture
def line() -> Iterator[Line]:
    with a_line() as made:
        yield made


def first_words(heard: Heard) -> list[str]:
    return [text.split()[0] for text in heard.texts]


def test_a_call_is_made_with_the_machine_detection_that_waits_for_the_beep(line: Line) -> None:
    line.channel.send([call()])
    [form] = line.peer.forms
    assert (form["MachineDetection"], form["Timeout"]) == ("DetectMessageEnd", "25")
    assert form["Url"].endswith("/hooks/robocall/twilio-voice?key=12%3A1%3Abelcomputer%3A1%3A3")


@pytest.mark.parametrize(
    ("keys", "outcomes", "words"),
    [
        ("12", ["confirmed", "menu_2", "hung_up"], ["greeting", "offer", "message", "menu", "offer", "plan"]),
        ("14", ["confirmed", "menu_4", "hung_up"], ["greeting", "offer", "message", "menu", "offer", "help"]),
        ("19", ["confirmed", "menu_9", "hung_up"], ["greeting", "offer", "message", "menu", "offer", "no_more"]),
        ("2", ["wrong_number", "hung_up"], ["greeting", "offer", "wrong_number"]),
        ("", ["hung_up"], ["greeting", "offer", "farewell"]),
        (
            "1",
            ["confirmed", "confirmed", "hung_up"],
            ["greeting", "offer", "message", "menu", "offer", "again", "menu", "closing"],
        ),
    ],
)
def test_a_call_is_heard_key_by_key(line: Line, keys: str, outcomes: list[str], words: list[str]) -> None:
    heard = line.call(*keys)
    assert first_words(heard) == words
    assert line.outcomes == outcomes
    assert all(event.key == KEY and event.kind == "call" for event in line.hooks.events)


def test_every_language_has_its_voice(line: Line) -> None:
    heard = line.call("5", "6", "1", "3")
    assert [language for language, _ in heard.said][-5:-1] == ["nl-NL", "uk-UA", "uk-UA", "nl-NL"]
    assert heard.said[-1][0] == "uk-UA"
    assert line.outcomes == ["confirmed", "menu_3", "hung_up"]
    assert set(VOICES) == set(LANGUAGE_KEYS.values())


def test_a_colleague_takes_over(line: Line) -> None:
    line.book.connect_to = COLLEAGUE
    heard = line.call("1", "1", colleague="completed")
    assert (heard.dialled, heard.ended_by) == ([COLLEAGUE], "system")
    assert line.outcomes == ["confirmed", "menu_1", "talked", "hung_up"]


def test_nobody_takes_over_so_we_call_back(line: Line) -> None:
    line.book.connect_to = COLLEAGUE
    assert first_words(line.call("1", "1", colleague="busy"))[-2:] == ["connecting", "call_back"]
    assert line.outcomes == ["confirmed", "menu_1", "hung_up"]


def test_a_mailbox_gets_the_text_that_a_housemate_may_hear(line: Line) -> None:
    assert first_words(line.call(answered_by="machine_end_beep")) == ["voicemail"]
    assert line.outcomes == ["voicemail", "voicemail"]


def test_a_fax_hears_nothing_and_is_no_phone(line: Line) -> None:
    assert line.call(answered_by="fax").said == []
    assert {(e.outcome, e.failure) for e in line.hooks.events} == {("failed", FailureCode.INVALID_RECIPIENT)}


def test_who_paid_hears_no_message(line: Line) -> None:
    line.book.stopped = True
    assert first_words(line.call("1")) == ["greeting", "offer", "stopped"]


def test_a_tenant_who_hangs_up_at_once(line: Line) -> None:
    line.call("1", hangs_up_after=1)
    assert line.outcomes == ["hung_up"]


def test_a_call_that_nobody_knows_is_hung_up_in_silence(line: Line) -> None:
    line.book.known.add("gone")
    [made] = line.channel.send([call("gone")])
    line.book.known.clear()
    assert isinstance(made, Accepted)
    assert line.peer.ring(made.provider_ref, signed_post).said == []


def hostile(line: Line, query: str, **form: str) -> tuple[int, str]:
    [made] = line.channel.send([call()])
    assert isinstance(made, Accepted)
    address = line.peer.hooks[made.provider_ref][0] + query
    return signed_post(address, line.peer.form(made.provider_ref, "in-progress", **form))


@pytest.mark.parametrize(
    "query",
    [
        "&node=treasury",
        "&node=menu&visit=0",
        "&node=menu&visit=99",
        "&node=menu&visit=-1",
        "&node=menu&visit=%D9%A3",
        "&node=menu&language=xx",
        "&node=menu&language=nl-je",
    ],
)
def test_a_place_that_is_none_is_hung_up(line: Line, query: str) -> None:
    status, body = hostile(line, query, Digits="2")
    assert (status, "<Hangup" in body, "<Say" in body) == (200, True, False)
    assert line.hooks.events == []


@pytest.mark.parametrize("digits", ["*#", "11", "12345678901234567890", "１", "<1>", " 1", "w1"])
def test_odd_keys_are_no_choice(line: Line, digits: str) -> None:
    status, body = hostile(line, "&node=greeting&visit=1", Digits=digits)
    assert (status, "message" in body) == (200, False)
    assert line.hooks.events == []


def test_a_request_that_comes_twice_tells_the_same(line: Line) -> None:
    [made] = line.channel.send([call()])
    assert isinstance(made, Accepted)
    address = line.peer.hooks[made.provider_ref][0] + "&node=menu&visit=1"
    form = line.peer.form(made.provider_ref, "in-progress", Digits="2")
    assert signed_post(address, form) == signed_post(address, form)
    first, second = line.hooks.events
    assert first == second


def test_another_account_s_signature_is_refused(line: Line) -> None:
    [made] = line.channel.send([call()])
    assert isinstance(made, Accepted)
    voice, status = line.peer.hooks[made.provider_ref]
    form = line.peer.form(made.provider_ref, "completed")
    for address in (voice, status):
        assert signed_post(address, form, token="2" * 32)[0] == 403
        assert signed_post(address + "&node=menu", form)[0] == 200
    assert [each for each in line.hooks.bodies if "greeting" in each] == []


def test_the_place_cannot_be_changed_without_the_signature(line: Line) -> None:
    [route, _] = line.channel.routes()
    signed_url = f"https://huis.example/hooks/robocall/twilio-voice?key={KEY}&node=greeting&visit=1"
    form = {"CallSid": "CA1", "Digits": "1"}
    headers = {"X-Twilio-Signature": sign(signed_url, form)}
    other = signed_url.replace("greeting", "menu")
    assert route(Request(url=other, form=form, headers=headers, at=NOON)).status == 403


def test_a_request_without_a_call_is_refused(line: Line) -> None:
    [made] = line.channel.send([call()])
    assert isinstance(made, Accepted)
    for address in line.peer.hooks[made.provider_ref]:
        assert signed_post(address, {"CallStatus": "completed"})[0] == 400


KEYS = st.lists(st.sampled_from([*"0123456789*#", "", "11"]), max_size=25)


@given(keys=KEYS, colleague=st.sampled_from(["completed", "busy"]), connects=st.booleans(), stopped=st.booleans())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_caller_hears_sound_twiml_and_every_event_is_told_once(
    line: Line, keys: list[str], colleague: str, connects: bool, stopped: bool
) -> None:
    line.book.connect_to, line.book.stopped = COLLEAGUE if connects else None, stopped
    sid = line.peer.create({"To": TENANT, "From": CALLER, "Url": url(line), "StatusCallback": url(line, "status")})
    before = len(line.hooks.events)
    heard = line.peer.ring(str(sid["sid"]), signed_post, keys, colleague=colleague)
    events = line.hooks.events[before:]
    assert heard.ended_by == "system" and line.peer.complaints == []
    assert len({event.event_id for event in events}) == len(events)
    assert {event.outcome for event in events} <= CHANNELS["robocall"].outcomes
    assert "message" not in first_words(heard) or ("confirmed" in {e.outcome for e in events} and not stopped)


def url(line: Line, which: str = "voice") -> str:
    return line.channel._account.hook(f"robocall/twilio-{which}", KEY)


@pytest.mark.parametrize(
    ("status", "fields", "outcome", "failure"),
    [
        ("completed", {}, "hung_up", None),
        ("completed", {"answered_by": "machine_end_beep"}, "voicemail", None),
        ("busy", {}, "busy", None),
        ("no-answer", {}, "no_answer", None),
        ("failed", {"sip": 404}, "failed", FailureCode.INVALID_RECIPIENT),
        ("failed", {"sip": 503}, "failed", FailureCode.UNREACHABLE),
        ("failed", {}, "failed", FailureCode.UNREACHABLE),
        ("canceled", {}, "failed", None),
    ],
)
def test_the_end_of_a_call(status: str, fields: Mapping[str, int], outcome: str, failure: FailureCode | None) -> None:
    event = ended(sid="CA1", status=status, at=NOON, sender=CALLER, recipient=TENANT, **fields)  # type: ignore[arg-type]
    assert event is not None
    assert (event.event_id, event.outcome, event.failure) == (f"CA1:{status}", outcome, failure)


@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "", "x"])
def test_a_call_that_goes_on_says_nothing_yet(status: str) -> None:
    assert ended(sid="CA1", status=status, at=NOON, sender="", recipient="") is None


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (21211, FailureCode.INVALID_RECIPIENT),
        (21214, FailureCode.INVALID_RECIPIENT),
        (21217, FailureCode.INVALID_RECIPIENT),
        (21210, FailureCode.CREDENTIALS),
        (21215, FailureCode.NOT_ALLOWED),
        (21216, FailureCode.NOT_ALLOWED),
        (21219, FailureCode.NOT_ALLOWED),
    ],
)
def test_a_refusal_is_one_of_the_vocabulary_and_holds_no_number(line: Line, code: int, failure: FailureCode) -> None:
    line.peer.refuse[TENANT] = code
    [refused] = line.channel.send([call()])
    assert isinstance(refused, Failure)
    assert (refused.code, str(code) in refused.detail, TENANT in refused.detail) == (failure, True, False)
    assert line.peer.calls == []


@pytest.mark.parametrize("answer", ["drop", 502, 504])
def test_a_call_that_may_have_been_made_is_asked_after(line: Line, answer: str | int) -> None:
    line.peer.answers = [answer]
    [doubted] = line.channel.send([call()])
    assert isinstance(doubted, Failure)
    assert (doubted.code, doubted.retryable) == (FailureCode.UNCERTAIN, False)
    found = line.channel.ask(call())
    assert isinstance(found, Accepted if answer == "drop" else Unsure)
    line.channel.send([call()])
    assert len(line.peer.calls) == (1 if answer == "drop" else 0)


def test_a_call_that_is_not_there_after_ten_minutes_was_never_made(line: Line) -> None:
    line.peer.now = NOON + timedelta(minutes=11)
    assert line.channel.ask(call()) == NotTaken(key=KEY)


def test_two_calls_to_one_number_cannot_be_told_apart(line: Line) -> None:
    for _ in range(2):
        line.peer.create({"To": TENANT, "From": CALLER, "Url": "", "StatusCallback": ""})
    assert isinstance(line.channel.ask(call()), Unsure)


def test_a_call_of_before_is_another_one(line: Line) -> None:
    line.peer.now = NOON - timedelta(hours=1)
    line.peer.create({"To": TENANT, "From": CALLER, "Url": "", "StatusCallback": ""})
    line.peer.now = NOON + timedelta(minutes=11)
    assert isinstance(line.channel.ask(call()), NotTaken)


def test_a_provider_that_cannot_be_asked_leaves_it_unsure(line: Line) -> None:
    line.peer.answers = [500]
    assert isinstance(line.channel.ask(call()), Unsure)


def test_calls_that_never_reported_are_read_from_the_list(line: Line) -> None:
    keys = {"a": ("completed", None), "b": ("busy", None), "c": ("no-answer", None), "d": ("queued", None)}
    made = {key: line.channel.send([call(key, at=NOON)])[0] for key in keys}
    for key, (status, answered_by) in keys.items():
        taken = made[key]
        assert isinstance(taken, Accepted)
        if status != "queued":
            line.peer.settle(taken.provider_ref, status, answered_by, price="-0.01400" if key == "a" else None)
    line.peer.create({"To": TENANT, "From": "+31200000009", "Url": "", "StatusCallback": ""})
    events = line.channel.poll(NOON + timedelta(hours=1))
    told = {(event.key, event.outcome) for event in events if event.kind == "call"}
    assert told == {("a", "hung_up"), ("b", "busy"), ("c", "no_answer")}
    assert [(e.price, e.currency, e.outcome) for e in events if e.kind == "price"] == [(14_000, "USD", None)]


def test_the_list_and_the_webhook_give_the_same_event(line: Line) -> None:
    line.call("2")
    polled: list[Event] = [e for e in line.channel.poll(NOON + timedelta(hours=1)) if e.kind == "call"]
    assert {event.event_id for event in polled} <= {event.event_id for event in line.hooks.events}


def test_nothing_is_called_while_sending_is_off() -> None:
    with a_line(sending_enabled=False) as off:
        [refused] = off.channel.send([call()])
        assert isinstance(refused, Failure)
        assert (refused.code, off.peer.forms) == (FailureCode.NOT_ALLOWED, [])


def test_a_trial_calls_its_test_recipients_only() -> None:
    with a_line(mode="trial", trial_recipients=frozenset({TENANT})) as trial:
        taken, refused = trial.channel.send([call("a"), call("b", to="+31600000002")])
        assert isinstance(taken, Accepted) and isinstance(refused, Failure)
        assert [form["To"] for form in trial.peer.forms] == [TENANT]


def test_a_trial_connects_to_its_test_recipients_only() -> None:
    with a_line(mode="trial", trial_recipients=frozenset({TENANT})) as trial:
        trial.book.connect_to = COLLEAGUE
        assert trial.call("1", "1").dialled == []
        trial.book.connect_to = TENANT
        assert trial.call("1", "1", key="2").dialled == []


def test_a_call_does_not_ring_its_own_number(line: Line) -> None:
    line.book.connect_to = CALLER
    assert line.call("1", "1").dialled == []


def test_without_a_public_address_no_call_is_made() -> None:
    with running_call_peer() as peer:
        channel = TwilioVoice(settings=live(peer, ""), scripts=Book())
        [refused] = channel.send([call()])
        channel.close()
        assert isinstance(refused, Failure)
        assert (refused.code, peer.forms) == (FailureCode.CREDENTIALS, [])

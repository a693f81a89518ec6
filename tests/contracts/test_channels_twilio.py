"""SMS through Twilio against a peer with a memory: errors, doubts, receipts, replies, trial mode."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from channels.contract import Accepted, Failure, FailureCode, NotTaken, Outbound, Unsure
from channels.halting import DOUBTS_IN_A_ROW
from channels.settings import ChannelSettings
from channels.twilio_client import LONGEST_WAIT
from channels.twilio_gateway import TwilioSms
from tests.contracts.twilio_peer import (
    ACCOUNT,
    NOON,
    SENDER,
    TOKEN,
    TwilioPeer,
    call_hook,
    running_hooks,
    running_peer,
)

pytestmark = pytest.mark.contracts
MOBILE = "+31600000001"
OTHER = "+31600000002"


@pytest.fixture
def peer() -> Iterator[TwilioPeer]:
    with running_peer() as running:
        yield running
        assert running.complaints == []


def settings(peer: TwilioPeer, **changes: object) -> ChannelSettings:
    base = ChannelSettings(
        mode="live",
        sending_enabled=True,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_sender=SENDER,
        twilio_base_url=peer.base_url,
        timeout=2,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@contextmanager
def channel(peer: TwilioPeer, **changes: object) -> Iterator[TwilioSms]:
    opened = TwilioSms(settings=settings(peer, **changes))
    yield opened
    opened.close()


def sms(key: str = "k1", to: str = MOBILE, text: str = "Belt u ons?") -> Outbound:
    return Outbound(key=key, channel="sms", to=to, sender="Huis", text=text, at=NOON)


def code_of(answer: Accepted | Failure) -> FailureCode | None:
    return answer.code if isinstance(answer, Failure) else None


@pytest.mark.parametrize(
    ("twilio_code", "expected"),
    [
        (21610, FailureCode.OPTED_OUT),
        (21211, FailureCode.INVALID_RECIPIENT),
        (21612, FailureCode.INVALID_RECIPIENT),
        (21614, FailureCode.LANDLINE),
        (21408, FailureCode.NOT_ALLOWED),
        (21617, FailureCode.CONTENT_REFUSED),
        (99999, FailureCode.NOT_ALLOWED),
    ],
)
def test_a_refusal_has_our_word_and_no_phone_number(peer: TwilioPeer, twilio_code: int, expected: FailureCode) -> None:
    peer.refuse = {MOBILE: twilio_code}
    with channel(peer) as twilio:
        refused, accepted = twilio.send([sms(), sms("k2", OTHER)])
    assert code_of(refused) is expected
    assert isinstance(refused, Failure) and "316" not in refused.detail
    assert isinstance(accepted, Accepted)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, FailureCode.CREDENTIALS),
        (429, FailureCode.RATE_LIMITED),
        (302, FailureCode.PROVIDER_DOWN),
        (407, FailureCode.PROVIDER_DOWN),
        (408, FailureCode.UNCERTAIN),
        (500, FailureCode.UNCERTAIN),
        (503, FailureCode.PROVIDER_DOWN),
        (502, FailureCode.UNCERTAIN),
        (504, FailureCode.UNCERTAIN),
    ],
)
def test_a_status_has_our_word(peer: TwilioPeer, status: int, expected: FailureCode) -> None:
    peer.answers = [status]
    with channel(peer) as twilio:
        assert code_of(twilio.send([sms()])[0]) is expected


def test_wrong_credentials_stop_the_batch(peer: TwilioPeer) -> None:
    with channel(peer, twilio_auth_token="2" * 32, connections=1) as twilio:
        answers = twilio.send([sms(f"k{number}") for number in range(10)])
    assert {code_of(answer) for answer in answers} == {FailureCode.CREDENTIALS}
    assert peer.offers == 1


def test_a_provider_that_is_not_there_is_down(peer: TwilioPeer) -> None:
    with channel(peer, twilio_base_url="http://127.0.0.1:9") as twilio:
        assert code_of(twilio.send([sms()])[0]) is FailureCode.PROVIDER_DOWN
        assert isinstance(twilio.ask(sms()), Unsure)
        assert twilio.poll(NOON) == ()


@pytest.mark.parametrize("how", ["drop", "slow"])
def test_a_taken_message_without_answer_is_found_and_not_sent_twice(peer: TwilioPeer, how: str) -> None:
    peer.answers = [how]
    with channel(peer, timeout=0.3) as twilio:
        assert code_of(twilio.send([sms()])[0]) is FailureCode.UNCERTAIN
        assert isinstance(twilio.send([sms()])[0], Accepted)
    assert len(peer.messages) == 1


def test_another_process_finds_the_message_after_a_crash(peer: TwilioPeer) -> None:
    with channel(peer) as killed:
        [accepted] = killed.send([sms()])
    with channel(peer) as restarted:
        found = restarted.ask(sms())
        assert isinstance(found, Accepted) and isinstance(accepted, Accepted)
        assert found.provider_ref == accepted.provider_ref
        assert restarted.send([sms()]) == [found]
    assert len(peer.messages) == 1


def test_a_doubt_waits_until_the_provider_is_certain(peer: TwilioPeer) -> None:
    peer.answers = [502]
    with channel(peer) as twilio:
        twilio.send([sms()])
        peer.now = NOON + timedelta(minutes=9)
        assert twilio.ask(sms()) == Unsure(key="k1", detail="not found yet", later=True)
        assert code_of(twilio.send([sms()])[0]) is FailureCode.UNCERTAIN
        assert peer.offers == 1
        peer.now = NOON + timedelta(minutes=10)
        assert twilio.ask(sms()) == NotTaken(key="k1")
        assert isinstance(twilio.send([sms()])[0], Accepted)
    assert len(peer.messages) == 1


def test_a_server_error_is_asked_after_before_it_is_tried_again(peer: TwilioPeer) -> None:
    peer.answers = [500]
    with channel(peer) as twilio:
        assert code_of(twilio.send([sms()])[0]) is FailureCode.UNCERTAIN
        peer.create({"To": MOBILE, "From": SENDER, "Body": "Belt u ons?"})
        tomorrow = replace(sms(), at=NOON + timedelta(days=1))
        assert isinstance(twilio.send([tomorrow])[0], Accepted)
    assert len(peer.messages) == 1


@pytest.mark.parametrize(
    ("written", "wait"), [("7", 7), ("", None), ("soon", None), ("-1", None), ("99999999", LONGEST_WAIT)]
)
def test_the_wait_that_a_provider_asks_for_is_told(peer: TwilioPeer, written: str, wait: int | None) -> None:
    peer.answers, peer.retry_after = [429], written
    with channel(peer, connections=1) as twilio:
        answers = twilio.send([sms(), sms("k2", OTHER)])
        assert [code_of(answer) for answer in answers] == [FailureCode.RATE_LIMITED] * 2
        assert {answer.wait_seconds for answer in answers if isinstance(answer, Failure)} == {wait}
        assert isinstance(twilio.send([sms()])[0], Accepted)


@pytest.mark.parametrize("how", [500, "drop"])
def test_a_provider_without_certain_answers_gets_no_more_of_the_batch(peer: TwilioPeer, how: int | str) -> None:
    peer.answers = [how] * 20
    with channel(peer, connections=1) as twilio:
        answers = twilio.send([sms(f"k{number}", text=f"Bericht {number}") for number in range(20)])
    codes = [code_of(answer) for answer in answers]
    assert codes == [FailureCode.UNCERTAIN] * DOUBTS_IN_A_ROW + [FailureCode.PROVIDER_DOWN] * (20 - DOUBTS_IN_A_ROW)
    assert peer.offers == DOUBTS_IN_A_ROW


def test_a_doubt_now_and_then_stops_nothing(peer: TwilioPeer) -> None:
    peer.answers = [500, 500, 500, 500, 201, 500, 500, 500, 500]
    with channel(peer, connections=1) as twilio:
        twilio.send([sms(f"k{number}", text=f"Bericht {number}") for number in range(12)])
    assert len(peer.messages) == 4


def test_an_older_message_with_the_same_text_is_another_one(peer: TwilioPeer) -> None:
    peer.now = NOON - timedelta(days=2)
    peer.create({"To": MOBILE, "From": SENDER, "Body": "Belt u ons?"})
    peer.now = NOON + timedelta(hours=1)
    with channel(peer) as twilio:
        assert twilio.ask(sms()) == NotTaken(key="k1")


def test_two_messages_with_the_same_text_are_for_a_person(peer: TwilioPeer) -> None:
    for _ in range(2):
        peer.create({"To": MOBILE, "From": SENDER, "Body": "Belt u ons?"})
    with channel(peer) as twilio:
        assert twilio.ask(sms()) == Unsure(key="k1", detail="2 messages with the same text")


def test_the_same_text_for_two_keys_is_told_apart(peer: TwilioPeer) -> None:
    with channel(peer) as twilio:
        twilio.send([sms("k1")])
        peer.now = NOON + timedelta(hours=1)
        assert twilio.ask(sms("k2")) == NotTaken(key="k2")


def test_trial_mode_sends_to_the_test_recipients_only(peer: TwilioPeer) -> None:
    with channel(peer, mode="trial", trial_recipients=frozenset({MOBILE})) as twilio:
        listed, other = twilio.send([sms(), sms("k2", OTHER)])
    assert isinstance(listed, Accepted)
    assert code_of(other) is FailureCode.NOT_ALLOWED
    assert [message["to"] for message in peer.messages] == [MOBILE]


@pytest.mark.parametrize("changes", [{"sending_enabled": False}, {"mode": "sandbox"}])
def test_nothing_leaves_without_the_switch(peer: TwilioPeer, changes: dict[str, object]) -> None:
    with channel(peer, **changes) as twilio:
        assert code_of(twilio.send([sms()])[0]) is FailureCode.NOT_ALLOWED
    assert peer.offers == 0


def test_the_messaging_service_goes_before_the_sender(peer: TwilioPeer) -> None:
    service = "MG" + "0" * 32
    with channel(peer, twilio_messaging_service=service) as twilio:
        twilio.send([sms()])
        peer.settle(str(peer.messages[0]["sid"]), "delivered")
        assert [event.outcome for event in twilio.poll(NOON)] == ["delivered"]
    assert peer.messages[0]["messaging_service_sid"] == service


def test_a_poll_brings_receipts_and_replies_without_a_public_address(peer: TwilioPeer) -> None:
    with channel(peer) as twilio:
        twilio.send([sms("k1"), sms("k2", OTHER)])
        by_recipient = {str(message["to"]): str(message["sid"]) for message in peer.messages}
        peer.settle(by_recipient[OTHER], "undelivered", 30005)
        peer.receive(MOBILE, "REGELING")
        receipt, reply = sorted(twilio.poll(NOON), key=lambda event: event.kind)
    assert (receipt.key, receipt.outcome, receipt.failure) == ("k2", "undelivered", FailureCode.INVALID_RECIPIENT)
    assert (reply.sender, reply.recipient, reply.text) == (MOBILE, SENDER, "REGELING")


def test_webhook_and_poll_give_the_same_event_id(peer: TwilioPeer) -> None:
    with running_hooks() as (hooks, url), channel(peer, public_url=url) as twilio:
        hooks.mount(twilio.routes())
        twilio.send([sms("case 7/step 1")])
        sid = str(peer.messages[0]["sid"])
        assert peer.settle(sid, "sent") == 200
        assert peer.settle(sid, "undelivered", 30003) == 200
        assert peer.settle(sid, "undelivered", 30003) == 200
        [polled] = twilio.poll(NOON)
    assert {event.event_id for event in hooks.events} == {polled.event_id}
    assert len(hooks.events) == 2
    assert hooks.events[0].key == "case 7/step 1"
    assert hooks.events[0].failure is FailureCode.UNREACHABLE
    assert {ElementTree.fromstring(body).tag for body in hooks.bodies} == {"Response"}


@pytest.mark.parametrize(
    ("body", "opt_out_type", "outcome"),
    [
        ("STOP", "", "opted_out"),
        ("stop ", "", "opted_out"),
        ("Stop maar", "", None),
        ("Afmelden", "STOP", "opted_out"),
        ("START", "START", "opted_in"),
        ("BEL MIJ", "", None),
        ("", "", None),
    ],
)
def test_a_reply_says_what_twilio_made_of_it(
    peer: TwilioPeer, body: str, opt_out_type: str, outcome: str | None
) -> None:
    form = {"MessageSid": "SM1", "From": MOBILE, "To": SENDER, "Body": body} | (
        {"OptOutType": opt_out_type} if opt_out_type else {}
    )
    with running_hooks() as (hooks, url), channel(peer, public_url=url) as twilio:
        hooks.mount(twilio.routes())
        assert call_hook(f"{url}/hooks/sms/twilio-inbound", form) == 200
    [event] = hooks.events
    assert (event.kind, event.text, event.outcome, event.event_id) == ("reply", body, outcome, "SM1:received")


@pytest.mark.parametrize("route", ["sms/twilio-inbound", "sms/twilio-status"])
def test_a_bad_signature_is_refused_and_an_empty_form_too(peer: TwilioPeer, route: str) -> None:
    form = {"MessageSid": "SM1", "From": MOBILE, "To": SENDER, "Body": "REGELING", "MessageStatus": "delivered"}
    with running_hooks() as (hooks, url), channel(peer, public_url=url) as twilio:
        hooks.mount(twilio.routes())
        assert call_hook(f"{url}/hooks/{route}", form, token="3" * 32) == 403
        assert call_hook(f"{url}/hooks/{route}", {"To": SENDER}) == 400
        assert call_hook(f"{url}/hooks/{route}", form) == 200
    assert len(hooks.events) == 1

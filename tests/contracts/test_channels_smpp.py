"""SMS over SMPP, against npm's smpp: what is sent, what is certain, and what comes back."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.contract import Accepted, Event, Failure, FailureCode, Outbound, Unsure
from channels.settings import ChannelSettingsError
from channels.smpp_gateway import SmppSms
from channels.smpp_texts import concatenation
from tests.contracts.mail_peer import make_certificate
from tests.contracts.smpp_peer import SENDER, SmppPeer, ids, polled, running_smpp, settings_for, smpp, until

pytestmark = pytest.mark.contracts
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
TO = "+31600000001"
LONG = "Beste huurder, " + "wij willen u graag helpen. " * 12


@pytest.fixture(scope="module")
def server() -> Iterator[SmppPeer]:
    with running_smpp() as running:
        yield running


@pytest.fixture
def peer(server: SmppPeer) -> SmppPeer:
    server.set(kept=[], answers=[], deliveries=[], responses=[], binds=0, bindStatus=0, quiet=False)
    return server


def sms(key: str = "k1", text: str = "Belt u ons?", to: str = TO) -> Outbound:
    return Outbound(key=key, channel="sms", to=to, sender="Huis", text=text, at=NOON)


def test_a_message_arrives_as_it_was_written(peer: SmppPeer) -> None:
    texts = ["Betaalt u € 100 [of minder]?", "Привіт, зателефонуйте нам", LONG, LONG.replace("helpen", "helpen™")]
    with smpp(peer.port) as channel:
        answers = channel.send([sms(f"k{number}", text) for number, text in enumerate(texts)])
    assert [each.segments for each in answers if isinstance(each, Accepted)] == [1, 1, 3, 6]
    kept = peer.kept()
    assert [each["text"] for each in kept[:2]] == texts[:2]
    assert "".join(each["text"] for each in kept[2:5]) == texts[2]
    assert "".join(each["text"] for each in kept[5:]) == texts[3]
    assert [each["udh"][-4:] for each in kept[2:5]] == ["0301", "0302", "0303"]
    assert {(each["to"], each["to_ton"], each["from"], each["from_ton"]) for each in kept} == {(TO[1:], 1, SENDER, 5)}
    assert {each["receipt"] for each in kept} == {1}


@pytest.mark.parametrize(
    ("sender", "written"),
    [("+3197010000000", ("3197010000000", 1)), ("4422", ("4422", 3)), ("Huis", ("Huis", 5))],
)
def test_the_sender_has_its_type_of_number(peer: SmppPeer, sender: str, written: tuple[str, int]) -> None:
    with smpp(peer.port, smpp_sender=sender) as channel:
        channel.send([sms()])
    [kept] = peer.kept()
    assert (kept["from"], kept["from_ton"]) == written


@pytest.mark.parametrize("wrong", [{"smpp_sender": "Woningcorporatie"}, {"smpp_password": "veel te lang"}])
def test_what_smpp_cannot_write_is_told_at_the_start(wrong: dict[str, str]) -> None:
    with pytest.raises(ChannelSettingsError, match=next(iter(wrong))):
        SmppSms(settings=settings_for(2775, **wrong))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (0x58, FailureCode.RATE_LIMITED),
        (0x14, FailureCode.RATE_LIMITED),
        (0x0B, FailureCode.INVALID_RECIPIENT),
        (0x0A, FailureCode.CREDENTIALS),
        (0x45, FailureCode.CONTENT_REFUSED),
        (0x64, FailureCode.PROVIDER_DOWN),
        (0x500, FailureCode.NOT_ALLOWED),
    ],
)
def test_a_refusal_is_certain_and_may_be_offered_again(peer: SmppPeer, status: int, code: FailureCode) -> None:
    peer.set(answers=[status])
    with smpp(peer.port) as channel:
        [refused] = channel.send([sms()])
        assert isinstance(refused, Failure)
        assert refused.code is code
        assert TO[1:] not in refused.detail
        assert isinstance(channel.send([sms()])[0], Accepted)
    assert len(peer.kept()) == 1


@pytest.mark.parametrize("answer", ["take_and_hang_up", "hang_up", "silent", 0x08])
def test_what_may_have_been_taken_is_never_offered_again(peer: SmppPeer, answer: object) -> None:
    peer.set(answers=[answer])
    with smpp(peer.port, timeout=0.5) as channel:
        [first] = channel.send([sms()])
        assert isinstance(first, Failure)
        assert first.code is FailureCode.UNCERTAIN
        before = len(peer.kept())
        assert channel.send([sms()]) == [first]
        assert isinstance(channel.ask(sms()), Unsure)
        assert isinstance(channel.send([sms("k2")])[0], Accepted)
    assert len(peer.kept()) == before + 1


def test_a_late_response_settles_the_doubt(peer: SmppPeer) -> None:
    peer.set(answers=["late"])
    with smpp(peer.port, timeout=0.3) as channel:
        [first] = channel.send([sms()])
        assert isinstance(first, Failure)
        until(lambda: isinstance(channel.ask(sms()), Accepted))
        [kept] = peer.kept()
        assert channel.send([sms()]) == [
            Accepted(key="k1", provider="smpp", provider_ref=kept["id"], at=NOON, segments=1)
        ]
    assert len(peer.kept()) == 1


def test_a_receipt_with_our_reference_settles_the_doubt(peer: SmppPeer) -> None:
    peer.set(answers=["take_and_hang_up"])
    with smpp(peer.port) as channel:
        assert isinstance(channel.send([sms()])[0], Failure)
        [kept] = peer.kept()
        peer.receipt(kept["id"], reference=kept["reference"])
        [event] = polled(channel, NOON, 1)
    assert (event.key, event.outcome, event.provider_ref) == ("k1", "delivered", kept["id"])


def test_half_a_message_is_not_sent_again(peer: SmppPeer) -> None:
    peer.set(answers=[0, 0x45, 0])
    with smpp(peer.port) as channel:
        [half] = channel.send([sms(text=LONG)])
        assert isinstance(half, Failure)
        assert half.code is FailureCode.UNCERTAIN
        assert channel.send([sms(text=LONG)]) == [half]
    assert len(peer.kept()) == 2


def test_a_message_that_is_throttled_half_way_is_completed(peer: SmppPeer) -> None:
    peer.set(answers=[0, 0x58, 0x14])
    with smpp(peer.port) as channel:
        [sent] = channel.send([sms(text=LONG)])
    assert isinstance(sent, Accepted)
    kept = peer.kept()
    assert (sent.segments, sent.provider_ref) == (3, kept[2]["id"])
    assert "".join(each["text"] for each in kept) == LONG
    assert [each["udh"][-4:] for each in kept] == ["0301", "0302", "0303"]


def test_without_a_provider_nothing_is_in_doubt() -> None:
    with running_smpp() as gone:
        port = gone.port
    with smpp(port) as channel:
        answers = channel.send([sms(f"k{number}") for number in range(3)])
        assert not channel.poll(NOON)
    assert [each.code for each in answers if isinstance(each, Failure)] == [FailureCode.PROVIDER_DOWN] * 3


def test_a_refused_login_is_the_account(peer: SmppPeer) -> None:
    with smpp(peer.port, smpp_password="fout") as channel:
        [refused] = channel.send([sms()])
    assert isinstance(refused, Failure)
    assert refused.code is FailureCode.CREDENTIALS


def test_over_tls_only_to_a_provider_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_certificate(tmp_path)
    with running_smpp(SMPP_KEY=str(made.key), SMPP_CERT=str(made.certificate)) as peer:
        with smpp(peer.port, smpp_tls=True, smpp_host="localhost") as channel:
            [refused] = channel.send([sms()])
        assert isinstance(refused, Failure)
        assert (refused.code, "certificate" in refused.detail) == (FailureCode.PROVIDER_DOWN, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        with smpp(peer.port, smpp_tls=True, smpp_host="localhost") as channel:
            answers = channel.send([sms(f"k{number}") for number in range(300)])
            peer.receipt(ids(peer)[0])
            assert polled(channel, NOON, 1)
        assert all(isinstance(each, Accepted) for each in answers)
        with smpp(peer.port, smpp_host="localhost", timeout=0.5) as channel:
            assert isinstance(channel.send([sms()])[0], Failure), "plain SMPP to a port of TLS"


@pytest.mark.parametrize("end", ["hang_up", "unbind"])
def test_a_closed_connection_is_opened_again(peer: SmppPeer, end: str) -> None:
    with smpp(peer.port) as channel:
        channel.send([sms()])
        peer.tell(end)
        assert isinstance(channel.send([sms("k2")])[0], Accepted)
    assert peer.look()["binds"] == 2


def test_a_provider_that_is_silent_is_left_before_anything_is_written(peer: SmppPeer) -> None:
    with smpp(peer.port, timeout=0.3) as channel:
        channel.send([sms()])
        peer.set(quiet=True)
        assert isinstance(channel.send([sms("k2")])[0], Accepted)
    assert peer.look()["binds"] == 2


def test_a_trial_reaches_its_test_recipients_only(peer: SmppPeer) -> None:
    with smpp(peer.port, mode="trial", trial_recipients=frozenset({TO})) as channel:
        first, second = channel.send([sms(), sms("k2", to="+31600000002")])
    assert isinstance(first, Accepted)
    assert isinstance(second, Failure)
    assert second.code is FailureCode.NOT_ALLOWED
    assert len(peer.kept()) == 1


@pytest.mark.parametrize(
    ("stat", "state", "outcome", "failure"),
    [
        ("DELIVRD", None, "delivered", None),
        ("UNKNOWN", 2, "delivered", None),
        ("UNDELIV", None, "undelivered", FailureCode.UNREACHABLE),
        ("EXPIRED", 3, "undelivered", FailureCode.UNREACHABLE),
        ("REJECTD", 8, "failed", FailureCode.BLOCKED),
    ],
)
def test_a_receipt_says_what_became_of_it(
    peer: SmppPeer, stat: str, state: int | None, outcome: str, failure: FailureCode | None
) -> None:
    with smpp(peer.port) as channel:
        [sent] = channel.send([sms()])
        peer.receipt(ids(peer)[0], stat=stat, state=state)
        [event] = polled(channel, NOON, 1)
    assert isinstance(sent, Accepted)
    assert (event.outcome, event.failure, event.provider_ref, event.key) == (outcome, failure, sent.provider_ref, "k1")
    assert (event.recipient, event.sender) == (TO, SENDER)


def test_a_long_message_is_delivered_when_its_last_part_is(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        [sent] = channel.send([sms(text=LONG)])
        *others, last = ids(peer)
        for each in others:
            peer.receipt(each)
        until(lambda: channel.poll(NOON) or peer.look()["responses"] == [0, 0])
    with smpp(peer.port) as channel:
        channel.poll(NOON)
        peer.receipt(last)
        [event] = polled(channel, NOON, 1)
    assert isinstance(sent, Accepted)
    assert (event.provider_ref, event.outcome) == (sent.provider_ref, "delivered")


def test_a_long_message_fails_with_any_of_its_parts(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        [sent] = channel.send([sms(text=LONG)])
        peer.receipt(ids(peer)[1], stat="UNDELIV")
        [event] = polled(channel, NOON, 1)
    assert isinstance(sent, Accepted)
    assert (event.provider_ref, event.outcome, event.key) == (sent.provider_ref, "undelivered", "k1")


def test_the_provider_is_told_after_the_events_are_safe(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        channel.poll(NOON)
        peer.reply("Bel mij".encode("utf-16-be"), coding=8)
        [event] = polled(channel, NOON, 1)
        assert peer.look()["responses"] == []
        channel.poll(NOON + timedelta(minutes=1))
        until(lambda: peer.look()["responses"] == [0])
    assert (event.kind, event.text, event.sender, event.recipient) == ("reply", "Bel mij", TO, "+3197010000000")


def test_a_long_reply_is_one_reply(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        channel.poll(NOON)
        peer.reply(concatenation(7, 2, 2) + b"volgende week.", esm_class=0x40)
        assert not channel.poll(NOON)
        peer.reply(concatenation(7, 2, 1) + b"Ik betaal ", esm_class=0x40)
        [event] = polled(channel, NOON, 1)
        peer.reply(concatenation(8, 2, 1) + b"Ik kom", esm_class=0x40)
        assert not channel.poll(NOON)
        [half] = channel.poll(NOON + timedelta(minutes=1))
    assert (event.text, half.text) == ("Ik betaal volgende week.", "Ik kom")


def test_a_reply_that_is_repeated_before_its_answer_is_one_reply(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        channel.poll(NOON)
        peer.reply(b"Ja")
        [first] = polled(channel, NOON, 1)
        peer.reply(b"Ja")
        assert channel.poll(NOON + timedelta(minutes=1)) in ([first], [])
        assert {each.event_id for each in channel.poll(NOON + timedelta(minutes=2))} <= {first.event_id}


def test_what_was_not_confirmed_comes_again_as_the_same_event(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        channel.poll(NOON)
        peer.reply(b"Ja")
        [first] = polled(channel, NOON, 1)
        peer.tell("hang_up")
        until(lambda: peer.look()["binds"] and channel.poll(NOON + timedelta(hours=1)) == [first])
        until(lambda: not channel.poll(NOON) and peer.look()["deliveries"] == [])


def test_a_process_that_dies_loses_no_reply(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        channel.poll(NOON)
        peer.reply(b"Ja")
        polled(channel, NOON, 1)
        peer.tell("hang_up")
    with smpp(peer.port) as channel:
        [again] = polled(channel, NOON, 1)
    assert again.text == "Ja"


class Kept:
    """A store in memory that can break."""

    def __init__(self, breaks: int = 0) -> None:
        self.events: list[Event] = []
        self.breaks = breaks

    def now(self) -> datetime:
        return NOON

    def keep(self, events: object) -> None:
        if self.breaks:
            self.breaks -= 1
            raise OSError("disk full")
        assert isinstance(events, list)
        self.events += events


def test_with_a_store_the_provider_is_told_at_once(peer: SmppPeer) -> None:
    kept = Kept()
    with smpp(peer.port, keeping=kept) as channel:
        channel.poll(NOON)
        peer.reply(b"Ja")
        until(lambda: peer.look()["responses"] == [0])
        assert [event.text for event in kept.events] == ["Ja"]
        assert not channel.poll(NOON)


def test_a_store_that_breaks_makes_the_provider_deliver_again(peer: SmppPeer) -> None:
    kept = Kept(breaks=1)
    with smpp(peer.port, keeping=kept) as channel:
        channel.poll(NOON)
        peer.reply(b"Ja")
        until(lambda: peer.look()["responses"] == [0x64])
        peer.tell("hang_up")
        until(lambda: not channel.poll(NOON) and kept.events)
    assert [event.text for event in kept.events] == ["Ja"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from([0, 0x58, 0x08, 0x45, "take_and_hang_up", "hang_up"]), max_size=8),
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=4),
)
def test_no_key_is_taken_twice(peer: SmppPeer, answers: list[object], batches: list[list[str]]) -> None:
    peer.set(kept=[], answers=answers)
    with smpp(peer.port) as channel:
        for batch in batches:
            sent = channel.send([sms(key, f"Bericht {key}") for key in batch])
            assert [each.key for each in sent] == batch
    texts = [each["text"] for each in peer.kept()]
    assert len(set(texts)) == len(texts)


def test_many_are_under_way_at_once(peer: SmppPeer) -> None:
    with smpp(peer.port) as channel:
        channel.send([sms("first")])
        begin = time.perf_counter()
        answers = channel.send([sms(f"k{number}") for number in range(1000)])
        seconds = time.perf_counter() - begin
    assert all(isinstance(each, Accepted) for each in answers)
    assert len({each["id"] for each in peer.kept()}) == 1001
    print(f"{1000 / seconds:.0f} messages a second")
    assert seconds < 10


def test_the_log_holds_no_number_and_no_text(peer: SmppPeer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with smpp(peer.port) as channel:
        channel.send([sms()])
        peer.receipt(ids(peer)[0], state=2)
        polled(channel, NOON, 1)
    assert all(
        hidden not in caplog.text for hidden in (TO[1:], "Belt u ons", b"Belt u ons".hex(), TO[1:].encode().hex())
    )

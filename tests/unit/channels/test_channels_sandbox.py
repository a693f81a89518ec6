"""The sandbox: late, twice, out of order, and its faults."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from channels.contract import Accepted, Failure, FailureCode, NotTaken, Outbound
from channels.registry import CHANNELS
from channels.sandbox import (
    MemorySandboxStore,
    Outage,
    Responder,
    SandboxChannel,
    SandboxFaults,
    SandboxMessage,
    SimulatedEvent,
    UnknownOutcome,
    provider_ref,
    silent,
)

pytestmark = pytest.mark.unit
NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


def sms(key: str, at: datetime = NOON) -> Outbound:
    return Outbound(key=key, channel="sms", to="+31600000001", sender="Huis", text="Belt u ons?", at=at)


def sandbox(
    *, respond: Responder = silent, faults: SandboxFaults | None = None, store: MemorySandboxStore | None = None
) -> SandboxChannel:
    return SandboxChannel(
        name="sms",
        outcomes=CHANNELS["sms"].outcomes,
        store=store or MemorySandboxStore(),
        respond=respond,
        faults=faults or SandboxFaults(),
    )


def late_and_twice(message: Outbound) -> Sequence[SimulatedEvent]:
    return (
        SimulatedEvent(kind="receipt", outcome="delivered", delay_minutes=1, late_minutes=60, repeats=2),
        SimulatedEvent(kind="reply", text="STOP", delay_minutes=5),
    )


def test_a_reference_follows_from_the_key() -> None:
    [first] = sandbox().send([sms("k")])
    [second] = sandbox().send([sms("k")])
    assert first == second
    assert isinstance(first, Accepted)
    assert first.provider_ref == provider_ref("sms", "k") != provider_ref("sms", "k2")


def test_a_reply_overtakes_a_late_receipt() -> None:
    channel = sandbox(respond=late_and_twice)
    channel.send([sms("k")])
    assert channel.poll(NOON + timedelta(minutes=4)) == []
    [reply] = channel.poll(NOON + timedelta(minutes=5))
    assert (reply.kind, reply.text, reply.sender, reply.recipient) == ("reply", "STOP", "+31600000001", "Huis")
    receipt = channel.poll(NOON + timedelta(minutes=61))[-1]
    assert receipt.kind == "receipt"
    assert receipt.at == NOON + timedelta(minutes=1)


def test_a_repeat_has_the_same_id() -> None:
    channel = sandbox(respond=late_and_twice)
    channel.send([sms("k")])
    receipts = [event for event in channel.poll(NOON + timedelta(days=1)) if event.kind == "receipt"]
    assert len(receipts) == 3
    assert len({event.event_id for event in receipts}) == 1


def test_a_receiver_that_failed_gets_the_events_again_and_a_new_process_gets_all() -> None:
    store = MemorySandboxStore()
    channel = sandbox(respond=late_and_twice, store=store)
    channel.send([sms("k")])
    later = NOON + timedelta(hours=1)
    assert channel.poll(later) == channel.poll(later)
    channel.poll(later + timedelta(days=9))
    assert channel.poll(later + timedelta(days=9)) == []
    assert len(sandbox(store=store).poll(later + timedelta(days=1))) == 4


def test_an_outage_is_half_open_and_takes_nothing() -> None:
    outage = Outage(start=NOON, end=NOON + timedelta(minutes=30))
    channel = sandbox(faults=SandboxFaults(outages=(outage,)))
    down, up = channel.send([sms("a"), sms("b", NOON + timedelta(minutes=30))])
    assert isinstance(down, Failure) and down.code is FailureCode.PROVIDER_DOWN and down.retryable
    assert isinstance(up, Accepted)
    assert channel.ask(sms("a")) == NotTaken(key="a")


def test_an_uncertain_message_was_taken() -> None:
    channel = sandbox(faults=SandboxFaults(uncertain=frozenset({"k"})), respond=late_and_twice)
    [failure] = channel.send([sms("k")])
    assert isinstance(failure, Failure) and failure.code is FailureCode.UNCERTAIN and not failure.retryable
    found = channel.ask(sms("k"))
    assert isinstance(found, Accepted)
    assert channel.send([sms("k")]) == [found]
    assert len(channel.poll(NOON + timedelta(days=1))) == 4


def test_a_lost_message_was_not_taken() -> None:
    channel = sandbox(faults=SandboxFaults(lost=frozenset({"k"})))
    [failure] = channel.send([sms("k")])
    assert isinstance(failure, Failure) and failure.code is FailureCode.UNCERTAIN
    assert channel.ask(sms("k")) == NotTaken(key="k")
    assert isinstance(channel.send([sms("k")])[0], Accepted)


def test_the_rest_of_a_batch_is_rate_limited() -> None:
    channel = sandbox(faults=SandboxFaults(batch_limit=2))
    answers = channel.send([sms(key) for key in "abcd"])
    assert [isinstance(answer, Accepted) for answer in answers] == [True, True, False, False]
    assert {a.code for a in answers if isinstance(a, Failure)} == {FailureCode.RATE_LIMITED}


def test_a_responder_that_fails_leaves_nothing_of_the_batch() -> None:
    def wrong_for_b(message: Outbound) -> Sequence[SimulatedEvent]:
        return [SimulatedEvent(kind="receipt", outcome="posted" if message.key == "b" else "delivered")]

    channel = sandbox(respond=wrong_for_b)
    with pytest.raises(UnknownOutcome):
        channel.send([sms("a"), sms("b")])
    assert channel.ask(sms("a")) == NotTaken(key="a")


def test_the_store_keeps_the_first_message_of_a_key() -> None:
    store = MemorySandboxStore()
    first, second = (
        SandboxMessage(
            message=sms("k"), accepted=Accepted(key="k", provider="sandbox", provider_ref=ref, at=NOON), events=()
        )
        for ref in ("one", "two")
    )
    assert list(store.put([first, second])) == [first, first]
    assert store.find("k") == first
    assert store.find("other") is None

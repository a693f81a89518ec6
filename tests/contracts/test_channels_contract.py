"""The contract of every channel in the registry: with the sandbox, and with each provider against its peer."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import pytest

from channels.contract import Accepted, Channel, Event, Failure, FailureCode, NotTaken, Outbound, Unsure
from channels.email_smtp import EmailSmtp
from channels.failover import Failover
from channels.print_house import PrintHouse
from channels.registry import CHANNELS, build_channels
from channels.sandbox import MemorySandboxStore, SandboxFaults, SimulatedEvent, silent
from channels.settings import ChannelSettings
from channels.twilio_gateway import TwilioSms, TwilioWhatsApp
from channels.twilio_voice import TwilioVoice
from tests.contracts.call_peer import CALLER, CallPeer, running_call_peer
from tests.contracts.mail_peer import MailServer, running_server
from tests.contracts.mailbox_peer import Imap, delivery_report, running_mailbox
from tests.contracts.smpp_peer import SmppPeer, running_smpp, smpp
from tests.contracts.test_channels_email_mailbox import with_mailbox
from tests.contracts.twilio_peer import ACCOUNT, NOON, SENDER, TOKEN, TwilioPeer, running_peer

pytestmark = pytest.mark.contracts
MACHINE = [name for name, spec in CHANNELS.items() if not spec.staff]
ADDRESSES = {"phone": "+31600000001", "email": "huurder@voorbeeld.example", "postal": "Voorbeeldlaan 1, 0000 AA Plaats"}


class Peer(Protocol):
    """A provider on loopback: what it kept, and what it plays."""

    def kept(self) -> int: ...

    def settle(self) -> None: ...

    def limit(self) -> None: ...

    def pass_an_hour(self) -> None: ...


@dataclass(frozen=True)
class TwilioBench:
    """Twilio for SMS."""

    peer: TwilioPeer

    def kept(self) -> int:
        return len(self.peer.messages)

    def settle(self) -> None:
        for message in self.peer.messages:
            self.peer.settle(str(message["sid"]), "delivered")

    def limit(self) -> None:
        self.peer.answers = [429]

    def pass_an_hour(self) -> None:
        self.peer.now = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class CallBench:
    """Twilio for calls."""

    peer: CallPeer

    def kept(self) -> int:
        return len(self.peer.calls)

    def settle(self) -> None:
        for each in self.peer.calls:
            self.peer.settle(str(each["sid"]), "completed")

    def limit(self) -> None:
        self.peer.answers = [429]

    def pass_an_hour(self) -> None:
        self.peer.now = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class PrintBench:
    """A print house that fetches from a folder."""

    channel: PrintHouse
    folder: Path

    def kept(self) -> int:
        return len(list((self.folder / "waiting").glob("*.json")))

    def settle(self) -> None:
        batch = self.channel.make_batch(NOON, NOON.date())
        assert batch is not None
        self.channel.mark_batch(batch.id, NOON, NOON + timedelta(hours=2))

    def limit(self) -> None:
        pytest.skip("a folder has no rate")

    def pass_an_hour(self) -> None:
        """A folder has no clock."""


@dataclass(frozen=True)
class MailBench:
    """A mail server and a mailbox in which its reports arrive."""

    server: MailServer
    mailbox: Imap

    def kept(self) -> int:
        return len(self.server.envelopes)

    def settle(self) -> None:
        for envelope in self.server.envelopes:
            self.mailbox.deliver(delivery_report(bytes(envelope.content or b"")), NOON)

    def limit(self) -> None:
        self.server.rcpt = ["451 4.7.1 later"]

    def pass_an_hour(self) -> None:
        """A mail server has no clock that matters."""


@dataclass(frozen=True)
class SmppBench:
    """An SMPP server, which delivers each receipt twice."""

    peer: SmppPeer

    def kept(self) -> int:
        return len(self.peer.kept())

    def settle(self) -> None:
        for message in self.peer.kept():
            self.peer.receipt(message["id"], times=2)

    def limit(self) -> None:
        self.peer.set(answers=[0x58])

    def pass_an_hour(self) -> None:
        """An SMPP server cannot be asked, at any hour."""


@dataclass(frozen=True)
class TwoBenches:
    """Two gateways of one channel."""

    first: Peer
    second: Peer

    def kept(self) -> int:
        return self.first.kept() + self.second.kept()

    def settle(self) -> None:
        self.first.settle()
        self.second.settle()

    def limit(self) -> None:
        self.first.limit()
        self.second.limit()

    def pass_an_hour(self) -> None:
        self.second.pass_an_hour()


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A channel on the bench: how to make its provider settle a message, and how many it kept.

    `knows_keys`: the provider can be asked after a message that this process never offered. `has_webhooks`: it calls.
    """

    channel: Channel
    faulty: Channel
    to: str
    peer: Peer | None
    store: MemorySandboxStore
    knows_keys: bool = True
    has_webhooks: bool = True

    def message(self, key: str) -> Outbound:
        return Outbound(
            key=key,
            channel=self.channel.name,
            to=self.to,
            name="A. Bakker",
            sender="Huis",
            text=f"Bericht {key}",
            at=NOON,
            free_until=NOON + timedelta(hours=1),
        )

    def kept(self, keys: Sequence[str]) -> int:
        return self.peer.kept() if self.peer else sum(self.store.find(key) is not None for key in keys)

    def settle(self) -> None:
        if self.peer:
            self.peer.settle()


def answer(message: Outbound) -> Sequence[SimulatedEvent]:
    """Answer every message: with the channel's first outcome, twice reported, and a reply."""
    kind = "call" if message.channel == "robocall" else "receipt"
    outcome = sorted(CHANNELS[message.channel].outcomes)[0]
    return (
        SimulatedEvent(kind=kind, outcome=outcome, delay_minutes=2, repeats=1, late_minutes=30),
        SimulatedEvent(kind="reply", text="REGELING", delay_minutes=5),
    )


@contextmanager
def twilio_bench() -> Iterator[Bench]:
    with running_peer() as peer, twilio(peer) as channel:
        played = TwilioBench(peer)
        yield Bench(channel=channel, faulty=channel, to="+31600000001", peer=played, store=MemorySandboxStore())


@contextmanager
def smpp_bench() -> Iterator[Bench]:
    with running_smpp() as peer, smpp(peer.port) as channel:
        yield Bench(
            channel=channel,
            faulty=channel,
            to="+31600000001",
            peer=SmppBench(peer),
            store=MemorySandboxStore(),
            knows_keys=False,
            has_webhooks=False,
        )


@contextmanager
def failover_bench() -> Iterator[Bench]:
    with running_smpp() as first, running_peer() as second, smpp(first.port) as one, twilio(second) as two:
        channel = Failover([one, two])
        yield Bench(
            channel=channel,
            faulty=channel,
            to="+31600000001",
            peer=TwoBenches(SmppBench(first), TwilioBench(second)),
            store=MemorySandboxStore(),
            knows_keys=False,
        )


@contextmanager
def whatsapp_bench() -> Iterator[Bench]:
    with running_peer() as peer:
        settings = ChannelSettings(
            mode="live",
            sending_enabled=True,
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_whatsapp_sender=SENDER,
            twilio_base_url=peer.base_url,
            timeout=2,
        )
        channel = TwilioWhatsApp(settings=settings)
        played = TwilioBench(peer)
        yield Bench(channel=channel, faulty=channel, to="+31600000001", peer=played, store=MemorySandboxStore())
        channel.close()


@contextmanager
def print_bench() -> Iterator[Bench]:
    with TemporaryDirectory() as folder:
        settings = ChannelSettings(mode="live", sending_enabled=True, print_dir=folder)
        channel = PrintHouse(settings=settings)
        yield Bench(
            channel=channel,
            faulty=channel,
            to="Voorbeeldlaan 1, 1234 AB Plaats",
            peer=PrintBench(channel, Path(folder)),
            store=MemorySandboxStore(),
            has_webhooks=False,
        )


@contextmanager
def call_bench() -> Iterator[Bench]:
    with running_call_peer() as peer:
        settings = ChannelSettings(
            mode="live",
            sending_enabled=True,
            public_url="https://huur.wonen.example",
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_voice_sender=CALLER,
            twilio_base_url=peer.base_url,
            timeout=2,
        )
        channel = TwilioVoice(settings=settings)
        played = CallBench(peer)
        yield Bench(channel=channel, faulty=channel, to="+31600000001", peer=played, store=MemorySandboxStore())
        channel.close()


@contextmanager
def smtp_bench() -> Iterator[Bench]:
    with running_server(MailServer()) as server, running_mailbox(Imap()) as mailbox:
        channel = EmailSmtp(settings=with_mailbox(mailbox, smtp_port=server.port))
        yield Bench(
            channel=channel,
            faulty=channel,
            to=ADDRESSES["email"],
            peer=MailBench(server, mailbox),
            store=MemorySandboxStore(),
            knows_keys=False,
        )


PROVIDERS = {
    "sms-twilio": twilio_bench,
    "sms-smpp": smpp_bench,
    "sms-failover": failover_bench,
    "whatsapp-twilio": whatsapp_bench,
    "robocall-twilio": call_bench,
    "email-smtp": smtp_bench,
    "letter-print": print_bench,
}


@pytest.fixture(params=[*MACHINE, *PROVIDERS])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    if request.param in PROVIDERS:
        with PROVIDERS[request.param]() as made:
            yield made
        return
    store = MemorySandboxStore()
    faults = SandboxFaults(batch_limit=0)
    yield Bench(
        channel=build_channels(ChannelSettings(), store, answer)[request.param],
        faulty=build_channels(ChannelSettings(), store, silent, faults)[request.param],
        to=ADDRESSES[CHANNELS[request.param].address],
        peer=None,
        store=store,
    )


@contextmanager
def twilio(peer: TwilioPeer) -> Iterator[TwilioSms]:
    settings = ChannelSettings(
        mode="live",
        sending_enabled=True,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_sender=SENDER,
        twilio_base_url=peer.base_url,
        timeout=2,
    )
    channel = TwilioSms(settings=settings)
    yield channel
    channel.close()


def test_the_bench_is_a_channel(bench: Bench) -> None:
    assert isinstance(bench.channel, Channel)
    assert bench.channel.name in CHANNELS


def test_answers_come_per_message_and_in_order(bench: Bench) -> None:
    keys = [f"k{number}" for number in range(20)]
    answers = bench.channel.send([bench.message(key) for key in keys])
    assert [each.key for each in answers] == keys
    assert all(isinstance(each, Accepted) and each.provider == bench.channel.provider for each in answers)


def test_an_empty_batch_has_no_answers(bench: Bench) -> None:
    assert list(bench.channel.send([])) == []


def test_the_same_key_twice_is_one_message(bench: Bench) -> None:
    message = bench.message("same")
    [first] = bench.channel.send([message])
    [second] = bench.channel.send([message])
    third, fourth = bench.channel.send([message, message])
    assert first == second == third == fourth
    assert isinstance(first, Accepted)
    assert bench.kept(["same"]) == 1


def test_a_failure_is_data_of_the_vocabulary(bench: Bench) -> None:
    if bench.peer:
        bench.peer.limit()
    [failure] = bench.faulty.send([bench.message("refused")])
    assert isinstance(failure, Failure)
    assert failure.code is FailureCode.RATE_LIMITED
    assert failure.retryable
    assert bench.kept(["refused"]) == 0


def test_a_refused_message_can_be_offered_again(bench: Bench) -> None:
    if bench.peer:
        bench.peer.limit()
    message = bench.message("again")
    assert isinstance(bench.faulty.send([message])[0], Failure)
    assert isinstance(bench.channel.send([message])[0], Accepted)
    assert bench.kept(["again"]) == 1


def test_asking_finds_what_was_sent(bench: Bench) -> None:
    message = bench.message("asked")
    [sent] = bench.channel.send([message])
    assert isinstance(sent, Accepted)
    found = bench.channel.ask(message)
    assert isinstance(found, Accepted)
    assert found.provider_ref == sent.provider_ref


def test_asking_is_certain_of_what_was_never_sent(bench: Bench) -> None:
    if bench.peer:
        bench.peer.pass_an_hour()
    found = bench.channel.ask(bench.message("never"))
    assert found == NotTaken(key="never") if bench.knows_keys else isinstance(found, Unsure)


def test_polls_repeat_events_under_the_same_id(bench: Bench) -> None:
    bench.channel.send([bench.message(key) for key in ("a", "b")])
    bench.settle()
    later = NOON + timedelta(hours=3)
    polls = [*bench.channel.poll(later), *bench.channel.poll(later + timedelta(minutes=30))]
    by_id: dict[str, Event] = {}
    for event in polls:
        assert by_id.setdefault(event.event_id, event) == event
    assert {event.kind for event in polls} >= {"receipt"} or bench.channel.name == "robocall"
    assert len(by_id) < len(polls)


def test_moments_are_aware_and_utc(bench: Bench) -> None:
    answers = bench.channel.send([bench.message("utc")])
    bench.settle()
    events = bench.channel.poll(NOON + timedelta(hours=3))
    moments: list[datetime] = [each.at for each in (*answers, *events) if not isinstance(each, Failure)]
    assert len(moments) > 1
    assert all(moment.utcoffset() == timedelta(0) for moment in moments)


def test_outcomes_are_those_of_the_registry(bench: Bench) -> None:
    bench.channel.send([bench.message("outcome")])
    bench.settle()
    outcomes = {e.outcome for e in bench.channel.poll(NOON + timedelta(hours=3)) if e.kind != "reply"}
    assert outcomes
    assert outcomes <= CHANNELS[bench.channel.name].outcomes


def test_routes_have_names_and_are_unique(bench: Bench) -> None:
    names = [route.name for route in bench.channel.routes()]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"{bench.channel.name}/") for name in names)
    assert bool(names) == (bench.peer is not None and bench.has_webhooks)


_sockets: list[str] | None = None


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _sockets is not None and event.startswith("socket."):
        _sockets.append(event)


sys.addaudithook(_watch)


@contextmanager
def watched_sockets() -> Iterator[list[str]]:
    """Keep every socket that this process opens, as Python's own audit sees it."""
    global _sockets
    _sockets = seen = []
    yield seen
    _sockets = None


def test_the_sandbox_opens_no_socket() -> None:
    with watched_sockets() as seen:
        for name, channel in build_channels(ChannelSettings(), MemorySandboxStore(), answer).items():
            to = ADDRESSES[CHANNELS[name].address]
            message = Outbound(key=name, channel=name, to=to, sender="Huis", text="Bericht", at=NOON)
            assert isinstance(channel.send([message])[0], Accepted)
            channel.ask(message)
            assert channel.poll(NOON + timedelta(days=1))
    assert seen == []


def test_the_socket_guard_sees_a_socket() -> None:
    with running_peer() as peer, twilio(peer) as channel, watched_sockets() as seen:
        message = Outbound(key="k", channel="sms", to="+31600000001", sender="Huis", text="Bericht", at=NOON)
        channel.send([message])
    assert "socket.connect" in seen

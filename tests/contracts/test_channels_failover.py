"""Several gateways as one: nothing is lost to a provider that is down, and nothing is carried twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.contract import Accepted, Channel, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure
from channels.failover import Failover
from channels.registry import build_channels
from channels.sandbox import MemorySandboxStore, silent
from channels.settings import ChannelSettings
from tests.contracts.smpp_peer import running_smpp, settings_for
from tests.contracts.twilio_peer import ACCOUNT, SENDER, TOKEN, running_peer

pytestmark = pytest.mark.contracts
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
CERTAIN = [code.value for code in FailureCode if code is not FailureCode.UNCERTAIN]
PLAYS = ["take", "lost", "taken_unheard", *CERTAIN]


class Gateway:
    """A gateway that plays a script; `taken` is what its provider really has, also after a restart."""

    name = "sms"

    def __init__(self, provider: str, plays: list[str], taken: Counter[str], sure: bool = True) -> None:
        self.provider = provider
        self.plays = plays
        self.taken = taken
        self.sure = sure
        self.known: dict[str, Accepted | Failure] = {}
        self.offered: list[str] = []

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        return [self.known.get(message.key) or self._play(message.key) for message in messages]

    def _play(self, key: str) -> Accepted | Failure:
        self.offered.append(key)
        play = self.plays.pop(0) if self.plays else "take"
        if play in ("take", "taken_unheard"):
            self.taken[key] += 1
        if play == "take":
            self.known[key] = Accepted(key=key, provider=self.provider, provider_ref=key, at=NOON)
            return self.known[key]
        code = FailureCode.UNCERTAIN if play in ("lost", "taken_unheard") else FailureCode(play)
        failure = Failure(key=key, provider=self.provider, code=code, detail="played")
        if code is FailureCode.UNCERTAIN:
            self.known[key] = failure
        return failure

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        if not self.sure:
            return Unsure(key=message.key, detail="cannot be asked")
        if self.taken[message.key]:
            return Accepted(key=message.key, provider=self.provider, provider_ref=message.key, at=NOON)
        self.known.pop(message.key, None)
        return NotTaken(key=message.key)

    def poll(self, now: datetime) -> Sequence[Event]:
        return [Event(event_id="1", provider=self.provider, channel="sms", kind="receipt", at=now)]

    def routes(self) -> Sequence[Route]:
        return ()


def sms(key: str = "k1") -> Outbound:
    return Outbound(key=key, channel="sms", to="+31600000001", sender="Huis", text="Belt u ons?", at=NOON)


def pair(first: list[str], second: list[str]) -> tuple[Gateway, Gateway, Failover]:
    one, two = Gateway("one", first, Counter()), Gateway("two", second, Counter())
    return one, two, Failover([one, two])


def test_it_is_a_channel() -> None:
    assert isinstance(pair([], [])[2], Channel)


@pytest.mark.parametrize("code", ["provider_down", "rate_limited", "credentials"])
def test_what_the_first_could_not_take_the_second_takes(code: str) -> None:
    one, two, both = pair([code, "take"], [])
    answers = both.send([sms("a"), sms("b")])
    assert [each.provider for each in answers] == ["two", "one"]
    assert (two.offered, one.offered) == (["a"], ["a", "b"])
    assert both.send([sms("a"), sms("b")]) == answers


@pytest.mark.parametrize("play", sorted(set(PLAYS) - {"take", "provider_down", "rate_limited", "credentials"}))
def test_what_may_be_taken_or_is_refused_goes_no_further(play: str) -> None:
    _, two, both = pair([play], [])
    assert isinstance(both.send([sms()])[0], Failure)
    assert two.offered == []


def test_when_none_works_the_first_failure_is_told() -> None:
    _, _, both = pair(["rate_limited"], ["provider_down"])
    [failure] = both.send([sms()])
    assert isinstance(failure, Failure)
    assert (failure.provider, failure.code) == ("one", FailureCode.RATE_LIMITED)


def test_a_message_in_doubt_at_the_second_never_comes_back_to_the_first() -> None:
    one, two, both = pair(["provider_down"], ["taken_unheard"])
    for _ in range(3):
        [failure] = both.send([sms()])
        assert isinstance(failure, Failure)
        assert failure.code is FailureCode.UNCERTAIN
    assert (one.offered, two.offered) == (["k1"], ["k1"])


def test_only_all_together_are_certain() -> None:
    one, two, both = pair([], [])
    assert both.ask(sms()) == NotTaken(key="k1")
    two.sure = False
    assert isinstance(both.ask(sms()), Unsure)
    one.taken["k1"] += 1
    assert isinstance(both.ask(sms()), Accepted)


def test_while_it_is_being_offered_nobody_is_certain() -> None:
    class Asking(Gateway):
        def _play(self, key: str) -> Accepted | Failure:
            heard.append(both.ask(sms(key)))
            return super()._play(key)

    heard: list[object] = []
    both = Failover([Asking("one", ["provider_down"], Counter()), Asking("two", [], Counter())])
    both.send([sms()])
    assert [type(each) for each in heard] == [Unsure, Unsure]


def test_events_of_all_come_together() -> None:
    assert [event.provider for event in pair([], [])[2].poll(NOON)] == ["one", "two"]


def test_a_gateway_that_breaks_keeps_what_it_was_offered() -> None:
    class Broken(Gateway):
        def _play(self, key: str) -> Accepted | Failure:
            self.taken[key] += 1
            raise OSError

    one, two = Gateway("one", ["provider_down"], Counter()), Broken("two", [], Counter())
    both = Failover([one, two])
    with pytest.raises(OSError):
        both.send([sms()])
    with pytest.raises(OSError):
        both.send([sms()])
    assert one.taken == Counter()


def test_two_threads_do_not_offer_the_same_key() -> None:
    class Slow(Gateway):
        def _play(self, key: str) -> Accepted | Failure:
            begun.set()
            go_on.wait(5)
            return super()._play(key)

    begun, go_on = Signal(), Signal()
    slow, two = Slow("one", ["provider_down"], Counter()), Gateway("two", [], Counter())
    both = Failover([slow, two])
    thread = Thread(target=both.send, args=([sms()],))
    thread.start()
    begun.wait(5)
    [answer] = both.send([sms()])
    go_on.set()
    thread.join()
    assert isinstance(answer, Failure)
    assert answer.code is FailureCode.UNCERTAIN
    assert both.send([sms()])[0].provider == "two"
    assert (slow.offered, two.offered) == (["k1"], ["k1"])


plays = st.lists(st.sampled_from(["provider_down", "taken_unheard", "take", "lost", "blocked"]), max_size=8)
keys = st.lists(st.sampled_from("ab"), min_size=1, max_size=3)


@given(
    scripts=st.lists(plays, min_size=2, max_size=3),
    sure=st.lists(st.booleans(), min_size=3, max_size=3),
    batches=st.lists(st.tuples(st.booleans(), keys), max_size=8),
)
def test_no_key_is_ever_taken_twice(
    scripts: list[list[str]], sure: list[bool], batches: list[tuple[bool, list[str]]]
) -> None:
    """Whatever the gateways answer, and also when the process starts again: the caller then asks before it offers."""
    providers: list[Counter[str]] = [Counter() for _ in scripts]

    def start() -> Failover:
        return Failover(
            [Gateway(str(n), scripts[n], providers[n], sure[n]) for n in range(len(scripts))],
        )

    both, last, asked_first = start(), dict[str, Accepted | Failure](), False
    for restart, batch in batches:
        if restart:
            both, asked_first = start(), True
        if asked_first:
            batch = [key for key in batch if _may_be_offered(both, last.get(key), key)]
        for key, answer in zip(batch, both.send([sms(key) for key in batch]), strict=True):
            last[key] = answer
            assert isinstance(answer, Failure) or any(taken[key] for taken in providers)
    assert all(sum(taken[key] for taken in providers) <= 1 for key in "ab")


@given(
    scripts=st.lists(plays, min_size=2, max_size=3),
    sure=st.lists(st.booleans(), min_size=3, max_size=3),
    turns=st.lists(st.tuples(st.integers(0, 1), keys), max_size=10),
)
@example(scripts=[["lost", "provider_down"], []], sure=[True, True, True], turns=[(0, ["a"]), (1, ["a"]), (0, ["a"])])
def test_two_processes_do_not_send_a_key_twice(
    scripts: list[list[str]], sure: list[bool], turns: list[tuple[int, list[str]]]
) -> None:
    """Each remembers only what it did itself, and asks before it offers what the other may have offered."""
    providers: list[Counter[str]] = [Counter() for _ in scripts]
    processes = [
        Failover([Gateway(str(n), scripts[n], providers[n], sure[n]) for n in range(len(scripts))]) for _ in range(2)
    ]
    for process, batch in turns:
        channel = processes[process]
        channel.send([sms(key) for key in batch if isinstance(channel.ask(sms(key)), NotTaken)])
    assert all(sum(taken[key] for taken in providers) <= 1 for key in "ab")


def _may_be_offered(channel: Channel, last: Accepted | Failure | None, key: str) -> bool:
    """Do as the caller does: offer what was refused for certain, ask after the rest."""
    refused = last is None or (isinstance(last, Failure) and last.code is not FailureCode.UNCERTAIN)
    return refused or isinstance(channel.ask(sms(key)), NotTaken)


def test_twilio_takes_over_from_an_smpp_provider_that_is_gone() -> None:
    with running_peer() as peer, running_smpp() as smpp:
        settings = settings_for(
            smpp.port,
            sms_gateways=("smpp", "twilio"),
            twilio_account_sid=ACCOUNT,
            twilio_auth_token=TOKEN,
            twilio_sender=SENDER,
            twilio_base_url=peer.base_url,
        )
        channel = build_channels(settings, MemorySandboxStore(), silent)["sms"]
        [first] = channel.send([sms("a")])
        smpp.process.terminate()
        smpp.process.wait()
        [second] = channel.send([sms("b")])
    assert (first.provider, second.provider) == ("smpp", "twilio")
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)


def test_one_gateway_needs_no_failover() -> None:
    channels = build_channels(settings_for(1), MemorySandboxStore(), silent)
    assert not isinstance(channels["sms"], Failover)
    assert set(build_channels(ChannelSettings(), MemorySandboxStore(), silent)) >= {"sms"}

"""The provider that never leaves the machine: it takes messages and plays what comes back.

What comes back is decided by a `Responder`, which the application fills from its behaviour model. The
sandbox only adds what providers do: receipts that come late, twice and out of order, and failures.
"""

import hashlib
from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from threading import Lock
from typing import Protocol

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure

PROVIDER = "sandbox"
REPEAT_AFTER = timedelta(minutes=7)
"""A repeated event is handed over again this long after the one before it (our choice)."""

LOOK_BACK = timedelta(hours=2)
"""A poll starts this long before the last one, so that a receiver that failed gets the events again."""


@dataclass(frozen=True, kw_only=True)
class SimulatedEvent:
    """What a simulated tenant or provider does with a message.

    kind: receipt, reply or call. `delay_minutes` is from the message to the happening, `late_minutes` from
    the happening to its report; `repeats` is how often the same report comes again (0 is once).
    """

    kind: str
    outcome: str | None = None
    text: str | None = None
    delay_minutes: int = 0
    repeats: int = 0
    late_minutes: int = 0


Responder = Callable[[Outbound], Sequence[SimulatedEvent]]
"""Answer for the person behind a message; the same message must give the same answer."""


def silent(message: Outbound) -> Sequence[SimulatedEvent]:
    """Answer nothing: a responder for a sandbox without simulated tenants."""
    return ()


@dataclass(frozen=True, kw_only=True)
class SandboxEvent:
    """An event and the moment on which it is handed over; a repeat has the same event_id."""

    due_at: datetime
    event: Event


@dataclass(frozen=True, kw_only=True)
class SandboxMessage:
    """A message that was taken, the answer that was given, and what will come back."""

    message: Outbound
    accepted: Accepted
    events: tuple[SandboxEvent, ...] = ()


class SandboxStore(Protocol):
    """Where the sandbox keeps its messages; the database one is written by the application."""

    def put(self, messages: Sequence[SandboxMessage]) -> Sequence[SandboxMessage]:
        """Keep a whole batch or nothing of it; return what is kept per message, in order.

        A key that was kept before, or earlier in this batch, stays as it was, with its events.
        """
        ...

    def find(self, key: str) -> SandboxMessage | None:
        """Return the message that was kept under this key."""
        ...

    def due_events(self, channel: str, until: datetime, since: datetime | None = None) -> Sequence[Event]:
        """Return the events of a channel with since < due_at <= until, by due_at; repeats included."""
        ...


class MemorySandboxStore:
    """Keep the sandbox's messages in memory: for tests and for a demo without a database."""

    def __init__(self) -> None:
        self._messages: dict[str, SandboxMessage] = {}
        self._events: dict[str, list[SandboxEvent]] = {}
        self._lock = Lock()

    def put(self, messages: Sequence[SandboxMessage]) -> Sequence[SandboxMessage]:
        """Keep a batch; see SandboxStore."""
        with self._lock:
            return [self._keep(message) for message in messages]

    def find(self, key: str) -> SandboxMessage | None:
        """Return the message that was kept under this key."""
        return self._messages.get(key)

    def due_events(self, channel: str, until: datetime, since: datetime | None = None) -> Sequence[Event]:
        """Return the events of a channel with since < due_at <= until, by due_at."""
        with self._lock:
            events = self._events.get(channel, [])
            first = 0 if since is None else bisect_right(events, since, key=attrgetter("due_at"))
            return [each.event for each in events[first : bisect_right(events, until, key=attrgetter("due_at"))]]

    def _keep(self, message: SandboxMessage) -> SandboxMessage:
        key = message.message.key
        if key not in self._messages:
            self._messages[key] = message
            for event in message.events:
                insort(self._events.setdefault(message.message.channel, []), event, key=attrgetter("due_at"))
        return self._messages[key]


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A span, half open, in which the provider is down."""

    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True)
class SandboxFaults:
    """What the sandbox does wrong, as data.

    `uncertain` keys are taken and answered with UNCERTAIN, `lost` keys are not taken and answered with
    UNCERTAIN, both for the first offer only; `batch_limit` is how many messages of one batch are taken
    before RATE_LIMITED.
    """

    outages: tuple[Outage, ...] = ()
    uncertain: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    batch_limit: int | None = None


NO_FAULTS = SandboxFaults()


@dataclass(kw_only=True)
class SandboxChannel:
    """A channel whose provider is this machine; it opens no socket.

    `outcomes` is what the channel's receipts and calls may say (channels/registry.py).
    """

    name: str
    outcomes: frozenset[str]
    store: SandboxStore
    respond: Responder = silent
    faults: SandboxFaults = NO_FAULTS
    provider: str = PROVIDER
    _polled_at: datetime | None = field(default=None, init=False)
    _lost: set[str] = field(default_factory=set, init=False)

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Take a batch as a whole; the faults decide which messages are refused."""
        failures = [self._fault(place, message) for place, message in enumerate(messages)]
        taken = [
            self._take(message)
            for message, failure in zip(messages, failures, strict=True)
            if failure is None or self._takes_silently(failure)
        ]
        kept = {each.message.key: each.accepted for each in self.store.put(taken)}
        return [failure or kept[m.key] for m, failure in zip(messages, failures, strict=True)]

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Say whether the key was taken; the sandbox is always certain."""
        kept = self.store.find(message.key)
        return kept.accepted if kept else NotTaken(key=message.key)

    def poll(self, now: datetime) -> Sequence[Event]:
        """Hand over what is due until `now`, again what was due in the two hours before the last poll."""
        since = None if self._polled_at is None else self._polled_at - LOOK_BACK
        events = self.store.due_events(self.name, now, since)
        self._polled_at = now
        return events

    def routes(self) -> Sequence[Route]:
        """Declare no webhooks: nobody calls the sandbox."""
        return ()

    def _fault(self, place: int, message: Outbound) -> Failure | None:
        """Return the failure that the faults prescribe for the message on this place of the batch."""
        faults = self.faults
        if any(outage.start <= message.at < outage.end for outage in faults.outages):
            return self._failure(message, FailureCode.PROVIDER_DOWN, "sandbox: outage")
        if faults.batch_limit is not None and place >= faults.batch_limit:
            return self._failure(message, FailureCode.RATE_LIMITED, "sandbox: batch limit")
        if message.key in faults.uncertain and self.store.find(message.key) is None:
            return self._failure(message, FailureCode.UNCERTAIN, "sandbox: taken, answer lost")
        if message.key in faults.lost and message.key not in self._lost:
            self._lost.add(message.key)
            return self._failure(message, FailureCode.UNCERTAIN, "sandbox: lost on the way")
        return None

    def _takes_silently(self, failure: Failure) -> bool:
        return failure.code is FailureCode.UNCERTAIN and failure.key in self.faults.uncertain

    def _failure(self, message: Outbound, code: FailureCode, detail: str) -> Failure:
        return Failure(key=message.key, provider=self.provider, code=code, detail=detail)

    def _take(self, message: Outbound) -> SandboxMessage:
        ref = provider_ref(self.name, message.key)
        accepted = Accepted(key=message.key, provider=self.provider, provider_ref=ref, at=message.at)
        events = tuple(
            handed_over
            for number, simulated in enumerate(self.respond(message))
            for handed_over in self._events(message, ref, number, simulated)
        )
        return SandboxMessage(message=message, accepted=accepted, events=events)

    def _events(self, message: Outbound, ref: str, number: int, simulated: SimulatedEvent) -> list[SandboxEvent]:
        """Make the event of one simulated happening, once and as often as it is repeated."""
        if simulated.kind != "reply" and simulated.outcome not in self.outcomes:
            raise UnknownOutcome(f"{self.name}: {simulated.outcome!r} is no outcome of this channel")
        at = message.at + timedelta(minutes=simulated.delay_minutes)
        reply = simulated.kind == "reply"
        event = Event(
            event_id=f"{ref}:{number}:{simulated.outcome or simulated.kind}",
            provider=self.provider,
            channel=self.name,
            kind=simulated.kind,
            at=at,
            provider_ref=ref,
            outcome=simulated.outcome,
            text=simulated.text,
            sender=message.to if reply else message.sender,
            recipient=message.sender if reply else message.to,
        )
        due_at = at + timedelta(minutes=simulated.late_minutes)
        return [SandboxEvent(due_at=due_at + i * REPEAT_AFTER, event=event) for i in range(simulated.repeats + 1)]


class UnknownOutcome(Exception):
    """A responder gave an outcome that the channel does not know: a fault in the behaviour model."""


def provider_ref(channel: str, key: str) -> str:
    """Make the sandbox's reference of a message: the same key gives the same reference."""
    return "SB" + hashlib.sha256(f"{channel}:{key}".encode()).hexdigest()[:32]

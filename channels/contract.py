"""The contract that every channel keeps; no channel knows cases, ladders or the database.

A channel sends what it is given, answers with Accepted or Failure (data, never an exception for a
provider's refusal), can be asked after a message it may or may not have taken, and hands over
events (receipts, replies, call outcomes) when polled or through its declared webhook routes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable


class FailureCode(StrEnum):
    """The small vocabulary of failures; `RETRYABLE` says which may be tried again."""

    INVALID_RECIPIENT = "invalid_recipient"
    UNREACHABLE = "unreachable"
    LANDLINE = "landline"
    OPTED_OUT = "opted_out"
    BLOCKED = "blocked"
    CONTENT_REFUSED = "content_refused"
    RATE_LIMITED = "rate_limited"
    PROVIDER_DOWN = "provider_down"
    CREDENTIALS = "credentials"
    NOT_ALLOWED = "not_allowed"
    WINDOW_CLOSED = "window_closed"
    UNCERTAIN = "uncertain"


RETRYABLE: frozenset[FailureCode] = frozenset(
    {FailureCode.RATE_LIMITED, FailureCode.PROVIDER_DOWN, FailureCode.CREDENTIALS}
)
"""UNCERTAIN is not retryable: the provider may have taken it, so it is asked after first."""


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """One message to carry: `key` is unique and stable over retries, `to` is E.164, address or person.

    `name` is whom it is for, as on an envelope, `sender_name` who sends it, as people know it. `template` names the
    text; `variables` are its values by number, for a provider that sends approved forms only, which it may leave out
    before `free_until` (WhatsApp's 24 hours). `parts` are the spoken parts of a robocall. `extra` is for the
    sandbox's tenants.
    """

    key: str
    channel: str
    to: str
    sender: str
    text: str
    subject: str | None = None
    language: str = "nl"
    at: datetime
    name: str = ""
    sender_name: str = ""
    template: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    free_until: datetime | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The provider took it; `segments` when it says so."""

    key: str
    provider: str
    provider_ref: str
    at: datetime
    segments: int | None = None


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The provider did not take it, or (UNCERTAIN) we do not know.

    `wait_seconds` is how long the provider asks to be left alone, when it says so.
    """

    key: str
    provider: str
    code: FailureCode
    detail: str
    wait_seconds: int | None = None

    @property
    def retryable(self) -> bool:
        """Whether the same message may be offered again."""
        return self.code in RETRYABLE


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """The provider is certain that it never took this key."""

    key: str


@dataclass(frozen=True, kw_only=True)
class Unsure:
    """The provider cannot say; a person looks.

    `later`: not yet. It may be able to say within the hour, and a person need not look before that.
    """

    key: str
    detail: str
    later: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that came back. `event_id` is unique per provider: the receiver drops repeats.

    kind: receipt (outcome = delivered, read, undelivered, failed, bounced, returned, posted, left...),
    reply (text = what the tenant wrote, sender = number or address),
    call (outcome = confirmed, menu_<key>, voicemail, no_answer, busy, wrong_number, hung_up).

    A reply that the provider itself took as a refusal or its withdrawal has the outcome opted_out or
    opted_in; `media` are the addresses of pictures that came with it. `key` is there when the provider handed our
    own key back, which settles a message that was UNCERTAIN; `failure` says why a receipt is negative, in the same
    vocabulary as a refused message. `price` is what it cost, in millionths of `currency` (ISO 4217), `segments` how
    many parts it took.
    """

    event_id: str
    provider: str
    channel: str
    kind: str
    at: datetime
    provider_ref: str | None = None
    outcome: str | None = None
    text: str | None = None
    sender: str | None = None
    recipient: str | None = None
    key: str | None = None
    failure: FailureCode | None = None
    media: tuple[str, ...] = ()
    segments: int | None = None
    price: int | None = None
    currency: str | None = None


@dataclass(frozen=True, kw_only=True)
class Request:
    """An incoming webhook as plain data; `url` is the address that the provider called."""

    method: str = "POST"
    url: str
    form: Mapping[str, str]
    headers: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Response:
    """The answer to a webhook, with the events it brought."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    events: tuple[Event, ...] = ()


class Route(Protocol):
    """A webhook that a channel declares; the web layer mounts it under /hooks/<name>.

    It takes POST only, unless it has `methods`: a route that is also a page has ("GET", "POST").
    """

    @property
    def name(self) -> str: ...

    def __call__(self, request: Request) -> Response: ...


@runtime_checkable
class Channel(Protocol):
    """What every channel can do. Implementations hold no database session."""

    name: str
    provider: str

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Offer a batch; one answer per message, in order."""
        ...

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Ask after a message that may or may not have been taken."""
        ...

    def poll(self, now: datetime) -> Sequence[Event]:
        """Return what came back until `now`; may repeat events that were returned before."""
        ...

    def routes(self) -> Sequence[Route]:
        """Declare the webhooks."""
        ...

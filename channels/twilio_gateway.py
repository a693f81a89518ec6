"""SMS through Twilio: the only module that knows Twilio's client.

Sources: Twilio's OpenAPI file twilio_api_v2010 (CreateMessage, ListMessage), the guides named in
twilio_events.py and the error dictionary named in twilio_errors.py. Twilio knows no idempotency key for
messages, so a message that may have been taken is looked up by recipient, moment and text.
"""

import logging
import ssl
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from urllib3.exceptions import NewConnectionError

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Request, Route, Unsure
from channels.scripts import NO_SCRIPTS, Scripts
from channels.sent_keys import Doubt, SentKeys
from channels.settings import ChannelSettings
from channels.twilio_errors import failure_of
from channels.twilio_events import CHANNEL, PROVIDER, STATUS_ROUTE, InboundHook, StatusHook, number, receipt, reply

CLOCK_SLACK = timedelta(minutes=5)
"""How much Twilio's clock and ours may differ."""

SETTLED_AFTER = timedelta(minutes=10)
"""A message that is not in Twilio's list this long after it was offered, was certainly not taken (our choice)."""

LOOK_BACK = timedelta(days=3)
"""A poll reads the messages of this long; Twilio gives up on a message after 4 hours at most by default."""

ASK_LIMIT = 200
POLL_LIMIT = 10_000
TRIAL_PREFIX = "Sent from your Twilio trial account - "
_FOR_ALL = frozenset({401, 403, 429, 503})
"""HTTP statuses that the next message of the batch would get too."""

_ODD_ANSWERS = (TwilioException, requests.RequestException, ValueError, KeyError, TypeError, AttributeError)
_log = logging.getLogger("channels.twilio")


class TwilioSms:
    """SMS through Twilio; `close()` gives the connections back.

    The sender is the messaging service, or else the sender, of the settings; the sender of a message is
    a name on paper only. Nothing is sent while `sending_enabled` is off, and in trial mode only to the
    test recipients.
    """

    name = CHANNEL
    provider = PROVIDER

    def __init__(self, *, settings: ChannelSettings, scripts: Scripts = NO_SCRIPTS) -> None:
        self._settings = settings
        self._client = _client(settings)
        self._keys = SentKeys(PROVIDER)

    def close(self) -> None:
        """Close the pool of connections."""
        self._client.http_client.session.close()

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Offer a batch over several connections; after a failure that holds for all, the rest is not offered."""
        halt: list[Failure] = []
        unique = list({message.key: message for message in reversed(messages)}.values())[::-1]
        with ThreadPoolExecutor(max_workers=self._settings.connections) as pool:
            answers = dict(
                zip((m.key for m in unique), pool.map(lambda m: self._send_one(m, halt), unique), strict=True)
            )
        return [answers[message.key] for message in messages]

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Look the message up by recipient, moment and text.

        NotTaken only when Twilio's own clock says that it was offered ten minutes ago or more.
        """
        known = self._keys.known(message.key)
        if isinstance(known, Accepted):
            return known
        since = min(known.at, message.at) if known else message.at
        answer = self._look_up(message, since)
        if isinstance(answer, Accepted):
            self._keys.accept(answer)
        elif isinstance(answer, NotTaken):
            self._keys.release(message.key)
        return answer

    def poll(self, now: datetime) -> Sequence[Event]:
        """Read final statuses and incoming messages of the last three days; needs no public address.

        Empty when Twilio cannot be read: the next poll reads the same days again.
        """
        try:
            found = self._client.messages.list(date_sent_after=now - LOOK_BACK, limit=POLL_LIMIT, page_size=1000)
            events = [self._event(each, now) for each in found if self._ours(each)]
        except _ODD_ANSWERS as error:
            _log.warning("Twilio cannot be polled: %s", type(error).__name__)
            return ()
        return [event for event in events if event is not None]

    def routes(self) -> Sequence[Route]:
        """Declare the status callback and the incoming message."""
        answer = str(MessagingResponse())
        return (
            StatusHook(verify=self._verify, answer=answer),
            InboundHook(verify=self._verify, answer=answer),
        )

    def _send_one(self, message: Outbound, halt: list[Failure]) -> Accepted | Failure:
        """Send one message unless it was, or may have been, taken before, or may not go out at all."""
        refusal = self._settings.refusal(message.to)
        if refusal:
            return _failure(message, FailureCode.NOT_ALLOWED, refusal)
        known = self._keys.claim(message)
        if isinstance(known, Doubt):
            return self._after_doubt(message, known, halt)
        return known or self._offer(message, halt)

    def _after_doubt(self, message: Outbound, doubt: Doubt, halt: list[Failure]) -> Accepted | Failure:
        """Offer a message in doubt again only when Twilio certainly has not got it."""
        answer = self.ask(message)
        if isinstance(answer, Accepted):
            return answer
        if isinstance(answer, Unsure) or self._keys.claim(message) is not None:
            return doubt.failure
        return self._offer(message, halt)

    def _offer(self, message: Outbound, halt: list[Failure]) -> Accepted | Failure:
        if halt:
            self._keys.release(message.key)
            return _failure(message, halt[0].code, f"not offered, after: {halt[0].detail}")
        try:
            accepted = _accepted(message, self._create(message))
        except _ODD_ANSWERS as error:
            return self._refused(message, error, halt)
        self._keys.accept(accepted)
        return accepted

    def _create(self, message: Outbound) -> Any:
        settings = self._settings
        sender = (
            {"messaging_service_sid": settings.twilio_messaging_service}
            if settings.twilio_messaging_service
            else {"from_": settings.twilio_sender}
        )
        if settings.public_url:
            sender["status_callback"] = f"{self._hook(STATUS_ROUTE)}?key={quote(message.key, safe='')}"
        return self._client.messages.create(to=message.to, body=message.text, **sender)

    def _hook(self, route: str) -> str:
        return f"{self._settings.public_url.rstrip('/')}/hooks/{route}"

    def _refused(self, message: Outbound, error: Exception, halt: list[Failure]) -> Failure:
        refusal = _classify(error)
        failure = _failure(message, refusal.code, refusal.detail)
        if refusal.taken_perhaps:
            self._keys.doubt(message, failure)
        else:
            self._keys.release(message.key)
        if refusal.for_all:
            halt.append(failure)
        return failure

    def _look_up(self, message: Outbound, since: datetime) -> Accepted | NotTaken | Unsure:
        """Search without Twilio's DateSent filter: a message that is still queued has no such date."""
        try:
            listed = self._client.messages.list_with_http_info(to=message.to, limit=ASK_LIMIT)
            provider_now = parsedate_to_datetime(dict(listed.headers)["Date"])
            recent = [each for each in listed.data if _utc(each.date_created) >= since - CLOCK_SLACK]
        except _ODD_ANSWERS as error:
            return Unsure(key=message.key, detail=f"Twilio cannot be asked: {type(error).__name__}")
        same = [each for each in recent if _same(each, message) and self._free(each.sid, message.key)]
        if len(same) == 1:
            return _accepted(message, same[0])
        if same:
            return Unsure(key=message.key, detail=f"{len(same)} messages with the same text")
        if len(recent) == ASK_LIMIT or provider_now - since < SETTLED_AFTER:
            return Unsure(key=message.key, detail="not found yet")
        return NotTaken(key=message.key)

    def _free(self, sid: str, key: str) -> bool:
        return self._keys.owner(sid) in (None, key)

    def _ours(self, found: Any) -> bool:
        """Leave out what other applications on the same account send and receive."""
        service, inbound = self._settings.twilio_messaging_service, found.direction == "inbound"
        if service:
            return found.messaging_service_sid == service or (inbound and not found.messaging_service_sid)
        return bool((found.to if inbound else found.from_) == self._settings.twilio_sender)

    def _event(self, found: Any, now: datetime) -> Event | None:
        at = _utc(found.date_updated or found.date_sent) if (found.date_updated or found.date_sent) else now
        if found.direction == "inbound":
            return reply(sid=found.sid, text=found.body or "", at=at, sender=found.from_, recipient=found.to)
        return receipt(
            sid=found.sid,
            status=found.status,
            at=at,
            code=number(found.error_code),
            sender=found.from_ or "",
            recipient=found.to,
            key=self._keys.owner(found.sid),
        )

    def _verify(self, request: Request) -> bool:
        """Check the signature over the public address, whatever address a proxy made of it."""
        signature = next((v for name, v in request.headers.items() if name.lower() == "x-twilio-signature"), "")
        url = request.url
        if self._settings.public_url:
            called, public = urlsplit(request.url), urlsplit(self._settings.public_url)
            url = called._replace(scheme=public.scheme, netloc=public.netloc).geturl()
        validator = RequestValidator(self._settings.twilio_auth_token)
        return bool(signature) and bool(validator.validate(url, dict(request.form), signature))


def _client(settings: ChannelSettings) -> Client:
    """Build the client with a timeout, a pool as wide as the batch, no retries of its own and a quiet log."""
    quiet = logging.getLogger("channels.twilio.http")
    quiet.setLevel(logging.WARNING)
    http = TwilioHttpClient(timeout=settings.timeout, logger=quiet)
    adapter = HTTPAdapter(pool_maxsize=settings.connections, max_retries=0)
    http.session.mount("https://", adapter)
    http.session.mount("http://", adapter)
    only_settings = {"TWILIO_EDGE": ""}  # an empty mapping would make the client read the environment
    client = Client(
        settings.twilio_account_sid, settings.twilio_auth_token, http_client=http, environment=only_settings
    )
    if settings.twilio_base_url:
        http.session.trust_env = False
        client.api.base_url = settings.twilio_base_url
    return client


def _accepted(message: Outbound, found: Any) -> Accepted:
    return Accepted(
        key=message.key,
        provider=PROVIDER,
        provider_ref=found.sid,
        at=_utc(found.date_created) if found.date_created else message.at,
        segments=number(found.num_segments) or None,
    )


def _failure(message: Outbound, code: FailureCode, detail: str) -> Failure:
    return Failure(key=message.key, provider=PROVIDER, code=code, detail=detail)


@dataclass(frozen=True, kw_only=True)
class _Refusal:
    """Why an offer failed, whether Twilio may have taken it, and whether the next one would fail too."""

    code: FailureCode
    detail: str
    taken_perhaps: bool = False
    for_all: bool = False


def _classify(error: Exception) -> _Refusal:
    if isinstance(error, TwilioRestException | TwilioServiceException):
        code, detail = failure_of(error.status, error.code)
        taken_perhaps = error.status >= 500 and error.status != 503
        return _Refusal(code=code, detail=detail, taken_perhaps=taken_perhaps, for_all=error.status in _FOR_ALL)
    name = type(error).__name__
    if isinstance(error, requests.ConnectTimeout) or any(isinstance(each, _NO_CONNECTION) for each in _causes(error)):
        return _Refusal(code=FailureCode.PROVIDER_DOWN, detail=f"no connection: {name}", for_all=True)
    return _Refusal(code=FailureCode.UNCERTAIN, detail=f"no answer: {name}", taken_perhaps=True)


_NO_CONNECTION = (NewConnectionError, ssl.SSLCertVerificationError)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk through an error, its causes and the errors that it wraps, each once."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and not any(each is known for known in seen):
            seen.append(each)
            waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
            yield each


def _same(found: Any, message: Outbound) -> bool:
    body = " ".join((found.body or "").removeprefix(TRIAL_PREFIX).split())
    outbound = str(found.direction).startswith("outbound")
    return outbound and found.to == message.to and body == " ".join(message.text.split())


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

"""Messages through Twilio, whatever channel they take: offered once, asked after, polled.

Sources: Twilio's OpenAPI file twilio_api_v2010 (CreateMessage, ListMessage) and the guides named in twilio_events.py.
Twilio knows no idempotency key for messages, so a message that may have been taken is looked up by recipient, moment
and text.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure
from channels.halting import Halt
from channels.sent_keys import Doubt, SentKeys
from channels.settings import ChannelSettings
from channels.twilio_client import ODD_ANSWERS, TwilioAccount, classify, utc
from channels.twilio_events import (
    EMPTY_TWIML,
    PROVIDER,
    InboundHook,
    StatusHook,
    bare,
    channel_of,
    millionths,
    number,
    priced,
    receipt,
    reply,
    status_route,
)

CLOCK_SLACK = timedelta(minutes=5)
"""How much Twilio's clock and ours may differ."""

SETTLED_AFTER = timedelta(minutes=10)
"""A message that is not in Twilio's list this long after it was offered, was certainly not taken (our choice)."""

LONG_LOOK = timedelta(days=3)
"""A first poll, and one each hour, reads the messages of this long; Twilio gives up on a message within hours."""

SHORT_LOOK = timedelta(hours=1)
BETWEEN_LONG_LOOKS = timedelta(hours=1)
BETWEEN_POLLS_WITH_HOOKS = timedelta(minutes=10)
"""With a public address webhooks bring the news; a poll then looks for the ones that never came."""

ASK_LIMIT = 200
POLL_LIMIT = 10_000
TRIAL_PREFIX = "Sent from your Twilio trial account - "
_log = logging.getLogger("channels.twilio")


class TwilioMessages:
    """One channel of Twilio's messages; `close()` gives the connections back.

    Nothing is sent while `sending_enabled` is off, and in trial mode only to the test recipients.
    """

    name: str
    provider = PROVIDER

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account
        self._settings: ChannelSettings = account.settings
        self._client = account.client
        self._keys = SentKeys(PROVIDER)
        self._polled_at: datetime | None = None
        self._looked_far_at: datetime | None = None

    def _address(self, number_or_sender: str) -> str:
        """Write a number as Twilio's Messages API wants it for this channel."""
        return number_or_sender

    def _from(self) -> Mapping[str, str]:
        """Give the sender's fields."""
        raise NotImplementedError

    def _content(self, message: Outbound) -> Mapping[str, str] | Failure:
        """Give the fields of what the message says, or why it cannot be said now."""
        return {"body": message.text}

    def _ours(self, found: Any) -> bool:
        """Leave out what other applications and channels on the same account send and receive."""
        raise NotImplementedError

    def _read(self, since: datetime) -> Sequence[Any]:
        """List what was sent and received since a moment."""
        found: Sequence[Any] = self._client.messages.list(date_sent_after=since, limit=POLL_LIMIT, page_size=1000)
        return found

    def close(self) -> None:
        """Close the pool of connections."""
        self._account.close()

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Offer a batch over several connections.

        After a failure that holds for all, or too many in a row without a certain answer, the rest is not offered.
        """
        halt = Halt()
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
        """Read final statuses, prices and incoming messages since a while; needs no public address.

        Empty when it is too soon or Twilio cannot be read: the next poll reads the same again.
        """
        since = self._since(now)
        if since is None:
            return ()
        try:
            events = [event for each in self._read(since) if self._ours(each) for event in self._events(each, now)]
        except ODD_ANSWERS as error:
            _log.warning("Twilio cannot be polled: %s", type(error).__name__)
            return ()
        self._polled_at = now
        if now - since >= LONG_LOOK:
            self._looked_far_at = now
        return events

    def _since(self, now: datetime) -> datetime | None:
        """Say from when to read; None while it is too soon to ask again."""
        with_hooks = bool(self._settings.public_url)
        if with_hooks and self._polled_at is not None and now - self._polled_at < BETWEEN_POLLS_WITH_HOOKS:
            return None
        far = self._looked_far_at is None or now - self._looked_far_at >= BETWEEN_LONG_LOOKS
        return now - (LONG_LOOK if far else SHORT_LOOK)

    def routes(self) -> Sequence[Route]:
        """Declare the status callback and the incoming message."""
        verify = self._account.verify
        return (
            StatusHook(verify=verify, answer=EMPTY_TWIML, name=status_route(self.name)),
            InboundHook(verify=verify, answer=EMPTY_TWIML, name=f"{self.name}/twilio-inbound"),
        )

    def _send_one(self, message: Outbound, halt: Halt) -> Accepted | Failure:
        """Send one message unless it was, or may have been, taken before, or may not go out at all."""
        refusal = self._settings.refusal(message.to)
        if refusal:
            return _failure(message, FailureCode.NOT_ALLOWED, refusal)
        known = self._keys.claim(message)
        if isinstance(known, Doubt):
            return self._after_doubt(message, known, halt)
        return known or self._offer(message, halt)

    def _after_doubt(self, message: Outbound, doubt: Doubt, halt: Halt) -> Accepted | Failure:
        """Offer a message in doubt again only when Twilio certainly has not got it."""
        answer = self.ask(message)
        if isinstance(answer, Accepted):
            return answer
        if isinstance(answer, Unsure) or self._keys.claim(message) is not None:
            return doubt.failure
        return self._offer(message, halt)

    def _offer(self, message: Outbound, halt: Halt) -> Accepted | Failure:
        stopped = halt.failure
        if stopped is not None:
            self._keys.release(message.key)
            return _failure(message, stopped.code, f"not offered, after: {stopped.detail}", stopped.wait_seconds)
        content = self._content(message)
        if isinstance(content, Failure):
            self._keys.release(message.key)
            return content
        try:
            accepted = _accepted(message, self._create(message, content))
        except ODD_ANSWERS as error:
            return self._refused(message, error, halt)
        self._keys.accept(accepted)
        halt.answered()
        return accepted

    def _create(self, message: Outbound, content: Mapping[str, str]) -> Any:
        fields = {**self._from(), **content}
        if self._settings.public_url:
            fields["status_callback"] = self._account.hook(status_route(self.name), message.key)
        return self._client.messages.create(to=self._address(message.to), **fields)

    def _refused(self, message: Outbound, error: Exception, halt: Halt) -> Failure:
        refusal = classify(error)
        failure = _failure(message, refusal.code, refusal.detail, refusal.wait_seconds)
        if failure.code is FailureCode.UNCERTAIN:
            self._keys.doubt(message, failure)
            halt.doubt(failure)
            return failure
        self._keys.release(message.key)
        if refusal.for_all:
            halt.stop(failure)
        else:
            halt.answered()
        return failure

    def _look_up(self, message: Outbound, since: datetime) -> Accepted | NotTaken | Unsure:
        """Search without Twilio's DateSent filter: a message that is still queued has no such date."""
        try:
            listed = self._client.messages.list_with_http_info(to=self._address(message.to), limit=ASK_LIMIT)
            provider_now = parsedate_to_datetime(dict(listed.headers)["Date"])
            recent = [each for each in listed.data if utc(each.date_created) >= since - CLOCK_SLACK]
        except ODD_ANSWERS as error:
            return Unsure(key=message.key, detail=f"Twilio cannot be asked: {type(error).__name__}", later=True)
        same = [each for each in recent if _same(each, message) and self._free(each.sid, message.key)]
        if len(same) == 1:
            return _accepted(message, same[0])
        if same:
            return Unsure(key=message.key, detail=f"{len(same)} messages with the same text")
        if provider_now - since < SETTLED_AFTER:
            return Unsure(key=message.key, detail="not found yet", later=True)
        if len(recent) == ASK_LIMIT:
            return Unsure(key=message.key, detail="not found among the last messages")
        return NotTaken(key=message.key)

    def _free(self, sid: str, key: str) -> bool:
        return self._keys.owner(sid) in (None, key)

    def _events(self, found: Any, now: datetime) -> Iterator[Event]:
        at = utc(found.date_updated or found.date_sent) if (found.date_updated or found.date_sent) else now
        if found.direction == "inbound":
            yield reply(sid=found.sid, text=found.body or "", at=at, sender=found.from_, recipient=found.to)
            return
        told = receipt(
            sid=found.sid,
            status=found.status,
            at=at,
            code=number(found.error_code),
            sender=found.from_ or "",
            recipient=found.to,
            key=self._keys.owner(found.sid),
            channel=self.name,
        )
        if told is not None:
            yield told
        cost = millionths(found.price)
        if told is not None and cost is not None:
            yield priced(told, cost, found.price_unit, number(found.num_segments))


def _accepted(message: Outbound, found: Any) -> Accepted:
    return Accepted(
        key=message.key,
        provider=PROVIDER,
        provider_ref=found.sid,
        at=utc(found.date_created) if found.date_created else message.at,
        segments=number(found.num_segments) or None,
    )


def _failure(message: Outbound, code: FailureCode, detail: str, wait_seconds: int | None = None) -> Failure:
    return Failure(key=message.key, provider=PROVIDER, code=code, detail=detail, wait_seconds=wait_seconds)


def _same(found: Any, message: Outbound) -> bool:
    body = " ".join((found.body or "").removeprefix(TRIAL_PREFIX).split())
    outbound = str(found.direction).startswith("outbound")
    told = channel_of(found.to) == message.channel and bare(found.to) == message.to
    return outbound and told and body == " ".join(message.text.split())

"""SMS over SMPP: many messages under way at once, nothing twice, receipts and replies answered when they are safe.

SMPP knows no keys of ours and cannot be asked by them. So a process never offers a key twice, and a message that was
written and has no response is UNCERTAIN until the response, a receipt or a person says what became of it.

Sources: SMPP 3.4, 4.4 (submit_sm), 5.2.5 (type of number); 3GPP TS 23.038 (texts).
"""

import logging
import queue
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock, Thread

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure
from channels.keeping import Keeping
from channels.scripts import NO_SCRIPTS, Scripts
from channels.sent_keys import Doubt, SentKeys
from channels.settings import ChannelSettings, ChannelSettingsError
from channels.smpp_codes import OK, TRY_LATER
from channels.smpp_inbox import CHANNEL, PROVIDER, SmppInbox
from channels.smpp_line import SmppLine
from channels.smpp_offers import Offer, failure, reference_of, submissions, verdict
from channels.smpp_pdus import Answer, Delivery, Sender, Stop
from channels.smpp_texts import TextTooLong, encode_text

LONGEST_SYSTEM_ID, LONGEST_PASSWORD = 15, 8
"""Characters (SMPP 3.4, 4.1.5); a longer one would be cut off."""

LONGEST_NAME = 11
"""Characters of an alphanumeric sender (3GPP TS 23.040, 9.1.2.5)."""

LONGEST_SHORT_CODE = 6

PAUSE, REPEATS = 1.0, 3
"""Seconds before the rest of a message that was throttled half way is written again, and how often (our choice)."""

_log = logging.getLogger("channels.smpp")


class SmppSms:
    """Send and receive SMS over a bind of the landlord's own.

    With `keeping`, receipts and replies are answered as soon as they are stored; without it at the poll after the one
    that handed them over. Raises ChannelSettingsError when account or sender cannot be written in SMPP.
    """

    name = CHANNEL
    provider = PROVIDER

    def __init__(
        self, *, settings: ChannelSettings, scripts: Scripts = NO_SCRIPTS, keeping: Keeping | None = None
    ) -> None:
        if len(settings.smpp_system_id) > LONGEST_SYSTEM_ID or len(settings.smpp_password) > LONGEST_PASSWORD:
            raise ChannelSettingsError(
                f"smpp_system_id, smpp_password: {LONGEST_SYSTEM_ID} and {LONGEST_PASSWORD} long"
            )
        self._settings = settings
        self._sender = sender_of(settings.smpp_sender)
        self._tls = ssl.create_default_context() if settings.smpp_tls else None
        self._keys = SentKeys(PROVIDER)
        self._inbox = SmppInbox()
        self._keeping = keeping
        self._arrivals: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._line: SmppLine | None = None
        self._opening = Lock()
        self._settling = Lock()
        if keeping is not None:
            Thread(target=self._keep, args=(keeping,), name="smpp-keep", daemon=True).start()

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Write a batch without waiting in between, each key once, then wait for the responses."""
        unique = {message.key: message for message in reversed(messages)}
        answers: dict[str, Accepted | Failure] = {}
        offers: list[Offer] = []
        stops: list[Failure] = []
        line: SmppLine | None = None
        for key in dict.fromkeys(message.key for message in messages):
            message = unique[key]
            known = self._before(message)
            if known is None and line is None and not stops:
                line = self._line_for(message, stops)
            made = known or self._offer(message, line, stops)
            if isinstance(made, Offer):
                offers.append(made)
            else:
                answers[key] = made
        offers = self._completed(line, offers, stops)
        answers |= {offer.message.key: self._settle(offer) for offer in offers}
        return [answers[message.key] for message in messages]

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Say what this process knows of the key: SMPP cannot be asked."""
        known = self._keys.known(message.key)
        if isinstance(known, Accepted):
            return known
        return Unsure(key=message.key, detail=known.failure.detail if known else "an SMPP provider cannot be asked")

    def poll(self, now: datetime) -> Sequence[Event]:
        """Return what was delivered, and confirm to the provider what the poll before this one returned."""
        line = self._open()
        if isinstance(line, Stop):
            _log.warning("SMPP cannot be polled: %s", line.detail)
        if self._keeping is not None:
            self._arrivals.put(None)
            return ()
        self._inbox.confirm()
        return self._inbox.hand_over(now)

    def routes(self) -> Sequence[Route]:
        """Declare no webhooks: everything comes over the connection."""
        return ()

    def close(self) -> None:
        """Say goodbye to the provider."""
        with self._opening:
            line, self._line = self._line, None
        if line is not None:
            line.unbind()

    def _before(self, message: Outbound) -> Accepted | Failure | None:
        """Answer without a connection when the message may not go out, or was offered before."""
        refusal = self._settings.refusal(message.to)
        if refusal:
            return failure(message, FailureCode.NOT_ALLOWED, refusal)
        if not message.to.removeprefix("+").isdecimal():
            return failure(message, FailureCode.INVALID_RECIPIENT, "no number")
        known = self._keys.claim(message)
        return known.failure if isinstance(known, Doubt) else known

    def _open(self) -> SmppLine | Stop:
        """Return a connection that works, a new one when the last one does not any more."""
        with self._opening:
            if self._line is not None and self._line.alive():
                return self._line
            made = SmppLine(self._settings, self._tls, self._sender, self._arrived)
            stop = made.open()
            self._line = None if stop else made
            return stop or made

    def _line_for(self, message: Outbound, stops: list[Failure]) -> SmppLine | None:
        line = self._open()
        if isinstance(line, SmppLine):
            return line
        stops.append(failure(message, line.code, line.detail))
        return None

    def _offer(self, message: Outbound, line: SmppLine | None, stops: list[Failure]) -> Offer | Failure:
        """Write all parts of a message; a Failure is certain and frees the key."""
        if line is None or line.closed or stops:
            self._keys.release(message.key)
            first = stops[0] if stops else failure(message, FailureCode.PROVIDER_DOWN, "the connection was lost")
            return failure(message, first.code, f"not offered, after: {first.detail}")
        try:
            cut = submissions(message)
        except TextTooLong:
            self._keys.release(message.key)
            return failure(message, FailureCode.CONTENT_REFUSED, "longer than a message can be")
        offer = Offer(message=message, parts=tuple(line.submit(each) for each in cut), written=tuple(cut))
        return self._watched(offer, stops)

    def _watched(self, offer: Offer, stops: list[Failure]) -> Offer:
        for part in offer.parts:
            part.add_done_callback(partial(self._told, offer, stops))
        return offer

    def _completed(self, line: SmppLine | None, offers: list[Offer], stops: list[Failure]) -> list[Offer]:
        """Wait for the responses; of a message that was taken in part, write the parts that were too many again."""
        wait([part for offer in offers for part in offer.parts], timeout=self._settings.timeout)
        for _ in range(REPEATS):
            if line is None or line.closed or not any(offer.held_back() for offer in offers):
                break
            time.sleep(PAUSE)
            offers = [self._repeated(line, offer, stops) if offer.held_back() else offer for offer in offers]
            wait([part for offer in offers for part in offer.parts], timeout=self._settings.timeout)
        return offers

    def _repeated(self, line: SmppLine, offer: Offer, stops: list[Failure]) -> Offer:
        both = zip(offer.parts, offer.written, strict=True)
        parts = tuple(part if part.result().status == OK else line.submit(written) for part, written in both)
        return self._watched(replace(offer, parts=parts), stops)

    def _told(self, offer: Offer, stops: list[Failure], _: Future[Answer]) -> None:
        """Note what became of a message as soon as all its parts are answered, be it late."""
        if all(part.done() for part in offer.parts):
            found = verdict(offer)
            with self._settling:
                if isinstance(found.answer, Accepted):
                    self._inbox.note(found.ids, offer.message.key)
                    self._keys.accept(found.answer)
                elif found.for_all:
                    stops.append(found.answer)

    def _settle(self, offer: Offer) -> Accepted | Failure:
        """Answer a message by what is known when the wait is over."""
        with self._settling:
            found = verdict(offer)
            if isinstance(found.answer, Accepted):
                self._keys.accept(found.answer)
            elif found.in_doubt:
                self._keys.doubt(offer.message, found.answer)
                if len(offer.parts) == 1:
                    self._inbox.doubt(
                        offer.message.to.removeprefix("+"), reference_of(offer.message), offer.message.key
                    )
            else:
                self._keys.release(offer.message.key)
        return found.answer

    def _arrived(self, line: SmppLine, sequence: int, delivery: Delivery) -> None:
        self._inbox.add(line, sequence, delivery)
        if self._keeping is not None:
            self._arrivals.put(None)

    def _keep(self, keeping: Keeping) -> None:
        """Store what arrives, batch after batch, and answer it when it is stored."""
        while True:
            self._arrivals.get()
            status = OK
            try:
                events = self._inbox.hand_over(keeping.now())
                if events:
                    keeping.keep(events)
            except Exception as error:
                _log.warning("What came in could not be kept: %s", type(error).__name__)
                status = TRY_LATER
            self._inbox.confirm(status)


def sender_of(sender: str) -> Sender:
    """Write a sender as SMPP has it: a number in E.164, a short code or a name. Raises ChannelSettingsError."""
    digits = sender.removeprefix("+")
    if digits.isdecimal() and digits.isascii():
        return (1, 1, digits) if len(digits) > LONGEST_SHORT_CODE else (3, 0, digits)
    if not 0 < len(sender) <= LONGEST_NAME or not sender.isascii() or encode_text(sender).coding:
        raise ChannelSettingsError(f"smpp_sender: a number, or a name of at most {LONGEST_NAME} plain letters")
    return (5, 0, sender)

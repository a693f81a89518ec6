"""What an SMPP provider delivered and we have not answered yet: it delivers again what is never answered.

Sources: SMPP 3.4, 4.6 (deliver_sm), 5.2.12 (esm_class), Appendix B (the text of a receipt).
"""

import hashlib
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock

from channels.contract import Event
from channels.smpp_codes import OK, STATES, TRY_LATER, final_state
from channels.smpp_line import SmppLine
from channels.smpp_pdus import Delivery
from channels.smpp_texts import decode_text, place_of

PROVIDER = "smpp"
CHANNEL = "sms"
MOST = 5_000
"""How many deliveries wait here; further ones are for later (our choice)."""

PATIENCE = timedelta(minutes=1)
"""How long the parts of a long reply wait for the missing ones; then each is a reply of its own (our choice)."""

REMEMBERED = 50_000

_KIND = 0x3C
_RECEIPT = 0x04
_HEADER_INDICATOR = 0x40
_ID = re.compile(r"\bid:\s*([^\s]+)", re.IGNORECASE)
_STAT = re.compile(r"\bstat:\s*([A-Za-z]+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class _Sent:
    """A message that was taken: the id of its last part, by which it is known, and our key."""

    ref: str
    key: str


@dataclass(kw_only=True)
class _Entry:
    """A delivery that waits for its answer; `made`: its event, if it has one, is known; `earlier`: the same before."""

    line: SmppLine
    sequence: int
    delivery: Delivery
    event: Event | None = None
    made: bool = False
    handed: bool = False
    since: datetime | None = None
    earlier: list[tuple[SmppLine, int]] = field(default_factory=list)


class SmppInbox:
    """Keep deliveries until they are confirmed; safe for threads.

    A delivery that comes again over a new connection is the same one: its event keeps its event_id.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._latest: dict[Delivery, _Entry] = {}
        self._sent: OrderedDict[str, _Sent] = OrderedDict()
        self._doubts: OrderedDict[tuple[str, int | None], str] = OrderedDict()
        self._lock = Lock()

    def note(self, ids: Sequence[str], key: str) -> None:
        """Remember the ids that the provider gave to the parts of a message, in order."""
        sent = _Sent(ref=ids[-1], key=key)
        with self._lock:
            for each in ids:
                self._sent[each] = sent
            while len(self._sent) > REMEMBERED:
                self._sent.popitem(last=False)

    def doubt(self, to: str, reference: int, key: str) -> None:
        """Remember a message of one part that may have been taken: a receipt with its number and reference says so."""
        with self._lock:
            self._doubts[to, reference] = key
            while len(self._doubts) > REMEMBERED:
                self._doubts.popitem(last=False)

    def add(self, line: SmppLine, sequence: int, delivery: Delivery) -> None:
        """Take a delivery in; when there are too many, the provider is told to come later.

        It is one that is here already when the connection of that one, and with it the answer, was lost. A reply is
        the same one too when it is repeated before it was answered.
        """
        with self._lock:
            entry = self._latest.get(delivery)
            if entry is not None and (entry.line.closed or _is_reply(delivery)):
                if not entry.line.closed:
                    entry.earlier.append((entry.line, entry.sequence))
                entry.line, entry.sequence, entry.handed = line, sequence, False
                return
            full = len(self._entries) >= MOST and not self._forget_one()
            if not full:
                self._latest[delivery] = _Entry(line=line, sequence=sequence, delivery=delivery)
                self._entries.append(self._latest[delivery])
        if full:
            line.answer(sequence, TRY_LATER)

    def _forget_one(self) -> bool:
        """Make room: the oldest that was handed over and lost its connection is known again no more."""
        for place, entry in enumerate(self._entries):
            if entry.handed and entry.line.closed:
                del self._entries[place]
                if self._latest.get(entry.delivery) is entry:
                    del self._latest[entry.delivery]
                return True
        return False

    def hand_over(self, now: datetime) -> list[Event]:
        """Return the events of what is new; `now` is their moment. They wait to be confirmed."""
        with self._lock:
            fresh = [entry for entry in self._entries if not entry.handed]
            _join([entry for entry in fresh if not entry.made], now)
            ready = [entry for entry in fresh if entry.made or entry.since is None or now - entry.since >= PATIENCE]
            for entry in ready:
                entry.handed = True
                if not entry.made:
                    entry.event, entry.made = self._event(entry.delivery, now), True
        return [entry.event for entry in ready if entry.event is not None]

    def confirm(self, status: int = OK) -> None:
        """Answer what was handed over. What cannot be answered any more stays, for when it is delivered again."""
        with self._lock:
            handed = [entry for entry in self._entries if entry.handed and not entry.line.closed]
        answered = [entry for entry in handed if entry.line.answer(entry.sequence, status)]
        for line, sequence in [each for entry in answered for each in entry.earlier]:
            line.answer(sequence, status)
        gone = {id(entry) for entry in answered}
        with self._lock:
            self._entries = [entry for entry in self._entries if id(entry) not in gone]
            self._latest = {entry.delivery: entry for entry in self._entries}

    def _event(self, delivery: Delivery, now: datetime) -> Event | None:
        if _is_reply(delivery):
            return _reply(delivery, now)
        return self._receipt(delivery, now) if delivery.esm_class & _KIND in (_RECEIPT, 0) else None

    def _receipt(self, delivery: Delivery, now: datetime) -> Event | None:
        """Read a receipt: a long message is delivered when its last part is, and fails with any of them.

        The last part alone speaks, because the receipts of the others may have come to another process.
        """
        message_id, name = _identity(delivery)
        state = final_state(name)
        if state is None or not message_id:
            return None
        sent = self._sent.get(message_id)
        ref = sent.ref if sent else message_id
        if message_id != ref and state.failure is None:
            return None
        key = sent.key if sent else self._doubts.get((delivery.source, delivery.reference))
        return Event(
            event_id=f"{ref}:{name}",
            provider=PROVIDER,
            channel=CHANNEL,
            kind="receipt",
            at=now,
            provider_ref=ref,
            outcome=state.outcome,
            sender=_number(delivery.destination),
            recipient=_number(delivery.source),
            key=key,
            failure=state.failure,
        )


def _is_reply(delivery: Delivery) -> bool:
    """Some providers do not mark a receipt as one, but no reply says which message it is about."""
    return delivery.esm_class & _KIND == 0 and not delivery.receipted_id


def _join(entries: Sequence[_Entry], now: datetime) -> None:
    """Make one reply of the parts of a long text; parts of which others are missing wait for them."""
    groups: dict[tuple[str, str, int, int], dict[int, _Entry]] = {}
    for entry in entries:
        delivery = entry.delivery
        long = _is_reply(delivery) and delivery.esm_class & _HEADER_INDICATOR
        place = place_of(delivery.data) if long else None
        if place is not None and place.total > 1:
            group = (delivery.source, delivery.destination, place.reference, place.total)
            groups.setdefault(group, {})[place.number] = entry
            entry.since = entry.since or now
    for (_, _, _, total), parts in groups.items():
        if len(parts) == total:
            ordered = [parts[number] for number in sorted(parts)]
            texts = [_text(entry.delivery) for entry in ordered]
            for entry in ordered:
                entry.made = True
            ordered[0].event = replace(_reply(ordered[0].delivery, now), text="".join(texts))


def _text(delivery: Delivery) -> str:
    return decode_text(delivery.data, delivery.coding, bool(delivery.esm_class & _HEADER_INDICATOR))


def _identity(delivery: Delivery) -> tuple[str, str]:
    """Find the message and its state: in the fields of the receipt, or else in its text.

    Some providers leave the closing zero of the id away, and with it the last character is lost: the text has it.
    """
    text = delivery.data.decode("latin-1")
    told, state = _ID.search(text), _STAT.search(text)
    message_id = delivery.receipted_id
    if told and (not message_id or told[1].startswith(message_id)):
        message_id = told[1]
    name = STATES.get(delivery.state or 0, "") or (state[1].upper() if state else "")
    return message_id, name


def _reply(delivery: Delivery, now: datetime) -> Event:
    """Make a reply. SMPP gives it no number of its own: its event_id is what it says and when it came."""
    content = (delivery.source, delivery.destination, delivery.data.hex(), now.isoformat())
    return Event(
        event_id=hashlib.sha256("|".join(content).encode()).hexdigest(),
        provider=PROVIDER,
        channel=CHANNEL,
        kind="reply",
        at=now,
        text=_text(delivery),
        sender=_number(delivery.source),
        recipient=_number(delivery.destination),
    )


def _number(address: str) -> str | None:
    """Write a number as E.164: providers leave the plus away. Names and short codes stay as they are."""
    return f"+{address}" if address.isdecimal() and len(address) >= 9 else address or None

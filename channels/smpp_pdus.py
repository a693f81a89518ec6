"""The PDUs of SMPP: those that we write, made by smpplib, and those that arrive, read without trust.

Sources: SMPP 3.4, 3.2 (PDU format), 4.1 (bind), 4.4 (submit_sm), 4.6 (deliver_sm), 4.11 (enquire_link), 5.1.2.1
(command ids); github.com/python-smpplib/python-smpplib, README.
"""

import logging
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from smpplib import smpp

from channels.contract import FailureCode

LONGEST_PDU = 70_000
"""Octets; a message_payload has at most 64 K (SMPP 3.4, 5.3.2.32)."""

HEADER = struct.Struct(">LLLL")
"""Length, command, status, sequence number."""

RESPONSE = 0x80000000
NACK, BIND_ANSWER, DELIVER, UNBIND, ENQUIRE = 0x80000000, 0x80000009, 0x00000005, 0x00000006, 0x00000015
DELIVER_ANSWER, UNBIND_ANSWER, ENQUIRE_ANSWER = 0x80000005, 0x80000006, 0x80000015

_FIELD = struct.Struct(">HH")
_REFERENCE, _RECEIPTED_ID, _PAYLOAD, _STATE = 0x0204, 0x001E, 0x0424, 0x0427
_NUMBERS = 12
"""Octets of the numbers in a deliver_sm, among its texts (SMPP 3.4, 4.6.1)."""

_ODD = (struct.error, KeyError, IndexError, ValueError, TypeError, AttributeError)

logging.getLogger("smpplib.command").setLevel(logging.ERROR)
"""The library tells of each field that it does not know, and there are many providers with fields of their own."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A PDU as it arrived: `raw` are all its octets."""

    command: int
    status: int
    sequence: int
    raw: bytes

    def text(self) -> str:
        """Return the first field as text: the message id of a response."""
        return self.raw[HEADER.size :].split(b"\0", 1)[0].decode("ascii", "replace")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One part of a message: numbers without plus, user data with its header when it has one."""

    to: str
    coding: int
    data: bytes
    has_header: bool
    reference: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of a part: `status` is None when there was no response, `written` says whether it went out at all."""

    written: bool
    status: int | None = None
    message_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Why there is no connection; nothing was written."""

    code: FailureCode
    detail: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A receipt or a message of a person, as the provider delivers it."""

    source: str
    destination: str
    esm_class: int
    coding: int
    data: bytes
    receipted_id: str = ""
    state: int | None = None
    reference: int | None = None


Sender = tuple[int, int, str]
"""Type of number, numbering plan and address."""


@dataclass
class _Numbered:
    """The sequence number that a PDU of smpplib asks its client for."""

    sequence: int

    def next_sequence(self) -> int:
        return self.sequence


def bind_pdu(sequence: int, system_id: str, password: str) -> bytes:
    """Write the login as transceiver."""
    return _made("bind_transceiver", sequence, system_id=system_id, password=password, interface_version=0x34)


def submit_pdu(sequence: int, sender: Sender, part: Submission) -> bytes:
    """Write a part of a message, for which a receipt is wanted."""
    ton, npi, source = sender
    return _made(
        "submit_sm",
        sequence,
        source_addr_ton=ton,
        source_addr_npi=npi,
        source_addr=source,
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=part.to,
        esm_class=0x40 if part.has_header else 0,
        registered_delivery=1,
        data_coding=part.coding,
        short_message=part.data,
        user_message_reference=part.reference,
    )


def short_pdu(command: int, status: int, sequence: int) -> bytes:
    """Write a PDU that is a header only."""
    return HEADER.pack(HEADER.size, command, status, sequence)


def deliver_answer(status: int, sequence: int) -> bytes:
    """Write the response to a delivery; its message_id is empty."""
    return HEADER.pack(HEADER.size + 1, DELIVER_ANSWER, status, sequence) + b"\0"


def read_delivery(raw: bytes) -> Delivery | None:
    """Read a deliver_sm; None when it cannot be read. A field that should not be there does no harm."""
    pdu = smpp.make_pdu("deliver_sm", client=_Numbered(0), allow_unknown_opt_params=True)
    try:
        with suppress(*_ODD):
            pdu.parse(raw)
        texts = (
            pdu.service_type,
            pdu.source_addr,
            pdu.destination_addr,
            pdu.schedule_delivery_time,
            pdu.validity_period,
        )
        fixed = HEADER.size + sum(len(each) + 1 for each in texts) + _NUMBERS + pdu.sm_length
        if fixed > len(raw):
            return None
        fields = _fields(raw[fixed:])
        return Delivery(
            source=_text(pdu.source_addr),
            destination=_text(pdu.destination_addr),
            esm_class=pdu.esm_class,
            coding=pdu.data_coding,
            data=pdu.short_message or fields.get(_PAYLOAD, b""),
            receipted_id=_text(fields.get(_RECEIPTED_ID)),
            state=_whole(fields.get(_STATE)),
            reference=_whole(fields.get(_REFERENCE)),
        )
    except _ODD:
        return None


def _fields(rest: bytes) -> dict[int, bytes]:
    """Read the optional fields by tag, as far as they can be read: the first of each counts.

    smpplib takes one that belongs to another command for an error, and cuts an id that has no closing zero.
    """
    found: dict[int, bytes] = {}
    while len(rest) >= _FIELD.size:
        tag, length = _FIELD.unpack_from(rest)
        value, rest = rest[_FIELD.size : _FIELD.size + length], rest[_FIELD.size + length :]
        if len(value) == length:
            found.setdefault(tag, value)
    return found


def _whole(value: bytes | None) -> int | None:
    return int.from_bytes(value, "big") if value else None


def _made(command: str, sequence: int, **fields: Any) -> bytes:
    written: bytes = smpp.make_pdu(command, client=_Numbered(sequence), **fields).generate()
    return written


def _text(value: bytes | None) -> str:
    return (value or b"").rstrip(b"\0").decode("ascii", "replace")

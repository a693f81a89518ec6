"""The PDUs of SMPP: those that we write, made by smpplib, and those that arrive, read without trust.

Sources: SMPP 3.4, 3.2 (PDU format), 4.1 (bind), 4.4 (submit_sm), 4.6 (deliver_sm), 4.11 (enquire_link), 5.1.2.1
(command ids); github.com/python-smpplib/python-smpplib, README.
"""

import logging
import struct
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
    """Read a deliver_sm; None when it cannot be read."""
    try:
        pdu = smpp.parse_pdu(raw, client=_Numbered(0), allow_unknown_opt_params=True)
        return Delivery(
            source=_text(pdu.source_addr),
            destination=_text(pdu.destination_addr),
            esm_class=pdu.esm_class or 0,
            coding=pdu.data_coding or 0,
            data=pdu.short_message or pdu.message_payload or b"",
            receipted_id=_text(pdu.receipted_message_id),
            state=pdu.message_state,
            reference=pdu.user_message_reference,
        )
    except _ODD:
        return None


def _made(command: str, sequence: int, **fields: Any) -> bytes:
    written: bytes = smpp.make_pdu(command, client=_Numbered(sequence), **fields).generate()
    return written


def _text(value: bytes | None) -> str:
    return (value or b"").decode("ascii", "replace")

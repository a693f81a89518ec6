"""Texts of SMS as octets, and PDUs that nobody should trust."""

import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import FailureCode
from channels.settings import ChannelSettings
from channels.smpp_codes import OK, STATES, TRY_LATER, bind_meaning, final_state, submit_meaning
from channels.smpp_inbox import MOST, SmppInbox
from channels.smpp_line import SmppLine
from channels.smpp_pdus import DELIVER, HEADER, Delivery, read_delivery
from channels.smpp_texts import (
    A_PART,
    GSM_CODING,
    ONE_PART,
    UCS2_CODING,
    TextTooLong,
    concatenation,
    decode_text,
    encode_text,
)

pytestmark = pytest.mark.unit
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
GSM = "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?ABCxyzÄÖÑÜ§¿äöñüà^{}\\[~]|€"


@given(st.one_of(st.text(GSM, max_size=700), st.text(max_size=300)))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    cut = encode_text(text)
    limit = (ONE_PART if len(cut.parts) == 1 else A_PART)[cut.coding]
    assert all(len(part) <= limit for part in cut.parts)
    assert "".join(decode_text(part, cut.coding, False) for part in cut.parts) == text
    assert cut.coding == GSM_CODING or not set(text) <= set(GSM)


@given(st.binary(max_size=200), st.integers(0, 255), st.booleans())
def test_garbage_is_read_without_an_error(data: bytes, coding: int, has_header: bool) -> None:
    assert isinstance(decode_text(data, coding, has_header), str)


@pytest.mark.parametrize(
    ("text", "coding", "parts"), [("€" * 80, 0, 1), ("€" * 81, 0, 2), ("ę" * 70, 8, 1), ("ę" * 71, 8, 2)]
)
def test_limits_are_those_of_the_network(text: str, coding: int, parts: int) -> None:
    cut = encode_text(text)
    assert (cut.coding, len(cut.parts)) == (coding, parts)


def test_no_character_is_cut_in_two() -> None:
    assert all(len(part) % 4 == 0 for part in encode_text("😀" * 100).parts)
    assert not any(part.endswith(b"\x1b") for part in encode_text("a" + "€" * 200).parts)


def test_a_header_is_left_out_of_what_is_read() -> None:
    assert decode_text(concatenation(7, 2, 1) + "Ja".encode("utf-16-be"), UCS2_CODING, True) == "Ja"


def test_a_text_beyond_all_parts_is_told() -> None:
    with pytest.raises(TextTooLong):
        encode_text("a" * (153 * 255 + 1))


def frame(body: bytes) -> bytes:
    return HEADER.pack(HEADER.size + len(body), DELIVER, 0, 1) + body


@given(st.binary(max_size=120))
def test_a_delivery_that_is_none_is_not_read_and_raises_nothing(body: bytes) -> None:
    found = read_delivery(frame(body))
    assert found is None or isinstance(found, Delivery)


PLAIN = b"\0\1\1" + b"316\0\1\1Huis\0\4" + bytes(8) + b"\2Ja"


def field(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


@given(st.lists(st.tuples(st.integers(0, 0x1400), st.binary(max_size=20)), max_size=4), st.binary(max_size=3))
def test_fields_that_should_not_be_there_cost_no_reply(fields: list[tuple[int, bytes]], rest: bytes) -> None:
    found = read_delivery(frame(PLAIN + b"".join(field(tag, value) for tag, value in fields) + rest))
    assert found is not None
    assert (found.source, found.destination, found.data) == ("316", "Huis", b"Ja")


@pytest.mark.parametrize("closing", [b"\0", b""])
def test_fields_are_read_behind_one_that_should_not_be_there(closing: bytes) -> None:
    fields = field(0x000D, b"\1") + field(0x001E, b"abc12" + closing) + field(0x0427, b"\2") + field(0x0204, b"\0\7")
    found = read_delivery(frame(PLAIN + fields))
    assert found is not None
    assert (found.receipted_id, found.state, found.reference) == ("abc12", 2, 7)


def test_a_long_text_in_a_field_of_its_own_is_read() -> None:
    found = read_delivery(frame(PLAIN[:-3] + b"\0" + field(0x0424, b"Ik betaal " * 40)))
    assert found is not None
    assert found.data == b"Ik betaal " * 40


def receipt(data: bytes = b"", receipted_id: str = "", state: int | None = None) -> Delivery:
    return Delivery(
        source="31600000001",
        destination="Huis",
        esm_class=4,
        coding=0,
        data=data,
        receipted_id=receipted_id,
        state=state,
    )


def line() -> SmppLine:
    return SmppLine(ChannelSettings(), None, (5, 0, "Huis"), lambda *_: None)


class Told(SmppLine):
    """A line that is open and remembers what was answered over it."""

    def __init__(self) -> None:
        super().__init__(ChannelSettings(), None, (5, 0, "Huis"), lambda *_: None)
        self.closed = False
        self.told: list[tuple[int, int]] = []

    def answer(self, sequence: int, status: int) -> bool:
        self.told.append((sequence, status))
        return True


def reply(text: str) -> Delivery:
    return replace(receipt(text.encode()), esm_class=0)


def test_deliveries_of_lost_connections_do_not_fill_the_inbox() -> None:
    inbox, lost, new = SmppInbox(), Told(), Told()
    for number in range(MOST + 1):
        inbox.add(lost, number, reply(f"Bericht {number}"))
    assert lost.told == [(MOST, TRY_LATER)]
    assert len(inbox.hand_over(NOON)) == MOST
    lost.closed = True
    inbox.confirm()
    inbox.add(new, 1, reply("Nog een"))
    assert [event.text for event in inbox.hand_over(NOON)] == ["Nog een"]
    inbox.confirm()
    assert new.told == [(1, OK)]


def test_a_delivery_that_comes_again_days_later_is_the_same_one() -> None:
    inbox, lost, new = SmppInbox(), Told(), Told()
    inbox.add(lost, 1, reply("Ja"))
    [first] = inbox.hand_over(NOON)
    lost.closed = True
    assert inbox.hand_over(NOON + timedelta(days=3)) == []
    inbox.add(new, 1, reply("Ja"))
    assert inbox.hand_over(NOON + timedelta(days=3)) == [first]


def test_equal_replies_are_all_answered() -> None:
    inbox, open_line = SmppInbox(), Told()
    for sequence in (1, 2, 3):
        inbox.add(open_line, sequence, reply("Ja"))
    assert [event.text for event in inbox.hand_over(NOON)] == ["Ja"]
    inbox.confirm()
    assert sorted(open_line.told) == [(1, OK), (2, OK), (3, OK)]


def test_a_receipt_that_is_not_marked_as_one_is_no_reply() -> None:
    inbox = SmppInbox()
    inbox.add(line(), 1, replace(receipt(b"id:abc12 stat:DELIVRD", "abc12", 2), esm_class=0))
    assert [(event.kind, event.outcome) for event in inbox.hand_over(NOON)] == [("receipt", "delivered")]


@pytest.mark.parametrize(
    ("delivery", "ref"),
    [
        (receipt(b"id:abc12 sub:001 stat:DELIVRD err:000"), "abc12"),
        (receipt(receipted_id="abc12", state=2), "abc12"),
        (receipt(b"id:abc12 stat:DELIVRD", receipted_id="abc1", state=2), "abc12"),
        (receipt(b"ID:abc12 STAT:delivrd"), "abc12"),
    ],
)
def test_receipts_of_many_providers_are_read(delivery: Delivery, ref: str) -> None:
    inbox = SmppInbox()
    inbox.add(line(), 1, delivery)
    [event] = inbox.hand_over(NOON)
    assert (event.provider_ref, event.outcome) == (ref, "delivered")


@pytest.mark.parametrize("delivery", [receipt(b"id:1 stat:ENROUTE"), receipt(b"stat:DELIVRD"), receipt(b"\xff\x00")])
def test_what_says_nothing_final_is_no_event(delivery: Delivery) -> None:
    inbox = SmppInbox()
    inbox.add(line(), 1, delivery)
    assert inbox.hand_over(NOON) == []


@given(st.integers(1, 0xFFFFFFFF))
def test_every_refusal_has_a_meaning(status: int) -> None:
    assert submit_meaning(status).code in FailureCode
    assert bind_meaning(status).for_all


def test_every_state_is_final_or_waits() -> None:
    waits = {name for name in STATES.values() if final_state(name) is None}
    assert waits == {"ENROUTE", "ACCEPTD", "UNKNOWN"}

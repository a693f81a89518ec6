"""Texts of SMS as octets, and PDUs that nobody should trust."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import FailureCode
from channels.settings import ChannelSettings
from channels.smpp_codes import STATES, bind_meaning, final_state, submit_meaning
from channels.smpp_inbox import SmppInbox
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


@given(st.binary(max_size=60), st.integers(0, 0xFFFF))
def test_fields_that_nobody_knows_do_no_harm(value: bytes, tag: int) -> None:
    plain = b"\0\1\1316\0\1\1Huis\0\4\0\0\0\0\0\0\0\0\2Ja"
    found = read_delivery(frame(plain + struct.pack(">HH", tag, len(value)) + value))
    assert found is None or found.data in (b"Ja", value)


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

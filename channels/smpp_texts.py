"""Texts of SMS as octets: the GSM 7-bit alphabet or UCS-2, long ones in numbered parts, and back.

Sources: 3GPP TS 23.038, 6.2.1 (default alphabet and extension table), 3GPP TS 23.040, 9.2.3.24.1 and .8 (concatenated
messages), SMPP 3.4, 5.2.19 (data_coding).
"""

from dataclasses import dataclass

GSM_CODING = 0
LATIN_CODING = 3
UCS2_CODING = 8
"""Values of data_coding: the provider's default alphabet (here GSM, one character an octet), Latin 1 and UCS-2."""

ONE_PART = {GSM_CODING: 160, UCS2_CODING: 140}
A_PART = {GSM_CODING: 153, UCS2_CODING: 134}
"""How many octets as we write them fit into a message of its own, and into one of several parts."""

MOST_PARTS = 255

_ESCAPE = 0x1B
_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\uffffÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_OCTETS: dict[str, bytes] = {
    **{each: bytes([code]) for code, each in enumerate(_BASIC) if code != _ESCAPE},
    **{each: bytes([_ESCAPE, code]) for code, each in _EXTENSION.items()},
}


class TextTooLong(ValueError):
    """The text takes more parts than a message can have."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A text as it is sent: its data_coding, and per part the user data without header."""

    coding: int
    parts: tuple[bytes, ...]


def encode_text(text: str) -> Parts:
    """Write a text in as few parts as it takes, never cutting a character in two. Raises TextTooLong."""
    coding = GSM_CODING if all(each in _OCTETS for each in text) else UCS2_CODING
    characters = [_OCTETS[each] if coding == GSM_CODING else _ucs2(each) for each in text]
    if sum(map(len, characters)) <= ONE_PART[coding]:
        return Parts(coding=coding, parts=(b"".join(characters),))
    parts = [bytearray()]
    for character in characters:
        if len(parts[-1]) + len(character) > A_PART[coding]:
            parts.append(bytearray())
        parts[-1] += character
    if len(parts) > MOST_PARTS:
        raise TextTooLong
    return Parts(coding=coding, parts=tuple(map(bytes, parts)))


def _ucs2(character: str) -> bytes:
    return character.encode("utf-16-be", "replace")


def concatenation(reference: int, total: int, number: int) -> bytes:
    """Give the header (UDH) of part `number` of `total`; `reference` (0 to 255) is the same in all parts of a text."""
    return bytes((5, 0, 3, reference, total, number))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a part belongs: part `number` of `total` of the text with this reference."""

    reference: int
    total: int
    number: int


def place_of(data: bytes) -> Place | None:
    """Read the header of a part: its references are of 8 bits (element 0) or 16 bits (element 8)."""
    header = data[1 : data[0] + 1] if data else b""
    while len(header) >= 2:
        kind, size = header[0], header[1]
        body, header = header[2 : size + 2], header[size + 2 :]
        if (kind, len(body)) in ((0, 3), (8, 4)):
            *reference, total, number = body
            if 1 <= number <= total:
                return Place(reference=int.from_bytes(bytes(reference), "big"), total=total, number=number)
    return None


def decode_text(data: bytes, coding: int, has_header: bool) -> str:
    """Read a text that came in; what cannot be read becomes a replacement character, nothing raises."""
    if has_header and data:
        data = data[data[0] + 1 :]
    if coding & 0x0C == UCS2_CODING:
        return data.decode("utf-16-be", "replace")
    if coding == LATIN_CODING:
        return data.decode("latin-1")
    return _from_gsm(data)


def _from_gsm(data: bytes) -> str:
    found: list[str] = []
    octets = iter(data)
    for octet in octets:
        if octet == _ESCAPE:
            found.append(_EXTENSION.get(next(octets, 0), " "))
        else:
            found.append(_BASIC[octet] if octet < len(_BASIC) else "\ufffd")
    return "".join(found)

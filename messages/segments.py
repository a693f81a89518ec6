"""Count what an SMS costs: GSM-7 or UCS-2, and how many segments (3GPP TS 23.038, 23.040)."""

import unicodedata
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("^{}\\[~]|€\f")
_PLAIN = str.maketrans(
    {
        "\u00a0": " ",
        "\u202f": " ",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
    }
)


_GSM = frozenset(_BASIC) | frozenset(_EXTENSION)


@dataclass(frozen=True, kw_only=True)
class SmsSize:
    """What one SMS takes: `units` are septets in GSM-7 and UTF-16 code units in UCS-2."""

    encoding: str
    units: int
    segments: int


def measure(text: str) -> SmsSize:
    """Count encoding, units and segments of one SMS; an extension sign such as € takes two septets."""
    if _GSM.issuperset(text):
        extended = sum(text.count(sign) for sign in _EXTENSION)
        if len(text) + extended <= 160:
            return SmsSize(encoding="GSM-7", units=len(text) + extended, segments=1)
        costs = [2 if sign in _EXTENSION else 1 for sign in text]
        return SmsSize(encoding="GSM-7", units=sum(costs), segments=_parts(costs, single=160, each=153))
    costs = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    return SmsSize(encoding="UCS-2", units=sum(costs), segments=_parts(costs, single=70, each=67))


def _parts(costs: list[int], *, single: int, each: int) -> int:
    """Fill segment after segment; a sign of two units is never cut in half."""
    if sum(costs) <= single:
        return 1
    segments, room = 1, each
    for cost in costs:
        if cost > room:
            segments, room = segments + 1, each
        room -= cost
    return segments


def gsm_friendly(text: str) -> str:
    """Write signs outside GSM-7 as their plain neighbour (ë as e, ’ as '), and leave what has none."""
    plain = text.translate(_PLAIN)
    return plain if _GSM.issuperset(plain) else "".join(_friendly(sign) for sign in plain)


def _friendly(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENSION:
        return sign
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if base in _BASIC else sign

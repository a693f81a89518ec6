"""Which characters the fonts of paper can show; a character without a glyph would be printed as an empty box.

Reads the `cmap` table of a font: OpenType specification 1.9, "cmap - Character to Glyph Index Mapping Table",
formats 4 and 12.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "paper" / "fonts"
_UNICODE = {(0, 3), (0, 4), (3, 1), (3, 10)}
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}


@cache
def covered() -> frozenset[int]:
    """Return the code points that the fonts have together. Raises FileNotFoundError when there is no font."""
    files = sorted(FONTS.glob("*.ttf"))
    if not files:
        raise FileNotFoundError(f"{FONTS} has no fonts: run `make front-end`")
    return frozenset[int]().union(*(_code_points(path.read_bytes()) for path in files))


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Return the characters of a text, each once, that no font can show; spaces and signs of direction need none."""
    known = covered()
    seen = dict.fromkeys(sign for sign in text if ord(sign) not in known)
    return tuple(sign for sign in seen if unicodedata.category(sign) not in _UNSEEN)


def _code_points(font: bytes) -> set[int]:
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * number)
        if (platform, encoding) in _UNICODE:
            found |= _subtable(font, start + offset)
    return found


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"a font without the table {tag.decode()}")


def _subtable(font: bytes, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", font, at)
    if form == 12:
        (groups,) = struct.unpack_from(">I", font, at + 12)
        spans = [struct.unpack_from(">III", font, at + 16 + 12 * number) for number in range(groups)]
        return {point for first, last, glyph in spans for point in range(first, last + 1) if glyph or point > first}
    return _segments(font, at) if form == 4 else set()


def _segments(font: bytes, at: int) -> set[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * doubled)
    ranges_at = at + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", font, ranges_at)
    found: set[int] = set()
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        glyphs_at = ranges_at + 2 * number + offset
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", font, glyphs_at + 2 * (point - first))[0] if offset else point
            if (glyph or not offset) and (glyph + delta) & 0xFFFF:
                found.add(point)
    return found

"""What letters and cards are on paper, and what the typesetter is given of them.

All measures are in mm from the left and the top of the page. A text is plain: an empty line begins a new paragraph,
"- " an item of a list, and a short question on a line of its own above its paragraph is a heading.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from channels.glyphs import missing_glyphs
from channels.qr_codes import qr_svg

LARGE_POINTS = 16.0
"""What people with low vision are served with: "large print" of 16 points or more (Clear Print, RNIB)."""

LANGUAGES = ("nl", "en", "tr", "ar", "pl", "uk")
_RTL = frozenset({"ar"})
_HEADING = re.compile(r"^[^.!?؟]{3,70}[?؟]$")
_ITEM = re.compile(r"^[-•*] +")
_IN_NUMBER = re.compile(r"(?<=\d) (?=\d)")


class TypesettingError(Exception):
    """A text that cannot be printed as it should; `code` says why, in words without anything of the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Area:
    """A rectangle on the page in mm."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class LetterPaper:
    """Where the parts of a letter stand, in mm; `line_height` belongs to a text of `font_points`.

    `address` is what the window shows however the sheet slides; the lowest `barcode_height` of it stays free for the
    barcode that the post prints (KIX).
    """

    page: Area = Area(left=0, top=0, width=210, height=297)
    address: Area = Area(left=110, top=50, width=80, height=25)
    sender: Area = Area(left=25, top=12, width=165, height=25)
    reference: Area = Area(left=25, top=50, width=70, height=25)
    code: Area = Area(left=23, top=75, width=23, height=23)
    body: Area = Area(left=25, top=100, width=150, height=172)
    next_body: Area = Area(left=25, top=25, width=150, height=247)
    font_points: float = 11
    line_height: float = 5.5
    barcode_height: float = 5

    @property
    def address_lines(self) -> int:
        """Return how many lines the address may have."""
        return int((self.address.height - self.barcode_height) // _ADDRESS_LINE)


_ADDRESS_LINE = 4.9
RIGHT_WINDOW = LetterPaper()
"""A4 for a DL envelope with its window on the right."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter: `sender` above, `address` in the window, `beside` (reference, date) beside it, then the text.

    `code` is what a QR code below `beside` holds, with the words of `scan` next to it; "" for none.
    """

    address: tuple[str, ...]
    text: str
    subject: str = ""
    language: str = "nl"
    sender: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    large: bool = False
    code: str = ""
    scan: str = ""


@dataclass(frozen=True, kw_only=True)
class CardPaper:
    """Where the parts of a card stand, in mm; `sheet` is what four of them are printed on."""

    page: Area = Area(left=0, top=0, width=148, height=105)
    text: Area = Area(left=10, top=10, width=90, height=85)
    qr: Area = Area(left=108, top=35, width=30, height=30)
    sheet: Area = Area(left=0, top=0, width=297, height=210)
    font_points: float = 12


A6 = CardPaper()
"""A6, lying."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One doorstep card: `qr` is an SVG, `phone` stands below it; `place` is the door, small, for who brings it.

    `scan` says what scanning does when it does not dial, and `address` is what can be typed in its place.
    """

    text: str
    language: str = "nl"
    qr: str = ""
    phone: str = ""
    place: str = ""
    scan: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class _Block:
    kind: str
    lines: tuple[str, ...] = field(default=())


def check_letter(letter: Letter, paper: LetterPaper = RIGHT_WINDOW) -> None:
    """Raise TypesettingError when a letter has an unknown language, a sign without a glyph or too long an address."""
    _base_language(letter.language)
    if not letter.text.strip():
        raise TypesettingError("no text")
    _check_glyphs(
        "\n".join((*letter.address, *letter.sender, *letter.beside, letter.subject, letter.scan, letter.text))
    )
    if not letter.address or len(letter.address) > paper.address_lines:
        raise TypesettingError(f"an address has 1 to {paper.address_lines} lines")


def cards_data(cards: Sequence[Card], title: str, sheets: bool, paper: CardPaper) -> dict[str, Any]:
    """Return what the typesetter is given of cards. Raises TypesettingError."""
    if not cards:
        raise ValueError("no cards")
    for card in cards:
        _check_glyphs("\n".join((card.text, card.phone, card.place, card.scan, card.address)))
    return {
        "title": title or "Kaart",
        "language": _base_language(cards[0].language),
        "sheets": sheets,
        "layout": asdict(paper),
        "cards": [_card(card) for card in cards],
    }


def _card(card: Card) -> dict[str, Any]:
    base = _base_language(card.language)
    return {**asdict(card), "language": base, "rtl": base in _RTL, "paragraphs": _paragraphs(card.text)}


def _check_glyphs(text: str) -> None:
    missing = missing_glyphs(unicodedata.normalize("NFC", text))
    if missing:
        points = ", ".join(f"U+{ord(sign):04X}" for sign in missing[:5])
        raise TypesettingError(f"no font shows {points}")


def _base_language(language: str) -> str:
    base = language.split("-")[0]
    if base not in LANGUAGES:
        raise TypesettingError("a language that paper does not have")
    return base


def letters_data(letters: Sequence[Letter], title: str, paper: LetterPaper) -> dict[str, Any]:
    """Return what the typesetter is given of letters. Raises TypesettingError."""
    for letter in letters:
        check_letter(letter, paper)
    return {
        "title": title or "Brief",
        "language": _base_language(letters[0].language),
        "layout": asdict(paper),
        "letters": [_letter(letter, paper) for letter in letters],
    }


def _letter(letter: Letter, paper: LetterPaper) -> dict[str, Any]:
    base = _base_language(letter.language)
    return {
        "language": base,
        "rtl": base in _RTL,
        "points": LARGE_POINTS if letter.large else paper.font_points,
        "sender": letter.sender,
        "address": letter.address,
        "beside": letter.beside,
        "subject": letter.subject,
        "qr": qr_svg(letter.code) if letter.code else "",
        "scan": letter.scan,
        "blocks": [asdict(block) for block in _blocks(letter.text)],
    }


def _paragraphs(text: str) -> list[list[str]]:
    """Split a text in paragraphs of lines; a number that is written in groups is not broken over two lines."""
    plain = _IN_NUMBER.sub("\u00a0", unicodedata.normalize("NFC", text).strip())
    return [[line.strip() for line in chunk.splitlines() if line.strip()] for chunk in re.split(r"\n[ \t]*\n", plain)]


def _blocks(text: str) -> list[_Block]:
    """Split a plain text in headings, paragraphs and lists."""
    found: list[_Block] = []
    for lines in _paragraphs(text):
        if len(lines) > 1 and _HEADING.match(lines[0]):
            found.append(_Block(kind="heading", lines=(lines.pop(0),)))
        found += _runs(lines)
    return found


def _runs(lines: Sequence[str]) -> list[_Block]:
    found: list[_Block] = []
    for line in lines:
        kind = "list" if _ITEM.match(line) else "text"
        bare = _ITEM.sub("", line) if kind == "list" else line
        if found and found[-1].kind == kind:
            found[-1] = _Block(kind=kind, lines=(*found[-1].lines, bare))
        else:
            found.append(_Block(kind=kind, lines=(bare,)))
    return found

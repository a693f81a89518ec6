"""Where a letter and a card stand on paper, in millimetres from the left and the top: for preview and print.

A letter is A4, folded twice for a DL envelope (110 x 220 mm, ISO 269), with the window on the right as Dutch
landlords order it. The standards for Dutch stationery are NEN 1026 (letter paper) and NEN 1025 (envelopes). The places
of windows differ per supplier: these are our defaults, to verify with a printed letter in the landlord's own envelope.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle on paper in mm: its left and top edge, its width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge in mm."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge in mm."""
        return self.top + self.height

    def holds(self, other: "Box") -> bool:
        """Say whether another box lies wholly in this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


@dataclass(frozen=True, kw_only=True)
class LetterLayout:
    """A letter on A4: `window` is what the envelope shows, `address` where the address is printed in it.

    `folds_at` are the fold lines from the top, `shift` how far the sheet may slide in the envelope each way.
    `sender` stands above, `reference` beside the window; `body` holds the text of the first page, `next_body` of the
    others. `line_height` is in mm.
    """

    page: Box
    envelope: Box
    window: Box
    address: Box
    sender: Box
    reference: Box
    body: Box
    next_body: Box
    folds_at: tuple[float, ...]
    shift: float
    font_points: float
    line_height: float

    def lines(self, page: int = 1) -> int:
        """Return how many lines of text fit on a page."""
        box = self.body if page == 1 else self.next_body
        return int(box.height // self.line_height)


@dataclass(frozen=True, kw_only=True)
class CardLayout:
    """A doorstep card: `text` and `qr` do not touch; `qr` is a square that a phone reads from half a metre."""

    page: Box
    text: Box
    qr: Box
    font_points: float
    line_height: float


_A4 = Box(left=0, top=0, width=210, height=297)
WINDOW_RIGHT = LetterLayout(
    page=_A4,
    envelope=Box(left=0, top=0, width=220, height=110),
    window=Box(left=105, top=45, width=90, height=35),
    address=Box(left=110, top=50, width=80, height=25),
    sender=Box(left=25, top=12, width=165, height=25),
    reference=Box(left=25, top=50, width=70, height=25),
    body=Box(left=25, top=100, width=150, height=172),
    next_body=Box(left=25, top=25, width=150, height=247),
    folds_at=(99.0, 198.0),
    shift=5,
    font_points=11,
    line_height=5.5,
)
"""A4 in a DL envelope with the window on the right, the usual one in the Netherlands."""

WINDOW_LEFT = LetterLayout(
    page=_A4,
    envelope=Box(left=0, top=0, width=220, height=110),
    window=Box(left=20, top=45, width=90, height=35),
    address=Box(left=25, top=50, width=80, height=25),
    sender=Box(left=25, top=12, width=165, height=25),
    reference=Box(left=120, top=50, width=70, height=25),
    body=Box(left=25, top=100, width=150, height=172),
    next_body=Box(left=25, top=25, width=150, height=247),
    folds_at=(99.0, 198.0),
    shift=5,
    font_points=11,
    line_height=5.5,
)
"""The same with the window on the left (DIN 5008, form B: window from 20 mm left and 45 mm below the top)."""

LETTERS = {"right": WINDOW_RIGHT, "left": WINDOW_LEFT}

CARD = CardLayout(
    page=Box(left=0, top=0, width=148, height=105),
    text=Box(left=10, top=10, width=90, height=85),
    qr=Box(left=108, top=35, width=30, height=30),
    font_points=12,
    line_height=6,
)
"""A6, lying: letters of 12 points, and a QR code of 30 mm beside the text."""


def pages(text: str, layout: LetterLayout = WINDOW_RIGHT) -> int:
    """Estimate how many pages a letter takes, at half an em a character; another typeface may differ."""
    characters = int(layout.body.width / (layout.font_points * 0.3528 * 0.5))
    left, count = sum(_lines(text, characters)), 1
    left -= layout.lines()
    while left > 0:
        left, count = left - layout.lines(2), count + 1
    return count


def _lines(text: str, characters: int) -> Iterator[int]:
    for paragraph in text.split("\n"):
        yield max(1, -(-len(paragraph) // characters))

"""Typeset letters and cards as PDF (PDF/UA-1, fonts embedded) or as pictures; the only module that knows typst.

Source: the documentation of typst 0.15 (typst.app/docs, "PDF", "Accessibility") and of the package typst on PyPI.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

from channels.glyphs import FONTS
from channels.paper_data import (
    A6,
    RIGHT_WINDOW,
    Card,
    CardPaper,
    Letter,
    LetterPaper,
    TypesettingError,
    cards_data,
    letters_data,
)

PAPER = Path(__file__).parent / "paper"
MOST_LETTERS = 1_000
_REMEMBERED_RUNS = 11


@dataclass(frozen=True, kw_only=True)
class Typeset:
    """A PDF with the pages (from 1) on which each letter begins and ends, in order."""

    pdf: bytes
    pages: tuple[tuple[int, int], ...]

    @property
    def page_count(self) -> int:
        """Return how many pages there are."""
        return self.pages[-1][1]


def typeset_letters(letters: Sequence[Letter], title: str, paper: LetterPaper = RIGHT_WINDOW) -> Typeset:
    """Typeset 1 to 1,000 letters as one PDF, each on pages of its own.

    Raises TypesettingError when a letter cannot be printed as it should.
    """
    if not 1 <= len(letters) <= MOST_LETTERS:
        raise ValueError(f"{len(letters)} letters: 1 to {MOST_LETTERS} make one PDF")
    compiler = _compiler("letter.typ", letters_data(letters, title, paper))
    try:
        pdf = compiler.compile(pdf_standards="ua-1")
        ends = [value for value in json.loads(compiler.query("metadata", field="value")) if value]
    except typst.TypstError as error:
        raise TypesettingError("typesetting failed") from error
    finally:
        _forget()
    first, pages = 1, []
    for last in ends:
        pages.append((first, last))
        first = last + 1
    return Typeset(pdf=cast(bytes, pdf), pages=tuple(pages))


def picture_letter(letter: Letter, paper: LetterPaper = RIGHT_WINDOW, ppi: float = 72) -> list[bytes]:
    """Return the pages of a letter as PNG pictures. Raises TypesettingError."""
    made = _compiler("letter.typ", letters_data([letter], "", paper)).compile(format="png", ppi=ppi)
    return made if isinstance(made, list) else [cast(bytes, made)]


def typeset_cards(cards: Sequence[Card], title: str, *, sheets: bool, paper: CardPaper = A6) -> bytes:
    """Typeset cards as a PDF: each on a page of its own, or four on a sheet with cut marks.

    The sheets are filled so that the four piles, laid on each other after cutting, have the cards in order. Raises
    TypesettingError when a card cannot be printed as it should.
    """
    try:
        made = _compiler("card.typ", cards_data(cards, title, sheets, paper)).compile(pdf_standards="ua-1")
    except typst.TypstError as error:
        raise TypesettingError("typesetting failed") from error
    finally:
        _forget()
    return cast(bytes, made)


def picture_cards(cards: Sequence[Card], *, sheets: bool, paper: CardPaper = A6, ppi: float = 72) -> list[bytes]:
    """Return the pages with cards as PNG pictures. Raises TypesettingError."""
    made = _compiler("card.typ", cards_data(cards, "", sheets, paper)).compile(format="png", ppi=ppi)
    return made if isinstance(made, list) else [cast(bytes, made)]


def typeset_empty(pages: int) -> bytes:
    """Typeset pages with nothing on them: what the typesetter costs by itself, to measure beside."""
    source = f"#set document(title: [x])\n#for number in range({pages}) {{ page[] }}"
    return typst.compile(source.encode(), pdf_standards="ua-1")


def _forget() -> None:
    """Let typst drop what it remembers, about 0.4 MB a letter: it does so with what ten later runs did not use."""
    for _ in range(_REMEMBERED_RUNS):
        typst.compile(b"", font_paths=_fonts())


def _compiler(source: str, data: Mapping[str, Any]) -> typst.Compiler:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    return typst.Compiler(str(PAPER / source), font_paths=_fonts(), sys_inputs=inputs)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])

"""Read the pairs of a harder and an easier text that measure the readability check; they are never part of it."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from messages.parts import parts_of
from messages.reading_features import measure
from outreach.cli.reading_fit import MeasuredPair
from outreach.errors import OutreachError

MUNICIPAL, ENCYCLOPEDIA = "municipal-pairs.csv", "encyclopedia-pairs.csv"
CHUNK = 5
_SHARED = 0.8
_LIX_LETTERS = 6
_WORD = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"[.!?:]+(?:\s|$)")


@dataclass(frozen=True, kw_only=True)
class TextPair:
    """A harder and an easier text of one document."""

    group: str
    hard: str
    easy: str


def municipal_chunks(folder: Path, least: int = CHUNK) -> list[TextPair]:
    """Return chunks of five consecutive rows of one document, joined by a space; the last has `least` or more."""
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _read(folder / MUNICIPAL):
        rows.setdefault(row["Document ID"], []).append(row)
    return [
        TextPair(
            group=group,
            hard=" ".join(row["Complex"] for row in chunk),
            easy=" ".join(row["Simple"] for row in chunk),
        )
        for group, found in rows.items()
        for chunk in (found[at : at + CHUNK] for at in range(0, len(found), CHUNK))
        if len(chunk) >= least
    ]


def easy_sentences(folder: Path) -> list[str]:
    """Return the easier side of each municipal row."""
    return [row["Simple"] for row in _read(folder / MUNICIPAL) if row["Simple"].strip()]


def encyclopedia(folder: Path) -> list[TextPair]:
    """Return the paragraphs; each is a document of its own."""
    rows = _read(folder / ENCYCLOPEDIA)
    return [TextPair(group=str(at), hard=row["complex"], easy=row["simple"]) for at, row in enumerate(rows)]


def measured(pairs: Sequence[TextPair]) -> list[MeasuredPair]:
    """Measure both sides of pairs; a side without a word leaves its pair out."""
    found: list[MeasuredPair] = []
    for pair in pairs:
        hard, easy = measure(parts_of(pair.hard)), measure(parts_of(pair.easy))
        if hard is not None and easy is not None:
            found.append(MeasuredPair(group=pair.group, hard=hard, easy=easy))
    return found


def different_enough(pair: TextPair) -> bool:
    """Say whether an editor did more than a touch: less than four fifths of the words of both texts are shared."""
    hard, easy = (set(_WORD.findall(text.lower())) for text in (pair.hard, pair.easy))
    return len(hard & easy) < _SHARED * len(hard | easy)


def lix(text: str) -> float:
    """Return LIX (Björnsson 1968) of a text of any length, for the comparison; higher is harder."""
    words = _WORD.findall(text)
    stops = max(1, len(_STOP.findall(text)))
    return len(words) / stops + 100 * sum(len(word) > _LIX_LETTERS for word in words) / max(1, len(words))


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        files = f"{MUNICIPAL}, {ENCYCLOPEDIA}"
        raise OutreachError(
            f"{path} is er niet. Noem met --data de map met {files}.",
            f"{path} is not there. Name with --data the folder with {files}.",
        )
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

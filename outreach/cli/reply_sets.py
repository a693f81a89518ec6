"""The labelled replies that weights are learned from and judged on: CSV files in tests/replies."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from messages.replies.understanding import Reading, read
from outreach.errors import OutreachError

FOLDER = Path("tests/replies")
TODAY = date(2026, 11, 23)
"""The day from which the labels of all sets are meant: a Monday."""
HEADER = ("text", "intent", "amount_cents", "per", "date", "language")


class NoReplies(OutreachError):
    """The labelled replies are not where they should be."""


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A reply with what it means: intent, amount in cents with its period, day, and language."""

    text: str
    intent: str
    amount_cents: int | None
    per: str | None
    date: date | None
    language: str

    def reading(self) -> Reading:
        """Return the reply as it is read, in its own language."""
        return read(self.text, TODAY, language=self.language)


def load_set(folder: Path, name: str) -> tuple[Labelled, ...]:
    """Return the replies of `tuning` or `kept`. Raises NoReplies when the files are not there."""
    found = sorted(folder.glob(f"{name}-*.csv"))
    if not found:
        raise NoReplies(
            f"In {folder} staan geen antwoorden ({name}-*.csv). Draai dit in de map van het project, of geef --data.",
            f"There are no replies ({name}-*.csv) in {folder}. Run this in the project's folder, or give --data.",
        )
    return tuple(reply for path in found for reply in _rows(path))


def _rows(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            yield Labelled(
                text=row["text"],
                intent=row["intent"],
                amount_cents=int(row["amount_cents"]) if row["amount_cents"] else None,
                per=row["per"] or None,
                date=date.fromisoformat(row["date"]) if row["date"] else None,
                language=row["language"],
            )


def by_language(replies: Sequence[Labelled]) -> dict[str, list[Labelled]]:
    """Return the replies per language."""
    found: dict[str, list[Labelled]] = {}
    for reply in replies:
        found.setdefault(reply.language, []).append(reply)
    return found

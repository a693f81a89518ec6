"""As which step of its present ladder an earlier contact of a moved case counts: nothing that was done is forgotten."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from schedules.facts import AttemptFact, AttemptState

OPEN = frozenset({AttemptState.PLANNED, AttemptState.CLAIMED})
UNCOUNTED = "before:"
"""What the step of something begins with that no step of the present ladder counts; that it was done still holds."""


@dataclass(frozen=True, kw_only=True)
class StepKeys:
    """The way from the ladder version under which something was done to the present one.

    `moves` are the case's LadderMoveRow in order. What was done under the present version counts as itself, so a
    move back restores what stood there. A step that a move mapped to None does not count after it.
    """

    version_id: int
    moves: Sequence[Any] = ()

    def under(self, step: str, version_id: int) -> str | None:
        """Give the step that something done under a version counts as now, None when it does not count."""
        if not self.moves or version_id == self.version_id:
            return step
        return self._along(step, self._first_after(version_id))

    def at(self, step: str, known_at: datetime | None) -> str | None:
        """Give the step that something done at a moment counts as now; `known_at` None is now."""
        if not self.moves or known_at is None:
            return step
        later = next((move for move in self.moves if move.at >= known_at), None)
        return self.under(step, later.from_version_id if later is not None else self.version_id)

    def of(self, row: Any) -> str | None:
        """Give the step that an attempt row counts as now; what no ladder asked for is itself."""
        return row.step if ":" in row.step else self.under(row.step, row.ladder_version_id)

    def _first_after(self, version_id: int) -> int:
        """Find the last time that the case left a version; all moves when it never was on it."""
        left = (place for place, move in enumerate(self.moves) if move.from_version_id == version_id)
        return max(left, default=0)

    def _along(self, step: str, first: int) -> str | None:
        for move in self.moves[first:]:
            if step in move.mapping:
                found = move.mapping[step]
                if found is None:
                    return None
                step = found
        return step


def counted(rows: Sequence[Any], keys: StepKeys, fact: Callable[[Any], AttemptFact]) -> tuple[AttemptFact, ...]:
    """Give attempts as the engine sees them under the present ladder.

    Where attempts of several steps count as one, they are numbered anew in the order in which they were made.
    """
    if not keys.moves:
        return tuple(map(fact, rows))
    facts = [(row, replace(fact(row), step=keys.of(row) or f"{UNCOUNTED}{row.step}")) for row in rows]
    strange = {made.step for row, made in facts if made.step != row.step}
    if not strange:
        return tuple(made for _, made in facts)
    numbers = _numbers([(row, made) for row, made in facts if made.step in strange])
    return tuple(replace(made, attempt=numbers.get(row.id, made.attempt)) for row, made in facts)


def _numbers(facts: Sequence[tuple[Any, AttemptFact]]) -> dict[int, int]:
    """Number the attempts of each step by moment; what is still open comes last."""
    by_step: dict[str, list[tuple[Any, AttemptFact]]] = defaultdict(list)
    for row, made in facts:
        by_step[made.step].append((row, made))
    numbers = {}
    for found in by_step.values():
        found.sort(key=lambda pair: (pair[1].state in OPEN, pair[1].at, pair[0].id))
        numbers.update({row.id: number for number, (row, _) in enumerate(found, start=1)})
    return numbers

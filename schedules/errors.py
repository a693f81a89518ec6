"""The errors of this library: for broken input, never for a refusal (a refusal is data)."""

from dataclasses import dataclass


class SchedulesError(Exception):
    """Be the base of everything that this library raises."""


class LawError(SchedulesError):
    """Say that a document of law rules cannot be used."""


class NoMomentError(SchedulesError):
    """Say that no moment in the coming year satisfies a window and a budget."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault in a document: where it stands (line from 1, path) and how to mend it."""

    line: int
    path: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = f" ({self.suggestion})" if self.suggestion else ""
        return f"line {self.line}: {self.path}: {self.message}{hint}"


class LadderError(SchedulesError):
    """Say that a ladder or route document has faults; `problems` lists them all, by line."""

    def __init__(self, filename: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{filename}: " + "; ".join(str(problem) for problem in problems))
        self.filename = filename
        self.problems = problems

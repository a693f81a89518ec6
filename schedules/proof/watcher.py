"""What a property is asked while exploring: something goes, or a case comes to rest. Each answers for itself."""

from dataclasses import dataclass
from datetime import datetime

from schedules.decisions import Decision, PlannedStep
from schedules.facts import CaseFacts
from schedules.ladder import Step
from schedules.proof.model import Sentence
from schedules.proof.state import Mark, State, Trace


@dataclass(frozen=True, kw_only=True)
class Going:
    """Something that is carried out at this very moment, on the facts as they are then."""

    step: Step
    place: int
    planned: PlannedStep
    at: datetime
    facts: CaseFacts
    trace: Trace
    marks: tuple[Mark, ...]


@dataclass(frozen=True, kw_only=True)
class Rest:
    """A state in which nothing goes now: `ended` when the case is over, `until` None when nothing more comes."""

    state: State
    decision: Decision
    ended: bool
    until: datetime | None


class Watcher:
    """One property: a title, its source, and what breaks it on a path; None while it holds."""

    key: str
    title: Sentence
    source: str

    def going(self, going: Going) -> Sentence | None:
        """Say why what goes now breaks the property."""
        return None

    def resting(self, rest: Rest) -> Sentence | None:
        """Say why a case that rests here breaks the property."""
        return None


class Nobody(Watcher):
    """Judge nothing: exploring goes on, for what comes due on the way."""

    key = "nobody"

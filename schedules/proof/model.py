"""What a proof is given and what it says: findings with the shortest counterexample as a dated timeline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from schedules.signal_texts import HELP_TEXTS, OFFER_TEXTS, REMINDER_TEXTS

TextProblems = Callable[[str, str, str, str, tuple[str, ...]], Sequence[str]]
"""(template, channel, language, stage, measures) to the problems of that text, each a Dutch sentence; none is right."""


class Status(StrEnum):
    """What was found of a property or of a whole ladder; a gap is a value that the source leaves open."""

    PROVEN = "proven"
    REFUTED = "refuted"
    GAP = "gap"


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One sentence in Dutch and in English."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the sentence in English for "en", else in Dutch."""
        return self.en if language == "en" else self.nl


@dataclass(frozen=True, kw_only=True)
class Route:
    """How a target works: days until its feedback is due and who follows that up; None where nobody said."""

    feedback_days: int | None
    owner: str | None


def _no_problems(template: str, channel: str, language: str, stage: str, measures: tuple[str, ...]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class ProofEnvironment:
    """What the shell knows and the core does not: partners, texts, and which texts prove what.

    `template_purposes` says per template what it is for (schedules.purposes), whatever a step calls it.
    `help_templates` point to debt help, `offer_templates` offer to pass on details, `reminder_templates`
    are reminders (Bgs article 2 b, d and c). `template_measures` are the measures that a text names.
    """

    routes: Mapping[str, Route] = field(default_factory=dict)
    text_problems: TextProblems = _no_problems
    languages: tuple[str, ...] = ("nl", "en")
    template_purposes: Mapping[str, str] = field(default_factory=dict)
    template_measures: Mapping[str, frozenset[str]] = field(default_factory=dict)
    help_templates: frozenset[str] = HELP_TEXTS
    offer_templates: frozenset[str] = OFFER_TEXTS
    reminder_templates: frozenset[str] = REMINDER_TEXTS


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """One line of a counterexample: `day` counts from the due date, `at` is the UTC moment."""

    day: int
    at: datetime
    text: Sentence


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found of one property: why it is refuted and the shortest path on which it breaks."""

    key: str
    title: Sentence
    source: str
    status: Status
    why: Sentence | None = None
    counterexample: tuple[TimelineEntry, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return the finding as plain data (docs/cli.md)."""
        return {
            "key": self.key,
            "status": str(self.status),
            "title": _both(self.title),
            "source": self.source,
            "why": _both(self.why) if self.why else None,
            "counterexample": [
                {"day": entry.day, "at": entry.at.isoformat(), "text": _both(entry.text)}
                for entry in self.counterexample
            ],
        }


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was explored and found: states and transitions counted, `depth` facts from outside per path at most.

    `complete` is false when the exploring stopped at `most_states` before it had seen every state within its bound.
    """

    ladder: str
    title: Mapping[str, str]
    variant: str
    findings: tuple[Finding, ...]
    states: int
    transitions: int
    depth: int
    complete: bool

    @property
    def status(self) -> Status:
        """Return refuted when any property is, else gap when one hangs on a gap, else proven."""
        found = {finding.status for finding in self.findings}
        return next((status for status in (Status.REFUTED, Status.GAP) if status in found), Status.PROVEN)

    def finding(self, key: str) -> Finding:
        """Return the finding of one property; raise KeyError when there is none by that key."""
        for finding in self.findings:
            if finding.key == key:
                return finding
        raise KeyError(key)

    def broken(self) -> tuple[Finding, ...]:
        """Return the findings that keep the ladder from being switched on."""
        return tuple(finding for finding in self.findings if finding.status is not Status.PROVEN)

    def as_data(self) -> dict[str, Any]:
        """Return the proof as plain data (docs/cli.md)."""
        return {
            "name": self.ladder,
            "title": dict(self.title),
            "variant": self.variant,
            "status": str(self.status),
            "states": self.states,
            "transitions": self.transitions,
            "depth": self.depth,
            "complete": self.complete,
            "properties": [finding.as_data() for finding in self.findings],
        }


def _both(sentence: Sentence) -> dict[str, str]:
    return {"nl": sentence.nl, "en": sentence.en}

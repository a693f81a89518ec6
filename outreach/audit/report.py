"""What the audit says: per kind how many things were examined, how many were wrong, and some examples."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong; `code` names the rule within the kind, `what` says it in Dutch."""

    code: str
    what: str
    attempt_id: int | None = None
    key: str = ""
    case_number: str = ""
    at: datetime | None = None

    def as_data(self) -> dict[str, Any]:
        """Give the finding as JSON data; `when` is in UTC."""
        return {
            "attempt": self.attempt_id,
            "key": self.key,
            "case": self.case_number,
            "code": self.code,
            "what": self.what,
            "when": self.at.isoformat() if self.at else None,
        }


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of fault: `checked` things were examined, `count` were wrong; `figures` are measured beside it."""

    count: int
    checked: int
    examples: tuple[Finding, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Give the kind as JSON data; `figures` only when there are any."""
        data = {"count": self.count, "checked": self.checked, "examples": [each.as_data() for each in self.examples]}
        return {**data, "figures": dict(self.figures)} if self.figures else data


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """The whole audit: violations of the protections, integrity of the record, and what was exempt by rule."""

    violations: Mapping[str, Kind]
    integrity: Mapping[str, Kind]
    exempt: Mapping[str, int]
    attempts: int

    @property
    def clean(self) -> bool:
        """Whether nothing at all is wrong."""
        return not any(kind.count for kind in (*self.violations.values(), *self.integrity.values()))

    def as_data(self) -> dict[str, Any]:
        """Give the report as JSON data."""
        return {
            "violations": {name: kind.as_data() for name, kind in self.violations.items()},
            "integrity": {name: kind.as_data() for name, kind in self.integrity.items()},
            "exempt": dict(self.exempt),
            "attempts": self.attempts,
        }


def tally(verdicts: Iterable[Finding | None], figures: Callable[[], Mapping[str, float]] = dict) -> Kind:
    """Count verdicts, one per examined thing (None is right), and keep the first findings as examples.

    `figures` is asked when all verdicts are in.
    """
    count = checked = 0
    examples: list[Finding] = []
    for verdict in verdicts:
        checked += 1
        if verdict is not None:
            count += 1
            if len(examples) < EXAMPLES:
                examples.append(verdict)
    return Kind(count=count, checked=checked, examples=tuple(examples), figures=figures())

"""What a check says of a text: one finding with its place, its rule, and what to write instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from messages.rules import RULES


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One remark with its place in characters: `stop` keeps the text from being sent, `warn` and `info` do not.

    Each of `alternatives` can take the place of `text` as it stands.
    """

    rule: str
    severity: str
    start: int
    end: int
    text: str
    advice: str
    source: str
    alternatives: tuple[str, ...] = ()


def finding(
    rule: str,
    severity: str,
    text: str,
    span: tuple[int, int],
    advice: str,
    alternatives: Sequence[str] = (),
    source: str | None = None,
) -> Finding:
    """Build a finding for a span of a text; the source is that of its rule unless given."""
    start, end = span
    return Finding(
        rule=rule,
        severity=severity,
        start=start,
        end=end,
        text=text[start:end],
        advice=advice,
        source=source or RULES[rule].source,
        alternatives=tuple(alternatives),
    )

"""The term of the fourteen-day letter in the languages beside Dutch and English.

BW 6:96 paragraph 6; HR 2016-11-25, ECLI:NL:HR:2016:2704: fourteen days from the day after delivery. A text in another
language that names costs has to say both; a wrong term makes the letter invalid, whatever its language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from messages.examined import Examined
from messages.findings import Finding, finding
from messages.folding import folded
from messages.wordlists import read_words


@dataclass(frozen=True, kw_only=True)
class Term:
    """How a language says fourteen days and their start, as patterns over folded text; `right` says it well."""

    right: str
    days: re.Pattern[str]
    starts: re.Pattern[str]


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield that a text which names costs does not give fourteen days from the day after delivery."""
    term = terms().get(examined.base)
    named = [(start, end) for start, end, entry in examined.hits if entry.rule == "stage_costs"]
    if term is None or not named:
        return
    text = folded(examined.text)
    if not (term.days.search(text) and term.starts.search(text)):
        advice = f"Wie kosten noemt geeft eerst veertien dagen vanaf de dag na bezorging. Schrijf: '{term.right}'"
        yield finding("fourteen_day_term", "stop", examined.text, min(named), advice)


@lru_cache(maxsize=1)
def terms() -> dict[str, Term]:
    """Return the term by base language: Turkish, Arabic, Polish, Ukrainian."""
    return {
        base: Term(right=raw["right"], days=re.compile(folded(raw["days"])), starts=re.compile(folded(raw["starts"])))
        for base, raw in read_words("fourteen_days.yaml").items()
    }

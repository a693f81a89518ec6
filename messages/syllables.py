"""Count the syllables of a Dutch word by its vowel groups."""

import re
from functools import lru_cache

_GROUPS = re.compile(
    r"aai|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|ie|oe|eu|ui|ei|ij|au|ou|ai|oi|[aeiouyáàâäéèêëíìîïóòôöúùûü]", re.IGNORECASE
)
_SPLITS = re.compile(r"(?<=[aeiou])(?=[äëïöü])", re.IGNORECASE)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Return the number of syllables, at least 1: `huur` 1, `idee` 2, `reünie` 3."""
    parts = _SPLITS.split(word)
    return max(1, sum(len(_GROUPS.findall(part)) for part in parts))

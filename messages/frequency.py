"""How often people use a word: the Zipf value of wordfreq (Speer 2022; code Apache 2.0, data CC BY-SA 4.0).

A Zipf value is the base-10 logarithm of how often a word stands in a thousand million words: 7 is `de`, 3 is once in
a million, 0 is unknown.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import wordfreq

from messages.folding import FOLDED_LANGUAGES, folded

_FLOORS = {"nl": 0.0, "en": 3.0, "tr": 3.0, "ar": 2.5, "pl": 2.0, "uk": 2.0}
"""The Zipf value from which words are kept: Dutch is judged by them all, the others only tell rare from known."""


def zipf(word: str, language: str) -> float:
    """Return the Zipf value of a word in a base language (`nl`, `en`, `tr`, ...), 0.0 when it is not in the list."""
    form = folded(word) if language in FOLDED_LANGUAGES else word.lower()
    return zipf_values(language).get(form, 0.0)


@lru_cache(maxsize=8)
def zipf_values(language: str) -> Mapping[str, float]:
    """Return every known word of a language with its Zipf value; read once. Raises KeyError without a list."""
    fold = language in FOLDED_LANGUAGES
    values: dict[str, float] = {}
    listed = wordfreq.read_cBpack(wordfreq.available_languages("best")[language])
    for place, words in enumerate(listed):
        if (value := 9 - place / 100) < _FLOORS.get(language, 0.0):
            break
        for word in words:
            values.setdefault(folded(word) if fold else word, value)
    return MappingProxyType(values)

"""Words of other alphabets in the one form in which the word lists compare them.

A Turkish or Polish SMS loses the marks of its letters, an Arabic text may carry vowel signs or leave out a hamza:
the lists match all of them.
"""

import unicodedata
from collections.abc import Iterator
from itertools import product

FOLDED_LANGUAGES = frozenset({"tr", "ar", "pl", "uk"})
"""Languages whose lists match folded words; Dutch and English tell words apart by their marks (één and een)."""

_PLAIN = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "’": "'", "ʼ": "'", "\u0640": None, "ى": "ي", "ة": "ه", "ٱ": "ا"})
_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("", "ال", "ب", "بال", "ل", "لل", "ك", "كال")
_ARTICLE = "ال"
_SHALL = "س"
_SHORTEST_STEM = 3


def folded(word: str) -> str:
    """Return a word in small letters without marks: `Borçlarınız` as `borclariniz`, `إيجارًا` as `ايجارا`."""
    if word.isascii():
        return word.lower().translate(_PLAIN)
    small = unicodedata.normalize("NFKC", word).lower().translate(_PLAIN)
    plain = unicodedata.normalize("NFKD", small)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_PLAIN)


def arabic_forms(phrase: str) -> Iterator[str]:
    """Yield a word or phrase with every particle that Arabic writes to its first word: and, so, in, to, as, the."""
    if not "\u0600" <= phrase[0] <= "\u06ff":
        yield phrase
        return
    known = _PREPOSITIONS if not phrase.startswith(_ARTICLE) else ("",)
    for conjunction, preposition in product(_CONJUNCTIONS, known):
        yield conjunction + preposition + phrase


def without_particles(word: str) -> tuple[str, ...]:
    """Return a folded Arabic word, and what is left of it without the particles that it may begin with (also shall)."""
    found = [word]
    for conjunction, preposition in product(_CONJUNCTIONS, (*_PREPOSITIONS, _SHALL)):
        particle = conjunction + preposition
        if particle and word.startswith(particle) and len(word) - len(particle) >= _SHORTEST_STEM:
            found.append(word[len(particle) :])
    return tuple(found)

"""What can be known of a Dutch word by itself: how often people use it, its known parts, its endings."""

import re
from collections.abc import Sequence
from functools import lru_cache

from messages.frequency import zipf_values

COMPOUND_LETTERS = 8
"""A shorter word is not looked at as a compound."""

_LONGEST_COMPOUND = 80
"""A longer word is no word: it is not cut in parts."""

_PART_LETTERS = 4
_SHORT_PARTS = frozenset({"app", "bak", "bed", "bus", "dag", "dak", "gas", "pas", "tas", "was", "wet", "zak"})
"""Words of three letters that compounds are made of; of the others too many are mere pieces."""

_KNOWN_PART = 3.3
_COMPOUND_COST = 0.7
"""A compound is that much rarer, in Zipf, than the rarest of its known parts."""
_LINKS = ("", "s", "en", "e", "-")
_PARTICLES = frozenset(
    {"aan", "achter", "boven", "buiten", "contra", "door", "heen", "langs", "mede", "midden", "onder", "over", "rond"}
    | {"samen", "tegen", "terug", "tussen", "voor", "voort", "weder", "zonder"}
)
"""Words that change the meaning of what follows: `achterstand` is no compound of `achter` and `stand`."""


_NOUN = re.compile(
    r".{3,}(?:ing|ingen|heid|heden|atie|aties|iteit|iteiten|isme|schap|nis|tie|ties|sie|sies|ment|menten|age)\Z"
)
_ADJECTIVE = re.compile(r".{2,}(?:lijke?|ische?|ief|ieve|eel|ele|baar|bare|aal|ale|iek|ieke|aire?)\Z")
_SEPARABLE = (
    "aan|achter|af|bij|dicht|door|goed|in|klaar|kwijt|los|mee|na|neer|om|op|open|over|plaats|samen|terug|thuis|toe|uit|vast"
    "|voor|vrij|weg"
)
_PARTICIPLE = re.compile(
    rf"(?:{_SEPARABLE})?(?:ge[a-z]{{3,}}(?:d|t|en)|(?:be|ver|ont|her)[a-z]{{2,}}(?:d|(?:k|f|s|ch|p|x)t))\Z"
)
_STRONG = frozenset(
    {"ontvangen", "verzonden", "besproken", "beschreven", "bewezen", "verboden", "verloren", "ontbonden", "ontslagen"}
    | {"verwezen", "doorverwezen", "bekeken", "begrepen", "vergeleken", "verkregen", "vergeten", "bevonden", "ontnomen"}
)
"""Past participles that no ending tells from an infinitive."""

_PRESENT_PARTICIPLE = re.compile(r"[a-z]{4,}ende?\Z")
_LOAN_VERB = re.compile(r"[a-z]{3,}(?:eren|eert|eerde?n?)\Z")


@lru_cache(maxsize=50_000)
def zipf(word: str) -> float:
    """Return how often a lower-case word is used (Zipf); a compound of known words counts by them; unknown is 1.0."""
    value = zipf_values("nl").get(word, 1.0)
    if value >= _KNOWN_PART or len(word) < COMPOUND_LETTERS:
        return value
    parts = compound(word)
    if not parts:
        return value
    known = zipf_values("nl")
    return max(value, min(known[part] for part in parts) - _COMPOUND_COST)


@lru_cache(maxsize=20_000)
def compound(word: str) -> tuple[str, ...]:
    """Return the known words a lower-case compound is made of (`huurtoeslag`: huur, toeslag), or nothing."""
    return tuple(_best(word, _KNOWN_PART, depth=3)) if len(word) <= _LONGEST_COMPOUND else ()


def _best(word: str, floor: float, depth: int) -> Sequence[str]:
    """Cut off the longest known last part whose front is known too."""
    known = zipf_values("nl")
    for at in range(_PART_LETTERS - 1, len(word) - _PART_LETTERS + 2):
        last = word[at:]
        if known.get(last, 0.0) < floor or not _is_part(last):
            continue
        front = _front(word[:at], floor, depth - 1)
        if front:
            return [*front, last]
    return ()


def _front(front: str, floor: float, depth: int) -> Sequence[str]:
    known = zipf_values("nl")
    for link in _LINKS:
        stem = front.removesuffix(link)
        if (link and stem == front) or not _is_part(stem) or stem in _PARTICLES:
            continue
        if known.get(stem, 0.0) >= floor:
            return [stem]
    return _best(front, floor, depth) if depth and len(front) >= COMPOUND_LETTERS else ()


def _is_part(word: str) -> bool:
    return len(word) >= _PART_LETTERS or word in _SHORT_PARTS


def is_nominal(word: str) -> bool:
    """Say whether a word ends as an abstract noun does: betaling, mogelijkheid, organisatie."""
    return _NOUN.match(word) is not None


def is_derived_adjective(word: str) -> bool:
    """Say whether a word ends as a formal adjective does: wettelijk, juridisch, financieel."""
    return _ADJECTIVE.match(word) is not None


def is_participle(word: str) -> bool:
    """Say whether a word looks like a past participle: betaald, geschreven, opgestuurd."""
    return word in _STRONG or _PARTICIPLE.match(word) is not None


def is_present_participle(word: str) -> bool:
    """Say whether a word looks like a present participle: volgende, openstaande."""
    return _PRESENT_PARTICIPLE.match(word) is not None


def is_loan_verb(word: str) -> bool:
    """Say whether a word looks like a verb in -eren: controleren, gehanteerd."""
    return _LOAN_VERB.match(word) is not None

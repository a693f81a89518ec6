"""Read a key of the keypad, also when somebody types it: `2`, `keuze 2`, `optie drie`."""

import re

from messages.replies.numbers import NUMBERS
from messages.wordlists import read_words

_RAW = read_words("replies/menu.yaml")
_BEFORE, _AFTER = frozenset(_RAW["before"]), frozenset(_RAW["after"])
_KEY = re.compile(r"[1-9](?:'?(?:e|i|u|ye|yi|a))?[.)!]?")
_WORDS: dict[str, int] = {word: key for key, words in _RAW["keys"].items() for word in words}
_MOST_WORDS = 5


def find_key(words: tuple[str, ...]) -> int | None:
    """Return the key from 1 to 9 when a reply is nothing else than that; None otherwise."""
    if not words or len(words) > _MOST_WORDS:
        return None
    keys = [(at, key) for at, word in enumerate(words) if (key := _key(word)) is not None]
    if len(keys) != 1:
        return None
    at, key = keys[0]
    before, after = words[:at], words[at + 1 :]
    return key if set(before) <= _BEFORE and set(after) <= _AFTER | _BEFORE else None


def _key(word: str) -> int | None:
    if _KEY.fullmatch(word):
        return int(word[0])
    if word in _WORDS:
        return _WORDS[word]
    found = next((table[word] for table in NUMBERS.values() if word in table), None)
    return found if found is not None and 1 <= found <= 9 else None

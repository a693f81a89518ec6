"""Put digits for number words: one Dutch or English word, and words after each other in every language."""

import re
from collections.abc import Mapping

from messages.wordlists import read_words

RAW = read_words("replies/numbers.yaml")
NUMBERS: Mapping[str, Mapping[str, int]] = RAW["numbers"]
COUNTED = "|".join(RAW["counted"])
"""A pattern for what a number counts when it is no money: days, times, people."""
_CURRENCY_START = re.compile(r" ?(?:€|e[uv]|yuro|avro|єв|ев|يو|اور|اير|piek|tientje|ekk)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_JOINED = re.compile(r" (?:and |ve |و ?)?|-| en ")
_READ_TOGETHER = ("nl", "en")
_TURKISH_ENDING = re.compile(r"(?<=..)(?:'?[td][ae]n|'?[ae]r)$")
_SMALL = 10
_SPEECH = frozenset({"on", "bin", "met", "a", "alti", "yuz"})
"""Number words that are other words as well: they count only beside another number or before the currency."""


def written_out(text: str, language: str) -> str:
    """Return a plain reply with digits for the number words of ten and more, and smaller ones before the currency.

    Dutch words are read in every language: people mix them.
    """
    codes = ("nl", language) if language in NUMBERS and language not in _READ_TOGETHER else _READ_TOGETHER
    made: list[str] = []
    place = 0
    matches = list(_WORD.finditer(text))
    index = 0
    while index < len(matches):
        value, used = _run(text, matches, index, codes)
        if used:
            first, last = matches[index], matches[index + used - 1]
            priced = _CURRENCY_START.match(text, last.end()) is not None
            alone = used == 1 and first[0] in _SPEECH
            if (value >= _SMALL and not alone) or priced:
                made += [text[place : first.start()], str(value)]
                place = last.end()
        index += max(used, 1)
    return "".join([*made, text[place:]])


def _run(text: str, matches: list[re.Match[str]], start: int, codes: tuple[str, ...]) -> tuple[int, int]:
    """Read the number words that follow each other from one word on: their value, and how many they are."""
    total = current = used = 0
    for index in range(start, len(matches)):
        if index > start and not _JOINED.fullmatch(text, matches[index - 1].end(), matches[index].start()):
            break
        value = _value(matches[index][0], codes)
        if value is None:
            break
        joined_by_and = matches[index][0].startswith("و") and current < _SMALL
        if used and not joined_by_and and not _may_follow(current, value):
            break
        if value == 1000:
            total, current = total + (current or 1) * 1000, 0
        elif value == 100:
            current = (current or 1) * 100 if current < _SMALL else current + 100
        else:
            current += value
        used += 1
    return total + current, used


def _may_follow(current: int, value: int) -> bool:
    """Say whether a number may go on with this one: `yuz elli`, `twenty five`; not `vijftig zestig`."""
    if value in (100, 1000):
        return current < value or not current
    return (
        current == 0
        or (current % 100 == 0 and value < 100)
        or (current % 10 == 0 and value < _SMALL and current % 100 >= _SMALL)
    )


def _value(word: str, codes: tuple[str, ...]) -> int | None:
    for code in codes:
        found = number_word(word) if code == "nl" else NUMBERS[code].get(word)
        if found is None and code == "ar" and word.startswith("و"):
            found = NUMBERS["ar"].get(word[1:])
        if found is None and code == "tr":
            found = NUMBERS["tr"].get(_TURKISH_ENDING.sub("", word))
        if found is not None:
            return found
    return None


def number_word(word: str) -> int | None:
    """Read a number written as one Dutch word: `vijfentwintig` 25, `honderdvijftig` 150, `tweehonderd` 200."""
    dutch = NUMBERS["nl"]
    if word in dutch:
        return dutch[word]
    if word.endswith("s") and word[:-1] in dutch and word[:-1].endswith(("je", "ie")):
        return None
    for sign, size in (("duizend", 1000), ("honderd", 100)):
        head, found, tail = word.partition(sign)
        if found:
            first = number_word(head) if head else 1
            rest = number_word(tail.removeprefix("en")) if tail else 0
            return None if first is None or rest is None else first * size + rest
    for ten in ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"):
        unit = word.removesuffix(ten)
        if unit != word and unit.endswith("en") and dutch.get(unit.removesuffix("en"), _SMALL) < _SMALL:
            return dutch[ten] + dutch[unit.removesuffix("en")]
    return None

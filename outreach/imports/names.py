"""Take apart names and addresses that an export has in one field."""

import re
from functools import lru_cache
from typing import NamedTuple

PREFIXES = frozenset(
    {
        "van",
        "de",
        "der",
        "den",
        "het",
        "'t",
        "ten",
        "ter",
        "te",
        "op",
        "in",
        "'s",
        "la",
        "le",
        "du",
        "von",
        "al",
        "el",
        "ben",
        "bin",
        "d'",
        "dos",
        "da",
        "di",
    }
)
_TITLES = {
    "dhr": "dhr",
    "hr": "dhr",
    "heer": "dhr",
    "de heer": "dhr",
    "meneer": "dhr",
    "m": "dhr",
    "man": "dhr",
    "mr": "dhr",
    "mevr": "mevr",
    "mw": "mevr",
    "mevrouw": "mevr",
    "v": "mevr",
    "vrouw": "mevr",
    "mrs": "mevr",
    "ms": "mevr",
    "fam": "fam",
    "familie": "fam",
    "de familie": "fam",
}
_TITLE_AHEAD = re.compile(r"(de heer|de familie|heer|dhr|hr|meneer|mevrouw|mevr|mw|familie|fam)\b\.?\s*", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[A-Z](?:[a-z]{1,2})?\.\s?)+|[A-Z]{1,4}")
_NUMBER = re.compile(r"(\d{1,5})[\s\-/]*([0-9A-Za-z\-./ ]{0,20})")
_ADDRESS = re.compile(r"(.*?[^\d\s,])[\s,]+(\d{1,5}[\s\-/]*[0-9A-Za-z\-./ ]{0,12})")


class Name(NamedTuple):
    """A person's name in parts."""

    title: str = ""
    initials: str = ""
    given: str = ""
    prefix: str = ""
    family: str = ""


@lru_cache(maxsize=4_096)
def read_title(value: str) -> str:
    """Give dhr, mevr, fam or nothing."""
    return _TITLES.get(value.strip().rstrip(".").casefold(), "")


def split_name(value: str) -> Name:
    """Split a full name as written: "Berg, P.J. van den", "mevr. P. de Vries" or "Piet de Vries"."""
    text = " ".join(value.split())
    found = _TITLE_AHEAD.match(text)
    title = read_title(found[1]) if found else ""
    text = text[found.end() :] if found else text
    if "," in text:
        family, _, rest = text.partition(",")
        title = title or read_title(rest)
        return _from_parts(title, rest.replace(",", " ").split(), family.strip())
    words = text.split()
    at = next((n for n, word in enumerate(words[:-1]) if word.casefold() in PREFIXES), max(len(words) - 1, 0))
    last = next((n for n in range(at, len(words)) if words[n].casefold() not in PREFIXES), len(words))
    return _from_parts(title, words[:last], " ".join(words[last:]))


def _from_parts(title: str, words: list[str], family: str) -> Name:
    before = [word for word in words if word.casefold() not in PREFIXES and not read_title(word)]
    prefix = " ".join(word for word in words if word.casefold() in PREFIXES)
    initials = [word for word in before if _INITIALS.fullmatch(word)]
    given = [word.strip("()") for word in before if not _INITIALS.fullmatch(word)]
    return Name(title, "".join(initials), " ".join(given), prefix, family)


@lru_cache(maxsize=16_384)
def split_house_number(value: str, addition: str = "") -> tuple[int, str] | None:
    """Split "12 A-3" into 12 and "A-3"; None when there is no number."""
    found = _NUMBER.fullmatch(value.strip())
    if not found:
        return None
    rest = addition.strip() or found[2].strip(" -./")
    return int(found[1]), rest.upper() if len(rest) == 1 else rest


def split_address(value: str) -> tuple[str, str] | None:
    """Split "Dorpsstraat 12 A" into street and number with addition; None when that fails."""
    found = _ADDRESS.fullmatch(" ".join(value.split()))
    return (found[1], found[2]) if found else None

"""Bring a tenant's reply into a plain form and guess its language."""

import re
import unicodedata
from collections.abc import Sequence

from messages.reply_rules import LANGUAGE_WORDS

_YES = re.compile("[\U0001f44d\U0001f44c✅]")
_NO = re.compile("[\U0001f44e❌]")
_KEEP = re.compile(r"[^a-z0-9€$.,:;/?!'\s+-]")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[a-z']+")
_NON_LATIN = (
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ti", re.compile("[\u1200-\u137f]")),
)

_READ = ("nl", "en")
_OWN_SIGNS = {"pl": re.compile("[ąćęłńśźżĄĆĘŁŃŚŹŻ]"), "tr": re.compile("[ğışĞİŞ]")}
_SIGNS_WEIGH = 2
"""Signs that Dutch has not weigh as two words, beside a word that is only of that language: a name has them too."""


def plain(text: str) -> str:
    """Return the reply in lower case without accents, emoji and doubled spaces; a thumb up is `ja`."""
    text = _NO.sub(" nee ", _YES.sub(" ja ", text))
    text = text.translate({0x2019: "'", 0x2018: "'", 0x131: "i", 0x142: "l", 0xA0: " ", 0x2013: "-"})
    text = unicodedata.normalize("NFKD", text).lower()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return _SPACE.sub(" ", _KEEP.sub(" ", text)).strip()


def guess_language(raw: str, text: str) -> str:
    """Return `nl`, `en`, or the code of another language that this reply is clearly in; Dutch when in doubt."""
    for code, script in _NON_LATIN:
        if script.search(raw):
            return code
    words = _WORD.findall(text)
    for code, known in LANGUAGE_WORDS.items():
        if code not in _READ and _clearly(code, known, raw, words):
            return code
    return "en" if _count("en", words) > _count("nl", words) else "nl"


def _clearly(code: str, known: frozenset[str], raw: str, words: Sequence[str]) -> bool:
    """Say whether words of a language outweigh those of Dutch and English; a word of both counts for it alone."""
    own = [word for word in words if word in known]
    others = [word for word in words if word not in known]
    weight = len(own)
    if code in _OWN_SIGNS and _OWN_SIGNS[code].search(raw) and not all(map(_is_read, own)):
        weight += _SIGNS_WEIGH
    return weight >= 2 + max(_count(read, others) for read in _READ)


def _is_read(word: str) -> bool:
    return any(word in LANGUAGE_WORDS[code] for code in _READ)


def _count(code: str, words: Sequence[str]) -> int:
    return sum(word in LANGUAGE_WORDS[code] for word in words)

"""Bring a tenant's reply into a plain form and guess its language."""

import re
import unicodedata

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
    counts = {code: sum(word in known for word in words) for code, known in LANGUAGE_WORDS.items()}
    dutch, english = counts.pop("nl"), counts.pop("en")
    for code, count in counts.items():
        if count >= 2 + max(dutch, english):
            return code
    return "en" if english > dutch else "nl"

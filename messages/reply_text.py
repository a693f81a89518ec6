"""Bring a tenant's reply into a plain form and guess its language."""

import re
import unicodedata
from typing import Final

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
_DUTCH: Final = frozenset(
    (
        "ik de het een en van mijn niet geen dat die u wij je met voor maar als ook nog wel dan kan kunt heb heeft ben is "
        "wil maand betalen betaald betaal huur bel mij regeling nee ja graag per week vrijdag maandag dinsdag woensdag "
        "donderdag zaterdag zondag over uit om te al er wat hoe waarom wanneer hulp geld dank goed morgen"
    ).split()
)
_ENGLISH: Final = frozenset(
    (
        "i the a an and of my not no that you we with for but if also still can could have has am is are want month pay paid "
        "rent call me plan yes please per week friday monday tuesday wednesday thursday saturday sunday to what how why when "
        "help money thanks will already it this do don't can't i'm tomorrow english"
    ).split()
)
_OTHER: Final = (
    ("tr", frozenset("merhaba ben odeme yapamiyorum lutfen turkce param yok para kira tesekkurler degil".split())),
    ("pl", frozenset("nie mam dzien dobry prosze polsku pieniedzy zaplacic moge dziekuje czynsz".split())),
    ("es", frozenset("hola no tengo dinero puedo pagar gracias por favor alquiler espanol".split())),
    ("fr", frozenset("bonjour je ne peux pas payer argent merci loyer francais".split())),
    ("de", frozenset("ich kann nicht zahlen bitte miete danke geld habe deutsch".split())),
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
    dutch = sum(word in _DUTCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    for code, known in _OTHER:
        if sum(word in known for word in words) >= 2 + max(dutch, english):
            return code
    return "en" if english > dutch else "nl"

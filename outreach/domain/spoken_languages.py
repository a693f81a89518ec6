"""The languages that a person can speak, by the ways that registers write them: code, ISO 639-2, name."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from messages.languages import LANGUAGES

_WORDS = {
    "nl": "nld dut ned nederlands dutch vlaams flemish",
    "en": "eng engels english",
    "tr": "tur turks turkish turkce",
    "ar": "ara arabisch arabic",
    "pl": "pol pools polish polski",
    "uk": "ukr oekraiens ukrainian",
    "de": "deu ger duits german deutsch",
    "fr": "fra fre frans french francais",
    "es": "spa spaans spanish espanol",
    "ru": "rus russisch russian",
    "ti": "tir tigrinya tigrigna",
    "fa": "fas per farsi perzisch persian dari",
    "so": "som somalisch somali",
    "pt": "por portugees portuguese portugues",
    "it": "ita italiaans italian italiano",
    "ro": "ron rum roemeens romanian",
    "bg": "bul bulgaars bulgarian",
    "hu": "hun hongaars hungarian magyar",
    "zh": "zho chi chinees chinese mandarijn mandarin",
    "ku": "kur koerdisch kurdish",
    "pap": "papiaments papiamentu papiamento",
    "ber": "berbers berber tamazight",
    "ps": "pus pasjtoe pashto",
    "ur": "urd urdu",
    "hi": "hin hindi",
    "vi": "vie vietnamees vietnamese",
    "am": "amh amhaars amharic",
}


@lru_cache(maxsize=1024)
def language_code(raw: str) -> str:
    """Return the code for `tr`, `tr-TR`, `TUR`, `Turks`, `Turkish` or `Türkçe`; nothing for a language not known."""
    return _BY_WORD.get(_plain(raw.replace("_", "-").split("-")[0]), "")


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


SPOKEN_LANGUAGES: tuple[str, ...] = tuple(_WORDS)
"""Codes of languages that a person can have; texts exist for those of messages.languages."""

_BY_WORD: Mapping[str, str] = MappingProxyType(
    {word: code for code, words in _WORDS.items() for word in (code, *words.split())}
    | {_plain(each.own_name): each.base for each in LANGUAGES.values()}
)

"""Bring a tenant's reply into a plain form: one alphabet form, no marks, no signs that hide, words apart."""

import re
import unicodedata

READ_CHARACTERS = 2_000
"""So much of a reply is read for its meaning; danger is looked for in all of it, up to DANGER_CHARACTERS."""
DANGER_CHARACTERS = 20_000

_YES = re.compile("[\U0001f44d\U0001f44c✅☑✔\U0001f197]")
_NO = re.compile("[\U0001f44e❌✖\U0001f645]")
_ANGRY = re.compile("[\U0001f92c\U0001f595\U0001f621\U0001f624]")
_JOKE = re.compile("[\U0001f602\U0001f923\U0001f605\U0001f606\U0001f61c\U0001f609\U0001f604\U0001f600]")
_SPACE = re.compile(r"\s+")
_DROP = re.compile(r"[^\w€$.,:;/?!'\s+%-]|_")
_LONG = re.compile(r"([a-z\u0400-\u04ff])\1{2,}")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ´`‛′", "'"),
        **dict.fromkeys("–—−‐‑", "-"),
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "ß": "ss",
        "æ": "ae",
        "ـ": None,
        "ى": "ي",
        "ة": "ه",
        "ٱ": "ا",
        "ک": "ك",
        "ی": "ي",
        "گ": "ك",
        "چ": "ج",
        "٪": "%",
        "؟": "?",
        "،": ",",
        "؛": ";",
        "٫": ",",
        "٬": ".",
    }
)


def plain(text: str) -> str:
    """Return the reply in small letters without marks, emoji, signs that hide and doubled spaces.

    A thumb up is `ja`, a thumb down `nee`; digits of any script become 0-9; a letter three times or more counts twice.
    """
    text = _NO.sub(" nee ", _YES.sub(" ja ", text))
    text = _JOKE.sub(" haha ", _ANGRY.sub(" grr ", text))
    text = unicodedata.normalize("NFKC", text).replace("İ", "i").lower().translate(_SIGNS)
    text = unicodedata.normalize("NFKD", text).translate(_SIGNS)
    text = "".join(_plain_sign(sign) for sign in text)
    text = _SPACE.sub(" ", _DROP.sub(" ", text)).strip()
    return _LONG.sub(r"\1\1", text)


def _plain_sign(sign: str) -> str:
    if sign.isascii():
        return sign
    kind = unicodedata.category(sign)
    if kind in ("Mn", "Cf", "Cs"):
        return ""
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    return sign


def words_of(words: str) -> tuple[str, ...]:
    """Split a plain reply into its words and numbers."""
    return tuple(_WORD.findall(words))

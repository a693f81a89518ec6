"""Guess the language of a reply: by its script, else by the weights of its pieces and words."""

import re
from collections import Counter
from collections.abc import Mapping

from messages.replies.learned import load

DUTCH = "nl"
_SCRIPTS = (
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("ru", re.compile("[ыэъёЫЭЪЁ]")),
    ("uk", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ti", re.compile("[\u1200-\u137f]")),
)
_OTHERS = {
    "es": frozenset(
        [
            "alquiler",
            "dinero",
            "espanol",
            "favor",
            "gracias",
            "hola",
            "pagar",
            "por",
            "puedo",
            "tengo",
            "para",
            "quiero",
            "cuando",
        ]
    ),
    "fr": frozenset(
        [
            "argent",
            "bonjour",
            "francais",
            "je",
            "loyer",
            "merci",
            "ne",
            "pas",
            "payer",
            "peux",
            "suis",
            "avec",
            "pour",
            "vous",
        ]
    ),
    "de": frozenset(
        ["bitte", "danke", "deutsch", "habe", "ich", "kann", "miete", "nicht", "zahlen", "und", "bin", "das", "wir"]
    ),
}
"""A few words of languages that have no texts here: enough to see that a person must look."""
_CLEARLY = 0.55
_LEAST_OTHERS = 2


def guess_language(raw: str, spelling: Mapping[str, Counter[str]]) -> str:
    """Return the code of the language that a reply is in; Dutch when in doubt."""
    for code, script in _SCRIPTS:
        if script.search(raw):
            return code
    words = spelling["w"]
    for code, known in _OTHERS.items():
        if sum(word in known for word in words) > max(_LEAST_OTHERS - 1, len([w for w in words if " " not in w]) // 3):
            return code
    chances = load()["language"].chances(spelling)
    likely = max(chances, key=lambda code: chances[code])
    return likely if chances[likely] >= _CLEARLY else DUTCH

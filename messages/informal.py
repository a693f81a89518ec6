"""Say je where a plain Dutch turn says u: `als u wilt` becomes `als je wilt`, `heeft u` becomes `heb je`."""

import re

_VERBS = {
    "wilt": "wil",
    "kunt": "kun",
    "heeft": "heb",
    "hebt": "heb",
    "bent": "ben",
    "betaalt": "betaal",
    "belt": "bel",
}
_VERBS |= {"vindt": "vind", "zorgt": "zorg"}
_TURNS = (
    (re.compile(rf"\b({'|'.join(_VERBS)}) u\b"), lambda match: f"{_VERBS[match[1]]} je"),
    (re.compile(r"\b(aan|bij|op|over|van|volgens|voor) u\b"), lambda match: f"{match[1]} jou"),
    (re.compile(r"\bu zich\b"), lambda match: "je je"),
    (re.compile(r"\bu\b(.*)\bheeft\b"), lambda match: f"je{match[1]}hebt"),
    (re.compile(r"\bu\b"), lambda match: "je"),
    (re.compile(r"\buw\b"), lambda match: "je"),
)


def informal(plain: str) -> str:
    """Return a turn of the dictionary with je for u and uw; a turn without them as it is."""
    for pattern, written in _TURNS:
        plain = pattern.sub(written, plain)
    return plain

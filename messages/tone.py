"""Tone and stage: words that threaten, shame or shout, and measures that are not possible yet."""

import re
from collections.abc import Iterator

from messages.examined import Examined
from messages.findings import Finding, finding
from messages.wordlists import language_facts

_BANG = re.compile(r"!+")
_UPPER = "".join(chr(code) for code in range(0x530) if chr(code).isupper())
"""Capitals of the Latin, Greek and Cyrillic alphabets; Arabic has none."""

_CAPITALS = re.compile(rf"[{_UPPER}]{{2,}}(?:[ -]+[{_UPPER}]{{2,}})*")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")
"""A bank account number (ISO 13616): its letters are no shouting."""

_STAGE = "stage_"


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield the words of the lists that stand in the text, and what shouts."""
    yield from _words(examined)
    yield from _shouting(examined.text)


def _words(examined: Examined) -> Iterator[Finding]:
    for start, end, entry in examined.hits:
        measure = entry.rule.removeprefix(_STAGE)
        if entry.rule == "private" or (entry.rule.startswith(_STAGE) and measure in examined.allowed_measures):
            continue
        yield finding(
            entry.rule, entry.severity, examined.text, (start, end), entry.advice, entry.alternatives, entry.source
        )


def _shouting(text: str) -> Iterator[Finding]:
    for match in _BANG.finditer(text):
        yield finding("exclamation", "stop", text, match.span(), "Gebruik een punt.", (".",))
    facts = language_facts()
    accounts = [match.span() for match in _IBAN.finditer(text)]
    for match in _CAPITALS.finditer(text):
        if any(start <= match.start() < end for start, end in accounts):
            continue
        words = [word for word in re.split(r"[ -]+", match.group()) if word not in facts.caps_allowed]
        plain = (match.group().lower(),)
        if any(word in facts.caps_stress for word in words):
            yield finding("capitals", "stop", text, match.span(), "Gebruik gewone letters.", plain)
        elif any(len(word) > 3 for word in words):
            advice = "Gebruik gewone letters, tenzij het een naam is."
            yield finding("capitals", "warn", text, match.span(), advice, plain)

"""Cut a text into sentences, with their places: bullets, headings, amounts, dates and abbreviations survive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from messages.wordlists import language_facts

_BULLET = re.compile(r"[ \t]*(?:[-*•–▪]|\(\s?[\wx]?\s?\)|\d{1,2}[.)]|[a-z]\))[ \t]+")
_END = re.compile(r"[.!?؟…]+[\"'”’»)\]]*(?=\s|$)")
_LAST_WORD = re.compile(r"\S+$")
_INITIAL = re.compile(r"(?:^|[\s(])(?:[A-Z]\.)+$")
_LINE = re.compile(r"[^\r\n]+")
_NEXT = re.compile(r"\S")
_SHORT_LINE = 60
_LOOK_BACK = 40
"""No abbreviation is longer; looking back no further keeps the work in step with the text."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; `text` is exactly the text between `start` and `end`."""

    start: int
    end: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order; they do not overlap and leave out nothing but white space."""
    found: list[Sentence] = []
    for start, end in _blocks(text):
        found.extend(_within(text, start, end))
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Join lines that run on; a blank line, a bullet, a heading or a closing line stands alone."""
    start: int | None = None
    end = 0
    for match in _LINE.finditer(text):
        if not match.group().strip():
            continue
        if start is not None and _runs_on(text, end, match):
            end = match.end()
            continue
        if start is not None:
            yield start, end
        start, end = match.start(), match.end()
    if start is not None:
        yield start, end


def _runs_on(text: str, end: int, line: re.Match[str]) -> bool:
    between = text[end : line.start()]
    if between.replace("\r\n", "\n").count("\n") > 1 or _BULLET.match(line.group()):
        return False
    before = text[text.rfind("\n", 0, end) + 1 : end].rstrip()
    first = line.group().lstrip()[:1]
    if first.islower():
        return True
    return len(before) > _SHORT_LINE and before[-1] not in ".!?؟:…"


def _within(text: str, start: int, end: int) -> Iterator[Sentence]:
    bullet = _BULLET.match(text, start, end)
    scan = bullet.end() if bullet else start
    for match in _END.finditer(text, scan, end):
        if _ends(text, start, match, end):
            yield from _sentence(text, start, match.end())
            start = match.end()
    yield from _sentence(text, start, end)


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Say whether this full stop ends a sentence: not after an abbreviation or an initial."""
    if match.group()[0] != ".":
        return True
    following = _NEXT.search(text, match.end(), end)
    if following is None:
        return True
    upto = text[max(start, match.start() - _LOOK_BACK) : match.start() + 1]
    word = _LAST_WORD.search(upto)
    last = word.group().lower().lstrip("(\"'") if word else ""
    facts = language_facts()
    if last in facts.may_end:
        return following.group().isupper()
    return last not in facts.abbreviations and not _INITIAL.search(upto)


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        at = start + len(piece) - len(piece.lstrip())
        yield Sentence(at, at + len(stripped), stripped)

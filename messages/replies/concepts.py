"""What the words of a reply speak of: paying, a death, a door, a person to call; one list of words per language."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from messages.wordlists import read_words

LANGUAGES = ("nl", "en", "tr", "ar", "pl", "uk")
_NEAR = 4
_MOST_PAIRS = 60


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One word of an entry: the sign strings that it begins and ends with, `any_end` and `any_start` for a star."""

    text: str
    any_start: bool
    any_end: bool

    def fits(self, word: str) -> bool:
        """Say whether a word is this one."""
        if self.any_start:
            return self.text in word if self.any_end else word.endswith(self.text)
        return word.startswith(self.text) if self.any_end else word == self.text


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    words: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept with the words that speak of it: from `start` to `end`, half open."""

    concept: str
    start: int
    end: int


class Concepts:
    """The entries of one set of languages, found by the first word of each."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._exact: dict[str, list[_Entry]] = defaultdict(list)
        self._stems: dict[str, list[_Entry]] = defaultdict(list)
        self._loose: list[_Entry] = []
        for entry in _entries(languages):
            first = entry.words[0]
            if first.any_start or not first.text:
                self._loose.append(entry)
            elif first.any_end:
                self._stems[first.text].append(entry)
            else:
                self._exact[first.text].append(entry)
        self._longest = max((len(stem) for stem in self._stems), default=0)

    def find(self, words: Sequence[str]) -> list[Mention]:
        """Return what the words speak of, in their order; one concept at one place counts once."""
        found: dict[tuple[int, str], Mention] = {}
        for start, word in enumerate(words):
            for entry in self._beginning(word):
                end = start + len(entry.words)
                if end <= len(words) and all(
                    pattern.fits(each) for pattern, each in zip(entry.words[1:], words[start + 1 : end], strict=True)
                ):
                    known = found.get((start, entry.concept))
                    if known is None or known.end < end:
                        found[start, entry.concept] = Mention(entry.concept, start, end)
        return sorted(found.values(), key=lambda each: (each.start, each.concept))

    def _beginning(self, word: str) -> Iterator[_Entry]:
        yield from self._exact.get(word, ())
        for size in range(1, min(len(word), self._longest) + 1):
            yield from self._stems.get(word[:size], ())
        for entry in self._loose:
            if entry.words[0].fits(word):
                yield entry


def _entries(languages: Sequence[str]) -> Iterator[_Entry]:
    for code in languages:
        for concept, listed in read_words(f"replies/concepts-{code}.yaml").items():
            for entry in dict.fromkeys(part.strip() for part in listed.split(",")):
                if entry:
                    yield _Entry(concept, tuple(_pattern(word) for word in entry.split()))


def _pattern(word: str) -> _Pattern:
    return _Pattern(word.strip("*"), word.startswith("*"), word.endswith("*"))


@lru_cache(maxsize=8)
def concepts_of(language: str) -> Concepts:
    """Return the lists that a reply in a language is read with; the Dutch ones for a language without lists."""
    return Concepts((language if language in LANGUAGES else "nl",))


def marks_of(mentions: Sequence[Mention]) -> Iterator[str]:
    """Yield a mark per concept, and per two concepts that stand near each other, in their order."""
    yield from {f"k:{each.concept}" for each in mentions}
    pairs: set[str] = set()
    for at, first in enumerate(mentions):
        for second in mentions[at + 1 :]:
            if second.start > first.end + _NEAR or len(pairs) >= _MOST_PAIRS:
                break
            if second.start >= first.start and second.concept != first.concept:
                pairs.add(f"kk:{first.concept}>{second.concept}")
    yield from pairs

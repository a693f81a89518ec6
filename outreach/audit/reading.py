"""Judge whether texts are plain Dutch (B1), by a reading of our own that shares nothing with the first check."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from outreach.audit.record import Sent
from outreach.audit.report import Finding

LONGEST_SENTENCE = 20
LONGEST_MEAN = 15.0
FLOOR = 60.0
"""The lowest Flesch-Douma score for a text of `LONG_TEXT` words or more; 60 and above is called standard Dutch."""

LONG_TEXT = 50
OFFICIALESE = (
    *("aangaande", "alsmede", "betreffende", "conform", "derhalve", "desbetreffende", "desgewenst", "dienaangaande"),
    *("doch", "echter", "eveneens", "geschieden", "gaarne", "hieromtrent", "indien", "ingevolge"),
    *("inzake", "krachtens", "middels", "mits", "nochtans", "omtrent", "onverwijld", "reeds"),
    *("teneinde", "terstond", "thans", "tevens", "uwerzijds", "verzuim", "vooralsnog", "voornoemde"),
    *("zulks",),
    *("hierbij delen wij", "in gebreke", "te allen tijde", "ten behoeve van", "ten gevolge van"),
)
THREATS = (
    *("beslag", "dagvaar", "dwang", "gedwongen", "huis uit", "huisuitzetting", "laatste waarschuwing", "ontruim"),
    *("op straat", "sommatie", "sommeren", "sommeer", "uit uw huis", "uit uw woning", "uitzetting", "vervolgen wij"),
)
"""Beginnings of words and phrases that no message may use, but a legal letter may have to."""

_PART = re.compile(r"^\[[a-z_]+\]\s*$", re.MULTILINE)
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|tel|nr|nrs|bijv|bv|dhr|mw|mevr|jl|p|blz)\.(?=\s*\S)", re.IGNORECASE)
_SENTENCE = re.compile(r"(.+?)([.!?]+(?=\s|$)|$)", re.MULTILINE)
_NUMBER = r"\+?\d(?:[\d.,:/-]|\s(?=\d))*"
_LETTERS = r"[^\W\d_]+(?:['’.-][^\W\d_]+)*"
_TOKEN = re.compile(rf"{_NUMBER}|{_LETTERS}")
_SYLLABLE = re.compile("aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|[aeiouyàáâäèéêëìíîïòóôöùúûü]")


@dataclass(kw_only=True)
class Reading:
    """What one text measures: words per sentence and the Flesch-Douma score (None for a short text)."""

    mean: float
    longest: int
    score: float | None


@dataclass(kw_only=True)
class ReadingJudge:
    """Judge texts one after the other; keeps the lowest score and the longest sentence that it saw."""

    lowest_score: float | None = None
    longest_sentence: int = 0
    other_languages: int = 0
    _known: dict[int, Sent] = field(default_factory=dict)

    def verdicts(
        self, sent: Iterable[Sent], texts: Iterable[tuple[int, str | None, str | None]]
    ) -> Iterator[Finding | None]:
        """Judge every Dutch text that came to a tenant as it stands; other languages are counted apart."""
        self._known = {attempt.id: attempt for attempt in sent}
        for attempt_id, subject, text in texts:
            attempt = self._known[attempt_id]
            if attempt.language == "nl":
                yield self._judge(attempt, subject or "", text or "")
            else:
                self.other_languages += 1

    def figures(self) -> Mapping[str, float]:
        """Give the lowest score and the longest sentence seen; call after the verdicts."""
        seen: dict[str, float] = {"longest_sentence": self.longest_sentence}
        return seen if self.lowest_score is None else {**seen, "lowest_score": round(self.lowest_score, 1)}

    def _judge(self, attempt: Sent, subject: str, text: str) -> Finding | None:
        if attempt.b1_passed is not True:
            return attempt.finding("not_passed", "er staat niet in het dossier dat de tekst de B1-toets haalde")
        if not text.strip():
            return attempt.finding("no_text", "de tekst staat niet in het dossier")
        reading = read(text)
        self.longest_sentence = max(self.longest_sentence, reading.longest)
        if reading.score is not None:
            self.lowest_score = min(reading.score, self.lowest_score or reading.score)
        fault = _hard_word(f"{subject}\n{text}", attempt.purpose) or _hard_reading(reading)
        return attempt.finding(*fault) if fault else None


def _hard_word(text: str, purpose: str) -> tuple[str, str] | None:
    lowered = text.lower()
    for word in OFFICIALESE:
        if word in lowered and re.search(rf"\b{word}\b", lowered):
            return "officialese", f"ambtelijk woord: {word}"
    for word in THREATS if purpose != "legal" else ():
        if word in lowered and re.search(rf"\b{word}", lowered):
            return "threat", f"dreigend woord: {word}"
    return None


def _hard_reading(reading: Reading) -> tuple[str, str] | None:
    if reading.longest > LONGEST_SENTENCE:
        return "long_sentence", f"een zin van {reading.longest} woorden; het mogen er {LONGEST_SENTENCE} zijn"
    if reading.mean > LONGEST_MEAN:
        return "long_mean", f"zinnen van gemiddeld {reading.mean:.1f} woorden; het mogen er {LONGEST_MEAN:.0f} zijn"
    if reading.score is not None and reading.score < FLOOR:
        return "low_score", f"leesscore {reading.score:.0f}; het moet {FLOOR:.0f} of meer zijn"
    return None


def read(text: str) -> Reading:
    """Measure a text; a number or phone number is one word.

    Lines that do not end as a sentence (greeting, heading, name) count for the longest sentence only.
    Flesch-Douma: 206.84 - 0.93 * words per sentence - 77 * syllables per word (Douma 1960).
    """
    longest = total = count = words = syllables = 0
    for sentence, ended in sentences(text):
        length, spoken, sounds = _measure(sentence)
        longest, words, syllables = max(longest, length), words + spoken, syllables + sounds
        if length and ended:
            total, count = total + length, count + 1
    mean = total / count if count else float(longest)
    score = 206.84 - 0.93 * mean - 77 * syllables / words if words >= LONG_TEXT else None
    return Reading(mean=mean, longest=longest, score=score)


@lru_cache(maxsize=8192)
def _measure(sentence: str) -> tuple[int, int, int]:
    """Count the words of a sentence, those that are no number, and the syllables of these."""
    tokens = _TOKEN.findall(sentence)
    spoken = [token for token in tokens if token[0].isalpha()]
    return len(tokens), len(spoken), sum(count_syllables(token) for token in spoken)


def sentences(text: str) -> list[tuple[str, bool]]:
    """Split a text to (sentence, whether it ends as one); a line ends one, an abbreviation or initial does not."""
    plain = _ABBREVIATION.sub(lambda found: found.group()[:-1], _PART.sub("", text))
    parts = ((found.group(1), bool(found.group(2))) for found in _SENTENCE.finditer(plain))
    return [(sentence, ended) for sentence, ended in parts if sentence.strip()]


@lru_cache(maxsize=8192)
def count_syllables(word: str) -> int:
    """Count the vowel sounds of a Dutch word; at least one."""
    return max(1, len(_SYLLABLE.findall(word.lower())))

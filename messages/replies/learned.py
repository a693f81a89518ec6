"""The small learned part: weights of pieces, words and marks for every intent and language.

A logistic regression, learned from replies that were written for it (`outreach bench replies --write`). Everything that
it weighs can be read: `explain` gives what spoke most for an intent.
"""

import gzip
import json
import math
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

WEIGHTS = "replies/learned.json.gz"
SCALE = 16.0
"""Weights are kept as whole numbers from -127 to 127, in sixteenths."""
GROUP_WEIGHTS: Mapping[str, float] = {"c": 1.0, "w": 1.0, "m": 0.7}
"""How long the features of each group are together (the Euclidean length of the vector)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The learned weights of one question: rows of numbers per feature, and the answers in the order of the columns."""

    answers: tuple[str, ...]
    rows: Mapping[str, Sequence[int]]
    rarity: Mapping[str, float]
    start: tuple[float, ...]

    def chances(self, groups: Mapping[str, Counter[str]]) -> dict[str, float]:
        """Return the chance of every answer, from 0 to 1 and 1 together."""
        scores = list(self.start)
        for name, value in vector(groups, self.rarity):
            for at, weight in enumerate(self.rows[name]):
                if weight:
                    scores[at] += value * weight / SCALE
        return dict(zip(self.answers, softmax(scores), strict=True))

    def explain(self, groups: Mapping[str, Counter[str]], answer: str, most: int = 8) -> list[tuple[str, float]]:
        """Return what spoke most for an answer, with the weight that it had there."""
        column = self.answers.index(answer)
        found = [(name, value * self.rows[name][column] / SCALE) for name, value in vector(groups, self.rarity)]
        return sorted((each for each in found if each[1] > 0), key=lambda each: -each[1])[:most]


def softmax(scores: Sequence[float]) -> list[float]:
    """Turn scores into chances that are 1 together."""
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def vector(groups: Mapping[str, Counter[str]], rarity: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the known features with their value: rare ones weigh more, every group has its fixed length."""
    for group, counted in groups.items():
        values = [
            (name, (1.0 + math.log(count)) * rarity[name])
            for name, count in ((f"{group}:{each}", count) for each, count in counted.items())
            if name in rarity
        ]
        length = math.sqrt(sum(value * value for _, value in values))
        if length:
            for name, value in values:
                yield name, value * GROUP_WEIGHTS[group] / length


def packed(
    answers: Sequence[str],
    names: Sequence[str],
    rarity: Mapping[str, float],
    rows: Sequence[Sequence[float]],
    start: Sequence[float],
) -> dict[str, Any]:
    """Return learned weights as plain data for the file; the opposite of what `load` reads."""
    whole = [max(-127, min(127, round(weight * SCALE))) for row in rows for weight in row]
    return {
        "answers": list(answers),
        "features": list(names),
        "rarity": [round(rarity[name], 3) for name in names],
        "start": [round(value, 4) for value in start],
        "weights": array("b", whole).tobytes().hex(),
    }


def unpacked(data: Mapping[str, Any]) -> Learned:
    """Return what `packed` wrote."""
    answers: tuple[str, ...] = tuple(data["answers"])
    names: list[str] = data["features"]
    numbers = array("b", bytes.fromhex(data["weights"]))
    width = len(answers)
    rows = {name: numbers[at * width : (at + 1) * width] for at, name in enumerate(names)}
    return Learned(answers, rows, dict(zip(names, data["rarity"], strict=True)), tuple(data["start"]))


@lru_cache(maxsize=1)
def load() -> dict[str, Learned]:
    """Return the shipped weights: for the question `language` and for the question `intent`."""
    text = gzip.decompress((files("messages") / "words" / WEIGHTS).read_bytes())
    return {question: unpacked(data) for question, data in json.loads(text).items()}

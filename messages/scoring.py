"""The reading score of a Dutch text: how easy it reads, from 0 to 100, and its LiNT-like difficulty and level.

A weighted sum of the measured features (`messages.reading_features`); docs/readability.md tells where the weights in
`words/nl_score.yaml` come from. The bands are those of LiNT-II (Pander Maat, Kleijn and others, Universiteit Utrecht).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from messages.parts import Part
from messages.reading_features import SENTENCE_FEATURES, Measured, measure
from messages.wordlists import read_words

LEVELS = ("A2", "B1", "B2", "C1")
LINT_BANDS = (34.0, 46.0, 58.0)
"""The difficulty from which a text is B1, B2 and C1 (LiNT-II)."""

CLIP = 3.0
"""A feature counts at most that many standard deviations: one odd word list does not decide."""

CHANGES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "kortere zinnen": frozenset(
            {"sentence_length", "sentence_length_log", "sentence_length_rms", "in_sentences_over_20"}
        ),
        "gewonere woorden": frozenset(
            {"zipf", "zipf_content", "zipf_content_to_45", "zipf_content_to_55", "zipf_under_2.5", "zipf_under_3.0"}
            | {"zipf_under_4.0", "everyday_verb", "everyday_word", "derived_adjective"}
        ),
        "minder ambtelijke woorden": frozenset(
            {"hard_word", "bookish_connective", "bookish_verb", "bookish_relative", "loan_verb", "abbreviation"}
        ),
        "zeggen wie iets doet (wij, u)": frozenset(
            {"passive", "passive_helper", "participle_last", "writer", "participle"}
        ),
        "minder haakjes": frozenset({"bracket"}),
    }
)
"""What a writer can change, and the features that it changes."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a text reads: `score` 0 (hard) to 100 (easy), its `level`, and `lint`, the difficulty 100 - score."""

    score: float
    level: str
    lint: float


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """One feature in the score: its usual value and spread, and the weight of one spread more (positive is easier)."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True, kw_only=True)
class Model:
    """The weights of the score. A value that rests on few words or sentences counts for less (`*_held_back`).

    The sum becomes a difficulty by a logistic curve: `middle` is the sum at difficulty 50, `slope` its width.
    """

    weighings: Mapping[str, Weighing]
    words_held_back: float
    sentences_held_back: float
    middle: float
    slope: float


def score_of(parts: Sequence[Part]) -> Score:
    """Score a Dutch text cut into sentences; a text without a word is as easy as can be."""
    measured = measure(parts)
    if measured is None:
        return Score(score=100.0, level=LEVELS[0], lint=0.0)
    model = model_of_dutch()
    lint = difficulty(sum_of(measured, model), model)
    return Score(score=round(100 - lint, 1), level=level_of(lint), lint=round(lint, 1))


def causes(parts: Sequence[Part]) -> tuple[str, ...]:
    """Return in Dutch the two changes that would help a text most, by what weighs in its score."""
    measured, model = measure(parts), model_of_dutch()
    if measured is None:
        return ()
    lost: dict[str, float] = {}
    values = zip(model.weighings.items(), standardised(measured, model), strict=True)
    for (name, each), value in values:
        advice = next((advice for advice, names in CHANGES.items() if name in names), None)
        if advice:
            lost[advice] = lost.get(advice, 0.0) - value * each.weight
    worst = sorted((advice for advice in lost if lost[advice] > 0), key=lambda advice: -lost[advice])
    return tuple(worst[:2])


def level_of(lint: float) -> str:
    """Name the level of a difficulty; an estimate of what a text asks, no exam."""
    return LEVELS[sum(round(lint, 1) >= floor for floor in LINT_BANDS)]


def difficulty(total: float, model: Model) -> float:
    """Turn a weighted sum into a difficulty between 0 and 100."""
    return 100 / (1 + math.exp(min(700.0, (total - model.middle) / model.slope)))


def sum_of(measured: Measured, model: Model) -> float:
    """Return the weighted sum of a measured text; higher is easier."""
    values = standardised(measured, model)
    return sum(value * each.weight for value, each in zip(values, model.weighings.values(), strict=True))


def standardised(measured: Measured, model: Model) -> list[float]:
    """Return each feature in spreads from its usual value, held back when it rests on little text."""
    by_word = measured.words / (measured.words + model.words_held_back)
    by_sentence = measured.sentences / (measured.sentences + model.sentences_held_back)
    values = measured.values
    return [
        max(-CLIP, min(CLIP, (values[name] - each.mean) / each.spread))
        * (by_sentence if name in SENTENCE_FEATURES else by_word)
        for name, each in model.weighings.items()
    ]


@lru_cache(maxsize=1)
def model_of_dutch() -> Model:
    """Return the weights that ship, read once."""
    raw = read_words("nl_score.yaml")
    return Model(
        weighings={
            name: Weighing(mean=mean, spread=spread, weight=weight)
            for name, (mean, spread, weight) in raw["features"].items()
        },
        words_held_back=raw["words_held_back"],
        sentences_held_back=raw["sentences_held_back"],
        middle=raw["middle"],
        slope=raw["slope"],
    )

"""Learn the weights for replies: a logistic regression, by small steps over replies that carry their label.

Steps are those of AdaGrad (Duchi, Hazan, Singer 2011, Journal of Machine Learning Research 12): a feature that was seen
often moves less. No library beside Python is needed, and the same replies give the same weights.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from messages.replies.learned import Learned, packed, softmax, unpacked, vector

Groups = Mapping[str, Counter[str]]
_EPOCHS = 5
_STEP = 0.6
_DECAY = 0.03
_SEEN_AT_LEAST = 3
_SMALL = 0.004
_HEAVIEST = 2.0
_SEED = 20261127


@dataclass(frozen=True, kw_only=True)
class Example:
    """The features of one reply, counted per group, and its right answer."""

    groups: Groups
    answer: str


def learn(
    examples: Sequence[Example], note: Callable[[str], None] = lambda _: None, epochs: int = _EPOCHS
) -> dict[str, Any]:
    """Return the learned weights as data for the file; `note` hears how far it is."""
    rarity = _rarity([each.groups for each in examples])
    answers = sorted({each.answer for each in examples})
    column = {answer: at for at, answer in enumerate(answers)}
    vectors = [(list(vector(each.groups, rarity)), column[each.answer]) for each in examples]
    heavy = _weights([right for _, right in vectors], len(answers))
    width = len(answers)
    rows = {name: [0.0] * width for name in rarity}
    squares = {name: [1e-3] * width for name in rarity}
    start, start_squares = [0.0] * width, [1e-3] * width
    order = list(range(len(vectors)))
    chance = random.Random(_SEED)
    for epoch in range(epochs):
        chance.shuffle(order)
        wrong = 0
        for at in order:
            features, right = vectors[at]
            chances = softmax(_scores(features, rows, start))
            wrong += max(range(width), key=chances.__getitem__) != right
            chances[right] -= 1.0
            steps = [(place, slope * heavy[right]) for place, slope in enumerate(chances) if abs(slope) > _SMALL]
            for place, slope in steps:
                start_squares[place] += slope * slope
                start[place] -= _STEP * slope / math.sqrt(start_squares[place])
            for name, value in features:
                row, square = rows[name], squares[name]
                for place, slope in steps:
                    step = slope * value
                    square[place] += step * step
                    row[place] -= _STEP * step / math.sqrt(square[place])
        keep = 1.0 - _DECAY
        for row in rows.values():
            row[:] = [weight * keep for weight in row]
        note(f"{epoch + 1}/{epochs}: {wrong} fout")
    names = sorted(rows)
    return packed(answers, names, rarity, [rows[name] for name in names], start)


def learned_from(examples: Sequence[Example]) -> Learned:
    """Return the weights of replies without a file, to judge how well others are understood."""
    return unpacked(learn(examples))


def _scores(
    features: Sequence[tuple[str, float]], rows: Mapping[str, Sequence[float]], start: Sequence[float]
) -> list[float]:
    scores = list(start)
    for name, value in features:
        scores = [score + value * weight for score, weight in zip(scores, rows[name], strict=True)]
    return scores


def _weights(rights: Sequence[int], width: int) -> list[float]:
    """Weigh answers that were written more often less, by the root of how often, so that none is guessed for that."""
    counts = Counter(rights)
    even = len(rights) / width
    return [min(_HEAVIEST, math.sqrt(even / counts[answer])) for answer in range(width)]


def _rarity(replies: Sequence[Groups]) -> dict[str, float]:
    """Give the features that occur in enough replies, with the logarithm of how rare they are."""
    counts: Counter[str] = Counter()
    for groups in replies:
        for group, counted in groups.items():
            counts.update(f"{group}:{each}" for each in counted)
    size = len(replies)
    return {name: math.log((1 + size) / (1 + count)) + 1.0 for name, count in counts.items() if count >= _SEEN_AT_LEAST}

"""Fit the weights of the reading score on pairs of a harder and an easier text: logistic regression with L2.

The loss has two halves per set of pairs: the easier text of a pair must get the higher sum (pairs), and any easier text
a higher sum than any harder one (single texts). Newton's method on plain lists; a fit takes seconds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from messages.reading_features import Measured
from messages.scoring import LINT_BANDS, Model, Weighing, standardised

MUNICIPAL_SHARE = 0.5
"""What the municipal pairs weigh beside the encyclopedia pairs, of which there are seven times as many."""

L2 = 0.03
WORDS_HELD_BACK, SENTENCES_HELD_BACK = 15.0, 1.0
SLOPE = 6.0
"""How many points of the sum a step of the logistic scale takes: chosen so that plain letters come out as A2 or B1."""

MEETING_LOGIT = math.log((100 - LINT_BANDS[1]) / LINT_BANDS[1])
"""Where hard and easy texts meet is the border of B1 and B2."""

_STEPS = 12
_SMALL = 1e-6

Vector = list[float]


@dataclass(frozen=True, kw_only=True)
class MeasuredPair:
    """One pair, measured; `group` is the document, which is never cut over a fit and its test."""

    group: str
    hard: Measured
    easy: Measured


@dataclass(frozen=True, kw_only=True)
class PairSet:
    """Pairs of one kind and what they weigh together in the fit."""

    pairs: Sequence[MeasuredPair]
    share: float


def fit(sets: Sequence[PairSet]) -> Model:
    """Fit the weights of every feature; `middle` is where hard and easy texts meet, `slope` is left at 1."""
    plain = unweighted(sets)
    rows, weights = _rows(sets, plain)
    found = _newton(rows, weights)
    return Model(
        weighings={
            name: Weighing(mean=each.mean, spread=each.spread, weight=weight)
            for (name, each), weight in zip(plain.weighings.items(), found[:-1], strict=True)
        },
        words_held_back=WORDS_HELD_BACK,
        sentences_held_back=SENTENCES_HELD_BACK,
        middle=-found[-1],
        slope=1.0,
    )


def unweighted(sets: Sequence[PairSet]) -> Model:
    """Return the usual value and spread of every feature, over all sets alike, with weights of zero."""
    names = tuple(sets[0].pairs[0].hard.values)
    weighings: dict[str, Weighing] = {}
    for name in names:
        means, squares = 0.0, 0.0
        for each in sets:
            values = [side.values[name] for pair in each.pairs for side in (pair.hard, pair.easy)]
            mean = sum(values) / len(values)
            means += mean / len(sets)
            squares += sum((value - mean) ** 2 for value in values) / len(values) / len(sets)
        weighings[name] = Weighing(mean=means, spread=math.sqrt(squares) or 1.0, weight=0.0)
    return Model(
        weighings=weighings,
        words_held_back=WORDS_HELD_BACK,
        sentences_held_back=SENTENCES_HELD_BACK,
        middle=0.0,
        slope=1.0,
    )


def _rows(sets: Sequence[PairSet], plain: Model) -> tuple[list[Vector], Vector]:
    """Return rows whose weighted sum must be positive: easy less hard (twice the weight), easy, and hard reversed."""
    rows: list[Vector] = []
    weights: Vector = []
    for each in sets:
        share = each.share / len(each.pairs)
        for pair in each.pairs:
            hard, easy = standardised(pair.hard, plain), standardised(pair.easy, plain)
            rows += [[one - other for one, other in zip(easy, hard, strict=True)] + [0.0]]
            rows += [[*easy, 1.0], [-value for value in hard] + [-1.0]]
            weights += [2 * share, share, share]
    return rows, weights


def _newton(rows: Sequence[Vector], weights: Vector) -> Vector:
    columns = [list(column) for column in zip(*rows, strict=True)]
    found = [0.0] * len(columns)
    for _ in range(_STEPS):
        wrong = [1 / (1 + math.exp(min(700.0, sum(map(mul, row, found))))) for row in rows]
        slope = [
            sum(map(mul, column, map(mul, weights, wrong))) - L2 * value
            for column, value in zip(columns, found, strict=True)
        ]
        curve = [weight * each * (1 - each) for weight, each in zip(weights, wrong, strict=True)]
        step = _solve(_gram(columns, curve), slope)
        found = [value + each for value, each in zip(found, step, strict=True)]
        if max(map(abs, step)) < _SMALL:
            break
    return found


def _gram(columns: Sequence[Vector], curve: Vector) -> list[Vector]:
    weighted = [list(map(mul, column, curve)) for column in columns]
    size = len(columns)
    lower = [[sum(map(mul, weighted[i], columns[j])) for j in range(i + 1)] for i in range(size)]
    for place in range(size):
        lower[place][place] += L2
    return lower


def _solve(lower: list[Vector], right: Vector) -> Vector:
    """Solve a symmetric positive system given by its lower half (Cholesky)."""
    size = len(right)
    root: list[Vector] = []
    for i in range(size):
        row: Vector = []
        for j in range(i + 1):
            rest = lower[i][j] - sum(map(mul, row, root[j] if j < i else row))
            row.append(math.sqrt(rest) if i == j else rest / root[j][j])
        root.append(row)
    forward: Vector = []
    for i in range(size):
        forward.append((right[i] - sum(map(mul, root[i], forward))) / root[i][i])
    back = [0.0] * size
    for i in reversed(range(size)):
        rest = forward[i] - sum(root[k][i] * back[k] for k in range(i + 1, size))
        back[i] = rest / root[i][i]
    return back


def write_model(model: Model) -> str:
    """Write a fitted model as the data file `messages/words/nl_score.yaml`, on the scale of the LiNT-II levels."""
    lines = [
        "# The weights of the reading score, fitted by `outreach bench readability --write` (docs/readability.md).",
        "# A feature: its usual value, its spread, and what one spread more adds to the sum (positive is easier).",
        f"words_held_back: {model.words_held_back}",
        f"sentences_held_back: {model.sentences_held_back}",
        f"middle: {round(model.middle - MEETING_LOGIT * SLOPE, 4)}",
        f"slope: {SLOPE}",
        "features:",
    ]
    lines += [
        f"  {name}: [{each.mean:.5g}, {each.spread:.5g}, {each.weight:.4f}]" for name, each in model.weighings.items()
    ]
    return "\n".join(lines) + "\n"

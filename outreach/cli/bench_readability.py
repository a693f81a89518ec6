"""Measure the readability check: does it tell hard from easy, how fast, and how often does it stop a plain text?

Every figure on the pairs is of texts that the weights were not fitted on: whole documents are left out in turn.
"""

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from messages.checks import check
from messages.parts import parts_of
from messages.scoring import difficulty, score_of, sum_of
from messages.textstat_gateway import flesch_douma_of_text
from outreach.cli.frame import json_option, print_json
from outreach.cli.reading_fit import MUNICIPAL_SHARE, MeasuredPair, PairSet, fit, write_model
from outreach.cli.reading_pairs import (
    TextPair,
    different_enough,
    easy_sentences,
    encyclopedia,
    lix,
    measured,
    municipal_chunks,
)
from outreach.cli.reading_stops import stops_on_templates, stops_on_texts

DATA = Path("../shared/data/readability")
WEIGHTS = Path("messages/words/nl_score.yaml")
FOLDS = 8
FITTED_ROWS = 2
"""The last rows of a document help to fit when they are two or more; they are never measured on."""

_SPEED_ROUNDS = 3
_EASY_TITLES = (
    ("stops_easy_sentences", "makkelijke kant gemeente, zin voor zin"),
    ("stops_easy_chunks", "makkelijke kant gemeente, per vijf"),
)

Scores = tuple[list[float], list[float]]
PairsByName = dict[str, list[MeasuredPair]]


@click.command("readability")
@click.option("--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="Map met de paren.")
@click.option("--write", is_flag=True, help=f"Bepaal de gewichten opnieuw en schrijf ze in {WEIGHTS}.")
@json_option
def bench_readability_command(data: Path, write: bool, as_json: bool) -> None:
    """Meet de leestoets: onderscheid van moeilijk en makkelijk, snelheid, geheugen en onterechte stops."""
    municipal, paragraphs = municipal_chunks(data), encyclopedia(data)
    sets = {"municipal": measured(municipal), "encyclopedia": measured(paragraphs)}
    fitted = {**sets, "municipal": measured(municipal_chunks(data, FITTED_ROWS))}
    if write:
        WEIGHTS.write_text(write_model(fit(_pair_sets(fitted))), encoding="utf-8")
    began = time.perf_counter()
    scores = _left_out(sets, fitted)
    result = {
        "municipal": {**_told_apart(municipal, scores["municipal"]), "documents": len({p.group for p in municipal})},
        "municipal_different": _different(municipal, scores["municipal"]),
        "encyclopedia": _told_apart(paragraphs, scores["encyclopedia"]),
        "fit_seconds": round(time.perf_counter() - began, 1),
        "speed": _speed([text for pair in municipal for text in (pair.hard, pair.easy)]),
        "stops_templates": stops_on_templates(),
        "stops_easy_sentences": stops_on_texts(easy_sentences(data)),
        "stops_easy_chunks": stops_on_texts([pair.easy for pair in municipal]),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if as_json:
        print_json(result)
        return
    for line in _lines(result):
        click.echo(line)


def _pair_sets(sets: PairsByName) -> list[PairSet]:
    return [
        PairSet(pairs=sets["municipal"], share=MUNICIPAL_SHARE),
        PairSet(pairs=sets["encyclopedia"], share=1.0),
    ]


def _left_out(sets: PairsByName, fitted: PairsByName) -> dict[str, Scores]:
    """Score every pair with weights fitted without its document; both sets lose an eighth of theirs each time."""
    folds = {name: _folds([pair.group for pair in pairs]) for name, pairs in sets.items()}
    found: dict[str, list[tuple[float, float]]] = {name: [(0.0, 0.0)] * len(pairs) for name, pairs in sets.items()}
    for fold in range(FOLDS):
        kept = {name: [pair for pair in pairs if folds[name].get(pair.group) != fold] for name, pairs in fitted.items()}
        model = fit(_pair_sets(kept))
        for name, pairs in sets.items():
            for at, pair in enumerate(pairs):
                if folds[name][pair.group] == fold:
                    hard, easy = (difficulty(sum_of(side, model), model) for side in (pair.hard, pair.easy))
                    found[name][at] = (100 - hard, 100 - easy)
    return {name: _sides(pairs) for name, pairs in found.items()}


def _sides(pairs: Sequence[tuple[float, float]]) -> Scores:
    return [hard for hard, _ in pairs], [easy for _, easy in pairs]


def _folds(groups: Sequence[str]) -> dict[str, int]:
    """Deal documents out over the folds, the largest first, each to the fold that has least."""
    sizes: dict[str, int] = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    load, place = [0] * FOLDS, dict[str, int]()
    for group in sorted(sizes, key=lambda each: -sizes[each]):
        place[group] = load.index(min(load))
        load[place[group]] += sizes[group]
    return place


def _told_apart(pairs: Sequence[TextPair], ours: Scores) -> dict[str, Any]:
    """Return AUC and the easier text picked of 100 pairs, for our score and for the two formulas beside it."""
    return {
        "pairs": len(pairs),
        "ours": _figures(*ours),
        "textstat_flesch_douma": _figures(*_scored(pairs, flesch_douma_of_text)),
        "lix": _figures(*_scored(pairs, lambda text: -lix(text))),
    }


def _different(pairs: Sequence[TextPair], ours: Scores) -> dict[str, Any]:
    """Return the same for the pairs of which the words differ enough that an editor did more than a touch."""
    kept = [at for at, pair in enumerate(pairs) if different_enough(pair)]
    hard, easy = ours
    return _told_apart([pairs[at] for at in kept], ([hard[at] for at in kept], [easy[at] for at in kept]))


def _scored(pairs: Sequence[TextPair], score: Callable[[str], float]) -> Scores:
    return [score(pair.hard) for pair in pairs], [score(pair.easy) for pair in pairs]


def _figures(hard: Sequence[float], easy: Sequence[float]) -> dict[str, float]:
    picked = sum((one > other) + (one == other) / 2 for one, other in zip(easy, hard, strict=True))
    return {"auc": round(auc(hard, easy), 3), "picked_of_100": round(100 * picked / len(hard), 1)}


def auc(low: Sequence[float], high: Sequence[float]) -> float:
    """Return how often a value of `high` lies above one of `low` (a tie counts half): the area under the ROC curve."""
    order = sorted([(value, False) for value in low] + [(value, True) for value in high])
    below = won = 0.0
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and order[end][0] == order[at][0]:
            end += 1
        highs = sum(is_high for _, is_high in order[at:end])
        lows = end - at - highs
        won += highs * (below + lows / 2)
        below += lows
        at = end
    return won / len(low) / len(high)


def _speed(texts: Sequence[str]) -> dict[str, int]:
    """Return sentences a second of processor time: for the score alone, and for the whole check."""
    count = sum(len(parts_of(text)) for text in texts)

    def per_second(work: Callable[[str], object]) -> int:
        work(texts[0])
        began = time.process_time()
        for _ in range(_SPEED_ROUNDS):
            for text in texts:
                work(text)
        return round(_SPEED_ROUNDS * count / (time.process_time() - began))

    return {
        "score_sentences_per_second": per_second(lambda text: score_of(parts_of(text))),
        "check_sentences_per_second": per_second(lambda text: check(text, channel="letter")),
    }


def _lines(result: dict[str, Any]) -> list[str]:
    names = {
        "municipal": "gemeente, per vijf zinnen",
        "municipal_different": "gemeente, die echt verschillen",
        "encyclopedia": "encyclopedie, per alinea",
    }
    lines = [
        "AUC en de makkelijkste gekozen van 100; op documenten die niet meetelden bij het bepalen van de gewichten"
    ]
    for key, title in names.items():
        found = result[key]
        lines.append(f"{title:32} {found['pairs']:>4} paren")
        for method, label in (("ours", "deze toets"), ("textstat_flesch_douma", "textstat"), ("lix", "LIX")):
            figures = found[method]
            lines.append(f"  {label:30} AUC {figures['auc']:.3f}   gekozen {figures['picked_of_100']:>5}")
    speed = result["speed"]
    lines.append(
        f"Zinnen per seconde: score {speed['score_sentences_per_second']}, hele toets"
        f" {speed['check_sentences_per_second']}; geheugen {result['peak_memory_mb']} MiB"
    )
    for key, title in (("stops_templates", "eigen teksten"), *_EASY_TITLES):
        found = result[key]
        lines.append(
            f"Stops op {title}: {found['stopped_sentences']} van {found['sentences']} zinnen"
            f" ({found['stopped_percent']}%), zonder zinslengte {found['stopped_not_for_length_percent']}%;"
            f" teksten anders dan om zinslengte {found['texts_stopped_not_for_length_percent']}%"
        )
        lines += [f"  {rule:30} {count}" for rule, count in found["by_rule"].items()]
    return lines

"""Measure how well replies are understood, on replies that nobody tuned on; and learn the weights anew."""

import gzip
import json
import random
import resource
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from messages.replies import SURE_ENOUGH, Understanding, understand
from messages.replies.learned import load
from outreach.cli.frame import json_option, print_json
from outreach.cli.hostile_texts import hostile_texts
from outreach.cli.reply_fit import Example, learn
from outreach.cli.reply_sets import FOLDER, TODAY, Labelled, load_set

WEIGHTS = Path("messages/words/replies/learned.json.gz")
_NEVER_MISSED = ("crisis", "threat", "stop")
_SPELLING = ("c", "w")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A reply with its label and what was understood."""

    reply: Labelled
    found: Understanding

    @property
    def right(self) -> bool:
        """Whether the intent was understood."""
        return self.found.intent == self.reply.intent


@click.command("replies")
@click.option("--data", type=click.Path(path_type=Path), default=FOLDER, show_default=True, help="Map met antwoorden.")
@click.option("--set", "name", default="kept", show_default=True, help="kept (apart gehouden) of tuning.")
@click.option("--write", is_flag=True, help=f"Leer de gewichten opnieuw van 'tuning' en schrijf ze in {WEIGHTS}.")
@click.option("--fuzz", type=int, default=0, help="Lees ook zoveel vijandige teksten.")
@click.option("--wrong", is_flag=True, help="Toon elk antwoord dat verkeerd is begrepen.")
@json_option
def bench_replies_command(data: Path, name: str, write: bool, fuzz: int, wrong: bool, as_json: bool) -> None:
    """Meet hoe goed antwoorden van huurders worden begrepen."""
    if write:
        write_weights(load_set(data, "tuning"))
    judged, seconds = judge(load_set(data, name))
    result = figures(judged)
    result["milliseconds"] = _spread(seconds)
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if fuzz:
        result["fuzz"] = _fuzz(fuzz)
    if as_json:
        print_json(result)
        return
    for line in _lines(result, judged if wrong else ()):
        click.echo(line)


def write_weights(replies: Sequence[Labelled], path: Path = WEIGHTS) -> None:
    """Learn the weights from labelled replies and write them; the same replies give the same file."""
    readings = [each.reading() for each in replies]
    spelled = [{group: reading.groups[group] for group in _SPELLING} for reading in readings]
    data = {
        "language": learn(
            [Example(groups=groups, answer=each.language) for groups, each in zip(spelled, replies, strict=True)],
            lambda line: click.echo(f"taal {line}", err=True),
        ),
        "intent": learn(
            [Example(groups=read.groups, answer=each.intent) for read, each in zip(readings, replies, strict=True)],
            lambda line: click.echo(f"betekenis {line}", err=True),
        ),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    load.cache_clear()


def judge(replies: Sequence[Labelled]) -> tuple[list[Judged], list[float]]:
    """Understand labelled replies, and say how many seconds each took."""
    understand("warm", today=TODAY)
    judged, seconds = [], []
    for reply in replies:
        began = time.perf_counter()
        found = understand(reply.text, today=TODAY)
        seconds.append(time.perf_counter() - began)
        judged.append(Judged(reply=reply, found=found))
    return judged, seconds


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return accuracy in all and per language, what must never be missed, amounts and days, and the confusions."""
    sure = [each for each in judged if each.found.confidence >= SURE_ENOUGH]
    languages = sorted({each.reply.language for each in judged})
    return {
        "replies": len(judged),
        "accuracy": _share(judged),
        "by_language": {code: _share([each for each in judged if each.reply.language == code]) for code in languages},
        "sure": {"share": round(len(sure) / len(judged), 4), "accuracy": _share(sure)},
        "language_accuracy": _ratio(sum(_language_right(each) for each in judged), len(judged)),
        "never_missed": {intent: _recall(judged, intent) for intent in _NEVER_MISSED},
        "amounts": _named(
            judged,
            lambda each: (each.reply.amount_cents, each.reply.per),
            lambda each: (each.found.amount_cents, each.found.per),
        ),
        "dates": _named(judged, lambda each: each.reply.date, lambda each: each.found.date),
        "confusion": [
            {"is": is_, "read_as": read_as, "times": times}
            for (is_, read_as), times in Counter(
                (each.reply.intent, each.found.intent) for each in judged if not each.right
            ).most_common()
        ],
        "intents": {intent: _recall(judged, intent) for intent in sorted({each.reply.intent for each in judged})},
    }


def _language_right(each: Judged) -> bool:
    return each.found.language == each.reply.language or (each.reply.language, each.found.language) == ("uk", "ru")


def _named(judged: Sequence[Judged], label: Any, found: Any) -> dict[str, Any]:
    """Compare what was named with its label: over all replies, and over those that name something."""
    empty = {None, (None, None)}
    naming = [each for each in judged if label(each) not in empty]
    return {
        "all": _ratio(sum(label(each) == found(each) for each in judged), len(judged)),
        "named": _ratio(sum(label(each) == found(each) for each in naming), len(naming)),
        "replies": len(naming),
    }


def _recall(judged: Sequence[Judged], intent: str) -> dict[str, Any]:
    meant = [each for each in judged if each.reply.intent == intent]
    read = [each for each in judged if each.found.intent == intent]
    return {
        "recall": _share(meant),
        "precision": _share(read),
        "replies": len(meant),
    }


def _share(judged: Sequence[Judged]) -> float | None:
    return _ratio(sum(each.right for each in judged), len(judged))


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "median": round(statistics.median(ordered) * 1000, 3),
        "p99": round(ordered[int(len(ordered) * 0.99)] * 1000, 3),
        "most": round(ordered[-1] * 1000, 3),
    }


def _fuzz(count: int) -> dict[str, Any]:
    """Read hostile texts: count those that raise, and what the others are surely taken for."""
    acted, raised, slowest, began = Counter[str](), 0, 0.0, time.perf_counter()
    for text in hostile_texts(count, random.Random(7)):
        start = time.perf_counter()
        try:
            found = understand(text, today=TODAY)
        except Exception as error:
            raised += 1
            click.echo(f"{error!r} bij {text[:80]!r}", err=True)
            continue
        slowest = max(slowest, time.perf_counter() - start)
        if found.confidence >= SURE_ENOUGH:
            acted[found.intent] += 1
    return {
        "texts": count,
        "raised": raised,
        "sure_of": dict(acted.most_common()),
        "slowest_ms": round(slowest * 1000, 2),
        "per_second": round(count / (time.perf_counter() - began)),
    }


def _lines(result: dict[str, Any], judged: Sequence[Judged]) -> list[str]:
    lines = [
        f"{result['replies']} antwoorden: {result['accuracy']:.1%} goed begrepen",
        "per taal: " + ", ".join(f"{code} {share:.1%}" for code, share in result["by_language"].items()),
        f"zeker van {result['sure']['share']:.1%} en daarvan {result['sure']['accuracy']:.1%} goed",
        f"taal herkend: {result['language_accuracy']:.1%}",
    ]
    for intent, found in result["never_missed"].items():
        lines.append(f"{intent}: {found['recall']:.1%} gevonden, {found['precision']:.1%} terecht ({found['replies']})")
    for key, title in (("amounts", "bedragen"), ("dates", "dagen")):
        found = result[key]
        lines.append(f"{title}: {found['all']:.1%} van alle, {found['named']:.1%} van de {found['replies']} genoemde")
    times = result["milliseconds"]
    lines.append(f"tijd per antwoord: {times['median']} ms, 99% binnen {times['p99']} ms, langste {times['most']} ms")
    lines += [f"{each['is']:>14} gelezen als {each['read_as']:<14} {each['times']}" for each in result["confusion"]]
    if fuzz := result.get("fuzz"):
        lines.append(
            f"{fuzz['texts']} vijandige teksten, langste {fuzz['slowest_ms']} ms, zeker van: {fuzz['sure_of']}"
        )
    lines += [
        f"{each.reply.intent} -> {each.found.intent} ({each.found.confidence}): {each.reply.text}"
        for each in judged
        if not each.right
    ]
    return lines

"""Count what the text check stops in plain texts: the texts that ship, and sentences that an editor made easy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.languages import base_language
from messages.parts import parts_of
from messages.rendering import OWN_NAMES, render
from messages.samples import sample_values
from messages.template import Template

_LENGTH, _WHOLE = "long_sentence", "reading_score"


def stops_on_templates() -> dict[str, Any]:
    """Check every Dutch text that ships, filled with usual values; a sentence is stopped when a stop lies in it."""
    ours = [text for text in load_catalogue() if base_language(text.language) == "nl"]
    return _counted([_checked(text) for text in ours])


def stops_on_texts(texts: Sequence[str]) -> dict[str, Any]:
    """Check texts one by one as a letter."""
    return _counted([(text, check(text, channel="letter")) for text in texts])


def _checked(text: Template) -> tuple[str, Verdict]:
    values = sample_values("typical", text.language)
    rendered = render(text, values)
    verdict = check(
        rendered.text,
        channel=text.channel,
        language=text.language,
        subject=rendered.subject,
        purpose=text.purpose,
        allowed_measures=text.mentions,
        parts=rendered.parts or None,
        own_names=[values[name] for name in OWN_NAMES],
    )
    return rendered.text, verdict


def _counted(found: Iterable[tuple[str, Verdict]]) -> dict[str, Any]:
    sentences = stopped = not_for_length = texts = texts_not_for_length = 0
    by_rule: Counter[str] = Counter()
    for text, verdict in found:
        stops = [item for item in verdict.findings if item.severity == "stop"]
        texts += 1
        by_rule[_WHOLE] += any(item.rule == _WHOLE for item in stops)
        texts_not_for_length += any(item.rule != _LENGTH for item in stops)
        for part in parts_of(text):
            start, end = part.sentence.start, part.sentence.end
            rules = {item.rule for item in stops if item.start < end and start < item.end} - {_WHOLE}
            sentences += 1
            stopped += bool(rules)
            not_for_length += bool(rules - {_LENGTH})
            by_rule.update(rules)
    return {
        "texts": texts,
        "texts_stopped_not_for_length_percent": _percent(texts_not_for_length, texts),
        "sentences": sentences,
        "stopped_sentences": stopped,
        "stopped_percent": _percent(stopped, sentences),
        "stopped_not_for_length_percent": _percent(not_for_length, sentences),
        "by_rule": {rule: count for rule, count in by_rule.most_common() if count},
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(1, whole), 1)

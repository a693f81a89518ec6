"""The rules for replies, read from words/replies/rules.yaml: what is certain, and what leads whatever the weights say.

Danger leads; of other alarms the one with the highest confidence.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from messages.folding import folded
from messages.wordlists import read_words

INTENTS: tuple[str, ...] = (
    *("crisis", "threat", "bereaved", "wrong_number", "represented", "refuse_visit", "stop", "start"),
    *("dispute", "paid", "counter_offer", "promise", "plan_request", "moved", "visit_invite", "call_me", "life_event"),
    *("cannot_pay", "help", "language", "abusive"),
    *("menu_1", "menu_2", "menu_3", "menu_4", "menu_5", "menu_6", "menu_7", "menu_8", "menu_9"),
    *("yes", "no", "question", "other"),
)
REFUSES_SIGNAL = "refuse_signal"
"""Beside `no`: the tenant refuses that the municipality hears of him (art. 3 Wgs, Besluit gemeentelijke schuldhulp)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A pattern that points to an intent, whatever the weights say, with a confidence between 0 and 1."""

    intent: str
    confidence: float
    pattern: re.Pattern[str]


def _either(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_RAW = read_words("replies/rules.yaml")
KEYWORDS: dict[str, str] = {word: intent for intent, words in _RAW["keywords"].items() for word in words}
_OWN_KEYWORDS: dict[str, str] = {
    folded(word): intent for intent, words in _RAW["own_keywords"].items() for word in words
}
ALARMS: tuple[Alarm, ...] = tuple(
    Alarm(item["intent"], float(item["confidence"]), _either(item["patterns"])) for item in _RAW["alarms"]
)
_EXCEPTIONS = {intent: _either(patterns) for intent, patterns in _RAW["exceptions"].items()}
_FIGURE_OF_SPEECH = _EXCEPTIONS.pop("figure_of_speech")
_NOT_STOP = _EXCEPTIONS.pop("not_stop")
_EDGES = " .,!;:'\"-?"
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CERTAIN = 1.0
_DANGER_FROM: Mapping[str, float] = {"crisis": 0.08, "threat": 0.1}
"""From this chance on danger leads when the reply speaks of it, whatever else is likely: missing it costs a life."""
_SPEAKS_OF_DANGER = frozenset(
    {"end_life", "violence_home", "need", "hit", "weapon", "burn", "threaten", "dog", "died", "overwhelm"}
)
_UNSPOKEN: Mapping[str, float] = {"crisis": 0.25, "threat": 0.2}
"""The chance from which danger leads when no word of it was known."""
_HARMLESS = 0.6
"""The chance from which danger leads over a manner of speaking."""
_BEFORE_STOP = ("bereaved", "start")
_LIKELY = 0.4
"""A death, and the withdrawal of a stop, go before the stop that is named beside them."""
_INVITES, _INVITED_TO_HARM = "visit_invite", 0.05
"""An invitation with so much of a threat in it is read as one: a colleague would go to that door."""
_LEADS = 0.9
_LOST = 0.3
_SURELY = 0.95
"""Beside an alarm of something else danger must be this sure to lead."""
_MACHINE = "other"
"""What an answering machine says: no danger is read between its words."""

_UNKNOWN = ({alarm.intent for alarm in ALARMS} | set(KEYWORDS.values()) | set(_OWN_KEYWORDS.values())) - {
    *INTENTS,
    REFUSES_SIGNAL,
}
if _UNKNOWN:
    raise ValueError(f"words/replies/rules.yaml names unknown intents: {', '.join(sorted(_UNKNOWN))}")


def bare_intent(text: str) -> tuple[str, float] | None:
    """Read a plain reply that is nothing but a keyword, its translation in Arabic or Cyrillic letters, or both."""
    words = _WORD.findall(text)
    latin = " ".join(word for word in words if word.isascii())
    own = " ".join(word for word in words if not word.isascii())
    intent = KEYWORDS.get(text.strip(_EDGES)) or KEYWORDS.get(latin) or (None if latin else _OWN_KEYWORDS.get(own))
    if latin and own and own not in _OWN_KEYWORDS:
        return None
    if intent is None:
        return None
    return ("question", 0.7) if intent == "paid" and "?" in text else (intent, _CERTAIN)


def ruled(text: str, chances: Mapping[str, float], spoken_of: Collection[str]) -> dict[str, float]:
    """Let the alarms and exceptions speak over the chances.

    `text` is all of the plain reply that is searched, `spoken_of` the concepts in it (see concepts.Mention).
    """
    found = dict(chances)
    raised = {alarm.intent: alarm.confidence for alarm in reversed(ALARMS) if alarm.pattern.search(text)}
    yields = max(chances.get(intent, 0.0) for intent in _BEFORE_STOP) >= _LIKELY
    if "stop" in raised and (yields or _NOT_STOP.search(text)):
        del raised["stop"]
    for intent, pattern in _EXCEPTIONS.items():
        if intent in found and intent not in raised and pattern.search(text):
            del found[intent]
    harmless = _FIGURE_OF_SPEECH.search(text) is not None
    if harmless:
        raised = {intent: confidence for intent, confidence in raised.items() if intent not in _DANGER_FROM}
    for other in found.keys() - raised.keys() if raised else ():
        found[other] = min(found[other], max(raised.values()) - 0.01)
    for intent, confidence in raised.items():
        found[intent] = max(found.get(intent, 0.0), confidence)
    if REFUSES_SIGNAL in found:
        found["no"] = max(found.get("no", 0.0), found[REFUSES_SIGNAL])
        found[REFUSES_SIGNAL] = min(found[REFUSES_SIGNAL], found["no"] - 0.01)
    if raised and not raised.keys() & _DANGER_FROM.keys():
        surely = 1.0 if _MACHINE in raised else _SURELY
        found = {
            intent: chance
            for intent, chance in found.items()
            if intent not in _DANGER_FROM or chances.get(intent, 0.0) >= surely
        }
    least = _DANGER_FROM if _SPEAKS_OF_DANGER & set(spoken_of) else _UNSPOKEN
    if max(found, key=lambda intent: found[intent]) == _INVITES:
        least = {**least, "threat": _INVITED_TO_HARM}
    _lead(found, dict.fromkeys(_DANGER_FROM, _HARMLESS) if harmless else least)
    return found


def _lead(found: dict[str, float], least: Mapping[str, float]) -> None:
    """Put danger in front, the likelier first, and nothing else above it; danger that does not lead is not meant."""
    danger = {intent: found.pop(intent, 0.0) for intent in _DANGER_FROM}
    leading = {intent: chance for intent, chance in danger.items() if chance >= least[intent]}
    for intent in found if leading else ():
        found[intent] = min(found[intent], _LEADS - 0.01)
    found.update({intent: _LEADS + chance * (1.0 - _LEADS) for intent, chance in leading.items()})
    if not found:
        found["other"] = _LOST

"""The rules for replies, read from words/replies.yaml into compiled tables.

The order of INTENTS decides which intent leads when several match: danger first, then who it is and whether we may
write, then what is asked.
"""

import re
from dataclasses import dataclass

from messages.folding import folded
from messages.wordlists import read_words

INTENTS: tuple[str, ...] = (
    *("crisis", "threat", "bereaved", "wrong_number", "represented", "refuse_signal", "refuse_visit", "stop", "start"),
    *("dispute", "paid", "counter_offer", "promise", "plan_request", "moved", "visit_invite", "call_me", "life_event"),
    *("cannot_pay", "help", "language", "abusive"),
    *("menu_1", "menu_2", "menu_3", "menu_4", "menu_5", "menu_6", "menu_7", "menu_8", "menu_9"),
    *("yes", "no", "question", "other"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern that points to an intent with a confidence between 0 and 1."""

    intent: str
    confidence: float
    pattern: re.Pattern[str]


def _either(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_RAW = read_words("replies.yaml")

KEYWORDS: dict[str, str] = {word: intent for intent, words in _RAW["keywords"].items() for word in words}
"""Whole replies that are certain."""

OWN_KEYWORDS: dict[str, str] = {
    folded(word): intent for intent, words in _RAW["own_keywords"].items() for word in words
}
"""Whole replies in Arabic and Cyrillic letters, folded: the translations that stand beside a keyword."""

RULES: tuple[Rule, ...] = tuple(
    Rule(item["intent"], float(item["confidence"]), _either(item["patterns"])) for item in _RAW["rules"]
)

_EXCEPTIONS = {name: _either(patterns) for name, patterns in _RAW["exceptions"].items()}
NOT_PAID = _EXCEPTIONS["not_paid"]
PAYS = _EXCEPTIONS["pays"]
WILL_PAY = _EXCEPTIONS["will_pay"]
DENIES_PAYING = _EXCEPTIONS["denies_paying"]
STOPS_SOMETHING_ELSE = _EXCEPTIONS["stops_something_else"]
WANTS_NO_PLAN = _EXCEPTIONS["wants_no_plan"]
WANTS_NO_HELP = _EXCEPTIONS["wants_no_help"]
DO_NOT_CALL = _EXCEPTIONS["do_not_call"]

LANGUAGE_WORDS: dict[str, frozenset[str]] = {code: frozenset(words) for code, words in _RAW["languages"].items()}
"""Common words per language, to guess what a reply is written in."""

_UNKNOWN = ({rule.intent for rule in RULES} | set(KEYWORDS.values()) | set(OWN_KEYWORDS.values())) - set(INTENTS)
if _UNKNOWN:
    raise ValueError(f"words/replies.yaml names unknown intents: {', '.join(sorted(_UNKNOWN))}")

"""Understand a tenant's reply by transparent rules, in Dutch and English; in doubt a person reads it."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from messages.folding import folded
from messages.reply_amounts import Amount, find_amount
from messages.reply_dates import find_date
from messages.reply_rules import (
    DENIES_PAYING,
    DO_NOT_CALL,
    INTENTS,
    KEYWORDS,
    NOT_PAID,
    OWN_KEYWORDS,
    PAYS,
    RULES,
    STOPS_SOMETHING_ELSE,
    WANTS_NO_HELP,
    WANTS_NO_PLAN,
    WILL_PAY,
)
from messages.reply_text import guess_language, plain

SURE_ENOUGH = 0.6
_CERTAIN = 1.0
_LONG_REPLY_WORDS = 60
_READ_CHARACTERS = 2_000
_MENU = re.compile(r"(?:menu_?|toets )?([1-9])")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_EDGES = " .,!;:'\"-?"
_FUZZY = ("regeling", "betaald", "betalingsregeling")
_READ_ALIKE = {"nl", "en"}


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What a reply means: `confidence` 0 to 1 (1 is a bare keyword), `amount_cents` with `per` month, week or None,
    `date` a Dutch civil date, `also` the other intents in order of weight."""

    intent: str
    confidence: float
    amount_cents: int | None
    per: str | None
    date: date | None
    language: str
    also: tuple[str, ...] = ()


def understand(text: str, *, today: date, channel: str = "sms") -> Understanding:
    """Read one reply; below SURE_ENOUGH the intent is `question` or `other` and a person should look.

    Only the first 2,000 characters are read.
    """
    text = text[:_READ_CHARACTERS]
    words = plain(text)
    language = guess_language(text, words)
    amount = find_amount(words)
    bare = _bare(words, channel) or _own_word(text)
    if bare is not None:
        intent, confidence = bare
        return _answer(intent, confidence, amount=None, day=None, language=language)
    scores = _scores(words, amount, find_date(words, today))
    if language not in _READ_ALIKE:
        scores["language"] = max(scores.get("language", 0.0), 0.85)
    ranked = sorted(scores, key=INTENTS.index)
    day = find_date(words, today, past=bool(ranked) and ranked[0] == "paid")
    return _choose(words, ranked, scores, amount, day, language)


def _bare(words: str, channel: str) -> tuple[str, float] | None:
    """Read a reply that is nothing but a keyword or a key of the keypad."""
    stripped = words.strip(_EDGES)
    if "?" in words and stripped in ("betaald", "al betaald", "is al betaald", "is betaald", "paid"):
        return "question", 0.7
    if stripped in KEYWORDS:
        return KEYWORDS[stripped], _CERTAIN
    if menu := _MENU.fullmatch(stripped):
        return f"menu_{menu[1]}", _CERTAIN if channel == "robocall" else SURE_ENOUGH
    near = get_close_matches(stripped, _FUZZY, n=1, cutoff=0.85)
    return (KEYWORDS[near[0]], 0.9) if near else None


def _own_word(text: str) -> tuple[str, float] | None:
    """Read a reply that is nothing but the translation of a keyword, in Arabic or Cyrillic letters."""
    intent = OWN_KEYWORDS.get(" ".join(_WORD.findall(folded(text))))
    return None if intent is None else (intent, _CERTAIN)


def _scores(words: str, amount: Amount | None, day: date | None) -> dict[str, float]:
    """Score every intent by its strongest rule, and then let the exceptions speak."""
    scores: dict[str, float] = {}
    for rule in RULES:
        if rule.confidence > scores.get(rule.intent, 0.0) and rule.pattern.search(words):
            scores[rule.intent] = rule.confidence
    _money(words, amount, day, scores)
    if "paid" in scores and NOT_PAID.search(words):
        del scores["paid"]
    if "paid" in scores:
        scores.pop("promise", None)
    for intent, denial in (("plan_request", WANTS_NO_PLAN), ("help", WANTS_NO_HELP), ("call_me", DO_NOT_CALL)):
        if denial.search(words):
            scores.pop(intent, None)
    if STOPS_SOMETHING_ELSE.search(words):
        scores.pop("stop", None)
        scores.setdefault("life_event", 0.8)
    if "kanker" in words and "life_event" in scores:
        scores.pop("abusive", None)
    if "refuse_visit" in scores:
        scores.pop("visit_invite", None)
    if "refuse_signal" in scores or "represented" in scores:
        scores.pop("help", None)
    return scores


def _money(words: str, amount: Amount | None, day: date | None, scores: dict[str, float]) -> None:
    """Tell an offer per period from a promise with a day."""
    denied = DENIES_PAYING.search(words) is not None
    if amount is not None and amount.per is not None and not ("paid" in scores and not NOT_PAID.search(words)):
        scores["counter_offer"] = 0.6 if "?" in words and not PAYS.search(words) and "regeling" not in words else 0.95
        scores.pop("cannot_pay", None)
        return
    if day is not None and PAYS.search(words) and (not denied or re.search(r"\b(?:pas|wel|only|maar)\b", words)):
        scores["promise"] = 0.9 if "?" not in words else 0.7
    elif WILL_PAY.search(words) and not denied and amount is None:
        scores["promise"] = SURE_ENOUGH
    if amount is not None and "promise" not in scores and (not amount.sure or not denied):
        near = PAYS.search(words) or re.search(r"\b(?:kan|missen|lukt|bied|max\w*|afford|offer|spare)\b", words)
        whole = re.fullmatch(r"[\w€.,: -]{1,20}", words) is not None
        if near or whole:
            scores["counter_offer"] = 0.8 if near else 0.7


def _choose(
    words: str, ranked: list[str], scores: dict[str, float], amount: Amount | None, day: date | None, language: str
) -> Understanding:
    sure = [intent for intent in ranked if scores[intent] >= SURE_ENOUGH]
    if not sure:
        return _answer("question" if "?" in words else "other", 0.3, amount, day, language, tuple(ranked))
    first = sure[0]
    if amount is not None and amount.per and _plain_counter_offer(words, first, sure):
        return _answer(first, _CERTAIN, amount, day, language, tuple(item for item in ranked if item != first))
    others = tuple(item for item in ranked if item != first)
    confidence = scores[first] - (0.1 if len(words.split()) > _LONG_REPLY_WORDS else 0.0)
    return _answer(first, round(max(confidence, 0.3), 2), amount, day, language, others)


def _plain_counter_offer(words: str, first: str, sure: list[str]) -> bool:
    return first == "counter_offer" and sure == ["counter_offer"] and len(words.split()) <= 4 and "?" not in words


def _answer(
    intent: str,
    confidence: float,
    amount: Amount | None,
    day: date | None,
    language: str,
    also: tuple[str, ...] = (),
) -> Understanding:
    return Understanding(
        intent=intent,
        confidence=confidence,
        amount_cents=None if amount is None else amount.cents,
        per=None if amount is None else amount.per,
        date=day,
        language=language,
        also=also,
    )

"""Understand a tenant's reply: rules for what is certain or dangerous, weights for the rest."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from messages.replies.amounts import Amount, find_amount
from messages.replies.concepts import Mention, concepts_of
from messages.replies.dates import find_date
from messages.replies.features import MARKS, marked, spelled
from messages.replies.language import guess_language
from messages.replies.learned import load
from messages.replies.menu import find_key
from messages.replies.rules import REFUSES_SIGNAL, bare_intent, ruled
from messages.replies.text import DANGER_CHARACTERS, READ_CHARACTERS, plain, words_of

SURE_ENOUGH = 0.6
_CERTAIN = 1.0
_ALSO = 0.12
"""What else a reply may mean is named from this chance on."""
_CLAUSE = re.compile(
    r"[.!?;,:]+(?= |$)|(?<!\w)(?:en|maar|want|and|but|because|ve|ama|ale|i bo|bo|але|та|и|но|ولكن|لكن|و)(?!\w)"
)
_KNOWN_SHARE = 0.34
_BEGINNING = 5
_ONE_SIGN = 3
_CODE = re.compile(r"[{}<>=\\$|*\[\]^~#&;_]")
_CODE_SHARE = 14
_CODE_WORDS = re.compile(r"drop table|insert into|select \*|</?script|\bor 1=1|\bbcc:|\{\{|\$\{|%s\b", re.IGNORECASE)
_MOST_CLAUSES = 20
_STRANGE = 0.5
"""Of a reply whose words are mostly unknown nothing is surer than this: a person reads it."""
_LEAST_WORDS = 2
_CLEAR = 0.8
_BESIDE = 0.15
"""What a part of a reply clearly says is named beside what the whole says."""
_DANGER = frozenset({"crisis", "threat"})
_NOT_BESIDE = frozenset({"other", "question", "yes", "no", "stop", "start", "abusive"})
_PAST = frozenset({"paid", "bereaved"})
_AHEAD = frozenset({"promise", "counter_offer", "plan_request"})
_EITHER = frozenset({"moved", "represented", "life_event", "dispute", "crisis"})


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


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One reply as it is read: its plain text, words, language, what it speaks of, and what it names."""

    text: str
    words: tuple[str, ...]
    language: str
    mentions: Sequence[Mention]
    amount: Amount | None
    day: date | None
    groups: Mapping[str, Counter[str]]


def read(text: str, today: date, *, language: str | None = None) -> Reading:
    """Read a reply without saying yet what it means; `language` when it is known."""
    simple = plain(text[:READ_CHARACTERS])
    return _read_plain(simple, today, language or guess_language(text, spelled(words_of(simple))))


def _read_plain(text: str, today: date, language: str) -> Reading:
    """Read a plain reply, or a part of one."""
    words = words_of(text)
    mentions = concepts_of(language).find(words)
    amount, day = find_amount(text, language), find_date(text, today, language=language)
    return Reading(
        text=text,
        words=words,
        language=language,
        mentions=mentions,
        amount=amount,
        day=day,
        groups={**spelled(words), MARKS: marked(text, words, mentions, amount, day, today)},
    )


def understand(text: str, *, today: date, channel: str = "sms") -> Understanding:
    """Say what a reply means; below SURE_ENOUGH a person should look.

    The first 2,000 characters are read for the meaning, the first 20,000 for danger.
    """
    reply = read(text, today)
    chances = _chances(reply, text, today, channel)
    ranked = sorted(chances, key=lambda intent: -chances[intent])
    intent = ranked[0]
    day = _day(reply, intent, today)
    amount = None if intent.startswith("menu_") else reply.amount
    return Understanding(
        intent=intent,
        confidence=round(chances[intent], 2),
        amount_cents=None if amount is None else amount.cents,
        per=None if amount is None else amount.per,
        date=day,
        language=reply.language,
        also=tuple(each for each in ranked[1:] if chances[each] >= _ALSO),
    )


def _chances(reply: Reading, text: str, today: date, channel: str) -> dict[str, float]:
    """Return the chance of every intent that may be meant."""
    if not reply.words:
        return {"question" if "?" in reply.text else "other": 0.3}
    if (bare := bare_intent(reply.text)) is not None:
        intent, chance = bare
        return {"no": chance, intent: chance - 0.01} if intent == REFUSES_SIGNAL else {intent: chance}
    if (key := find_key(reply.words)) is not None:
        return {f"menu_{key}": _CERTAIN if channel == "robocall" else SURE_ENOUGH}
    weights = load()["intent"]
    chances = weights.chances(reply.groups)
    for clause in _clauses(reply.text):
        if len(words_of(clause)) >= _LEAST_WORDS:
            said = weights.chances(_read_plain(clause, today, reply.language).groups)
            likely = max(said, key=lambda intent: said[intent])
            if said[likely] >= _CLEAR and likely not in _NOT_BESIDE:
                chances[likely] = max(chances[likely], _BESIDE, said[likely] if likely in _DANGER else 0.0)
    if _is_strange(text[:READ_CHARACTERS], reply):
        chances = {intent: 0.0 if intent in _DANGER else min(chance, _STRANGE) for intent, chance in chances.items()}
    danger = reply.text if len(text) <= READ_CHARACTERS else plain(text[:DANGER_CHARACTERS])
    return ruled(danger, chances, {each.concept for each in reply.mentions})


def _is_strange(text: str, reply: Reading) -> bool:
    """Say whether this is no reply in words: code, one sign again and again, or words that nobody knows."""
    letters = [sign for sign in text.lower() if sign.isalpha()]
    if len(letters) > _ONE_SIGN and len(set(letters)) == 1:
        return True
    if len(_CODE.findall(text)) * _CODE_SHARE > len(text) or _CODE_WORDS.search(text):
        return True
    spoken = {at for each in reply.mentions for at in range(each.start, each.end)}
    words = [(at, word) for at, word in enumerate(reply.words) if not word.isdigit()]
    known = sum(len(word) > 1 and (at in spoken or word[:_BEGINNING] in _beginnings()) for at, word in words)
    return known < _KNOWN_SHARE * len(words)


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """Return how the known words begin: languages with many endings seldom write the same word twice."""
    return frozenset(name[2:][:_BEGINNING] for name in load()["intent"].rarity if name.startswith("w:"))


def _clauses(text: str) -> Sequence[str]:
    """Split a plain reply where one thing is said after another; one that is short is a single thing."""
    parts = [part for part in _CLAUSE.split(text) if part.strip()]
    return parts[:_MOST_CLAUSES] if len(parts) > 1 else ()


def _day(reply: Reading, intent: str, today: date) -> date | None:
    """Read the day as the intent makes it: what was paid lies behind us, a promise ahead."""
    if intent in _PAST | _EITHER:
        past = True if intent in _PAST else None
        return find_date(reply.text, today, past=past, language=reply.language)
    if intent in _AHEAD:
        return find_date(reply.text, today, ahead=True, language=reply.language)
    return reply.day


def explained(text: str, intent: str, today: date) -> list[tuple[str, float]]:
    """Return what spoke most for an intent with its weight: `w` words, `c` pieces of words, `m` what is spoken of.

    Empty for what a rule decides, as a keyword or a key.
    """
    reply = read(text, today)
    weights = load()["intent"]
    if not reply.words or intent not in weights.answers or bare_intent(reply.text) or find_key(reply.words):
        return []
    return weights.explain(reply.groups, intent)

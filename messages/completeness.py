"""What a message to a tenant must hold: one request, one way to act, amount and date, a person, help, thanks.

Asked only when the purpose of the text is known (rules.md 21). Requests are counted in Dutch and English; what follows
a question such as "Lukt dat niet?" in the same paragraph is a way out, no second request.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from messages.examined import Examined
from messages.findings import Finding, finding
from messages.folding import folded
from messages.languages import text_language
from messages.parts import Part
from messages.spoken import number_words
from messages.wordlists import read_words

ASKING_PURPOSES = frozenset({"collection", "legal"})
WRITTEN = frozenset({"sms", "whatsapp", "email", "letter"})
LONG_FORMS = frozenset({"email", "letter"})
MOST_WAYS = 3

_AMOUNT = re.compile(r"€ ?\d|\d ?€|\d,\d{2}\b|\b(?:euro|يورو|євро)", re.IGNORECASE)
_DIGIT_DATE = re.compile(r"\b\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?\b")
_PHONE = re.compile(r"(?<![\d,.])(?:(?:\+|0)[\d \u2068\u2069-]{5,}\d|14 ?0\d{2,3})")
_SIGNED = re.compile(rf"\b([A-ZÀ-Þ][\w'-]+(?: (?:[a-z]{{2,4}} ){{0,2}}[A-ZÀ-Þ][\w'-]+)+)[,:]?\s+{_PHONE.pattern}")
_KINDLY = re.compile(r"(?:wilt|wil|kunt|kun|zou|zoudt|will|can|could|would) ", re.IGNORECASE)
_SPOKEN_DIGITS = 5
_WAYS = (
    re.compile(r"\bbel|\bcall", re.IGNORECASE),
    re.compile(r"@|\bmail\b|\be-?mail", re.IGNORECASE),
    re.compile(r"https?://|www\.", re.IGNORECASE),
    re.compile(r"\bantwoord\b|\banswer\b|\breply\b", re.IGNORECASE),
    re.compile(r"\bkom langs\b|\bbalie\b|\bspreekuur\b|\bcome to our\b", re.IGNORECASE),
    re.compile(r"\bformulier\b|\bonline account\b|\bportaal\b|\bform\b", re.IGNORECASE),
)


@dataclass(frozen=True, kw_only=True)
class Needs:
    """The words of one language by which a text shows what it holds; a group that is absent is not asked."""

    groups: Mapping[str, re.Pattern[str]]
    requests: Mapping[str, re.Pattern[str]]
    days: re.Pattern[str]


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield what a text of a known purpose lacks, and requests beyond the first."""
    if examined.purpose is None or examined.channel in ("call", "visit"):
        return
    if examined.purpose in ASKING_PURPOSES:
        needs = _needs(examined.base)
        yield from _person(examined, needs)
        if examined.channel in WRITTEN or examined.channel == "robocall":
            yield from _money(examined, needs)
            yield from _help(examined, needs)
        if examined.channel in WRITTEN:
            yield from _requests(examined, needs)


def _person(examined: Examined, needs: Needs) -> Iterator[Finding]:
    named = "person" not in needs.groups or needs.groups["person"].search(examined.text) or _signed(examined, needs)
    if not (named and _has_phone(examined)):
        yield _lack(examined, "missing_person", "stop", "Noem een medewerker met naam en telefoonnummer.")


def _signed(examined: Examined, needs: Needs) -> bool:
    """Whether a name stands right before a number, and is no organisation's."""
    return any(needs.groups["organisation"].search(match.group(1)) is None for match in _SIGNED.finditer(examined.text))


def _has_phone(examined: Examined) -> bool:
    if examined.channel != "robocall":
        return bool(_PHONE.search(examined.text))
    digits = number_words(examined.language)
    return sum(token.lower in digits for token in examined.tokens) >= _SPOKEN_DIGITS


def _money(examined: Examined, needs: Needs) -> Iterator[Finding]:
    """An amount is due where the text asks to pay, a date where an amount stands."""
    pattern = needs.requests.get("pay")
    pays = pattern is not None and any(pattern.search(part.sentence.text) for part in examined.parts)
    amount = _AMOUNT.search(examined.text)
    if pays and not amount:
        yield _lack(examined, "missing_amount", "stop", "Noem het bedrag.")
    if amount and not (needs.days.search(folded(examined.text)) or _DIGIT_DATE.search(examined.text)):
        yield _lack(examined, "missing_date", "stop", "Noem de dag: 'sinds dinsdag 24 november'.")
    thanks = needs.groups.get("thanks")
    if pays and examined.channel in LONG_FORMS and thanks is not None and not thanks.search(examined.text):
        advice = "Schrijf: 'Heeft u al betaald? Dan hoeft u niets te doen. Bedankt.'"
        yield _lack(examined, "missing_thanks", "warn", advice)


def _help(examined: Examined, needs: Needs) -> Iterator[Finding]:
    words = needs.groups.get("help")
    if words is not None and not words.search(examined.text):
        advice = "Bied hulp aan: 'Lukt dat niet? Bel mij. Dan zoeken we samen een oplossing.'"
        yield _lack(examined, "missing_help", "stop", advice)


def _requests(examined: Examined, needs: Needs) -> Iterator[Finding]:
    if not needs.requests:
        return
    found = list(_asked(examined, needs))
    kinds = list(dict.fromkeys(kind for kind, _part in found))
    if not kinds and not any(_kind(part.sentence.text, needs) for part in examined.parts):
        advice = "Vraag één ding: 'Wilt u mij bellen?'"
        yield _lack(examined, "no_request", "warn", advice)
    for kind in kinds[1:]:
        part = next(part for each, part in found if each == kind)
        severity = "stop" if len(kinds) > 2 else "warn"
        span = (part.sentence.start, part.sentence.end)
        advice = "Vraag één ding. Zet de rest in een ander bericht of achter 'Lukt dat niet?'"
        yield finding("several_requests", severity, examined.text, span, advice)
    ways = sum(bool(way.search(examined.text)) for way in _WAYS)
    if ways > MOST_WAYS:
        yield _lack(examined, "several_ways", "warn", f"Er staan {ways} manieren om te reageren. Noem er een of twee.")


def _asked(examined: Examined, needs: Needs) -> Iterator[tuple[str, Part]]:
    """Yield the kind of each request that stands without a condition before it in its paragraph."""
    condition = needs.groups["condition"]
    open_until = -1
    for part, paragraph_end in _with_paragraphs(examined.text, examined.parts):
        sentence = part.sentence.text
        kind = _kind(sentence, needs)
        conditional = condition.match(sentence) is not None
        if part.sentence.start <= open_until:
            continue
        asks = sentence.endswith("?") and not (kind and _KINDLY.match(sentence))
        if conditional or asks:
            open_until = paragraph_end
        elif kind is not None:
            yield kind, part


def _kind(sentence: str, needs: Needs) -> str | None:
    return next((name for name, pattern in needs.requests.items() if pattern.search(sentence)), None)


def _with_paragraphs(text: str, parts: Sequence[Part]) -> Iterator[tuple[Part, int]]:
    for part in parts:
        end = text.find("\n\n", part.sentence.end)
        yield part, len(text) if end < 0 else end


def _lack(examined: Examined, rule: str, severity: str, advice: str) -> Finding:
    return finding(rule, severity, examined.text, (0, len(examined.text)), advice)


@lru_cache(maxsize=8)
def _needs(base: str) -> Needs:
    raw = read_words("completeness.yaml").get(base, {})
    groups = {name: _pattern(words) for name, words in raw.items() if name != "request"}
    if "condition" in raw:
        groups["condition"] = re.compile(rf"(?:{_any(raw['condition'])})(?!\w)", re.IGNORECASE)
    requests = {
        kind: re.compile(rf"(?:^|\b(?:dan|then),? )(?:{_any(words)})(?!\w)(?! (?:ik|wij|we|i)\b)", re.IGNORECASE)
        for kind, words in raw.get("request", {}).items()
    }
    locale = Locale.parse(text_language(base).locale)
    months = locale.months
    names = {
        folded(str(name))
        for group in (months["format"]["wide"], months["stand-alone"]["wide"], locale.days["format"]["wide"])
        for name in group.values()
    }
    return Needs(groups=groups, requests=requests, days=re.compile("|".join(map(re.escape, names)), re.IGNORECASE))


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(words)})(?!\w)", re.IGNORECASE)


def _any(words: Sequence[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(_one(word) for word in ordered)


def _one(word: str) -> str:
    if word.endswith("*"):
        return re.escape(word[:-1]) + r"\w*"
    return re.escape(word).replace(r"\ \*\ ", r" [^?!\n]{1,80}? ")

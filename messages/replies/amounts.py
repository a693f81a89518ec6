"""Read the amount in a reply: digits or words, and whether it is a month or a week."""

import re
from dataclasses import dataclass

from messages.replies.dates import without_days
from messages.replies.numbers import COUNTED, RAW, written_out

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_MINUS = r"(?:,-+|\.-+|,=|-)?"
_EURO = rf"(?:{'|'.join(RAW['currency'])}|€|e(?= (?:per|p/|p\.)))"
_MONTH, _WEEK = (rf"(?:{'|'.join(RAW[period])})" for period in ("month", "week"))
_PERIOD = rf"(?:(?P<week>{_WEEK})|(?P<month>{_MONTH}))"
_PAYS = rf"(?:{'|'.join(RAW['pays'])})(?!\w)"
_MONEY = rf"(?![\d:/%]|[.,]\d|-\d|'|e\b| ?(?:{COUNTED}|{RAW['months_begin']}|{RAW['ordinal_ends']}))"
"""After the number stands nothing that makes it a day, a time or a count."""
_FREE = r"(?<![\d.,:/-])"
_BESIDE = "".join(f"(?<!{word})" for word in RAW["not_money_after"])

_PER = re.compile(rf"(?<!\w){_PERIOD}")
_WITH_SIGN = re.compile(
    rf"€ ?(?P<a>{_NUMBER})|(?<![\d.,:-])(?P<b>{_NUMBER}){_MINUS} ?{_EURO}(?![a-z])"
    rf"|(?<![\d.,:])(?P<c>{_NUMBER})(?:,-+|,=)"
)
_EXTRA = "(?:extra |erbij |er bij |aflossen |betalen )?"
_WITH_PER = re.compile(rf"{_FREE}(?P<a>{_NUMBER}){_MINUS} ?(?:{_EURO})? ?{_EXTRA}{_PERIOD}")
_PER_THEN = re.compile(rf"(?<!\w){_PERIOD}(?: [^\W\d]+){{0,4}}? (?P<a>{_NUMBER}){_MONEY}")
_LOOSE = re.compile(rf"(?<!\w){_PAYS}(?: [^\W\d]+){{0,3}}? (?P<a>{_NUMBER}){_MINUS}{_MONEY}")
_THEN_PAYS = re.compile(rf"{_FREE}(?P<a>{_NUMBER}){_MINUS}{_MONEY} (?:[^\W\d]+ )?{_PAYS}")
_ANY = re.compile(rf"(?<![\w.,:/#+*%-]){_BESIDE}(?P<a>{_NUMBER}){_MINUS}{_MONEY}")
_MIXED, _OTHERS = ("nl", "en"), ("tr", "pl")
"""A few words are taken for Dutch when nothing tells: their numbers may be of another language."""
_FEW_WORDS = 3
_LEAST_ANY = 20_00
_OLDEST = 105_00
_AGE_AFTER = re.compile(rf"(?<!\w){RAW['age_after']}$")
_EMERGENCY = frozenset({"112", "113", "144", "155", "911"})
_AGE = ("aylik", "haftalik")
_OLDEST_BABY = 24_00
_MOST_ANY = 9_999_00
_AFTER_BARE = r"(?:ok\w*|max\w*|graag|please|lutfen|prosze|dan)?"
_BARE = re.compile(rf"(?:[^\W\d]+ ){{0,2}}(?P<a>{_NUMBER}){_MINUS}[ .!]*{_AFTER_BARE}")
_LEAST_BARE = 10_00
_RANGE = re.compile(rf"(?<![\d.,])(\d+)(?: ?(?:{RAW['or']}) ?)\d+(?= ?(?:{_EURO}|per|p/?m|a month|{_MONTH}))")
_NOT_THIS = re.compile(r"(?<!\w)(?:geen|niet|not|nie|не|مو|مش) \d+ (?:euro )?(?:maar|but|tylko|ale|а|بس) (\d+)")
_CHOICE = re.compile(
    r"(?<!\w)(?:tussen |between |miedzy |між |بين )?(?:de )?(\d{2,4}) (?:euro )?"
    r"(?:of anders|of|or else|or|en|and|a|albo|lub|або|і|и|ya da|veya|ile|او|و) ?(?:de )?(\d{2,4})"
    r"(?= ?(?:euro|eur|€|arasi|$|per|pm))"
)
_CLOCK = re.compile("|".join(RAW["clock"]))
_SUMS: dict[str, int] = RAW["slang"]
_COUNTS = {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9}
_SLANG = re.compile(rf"\b(?:(\d+|{'|'.join(_COUNTS)}) )?({'|'.join(_SUMS)})(?:s|tjes)?\b")
_ENDING = re.compile(r"(?<=\d)'(?:ten|den|tan|dan|lik|luk|er|ar)\b")
_MOST = 10_000_000_00


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount in cents; `per` is `month`, `week` or None; `sure` is False for a number without euro or period."""

    cents: int
    per: str | None
    sure: bool = True


def find_amount(text: str, language: str = "nl") -> Amount | None:
    """Return the amount in a plain reply (see replies.text.plain), or None. An amount with a period wins.

    Of a range ("20 tot 30 euro") the lower end counts.
    """
    found = _find(_readable(text, language))
    if found is None and language in _MIXED and len(text.split()) <= _FEW_WORDS:
        found = next((other for code in _OTHERS if (other := _find(_readable(text, code))) is not None), None)
    return found if found is not None and 0 < found.cents <= _MOST else None


def _readable(text: str, language: str) -> str:
    """Write number words as digits, and take out what is no amount: phone numbers, hours, days."""
    written = _CLOCK.sub(" ", written_out(_ENDING.sub("", _slang(text)), language))
    return without_days(_RANGE.sub(r"\1", _chosen(written)), language)


def _chosen(text: str) -> str:
    """Leave of two amounts the one that is meant: of a choice the lower, of `not this but that` the second."""
    text = _NOT_THIS.sub(r"\1", text)
    return _CHOICE.sub(lambda match: str(min(int(match[1]), int(match[2]))), text)


def _find(text: str) -> Amount | None:
    per = _period(text)
    match = _WITH_PER.search(text) or _PER_THEN.search(text)
    if match and not _is_age(match):
        return Amount(cents=cents_of(match["a"]), per="week" if match["week"] else "month")
    if match := _WITH_SIGN.search(text):
        return Amount(cents=cents_of(match["a"] or match["b"] or match["c"]), per=per)
    if match := _LOOSE.search(text) or (_THEN_PAYS.search(text)):
        return Amount(cents=cents_of(match["a"]), per=per, sure=per is not None)
    if (match := _BARE.fullmatch(text)) and cents_of(match["a"]) >= _LEAST_BARE:
        return Amount(cents=cents_of(match["a"]), per=None, sure=False)
    for match in _ANY.finditer(text):
        cents = cents_of(match["a"])
        if _LEAST_ANY <= cents <= _MOST_ANY and not _is_something_else(text, match, cents):
            return Amount(cents=cents, per=per, sure=False)
    return None


def _is_something_else(text: str, match: re.Match[str], cents: int) -> bool:
    """Say whether a loose number is a year, an emergency number, or an age or temperature."""
    if _is_year(match["a"]) or match["a"] in _EMERGENCY:
        return True
    return cents <= _OLDEST and match["a"].isdigit() and _AGE_AFTER.search(text, 0, match.start()) is not None


def _is_age(match: re.Match[str]) -> bool:
    """Say whether this is a baby of so many weeks or months, in Turkish."""
    return match[0].endswith(_AGE) and "e" not in match[0].split()[1][:1] and cents_of(match["a"]) <= _OLDEST_BABY


def _is_year(number: str) -> bool:
    return re.fullmatch(r"(?:19[5-9]|20[0-4])\d", number) is not None


def _slang(text: str) -> str:
    """Write `twee tientjes` as 20 euro and `een meier` as 100 euro."""
    return _SLANG.sub(lambda match: f"{_times(match[1]) * _SUMS[match[2]]} euro", text)


def _times(said: str | None) -> int:
    return 1 if said is None else _COUNTS.get(said) or int(said[:4])


def cents_of(number: str) -> int:
    """Read `1.250`, `1.250,50`, `1,250.50`, `12,5` or `50` as cents; one or two digits at the end are decimals."""
    match = re.fullmatch(r"(.*?)[.,](\d{1,2})", number)
    whole, rest = (match[1], match[2].ljust(2, "0")) if match else (number, "00")
    digits = re.sub(r"[.,]", "", whole) or "0"
    return int(digits[:15]) * 100 + int(rest)


def _period(text: str) -> str | None:
    match = _PER.search(text)
    return None if match is None else ("week" if match["week"] else "month")

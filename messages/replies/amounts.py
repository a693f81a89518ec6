"""Read the amount in a reply: digits or words, and whether it is a month or a week."""

import re
from dataclasses import dataclass

from messages.replies.dates import without_days
from messages.replies.numbers import RAW, written_out

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_MINUS = r"(?:,-+|\.-+|,=|-)?"
_EURO = rf"(?:{'|'.join(RAW['currency'])}|€|e(?= (?:per|p/|p\.)))"
_MONTH = rf"(?:{'|'.join(RAW['month'])})"
_WEEK = rf"(?:{'|'.join(RAW['week'])})"
_PER = re.compile(rf"(?<!\w)(?:(?P<week>{_WEEK})|(?P<month>{_MONTH}))")
_NOT_AFTER = (
    r"(?![\d:/%]|[.,]\d|-\d|'|e\b| ?(?:x\b|keer|times|raz\w*|kere|defa|taksit\w*|rat[ya]\w*|termijn\w*|delen|stuk\w*|parts|uur|u\b"
    r"|h\b|saat\w*|godz\w*|годин\w*|час\w*|الساع\w*|دفعات|اقساط|dag\w*|gun\w*|dni\w*|дн\w*|ايام|يوما|week|weken|maand|maanden|mnd"
    r"|ay\b|ayda|aylik|jaar\w*|lat\b|rok\w*|рок\w*|лет|سنه|yas\w*|days?|weeks?|months?|years?|am\b|pm\b|min\b|minut\w*|dk\b|procent|proc\b|percent|yuzde|відсотк\w*|процент\w*|people|людеи|kisi|osob\w*|kinder\w*|kids|"
    r"jan|feb|maart|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec|ste\b|de\b|th\b|st\b|nd\b|rd\b|числ\w*|го\b|ego\b|go\b))"
)
_WITH_SIGN = re.compile(
    rf"€ ?(?P<a>{_NUMBER})|(?<![\d.,:-])(?P<b>{_NUMBER}){_MINUS} ?{_EURO}(?![a-z])|(?<![\d.,:])(?P<c>{_NUMBER})(?:,-+|,=)"
)
_WITH_PER = re.compile(
    rf"(?<![\d.,:/-])(?P<a>{_NUMBER}){_MINUS} ?(?:{_EURO})? ?(?:extra |erbij |er bij |aflossen |betalen )?(?:(?P<week>{_WEEK})|(?P<month>{_MONTH}))"
)
_PER_THEN = re.compile(
    rf"(?<!\w)(?:(?P<week>{_WEEK})|(?P<month>{_MONTH}))(?: [^\W\d]+){{0,4}}? (?P<a>{_NUMBER}){_NOT_AFTER}"
)
_LOOSE = re.compile(
    rf"(?<!\w)(?:{'|'.join(RAW['pays'])})(?!\w)(?: [^\W\d]+){{0,3}}? (?P<a>{_NUMBER}){_MINUS}{_NOT_AFTER}"
)
_THEN_PAYS = re.compile(
    rf"(?<![\d.,:/-])(?P<a>{_NUMBER}){_MINUS} (?:[^\W\d]+ ){{0,1}}(?:{'|'.join(RAW['pays'])})(?!\w)"
)
_ANY = re.compile(
    rf"(?<![\w.,:/#+*-])(?<!nr )(?<!nummer )(?<!nr\. )(?<!no )(?<!huis )(?<!number )(?<!numarasi )(?<!numer )(?<!номер )(?<!رقم )"
    rf"(?P<a>{_NUMBER}){_MINUS}{_NOT_AFTER}"
)
_LEAST_ANY = 20_00
_MOST_ANY = 9_999_00
_BARE = re.compile(
    rf"(?:[^\W\d]+ ){{0,2}}(?P<a>{_NUMBER}){_MINUS}[ .!]*(?:ok\w*|max\w*|graag|please|lutfen|prosze|dan)?"
)
_RANGE = re.compile(
    rf"(?<![\d.,])(\d+)(?: ?- ?| tot | of | a | to | or | ile | lub | do | або | или | до | او | ل )\d+(?= ?(?:{_EURO}|per|p/?m|a month|{_MONTH}))"
)
_CLOCK = re.compile(
    r"\b(?:at|om|around|rond|after|na|before|voor|vanaf|until|till|tot|between|tussen|van) \d{1,2}(?:[:.]\d{2})?(?: ?(?:[ap]\.?m\b|uur|u\b))"
    r"|\b\d{1,2}[:.]\d{2} ?(?:uur|u\b|h\b|am\b|pm\b)|\b\d{1,2} ?uur\b|(?<!\d)\+?\d[\d -]{7,}\d|\b11[23](?= (?:al |nog )?(?:ge)?bel)|\b(?:bel\w*|call\w*) 11[23]\b"
)
_TENTJE = re.compile(
    r"\b(\d+|twee|drie|vier|vijf|zes|zeven|acht|negen) (tientje|tenner|geeltje|meier|barkie|donnie|joet)(?:s|tjes)?\b"
)
_TIMES = {"tientje": 10, "tenner": 10, "geeltje": 25, "meier": 100, "barkie": 100, "donnie": 10, "joet": 10}
_COUNTS = {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9}
_SLANG = re.compile(
    r"(?:\d )?\b(?:tientje|tenner|geeltje|meier|barkie?|donnie|joet|doezoe|vijftigje|twintigje|honderdje)s?\b"
)
_LEAST_BARE = 1_000
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
    return found if found is not None and 0 < found.cents <= _MOST else None


def _readable(text: str, language: str) -> str:
    """Write number words as digits, and take out what is no amount: phone numbers, hours, days."""
    written = _CLOCK.sub(" ", written_out(_slang(text), language))
    return without_days(_RANGE.sub(r"\1", written), language)


def _find(text: str) -> Amount | None:
    per = _period(text)
    if match := _WITH_PER.search(text) or _PER_THEN.search(text):
        return Amount(cents=cents_of(match["a"]), per="week" if match["week"] else "month")
    if match := _WITH_SIGN.search(text):
        return Amount(cents=cents_of(match["a"] or match["b"] or match["c"]), per=per)
    if match := _LOOSE.search(text) or (_THEN_PAYS.search(text)):
        return Amount(cents=cents_of(match["a"]), per=per, sure=per is not None)
    if (match := _BARE.fullmatch(text)) and cents_of(match["a"]) >= _LEAST_BARE:
        return Amount(cents=cents_of(match["a"]), per=None, sure=False)
    for match in _ANY.finditer(text):
        cents = cents_of(match["a"])
        if _LEAST_ANY <= cents <= _MOST_ANY and not _is_year(match["a"]):
            return Amount(cents=cents, per=per, sure=False)
    return None


def _is_year(number: str) -> bool:
    return re.fullmatch(r"(?:19[5-9]|20[0-4])\d", number) is not None


def _slang(text: str) -> str:
    """Write `twee tientjes` as 20 euro and `een meier` as 100 euro."""
    text = _TENTJE.sub(lambda m: f"{(int(m[1]) if m[1].isdigit() else _COUNTS[m[1]]) * _TIMES[m[2]]} euro", text)
    return _SLANG.sub(lambda m: m[0] + " euro", text)


def cents_of(number: str) -> int:
    """Read `1.250`, `1.250,50`, `1,250.50`, `12,5` or `50` as cents; one or two digits at the end are decimals."""
    match = re.fullmatch(r"(.*?)[.,](\d{1,2})", number)
    whole, rest = (match[1], match[2].ljust(2, "0")) if match else (number, "00")
    digits = re.sub(r"[.,]", "", whole) or "0"
    return int(digits[:15]) * 100 + int(rest)


def _period(text: str) -> str | None:
    match = _PER.search(text)
    return None if match is None else ("week" if match["week"] else "month")

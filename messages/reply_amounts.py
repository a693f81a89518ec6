"""Read the amount in a reply: digits or words, and whether it is a month or a week."""

import re
from dataclasses import dataclass

_UNITS_NL = {
    "nul": 0,
    "een": 1,
    "twee": 2,
    "drie": 3,
    "vier": 4,
    "vijf": 5,
    "zes": 6,
    "zeven": 7,
    "acht": 8,
    "negen": 9,
    "tien": 10,
    "elf": 11,
    "twaalf": 12,
    "dertien": 13,
    "veertien": 14,
    "vijftien": 15,
    "zestien": 16,
    "zeventien": 17,
    "achttien": 18,
    "negentien": 19,
}
_TENS_NL = {
    "twintig": 20,
    "dertig": 30,
    "veertig": 40,
    "vijftig": 50,
    "zestig": 60,
    "zeventig": 70,
    "tachtig": 80,
    "negentig": 90,
}
_UNITS_EN = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS_EN = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}

_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_MONTH = (
    r"(?:p\.? ?/? ?m\b\.?|per maand|/ ?maand|/ ?mnd|per mnd|p\.? ?mnd|maandelijks|(?:elke|iedere|in de|de) maand"
    r"|a month|per month|/ ?month|monthly|(?:each|every) month)"
)
_WEEK = (
    r"(?:p\.? ?/? ?w\b\.?|per week|/ ?week|wekelijks|(?:elke|iedere|in de|de) week|a week|weekly|(?:each|every) week)"
)
_MINUS = r"(?:,-+|\.-+|,=)?"
_EURO = r"(?:euro'?s?|eur|euries|€)"
_PER = re.compile(rf"(?:(?P<month>{_MONTH})|(?P<week>{_WEEK}))")
_WITH_SIGN = re.compile(rf"€ ?(?P<a>{_NUMBER}){_MINUS}|(?<![\d.,-])(?P<b>{_NUMBER}){_MINUS} ?{_EURO}(?![a-z])")
_WITH_PER = re.compile(rf"(?<![\d.,:/-])(?P<a>{_NUMBER}){_MINUS} ?{_PER.pattern}")
_LOOSE = re.compile(
    rf"\b(?:betaal|betalen|kan|lukt|missen|aflossen|bied|pay|afford|offer|spare|met)\b(?: \w+){{0,3}}? "
    rf"(?P<a>{_NUMBER}){_MINUS}(?![\d:/%-]|[.,]\d| ?(?:x\b|keer|times|uur|u\b|dag"
    r"|week|weken|maand|jaar|days?|weeks?|months?|am\b|pm\b"
    rf"|jan|feb|maart|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec|e\b|ste\b|de\b|th\b|st\b|nd\b|rd\b))"
)
_BARE = re.compile(rf"(?:ongeveer |max |maximaal |about )?(?P<a>{_NUMBER}){_MINUS}[ .!]*")
_RANGE = re.compile(r"\b(\d+)(?: ?- ?| tot | of | to | or )\d+(?= ?(?:euro|eur|€|per|p/?m|a month))")
_CLOCK = re.compile(r"\b(?:at|om|around|rond|after|na|before|voor) \d{1,2}(?:[:.]\d{2})? ?[ap]\.?m\b")


@dataclass(frozen=True, kw_only=True)
class Amount:
    """An amount in cents; `per` is `month`, `week` or None; `sure` is False for a number without euro or period."""

    cents: int
    per: str | None
    sure: bool = True


def find_amount(text: str) -> Amount | None:
    """Return the amount in a plain reply (see reply_text.plain), or None. An amount with a period wins.

    Of a range ("20 tot 30 euro") the lower end counts.
    """
    text = _RANGE.sub(r"\1", _CLOCK.sub(" ", _written_out(text)))
    per = _period(text)
    if match := _WITH_PER.search(text):
        return Amount(cents=cents_of(match["a"]), per="month" if match["month"] else "week")
    if match := _WITH_SIGN.search(text):
        return Amount(cents=cents_of(match["a"] or match["b"]), per=per)
    if match := _LOOSE.search(text):
        return Amount(cents=cents_of(match["a"]), per=per, sure=per is not None)
    if (match := _BARE.fullmatch(text)) and cents_of(match["a"]) >= 1000:
        return Amount(cents=cents_of(match["a"]), per=None, sure=False)
    return None


def cents_of(number: str) -> int:
    """Read `1.250`, `1.250,50`, `1,250.50`, `12,5` or `50` as cents; one or two digits at the end are decimals."""
    match = re.fullmatch(r"(.*?)[.,](\d{1,2})", number)
    whole, rest = (match[1], match[2].ljust(2, "0")) if match else (number, "00")
    return int(re.sub(r"[.,]", "", whole) or "0") * 100 + int(rest)


def _period(text: str) -> str | None:
    match = _PER.search(text)
    return None if match is None else ("month" if match["month"] else "week")


def _written_out(text: str) -> str:
    """Put digits for number words of ten and more, and for smaller ones before `euro`."""
    text = re.sub(
        rf"\b({'|'.join(_TENS_EN)})[ -]({'|'.join(list(_UNITS_EN)[:9])})\b",
        lambda m: str(_TENS_EN[m[1]] + _UNITS_EN[m[2]]),
        text,
    )
    text = re.sub(r"\b(?:a |one )?hundred(?: and)?(?: (\d+))?\b", lambda m: str(100 + int(m[1] or 0)), text)
    return re.sub(r"[a-z]+(?= ?euro)|[a-z]{4,}", _as_digits, text)


def _as_digits(match: re.Match[str]) -> str:
    word = match[0]
    value = number_word(word)
    small = value is not None and value < 10 and not match.string[match.end() :].lstrip().startswith("euro")
    return word if value is None or small else str(value)


def number_word(word: str) -> int | None:
    """Read a number written as one Dutch or English word: `vijfentwintig` 25, `honderdvijftig` 150, `fifty` 50."""
    for table in (_UNITS_NL, _TENS_NL, _UNITS_EN, _TENS_EN):
        if word in table:
            return table[word]
    for sign, size in (("duizend", 1000), ("honderd", 100)):
        head, found, tail = word.partition(sign)
        if found:
            first = number_word(head) if head else 1
            rest = number_word(tail.removeprefix("en")) if tail else 0
            return None if first is None or rest is None else first * size + rest
    for ten, value in _TENS_NL.items():
        unit = word.removesuffix(ten).removesuffix("en")
        if word.endswith("en" + ten) and unit in _UNITS_NL:
            return value + _UNITS_NL[unit]
    return None

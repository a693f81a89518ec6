"""The one module that knows phone numbers: what people and spreadsheets write becomes E.164, or a problem.

Kinds follow the Dutch numbering plan (Nummerplan telefoon- en ISDN-diensten) as the library phonenumbers
has it, with one correction: 097 is for machines there, though the library counts it as mobile.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType

Kind = Literal["mobile", "landline", "voip", "premium", "machine", "pager", "uan", "other"]


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """A number in E.164; `dialable` is for a robocall, `smsable` for a text message.

    A number that is not dialable is never called by the product; a member of staff may still call it.
    """

    e164: str
    kind: Kind
    dialable: bool
    smsable: bool


ProblemCode = Literal["empty", "letters", "several", "too_short", "too_long", "lost_digits", "invalid"]


@dataclass(frozen=True, kw_only=True)
class PhoneProblem:
    """Why a text is no phone number, with what to do about it."""

    code: ProblemCode
    text_nl: str
    text_en: str


_TEXTS: dict[ProblemCode, tuple[str, str]] = {
    "empty": ("Er staat geen nummer.", "There is no number."),
    "letters": ("Er staan letters in het nummer. Vul alleen cijfers in.", "The number has letters. Use digits only."),
    "several": ("Er staan meer nummers in een veld. Zet ze apart.", "The field has several numbers. Separate them."),
    "too_short": ("Het nummer is te kort.", "The number is too short."),
    "too_long": ("Het nummer is te lang.", "The number is too long."),
    "lost_digits": (
        "Excel heeft het nummer afgerond, er zijn cijfers weg. Maak de kolom op als tekst.",
        "Excel rounded the number, digits are gone. Format the column as text.",
    ),
    "invalid": ("Dit nummer bestaat niet. Kijk het na.", "This number does not exist. Check it."),
}

_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.SHARED_COST: "premium",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.UAN: "uan",
}
_DIALABLE: frozenset[Kind] = frozenset({"mobile", "landline", "voip"})

_NOISE = re.compile(r"^(?:tel(?:efoon)?(?:nummer|nr)?|mob(?:iel)?|gsm|nr|t|m)[.:\s]*(?=[+\d(])", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?e\+?\d{1,2}", re.IGNORECASE)
_EXCEL_FLOAT = re.compile(r"(\d{8,})[.,]0+")
_ALLOWED = re.compile(r"[+\d\s().,\-/]+")
_SEPARATORS = re.compile(r"[;|,\n/&]|\s(?:en|of|and|or)\s|(?<=\d)\s+(?=\+)", re.IGNORECASE)
_SHORTEST = 7
"""A part with fewer digits than this is no number of its own: 06/12345678 and 020,1234567 are one number."""

_LONGEST_FIELD = 200
_MADE_UP = re.compile(r"\+3160000\d{4}")
"""06 0000 xxxx: no such numbers are given out; sample data uses them, so that nobody can be called by accident."""


def parse_phone(raw: str, region: str = "NL", *, made_up: bool = False) -> PhoneNumber | PhoneProblem:
    """Read one phone number as people, systems and spreadsheets write it.

    `made_up` accepts 06 0000 xxxx as mobile, for sample data; else that is no existing number.
    """
    if len(raw) > _LONGEST_FIELD:
        return _problem("too_long")
    text = _clean(raw)
    if not any(sign.isalnum() for sign in text):
        return _problem("empty")
    if _SCIENTIFIC.fullmatch(text):
        return _from_scientific(text, region, made_up)
    if len(_parts(text)) > 1:
        return _problem("several")
    if not _ALLOWED.fullmatch(text):
        return _problem("letters")
    return _parse(text, region, made_up)


def parse_phones(raw: str, region: str = "NL", *, made_up: bool = False) -> tuple[PhoneNumber | PhoneProblem, ...]:
    """Read a field that may hold several numbers, apart by `;`, `/`, `,` or `en`; no number comes twice."""
    parts = [raw] if len(raw) > _LONGEST_FIELD else _parts(_clean(raw))
    return tuple(dict.fromkeys(parse_phone(part, region, made_up=made_up) for part in parts))


@lru_cache(maxsize=256)
def readable_phone(e164: str) -> str:
    """Write a number as people dial it: a Dutch one in the national form, a foreign one with its country.

    What is no number is given back as it is.
    """
    try:
        number = phonenumbers.parse(e164, "NL")
    except phonenumbers.NumberParseException:
        return e164
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if number.country_code == 31 else form.INTERNATIONAL)


def _parts(text: str) -> list[str]:
    """Split where every part has the digits of a whole number, else leave the text as it is."""
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    return parts if len(parts) > 1 and all(_digits(part) >= _SHORTEST for part in parts) else [text]


def _clean(raw: str) -> str:
    """Fold full-width digits and odd dashes, drop invisible signs, labels and Excel's `.0` and apostrophe."""
    folded = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", raw))
    text = _NOISE.sub("", folded.strip().strip("'\"=").strip().removeprefix("tel:"))
    text = re.sub(r"\(\s*0\s*\)", " ", text) if text.startswith(("+", "00")) else text
    float_written = _EXCEL_FLOAT.fullmatch(text)
    return float_written.group(1) if float_written else text.strip().rstrip(",;/")


def _plain(sign: str) -> str:
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    if unicodedata.category(sign) == "Pd" or sign == "−":
        return "-"
    return "" if unicodedata.category(sign) == "Cf" else sign


def _from_scientific(text: str, region: str, made_up: bool) -> PhoneNumber | PhoneProblem:
    """Read 6.12345678E+08, where all digits are still there; refuse 6.12E+08, where they are not."""
    try:
        written = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return _problem("invalid")
    exponent = written.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > 0:
        return _problem("lost_digits")
    if written != written.to_integral_value():
        return _problem("invalid")
    return _parse(str(int(written)), region, made_up)


def _parse(text: str, region: str, made_up: bool) -> PhoneNumber | PhoneProblem:
    found = _read(text, region)
    if isinstance(found, PhoneProblem):
        return found
    e164 = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    if made_up and _MADE_UP.fullmatch(e164):
        return PhoneNumber(e164=e164, kind="mobile", dialable=True, smsable=True)
    if e164.startswith("+3197"):
        return PhoneNumber(e164=e164, kind="machine", dialable=False, smsable=False)
    if not phonenumbers.is_valid_number(found):
        return _problem("invalid")
    kind = _KINDS.get(phonenumbers.number_type(found), "other")
    return PhoneNumber(e164=e164, kind=kind, dialable=kind in _DIALABLE, smsable=kind == "mobile")


def _read(text: str, region: str) -> phonenumbers.PhoneNumber | PhoneProblem:
    try:
        found = phonenumbers.parse(text.replace(",", " ").replace("/", " "), region)
    except phonenumbers.NumberParseException as error:
        too_long = error.error_type == phonenumbers.NumberParseException.TOO_LONG
        return _problem("too_long" if too_long else "too_short" if _digits(text) < 9 else "invalid")
    reason = phonenumbers.is_possible_number_with_reason(found)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return _problem("too_short")
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        return _problem("too_long")
    return found


def _digits(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def _problem(code: ProblemCode) -> PhoneProblem:
    nl, en = _TEXTS[code]
    return PhoneProblem(code=code, text_nl=nl, text_en=en)

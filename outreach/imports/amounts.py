"""Read amounts of money as Dutch and other systems write them, into integer cents.

The decimal sign is decided per file from many values; what stays ambiguous (1.234) is read Dutch.
"""

import re
from collections.abc import Iterable
from typing import Literal

Decimal = Literal[",", ".", ""]
"""The decimal sign of a file; empty when its values do not tell."""

LIMIT_CENTS = 100_000_000_00
_NOISE = re.compile(r"(?:€|eur(?:o)?\b|[\s\u00a0\u202f'’_])+", re.IGNORECASE)
_SHAPE = re.compile(r"(?=[.,]*\d)[\d.,]+")
_PLAIN = re.compile(r"([0-9]{1,7})[.,]([0-9]{2})")
_COMMA_DECIMALS = re.compile(r",\d{1,2}$|\.\d{3},")
_POINT_DECIMALS = re.compile(r"\.\d{1,2}$|,\d{3}\.")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}")


class AmountError(ValueError):
    """The text is no amount; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decide_decimal(values: Iterable[str]) -> Decimal:
    """Decide the decimal sign of a column: the one that more values prove; empty when none or as many do."""
    commas = points = 0
    for value in values:
        text = _NOISE.sub("", value).strip("+-()")
        commas += bool(_COMMA_DECIMALS.search(text))
        points += bool(_POINT_DECIMALS.search(text))
    if commas == points:
        return ""
    return "," if commas > points else "."


def is_ambiguous(value: str) -> bool:
    """Tell whether the sign in the amount could be a thousands sign and a decimal sign (1.234)."""
    return bool(_AMBIGUOUS.fullmatch(_NOISE.sub("", value).strip("+-")))


def parse_amount(value: str, decimal: Decimal = "") -> int:
    """Read an amount into cents; negative by a minus before or after, or by brackets.

    Raises AmountError with code amount, amount_decimals or amount_range.
    """
    plain = _PLAIN.fullmatch(value)
    if plain:
        return int(plain[1]) * 100 + int(plain[2])
    text = _NOISE.sub("", value).replace("−", "-").replace("–", "-")
    text, negative = _sign(text)
    if not _SHAPE.fullmatch(text):
        raise AmountError("amount")
    whole, fraction = _split(text, decimal)
    if len(fraction) > 2 and fraction[2:].strip("0"):
        raise AmountError("amount_decimals")
    cents = int(whole or "0") * 100 + int(fraction[:2].ljust(2, "0") or "0")
    if cents > LIMIT_CENTS:
        raise AmountError("amount_range")
    return -cents if negative else cents


def _sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1], True
    if text.endswith((",-", ".-", ",--")):
        text = text.rstrip("-")[:-1]
    if text.endswith(("-", "+")):
        return text[:-1], text.endswith("-")
    if text.startswith(("-", "+")):
        return text[1:], text.startswith("-")
    return (text[:-2], text[-2:].lower() == "cr") if text[-2:].lower() in {"cr", "dr"} else (text, False)


def _split(text: str, decimal: Decimal) -> tuple[str, str]:
    comma, point = text.rfind(","), text.rfind(".")
    if comma < 0 and point < 0:
        return text, ""
    if comma >= 0 and point >= 0:
        return _checked(text, "," if comma > point else ".")
    sign = "," if comma >= 0 else "."
    if text.count(sign) > 1:
        return _thousands(text, sign)
    tail = len(text) - 1 - max(comma, point)
    if tail == 3 and _GROUPED.fullmatch(text):
        return _thousands(text, sign) if _reads_as_thousands(sign, decimal) else _checked(text, sign)
    return _checked(text, sign)


def _reads_as_thousands(sign: str, decimal: Decimal) -> bool:
    """1.234 is read Dutch, unless the file proves that the point is its decimal sign; so 1,234 the other way."""
    return sign != decimal if decimal else sign == "."


def _thousands(text: str, sign: str) -> tuple[str, str]:
    if not _GROUPED.fullmatch(text):
        raise AmountError("amount")
    return text.replace(sign, ""), ""


def _checked(text: str, sign: str) -> tuple[str, str]:
    whole, _, fraction = text.rpartition(sign)
    if not fraction.isdigit() and fraction:
        raise AmountError("amount")
    if whole.isdigit() or not whole:
        return whole, fraction
    if sign in whole or not _GROUPED.fullmatch(whole):
        raise AmountError("amount")
    return whole.replace(".", "").replace(",", ""), fraction

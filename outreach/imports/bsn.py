"""Find and drop citizen service numbers: there is no ground to keep a BSN for arrears (law.md, privacy)."""

import re
from collections.abc import Sequence

from outreach.imports.columns import plain

BSN_HEADERS = ("bsn", "burgerservicen", "sofin", "sofi", "citizenservicen")
SUSPICIOUS = ("nummer", "number", "nr", "id", "ident", "persoon", "fisc", "tin", "kolom", "column", "code")
MASK = "[weggelaten]"
_NINE = re.compile(r"\d{9}")
_INSIDE = re.compile(r"(?<![\d+])\d{4}[. ]?\d{2}[. ]?\d{3}(?!\d)|(?<![\d+])\d{3}\.\d{3}\.\d{3}(?!\d)")


def passes_eleven_test(value: str) -> bool:
    """Tell whether nine digits can be a BSN: weights 9 to 2 and -1, the sum divisible by eleven."""
    digits = re.sub(r"[. \-]", "", value)
    if not _NINE.fullmatch(digits) or digits == "000000000":
        return False
    total = sum(int(sign) * weight for sign, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True))
    return total % 11 == 0


def is_bsn_header(header: str) -> bool:
    """Tell whether a column says that it holds BSNs."""
    name = plain(header)
    return any(name.startswith(word) or name.endswith(word) for word in BSN_HEADERS)


def holds_bsn(header: str, values: Sequence[str]) -> bool:
    """Tell whether a column holds BSNs by its content: suspicious header and most values pass the test."""
    name = plain(header)
    filled = [value for value in values if value.strip()]
    if not filled or (name and not any(word in name for word in SUSPICIOUS)):
        return False
    return sum(passes_eleven_test(value.strip()) for value in filled) * 2 > len(filled)


def mask(value: str) -> str:
    """Take out what can be a BSN from a text that is kept."""
    return _INSIDE.sub(lambda found: MASK if passes_eleven_test(found[0]) else found[0], value)

"""Values that read left to right inside a text that reads right to left.

Without help the groups of `088 - 123 45 67` stand in reversed order in an Arabic line (Unicode Standard Annex 9:
a space or hyphen between two numbers takes the direction of the line). Written texts put each value between the
marks FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, which no reader sees. An SMS does not: every mark is paid
for, and old telephones show it as a box; there a telephone number is written without gaps, as one number.
"""

import re

_OPEN, _CLOSE = "\u2068", "\u2069"
_PHONE = re.compile(r"(?<![\w.,])\+?\d{2,}(?: ?-? ?\d{2,})+(?![\w,])")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
_GAPS = re.compile(r"[ -]+")


def isolated(value: str) -> str:
    """Return a value with its own direction; names, amounts, telephone numbers keep their order in any line."""
    return f"{_OPEN}{value}{_CLOSE}"


def isolate_numbers(text: str) -> str:
    """Give every telephone number in a text its own direction."""
    return _PHONE.sub(lambda match: isolated(match.group()), text)


def directed(body: str) -> str:
    """Give every placeholder and every telephone number in the body of a text its own direction."""
    return _PLACEHOLDER.sub(lambda match: isolated(match.group()), isolate_numbers(body))


def close_numbers(text: str) -> str:
    """Write every telephone number in a text without spaces and hyphens: `088 - 123 45 67` as `0881234567`."""
    return _PHONE.sub(lambda match: _GAPS.sub("", match.group()), text)

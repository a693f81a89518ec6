"""Texts that mean harm or nothing: random signs, emoji, signs that turn the direction, code, and very long ones."""

import random
from collections.abc import Callable, Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ANY = [
    *(chr(sign) for sign in range(0x250)),
    *"\u200b\u200e\u200f\u202a\u202b\u202d\u202e\u2066\u2067\u2069\ufeff\ufffd\u0000\u0001\u001b",
    *"\U0001f600\U0001f4a9\U0001f52b\U0001f9e8\U0001f44d\U0001f3fd\u200d\U0001f468\u2764\ufe0f",
    *"ءآأؤإئابةتثجحخدذرزسشصضطظعغ\u064b\u0651ךםןףץабвгґдеєжзиіїй漢字かなᄒ",
]
_CODE = (
    "' OR 1=1 --",
    '\'; DROP TABLE "case"; --',
    "{{ 7*7 }}",
    "{% for x in ().__class__.__base__ %}",
    "${jndi:ldap://x}",
    "<script>alert(1)</script>",
    "{name} {amount} {0} {} %s %(x)s %n",
    "../../etc/passwd",
    "\\x00\\u0000",
    "=cmd|' /C calc'!A0",
    '<!--#exec cmd="ls" -->',
    "\r\nBcc: x@example.nl\r\n",
    "(((((((((((((((a+)+)+)+)+)+",
    "\u202eknab ed raan",
    "&#0;&lt;",
)


def hostile_texts(count: int, chance: random.Random) -> Iterator[str]:
    """Yield so many texts; the same chance gives the same texts."""
    makers: tuple[Callable[[random.Random], str], ...] = (_signs, _code, _repeated, _joined, _long, _letters)
    for at in range(count):
        yield makers[at % len(makers)](chance)


def _signs(chance: random.Random) -> str:
    return "".join(chance.choices(_ANY, k=chance.randint(0, 200)))


def _code(chance: random.Random) -> str:
    return " ".join(chance.choices(_CODE, k=chance.randint(1, 4)))


def _repeated(chance: random.Random) -> str:
    return "".join([chance.choice(_ANY)] * chance.randint(1, 400))


def _joined(chance: random.Random) -> str:
    return "\u200b".join(chance.choices(_LETTERS, k=chance.randint(2, 40))) + chance.choice(_CODE)


def _long(chance: random.Random) -> str:
    if chance.random() < 0.97:
        return _letters(chance)
    return "".join(chance.choices(_ANY, k=10_240))


def _letters(chance: random.Random) -> str:
    words = ("".join(chance.choices(_LETTERS, k=chance.randint(1, 12))) for _ in range(chance.randint(1, 12)))
    return " ".join(words)

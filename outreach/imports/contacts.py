"""Check phone numbers and mail addresses of a row; plain Dutch mobiles go a short way."""

import re
from functools import lru_cache
from typing import NamedTuple

from channels.phone_numbers import PhoneProblem, parse_phones

_PLAIN_MOBILE = re.compile(r"06[ \-]?([1-58]\d{7})")
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+'&/=?^{|}~#!$*-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


class Contact(NamedTuple):
    """A contact point as it is kept: kind mobile, landline or email."""

    kind: str
    value: str


class Fault(NamedTuple):
    """Why a value is skipped."""

    code: str
    hint_nl: str = ""
    hint_en: str = ""


def read_phones(raw: str, made_up: bool) -> tuple[Contact | Fault, ...]:
    """Read a field with phone numbers; `made_up` accepts 06 0000 xxxx."""
    found = _PLAIN_MOBILE.fullmatch(raw)
    if found:
        return (Contact("mobile", f"+316{found[1]}"),)
    return _read_phones(raw[:200], made_up)


@lru_cache(maxsize=4096)
def _read_phones(raw: str, made_up: bool) -> tuple[Contact | Fault, ...]:
    answers: list[Contact | Fault] = []
    for number in parse_phones(raw, made_up=made_up):
        if isinstance(number, PhoneProblem):
            answers.append(Fault("phone", number.text_nl, number.text_en))
        elif number.smsable:
            answers.append(Contact("mobile", number.e164))
        elif number.dialable:
            answers.append(Contact("landline", number.e164))
        else:
            answers.append(Fault("phone_not_usable"))
    return tuple(answers)


def read_email(raw: str) -> Contact | Fault:
    """Read one mail address; the domain is kept in lower case."""
    text = raw.strip().removeprefix("mailto:").strip("<>;, ")
    if len(text) > 200 or not _EMAIL.fullmatch(text) or ".." in text:
        return Fault("email")
    local, _, domain = text.rpartition("@")
    return Contact("email", f"{local}@{domain.lower()}")

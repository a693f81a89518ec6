"""Read a mail that may hold anything: every question has an answer, whatever was sent.

Python's newer header parser raises on some malformed headers, so headers are read by the older one and decoded here.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from channels.email_message import plain_address

DEEPEST = 40


def read_mail(raw: bytes) -> Message:
    """Read a mail from its bytes; an unreadable one is empty."""
    try:
        return message_from_bytes(raw, policy=compat32)
    except Exception:  # the parser of the standard library has raised on garbage in several ways
        return Message(policy=compat32)


def header(mail: Message, name: str) -> str:
    """Return a header on one line, decoded; empty when it is not there."""
    try:
        value = str(mail.get(name, ""))
        parts = decode_header(value)
    except Exception:  # a malformed encoded word raises HeaderParseError, ValueError or binascii.Error
        return _one_line(str(mail.get_all(name, [""])[0]))
    return _one_line("".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts))


def address(mail: Message, name: str) -> str:
    """Return the first address of a header, in lower case; empty when there is none."""
    try:
        found = getaddresses([str(mail.get(name, ""))])
    except Exception:
        return ""
    return next((each.lower() for _, each in found if plain_address(each)), "")


def parts(mail: Message, depth: int = 0) -> Iterator[Message]:
    """Walk through a mail and what is inside it, from the outside in."""
    yield mail
    payload = mail.get_payload()
    if isinstance(payload, list) and depth < DEEPEST:
        for each in payload:
            if isinstance(each, Message):
                yield from parts(each, depth + 1)


def content(part: Message) -> str:
    """Return the text of a part, whatever its encoding says."""
    try:
        raw = part.get_payload(decode=True)
        charset = part.get_content_charset()
    except Exception:
        return ""
    return _decoded(raw, charset) if isinstance(raw, bytes) else ""


def _decoded(raw: bytes, charset: str | None) -> str:
    try:
        return raw.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return raw.decode("utf-8" if charset else "latin-1", "replace")


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text.encode("utf-8", "replace").decode()).split())

"""Names that only we can make: the Message-ID of a key, and the address to unsubscribe at.

Both hold under the secret key of the installation, so nobody can guess the Message-ID that a bounce must name, and an
address to unsubscribe at shows nobody's mail address. The sealing is a synthetic initialisation vector (the idea
of RFC 5297): the vector is an HMAC over the text and also proves it; the text is masked by SHAKE-256 of key and vector.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import parse_qs, urlsplit

from channels.settings import ChannelSettings

UNSUBSCRIBE_ROUTE = "email/unsubscribe"
"""Name of the page to unsubscribe at, below /hooks/."""

_VECTOR = 16
_BLOCK = 32


@dataclass(frozen=True, kw_only=True)
class Unsubscriber:
    """Who unsubscribes: the address, and the Message-ID of the mail that it was done from."""

    address: str
    message_id: str


def domain_of(settings: ChannelSettings) -> str:
    """Return the domain that mail is sent from."""
    return parseaddr(settings.mail_sender)[1].rpartition("@")[2].lower()


def message_id(key: str, settings: ChannelSettings) -> str:
    """Return the Message-ID of a key: always the same, and not to be guessed."""
    digest = _hmac(settings, "message-id", key.encode("utf-8", "replace"))
    return f"<{digest[:_VECTOR].hex()}@{domain_of(settings)}>"


def unsubscribe_url(key: str, address: str, settings: ChannelSettings) -> str:
    """Return the page on which a receiver says that he wants no more mail; empty without a public https address."""
    if not settings.public_url.startswith("https://"):
        return ""
    mark = bytes.fromhex(message_id(key, settings)[1 : 1 + 2 * _VECTOR])
    token = base64.urlsafe_b64encode(_seal(mark + address.encode(), settings)).decode().rstrip("=")
    return f"{settings.public_url.rstrip('/')}/hooks/{UNSUBSCRIBE_ROUTE}?t={token}"


def unsubscriber(url: str, settings: ChannelSettings) -> Unsubscriber | None:
    """Read who unsubscribes from the address that was called; None when we did not make it."""
    token = parse_qs(urlsplit(url).query).get("t", [""])[0]
    try:
        opened = _open(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), settings)
    except (binascii.Error, ValueError):
        return None
    if opened is None:
        return None
    mark, address = opened[:_VECTOR].hex(), opened[_VECTOR:].decode("utf-8", "replace")
    return Unsubscriber(address=address, message_id=f"<{mark}@{domain_of(settings)}>")


def _seal(plain: bytes, settings: ChannelSettings) -> bytes:
    padded = plain + bytes(-len(plain) % _BLOCK)
    vector = _hmac(settings, "vector", padded)[:_VECTOR]
    return vector + _mask(padded, vector, settings)


def _open(sealed: bytes, settings: ChannelSettings) -> bytes | None:
    vector, masked = sealed[:_VECTOR], sealed[_VECTOR:]
    padded = _mask(masked, vector, settings)
    right = hmac.compare_digest(_hmac(settings, "vector", padded)[:_VECTOR], vector)
    return padded.rstrip(b"\0") if right and len(masked) >= _BLOCK else None


def _mask(text: bytes, vector: bytes, settings: ChannelSettings) -> bytes:
    stream = hashlib.shake_256(_hmac(settings, "mask", vector)).digest(len(text))
    return bytes(left ^ right for left, right in zip(text, stream, strict=True))


def _hmac(settings: ChannelSettings, use: str, text: bytes) -> bytes:
    return hmac.new(settings.secret_key.encode(), f"mail {use}:".encode() + text, hashlib.sha256).digest()

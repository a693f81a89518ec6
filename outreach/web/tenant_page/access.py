"""The tenant's own session: a signed cookie bound to one link, apart from the login of staff, and marks of forms."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, current_app, request

from outreach.runtime import Runtime

COOKIE = "huurder"
PATH = "/r"
STAYS_OPEN = timedelta(minutes=30)
_SIGNS = 32


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A link that was opened in this browser, until a moment; `sid` is random and ties forms to it."""

    link_id: int
    sid: str


def opened(runtime: Runtime, link_id: int | None, now: datetime) -> Opened | None:
    """Return the session of the cookie when it is for this link and not over."""
    parts = request.cookies.get(COOKIE, "").split(".")
    if len(parts) != 4 or link_id is None:
        return None
    own, sid, until, proof = parts
    signed = hmac.compare_digest(proof.encode(), _sign(runtime, f"session:{own}.{sid}.{until}").encode())
    if not signed or own != str(link_id) or int(until) <= now.timestamp():
        return None
    return Opened(link_id=link_id, sid=sid)


def begin(link_id: int) -> Opened:
    """Return a new session for a link."""
    return Opened(link_id=link_id, sid=secrets.token_hex(12))


def remember(response: Response, runtime: Runtime, session: Opened, now: datetime) -> None:
    """Set the cookie for another half hour."""
    until = int((now + STAYS_OPEN).timestamp())
    value = f"{session.link_id}.{session.sid}.{until}"
    response.set_cookie(
        COOKIE,
        f"{value}.{_sign(runtime, f'session:{value}')}",
        max_age=int(STAYS_OPEN.total_seconds()),
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=is_secure(),
    )


def is_secure() -> bool:
    """Say whether a cookie may go over https only."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def forget(response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Lax")


def form_mark(runtime: Runtime, session: Opened) -> str:
    """Return a mark for a form: it proves where the form came from, and what is sent twice counts once."""
    nonce = secrets.token_hex(8)
    return f"{nonce}.{_sign(runtime, f'form:{session.sid}:{nonce}')}"


def checked_mark(runtime: Runtime, session: Opened, mark: str) -> str | None:
    """Return the part of a mark that names the form, None when it was not made in this session."""
    nonce, _, proof = mark.partition(".")
    right = hmac.compare_digest(proof.encode(), _sign(runtime, f"form:{session.sid}:{nonce}").encode())
    return nonce if right else None


def _sign(runtime: Runtime, text: str) -> str:
    key, words = runtime.settings.secret_key.encode(), f"tenant-page:{text}".encode()
    return hmac.new(key, words, hashlib.sha256).hexdigest()[:_SIGNS]

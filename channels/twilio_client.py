"""Twilio's client as all its channels use it: connections, signatures, addresses of webhooks, and what errors mean.

Sources: twilio.com/docs/libraries/reference/twilio-python (custom HTTP client), twilio.com/docs/usage/security
("Validating requests"), twilio.com/docs/usage/twilios-response (exceptions).
"""

import json
import logging
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError

from channels.contract import FailureCode, Request
from channels.settings import ChannelSettings
from channels.twilio_errors import failure_of
from channels.twilio_events import number

ODD_ANSWERS = (TwilioException, HTTPError, OSError, ValueError, KeyError, TypeError, AttributeError)
"""What the client may raise for an answer that is none."""

_FOR_ALL = frozenset({401, 403, 429, 503})
"""HTTP statuses that the next message of the batch would get too."""

_WITH_WAIT = frozenset({429, 503})
"""Statuses with which Retry-After says when to come back (RFC 9110, 10.2.3; RFC 6585, 4); Twilio gives seconds."""

LONGEST_WAIT = 3600
"""Seconds; we come back after an hour, whatever a provider asks (our choice)."""

_NO_CONNECTION = (NewConnectionError, ConnectTimeoutError, ProxyError, ssl.SSLCertVerificationError)
"""Raised before a request is written."""


class TwilioAccount:
    """An account of these settings; `close()` gives the connections back."""

    def __init__(self, settings: ChannelSettings) -> None:
        self.settings = settings
        self._http = _Connections(settings)
        only_settings = {"TWILIO_EDGE": ""}  # an empty mapping would make the client read the environment
        self.client: Any = Client(
            settings.twilio_account_sid, settings.twilio_auth_token, http_client=self._http, environment=only_settings
        )
        if settings.twilio_base_url:
            self.client.api.base_url = self.client.content.base_url = settings.twilio_base_url
        self._validator = RequestValidator(settings.twilio_auth_token)

    def close(self) -> None:
        """Close the pool of connections."""
        self._http.close()

    def hook(self, route: str, key: str) -> str:
        """Give the public address of a webhook that brings our key back."""
        return f"{self.settings.public_url.rstrip('/')}/hooks/{route}?key={quote(key, safe='')}"

    def verify(self, request: Request) -> bool:
        """Check the signature over the public address, whatever address a proxy made of it."""
        signature = next((v for name, v in request.headers.items() if name.lower() == "x-twilio-signature"), "")
        url = request.url
        if self.settings.public_url:
            called, public = urlsplit(request.url), urlsplit(self.settings.public_url)
            url = called._replace(scheme=public.scheme, netloc=public.netloc).geturl()
        return bool(signature) and bool(self._validator.validate(url, dict(request.form), signature))


class _Busy(TwilioRestException):  # type: ignore[misc]
    """A refusal that says for how many seconds; the exception of the client has no headers."""

    def __init__(self, answer: Response, method: str, uri: str, wait_seconds: int) -> None:
        try:
            code = number(json.loads(answer.text).get("code"))
        except (ValueError, AttributeError):
            code = None
        super().__init__(answer.status_code, uri, code=code, method=method)
        self.wait_seconds = min(wait_seconds, LONGEST_WAIT)


class _Connections(HttpClient):  # type: ignore[misc]
    """A pool as wide as a batch, with a timeout, no retries and no log; it uses the proxy of the machine."""

    def __init__(self, settings: ChannelSettings) -> None:
        super().__init__(logging.getLogger("channels.twilio.http"), False, settings.timeout)
        wide: dict[str, Any] = {"maxsize": settings.connections, "block": False, "retries": False}
        proxies = {} if settings.twilio_base_url else getproxies()
        proxy = None if proxy_bypass("api.twilio.com") else proxies.get("https")
        self._pool: urllib3.PoolManager = urllib3.ProxyManager(proxy, **wide) if proxy else urllib3.PoolManager(**wide)

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request; raises urllib3's errors, which `classify` names."""
        sent = dict(headers or {})
        if auth:
            sent |= urllib3.make_headers(basic_auth=":".join(auth))
        body = None
        if data is not None and sent.get("Content-Type") == "application/json":
            body = json.dumps(data)
        elif data is not None:
            body = urlencode({name: value for name, value in data.items() if value is not None}, doseq=True)
        url = f"{uri}?{urlencode(params, doseq=True)}" if params else uri
        answer = self._pool.request(
            method, url, body=body, headers=sent, timeout=timeout or self.timeout, redirect=allow_redirects
        )
        told = Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)
        wait = number(answer.headers.get("Retry-After"))
        if wait is not None and answer.status in _WITH_WAIT:
            raise _Busy(told, method, uri, wait)
        return told

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why an offer failed (UNCERTAIN when Twilio may have taken it), and whether the next one would fail too."""

    code: FailureCode
    detail: str
    for_all: bool = False
    wait_seconds: int | None = None


def classify(error: Exception) -> Refusal:
    """Name what the client raised."""
    if isinstance(error, TwilioRestException | TwilioServiceException):
        code, detail = failure_of(error.status, error.code)
        wait = error.wait_seconds if isinstance(error, _Busy) else None
        return Refusal(code=code, detail=detail, for_all=error.status in _FOR_ALL, wait_seconds=wait)
    name = type(error).__name__
    if any(isinstance(each, _NO_CONNECTION) for each in _causes(error)):
        return Refusal(code=FailureCode.PROVIDER_DOWN, detail=f"no connection: {name}", for_all=True)
    return Refusal(code=FailureCode.UNCERTAIN, detail=f"no answer: {name}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk through an error, its causes and the errors that it wraps, each once."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and not any(each is known for known in seen):
            seen.append(each)
            waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
            yield each


def utc(moment: datetime) -> datetime:
    """Give a moment of Twilio's, which may be naive, in UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

"""A small Twilio on loopback with a memory of its own, written from Twilio's documentation, not from our code.

Shapes: the OpenAPI file twilio_api_v2010 (CreateMessageRequest, api.v2010.account.message, ListMessage);
errors: twilio.com/docs/usage/twilios-response#exceptions; signatures: twilio.com/docs/usage/security,
"Validating requests" (HMAC-SHA1 over the address and the sorted fields).
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, urlencode, urlsplit

from channels.contract import Event, Request, Route
from tests.contracts.content_peer import META, content, take_content

ACCOUNT = "AC" + "0" * 32
TOKEN = "1" * 32
SENDER = "+3197010000000"
NOON = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)

_FIELDS = {"To", "From", "Body", "MessagingServiceSid", "StatusCallback", "ContentSid", "ContentVariables"}
"""The fields of CreateMessageRequest that a message needs; anything else is a complaint."""


@dataclass
class TwilioPeer:
    """What the provider keeps. `answers` are played once each, in order: a status, `drop` or `slow`.

    drop: take the message, then break the connection. slow: take it, then answer too late.
    refuse: a recipient and the error code that it gets. `now` is the provider's clock. `retry_after` goes with 429.
    """

    now: datetime = NOON
    refuse: dict[str, int] = field(default_factory=dict)
    answers: list[str | int] = field(default_factory=list)
    messages: list[dict[str, object]] = field(default_factory=list)
    callbacks: dict[str, str] = field(default_factory=dict)
    contents: list[dict[str, str]] = field(default_factory=list)
    offers: int = 0
    complaints: list[str] = field(default_factory=list)
    base_url: str = ""
    slow_seconds: float = 0.6
    retry_after: str = ""
    lock: Lock = field(default_factory=Lock)

    def create(self, form: dict[str, str]) -> dict[str, object]:
        """Take a message."""
        sid = f"SM{len(self.messages):032x}"
        body = form.get("Body") or self.filled(form)
        message = self.message(sid, form["To"], form.get("From", SENDER), body, "queued", "outbound-api")
        message["messaging_service_sid"] = form.get("MessagingServiceSid")
        self.callbacks[sid] = form.get("StatusCallback", "")
        self.messages.append(message)
        return message

    def filled(self, form: dict[str, str]) -> str:
        """Fill an approved text with its variables."""
        text = next(each["body"] for each in self.contents if each["sid"] == form["ContentSid"])
        for number, value in json.loads(form["ContentVariables"]).items():
            text = text.replace("{{" + number + "}}", value)
        return text

    def know(self, name: str, language: str, body: str, status: str = "approved") -> str:
        """Keep a text that was handed in; return its sid."""
        sid = f"HX{len(self.contents):032x}"
        self.contents.append({"sid": sid, "friendly_name": name, "language": language, "body": body, "status": status})
        return sid

    def receive(self, sender: str, text: str) -> dict[str, object]:
        """Take a message from a handset."""
        sid = f"SM{len(self.messages):032x}"
        message = self.message(sid, SENDER, sender, text, "received", "inbound")
        self.messages.append(message)
        return message

    def message(self, sid: str, to: str, sender: str, text: str, status: str, direction: str) -> dict[str, object]:
        """Write a message as Twilio does: numbers as text, moments in RFC 2822."""
        moment = format_datetime(self.now)
        return {
            "sid": sid,
            "account_sid": ACCOUNT,
            "to": to,
            "from": sender,
            "body": text,
            "status": status,
            "direction": direction,
            "num_segments": "1",
            "date_created": moment,
            "date_updated": moment,
            "date_sent": moment if status == "received" else None,
            "error_code": None,
            "messaging_service_sid": None,
            "price": None,
        }

    def settle(self, sid: str, status: str, error_code: int | None = None) -> int | None:
        """Give a message its status and call back when an address was given; return the HTTP status."""
        message = next(each for each in self.messages if each["sid"] == sid)
        moment = format_datetime(self.now)
        message |= {"status": status, "error_code": error_code, "date_updated": moment, "date_sent": moment}
        form = {"MessageSid": sid, "MessageStatus": status, "To": str(message["to"]), "From": str(message["from"])}
        if error_code:
            form["ErrorCode"] = str(error_code)
        return call_hook(self.callbacks[sid], form) if self.callbacks[sid] else None


def sign(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    """Sign a webhook as Twilio's security page prescribes."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def call_hook(url: str, form: dict[str, str], token: str = TOKEN) -> int:
    """Call a webhook over HTTP with a signature; return the HTTP status."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": sign(url, form, token)}
    connection.request("POST", f"{parts.path}?{parts.query}" if parts.query else parts.path, urlencode(form), headers)
    status = connection.getresponse().status
    connection.close()
    return status


class _PeerHandler(BaseHTTPRequestHandler):
    peer: TwilioPeer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output clean."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.peer.now, usegmt=True)

    def do_POST(self) -> None:
        """Take a message, a text, or a request to approve a text."""
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path.startswith("/v1/Content"):
            self._take_content(json.loads(raw))
            return
        form = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
        with self.peer.lock:
            self.peer.offers += 1
            answer = self.peer.answers.pop(0) if self.peer.answers else 201
            refusal = self._refusal(form) if answer in (201, "drop", "slow") else (int(answer), 0)
            taken = None if refusal else self.peer.create(form)
        if refusal:
            self._error(*refusal)
        elif answer == "drop":
            self.close_connection = True
        else:
            time.sleep(self.peer.slow_seconds if answer == "slow" else 0)
            self._json(201, taken)

    def _take_content(self, given: dict[str, object]) -> None:
        if not self._authorised():
            return self._error(401, 20003)
        answer = self.peer.answers.pop(0) if self.peer.answers else 201
        if answer != 201:
            return self._error(int(answer), 0)
        return self._json(201, take_content(self.peer.contents, self.path, given, self.peer.know))

    def do_GET(self) -> None:
        if not self._authorised():
            return self._error(401, 20003)
        if self.peer.answers:
            return self._error(int(self.peer.answers.pop(0)), 0)
        if self.path.startswith("/v1/ContentAndApprovals"):
            return self._json(200, {"contents": [content(each) for each in self.peer.contents], "meta": META})
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        with self.peer.lock:
            found = [each for each in reversed(self.peer.messages) if query.get("To", each["to"]) == each["to"]]
            if "DateSent>" in query:
                found = [each for each in found if each["date_sent"]]
        page = {"messages": found[: int(query.get("PageSize", 50))], "page": 0, "next_page_uri": None}
        return self._json(200, page)

    def _refusal(self, form: dict[str, str]) -> tuple[int, int] | None:
        if not self._authorised():
            return 401, 20003
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return 404, 20404
        unknown = set(form) - _FIELDS
        said = "Body" in form or {"ContentSid", "ContentVariables"} <= set(form)
        if unknown or "To" not in form or not said or ("From" in form) == ("MessagingServiceSid" in form):
            self.peer.complaints.append(f"{sorted(form)}")
            return 400, 21603
        code = self.peer.refuse.get(form["To"])
        return (400, code) if code else None

    def _authorised(self) -> bool:
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == expected

    def _error(self, status: int, code: int) -> None:
        if status == 502:
            return self._send(status, "text/html", b"<html>Bad Gateway</html>")
        text = f"The number {'+31600000001'} cannot be used"
        return self._json(status, {"code": code or status, "message": text, "more_info": "", "status": status})

    def _json(self, status: int, body: object) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            if status == 429 and self.peer.retry_after:
                self.send_header("Retry-After", self.peer.retry_after)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the caller did not wait for the answer


@contextmanager
def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a free port of loopback; yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def running_peer() -> Iterator[TwilioPeer]:
    """Run a peer."""
    peer = TwilioPeer()
    with serve(type("Handler", (_PeerHandler,), {"peer": peer})) as peer.base_url:
        yield peer


@dataclass
class Hooks:
    """A web layer of one screen: it mounts declared routes under /hooks/ and keeps their events."""

    now: datetime = NOON
    routes: dict[str, Route] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def mount(self, routes: Iterable[Route]) -> None:
        """Mount declared routes."""
        self.routes |= {f"/hooks/{route.name}": route for route in routes}


class _HookHandler(BaseHTTPRequestHandler):
    hooks: Hooks

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output clean."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
        url = f"http://behind-a-proxy{self.path}"
        request = Request(url=url, form=form, headers=dict(self.headers.items()), at=self.hooks.now)
        response = self.hooks.routes[urlsplit(self.path).path](request)
        self.hooks.events += response.events
        self.hooks.bodies.append(response.body)
        self.send_response(response.status)
        self.end_headers()
        self.wfile.write(response.body.encode())


@contextmanager
def running_hooks() -> Iterator[tuple[Hooks, str]]:
    """Run a web layer; yield it with its public address."""
    hooks = Hooks()
    with serve(type("Handler", (_HookHandler,), {"hooks": hooks})) as url:
        yield hooks, url

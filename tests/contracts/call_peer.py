"""A small Twilio for calls on loopback, and the person who picks up; written from Twilio's documentation.

Shapes: the OpenAPI file twilio_api_v2010 (CreateCallRequest, api.v2010.account.call, ListCall). What a call asks and
how it goes on: twilio.com/docs/voice/twiml and its pages on say, gather, dial, redirect and hangup. Status callback:
twilio.com/docs/voice/api/call-resource.
"""

import base64
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from threading import Lock
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.contracts.twilio_peer import ACCOUNT, NOON, TOKEN, serve, sign

CALLER = "+3197010000001"
Ask = Callable[[str, Mapping[str, str]], tuple[int, str]]
"""Make a signed request of an address with a form; returns the HTTP status and the body."""

_FIELDS = {"To", "From", "Url", "StatusCallback", "MachineDetection", "Timeout", "TimeLimit"}
_ATTRIBUTES = {
    "Say": {"language", "voice"},
    "Pause": {"length"},
    "Gather": {"input", "numDigits", "finishOnKey", "timeout", "actionOnEmptyResult", "action", "method"},
    "Dial": {"action", "method", "timeout", "callerId"},
    "Number": set(),
    "Redirect": {"method"},
    "Hangup": set(),
}
_MOST_TURNS = 80


@dataclass
class Heard:
    """One call from the side of the tenant: what was said (language, text), who was called, how it ended."""

    said: list[tuple[str, str]] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    ended_by: str = ""

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.said]


@dataclass
class CallPeer:
    """What the provider keeps. `answers` are played once each, in order: a status, or `drop`."""

    now: datetime = NOON
    refuse: dict[str, int] = field(default_factory=dict)
    answers: list[str | int] = field(default_factory=list)
    calls: list[dict[str, object]] = field(default_factory=list)
    hooks: dict[str, tuple[str, str]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    base_url: str = ""
    lock: Lock = field(default_factory=Lock)

    def create(self, form: dict[str, str]) -> dict[str, object]:
        sid, moment = f"CA{len(self.calls):032x}", format_datetime(self.now)
        call: dict[str, object] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "to": form["To"],
            "from": form["From"],
            "status": "queued",
            "direction": "outbound-api",
            "date_created": moment,
            "date_updated": moment,
            "answered_by": None,
            "start_time": None,
            "end_time": None,
            "price": None,
            "price_unit": "USD",
        }
        self.calls.append(call)
        self.hooks[sid] = (form["Url"], form["StatusCallback"])
        return call

    def settle(self, sid: str, status: str, answered_by: str | None = None, price: str | None = None) -> None:
        """Give a call its final status in the list, without a word to anybody."""
        call = next(each for each in self.calls if each["sid"] == sid)
        moment = format_datetime(self.now)
        call |= {"status": status, "start_time": moment, "end_time": moment, "answered_by": answered_by, "price": price}

    def form(self, sid: str, status: str, **more: str) -> dict[str, str]:
        """Write the fields that every request about a call has."""
        call = next(each for each in self.calls if each["sid"] == sid)
        return {
            "CallSid": sid,
            "AccountSid": ACCOUNT,
            "To": str(call["to"]),
            "From": str(call["from"]),
            "Direction": "outbound-api",
            "CallStatus": status,
            "ApiVersion": "2010-04-01",
            **more,
        }

    def ring(
        self,
        sid: str,
        ask: Ask,
        keys: Sequence[str] = (),
        *,
        answered_by: str = "human",
        colleague: str = "no-answer",
        hangs_up_after: int | None = None,
    ) -> Heard:
        """Play a call: the keys one by one, then silence; report its end as Twilio does."""
        heard, pressed = Heard(), list(keys)
        address, form = self.hooks[sid][0], self.form(sid, "in-progress", AnsweredBy=answered_by)
        for turns in range(_MOST_TURNS):
            if hangs_up_after == turns:
                heard.ended_by = "tenant"
                break
            heard.addresses.append(address)
            status, body = ask(address, form)
            assert status == 200, (status, body)
            onward = self._follow(ET.fromstring(body), heard, pressed, colleague)
            if onward is None:
                heard.ended_by = "system"
                break
            address, more = onward
            form = self.form(sid, "in-progress", **more)
        assert heard.ended_by, "a call without an end"
        self.settle(sid, "completed", answered_by)
        ask(self.hooks[sid][1], self.form(sid, "completed", CallDuration="30", AnsweredBy=answered_by))
        return heard

    def _follow(
        self, answer: ET.Element, heard: Heard, pressed: list[str], colleague: str
    ) -> tuple[str, dict[str, str]] | None:
        """Do the verbs of an answer, in order; return the next address with its fields, or None at the end."""
        assert answer.tag == "Response"
        for verb in answer:
            self._check(verb)
            if verb.tag == "Say":
                heard.said.append((verb.attrib["language"], verb.text or ""))
            elif verb.tag == "Gather":
                for inner in verb:
                    self._check(inner)
                    if inner.tag == "Say":
                        heard.said.append((inner.attrib["language"], inner.text or ""))
                return verb.attrib["action"], {"Digits": pressed.pop(0) if pressed else ""}
            elif verb.tag == "Dial":
                heard.dialled += [inner.text or "" for inner in verb]
                return verb.attrib["action"], {"DialCallStatus": colleague}
            elif verb.tag == "Redirect":
                return verb.text or "", {}
            elif verb.tag == "Hangup":
                return None
        return None

    def _check(self, verb: ET.Element) -> None:
        unknown = set(verb.attrib) - _ATTRIBUTES.get(verb.tag, set()) if verb.tag in _ATTRIBUTES else {verb.tag}
        if unknown or verb.attrib.get("method", "POST") != "POST":
            self.complaints.append(f"{verb.tag}: {sorted(unknown)}")


def signed_post(url: str, form: Mapping[str, str], token: str = TOKEN) -> tuple[int, str]:
    """Call a webhook over HTTP with a signature."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=5)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Twilio-Signature": sign(url, dict(form), token),
    }
    connection.request("POST", f"{parts.path}?{parts.query}", urlencode(form), headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


class _Handler(BaseHTTPRequestHandler):
    peer: CallPeer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test output clean."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.peer.now, usegmt=True)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(raw, keep_blank_values=True).items()}
        with self.peer.lock:
            self.peer.forms.append(form)
            answer = self.peer.answers.pop(0) if self.peer.answers else 201
            refusal = self._refusal(form) if answer in (201, "drop") else (int(answer), 0)
            taken = None if refusal else self.peer.create(form)
        if refusal:
            self._json(
                refusal[0], {"code": refusal[1] or refusal[0], "message": "The number +31600000001", "status": 4}
            )
        elif answer == "drop":
            self.close_connection = True
        else:
            self._json(201, taken)

    def do_GET(self) -> None:
        if self.peer.answers:
            status = int(self.peer.answers.pop(0))
            return self._json(status, {"code": status, "message": "no", "status": status})
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        with self.peer.lock:
            found = [
                each
                for each in reversed(self.peer.calls)
                if query.get("To", each["to"]) == each["to"] and query.get("From", each["from"]) == each["from"]
            ]
            if "StartTime>" in query:
                found = [each for each in found if each["start_time"]]
        return self._json(200, {"calls": found[: int(query.get("PageSize", 50))], "page": 0, "next_page_uri": None})

    def _refusal(self, form: dict[str, str]) -> tuple[int, int] | None:
        expected = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            return 401, 20003
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json" or set(form) != _FIELDS:
            self.peer.complaints.append(f"{self.path} {sorted(form)}")
            return 400, 21205
        code = self.peer.refuse.get(form["To"])
        return (400, code) if code else None

    def _json(self, status: int, body: object) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def running_call_peer() -> Iterator[CallPeer]:
    """Run a peer."""
    peer = CallPeer()
    with serve(type("Handler", (_Handler,), {"peer": peer})) as peer.base_url:
        yield peer

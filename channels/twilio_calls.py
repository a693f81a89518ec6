"""What Twilio tells us of a call, and what it asks while somebody is on the line, as events and turns of the robocall.

Sources: twilio.com/docs/voice/api/call-resource (statuses, status callback), twilio.com/docs/voice/twiml ("Twilio's
request to your application"), twilio.com/docs/voice/twiml/gather and /dial (what `action` gets),
twilio.com/docs/voice/answering-machine-detection (AnsweredBy), RFC 3261, 21 (SIP responses).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from channels.contract import Event, FailureCode, Request, Response
from channels.scripts import Scripts
from channels.twilio_events import EMPTY_TWIML, PROVIDER, number
from channels.voice_flow import LANGUAGE_KEYS, MOST_VISITS, Input, Node, Place, Turn, turn

CHANNEL = "robocall"
VOICE_ROUTE = "robocall/twilio-voice"
STATUS_ROUTE = "robocall/twilio-status"
"""Names of the webhooks, below /hooks/."""

_OUTCOMES: Mapping[str, str] = {
    "completed": "hung_up",
    "busy": "busy",
    "no-answer": "no_answer",
    "failed": "failed",
    "canceled": "failed",
}
"""Final statuses. A completed call says no more than that somebody picked up: what was chosen came before it, and the
receiver keeps that."""

_NO_SUCH_NUMBER = frozenset({404, 484, 604})
"""SIP: not found, address incomplete, does not exist anywhere."""


def ended(
    *,
    sid: str,
    status: str,
    at: datetime,
    sender: str,
    recipient: str,
    key: str | None = None,
    answered_by: str = "",
    sip: int | None = None,
) -> Event | None:
    """Make the event of a call that is over; the same sid and status give the same event_id."""
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return None
    if status == "completed" and answered_by.startswith("machine"):
        outcome = "voicemail"
    elif status == "completed" and answered_by == "fax":
        outcome = "failed"
    return Event(
        event_id=f"{sid}:{status}",
        provider=PROVIDER,
        channel=CHANNEL,
        kind="call",
        at=at,
        provider_ref=sid,
        outcome=outcome,
        sender=sender or None,
        recipient=recipient or None,
        key=key,
        failure=_why(status, answered_by, sip),
    )


def _why(status: str, answered_by: str, sip: int | None) -> FailureCode | None:
    if status == "failed":
        return FailureCode.INVALID_RECIPIENT if sip in _NO_SUCH_NUMBER else FailureCode.UNREACHABLE
    return FailureCode.INVALID_RECIPIENT if status == "completed" and answered_by == "fax" else None


def place_fields(place: Place, enters: bool = False) -> str:
    """Write a place as the fields of an address; `enters`: nothing has been asked there yet."""
    fields = {"node": place.node.value, "visit": place.visit}
    if place.language is not None:
        fields["language"] = place.language
    if place.again:
        fields["again"] = 1
    if enters:
        fields["enters"] = 1
    return urlencode(fields)


def _place(query: Mapping[str, str]) -> Place | None:
    """Read a place; None when it is none of ours. The first request of a call has no fields."""
    node, visit = query.get("node", Node.START.value), number(query.get("visit", "1"))
    language = query.get("language")
    known = node in list(Node) and visit is not None and 1 <= visit <= MOST_VISITS + 1
    if not known or (language is not None and language not in LANGUAGE_KEYS.values()):
        return None
    return Place(node=Node(node), language=language, visit=visit or 1, again=query.get("again") == "1")


@dataclass(frozen=True, kw_only=True)
class VoiceHook:
    """Answer what Twilio asks during a call: `write` makes TwiML of a turn, for the call of a key; `may_call` says
    whether a colleague's number may be called.

    A call that nobody knows (any more), or a place that is none, is hung up without a word.
    """

    verify: Callable[[Request], bool]
    scripts: Scripts
    write: Callable[[str, Turn], str]
    may_call: Callable[[str], bool]
    name: str = VOICE_ROUTE

    def __call__(self, request: Request) -> Response:
        """Return the next turn as TwiML with its event, or 403 without a valid signature, or 400 without a call."""
        if not self.verify(request):
            return Response(status=403, body="signature")
        sid = request.form.get("CallSid", "")
        if not sid:
            return Response(status=400, body="CallSid")
        query = _query(request)
        key, place = query.get("key", ""), _place(query)
        script = self.scripts.script(key, place.language, request.at) if place else None
        if place is None or script is None:
            return _answer(self.write(key, Turn()), None)
        if script.connect_to is not None and not self.may_call(script.connect_to):
            script = replace(script, connect_to=None)
        found = turn(script, place, _input(request.form, place, query))
        return _answer(self.write(key, found), _told(request, sid, key, place, found))


def _input(form: Mapping[str, str], place: Place, query: Mapping[str, str]) -> Input:
    asked = place.node is not Node.START and query.get("enters") != "1"
    return Input(
        key=form.get("Digits", "") if asked else None,
        answered_by=form.get("AnsweredBy", ""),
        dialled=form.get("DialCallStatus", ""),
    )


def _told(request: Request, sid: str, key: str, place: Place, found: Turn) -> Event | None:
    """Make the event of a turn: one per call and question, so that a request that comes twice tells nothing new.

    The names of a call's events sort as they happened, before that of its end, for those of the same moment.
    """
    if found.outcome is None:
        return None
    return Event(
        event_id=f"{sid}:{place.visit:02}-{list(Node).index(place.node)}:{place.node}",
        provider=PROVIDER,
        channel=CHANNEL,
        kind="call",
        at=request.at,
        provider_ref=sid,
        outcome=found.outcome,
        sender=request.form.get("From") or None,
        recipient=request.form.get("To") or None,
        key=key or None,
        failure=FailureCode.INVALID_RECIPIENT if found.outcome == "failed" else None,
    )


@dataclass(frozen=True, kw_only=True)
class CallStatusHook:
    """Take the status callback of a call that is over."""

    verify: Callable[[Request], bool]
    name: str = STATUS_ROUTE

    def __call__(self, request: Request) -> Response:
        """Return the event, or 403 without a valid signature, or 400 without a call."""
        if not self.verify(request):
            return Response(status=403, body="signature")
        form = request.form
        sid = form.get("CallSid", "")
        if not sid:
            return Response(status=400, body="CallSid")
        event = ended(
            sid=sid,
            status=form.get("CallStatus", ""),
            at=request.at,
            sender=form.get("From", ""),
            recipient=form.get("To", ""),
            key=_query(request).get("key"),
            answered_by=form.get("AnsweredBy", ""),
            sip=number(form.get("SipResponseCode")),
        )
        return _answer(EMPTY_TWIML, event)


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}


def _answer(body: str, event: Event | None) -> Response:
    events = () if event is None else (event,)
    return Response(status=200, body=body, content_type="text/xml; charset=utf-8", events=events)

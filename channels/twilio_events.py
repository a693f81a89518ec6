"""What Twilio tells us, by webhook or in a list, as events of the contract.

Sources: twilio.com/docs/messaging/guides/track-outbound-message-status (status callback),
twilio.com/docs/messaging/guides/webhook-request (incoming message), twilio.com/docs/usage/security.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from channels.contract import Event, Request, Response
from channels.twilio_errors import receipt_failure

PROVIDER = "twilio"
CHANNEL = "sms"
STATUS_ROUTE = "sms/twilio-status"
INBOUND_ROUTE = "sms/twilio-inbound"
"""Names of the webhooks, below /hooks/; they begin with the channel, under which the web layer finds them."""

_OUTCOMES: Mapping[str, str] = {
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
"""Final statuses; the others (queued, sending, sent...) say nothing yet and make no event."""

_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "UNSTOP", "YES"})
"""Words on which Twilio itself stops and starts when Advanced Opt-Out does not say so (support article
"Twilio support for opt-out keywords"): only when they are the whole message, in either case."""


def receipt(
    *, sid: str, status: str, at: datetime, code: int | None, sender: str, recipient: str, key: str | None = None
) -> Event | None:
    """Make the event of a final status; the same sid and status give the same event_id."""
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return None
    return Event(
        event_id=f"{sid}:{status}",
        provider=PROVIDER,
        channel=CHANNEL,
        kind="receipt",
        at=at,
        provider_ref=sid,
        outcome=outcome,
        sender=sender or None,
        recipient=recipient or None,
        key=key,
        failure=None if outcome == "delivered" else receipt_failure(code),
    )


def reply(*, sid: str, text: str, at: datetime, sender: str, recipient: str, opt_out_type: str = "") -> Event:
    """Make the event of an incoming message, with what Twilio itself made of it."""
    return Event(
        event_id=f"{sid}:received",
        provider=PROVIDER,
        channel=CHANNEL,
        kind="reply",
        at=at,
        provider_ref=sid,
        outcome=_opt_out(text, opt_out_type),
        text=text,
        sender=sender,
        recipient=recipient,
    )


def _opt_out(text: str, opt_out_type: str) -> str | None:
    word = opt_out_type.upper() or text.strip().upper()
    return "opted_out" if word in _STOP else "opted_in" if word in _START else None


@dataclass(frozen=True, kw_only=True)
class StatusHook:
    """Take status callbacks; `verify` checks the signature, `answer` is an empty TwiML document."""

    verify: Callable[[Request], bool]
    answer: str
    name: str = STATUS_ROUTE

    def __call__(self, request: Request) -> Response:
        """Return the receipt, or 403 without a valid signature, or 400 without a message."""
        if not self.verify(request):
            return Response(status=403, body="signature")
        sid = request.form.get("MessageSid", "")
        if not sid:
            return Response(status=400, body="MessageSid")
        event = receipt(
            sid=sid,
            status=request.form.get("MessageStatus", ""),
            at=request.at,
            code=number(request.form.get("ErrorCode")),
            sender=request.form.get("From", ""),
            recipient=request.form.get("To", ""),
            key=next(iter(parse_qs(urlsplit(request.url).query).get("key", ())), None),
        )
        return _taken(self.answer, event)


@dataclass(frozen=True, kw_only=True)
class InboundHook:
    """Take incoming text messages; the answer to the tenant is sent as a message of its own."""

    verify: Callable[[Request], bool]
    answer: str
    name: str = INBOUND_ROUTE

    def __call__(self, request: Request) -> Response:
        """Return the reply, or 403 without a valid signature, or 400 without message or sender."""
        if not self.verify(request):
            return Response(status=403, body="signature")
        form = request.form
        sid, sender = form.get("MessageSid", ""), form.get("From", "")
        if not sid or not sender:
            return Response(status=400, body="MessageSid, From")
        event = reply(
            sid=sid,
            text=form.get("Body", ""),
            at=request.at,
            sender=sender,
            recipient=form.get("To", ""),
            opt_out_type=form.get("OptOutType", ""),
        )
        return _taken(self.answer, event)


def number(text: object) -> int | None:
    """Read one of Twilio's numbers, which come as text, number or nothing."""
    written = str(text or "")
    return int(written) if written.isascii() and written.isdigit() else None


def _taken(answer: str, event: Event | None) -> Response:
    events = () if event is None else (event,)
    return Response(status=200, body=answer, content_type="text/xml; charset=utf-8", events=events)

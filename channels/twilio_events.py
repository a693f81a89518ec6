"""What Twilio tells us, by webhook or in a list, as events of the contract.

Sources: twilio.com/docs/messaging/guides/track-outbound-message-status (status callback),
twilio.com/docs/messaging/guides/webhook-request (incoming message), twilio.com/docs/usage/security.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit

from channels.contract import Event, Request, Response
from channels.twilio_errors import receipt_failure

PROVIDER = "twilio"
WHATSAPP_PREFIX = "whatsapp:"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response />'
"""The answer that makes Twilio do nothing: answers to tenants are messages of their own."""

MOST_MEDIA = 10

_OUTCOMES: Mapping[str, str] = {
    "delivered": "delivered",
    "read": "read",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
"""Final statuses; the others (queued, sending, sent...) say nothing yet and make no event."""

_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "UNSTOP", "YES"})
"""Words on which Twilio itself stops and starts when Advanced Opt-Out does not say so (support article
"Twilio support for opt-out keywords"): only when they are the whole message, in either case."""


def status_route(channel: str) -> str:
    """Name the webhook of statuses, below /hooks/; it begins with the channel, under which the web layer finds it."""
    return f"{channel}/twilio-status"


def channel_of(address: str) -> str:
    """Say by which channel Twilio means an address."""
    return "whatsapp" if address.startswith(WHATSAPP_PREFIX) else "sms"


def bare(address: str) -> str:
    """Give the number of an address."""
    return address.removeprefix(WHATSAPP_PREFIX)


def receipt(
    *,
    sid: str,
    status: str,
    at: datetime,
    code: int | None,
    sender: str,
    recipient: str,
    key: str | None = None,
    channel: str = "sms",
) -> Event | None:
    """Make the event of a final status; the same sid and status give the same event_id."""
    outcome = _OUTCOMES.get(status)
    if outcome is None:
        return None
    if channel == "sms" and outcome == "read":
        outcome = "delivered"
    return Event(
        event_id=f"{sid}:{status}",
        provider=PROVIDER,
        channel=channel,
        kind="receipt",
        at=at,
        provider_ref=sid,
        outcome=outcome,
        sender=bare(sender) or None,
        recipient=bare(recipient) or None,
        key=key,
        failure=None if outcome in ("delivered", "read") else receipt_failure(code, channel),
    )


def priced(told: Event, price: int, currency: str | None, segments: int | None) -> Event:
    """Make the event of what a message cost, in millionths of the currency."""
    return replace(
        told,
        event_id=f"{told.provider_ref}:price",
        kind="price",
        outcome=None,
        failure=None,
        price=price,
        currency=(currency or "").upper() or None,
        segments=segments,
    )


def millionths(written: object) -> int | None:
    """Read a price of Twilio's, which is negative for what was taken from the account; None when it is not known."""
    try:
        return abs(round(Decimal(str(written)) * 1_000_000)) if written not in (None, "") else None
    except (InvalidOperation, ValueError, OverflowError):
        return None


def reply(
    *,
    sid: str,
    text: str,
    at: datetime,
    sender: str,
    recipient: str,
    opt_out_type: str = "",
    media: tuple[str, ...] = (),
) -> Event:
    """Make the event of an incoming message, with what Twilio itself made of it."""
    return Event(
        event_id=f"{sid}:received",
        provider=PROVIDER,
        channel=channel_of(sender),
        kind="reply",
        at=at,
        provider_ref=sid,
        outcome=_opt_out(text, opt_out_type),
        text=text,
        sender=bare(sender),
        recipient=bare(recipient),
        media=media,
    )


def _opt_out(text: str, opt_out_type: str) -> str | None:
    word = opt_out_type.upper() or text.strip().upper()
    return "opted_out" if word in _STOP else "opted_in" if word in _START else None


@dataclass(frozen=True, kw_only=True)
class StatusHook:
    """Take status callbacks; `verify` checks the signature, `answer` is an empty TwiML document."""

    verify: Callable[[Request], bool]
    answer: str
    name: str

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
            channel=channel_of(request.form.get("To", "")),
        )
        return _taken(self.answer, event)


@dataclass(frozen=True, kw_only=True)
class InboundHook:
    """Take incoming messages of either channel, with their pictures; an answer is sent as a message of its own."""

    verify: Callable[[Request], bool]
    answer: str
    name: str

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
            text=form.get("Body") or form.get("ButtonText", ""),
            at=request.at,
            sender=sender,
            recipient=form.get("To", ""),
            opt_out_type=form.get("OptOutType", ""),
            media=_media(form),
        )
        return _taken(self.answer, event)


def _media(form: Mapping[str, str]) -> tuple[str, ...]:
    count = min(number(form.get("NumMedia")) or 0, MOST_MEDIA)
    return tuple(url for each in range(count) if (url := form.get(f"MediaUrl{each}")))


def number(text: object) -> int | None:
    """Read one of Twilio's numbers, which come as text, number or nothing."""
    written = str(text or "")
    return int(written) if written.isascii() and written.isdigit() else None


def _taken(answer: str, event: Event | None) -> Response:
    events = () if event is None else (event,)
    return Response(status=200, body=answer, content_type="text/xml; charset=utf-8", events=events)

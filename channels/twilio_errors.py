"""What Twilio's error codes mean in our vocabulary, each with its source; no text of Twilio's is kept.

Twilio's own texts repeat the phone number, so a failure carries the code and our words only. That WhatsApp does not
reach somebody (63003, 63024) is BLOCKED, no invalid number: the number may get SMS and calls. WhatsApp's own codes
behind those: twilio.com/docs/whatsapp/api/error-code-mapping.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.contract import FailureCode

_DOCS = "https://www.twilio.com/docs/api/errors/"


@dataclass(frozen=True, kw_only=True)
class TwilioError:
    """One of Twilio's error codes: our word for it, what it means, and where Twilio says so."""

    code: int
    failure: FailureCode
    meaning: str

    @property
    def source(self) -> str:
        """Name the page of Twilio's error dictionary."""
        return f"{_DOCS}{self.code}"


def _error(code: int, failure: FailureCode, meaning: str) -> tuple[int, TwilioError]:
    return code, TwilioError(code=code, failure=failure, meaning=meaning)


ERRORS: Mapping[int, TwilioError] = dict(
    (
        _error(14107, FailureCode.RATE_LIMITED, "message rate limit exceeded"),
        _error(20003, FailureCode.CREDENTIALS, "authentication failed"),
        _error(20005, FailureCode.CREDENTIALS, "account not active"),
        _error(20404, FailureCode.CREDENTIALS, "account or resource not found"),
        _error(20429, FailureCode.RATE_LIMITED, "too many requests"),
        _error(21210, FailureCode.CREDENTIALS, "caller's number is not verified"),
        _error(21211, FailureCode.INVALID_RECIPIENT, "invalid recipient number"),
        _error(21212, FailureCode.CREDENTIALS, "caller's number is invalid"),
        _error(21214, FailureCode.INVALID_RECIPIENT, "recipient number cannot be reached"),
        _error(21215, FailureCode.NOT_ALLOWED, "calls to this country are not enabled in the account"),
        _error(21216, FailureCode.NOT_ALLOWED, "account may not call this number"),
        _error(21217, FailureCode.INVALID_RECIPIENT, "recipient number does not seem valid"),
        _error(21219, FailureCode.NOT_ALLOWED, "recipient not verified in a Twilio trial account"),
        _error(21265, FailureCode.INVALID_RECIPIENT, "recipient is a short code"),
        _error(21266, FailureCode.INVALID_RECIPIENT, "recipient is the sender"),
        _error(21408, FailureCode.NOT_ALLOWED, "country not enabled in the account"),
        _error(21602, FailureCode.CONTENT_REFUSED, "text is empty"),
        _error(21603, FailureCode.CREDENTIALS, "sender missing"),
        _error(21604, FailureCode.INVALID_RECIPIENT, "recipient missing"),
        _error(21606, FailureCode.CREDENTIALS, "sender cannot send to this recipient"),
        _error(21608, FailureCode.NOT_ALLOWED, "recipient not verified in a Twilio trial account"),
        _error(21610, FailureCode.OPTED_OUT, "recipient replied STOP"),
        _error(21611, FailureCode.RATE_LIMITED, "queue of the sender is full"),
        _error(21612, FailureCode.INVALID_RECIPIENT, "no route from this sender to this recipient"),
        _error(21614, FailureCode.LANDLINE, "recipient is no mobile number"),
        _error(21617, FailureCode.CONTENT_REFUSED, "text is longer than 1600 characters"),
        _error(21635, FailureCode.LANDLINE, "recipient is a landline"),
        _error(21659, FailureCode.CREDENTIALS, "sender is no Twilio number"),
        _error(21660, FailureCode.CREDENTIALS, "sender belongs to another account"),
        _error(21661, FailureCode.CREDENTIALS, "sender cannot send text messages"),
        _error(21701, FailureCode.CREDENTIALS, "messaging service does not exist"),
        _error(21703, FailureCode.CREDENTIALS, "messaging service has no senders"),
        _error(30001, FailureCode.RATE_LIMITED, "queue overflow"),
        _error(30002, FailureCode.CREDENTIALS, "account suspended"),
        _error(30003, FailureCode.UNREACHABLE, "handset off or out of reach"),
        _error(30004, FailureCode.BLOCKED, "message blocked"),
        _error(30005, FailureCode.INVALID_RECIPIENT, "unknown handset"),
        _error(30006, FailureCode.LANDLINE, "landline or unreachable carrier"),
        _error(30007, FailureCode.CONTENT_REFUSED, "filtered by carrier"),
        _error(30008, FailureCode.UNREACHABLE, "carrier gave no reason"),
        _error(30010, FailureCode.NOT_ALLOWED, "price above the maximum"),
        _error(63001, FailureCode.CREDENTIALS, "WhatsApp did not accept the sender's account"),
        _error(63003, FailureCode.BLOCKED, "recipient is not on WhatsApp"),
        _error(63005, FailureCode.CONTENT_REFUSED, "WhatsApp did not accept the content"),
        _error(63007, FailureCode.CREDENTIALS, "sender is not known to WhatsApp"),
        _error(63008, FailureCode.CREDENTIALS, "WhatsApp is not set up well in the account"),
        _error(63012, FailureCode.PROVIDER_DOWN, "WhatsApp failed"),
        _error(63013, FailureCode.CONTENT_REFUSED, "against the policy of WhatsApp"),
        _error(63014, FailureCode.OPTED_OUT, "recipient blocked the sender"),
        _error(63016, FailureCode.WINDOW_CLOSED, "more than 24 hours after what the recipient wrote"),
        _error(63018, FailureCode.RATE_LIMITED, "rate of the WhatsApp sender exceeded"),
        _error(63021, FailureCode.CONTENT_REFUSED, "WhatsApp cannot carry the content"),
        _error(63024, FailureCode.BLOCKED, "recipient cannot get WhatsApp messages"),
        _error(63032, FailureCode.BLOCKED, "WhatsApp does not let this message to this recipient"),
        _error(63033, FailureCode.BLOCKED, "recipient is blocked"),
        _error(63038, FailureCode.RATE_LIMITED, "daily limit of the account"),
        _error(63040, FailureCode.WINDOW_CLOSED, "text was not approved"),
        _error(63041, FailureCode.WINDOW_CLOSED, "approved text is paused"),
        _error(63042, FailureCode.WINDOW_CLOSED, "approved text is switched off"),
        _error(63049, FailureCode.BLOCKED, "WhatsApp took the text for advertising and did not deliver it"),
    )
)

_BY_STATUS: Mapping[int, FailureCode] = {
    401: FailureCode.CREDENTIALS,
    403: FailureCode.CREDENTIALS,
    404: FailureCode.CREDENTIALS,
    407: FailureCode.PROVIDER_DOWN,
    408: FailureCode.UNCERTAIN,
    429: FailureCode.RATE_LIMITED,
    503: FailureCode.PROVIDER_DOWN,
}
"""HTTP statuses (RFC 9110, 15.5 and 15.6). 429 is never processed (Twilio's page of error 20429)."""

_CERTAIN_FROM_SERVER = 503
"""Any other 5xx may come after the message was taken, from Twilio itself (500) or from a machine in between."""


def failure_of(status: int, code: int | None) -> tuple[FailureCode, str]:
    """Name the failure of an HTTP status and Twilio's code, with a detail that holds no personal data."""
    known = ERRORS.get(code or 0)
    detail = f"Twilio {known.code}: {known.meaning}" if known else f"Twilio {code or 'without code'}"
    return _failure(status, known), f"{detail} (HTTP {status})"


def _failure(status: int, known: TwilioError | None) -> FailureCode:
    if status >= 500 and status != _CERTAIN_FROM_SERVER:
        return FailureCode.UNCERTAIN
    if known:
        return known.failure
    unknown = FailureCode.PROVIDER_DOWN if 300 <= status < 400 else FailureCode.NOT_ALLOWED
    return _BY_STATUS.get(status, unknown)


def receipt_failure(code: int | None, channel: str = "sms") -> FailureCode:
    """Name the reason of a negative receipt; an unknown code of SMS is UNREACHABLE.

    An unknown one of WhatsApp says nothing of the number, which may get SMS and calls all the same.
    """
    known = ERRORS.get(code or 0)
    if known:
        return known.failure
    return FailureCode.PROVIDER_DOWN if channel == "whatsapp" else FailureCode.UNREACHABLE

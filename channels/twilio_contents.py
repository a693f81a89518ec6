"""Which texts WhatsApp has approved, and handing in those that it has not: Twilio's Content API.

Sources: twilio.com/docs/content/content-api-resources (fetch content and approvals, create, submit for approval),
twilio.com/docs/content/twiliotext and twilioquick-reply.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from channels.contract import FailureCode
from channels.twilio_client import ODD_ANSWERS, TwilioAccount, classify

READ_AGAIN_AFTER = timedelta(minutes=10)
APPROVED = "approved"
UNSUBMITTED = "unsubmitted"


@dataclass(frozen=True, kw_only=True)
class KnownContent:
    """A text that Twilio knows; `status` is unsubmitted, received, pending, approved, rejected, paused or disabled."""

    sid: str
    name: str
    language: str
    status: str


@dataclass(frozen=True, kw_only=True)
class NewContent:
    """A text to hand in: `body` with {{1}}, {{2}}; `samples` are examples of the variables by number."""

    name: str
    language: str
    category: str
    body: str
    samples: Mapping[str, str] = field(default_factory=dict)
    quick_replies: Sequence[str] = ()


class ApprovedContents:
    """Find the approved text of a name and a language; what Twilio said is remembered for ten minutes."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account
        self._lock = Lock()
        self._known: dict[tuple[str, str], KnownContent] = {}
        self._read_at: datetime | None = None

    def find(self, name: str, language: str, now: datetime) -> str | tuple[FailureCode, str]:
        """Return the sid of an approved text, or why there is none: not approved, or Twilio cannot be read."""
        with self._lock:
            if self._read_at is None or not timedelta() <= now - self._read_at < READ_AGAIN_AFTER:
                try:
                    self._known = {(each.name, each.language): each for each in read_contents(self._account)}
                except ODD_ANSWERS as error:
                    refusal = classify(error)
                    code = FailureCode.PROVIDER_DOWN if refusal.code is FailureCode.UNCERTAIN else refusal.code
                    return code, f"approved texts cannot be read: {refusal.detail}"
                self._read_at = now
            found = self._known.get((name, language.partition("-")[0]))
        if found is not None and found.status == APPROVED:
            return found.sid
        return FailureCode.WINDOW_CLOSED, f"no approved text: {found.status if found else 'not handed in'}"


def read_contents(account: TwilioAccount) -> list[KnownContent]:
    """Read all texts of the account with their state; raises what the client raises."""
    return [
        KnownContent(
            sid=each.sid,
            name=each.friendly_name or "",
            language=each.language or "",
            status=str((each.approval_requests or {}).get("status", UNSUBMITTED)),
        )
        for each in account.client.content.v1.content_and_approvals.list()
    ]


def hand_in(account: TwilioAccount, new: NewContent) -> str:
    """Create a text and ask WhatsApp to approve it; returns its sid. Raises what the client raises."""
    created = account.client.content.v1.contents.create(content_create_request=_Form(_created(new)))
    ask_approval(account, str(created.sid), new)
    return str(created.sid)


def ask_approval(account: TwilioAccount, sid: str, new: NewContent) -> None:
    """Ask WhatsApp to approve a text that Twilio has. Raises what the client raises."""
    approval = _Form({"name": new.name, "category": new.category})
    account.client.content.v1.contents(sid).approval_create.create(content_approval_request=approval)


def _created(new: NewContent) -> dict[str, Any]:
    if new.quick_replies:
        actions = [{"type": "QUICK_REPLY", "title": word, "id": word} for word in new.quick_replies]
        types: dict[str, Any] = {"twilio/quick-reply": {"body": new.body, "actions": actions}}
    else:
        types = {"twilio/text": {"body": new.body}}
    return {"friendly_name": new.name, "language": new.language, "variables": dict(new.samples), "types": types}


class _Form:
    """A JSON body as the client takes it."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = dict(fields)

    def to_dict(self) -> dict[str, Any]:
        """Give the body."""
        return self._fields

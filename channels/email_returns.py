"""What comes back by mail: bounces, complaints and answers, as events of the contract; the rest is counted and left.

Sources: RFC 3464 (delivery status), RFC 3463 (its codes), RFC 5965 (abuse reports), RFC 3834 (automatic responses),
RFC 8098 (read receipts), learn.microsoft.com "X-Auto-Response-Suppress". A bounce is believed when it names a
Message-ID that we made, which only its receiver and the servers in between have seen.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Literal

from channels.contract import Event, FailureCode
from channels.email_codes import enhanced_code, failure_of
from channels.email_message import KEY_HEADER
from channels.email_parts import address, content, header, parts, read_mail
from channels.email_reply_text import new_text, text_of_html
from channels.email_tokens import domain_of, message_id
from channels.settings import ChannelSettings

Kind = Literal["bounced", "delivered", "delayed", "complaint", "reply", "automatic", "foreign", "unreadable"]
"""foreign: a report on a mail that is not ours; unreadable: no sender, a person looks in the mailbox."""

_STOP = re.compile(r"\s*(?:stop|unsubscribe|afmelden|uitschrijven)[\s.!]*", re.I)
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatisch antwoord|automatic reply|automatische antwort|réponse automatique|autoreply|auto-?reply"
    r"|auto ?response|out of (?:the )?office|afwezig(?:heidsbericht|heidsassistent)?|niet op kantoor|abwesenheit\w*"
    r"|otomatik yanıt|odpowiedź automatyczna|autoodpowiedź|автоматична відповідь|رد تلقائي)\s*(?::|$|-)",
    re.I,
)
_ANSWERS = re.compile(r"\s*(?:re|aw|antw|betr|sv|odp|ynt|yan|відп|رد)\s*:\s*", re.I)
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster)@", re.I)
_LOGO = re.compile(r"image\d{3}\.\w{3,4}")
"""How Outlook names the pictures of a signature."""

_OUTCOMES = {"failed": "bounced", "delivered": "delivered", "delayed": "delayed"}


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What a mail in the mailbox is, with its event when it has one."""

    kind: Kind
    event: Event | None = None


def read_return(raw: bytes, settings: ChannelSettings, at: datetime, provider: str) -> Returned:
    """Read one mail that arrived at a moment (UTC); never raises, whatever the bytes are."""
    mail = read_mail(raw)
    reader = _Reader(mail=mail, all=tuple(parts(mail)), raw=raw, settings=settings, at=at, provider=provider)
    return reader.read()


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """One mail with all that is inside it."""

    mail: Message
    all: tuple[Message, ...]
    raw: bytes
    settings: ChannelSettings
    at: datetime
    provider: str

    def read(self) -> Returned:
        """Name the mail by its form: a report, something automatic, or an answer of a person."""
        status = self._first("message/delivery-status", "message/global-delivery-status")
        if status is not None:
            return self._bounce(status)
        feedback = self._first("message/feedback-report")
        if feedback is not None:
            return self._complaint(feedback)
        if self._first("message/disposition-notification") is not None:
            return Returned(kind="automatic")
        if _DAEMON.match(address(self.mail, "From")):
            return self._old_bounce()
        text = self._text()
        if _STOP.fullmatch(text) or _STOP.fullmatch(header(self.mail, "Subject")):
            return self._reply(text if _STOP.match(text) else f"STOP\n\n{text}".strip())
        return Returned(kind="automatic") if self._is_automatic() else self._reply(text)

    def _first(self, *types: str) -> Message | None:
        return next((part for part in self.all if part.get_content_type() in types), None)

    def _bounce(self, status: Message) -> Returned:
        """Read the fields per recipient (RFC 3464, 2.3); we send every mail to one."""
        blocks = [block for block in parts(status) if header(block, "Action") or header(block, "Status")]
        if not blocks:
            return self._old_bounce()
        code = enhanced_code(header(blocks[0], "Status"))
        action = header(blocks[0], "Action").lower() or {"5": "failed", "2": "delivered"}.get(code[:1], "delayed")
        said = header(blocks[0], "Diagnostic-Code")
        return self._receipt(_OUTCOMES.get(action, "delayed"), _failure(code, said))

    def _old_bounce(self) -> Returned:
        """Read a bounce in words only, as older servers send it; without a final code it is a warning."""
        text = "\n".join(content(part) for part in self.all if part.get_content_maintype() == "text")[:20_000]
        code = enhanced_code(text)
        final = code.startswith("5") or (not code and re.search(r"\b55\d\b", text))
        return self._receipt("bounced" if final else "delayed", _failure(code, ""))

    def _receipt(self, outcome: str, failure: FailureCode) -> Returned:
        ref = self._our_id()
        if ref is None:
            return Returned(kind="foreign")
        if outcome not in ("bounced", "delivered"):
            return Returned(kind="delayed")
        event = Event(
            event_id=f"{ref[1:33]}:{outcome}",
            provider=self.provider,
            channel="email",
            kind="receipt",
            at=self.at,
            provider_ref=ref,
            outcome=outcome,
            key=self._our_key(ref),
            failure=failure if outcome == "bounced" else None,
        )
        return Returned(kind="bounced" if outcome == "bounced" else "delivered", event=event)

    def _complaint(self, feedback: Message) -> Returned:
        """Take "this is spam" as a wish for no more mail."""
        ref = self._our_id()
        fields = "\n".join(str(part) for part in parts(feedback))
        if ref is None or re.search(r"^Feedback-Type:\s*not-spam", fields, re.M | re.I):
            return Returned(kind="foreign")
        receivers = (address(part, "To") for part in self.all if header(part, "Message-ID") == ref)
        sender = next((each for each in receivers if each), "")
        event = self._answer(f"{ref[1:33]}:complaint", sender, "", ref, "opted_out")
        return Returned(kind="complaint", event=event)

    def _is_automatic(self) -> bool:
        """Recognise what no person wrote now (RFC 3834, 5; the headers before it; Exchange; mailing lists)."""
        mail = self.mail
        submitted = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
        if submitted not in ("", "no") or mail.get("X-Autoreply") or mail.get("X-Autorespond") or mail.get("List-Id"):
            return True
        if header(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply", "auto-reply"):
            return True
        if mail.get(KEY_HEADER) or header(mail, "Return-Path") == "<>":
            return True
        return bool(_AUTOMATIC_SUBJECT.match(header(mail, "Subject")))

    def _reply(self, text: str) -> Returned:
        sender = address(self.mail, "From")
        if not sender:
            return Returned(kind="unreadable")
        own = header(self.mail, "Message-ID").encode() or self.raw
        event_id = f"mail:{hashlib.sha256(own).hexdigest()[:40]}"
        return Returned(kind="reply", event=self._answer(event_id, sender, text, self._our_id()))

    def _answer(self, event_id: str, sender: str, text: str, ref: str | None, outcome: str | None = None) -> Event:
        return Event(
            event_id=event_id,
            provider=self.provider,
            channel="email",
            kind="reply",
            at=self.at,
            provider_ref=ref,
            outcome=outcome,
            text=text,
            sender=sender,
            recipient=address(self.mail, "To") or None,
        )

    def _text(self) -> str:
        """Give what was written anew, else an own subject, and the names of what is attached."""
        plain = self._of_type("text/plain")
        written = new_text(plain) if plain.strip() else new_text(text_of_html(self._of_type("text/html")))
        subject = header(self.mail, "Subject")
        if not written and not _ANSWERS.match(subject):
            written = subject
        names = [name for part in self.all if (name := _file_name(part))]
        return "\n\n".join(each for each in (written, "\n".join(f"[{name}]" for name in names)) if each)

    def _of_type(self, kind: str) -> str:
        found = (part for part in self.all if part.get_content_type() == kind and not _file_name(part))
        return next((text for part in found if (text := content(part)).strip()), "")

    def _our_id(self) -> str | None:
        """Find a Message-ID that has the form of ours: in the headers that answer, else anywhere in a report."""
        ours = re.compile(rf"<[0-9a-f]{{32}}@{re.escape(domain_of(self.settings))}>", re.I)
        places = [header(self.mail, "In-Reply-To"), header(self.mail, "References")]
        if self.mail.get_content_type() == "multipart/report" or _DAEMON.match(address(self.mail, "From")):
            places += [header(part, "Message-ID") for part in self.all[1:]]
            places += [content(part) for part in self.all if part.get_content_maintype() == "text"]
        found = (match for place in places if (match := ours.findall(place)))
        return next((each[-1].lower() for each in found), None)

    def _our_key(self, ref: str) -> str | None:
        """Give our own key when the bounce brought it back and the Message-ID is the one of that key."""
        places = [header(part, KEY_HEADER) for part in self.all]
        places += re.findall(rf"^{KEY_HEADER}:\s*(\S+)", "\n".join(map(content, self.all)), re.M | re.I)
        for place in filter(None, places):
            try:
                key = base64.urlsafe_b64decode(place).decode()
            except (binascii.Error, ValueError):
                continue
            if message_id(key, self.settings) == ref:
                return key
        return None


def _failure(code: str, said: str) -> FailureCode:
    """Name why a mail bounced: by the more telling of the two codes, else that it did not get there."""
    detail = enhanced_code(said)
    known = None if code in ("", "5.0.0") else failure_of(code)
    return known or failure_of(detail) or FailureCode.UNREACHABLE


def _file_name(part: Message) -> str:
    try:
        name = " ".join((part.get_filename() or "").split())[:100]
    except Exception:
        return ""
    return "" if _LOGO.fullmatch(name) else name

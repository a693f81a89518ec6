"""An e-mail made of one text: plain and as HTML, with the headers that a well-behaved machine gives.

Sources: RFC 5322 (headers), RFC 3834 (Auto-Submitted), RFC 2369 and RFC 8058 (List-Unsubscribe), RFC 3282
(Content-Language).
"""

import base64
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from channels.contract import Outbound
from channels.email_html import as_html, clean, language_of
from channels.email_tokens import message_id, unsubscribe_url
from channels.settings import ChannelSettings

KEY_HEADER = "X-Outreach-Key"
"""Our key, which comes back in a bounce; believed only when the Message-ID belongs to it."""

_LOCAL = r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f-\x9f]{1,64}"
_LABEL = r"[^\W_](?:[^\W_]|-){0,62}"
_ADDRESS = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+{_LABEL}|localhost)")


def plain_address(text: str) -> str | None:
    """Return an address as mail servers take it, its domain in ASCII; None when it is no single plain address."""
    found = _ADDRESS.fullmatch(text)
    if not found or len(text) > 254 or found[1].startswith(".") or found[1].endswith(".") or ".." in found[1]:
        return None
    try:
        return f"{found[1]}@{found[2].encode('idna').decode()}"
    except UnicodeError:
        return None


def compose(message: Outbound, settings: ChannelSettings) -> EmailMessage:
    """Make the mail of a message. Line breaks in a name or subject become spaces, so that no header can be slipped in.

    Raises ValueError when the recipient or our own sender is no plain address.
    """
    to, own = plain_address(message.to), plain_address(parseaddr(settings.mail_sender)[1])
    if to is None or own is None:
        raise ValueError("no plain mail address")
    mail = EmailMessage(policy=SMTP if to.isascii() else SMTP.clone(utf8=True))
    name = _one_line(message.sender_name) or _one_line(parseaddr(settings.mail_sender)[0])
    mail["From"] = _address(name, own)
    mail["To"] = _address(_one_line(message.name), to)
    answers = plain_address(message.sender)
    if answers and answers.isascii() and answers != own:
        mail["Reply-To"] = _address(name, answers)
    mail["Subject"] = _one_line(message.subject or "") or name
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message_id(message.key, settings)
    mail["Auto-Submitted"] = "auto-generated"
    mail[KEY_HEADER] = base64.urlsafe_b64encode(message.key.encode("utf-8", "replace")).decode()
    _let_unsubscribe(mail, message, own, settings)
    mail.set_content(clean(message.text) + "\n", cte="quoted-printable")
    mail.add_alternative(as_html(message), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = re.sub(r"[^A-Za-z]", "", language_of(message)) or "nl"
    return mail


def _let_unsubscribe(mail: EmailMessage, message: Outbound, own: str, settings: ChannelSettings) -> None:
    """Offer to stop: by a mail that says STOP, and by one click when the installation has a public address."""
    by_mail = f"<mailto:{quote(own, safe='@')}?subject=STOP>"
    page = unsubscribe_url(message.key, message.to, settings)
    mail["List-Unsubscribe"] = f"<{page}>, {by_mail}" if page else by_mail
    if page:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(display_name=name, username=user, domain=domain)

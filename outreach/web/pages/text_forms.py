"""What a channel makes of a text: pages and window of a letter, a card with its code, seconds, segments, approval."""

from dataclasses import dataclass
from types import SimpleNamespace

from messages.form_rules import seconds
from messages.paper import CARD, WINDOW_RIGHT, CardLayout, LetterLayout, pages
from messages.segments import measure
from messages.whatsapp import WhatsAppForm, approved_form
from outreach.services.policy import Policy
from outreach.services.qr import qr_svg, telephone_link
from outreach.web.pages.text_frame import Shown

MOST_UNUSUAL = 6
INBOX_SIGNS = 90
"""How much of a mail a list on a phone shows, about."""


@dataclass(frozen=True, kw_only=True)
class Forms:
    """What stands below a preview; empty where the channel has no such thing.

    `unusual` are the signs that make a text message UCS-2; `spoken` are seconds for each part of a robocall.
    """

    letter: LetterLayout | None = None
    address: tuple[str, ...] = ()
    fits: bool = True
    pages: int = 0
    card: CardLayout | None = None
    code: str = ""
    dials: str = ""
    spoken: tuple[tuple[str, float], ...] = ()
    unusual: tuple[str, ...] = ()
    inbox: str = ""
    whatsapp: WhatsAppForm | None = None


def forms_of(found: Policy, shown: Shown, view: SimpleNamespace | None) -> Forms:
    """Return what the channel makes of a text as it is seen."""
    if view is None:
        return Forms()
    channel = shown.written.channel
    if channel == "letter":
        return _letter(view)
    if channel == "card":
        phone = found.settings.sender_phone or ""
        link = telephone_link(phone)
        return Forms(card=CARD, code=qr_svg(link) if link else "", dials=phone)
    if channel == "robocall":
        return Forms(spoken=tuple((name, seconds(text)) for name, text in (view.parts or {}).items()))
    if channel == "sms":
        return Forms(unusual=_unusual(view.text))
    if channel == "email":
        return Forms(inbox=" ".join(view.text.split())[:INBOX_SIGNS])
    return Forms(whatsapp=_handed_in(shown)) if channel == "whatsapp" else Forms()


def _handed_in(shown: Shown) -> WhatsAppForm | None:
    """Return the form for approval; None for a name that WhatsApp does not take."""
    try:
        return approved_form(shown.written.as_template())
    except ValueError:
        return None


def _letter(view: SimpleNamespace) -> Forms:
    lines = tuple(part.strip() for part in (view.to, *(view.sent_to or "").split(",")) if part and part.strip())
    fits = len(lines) * WINDOW_RIGHT.line_height <= WINDOW_RIGHT.address.height
    return Forms(letter=WINDOW_RIGHT, address=lines, fits=fits, pages=pages(view.text))


def _unusual(text: str) -> tuple[str, ...]:
    """Return the few signs that GSM-7 does not have, each once, in order; none for a script of such signs."""
    found = tuple(sign for sign in dict.fromkeys(text) if measure(sign).encoding == "UCS-2")
    return found if len(found) <= MOST_UNUSUAL else ()

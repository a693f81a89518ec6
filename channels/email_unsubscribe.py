"""The page on which a receiver says that he wants no more mail, and the one click of his mail program (RFC 8058).

Looking at the page changes nothing: mail scanners open every link. Only a POST does it. The address comes from the
sealed token in the link, is shown to nobody, and nothing is looked up.
"""

from dataclasses import dataclass
from hashlib import sha256

from channels.contract import Event, Request, Response
from channels.email_tokens import UNSUBSCRIBE_ROUTE, Unsubscriber, unsubscriber
from channels.settings import ChannelSettings

HTML = "text/html; charset=utf-8"

_PAGE = """<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body{{margin:0 auto;max-width:34rem;padding:2rem 1.25rem;font:1.125rem/1.6 Verdana,Arial,sans-serif}}
h1{{font-size:1.5rem;line-height:1.3}}section{{margin-top:2.5rem}}
button{{font:inherit;font-weight:bold;padding:.75rem 1.25rem;border:2px solid;border-radius:.25rem}}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{dutch}
<section lang="en">
{english}
</section>
</main>
</body>
</html>
"""
_ASK = {
    "title": "Wilt u geen e-mail meer van ons?",
    "dutch": "<p>Klik dan op de knop. Wij sturen u dan geen e-mail meer over de huur. Is er iets belangrijks? "
    "Dan krijgt u een brief, of wij bellen u.</p>\n"
    '<form method="post"><button>Stuur mij geen e-mail meer</button></form>',
    "english": "<p><strong>No more e-mail from us?</strong> Press the button above. We will not send you any more "
    "e-mail about your rent. For important things you will get a letter or a call.</p>",
}
_DONE = {
    "title": "U krijgt geen e-mail meer van ons",
    "dutch": "<p>Dat is geregeld. U hoeft niets meer te doen. Wilt u toch weer e-mail? Antwoord dan met START op een "
    "oude e-mail van ons.</p>",
    "english": "<p><strong>You will get no more e-mail from us.</strong> You need to do nothing else. Do you want "
    "e-mail again? Then answer START to an old e-mail from us.</p>",
}
_WRONG = {
    "title": "Deze link werkt niet",
    "dutch": "<p>Misschien is de link niet heel. Antwoord met STOP op onze e-mail. Dan sturen wij u geen e-mail "
    "meer.</p>",
    "english": "<p><strong>This link does not work.</strong> Answer STOP to our e-mail. Then we will not send you any "
    "more.</p>",
}


@dataclass(frozen=True, kw_only=True)
class UnsubscribePage:
    """Show the page with its one button, and do what the button says."""

    settings: ChannelSettings
    provider: str
    name: str = UNSUBSCRIBE_ROUTE
    methods: tuple[str, ...] = ("GET", "POST")

    def __call__(self, request: Request) -> Response:
        """Return the page, after a POST with the opt-out, or 404 for a link that we did not make."""
        who = unsubscriber(request.url, self.settings)
        if who is None:
            return Response(status=404, body=_PAGE.format(**_WRONG), content_type=HTML)
        if request.method != "POST":
            return Response(status=200, body=_PAGE.format(**_ASK), content_type=HTML)
        return Response(
            status=200, body=_PAGE.format(**_DONE), content_type=HTML, events=(self._opt_out(who, request),)
        )

    def _opt_out(self, who: Unsubscriber, request: Request) -> Event:
        """Make one event a day of a link: pressing twice is once, and pressing again after a START counts."""
        mark = sha256(f"{who.message_id} {request.at:%Y-%m-%d}".encode()).hexdigest()[:32]
        return Event(
            event_id=f"unsubscribe:{mark}",
            provider=self.provider,
            channel="email",
            kind="reply",
            at=request.at,
            provider_ref=who.message_id,
            outcome="opted_out",
            text="",
            sender=who.address,
        )

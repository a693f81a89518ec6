"""A mail server on loopback (aiosmtpd), which plays what it is told and keeps what it took.

Replies are those of RFC 5321 (4.2.3) and RFC 3463. A break closes the connection at the named point.
"""

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "incasso", "geheim wachtwoord"
SLOW = 5.0
"""Seconds, far more than any test waits."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate for localhost that signs itself; a client trusts it when it is told to."""

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """Return what a server speaks TLS with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path) -> Certificate:
    """Make a certificate with the command openssl, which every Debian with Python's ssl can have."""
    made = Certificate(certificate=folder / "localhost.pem", key=folder / "localhost.key")
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-days", "2")
    new = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    files = ("-keyout", str(made.key), "-out", str(made.certificate))
    subprocess.run([*new, *subject, *files], check=True, capture_output=True)
    return made


@dataclass
class MailServer:
    """What the server keeps, and what it plays.

    `rcpt`, `mail` and `dot` are replies that are played once each, in order (in `mail` an empty one takes the mail).
    `breaks` are played once each too:
    `mail`, `data` (in the middle of the text), `taken` (keep it, then no answer) or `slow` (keep it, answer too late).
    `refuse` gives a recipient its reply every time. `delay` is in seconds, for every message.
    """

    mail: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    dot: list[str] = field(default_factory=list)
    breaks: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    login: bool = False
    envelopes: list[Envelope] = field(default_factory=list)
    connections: int = 0
    logins: list[bool] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    @property
    def messages(self) -> list[EmailMessage]:
        """Return what was kept, as mails."""
        return [message_from_bytes(bytes(each.content or b""), policy=default) for each in self.envelopes]

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Know one user."""
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.logins.append(right)
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Play a reply to MAIL FROM, or take the sender."""
        if self.broken(server, "mail"):
            return "421 4.3.0 closing"
        if self.login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self.mail and (reply := self.mail.pop(0)):
            return reply
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Play a reply to RCPT TO, or take the recipient."""
        if address in self.refuse:
            return self.refuse[address]
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Play a reply to the whole text, or keep it."""
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.dot:
            return self.dot.pop(0)
        self.envelopes.append(envelope)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        if self.breaks[:1] == ["slow"]:
            self.breaks.pop(0)
            await asyncio.sleep(SLOW)
        self.broken(server, "taken")
        return "250 OK"

    def broken(self, server: SMTP, point: str) -> bool:
        """Break the connection when that is what this point plays."""
        if self.breaks[:1] != [point] or server.transport is None:
            return False
        self.breaks.pop(0)
        server.transport.abort()
        return True


class _PlayedSmtp(SMTP):
    """The server's side of one connection; it can break in the middle of a text."""

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.breaks[:1] == ["data"]:
            await self.push("354 go ahead")
            await self._reader.readline()
            self.event_handler.broken(self, "data")
        else:
            await super().smtp_DATA(arg)


@contextmanager
def running_server(
    played: MailServer, *, certificate: Certificate | None = None, starttls: bool = False, login: bool = False
) -> Iterator[MailServer]:
    """Run the server on a free port; with a certificate over TLS at once, or after STARTTLS."""
    played.login = login
    context = certificate.server_context() if certificate else None
    loop = asyncio.new_event_loop()

    def connection() -> SMTP:
        played.connections += 1
        return _PlayedSmtp(
            played,
            hostname="mail.voorbeeld.example",
            enable_SMTPUTF8=True,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=played.authenticate,
            auth_exclude_mechanism=() if login else ("LOGIN", "PLAIN"),
            auth_require_tls=False,
            loop=loop,
        )

    at_once = None if starttls else context
    thread = Thread(target=loop.run_forever)
    thread.start()
    # in its own thread: in this one a browser of another test may have a loop that runs
    opening = loop.create_server(connection, "127.0.0.1", 0, ssl=at_once)
    listening = asyncio.run_coroutine_threadsafe(opening, loop).result(5)
    played.port = listening.sockets[0].getsockname()[1]
    try:
        yield played
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listening), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(listening: asyncio.AbstractServer) -> None:
    """Close the door, then end what still goes on."""
    listening.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)

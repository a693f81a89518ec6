"""One connection to a mail server, over which messages are offered one after another.

What is certain is kept apart from what is not: until the dot that ends the text has been written, the server cannot
have taken a message; after it, only its reply says so (RFC 1047, "Duplicate Messages and SMTP").
"""

import ipaddress
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass

from channels.email_codes import Answer, Stage, enhanced_code
from channels.settings import ChannelSettings, ChannelSettingsError

FINAL_PATIENCE = 6
"""How many times the ordinary timeout a server may think about a whole message (RFC 5321, 4.5.3.2.6: minutes)."""

_LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An envelope and its text: `data` has CRLF lines, `utf8` asks for a server that takes other scripts (RFC 6531)."""

    sender: str
    to: str
    data: bytes
    utf8: bool = False


def check_security(name: str, security: str, host: str) -> None:
    """Raise ChannelSettingsError, naming the setting, when mail would travel unencrypted to another machine."""
    if security == "none" and not _is_here(host):
        raise ChannelSettingsError(f"{name}: none is for this machine itself only; use tls or starttls")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class SmtpLine:
    """A connection that opens when it is needed and once more when the server has closed it; for one thread."""

    def __init__(self, settings: ChannelSettings, tls: ssl.SSLContext, local_name: str) -> None:
        self._settings = settings
        self._tls = tls
        self._local_name = local_name
        self._smtp: smtplib.SMTP | None = None

    def open(self) -> Answer | None:
        """Open the connection and log in unless that was done; an Answer says why it did not work."""
        if self._smtp is not None:
            return None
        stage: Stage = "connect"
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._connected()
            smtp.ehlo_or_helo_if_needed()
            if self._settings.smtp_security == "starttls":
                stage = "tls"
                smtp.starttls(context=self._tls)
                smtp.ehlo_or_helo_if_needed()
            if self._settings.smtp_user:
                stage = "login"
                smtp.login(self._settings.smtp_user, self._settings.smtp_password)
        except (smtplib.SMTPException, OSError) as error:
            if smtp is not None:
                smtp.close()
            return _refusal(stage, error)
        self._smtp = smtp
        return None

    def offer(self, mail: Mail) -> Answer:
        """Offer a message; when the server had closed the connection before it, once more over a new one."""
        used = self._smtp is not None
        answer = self.open() or self._transact(mail)
        if used and answer.closes and answer.stage != "dot":
            answer = self.open() or self._transact(mail)
        return answer

    def close(self) -> None:
        """Say goodbye, if anybody is there."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        """Connect; two small writes after each other must not wait for each other (TCP_NODELAY)."""
        host, port, timeout = self._settings.smtp_host, self._settings.smtp_port, self._settings.timeout
        if self._settings.smtp_security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=timeout, context=self._tls, local_hostname=self._local_name
            )
        else:
            smtp = smtplib.SMTP(host, port, timeout=timeout, local_hostname=self._local_name)
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return smtp

    def _transact(self, mail: Mail) -> Answer:
        """Bring one message over and leave the connection ready for the next one, or closed."""
        smtp = self._smtp
        assert smtp is not None
        stage: Stage = "mail"
        try:
            if mail.utf8 and not smtp.has_extn("smtputf8"):
                return Answer(stage="rcpt", status=550, enhanced="5.6.7", why="no SMTPUTF8")
            code, text = smtp.mail(mail.sender, ["SMTPUTF8", "BODY=8BITMIME"] if mail.utf8 else [])
            if code == 250:
                stage = "rcpt"
                code, text = smtp.rcpt(mail.to)
            if stage == "rcpt" and code in (250, 251):
                stage = "data"
                code, text = smtp.docmd("DATA")
            if stage == "data" and code == 354:
                smtp.send(_LEADING_DOT.sub(b"..", mail.data))
                stage = "dot"
                code, text = self._end(smtp)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Answer(stage=stage, status=0, why=_name(error))
        answer = _answer(stage, code, text)
        if answer.closes:
            self._drop()
        elif not answer.taken:
            self._reset(smtp)
        return answer

    def _end(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        if smtp.sock is None:
            raise smtplib.SMTPServerDisconnected
        smtp.sock.settimeout(self._settings.timeout * FINAL_PATIENCE)
        smtp.send(b".\r\n")
        answer = smtp.getreply()
        smtp.sock.settimeout(self._settings.timeout)
        return answer

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def _answer(stage: Stage, code: int, text: bytes) -> Answer:
    words = text.decode("ascii", "replace")
    relay = "relay" in words.lower()
    return Answer(stage=stage, status=max(code, 0), enhanced=enhanced_code(words), refuses_relay=relay)


def _refusal(stage: Stage, error: Exception) -> Answer:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(stage, error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b"")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Answer(stage=stage, status=500, why="not offered by the server")
    return Answer(stage=stage, status=0, why=_name(error))


def _name(error: Exception) -> str:
    return "certificate not trusted" if isinstance(error, ssl.SSLCertVerificationError) else type(error).__name__

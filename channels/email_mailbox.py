"""Read the mailbox of our sender by IMAP (RFC 9051), without losing a mail and without hiding one from people.

Every poll gives the events of the last three days, and of older mail that nobody has read, as often as it is asked:
the receiver drops repeats. So nothing is lost when what was handed over could not be stored, or when a person opened a
mail first. What an earlier poll handed over is marked as read; a mail that cannot be understood is marked for a person.
"""

import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from threading import Lock

from channels.contract import Event
from channels.email_returns import Returned, read_return
from channels.email_transport import check_security
from channels.settings import ChannelSettings

LOOK_BACK = timedelta(days=3)
MOST = 1000
"""Mails that one poll fetches; the next one goes on."""

READ_BYTES = 1_000_000
"""Of a mail with large attachments the beginning is enough (our choice)."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ARRIVED = re.compile(
    rb'INTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"',
)
_ODD = (imaplib.IMAP4.error, OSError, ValueError)

_log = logging.getLogger("channels.email")


class Mailbox:
    """The mailbox of `imap_user`; safe for threads, each poll over a connection of its own.

    Raises ChannelSettingsError when mail would travel unencrypted.
    """

    def __init__(self, settings: ChannelSettings, tls: ssl.SSLContext, provider: str) -> None:
        check_security("imap_security", settings.imap_security, settings.imap_host)
        self._settings = settings
        self._tls = tls
        self._provider = provider
        self._validity = ""
        self._read: dict[str, Returned] = {}
        self._handed: set[str] = set()
        self._lock = Lock()

    def poll(self, now: datetime) -> Sequence[Event]:
        """Return the events of the mailbox; empty when it cannot be read, the next poll reads the same days again."""
        with self._lock:
            try:
                with self._opened() as imap:
                    return self._poll(imap, now)
            except _ODD as error:
                _log.warning("the mailbox cannot be read: %s", type(error).__name__)
                return ()

    def _poll(self, imap: imaplib.IMAP4, now: datetime) -> Sequence[Event]:
        self._forget_another_mailbox(imap)
        since = (now - LOOK_BACK).astimezone(UTC)
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        found = imap.uid("SEARCH", "OR", "UNSEEN", "SINCE", day)[1][0]
        uids = found.decode().split() if isinstance(found, bytes) else []
        self._mark(imap, "\\Seen", [uid for uid in uids if uid in self._handed])
        fresh = [uid for uid in uids if uid not in self._read]
        for uid in fresh[:MOST]:
            self._fetch(imap, uid, now)
        self._read = {uid: self._read[uid] for uid in uids if uid in self._read}
        self._handed = set(self._read)
        self._tell(imap, [uid for uid in fresh if uid in self._read])
        return [read.event for read in self._read.values() if read.event is not None]

    def _forget_another_mailbox(self, imap: imaplib.IMAP4) -> None:
        """Drop what is known when the server has given out its numbers anew (UIDVALIDITY)."""
        told = imap.response("UIDVALIDITY")[1][0]
        validity = told.decode() if isinstance(told, bytes) else ""
        if validity != self._validity:
            self._validity, self._read, self._handed = validity, {}, set()

    def _fetch(self, imap: imaplib.IMAP4, uid: str, now: datetime) -> None:
        answer = imap.uid("FETCH", uid, f"(INTERNALDATE BODY.PEEK[]<0.{READ_BYTES}>)")[1]
        pairs = [each for each in answer if isinstance(each, tuple)]
        if pairs:
            told = b" ".join(each[0] if isinstance(each, tuple) else each for each in answer if each)
            self._read[uid] = read_return(pairs[0][1], self._settings, _arrived(told) or now, self._provider)

    def _tell(self, imap: imaplib.IMAP4, fresh: Sequence[str]) -> None:
        self._mark(imap, "\\Flagged", [uid for uid in fresh if self._read[uid].kind == "unreadable"])
        counts = Counter(self._read[uid].kind for uid in fresh)
        if counts:
            _log.info("mail read: %s", ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items())))

    def _mark(self, imap: imaplib.IMAP4, flag: str, uids: Sequence[str]) -> None:
        for start in range(0, len(uids), 200):
            imap.uid("STORE", ",".join(uids[start : start + 200]), "+FLAGS.SILENT", f"({flag})")

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        imap = self._connected()
        try:
            self._log_in(imap)
            folder = self._settings.imap_folder.replace("\\", "\\\\").replace('"', '\\"')
            status, _ = imap.select(f'"{folder}"')
            if status != "OK":
                raise imaplib.IMAP4.error("no such folder")
            yield imap
        finally:
            with suppress(*_ODD):
                imap.logout()

    def _connected(self) -> imaplib.IMAP4:
        settings = self._settings
        if settings.imap_security == "tls":
            host, port = settings.imap_host, settings.imap_port
            return imaplib.IMAP4_SSL(host, port, ssl_context=self._tls, timeout=settings.timeout)
        imap = imaplib.IMAP4(settings.imap_host, settings.imap_port, timeout=settings.timeout)
        if settings.imap_security == "starttls":
            try:
                imap.starttls(ssl_context=self._tls)
            except BaseException:
                imap.shutdown()
                raise
        return imap

    def _log_in(self, imap: imaplib.IMAP4) -> None:
        """Log in; a password beyond ASCII goes by AUTHENTICATE PLAIN (RFC 4616)."""
        user, password = self._settings.imap_user, self._settings.imap_password
        if f"{user}{password}".isascii():
            imap.login(user, password)
        else:
            imap.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())


def _arrived(told: bytes) -> datetime | None:
    """Read when the server received a mail; its own clock, so that the same mail always has the same moment."""
    found = _ARRIVED.search(told)
    if not found or found[2].decode() not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[number]) for number in (1, 3, 4, 5, 6))
    offset = timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == b"-" else 1)
    month = _MONTHS.index(found[2].decode()) + 1
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)
    except ValueError:
        return None

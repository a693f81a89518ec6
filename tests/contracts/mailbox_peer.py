"""A small IMAP mailbox on loopback, written from RFC 3501: LOGIN, AUTHENTICATE PLAIN, SELECT, SEARCH, FETCH, STORE."""

import base64
import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread

from tests.contracts.mail_peer import PASSWORD, USER, Certificate


@dataclass
class Mail:
    """One mail in the mailbox."""

    uid: int
    raw: bytes
    arrived: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Imap:
    """The mailbox; `fetched` counts what was read, `password` is the one that it knows."""

    mails: list[Mail] = field(default_factory=list)
    password: str = PASSWORD
    validity: int = 1
    fetched: list[int] = field(default_factory=list)
    port: int = 0

    def deliver(self, raw: bytes, arrived: datetime) -> Mail:
        """Put a mail in."""
        self.mails.append(Mail(uid=len(self.mails) + 1, raw=raw, arrived=arrived))
        return self.mails[-1]

    def search(self, criteria: str) -> list[Mail]:
        """Understand the one search that is asked: not seen, or since a day."""
        found = re.fullmatch(r"OR UNSEEN SINCE (\d{1,2}-\w{3}-\d{4})", criteria)
        assert found, criteria
        since = datetime.strptime(found[1], "%d-%b-%Y").replace(tzinfo=UTC)
        return [mail for mail in self.mails if "\\Seen" not in mail.flags or mail.arrived >= since]


def delivery_report(mail: bytes, action: str = "delivered", status: str = "2.1.5") -> bytes:
    """Write what a mail server reports of a mail (RFC 3464), with the headers that came."""
    headers = mail.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode().replace("\n", "\r\n")
    return (
        "From: MAILER-DAEMON@mail.example\r\nSubject: Delivery report\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nWhat became of your mail.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; x@voorbeeld.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{headers}\r\n\r\n--b--\r\n"
    ).encode()


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    imap: Imap
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer line by line until the other side says goodbye."""
        self.say("* OK ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, _, rest = line.partition(" ")
            command, _, given = rest.removeprefix("UID ").partition(" ")
            answer = getattr(self, command.lower())(given)
            self.say(f"{tag} {answer} done")
            if command == "LOGOUT":
                return

    def say(self, line: str) -> None:
        """Write one line."""
        self.wfile.write(line.encode() + b"\r\n")

    def capability(self, _: str) -> str:
        """Say what is spoken."""
        self.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        return "OK"

    def login(self, given: str) -> str:
        """Know one user."""
        return "OK" if given == f'{USER} "{self.imap.password}"' else "NO [AUTHENTICATIONFAILED] no"

    def authenticate(self, _: str) -> str:
        """Know the same user by SASL."""
        self.say("+ ")
        told = base64.b64decode(self.rfile.readline()).decode()
        return "OK" if told == f"\0{USER}\0{self.imap.password}" else "NO no"

    def select(self, given: str) -> str:
        """Open the one folder."""
        if given != '"INBOX"':
            return "NO no such folder"
        self.say(f"* {len(self.imap.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.imap.validity}] UIDs valid")
        return "OK [READ-WRITE]"

    def search(self, given: str) -> str:
        """Give the numbers."""
        self.say(" ".join(["* SEARCH", *(str(mail.uid) for mail in self.imap.search(given))]))
        return "OK"

    def fetch(self, given: str) -> str:
        """Give one mail, without marking it as read."""
        uid, _, items = given.partition(" ")
        assert re.fullmatch(r"\(INTERNALDATE BODY\.PEEK\[\]<0\.\d+>\)", items), items
        mail = self.imap.mails[int(uid) - 1]
        self.imap.fetched.append(mail.uid)
        moment = mail.arrived.strftime("%d-%b-%Y %H:%M:%S +0000")
        head = f'* {mail.uid} FETCH (UID {mail.uid} INTERNALDATE "{moment}" BODY[]<0> {{{len(mail.raw)}}}\r\n'
        self.wfile.write(head.encode() + mail.raw + b")\r\n")
        return "OK"

    def store(self, given: str) -> str:
        """Put a flag on mails."""
        uids, flag = re.fullmatch(r"([\d,]+) \+FLAGS\.SILENT \((.+)\)", given).groups()  # type: ignore[union-attr]
        for uid in uids.split(","):
            self.imap.mails[int(uid) - 1].flags.add(flag)
        return "OK"

    def logout(self, _: str) -> str:
        """Say goodbye."""
        self.say("* BYE")
        return "OK"


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    certificate: Certificate | None = None

    def get_request(self) -> tuple[object, object]:
        """Take a connection, over TLS when there is a certificate."""
        connection, address = super().get_request()
        if self.certificate is not None:
            connection = self.certificate.server_context().wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Leave a client that breaks off alone."""


@contextmanager
def running_mailbox(imap: Imap, certificate: Certificate | None = None) -> Iterator[Imap]:
    """Run the mailbox on a free port."""
    handler = type("Session", (_Session,), {"imap": imap})
    with _Server(("127.0.0.1", 0), handler) as server:
        server.certificate = certificate
        imap.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield imap
        finally:
            server.shutdown()
            thread.join()

"""E-mail over SMTP, by the standard library: one or a few connections a batch, nothing twice.

SMTP knows no keys and cannot be asked. So a process never offers a key twice, and a message whose text was complete
when the answer stayed away is UNCERTAIN until a person, or a bounce that names its key, says what became of it.
"""

import ssl
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

from channels.contract import Accepted, Event, Failure, FailureCode, NotTaken, Outbound, Route, Unsure
from channels.email_codes import Answer
from channels.email_mailbox import Mailbox
from channels.email_message import compose, plain_address
from channels.email_tokens import domain_of, message_id
from channels.email_transport import Mail, SmtpLine, check_security
from channels.email_unsubscribe import UnsubscribePage
from channels.scripts import NO_SCRIPTS, Scripts
from channels.sent_keys import Doubt, SentKeys
from channels.settings import ChannelSettings, ChannelSettingsError

PROVIDER = "smtp"
MAILS_PER_LINE = 10
"""From how many mails on another connection is worth its opening (our choice)."""


class EmailSmtp:
    """Send mail by the landlord's own mail server.

    Raises ChannelSettingsError when the sender is no address or mail would travel unencrypted.
    """

    name = "email"
    provider = PROVIDER

    def __init__(self, *, settings: ChannelSettings, scripts: Scripts = NO_SCRIPTS) -> None:
        check_security("smtp_security", settings.smtp_security, settings.smtp_host)
        self._sender = plain_address(settings.mail_sender.rpartition("<")[2].removesuffix(">"))
        if self._sender is None or not self._sender.isascii():
            raise ChannelSettingsError("mail_sender: no mail address")
        self._settings = settings
        self._keys = SentKeys(PROVIDER)
        self._tls = ssl.create_default_context()
        self._mailbox = Mailbox(settings, self._tls, PROVIDER) if settings.imap_host else None

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Offer a batch over as many connections as it is worth, each key once."""
        unique = {message.key: message for message in reversed(messages)}
        answers = {key: self._before(message) for key, message in unique.items()}
        waiting = deque(unique[key] for key in dict.fromkeys(m.key for m in messages) if answers[key] is None)
        answers |= self._offer_all(waiting)
        return [answer for message in messages if (answer := answers[message.key]) is not None]

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Say what this process knows of the key: a mail server cannot be asked."""
        known = self._keys.known(message.key)
        if isinstance(known, Accepted):
            return known
        return Unsure(key=message.key, detail=known.failure.detail if known else "a mail server cannot be asked")

    def poll(self, now: datetime) -> Sequence[Event]:
        """Return what came back in the mailbox, when there is one: bounces, complaints and answers."""
        return self._mailbox.poll(now) if self._mailbox else ()

    def routes(self) -> Sequence[Route]:
        """Declare the page to unsubscribe at."""
        return (UnsubscribePage(settings=self._settings, provider=PROVIDER),)

    def _before(self, message: Outbound) -> Accepted | Failure | None:
        """Answer without a connection when the message may not go out, cannot, or was offered before."""
        refusal = self._settings.refusal(message.to)
        if refusal:
            return _failure(message, FailureCode.NOT_ALLOWED, refusal)
        if plain_address(message.to) is None:
            return _failure(message, FailureCode.INVALID_RECIPIENT, "no plain mail address")
        known = self._keys.claim(message)
        return known.failure if isinstance(known, Doubt) else known

    def _offer_all(self, waiting: deque[Outbound]) -> dict[str, Accepted | Failure]:
        """Offer what waits; what is left when no connection works any more was certainly not taken."""
        answers: dict[str, Accepted | Failure] = {}
        if not waiting:
            return answers
        lines = min(self._settings.connections, -(-len(waiting) // MAILS_PER_LINE))
        stops: list[Answer] = []
        with self._line() as first:
            stop = first.open()
            if stop:
                stops.append(stop)
            else:
                with ThreadPoolExecutor(max_workers=lines) as pool:
                    others = [pool.submit(self._work_alone, waiting, answers, stops) for _ in range(lines - 1)]
                    self._work(first, waiting, answers, stops)
                    for other in others:
                        other.result()
        for message in waiting:
            self._keys.release(message.key)
            answers[message.key] = _failure(message, stops[0].failure, f"not offered, after: {stops[0].detail}")
        return answers

    def _work_alone(
        self, waiting: deque[Outbound], answers: dict[str, Accepted | Failure], stops: list[Answer]
    ) -> None:
        with self._line() as line:
            self._work(line, waiting, answers, stops)

    def _work(
        self, line: SmtpLine, waiting: deque[Outbound], answers: dict[str, Accepted | Failure], stops: list[Answer]
    ) -> None:
        """Offer one message after another until none is left or this connection is of no use."""
        while True:
            try:
                message = waiting.popleft()
            except IndexError:
                return
            answer = line.offer(self._mail(message))
            if answer.for_all and not answer.taken_perhaps:
                stops.append(answer)
                waiting.appendleft(message)
                return
            answers[message.key] = self._settled(message, answer)

    def _settled(self, message: Outbound, answer: Answer) -> Accepted | Failure:
        if answer.taken:
            ref = message_id(message.key, self._settings)
            accepted = Accepted(key=message.key, provider=PROVIDER, provider_ref=ref, at=message.at)
            self._keys.accept(accepted)
            return accepted
        failure = _failure(message, answer.failure, answer.detail)
        if answer.taken_perhaps:
            self._keys.doubt(message, failure)
        else:
            self._keys.release(message.key)
        return failure

    def _mail(self, message: Outbound) -> Mail:
        to = plain_address(message.to) or ""
        data = compose(message, self._settings).as_bytes()
        return Mail(sender=self._sender or "", to=to, data=data, utf8=not to.isascii())

    @contextmanager
    def _line(self) -> Iterator[SmtpLine]:
        line = SmtpLine(self._settings, self._tls, domain_of(self._settings))
        try:
            yield line
        finally:
            line.close()


def _failure(message: Outbound, code: FailureCode, detail: str) -> Failure:
    return Failure(key=message.key, provider=PROVIDER, code=code, detail=detail)

"""What the numbers of mail servers mean in our vocabulary: replies of SMTP and enhanced status codes.

Sources: RFC 5321 section 4.2 (replies), RFC 3463 and the IANA registry "SMTP Enhanced Status Codes", RFC 4954
section 6 (logging in). Servers repeat the address in their words, so a detail holds the numbers only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from channels.contract import FailureCode

Stage = Literal["connect", "tls", "login", "mail", "rcpt", "data", "dot"]
"""How far an offer came: opening, STARTTLS, AUTH, MAIL FROM, RCPT TO, DATA, and the dot that ends the text."""

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_SUBJECTS: Mapping[str, FailureCode] = {
    "1": FailureCode.INVALID_RECIPIENT,
    "2": FailureCode.UNREACHABLE,
    "3": FailureCode.UNREACHABLE,
    "4": FailureCode.UNREACHABLE,
    "5": FailureCode.UNREACHABLE,
    "6": FailureCode.CONTENT_REFUSED,
    "7": FailureCode.BLOCKED,
}
"""Second number of an enhanced code: addressing, mailbox, system, network, protocol, content, policy."""

_DETAILS: Mapping[str, FailureCode] = {
    "1.7": FailureCode.CREDENTIALS,
    "1.8": FailureCode.CREDENTIALS,
    "2.3": FailureCode.CONTENT_REFUSED,
    "3.4": FailureCode.CONTENT_REFUSED,
    "7.17": FailureCode.INVALID_RECIPIENT,
}
"""Exceptions: our own address is wrong (x.1.7, x.1.8), too long, and the mailbox has another owner (RFC 7293)."""

_LOGIN = frozenset({530, 534, 535, 538})


def enhanced_code(text: str) -> str:
    """Find the first enhanced status code in a text, empty when there is none."""
    found = _ENHANCED.search(text)
    return found[1] if found else ""


def failure_of(enhanced: str) -> FailureCode | None:
    """Name what an enhanced code says of a message that did not arrive; None when it says nothing of use."""
    _, _, rest = enhanced.partition(".")
    return _DETAILS.get(rest) or _SUBJECTS.get(rest.partition(".")[0])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a mail server said last of an offer: the stage and its reply (0: the line broke or nothing came).

    `refuses_relay`: it does not know us as its customer. `why` is the name of an error, in our words.
    """

    stage: Stage
    status: int
    enhanced: str = ""
    refuses_relay: bool = False
    why: str = ""

    @property
    def taken(self) -> bool:
        """Whether the server took the message upon itself (RFC 5321, 4.2.5)."""
        return self.stage == "dot" and 200 <= self.status < 300

    @property
    def taken_perhaps(self) -> bool:
        """Whether the text was complete and no answer came: it may be on its way (RFC 1047)."""
        return self.stage == "dot" and self.status == 0

    @property
    def for_all(self) -> bool:
        """Whether this is about the connection or the account, so that the next message would fare no better."""
        return self.stage in ("connect", "tls", "login", "mail") or self.failure is FailureCode.CREDENTIALS

    @property
    def closes(self) -> bool:
        """Whether the connection is of no more use."""
        return self.status in (0, 421)

    @property
    def failure(self) -> FailureCode:
        """Name why it was not taken; without meaning when it was."""
        if self.taken_perhaps:
            return FailureCode.UNCERTAIN
        if self.status == 0:
            return FailureCode.PROVIDER_DOWN
        return self._not_now() if self.status < 500 else self._never()

    @property
    def detail(self) -> str:
        """Tell it in numbers, without a word of the server."""
        said = (str(self.status) if self.status else "no answer", self.enhanced, self.why)
        return f"SMTP {self.stage}: {' '.join(part for part in said if part)}"

    def _not_now(self) -> FailureCode:
        down = self.stage in ("tls", "login") or self.status == 421
        limited = self.enhanced.startswith("4.7.") or self.enhanced == "4.3.2"
        return FailureCode.PROVIDER_DOWN if down and not limited else FailureCode.RATE_LIMITED

    def _never(self) -> FailureCode:
        if self.refuses_relay or self.status in _LOGIN or self.stage in ("connect", "tls", "login", "mail"):
            return FailureCode.CREDENTIALS
        known = failure_of(self.enhanced)
        if self.stage == "rcpt":
            return known or (FailureCode.UNREACHABLE if self.status == 552 else FailureCode.INVALID_RECIPIENT)
        of_the_text = self.status in (552, 554) or known in (None, FailureCode.BLOCKED)
        return FailureCode.CONTENT_REFUSED if of_the_text or known is None else known

"""What became of a message that was written in one part or several."""

import zlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from channels.contract import Accepted, Failure, FailureCode, Outbound
from channels.smpp_codes import OK, submit_meaning
from channels.smpp_inbox import PROVIDER
from channels.smpp_pdus import Answer, Submission
from channels.smpp_texts import concatenation, encode_text


def reference_of(message: Outbound) -> int:
    """Give the 16 bits by which a provider may name the message in its receipt, always the same for a key."""
    return zlib.crc32(message.key.encode()) & 0xFFFF


def submissions(message: Outbound) -> list[Submission]:
    """Cut a message into parts; the reference of a key is always the same. Raises TextTooLong."""
    text, reference = encode_text(message.text), reference_of(message)
    total = len(text.parts)
    return [
        Submission(
            to=message.to.removeprefix("+"),
            coding=text.coding,
            data=concatenation(reference & 0xFF, total, number) + part if total > 1 else part,
            has_header=total > 1,
            reference=reference,
        )
        for number, part in enumerate(text.parts, 1)
    ]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A message under way: one future for each of its parts, and what was written for it."""

    message: Outbound
    parts: tuple[Future[Answer], ...]
    written: tuple[Submission, ...]

    def held_back(self) -> bool:
        """Say whether a part was taken and all others were too many at once: these alone may be written again."""
        if not all(part.done() for part in self.parts):
            return False
        statuses = {part.result().status for part in self.parts}
        rest = statuses - {OK}
        return rest != statuses and bool(rest) and all(_is_throttle(status) for status in rest)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer for a message; `ids` are the provider's for its parts, `for_all`: the next one fares no better."""

    answer: Accepted | Failure
    ids: tuple[str, ...] = ()
    for_all: bool = False

    @property
    def in_doubt(self) -> bool:
        """Whether the provider may have taken it, or has taken a part of it."""
        return isinstance(self.answer, Failure) and self.answer.code is FailureCode.UNCERTAIN


def verdict(offer: Offer) -> Verdict:
    """Judge a message by what came back until now: a part without response may have been taken."""
    answers = [part.result() if part.done() else Answer(written=True) for part in offer.parts]
    taken = [answer for answer in answers if answer.status == OK]
    if len(taken) == len(answers):
        return _accepted(offer.message, taken)
    if taken:
        return _refused(offer.message, FailureCode.UNCERTAIN, "only a part of a long message was taken for certain")
    if any(answer.written and answer.status is None for answer in answers):
        return _refused(offer.message, FailureCode.UNCERTAIN, "written, and no response")
    statuses = [answer.status for answer in answers if answer.status is not None]
    if not statuses:
        return _refused(offer.message, FailureCode.PROVIDER_DOWN, "not written: the connection was lost", for_all=True)
    meanings = [(submit_meaning(status), status) for status in statuses]
    meaning, status = next((each for each in meanings if each[0].code is FailureCode.UNCERTAIN), meanings[0])
    return _refused(offer.message, meaning.code, f"refused, status 0x{status:X}", for_all=meaning.for_all)


def _accepted(message: Outbound, taken: Sequence[Answer]) -> Verdict:
    ids = tuple(answer.message_id for answer in taken)
    accepted = Accepted(
        key=message.key, provider=PROVIDER, provider_ref=ids[-1] or message.key, at=message.at, segments=len(taken)
    )
    return Verdict(answer=accepted, ids=ids)


def _refused(message: Outbound, code: FailureCode, detail: str, for_all: bool = False) -> Verdict:
    return Verdict(answer=failure(message, code, detail), for_all=for_all)


def failure(message: Outbound, code: FailureCode, detail: str) -> Failure:
    """Make a Failure of this provider."""
    return Failure(key=message.key, provider=PROVIDER, code=code, detail=detail)


def _is_throttle(status: int | None) -> bool:
    return status is not None and submit_meaning(status).code is FailureCode.RATE_LIMITED

"""What an SMPP provider's answers mean: the status of a command, and the state in a receipt.

Sources: SMPP 3.4, 5.1.3 (command_status), 5.2.28 (message_state), Appendix B (the text of a receipt).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.contract import FailureCode

OK = 0x00
TRY_LATER = 0x64
NEVER_AGAIN = 0x65
UNKNOWN_COMMAND = 0x03
"""command_status of our own answers: taken, deliver it once more (RX_T_APPN), do not (RX_P_APPN), not understood."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a refusal means; `for_all`: the next message would fare no better."""

    code: FailureCode
    for_all: bool = False


_RATE = Meaning(code=FailureCode.RATE_LIMITED, for_all=True)
_DOWN = Meaning(code=FailureCode.PROVIDER_DOWN, for_all=True)
_ACCOUNT = Meaning(code=FailureCode.CREDENTIALS, for_all=True)
_NUMBER = Meaning(code=FailureCode.INVALID_RECIPIENT)
_CONTENT = Meaning(code=FailureCode.CONTENT_REFUSED)
_DOUBT = Meaning(code=FailureCode.UNCERTAIN)

_STATUSES: Mapping[int, Meaning] = {
    0x04: _DOWN,
    0x05: _ACCOUNT,
    0x08: _DOUBT,
    0x0A: _ACCOUNT,
    0x0B: _NUMBER,
    0x0D: _ACCOUNT,
    0x0E: _ACCOUNT,
    0x0F: _ACCOUNT,
    0x14: _RATE,
    0x48: _ACCOUNT,
    0x49: _ACCOUNT,
    0x50: _NUMBER,
    0x51: _NUMBER,
    0x58: _RATE,
    0x64: _DOWN,
    0x66: Meaning(code=FailureCode.BLOCKED),
    0xFF: _DOUBT,
}
"""Bind status, already bound, system error, source, destination, bind, password, system id, queue full, types of
number, throttled, temporary, rejected, unknown error. A system error does not say that nothing was taken."""

_BIND_TEMPORARY = frozenset({0x08, 0x14, 0x58, 0x64})


def submit_meaning(status: int) -> Meaning:
    """Say what the refusal of a message means; providers' own codes (0x400 and up) are not known here."""
    if status >= 0x400:
        return Meaning(code=FailureCode.NOT_ALLOWED)
    return _STATUSES.get(status, _CONTENT)


def bind_meaning(status: int) -> Meaning:
    """Say what the refusal of the login means: an account that is not right, unless it is a passing trouble."""
    return _DOWN if status in _BIND_TEMPORARY else _ACCOUNT


@dataclass(frozen=True, kw_only=True)
class State:
    """The final state of a message: our outcome, and why when it is negative."""

    outcome: str
    failure: FailureCode | None = None


_DELIVERED = State(outcome="delivered")
_UNDELIVERED = State(outcome="undelivered", failure=FailureCode.UNREACHABLE)
_GONE = State(outcome="failed", failure=FailureCode.PROVIDER_DOWN)
_REJECTED = State(outcome="failed", failure=FailureCode.BLOCKED)

STATES: Mapping[int, str] = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
"""message_state as a number, and as the text of a receipt names it."""

_FINAL: Mapping[str, State] = {
    "DELIVRD": _DELIVERED,
    "EXPIRED": _UNDELIVERED,
    "DELETED": _GONE,
    "UNDELIV": _UNDELIVERED,
    "REJECTD": _REJECTED,
}


def final_state(name: str) -> State | None:
    """Return what a state says in the end; None for one that says nothing yet (or nothing at all: UNKNOWN)."""
    return _FINAL.get(name.upper())

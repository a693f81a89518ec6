"""When the rest of a batch is no longer offered: after a failure that all would get, or when no answer comes at all."""

from dataclasses import replace
from threading import Lock

from channels.contract import Failure, FailureCode

DOUBTS_IN_A_ROW = 5
"""So many messages without a certain answer, one after the other, are the provider's fault (our choice)."""


class Halt:
    """What the threads that offer one batch tell each other; safe for threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._doubts = 0
        self._failure: Failure | None = None

    @property
    def failure(self) -> Failure | None:
        """Give the certain, retryable failure of what was not offered; None while offering may go on."""
        return self._failure

    def stop(self, failure: Failure) -> None:
        """Offer nothing more, for this reason; the first one stays."""
        with self._lock:
            self._failure = self._failure or failure

    def doubt(self, failure: Failure) -> None:
        """Count a message that may have been taken: after too many in a row nothing more is put at risk."""
        with self._lock:
            self._doubts += 1
            if self._doubts >= DOUBTS_IN_A_ROW and self._failure is None:
                self._failure = replace(failure, code=FailureCode.PROVIDER_DOWN)

    def answered(self) -> None:
        """Note that the provider gave a certain answer: whoever was in doubt before was alone in it."""
        with self._lock:
            self._doubts = 0

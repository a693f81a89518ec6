"""What this process offered to a provider that does not know our keys, so that no key is offered twice."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from channels.contract import Accepted, Failure, FailureCode, Outbound

REMEMBERED = 50_000


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A key that the provider may have taken, offered first at `at`."""

    failure: Failure
    at: datetime


class SentKeys:
    """Remember the last keys that were taken or may have been taken; safe for threads.

    After a restart it is empty: then the caller asks after a claimed message before offering it again.
    """

    def __init__(self, provider: str, size: int = REMEMBERED) -> None:
        self._provider = provider
        self._size = size
        self._keys: OrderedDict[str, Accepted | Doubt] = OrderedDict()
        self._refs: dict[str, str] = {}
        self._lock = Lock()

    def claim(self, message: Outbound) -> Accepted | Doubt | None:
        """Return what is known of the key, or None and take it: until it is settled it is in doubt."""
        with self._lock:
            known = self._keys.get(message.key)
            if known is None:
                self._remember(message.key, Doubt(failure=self._offered(message), at=message.at))
            return known

    def known(self, key: str) -> Accepted | Doubt | None:
        """Return what is known of the key."""
        with self._lock:
            return self._keys.get(key)

    def owner(self, ref: str) -> str | None:
        """Return the key for which the provider gave this reference."""
        with self._lock:
            return self._refs.get(ref)

    def accept(self, accepted: Accepted) -> None:
        """Remember that the provider took the key."""
        with self._lock:
            self._remember(accepted.key, accepted)
            self._refs[accepted.provider_ref] = accepted.key

    def doubt(self, message: Outbound, failure: Failure) -> None:
        """Remember that the provider may have taken the key, since the first time it was offered."""
        with self._lock:
            before = self._keys.get(message.key)
            at = before.at if isinstance(before, Doubt) else message.at
            self._remember(message.key, Doubt(failure=failure, at=at))

    def release(self, key: str) -> None:
        """Forget a key that the provider certainly did not take."""
        with self._lock:
            self._keys.pop(key, None)

    def _offered(self, message: Outbound) -> Failure:
        return Failure(
            key=message.key, provider=self._provider, code=FailureCode.UNCERTAIN, detail="being offered elsewhere"
        )

    def _remember(self, key: str, known: Accepted | Doubt) -> None:
        self._keys[key] = known
        self._keys.move_to_end(key)
        while len(self._keys) > self._size:
            _, dropped = self._keys.popitem(last=False)
            if isinstance(dropped, Accepted):
                self._refs.pop(dropped.provider_ref, None)

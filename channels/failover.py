"""Several gateways of one channel as one: the next takes what an earlier one certainly did not.

A key that a gateway may have taken stays with that gateway, so that no two of them ever carry the same message.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock

from channels.contract import (
    RETRYABLE,
    Accepted,
    Channel,
    Event,
    Failure,
    FailureCode,
    NotTaken,
    Outbound,
    Route,
    Unsure,
)

REMEMBERED = 50_000
"""How many keys are remembered with their gateway."""

_AT_THIS_MOMENT = "being offered at this moment"


class Failover:
    """Offer to the first gateway, and to the next what the provider before it could not take.

    Only a failure that is the provider's own and certain (down, too many at once, account) goes on; what may have
    been taken and what was refused for its recipient or its text does not. Safe for threads.
    """

    def __init__(self, gateways: Sequence[Channel]) -> None:
        self._gateways = tuple(gateways)
        self.name = self._gateways[0].name
        self.provider = self._gateways[0].provider
        self._homes: OrderedDict[str, int] = OrderedDict()
        self._busy: set[str] = set()
        self._lock = Lock()

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Offer a batch to one gateway after the other; the answer is that of the first when none could take it."""
        unique = {message.key: message for message in reversed(messages)}
        mine = self._begin(dict.fromkeys(message.key for message in messages))
        answers: dict[str, Accepted | Failure] = {}
        try:
            self._offer([unique[key] for key in mine], answers)
        finally:
            with self._lock:
                self._busy -= set(mine)
        return [answers.get(message.key) or self._elsewhere(message.key) for message in messages]

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Ask all gateways: one that took it is enough, and only all together are certain that it was not taken.

        Also when this process offered it to one of them only: another process may have offered it since.
        """
        with self._lock:
            if message.key in self._busy:
                return Unsure(key=message.key, detail=_AT_THIS_MOMENT)
        unsure: Unsure | None = None
        for gateway in self._gateways:
            found = gateway.ask(message)
            if isinstance(found, Accepted):
                return found
            if isinstance(found, Unsure):
                unsure = unsure or found
        return unsure or NotTaken(key=message.key)

    def poll(self, now: datetime) -> Sequence[Event]:
        """Return what came back to any of them."""
        return [event for gateway in self._gateways for event in gateway.poll(now)]

    def routes(self) -> Sequence[Route]:
        """Declare the webhooks of all of them."""
        return [route for gateway in self._gateways for route in gateway.routes()]

    def _begin(self, keys: Iterable[str]) -> list[str]:
        """Take the keys that nobody else is offering at this moment."""
        with self._lock:
            mine = [key for key in keys if key not in self._busy]
            self._busy |= set(mine)
        return mine

    def _offer(self, messages: Sequence[Outbound], answers: dict[str, Accepted | Failure]) -> None:
        left = list(messages)
        for place, gateway in enumerate(self._gateways):
            own, left = self._split(left, place)
            if not own:
                continue
            for message, answer in zip(own, gateway.send(own), strict=True):
                answers[message.key] = self._better(answers.get(message.key), answer)
                if self._goes_on(message.key, answer):
                    left.append(message)

    def _split(self, messages: Sequence[Outbound], place: int) -> tuple[list[Outbound], list[Outbound]]:
        """Choose what this gateway gets: not what another one has or may have. From now on it may have it."""
        with self._lock:
            own = [message for message in messages if self._homes.get(message.key, place) == place]
            for message in own:
                self._homes[message.key] = place
                self._homes.move_to_end(message.key)
            while len(self._homes) > REMEMBERED:
                self._homes.popitem(last=False)
        mine = {message.key for message in own}
        return own, [message for message in messages if message.key not in mine]

    def _goes_on(self, key: str, answer: Accepted | Failure) -> bool:
        """Say whether the next gateway may have the message; free it when nobody can have taken it."""
        if isinstance(answer, Accepted) or answer.code is FailureCode.UNCERTAIN:
            return False
        with self._lock:
            self._homes.pop(key, None)
        return answer.code in RETRYABLE

    def _better(self, before: Accepted | Failure | None, now: Accepted | Failure) -> Accepted | Failure:
        """Keep the first of two failures that may be tried again: the first gateway is the one to wait for."""
        return before if before is not None and isinstance(now, Failure) and now.retryable else now

    def _elsewhere(self, key: str) -> Failure:
        return Failure(key=key, provider=self.provider, code=FailureCode.UNCERTAIN, detail=_AT_THIS_MOMENT)

"""The real proof, made once per test process for the same text and values: tests that publish need not wait for it."""

from functools import lru_cache

from outreach.runtime import Runtime
from outreach.services.policy import Policy
from outreach.services.proving import first_due, prove_ladder
from schedules.loader import parse_ladder
from schedules.proof import Proof


def shared_proof(runtime: Runtime, policy: Policy, text: str) -> Proof:
    """Prove a text with the partners that ship; the same text and values are proven once."""
    return _proof(text, tuple(sorted(policy.settings.fills.items())), _Hidden(runtime, policy))


class _Hidden:
    """What a proof takes along without being asked whether it is the same."""

    def __init__(self, runtime: Runtime, policy: Policy) -> None:
        self.runtime, self.policy = runtime, policy

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)


@lru_cache(maxsize=64)
def _proof(text: str, fills: tuple[tuple[str, int | str], ...], hidden: _Hidden) -> Proof:
    runtime = hidden.runtime
    start = first_due(runtime.calendar.day_of(runtime.clock()))
    ladder = parse_ladder(text)
    return prove_ladder(ladder, hidden.policy.engine, runtime.catalogue, runtime.calendar, start)

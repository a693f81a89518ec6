"""Play ticks in a process of its own that dies at a chosen point."""

import gc
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import event

from channels.contract import Accepted, Channel, Event, Failure, NotTaken, Outbound, Route, Unsure
from messages.checks import check
from outreach.runtime import Runtime
from outreach.services.day import tick
from tests.support.worlds import open_runtime

POINTS = ("before_claim", "after_claim", "in_send", "after_send", "after_record", "never")


def die() -> None:
    """Leave as a machine that loses its power: nothing is closed, nothing is rolled back."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(kw_only=True)
class DyingChannel:
    """A channel in front of another one; it dies just before or just after the provider took the batch."""

    inner: Channel
    point: str
    name: str = ""
    provider: str = ""

    def send(self, messages: Sequence[Outbound]) -> Sequence[Accepted | Failure]:
        """Offer a batch and die at the chosen point."""
        if self.point == "after_claim":
            die()
        if self.point == "in_send":
            self.inner.send(messages[: max(1, len(messages) // 2)])
            die()
        answers = self.inner.send(messages)
        if self.point == "after_send":
            die()
        return answers

    def ask(self, message: Outbound) -> Accepted | NotTaken | Unsure:
        """Ask the real one."""
        return self.inner.ask(message)

    def poll(self, now: datetime) -> Sequence[Event]:
        """Poll the real one."""
        return self.inner.poll(now)

    def routes(self) -> Sequence[Route]:
        """Give the real one's."""
        return self.inner.routes()


def die_at(runtime: Runtime, point: str) -> None:
    """Die when rows are being claimed, before the commit; or when the answers were recorded, after the commit."""
    state = {"before_claim": "claimed", "after_record": "sent"}[point]
    seen: set[str] = set()

    def look(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement.startswith("UPDATE attempt") and f"'{state}'" in repr(parameters):
            seen.add(state)
            if point == "before_claim":
                die()

    def begun(_connection: object) -> None:
        if state in seen:
            die()

    event.listen(runtime.db.engine, "before_cursor_execute", look)
    event.listen(runtime.db.engine, "begin", begun)


def play(url: str, data_dir: Path, landlord_id: int, moments: Sequence[datetime], point: str) -> None:
    """Tick at these moments, and die at the chosen point."""
    runtime, clock = open_runtime(url, data_dir, now=moments[0])
    if point in ("after_claim", "in_send", "after_send"):
        channels = {
            name: DyingChannel(inner=each, point=point, name=name, provider=each.provider)
            for name, each in runtime.channels.items()
        }
        runtime = replace(runtime, channels=channels)
    elif point != "never":
        die_at(runtime, point)
    for moment in moments:
        clock.set(moment)
        tick(runtime, landlord_id, moment)


def in_a_process(target: Callable[..., None], *arguments: object) -> int:
    """Run something in a forked process of its own, and give how that ended; it has the word lists of this one."""
    check("Belt u ons?", channel="sms", language="nl")
    gc.freeze()  # what the collector does not touch is not copied by the fork
    process = get_context("fork").Process(target=target, args=arguments)
    process.start()
    process.join(60)
    assert process.exitcode is not None, "still running after a minute"
    return process.exitcode

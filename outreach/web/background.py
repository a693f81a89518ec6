"""Work that a page starts and does not wait for: one piece at a time, in a thread of this process."""

from collections.abc import Callable
from threading import Lock, Thread
from typing import cast

from flask import Flask, current_app

EXTENSION = "background"


class Background:
    """A queue of one worker; what waits when the process stops is lost, and its row says so."""

    def __init__(self) -> None:
        self._one_at_a_time = Lock()
        self._threads: list[Thread] = []

    def start(self, work: Callable[[], None]) -> None:
        """Begin a piece of work after what was started before it."""
        thread = Thread(target=self._run, args=(work,), daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()

    def wait(self) -> None:
        """Wait until everything that was started has ended."""
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[[], None]) -> None:
        with self._one_at_a_time:
            work()


def init_app(app: Flask) -> None:
    """Give the app its background."""
    app.extensions[EXTENSION] = Background()


def background() -> Background:
    """Return the background of this app."""
    return cast(Background, current_app.extensions[EXTENSION])

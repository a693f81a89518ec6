"""Run the console for a test: a runtime with a landlord in force, a visitor without JavaScript, a live server."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from outreach.config import Settings
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime, make_runtime
from outreach.services.policy import install_shipped, save_settings
from outreach.services.text_approval import approve_languages
from tests.support.builders import NOW, PASSWORD, Builder, english


class MovableClock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def console_runtime(folder: Path, clock: MovableClock | None = None, url: str | None = None) -> Runtime:
    """Make a sandbox runtime on an empty database in a folder, or on the one at `url`."""
    settings = Settings(
        data_dir=folder, database_url=url or f"sqlite:///{folder / 'console.sqlite3'}", secret_key="test" * 8
    )
    return make_runtime(settings, clock=clock or MovableClock())


def install(runtime: Runtime, builder: Builder) -> None:
    """Put the shipped ladders, texts and law and plain settings in force for the builder's landlord."""
    settings = LandlordSettings(
        sender_name="Wonen Voorbeeld",
        sender_phone="010 123 45 67",
        sender_email="wonen@example.nl",
        contact_name="Anna Visser",
    )
    install_shipped(builder.session, builder.landlord.id, runtime.catalogue, builder.now)
    approve_languages(
        builder.session, builder.landlord.id, english(runtime.catalogue), reason="sample", now=builder.now
    )
    save_settings(builder.session, builder.landlord.id, settings, builder.now)


class Visitor:
    """A browser without JavaScript that fills in forms with their CSRF token."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self._token = ""

    def sign_in(self, username: str = "anna", password: str = PASSWORD) -> TestResponse:
        """Sign in and return the answer."""
        self.get("/inloggen")
        answer = self.post("/inloggen", username=username, password=password)
        self.get("/menu")
        return answer

    def get(self, address: str) -> str:
        """Open a page and return its text."""
        answer = self.client.get(address)
        page: str = answer.get_data(as_text=True)
        if found := re.search(r'name="csrf_token" value="([^"]+)"', page):
            self._token = found.group(1)
        return page

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(address, data={"csrf_token": self._token, **fields})


@contextmanager
def live(app: Flask) -> Iterator[str]:
    """Serve an app on a free port of this machine; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

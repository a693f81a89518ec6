"""Signing in: right and wrong passwords, the lock, roles, headers, CSRF and safe redirects."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outreach.config import Settings
from outreach.runtime import Runtime, make_runtime
from outreach.web.app import create_app
from outreach.web.security import safe_target
from tests.support.builders import NOW, PASSWORD, Builder

pytestmark = pytest.mark.integration


class MovableClock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> MovableClock:
    """Return a clock that stands still."""
    return MovableClock(NOW)


@pytest.fixture
def runtime(tmp_path: Path, clock: MovableClock) -> Iterator[Runtime]:
    """Yield a runtime on an empty SQLite database with one landlord and one user."""
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'o.sqlite3'}", secret_key="test" * 8)
    made = make_runtime(settings, clock=clock)
    with made.db.write() as session:
        Builder(session).make_user()
    yield made
    made.db.dispose()


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """Return the console."""
    return create_app(runtime)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a browser without JavaScript."""
    return app.test_client()


def enter(client: FlaskClient, password: str, **extra: str) -> tuple[int, str]:
    """Fill in the login form; return the status and where it led."""
    page = client.get("/inloggen").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    token = found.group(1) if found else ""
    answer = client.post("/inloggen", data={"username": "anna", "password": password, "csrf_token": token, **extra})
    return answer.status_code, answer.headers.get("Location", "")


def test_the_right_password_opens_today(client: FlaskClient) -> None:
    assert enter(client, PASSWORD) == (302, "/")
    assert "Vandaag" in client.get("/vandaag").get_data(as_text=True)


def test_a_wrong_password_is_told_beside_the_form(client: FlaskClient) -> None:
    assert enter(client, "fout")[0] == 422
    assert client.get("/vandaag").status_code == 302


def test_ten_failures_lock_the_account_for_a_quarter(client: FlaskClient, clock: MovableClock) -> None:
    for _ in range(10):
        enter(client, "fout")
    assert enter(client, PASSWORD)[0] == 422
    clock.now += timedelta(minutes=15)
    assert enter(client, PASSWORD)[0] == 302


def test_every_page_asks_for_a_login_and_comes_back(client: FlaskClient) -> None:
    assert client.get("/vandaag?kind=call").headers["Location"] == "/inloggen?next=/vandaag?kind%3Dcall"
    assert enter(client, PASSWORD, next="/vandaag?kind=call") == (302, "/vandaag?kind=call")


def test_a_form_without_token_is_refused(client: FlaskClient) -> None:
    answer = client.post("/inloggen", data={"username": "anna", "password": PASSWORD})
    assert answer.status_code == 400
    assert "te lang open" in answer.get_data(as_text=True)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "", None])
def test_a_redirect_never_leads_elsewhere(target: str | None) -> None:
    assert safe_target(target) is None


def test_every_answer_has_the_strict_policy(client: FlaskClient) -> None:
    policy = client.get("/inloggen").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_session_cookie_is_closed_to_scripts(client: FlaskClient) -> None:
    cookie = client.get("/inloggen").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_switch_turns_the_page_to_english(client: FlaskClient) -> None:
    client.set_cookie("taal", "en")
    assert "Sign in" in client.get("/inloggen").get_data(as_text=True)


def test_health_is_public(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}

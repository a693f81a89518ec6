"""Give a test an empty database of its own, on each engine that we support."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import PostgresServer, render_url

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'outreach.sqlite3'}"


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a fresh, empty PostgreSQL database; it is dropped after the test."""
    if os.environ.get("OUTREACH_SKIP_POSTGRES") == "1":
        pytest.skip("OUTREACH_SKIP_POSTGRES=1")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.create_database()
    yield render_url(url)
    server.drop_database(url)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh, empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url

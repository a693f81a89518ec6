"""Give a test an empty database of its own, on each engine that we support."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from outreach.db.engine import make_engine
from outreach.db.migrate import upgrade
from tests.support.postgres import PostgresServer, render_url

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'outreach.sqlite3'}"


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a fresh, empty PostgreSQL database; it is dropped after the test."""
    server = _server(request)
    url = server.create_database()
    yield render_url(url)
    server.drop_database(url)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh, empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the newest schema and no rows, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(request: pytest.FixtureRequest) -> URL:
    """Return a PostgreSQL database with the newest schema and no rows, to be the template of others."""
    url = _server(request).create_database()
    _migrate(render_url(url))
    return url


@pytest.fixture
def migrated_sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the URL of a fresh SQLite database with the newest schema."""
    path = shutil.copyfile(sqlite_template, tmp_path / "migrated.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_postgresql_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of a fresh PostgreSQL database with the newest schema; it is dropped after the test."""
    server = _server(request)
    template: URL = request.getfixturevalue("postgresql_template")
    url = server.create_database(template=template.database or "")
    yield render_url(url)
    server.drop_database(url)


@pytest.fixture(params=ENGINES)
def migrated_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a fresh database with the newest schema, once on SQLite and once on PostgreSQL.

    It is a copy of one that was migrated once, so it costs a few milliseconds instead of a migration.
    """
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url


def _server(request: pytest.FixtureRequest) -> PostgresServer:
    if os.environ.get("OUTREACH_SKIP_POSTGRES") == "1":
        pytest.skip("OUTREACH_SKIP_POSTGRES=1")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()

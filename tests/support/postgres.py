"""Run a private PostgreSQL cluster for the tests.

The server listens on a Unix socket in its own temporary directory and runs as an unprivileged user, also when the
tests run as root. `OUTREACH_TEST_DATABASE_URL` names a server to use instead; its user must be allowed to create
databases.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
APT_LINE = "apt-get install --no-install-recommends postgresql"
MISSING_SERVER = (
    f"PostgreSQL's initdb was not found on PATH nor under {DEBIAN_BINARIES}. Install it with: {APT_LINE}\n"
    "Or name a server in OUTREACH_TEST_DATABASE_URL, or set OUTREACH_SKIP_POSTGRES=1 to test on SQLite alone."
)
START_SECONDS = 30
# A test cluster is thrown away, so it need not survive a power cut.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "timezone": "UTC",
}


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A running server on which databases can be made and dropped."""

    url: URL

    def create_database(self, *, template: str = "template0") -> URL:
        """Create a database from a template and return its URL."""
        name = f"outreach_{uuid.uuid4().hex[:12]}"
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.url.set(database=name)

    def drop_database(self, url: URL) -> None:
        """Drop a database and the connections to it that a test left open."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(url.database or "")))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(connection_string(self.url), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Yield the one server of this test process: the named one, or a cluster of our own."""
    named = os.environ.get("OUTREACH_TEST_DATABASE_URL")
    if named:
        yield PostgresServer(url=make_url(named).set(drivername="postgresql+psycopg"))
        return
    if os.environ.get("OUTREACH_SKIP_POSTGRES") == "1":
        pytest.skip("OUTREACH_SKIP_POSTGRES=1")
    binaries = find_binaries()
    if binaries is None:
        pytest.fail(MISSING_SERVER, pytrace=False)
    with running_cluster(binaries) as url:
        yield PostgresServer(url=url)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """Return the URL of the server's maintenance database."""
    return render_url(postgres_server.url)


def find_binaries() -> Path | None:
    """Find the newest directory that holds initdb and postgres; Debian keeps them off PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(DEBIAN_BINARIES.glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    return versions[-1].parent if versions else None


@contextmanager
def running_cluster(binaries: Path) -> Iterator[URL]:
    """Make a cluster in a temporary directory, run it, and remove it afterwards."""
    owner = unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="outreach-pg-"))
    if owner is not None:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    try:
        _initialise(binaries, home, owner)
        with _serving(binaries, home, owner):
            yield URL.create("postgresql+psycopg", username="outreach", database="postgres", query={"host": str(home)})
    finally:
        shutil.rmtree(home, ignore_errors=True)


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return the user to run the server as, or None when we are not root ourselves; PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def connection_string(url: URL) -> str:
    """Return the URL as psycopg wants it, without SQLAlchemy's driver name."""
    return render_url(url.set(drivername="postgresql"))


def render_url(url: URL) -> str:
    """Return the URL as text, password included."""
    return url.render_as_string(hide_password=False)


def _initialise(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> None:
    command: list[str | Path] = [
        binaries / "initdb",
        "--pgdata",
        home / "data",
        "--username",
        "outreach",
        "--auth",
        "trust",
    ]
    command += ["--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"]
    uid, gid = _identity(owner)
    done = subprocess.run(
        command, user=uid, group=gid, extra_groups=_groups(owner), cwd=home, capture_output=True, text=True
    )
    if done.returncode:
        pytest.fail(f"initdb failed:\n{done.stdout}{done.stderr}", pytrace=False)


@contextmanager
def _serving(binaries: Path, home: Path, owner: pwd.struct_passwd | None) -> Iterator[None]:
    command: list[str | Path] = [binaries / "postgres", "-D", home / "data", "-k", home]
    for name, value in FAST_SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    uid, gid = _identity(owner)
    log = home / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            user=uid,
            group=gid,
            extra_groups=_groups(owner),
            cwd=home,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        ) as server,
    ):
        try:
            _wait_until_ready(server, home, log)
            yield
        finally:
            server.send_signal(signal.SIGINT)  # "fast" shutdown: sessions are ended, nothing is waited for
            server.wait(timeout=START_SECONDS)


def _wait_until_ready(server: subprocess.Popen[bytes], home: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(home), user="outreach", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}", pytrace=False)


def _identity(owner: pwd.struct_passwd | None) -> tuple[int | None, int | None]:
    return (None, None) if owner is None else (owner.pw_uid, owner.pw_gid)


def _groups(owner: pwd.struct_passwd | None) -> list[int] | None:
    return None if owner is None else []

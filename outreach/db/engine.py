"""Open the database: SQLite (WAL) embedded, or PostgreSQL; short write transactions, shared read ones."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

READ = {"read_only": True}
QUEUE_SCHEMA = "queue"
"""The schema of PostgreSQL in which the job queue lives: beside our tables, out of their migrations."""


def make_engine(url: str) -> Engine:
    """Make an engine for an SQLAlchemy URL; SQLite gets WAL, foreign keys and real transactions."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    known = {} if "options" in parsed.query else {"options": f"-c search_path=public,{QUEUE_SCHEMA}"}
    return create_engine(parsed, connect_args=known, pool_pre_ping=True, pool_size=8, max_overflow=8)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class Database:
    """The database as the services see it: a write transaction or a read one, never nested."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._turn: AbstractContextManager[Any] = nullcontext() if self.is_postgresql else Lock()

    @property
    def is_postgresql(self) -> bool:
        """Whether rows can be locked one by one."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Give a session in one write transaction: committed at the end, rolled back on any error.

        SQLite has one writer: threads of this process wait in a row, which is quicker than its own trying again.
        """
        with self._turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; what it changes is never committed."""
        with (
            self.engine.connect().execution_options(**READ) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open the database at an SQLAlchemy URL."""
    return Database(make_engine(url))

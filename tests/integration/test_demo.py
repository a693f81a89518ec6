"""The demo ends the same: twice, on both databases, and when it is killed and goes on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from outreach.config import Settings
from outreach.db.tables import LandlordRow
from outreach.runtime import make_runtime
from outreach.sample.demo import DemoError, DemoPlan, check, play, result

pytestmark = pytest.mark.integration
PLAN = DemoPlan(days=20, until=date(2026, 9, 30), tenancies=150, seed=7)
COMMAND = "import sys; from outreach.cli.main import main; sys.exit(main())"
KILLS = 4


@contextmanager
def quietly(days: list[date]) -> Iterator[list[date]]:
    yield days


def settings(tmp_path: Path, url: str) -> Settings:
    return Settings(data_dir=tmp_path, database_url=url, secret_key="test")


def played(tmp_path: Path, url: str, plan: DemoPlan = PLAN) -> dict[str, Any]:
    demo = play(settings(tmp_path, url), plan, quietly)
    try:
        return result(demo, check(demo))
    finally:
        demo.runtime.db.dispose()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Play the plan once, on SQLite."""
    folder = tmp_path_factory.mktemp("undisturbed")
    return played(folder, f"sqlite:///{folder / 'demo.sqlite3'}")


def test_a_demo_breaks_no_promise(undisturbed: dict[str, Any]) -> None:
    for kind, found in {**undisturbed["violations"], **undisturbed["integrity"]}.items():
        assert found["count"] == 0, (kind, found["examples"])
    assert all(found["checked"] > 0 for found in undisturbed["violations"].values())


def test_a_demo_reaches_tenants_and_makes_plans(undisturbed: dict[str, Any]) -> None:
    assert undisturbed["cases"] > 10
    assert {"sms", "letter", "robocall", "email"} <= set(undisturbed["attempts"])
    assert undisturbed["reached"] > 0
    assert undisturbed["plans"] > 0
    assert undisturbed["paid"] > 0


def test_the_same_seed_gives_the_same_digest_on_each_database(
    tmp_path: Path, database_url: str, undisturbed: dict[str, Any]
) -> None:
    assert played(tmp_path, database_url)["digest"] == undisturbed["digest"]


def test_a_killed_demo_goes_on_to_the_same_end(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    chance = random.Random(2)
    for _ in range(KILLS):
        process = start(tmp_path)
        time.sleep(chance.uniform(2.0, 5.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    process = start(tmp_path)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    found = json.loads(out)
    assert {kind: each["count"] for kind, each in found["violations"].items() if each["count"]} == {}
    assert found["digest"] == undisturbed["digest"]


def start(folder: Path) -> "subprocess.Popen[str]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith("OUTREACH_")}
    options = ["--no-serve", "--json", "--days", str(PLAN.days), "--tenancies", str(PLAN.tenancies)]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "demo", *options, "--until", PLAN.until.isoformat()],
        env={**environment, "OUTREACH_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_demo_goes_on_where_it_was(tmp_path: Path, sqlite_url: str) -> None:
    short = DemoPlan(days=3, until=date(2026, 9, 9), tenancies=40, seed=7)
    longer = DemoPlan(days=1, until=date(2026, 9, 10), tenancies=999, seed=8)
    assert played(tmp_path, sqlite_url, short)["played"] == 3
    found = played(tmp_path, sqlite_url, longer)
    assert (found["played"], found["days"], found["tenancies"], found["seed"]) == (1, 4, 40, 7)


def test_a_real_landlord_is_never_played_with(tmp_path: Path, sqlite_url: str) -> None:
    runtime = make_runtime(settings(tmp_path, sqlite_url))
    with runtime.db.write() as session:
        session.add(LandlordRow(slug="echt", name="Echte Woningstichting", created_at=runtime.clock()))
    runtime.db.dispose()
    with pytest.raises(DemoError, match="Echte Woningstichting"):
        play(settings(tmp_path, sqlite_url), PLAN, quietly)
    runtime = make_runtime(settings(tmp_path, sqlite_url))
    with runtime.db.read() as session:
        assert len(list(session.scalars(select(LandlordRow.id)))) == 1
    runtime.db.dispose()

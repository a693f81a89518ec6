"""The command line as its users meet it: clear errors, JSON, and a day that can be run twice."""

import gc
import io
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from outreach.cli.ladder_commands import schema_text
from outreach.cli.main import main
from schedules.loader import preset_text
from schedules.route import route_text
from tests.support.worlds import FIRST_DAY, World, building


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with three tenants who are due for a first reminder."""
    with building(migrated_url, tmp_path) as build:
        made = build()
        for _ in range(3):
            made.owe(made.home())
        made.deliver(FIRST_DAY)
        yield made


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


def outreach(url: str, data_dir: Path, *arguments: str) -> Ended:
    """Run the program as its entry point does, in this process: starting Python anew each time costs minutes."""
    printed, complained = io.StringIO(), io.StringIO()
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(complained):
        patch.setenv("OUTREACH_DATABASE_URL", url)
        patch.setenv("OUTREACH_DATA_DIR", str(data_dir))
        patch.setattr(sys, "argv", ["outreach", *arguments])
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    return Ended(
        returncode=code if isinstance(code, int) else int(code is not None),
        stdout=printed.getvalue(),
        stderr=complained.getvalue(),
    )


def url_of(world: World) -> str:
    return world.runtime.db.engine.url.render_as_string(hide_password=False)


def test_a_day_run_twice_does_nothing_twice(world: World, tmp_path: Path) -> None:
    asked = ("run-day", "--date", FIRST_DAY.isoformat(), "--json")
    first, second = (outreach(url_of(world), tmp_path, *asked) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert json.loads(first.stdout)["done"]["sent_sms"] >= 3
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert len(world.provider_keys()) == len(set(world.provider_keys())) >= 3


def test_an_empty_database_says_what_to_do(migrated_sqlite_url: str, tmp_path: Path) -> None:
    ended = outreach(migrated_sqlite_url, tmp_path, "run-day")
    assert ended.returncode == 1
    assert "outreach landlord create" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("url", ["nonsense", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"])
def test_a_database_that_cannot_be_opened_is_one_clear_text(url: str, tmp_path: Path) -> None:
    ended = outreach(url, tmp_path, "db", "upgrade")
    assert ended.returncode == 1
    assert "OUTREACH_DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_differences_of_the_schema_are_one_line_each(migrated_sqlite_url: str, tmp_path: Path) -> None:
    assert outreach(migrated_sqlite_url, tmp_path, "db", "check").stdout == "Het schema klopt.\n"
    engine = create_engine(migrated_sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE extra (id INTEGER PRIMARY KEY)"))
        connection.execute(text("ALTER TABLE attempt ADD COLUMN mood TEXT"))
        connection.execute(text("DROP TABLE day_run"))
    engine.dispose()
    ended = outreach(migrated_sqlite_url, tmp_path, "db", "check")
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert "Te veel in de database: tabel extra" in lines
    assert "Te veel in de database: kolom attempt.mood" in lines
    assert "Ontbreekt in de database: tabel day_run" in lines
    assert not any("(" in line for line in lines)


def test_a_ladder_check_asks_about_one_word_and_lists_many(tmp_path: Path) -> None:
    file = tmp_path / "eigen.yaml"
    shipped = preset_text("standaard")
    file.write_text(shipped.replace("channels: [", "chanels: [", 1).replace("kind: message", "kind: zzzz", 1), "utf-8")
    ended = outreach("sqlite://", tmp_path, "ladder", "check", str(file))
    assert ended.returncode == 1
    assert "Bedoelt u 'channels'?" in ended.stdout
    assert "did you mean" not in ended.stdout
    assert "(known are: " in ended.stdout
    assert "Bedoelt u 'known" not in ended.stdout


def test_ladder_list_names_every_kind_with_its_system_and_source(tmp_path: Path) -> None:
    rows = json.loads(outreach("sqlite://", tmp_path, "ladder", "list", "--json").stdout)
    by_name = {row["name"]: row for row in rows}
    assert {row["kind"] for row in rows} == {"ladder", "route", "trajectory"}
    assert all(row["system"] and row["source"] and row["lines"] and row["valid_from"] for row in rows)
    assert by_name["woonin"]["variants"][0] == "woonin"
    assert by_name["rotterdam_flexibel_wonen"]["valid_to"] == "2012-12-31"
    assert by_name["amsterdam_vroeg_eropaf_eropaf"]["system"] == "amsterdam_vroeg_eropaf"


def test_ladder_check_and_show_know_routes_and_trajectories(tmp_path: Path) -> None:
    shown = outreach("sqlite://", tmp_path, "ladder", "show", "tilburg_tweede_kans")
    file = tmp_path / "eigen.yaml"
    file.write_text(shown.stdout, "utf-8")
    good = json.loads(outreach("sqlite://", tmp_path, "ladder", "check", str(file), "--json").stdout)
    assert (good["kind"], good["ok"]) == ("trajectory", True)
    file.write_text(shown.stdout.replace("decided_by: judge", "decided_by: juge"), "utf-8")
    bad = outreach("sqlite://", tmp_path, "ladder", "check", str(file))
    assert bad.returncode == 1 and "Bedoelt u 'judge'?" in bad.stdout


@pytest.mark.parametrize("kind", ["ladder", "route", "trajectory"])
def test_the_published_schemas_are_those_of_the_code(kind: str) -> None:
    published = Path(__file__).parents[2] / "docs" / "schemas" / f"{kind}.json"
    assert published.read_text("utf-8") == schema_text(kind)


WRONG_FILES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("ladder", "check", "bytes.yaml"), "UTF-8"),
    (("ladder", "prove", "bytes.yaml"), "UTF-8"),
    (("ladder", "prove", "route.yaml"), "is een route"),
    (("simulate", "route.yaml"), "is een route"),
    (("simulate", "standaard", "--behaviour", "bytes.yaml"), "UTF-8"),
    (("simulate", "standaard", "--tenancies", "50", "--months", "1", "--out", "bytes.yaml/rapport"), "rapport"),
    (("bench", "prove", "bestaat_niet"), "Kies uit: "),
    (("bench", "simulate", "--ladder", "bestaat_niet"), "Kies uit: "),
    (("ladder", "prove", "standaard", "--all"), "niet allebei"),
)


@pytest.mark.parametrize(("arguments", "said"), WRONG_FILES)
def test_a_file_that_is_none_or_a_name_that_is_not_there_is_one_clear_text(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "bytes.yaml").write_bytes(b"\x00\xff\xfe")
    (tmp_path / "route.yaml").write_text(route_text("deurwaarder"), "utf-8")
    placed = [str(tmp_path / each) if ".yaml" in each else each for each in arguments]
    ended = outreach("sqlite://", tmp_path, *placed)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr

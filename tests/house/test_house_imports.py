"""The code keeps to the layers, reads the clock in one place, and stays readable."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from importlinter.cli import lint_imports_command

pytestmark = pytest.mark.house
ROOT = Path(__file__).parents[2]
PACKAGES = ("outreach", "messages", "channels", "schedules")
KEPT = (*PACKAGES, "tests", "docs", "frontend", ".ci")
LONGEST_MODULE = 350
GENERATED = "outreach/db/migrations/versions/"
CLOCK = "outreach/clock.py"
CLOCK_READS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("func", "now"),
    ("func", "current_timestamp"),
    ("func", "current_date"),
}
VAGUE_NAMES = {"utils", "util", "helpers", "common", "misc"}
MACHINE_PATH = re.compile(r"(?<![\w.:>})-])/(?:work|root|home/\w+)/")
REGISTRY = re.compile(r"registry\.(?:npmjs|yarnpkg)\.|files\.pythonhosted\.|pypi\.org/simple")


def test_imports_keep_to_the_contracts() -> None:
    result = CliRunner().invoke(
        lint_imports_command, ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"]
    )
    assert result.exit_code == 0, result.output


def test_only_the_clock_module_reads_a_clock() -> None:
    found = [f"{name}:{line}" for name, source in _modules() if name != CLOCK for line in clock_reads(source)]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime as dt\nx = dt.datetime.now(dt.UTC)",
        "from datetime import date\nx = date.today()",
        "from time import time\nx = time()",
        "from sqlalchemy import func\nx = func.now()",
        "from datetime import datetime\nfactory = datetime.now",
    ],
)
def test_a_clock_read_is_found(source: str) -> None:
    assert clock_reads(source)


def test_measuring_a_duration_is_no_clock_read() -> None:
    assert not clock_reads("import time\nx = time.monotonic()\ny = time.perf_counter()")


def test_the_current_app_stays_in_web_and_cli() -> None:
    above = ("outreach/web/", "outreach/cli/")
    found = [name for name, source in _modules() if "current_app" in source and not name.startswith(above)]
    assert found == []


def test_modules_are_short_and_named_for_what_they_hold() -> None:
    modules = list(_modules())
    written = [(name, source) for name, source in modules if not name.startswith(GENERATED)]
    too_long = [name for name, source in written if source.count("\n") > LONGEST_MODULE]
    vague = [name for name, _ in modules if VAGUE_NAMES & set(Path(name).with_suffix("").parts)]
    assert (too_long, vague) == ([], [])


def test_the_repository_names_no_machine_and_no_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in _texts()
        for match in (*MACHINE_PATH.finditer(text), *REGISTRY.finditer(text))
    ]
    assert found == []


def test_a_machine_path_is_found_and_a_relative_one_is_not() -> None:
    assert MACHINE_PATH.search("open('" + "/".join(["", "work", "shared"]) + "/data')")
    assert not MACHINE_PATH.search("../work/x, https://example.nl/work/x")


def clock_reads(source: str) -> list[int]:
    """List the lines of a module that read a clock or take hold of a function that does."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and (_last_name(node.value), node.attr) in CLOCK_READS:
            lines.append(node.lineno)
        if isinstance(node, ast.ImportFrom):
            lines += [node.lineno for alias in node.names if (node.module, alias.name) in CLOCK_READS]
    return lines


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case _:
            return ""


def _modules() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def _texts() -> Iterator[tuple[Path, str]]:
    """Yield every text file that we keep; third-party and generated files are left out."""
    paths = [path for folder in KEPT for path in (ROOT / folder).rglob("*")]
    paths += [path for path in ROOT.iterdir() if path.name != ".git"]
    left_out = {"vendor", "__pycache__", "node_modules"}
    for path in paths:
        if path.is_file() and not left_out & set(path.parts):
            try:
                yield path, path.read_text()
            except UnicodeDecodeError:
                continue

"""The built wheel, not only the checkout, has everything that the product reads, and works by itself."""

import json
import os
import subprocess
import sys
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

pytestmark = pytest.mark.house
ROOT = Path(__file__).parents[2]
PACKAGES = ("outreach", "messages", "channels", "schedules")
KINDS = {".py", ".yaml", ".html", ".css", ".js", ".woff2"}
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
WORKS_ALONE = """
import channels.registry, outreach
from importlib.resources import files
from messages.catalogue import load_catalogue
from outreach.db.engine import make_engine
from outreach.db.migrate import differences, upgrade
from outreach.installation import check_installation
from schedules.loader import load_preset, preset_names

check_installation()
assert load_catalogue()
assert [load_preset(name) for name in preset_names()]
assert (files("outreach") / "web/static/vendor/utrecht-components.css").is_file()
engine = make_engine("sqlite://")
upgrade(engine)
assert differences(engine) == []
engine.dispose()
print(outreach.__file__)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once, with the build tool of this environment."""
    into = tmp_path_factory.mktemp("wheel")
    _run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(into), str(ROOT)])
    (built,) = into.glob("*.whl")
    return built


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    kept = {path.relative_to(ROOT).as_posix() for package in PACKAGES for path in _kept_files(ROOT / package)}
    assert {Path(name).suffix for name in kept} >= KINDS
    assert any(name.startswith("outreach/db/migrations/versions/") for name in inside)
    assert kept - inside == set()


def test_the_wheel_holds_nothing_but_the_product(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_cannot_be_uploaded_by_accident_and_names_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        (name,) = [name for name in content.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = message_from_string(content.read(name).decode())
        licence = content.read(f"{Path(name).parent}/licenses/LICENSE").decode()
    assert "Private :: Do Not Upload" in metadata.get_all("Classifier", [])
    assert metadata["License-Expression"] == "EUPL-1.2"
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in licence


def test_the_wheel_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    _run([*PIP, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)])
    environment = {**os.environ, "PYTHONPATH": str(site)}
    found = _run([sys.executable, "-W", "error", "-c", WORKS_ALONE], cwd=tmp_path, env=environment)
    assert Path(found.strip()).is_relative_to(site)


@pytest.mark.parametrize("lock", ["tests/tools/package-lock.json", "frontend/package.json", "constraints.txt"])
def test_lock_files_hold_no_registry_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert '"resolved"' not in text
    assert "--index-url" not in text
    assert " @ " not in text


def test_front_end_versions_are_exact_and_their_contents_are_pinned() -> None:
    pins = json.loads((ROOT / "frontend" / "package.json").read_text())
    assert pins["dependencies"].keys() == pins["vendor"].keys()
    assert all(version[0].isdigit() for version in pins["dependencies"].values())
    assert all(package["integrity"].startswith("sha512-") for package in pins["vendor"].values())


def _kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _run(command: list[str], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return done.stdout

"""The start-up check finds another project's package in the place of ours."""

import shutil
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest

from outreach.installation import (
    PACKAGES,
    InstallationError,
    check_contents,
    check_installation,
    check_packages,
    checksum,
)

pytestmark = pytest.mark.house
ROOT = Path(__file__).parents[2]


def test_this_installation_is_ours() -> None:
    check_installation()


def test_a_package_found_elsewhere_is_named(tmp_path: Path) -> None:
    ours, foreign = tmp_path / "ours", tmp_path / "foreign"
    for name in PACKAGES:
        _package(ours / name)
    _package(foreign / "channels")
    check_packages(ours, [str(ours), str(foreign)])
    with pytest.raises(InstallationError, match=r"'channels' komt niet uit outreach-incasso maar uit .*foreign"):
        check_packages(ours, [str(foreign), str(ours)])


def test_a_package_that_is_gone_is_named(tmp_path: Path) -> None:
    for name in PACKAGES[:-1]:
        _package(tmp_path / name)
    with pytest.raises(InstallationError, match="'schedules'"):
        check_packages(tmp_path, [str(tmp_path)])


def test_a_package_that_was_overwritten_is_named(tmp_path: Path) -> None:
    installed = _installed(tmp_path)
    check_contents(installed)
    (tmp_path / "messages" / "__init__.py").write_text("# of another project\n")
    with pytest.raises(InstallationError, match="'messages'") as raised:
        check_contents(installed)
    assert "virtual environment" in raised.value.text("en")


def _package(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "__init__.py").write_text('"""A package."""\n')


def _installed(site: Path) -> Distribution:
    """Lay out the packages as pip does, with their checksums noted."""
    record = site / "outreach_incasso-0.1.0.dist-info" / "RECORD"
    record.parent.mkdir()
    lines = []
    for name in PACKAGES:
        shutil.copytree(ROOT / name, site / name, ignore=lambda folder, names: [n for n in names if n != "__init__.py"])
        lines.append(f"{name}/__init__.py,sha256={checksum(site / name / '__init__.py')},")
    record.write_text("\n".join(lines) + "\n")
    return PathDistribution(record.parent)

"""Check at start that our four packages are really ours.

PyPI has other projects with a package named `channels`, `messages` or `schedules`. Installed beside ours, such a
project hides or overwrites it, and the product would fail much later with a riddle.
"""

import base64
import hashlib
from importlib.machinery import PathFinder
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from outreach.errors import OutreachError

DISTRIBUTION = "outreach-incasso"
PACKAGES = ("outreach", "messages", "channels", "schedules")


class InstallationError(OutreachError):
    """A package of this product is missing, or another project took its place."""


def check_installation() -> None:
    """Raise InstallationError naming the first package that does not come from this distribution."""
    check_packages(Path(__file__).parent.parent)
    check_contents(_installed())


def check_packages(home: Path, search_path: list[str] | None = None) -> None:
    """Check that every package is found in the directory `home`; `search_path` stands in for `sys.path`."""
    for name in PACKAGES:
        spec = PathFinder.find_spec(name, search_path)
        if spec is None or spec.origin is None or Path(spec.origin).parent.parent.resolve() != home.resolve():
            raise _foreign(name, spec.origin if spec and spec.origin else "-")


def check_contents(installed: Distribution | None) -> None:
    """Check the packages' first files against the checksums noted at installation.

    An editable installation notes none, and for a checkout that is not installed `installed` is None.
    """
    for file in (installed.files or []) if installed else []:
        ours = file.name == "__init__.py" and file.parent.as_posix() in PACKAGES
        if ours and file.hash and checksum(Path(str(file.locate()))) != file.hash.value:
            raise _foreign(file.parent.as_posix(), str(file.locate()))


def checksum(path: Path) -> str:
    """Return a file's SHA-256 as a wheel's RECORD writes it; a missing file counts as empty."""
    content = path.read_bytes() if path.is_file() else b""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _installed() -> Distribution | None:
    try:
        return distribution(DISTRIBUTION)
    except PackageNotFoundError:
        return None


def _foreign(name: str, origin: str) -> InstallationError:
    return InstallationError(
        f"Het pakket '{name}' komt niet uit {DISTRIBUTION} maar uit {origin}. Installeer {DISTRIBUTION} opnieuw, "
        "in een eigen virtuele omgeving zonder andere projecten.",
        f"The package '{name}' does not come from {DISTRIBUTION} but from {origin}. Install {DISTRIBUTION} again, "
        "in a virtual environment of its own without other projects.",
    )

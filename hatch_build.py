"""Build hook: a wheel carries the front-end files, also when it is built from a clean clone."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndHook(BuildHookInterface[Any]):
    """Fetch the pinned front-end files when they are absent."""

    def dependencies(self) -> list[str]:
        """Ask for Node from PyPI where the machine has none."""
        front_end = self._front_end()
        return [front_end.NODE_WHEEL] if front_end.needs_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files before hatchling collects them; a failure stops the build with what to do."""
        self.app.display_info(f"front-end: {self._front_end().build()}")

    def _front_end(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location("front_end", Path(self.root) / "frontend" / "build.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

"""Run a part of the tests that run on each database on SQLite alone, so that all tests take minutes."""

import os
import zlib
from pathlib import Path

import pytest

ALL = "OUTREACH_ALL_DATABASES"
ONE_IN = 6
"""Of the tests of these files one in six runs on PostgreSQL too; which, hangs on its name alone."""
SAMPLED = frozenset(
    {
        *("test_case_features", "test_ladder_moving", "test_ladder_versions", "test_services_actions"),
        *("test_services_evidence", "test_services_keypad", "test_services_ladder_drafts", "test_services_receipts"),
        *("test_services_referrals", "test_services_replies", "test_services_signal", "test_services_texts"),
    }
)
"""Files about what is decided, on plain queries. Loading, delivery, faults and audit run on both databases."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the rest of the tests on PostgreSQL out."""
    if os.environ.get(ALL) == "1":
        return
    left_out = [item for item in items if Path(item.path).stem in SAMPLED and _is_left_out(item.name)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def _is_left_out(name: str) -> bool:
    return "postgresql" in name and zlib.crc32(name.encode()) % ONE_IN != 0

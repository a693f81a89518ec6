"""The bench of sending runs on few messages, over real processes, and counts right; its figures are no test."""

from pathlib import Path

import pytest

from outreach.cli.bench_send import measure

pytestmark = pytest.mark.integration


def test_every_message_goes_full_cycle_once(tmp_path: Path) -> None:
    found = measure(tmp_path, 12, 1, 0.01, None)
    assert (found.messages, found.workers, found.database) == (12, 1, "sqlite")
    assert found.cycle_seconds >= found.accepted_seconds > 0
    assert 0 <= found.handed_over_p50 <= found.handed_over_p95
    assert found.bare_http_per_second > 0 and found.bare_rows_per_second > 0

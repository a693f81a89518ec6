"""The bench runs on few rows and counts right; its figures are no test."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli.bench_import import bench_import_command, measure, sample_lines

pytestmark = pytest.mark.integration


def test_the_bench_measures_every_way(tmp_path: Path) -> None:
    names = [each.name for each in measure(tmp_path, 40)]
    assert names == ["csv.DictReader", "check", "check and first load", "check and unchanged load"]


def test_the_bench_prints_json() -> None:
    result = CliRunner().invoke(bench_import_command, ["--rows", "20", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found["rows"] == 20
    assert found["measures"][0]["ratio"] == 1.0
    assert all(each["rows_per_second"] > 0 for each in found["measures"])


def test_the_sample_has_two_items_a_tenancy() -> None:
    assert len({line.split(";")[0] for line in sample_lines(10)}) == 5

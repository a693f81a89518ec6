"""The bench of the readability check: it counts right, and the figures it prints hold where the pairs are."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli.bench_readability import auc, bench_readability_command
from outreach.cli.reading_pairs import ENCYCLOPEDIA, MUNICIPAL, different_enough, municipal_chunks
from outreach.errors import OutreachError

SHARED = Path(__file__).parents[3] / "shared" / "data" / "readability"
HARD = "De gemeente {} heeft naar aanleiding van deze aanvraag een nader onderzoek laten verrichten."
EASY = "De gemeente {} zocht dit uit. Wij deden dat voor u."


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    rows = [[str(group), HARD.format(row), EASY.format(row)] for group in range(9) for row in range(11)]
    write(tmp_path / MUNICIPAL, [["Document ID", "Complex", "Simple"], *rows])
    write(tmp_path / ENCYCLOPEDIA, [["complex", "simple"], *([HARD.format(at), EASY.format(at)] for at in range(24))])
    return tmp_path


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def test_chunks_are_five_rows_of_one_document(pairs: Path) -> None:
    chunks = municipal_chunks(pairs)
    assert len(chunks) == 9 * 2 and len(municipal_chunks(pairs, least=1)) == 9 * 3
    assert chunks[0].easy == " ".join(EASY.format(row) for row in range(5))
    assert all(different_enough(chunk) for chunk in chunks)


def test_the_area_under_the_curve_counts_a_tie_for_half() -> None:
    assert auc([1, 2], [3, 4]) == 1
    assert auc([1, 2], [1, 2]) == 0.5
    assert auc([2, 2], [2, 1]) == 0.25


def test_the_bench_prints_json(pairs: Path) -> None:
    result = CliRunner().invoke(bench_readability_command, ["--data", str(pairs), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found["municipal"]["ours"] == {"auc": 1.0, "picked_of_100": 100.0}
    assert found["encyclopedia"]["pairs"] == 24 and found["stops_templates"]["stopped_sentences"] == 0


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(bench_readability_command, ["--data", str(tmp_path)])
    assert isinstance(result.exception, OutreachError) and MUNICIPAL in result.exception.text_nl


@pytest.mark.skipif(not SHARED.is_dir(), reason="the pairs (../shared/data/readability) are not part of the product")
def test_texts_that_were_not_fitted_on_are_told_apart() -> None:
    result = CliRunner().invoke(bench_readability_command, ["--data", str(SHARED), "--json"])
    found = json.loads(result.output)
    assert found["municipal"]["ours"]["auc"] >= 0.77 and found["municipal"]["ours"]["picked_of_100"] >= 93
    assert found["encyclopedia"]["ours"]["auc"] >= 0.97
    for kind in ("municipal", "encyclopedia"):
        for other in ("textstat_flesch_douma", "lix"):
            assert found[kind]["ours"]["auc"] > found[kind][other]["auc"]

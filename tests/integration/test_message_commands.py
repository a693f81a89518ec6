"""`outreach message`: one verdict, a verdict a line, what may be named at a stage, and clear refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.errors import OutreachError

pytestmark = pytest.mark.integration

KEYS = {"rule", "severity", "start", "end", "text", "advice", "source", "alternatives"}


def run(*args: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(cli, ["message", *args], input=text)


def verdicts(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_verdict_has_level_score_and_findings_with_their_place() -> None:
    text = "Derhalve sommeren wij u te betalen."
    result = run("check", "-", "--channel", "letter", "--json", text=text)
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and found["pass"] is False
    assert {"level", "score", "pass", "findings"} <= found.keys()
    assert all(each.keys() == KEYS for each in found["findings"])
    assert all(text[each["start"] : each["end"]] == each["text"] for each in found["findings"])


def test_lines_give_one_verdict_a_line_in_order_and_end_well() -> None:
    result = run("check", "-", "--lines", "--json", text="Wilt u mij bellen?\n\nU MOET bellen!\r\nDag\u2028dag\n")
    found = verdicts(result)
    assert result.exit_code == 0 and len(found) == 4
    assert [each["pass"] for each in found] == [True, True, False, True]


@pytest.mark.parametrize(
    ("stage", "passes"),
    [("sociaal_incasso:na_vonnis", True), ("sociaal_incasso:brief", False), ("standaard:contact", False), ("", False)],
)
def test_a_stage_says_what_may_be_named(stage: str, passes: bool) -> None:
    asked = ["--stage", stage] if stage else []
    result = run("check", "-", "--channel", "letter", *asked, text="De rechter heeft een besluit genomen.")
    assert (result.exit_code == 0) is passes


@pytest.mark.parametrize(
    ("args", "text", "why"),
    [
        (["-", "--stage", "onzin"], "Dag", "heeft geen fase of stap onzin. Fasen: reminder"),
        (["-", "--ladder", "onzin", "--stage", "x"], "Dag", "Er is geen ladder onzin"),
        (["nergens.txt"], "", "kan niet gelezen worden"),
        (["-"], b"caf\xe9", "is geen UTF-8"),
        (["-"], "Dag\x00", "nulbytes"),
        (["-"], " \n", "De tekst is leeg"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(args: list[str], text: str | bytes, why: str) -> None:
    result = run("check", *args, text=text)
    assert isinstance(result.exception, OutreachError)
    assert why in result.exception.text("nl")
    assert result.exception.exit_code == 2


def test_a_purpose_asks_what_a_message_needs(tmp_path: Path) -> None:
    file = tmp_path / "bericht.txt"
    file.write_text("Wilt u de huur betalen?", "utf-8")
    without = json.loads(run("check", str(file), "--channel", "letter", "--json").stdout)
    asked = json.loads(run("check", str(file), "--channel", "letter", "--purpose", "collection", "--json").stdout)
    assert without["pass"] and not asked["pass"]
    assert {"missing_amount", "missing_person", "missing_help"} <= {each["rule"] for each in asked["findings"]}


def test_texts_and_rules_that_ship_are_listed_and_shown() -> None:
    texts = {each["name"]: each for each in json.loads(run("list", "--json").stdout)}
    assert set(texts["reminder"]["languages"]) == {"nl", "nl-je", "en", "tr", "ar", "pl", "uk"}
    shown = json.loads(run("show", "reminder", "--channel", "sms", "--json").stdout)
    assert shown["segments"] <= 2 and "{" not in shown["text"]
    rules = json.loads(run("rules", "--json").stdout)
    assert all(each["source"] for each in rules)
    assert not any(each["overridable"] for each in rules if each["group"] in ("privacy", "law", "stage"))
    assert "Er is geen tekst onzin" in str(run("show", "onzin", "--channel", "sms").exception)

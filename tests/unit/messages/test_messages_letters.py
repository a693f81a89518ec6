"""Hard collection texts as they go round are stopped by the rules that they break; kind ones pass."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from messages.checks import Verdict, check
from messages.examined import LetterFacts

FOLDER = Path(__file__).parent / "letters"


def letters(name: str) -> list[Any]:
    found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(each, id=each["name"]) for each in found]


def judged(letter: dict[str, Any]) -> Verdict:
    costs = letter.get("costs_cents")
    return check(
        letter["text"],
        channel=letter["channel"],
        purpose=letter.get("purpose", "collection"),
        allowed_measures=letter.get("allowed", ()),
        facts=None if costs is None else LetterFacts(costs_cents=costs),
        own_names=("Woningbedrijf Zuid", "Karin Bos", "El Amrani"),
    )


@pytest.mark.parametrize("letter", letters("hard"))
def test_a_hard_letter_is_stopped_by_the_rules_that_it_breaks(letter: dict[str, Any]) -> None:
    stopped = {item.rule for item in judged(letter).findings if item.severity == "stop"}

    assert set(letter["rules"]) <= stopped


@pytest.mark.parametrize("letter", letters("kind"))
def test_a_kind_letter_passes(letter: dict[str, Any]) -> None:
    assert [(item.rule, item.text) for item in judged(letter).findings if item.severity == "stop"] == []


@pytest.mark.parametrize(
    ("name", "missing"), [("Karin Bos", False), ("Jan de Vries", False), ("Woningbedrijf Zuid", True)]
)
def test_a_name_before_a_number_is_a_person_unless_it_is_an_organisation(name: str, missing: bool) -> None:
    verdict = check(f"Beste bewoner, wilt u bellen? {name}, 010 123 45 67", channel="card", purpose="collection")

    assert ("missing_person" in {item.rule for item in verdict.findings}) is missing

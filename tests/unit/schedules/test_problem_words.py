"""The faults of a ladder file in Dutch: the line, the place and what is wrong."""

import pytest

from schedules.errors import LadderError
from schedules.loader import parse_ladder, preset_text
from schedules.problem_words import problem_text

pytestmark = pytest.mark.unit

GOOD = preset_text("standaard")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("stage: contact\n", "stage: contakt\n", "er is geen fase 'contakt' - bedoelt u 'contact'?"),
        ("template: reminder\n", "tempate: reminder\n", "'tempate' is hier niet bekend - bedoelt u 'template'?"),
        ("kind: robocall", "kind: robot", "'robot' is hier niet bekend"),
        ("days_after_due: 5", "days_after_due: -5", "-5 is minder dan 0"),
        ("valid_from: 2026-11-01", "valid_from: 2026-02-31", "deze dag bestaat niet"),
        ("step: reminder, days: 4", "step: remindr, days: 4", "er is geen stap 'remindr' - bedoelt u 'reminder'?"),
        ("channels: [sms, email, letter]", "channels: []", "de lijst is leeg"),
        ("ladder: standaard", "ladder: [", "dit bestand is niet te lezen"),
        ("status: own\n", "", "'status' ontbreekt"),
        ("{after_outcome: {step: visit, outcomes: [not_home, not_opened]}}", "{days_after_due: 5}", "hoort bij een"),
    ],
)
def test_a_fault_is_said_in_dutch_with_its_line(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(LadderError) as error:
        parse_ladder(GOOD.replace(old, new, 1))
    texts = [problem_text(problem) for problem in error.value.problems]
    assert any(said in text and text.startswith("Regel ") for text in texts), texts
    assert problem_text(error.value.problems[0], "en").startswith("line ")

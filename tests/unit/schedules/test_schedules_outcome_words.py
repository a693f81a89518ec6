"""Every way in which an attempt can end has words in a reason, and is tried by the proof when a step follows it."""

import pytest

from schedules.decisions import Reason
from schedules.proof import Status
from schedules.reasons import reason_text
from schedules.schema import OUTCOMES, REFERRAL_OUTCOMES
from tests.support.proofs import added, proof_of, standard

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("outcome", sorted({*OUTCOMES, *REFERRAL_OUTCOMES}))
def test_a_reason_says_in_words_how_a_step_ended(outcome: str) -> None:
    reason = Reason(code="waits_for_outcome", params={"step": "robocall", "outcomes": outcome})
    text = reason_text(reason, names={"robocall": "Belcomputer"})
    assert "_" not in text
    assert outcome == "voicemail" or not text.endswith(f": {outcome}.")


@pytest.mark.parametrize(
    ("followed", "outcome"),
    [("robocall", each) for each in ("menu_2", "menu_3", "menu_4", "confirmed")] + [("call", "busy")],
)
def test_a_step_can_follow_each_choice_in_the_menu(followed: str, outcome: str) -> None:
    step = added(
        key="next", kind="decision", stage="care", when={"after_outcome": {"step": followed, "outcomes": [outcome]}}
    )
    proof = proof_of(standard(step), only={"every_step_reachable"})
    finding = proof.finding("every_step_reachable")
    assert finding.status is Status.PROVEN, finding.why


def test_a_report_can_follow_help_that_was_refused() -> None:
    step = added(
        key="next", kind="referral", target="meldpunt", stage="care", when={"days_after_due": 20},
        only_if={"help": ["refused"]}, needs=["ground"],
    )  # fmt: skip
    proof = proof_of(standard(step), only={"every_step_reachable"})
    finding = proof.finding("every_step_reachable")
    assert finding.status is Status.PROVEN, finding.why

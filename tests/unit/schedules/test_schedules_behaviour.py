"""The behaviour model: repeatable, with the outcomes that the channels have, in sourced proportions."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from schedules.behaviour import keeps_instalment, plan_reply, profile_of, profiles, respond
from schedules.schema import OUTCOMES

pytestmark = pytest.mark.unit
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
CHANNELS = ("sms", "whatsapp", "email", "letter", "robocall", "call", "visit", "card")
MANY = 1500


def test_shares_add_up_and_every_figure_names_its_source() -> None:
    assert sum(profile.share for profile in profiles()) == 100
    assert all(profile.source for profile in profiles())


def test_the_same_keys_give_the_same_answer_and_other_seeds_another() -> None:
    profile = profile_of("t-1", 7)
    assert profile == profile_of("t-1", 7)
    assert respond(profile, "sms", "a-1", NOON, 7) == respond(profile, "sms", "a-1", NOON, 7)
    assert len({profile_of("t-1", seed).kind for seed in range(50)}) > 2


def test_shares_are_met() -> None:
    found = Counter(profile_of(f"t-{n}", 1).kind for n in range(MANY))
    for profile in profiles():
        assert abs(100 * found[profile.kind] / MANY - profile.share) < 4


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_outcome_is_one_that_ladders_know(channel: str) -> None:
    answers = [respond(profile_of(f"t-{n}", 3), channel, f"{channel}-{n}", NOON, 3) for n in range(600)]
    assert {answer.outcome for answer in answers} <= set(OUTCOMES)
    assert all(answer.delay_minutes > 0 and answer.repeats in (1, 2) for answer in answers)
    if channel != "card":
        assert len({answer.outcome for answer in answers}) > 1


def test_whatsapp_is_read_and_receipts_go_wrong_now_and_then() -> None:
    answers = [respond(profile_of(f"t-{n}", 3), "whatsapp", f"w-{n}", NOON, 3) for n in range(600)]
    assert {"read", "delivered", "undelivered"} <= {answer.outcome for answer in answers}
    assert 10 < sum(answer.repeats == 2 for answer in answers) < 80
    assert 10 < sum(answer.out_of_order for answer in answers) < 90


def test_what_did_not_arrive_is_not_answered() -> None:
    answers = [respond(profile_of(f"t-{n}", 3), "sms", f"s-{n}", NOON, 3) for n in range(MANY)]
    lost = [answer for answer in answers if answer.outcome in {"undelivered", "failed"}]
    assert lost and all(answer.reply_text is None and answer.pays_in_days is None for answer in lost)
    words = {answer.reply_text for answer in answers if answer.reply_text}
    assert {"REGELING", "BEL MIJ", "STOP", "heb al betaald"} <= words


def test_a_late_payer_pays_within_five_days_as_often_as_the_study_found() -> None:
    late = next(profile for profile in profiles() if profile.kind == "late_payer")
    paid = [respond(late, "sms", f"s-{n}", NOON, 3).pays_in_days for n in range(MANY)]
    share = 100 * sum(days is not None and days <= 5 for days in paid) / MANY
    assert 27 < share < 36  # 31.8% (Rochdale with Hogeschool van Amsterdam)


def test_a_plan_dialogue_goes_on_with_an_amount_and_a_yes() -> None:
    struggling = next(profile for profile in profiles() if profile.kind == "struggling")
    amounts = [plan_reply(struggling, "amount", f"p-{n}", 3) for n in range(200)]
    assert any(answer and answer.reply_text == "50 per maand" for answer in amounts)
    assert any(answer is None for answer in amounts)
    assert any(
        (answer := plan_reply(struggling, "confirm", f"p-{n}", 3)) and answer.reply_text == "JA" for n in range(9)
    )
    assert 100 < sum(keeps_instalment(struggling, f"i-{n}", 3) for n in range(200)) < 195

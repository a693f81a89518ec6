"""The simulated tenants and their bookkeeping are the same for the same seed, and behave as people do."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from channels.contract import Outbound
from channels.registry import CHANNELS
from outreach.sample.chance import draw, happens, pick
from outreach.sample.clock import SimulatedClock
from outreach.sample.feed import OpenItem, pay
from outreach.sample.names import AREAS, STREETS, TEAMS
from outreach.sample.portfolio import sample_settings
from outreach.sample.responder import make_responder, reply_delay, stable_key
from outreach.sample.tenants import (
    HABITS,
    in_trouble,
    misses_month,
    months_behind,
    pays_by_himself_on,
    profile_code,
)
from schedules.behaviour import profile_of, profiles
from schedules.calendar import to_local
from schedules.ladder import open_gaps
from schedules.shipped import load_shipped

pytestmark = pytest.mark.unit
NOON = datetime(2026, 9, 7, 10, 0, tzinfo=UTC)


def message(number: int, channel: str = "sms", template: str = "reminder", language: str = "nl") -> Outbound:
    return Outbound(
        key=f"{number}:1:reminder:1:{number}",
        channel=channel,
        to="+31600000001",
        sender="+31300000100",
        text="Beste huurder",
        language=language,
        at=NOON,
        extra={"tenant": f"HV-{number:06d}", "template": template},
    )


def item(due_on: date, cents: int) -> OpenItem:
    return OpenItem(
        tenancy_id=1,
        tenancy_ref="HV-000001",
        item_ref=f"HUUR-{due_on:%Y-%m}",
        due_on=due_on,
        amount_cents=cents,
        open_cents=cents,
    )


def test_a_draw_depends_on_its_keys_alone() -> None:
    assert draw(1000, 7, "a") == draw(1000, 7, "a")
    assert len({draw(1000, 7, n) for n in range(100)}) > 80
    assert not happens(0, 1)
    assert happens(100, 1)
    assert pick(("x",), 3) == "x"


def test_the_clock_never_goes_back() -> None:
    clock = SimulatedClock(NOON)
    assert clock.set(NOON - timedelta(hours=1)) == NOON
    assert clock.set(NOON + timedelta(hours=1)) == clock() == NOON + timedelta(hours=1)


def test_about_one_tenancy_in_eight_misses_a_rent_now_and_then() -> None:
    found = Counter(in_trouble(f"HV-{n:06d}", 7) for n in range(2000))
    assert 200 <= found[True] <= 290
    assert profile_code("HV-000001", 7) == profile_code("HV-000001", 7)


def test_every_kind_of_tenant_has_habits() -> None:
    assert set(HABITS) == {profile.kind for profile in profiles()}


def test_who_pays_by_himself_pays_after_the_due_date() -> None:
    due_on = date(2026, 8, 1)
    days = [pays_by_himself_on(f"HV-{n:06d}", profile_of(f"HV-{n:06d}", 7), due_on, 7) for n in range(500)]
    assert all(day > due_on for day in days if day)
    assert any(days)
    assert not all(days)


def test_tenants_start_zero_to_three_months_behind() -> None:
    behind = Counter(months_behind(f"HV-{n:06d}", profile_of(f"HV-{n:06d}", 7), 7) for n in range(800))
    assert set(behind) == {0, 1, 2, 3}
    assert any(misses_month(f"HV-{n:06d}", profile_of(f"HV-{n:06d}", 7), date(2026, 9, 1), 7) for n in range(50))


def test_a_payment_goes_to_the_oldest_item_first_and_to_the_cent() -> None:
    items = [item(date(2026, 9, 1), 60_000), item(date(2026, 8, 1), 60_000)]
    assert [each.open_cents for each in pay(items, 75_001)] == [0, 44_999]
    assert [each.open_cents for each in pay(items, 500_000)] == [0, 0]


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "email", "letter", "robocall"])
def test_what_comes_back_is_known_to_the_channel_and_always_the_same(channel: str) -> None:
    respond = make_responder(7)
    for number in range(300):
        events = respond(message(number, channel))
        assert events == respond(message(number, channel))
        assert all(each.outcome in CHANNELS[channel].outcomes for each in events if each.kind != "reply")


def test_receipts_come_twice_and_out_of_order() -> None:
    events = [each for number in range(400) for each in make_responder(7)(message(number, "whatsapp"))]
    assert any(each.repeats for each in events)
    assert any(each.late_minutes for each in events)
    assert any(each.outcome == "read" for each in events)


def test_a_reply_comes_at_most_ten_minutes_before_a_tick_by_day() -> None:
    late = 0
    for number in range(500):
        at = NOON + timedelta(minutes=reply_delay(NOON, number, f"key {number}"))
        local = to_local(at)
        assert at > NOON
        if local.hour >= 20 or local.hour < 8:
            late += 1
        else:
            assert 30 - local.minute % 30 <= 9
    assert late < 50


def test_only_texts_that_ask_something_are_answered() -> None:
    respond = make_responder(7)
    answered = Counter[str]()
    for number in range(400):
        for template in ("reminder", "promise_noted", "answer_plan_ask", "answer_plan_proposed"):
            answered[template] += any(each.kind == "reply" for each in respond(message(number, "sms", template)))
    assert answered["promise_noted"] == 0
    assert answered["reminder"] > 20
    assert answered["answer_plan_ask"] > 200
    assert answered["answer_plan_proposed"] > 200


def test_english_tenants_answer_in_english() -> None:
    respond = make_responder(7)
    texts = {
        each.text
        for number in range(200)
        for each in respond(message(number, "sms", "answer_plan_proposed", "en"))
        if each.kind == "reply"
    }
    assert "YES" in texts
    assert "JA" not in texts


def test_a_stable_key_holds_no_database_numbers() -> None:
    assert stable_key("HV-1", "12:1:robocall:3:99", "robocall_arrears", NOON) == "HV-1|1:robocall:3"
    assert stable_key("HV-1", "12:1:answer:5:answer_stop:1:99", "answer_stop", NOON).startswith("HV-1|answer_stop|")


def test_the_sample_fills_every_gap_of_the_ladders_that_it_uses() -> None:
    settings = sample_settings()
    used = {settings.default_ladder, *settings.area_ladders.values()}
    assert used == {"standaard", "sociaal_incasso_met_bodem", "woongoed_zeist_met_bodem", "de_alliantie_met_bodem"}
    assert [gap for name in used for gap in open_gaps(load_shipped(name), settings.fills)] == []


def test_every_area_has_streets_and_a_team() -> None:
    assert {area.code for area in AREAS} == set(STREETS)
    assert {area.team for area in AREAS} == set(TEAMS)
    assert sum(area.share for area in AREAS) == 100

"""Payment plans as arithmetic: to the cent, to the day, within the landlord's limits."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.domain.landlord_settings import LandlordSettings, PlanPolicy, SettingsError, settings_from_text
from outreach.domain.outcomes import OUTCOMES, REPLIED, outcome_rule
from outreach.domain.plans import PlanError, first_payday, instalments, may_agree, months_later, per_month

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(total=st.integers(1, 2_000_000), month=st.integers(1, 200_000), first_on=DAYS)
def test_the_sum_is_the_debt_and_no_instalment_is_above_the_month(total: int, month: int, first_on: date) -> None:
    assume(-(-total // month) <= 120)
    made = instalments(total, month, first_on)
    assert sum(each.amount_cents for each in made) == total
    assert all(0 < each.amount_cents <= month for each in made)
    assert [each.number for each in made] == list(range(1, len(made) + 1))
    assert made[0].due_on == first_on
    assert all(0 < (after.due_on - before.due_on).days <= 31 for before, after in pairwise(made))


@given(day=DAYS, months=st.integers(0, 60))
def test_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_the_last_day_of_january_becomes_the_last_day_of_february() -> None:
    made = instalments(30000, 10000, date(2028, 1, 31))
    assert [each.due_on for each in made] == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


@given(today=DAYS, payday=st.integers(1, 28))
def test_the_first_date_leaves_time(today: date, payday: int) -> None:
    first = first_payday(today, payday)
    assert 6 <= (first - today).days <= 37
    assert (first - timedelta(days=1)).day == payday


@pytest.mark.parametrize(("total", "month"), [(0, 5000), (-1, 5000), (5000, 0), (5000, -5), (5000, 1)])
def test_what_is_no_plan_is_refused_in_two_languages(total: int, month: int) -> None:
    with pytest.raises(PlanError) as refused:
        instalments(total, month, date(2026, 1, 1))
    assert refused.value.text("nl") != refused.value.text("en")


@pytest.mark.parametrize(
    ("total", "month", "rent", "recent", "why"),
    [
        (20000, 5000, 65000, False, ""),
        (20000, 5000, 65000, True, "recent_plan"),
        (20000, 4999, 65000, False, "below_minimum"),
        (3000, 3000, 65000, False, ""),
        (65000, 5000, 65000, False, "too_long"),
        (70000, 20000, 65000, False, "debt_too_high"),
        (70000, 20000, None, False, ""),
    ],
)
def test_what_the_machine_may_agree(total: int, month: int, rent: int | None, recent: bool, why: str) -> None:
    assert may_agree(PlanPolicy(), total, month, rent, recent) == why


def test_a_week_is_not_a_quarter_of_a_month() -> None:
    assert (per_month(1200, "week"), per_month(1200, "month"), per_month(1200, None)) == (5200, 1200, 1200)


def test_only_two_way_contact_is_reached() -> None:
    reached = {pair for pair, rule in OUTCOMES.items() if rule.reached}
    talked = {(channel, "talked") for channel in ("call", "visit", "robocall")}
    assert reached == talked | {("robocall", f"menu_{key}") for key in (1, 2, 3, 4, 6, 7)}
    assert outcome_rule("sms", REPLIED).reached
    assert not outcome_rule("sms", "unheard of").final


def test_settings_survive_their_own_text() -> None:
    settings = LandlordSettings(sender_name="Wonen", area_ladders={"noord": "standaard"}, fills={"month": 2})
    assert settings_from_text(settings.to_text()) == settings


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"sendername": "x"}', "sendername"),
        ('{"pressure": {"per_week": 3}}', "pressure.per_week"),
        ('{"plan": {"months": 3}}', "plan.months"),
        ('{"pressure": {"per_day": 9}}', "Contactdruk"),
        ('{"plan": {"payday": 31}}', "Betaaldag"),
        ('{"languages": ["en"]}', "Nederlands"),
        ('{"languages": ["nl", "fr"]}', "Talen"),
        ('{"address_form": "gij"}', "Aanspreekvorm"),
        ("{", "JSON"),
    ],
)
def test_a_wrong_setting_is_named(text: str, key: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        settings_from_text(text)
    assert key in wrong.value.text_nl

"""Payment plans as arithmetic: to the cent, to the day, within the landlord's limits."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.domain.landlord_settings import (
    LandlordSettings,
    PlanKind,
    PlanPolicy,
    SettingsError,
    settings_from_text,
)
from outreach.domain.outcomes import OUTCOMES, REPLIED, outcome_rule
from outreach.domain.plans import (
    PlanError,
    Share,
    first_payday,
    fit,
    instalments,
    may_agree,
    months_later,
    per_month,
    short_cents,
    spread,
)

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


@given(today=DAYS, payday=st.integers(1, 31))
def test_the_first_date_leaves_time(today: date, payday: int) -> None:
    first = first_payday(today, payday)
    paid_on = first - timedelta(days=1)
    assert 6 <= (first - today).days <= 37
    assert paid_on.day == payday or (paid_on.day < payday and first.day == 1)


def test_payday_31_is_the_last_day_of_each_month() -> None:
    assert first_payday(date(2026, 11, 2), 31) == date(2026, 12, 1)
    assert first_payday(date(2026, 11, 27), 31) == date(2027, 1, 1)
    assert first_payday(date(2028, 2, 1), 30) == date(2028, 3, 1)


SHARES = st.lists(st.integers(1, 50_000), min_size=1, max_size=24)
MOVES = st.lists(st.tuples(st.integers(-40_000, 90_000), st.integers(0, 60)), max_size=12)


@given(amounts=SHARES, moves=MOVES)
def test_whatever_is_paid_or_taken_back_no_cent_is_lost(amounts: list[int], moves: list[tuple[int, int]]) -> None:
    first, total = date(2026, 1, 26), sum(amounts)
    due = [months_later(first, place) for place in range(len(amounts))]
    paid, so_far, today = tuple(0 for _ in amounts), 0, first - timedelta(days=10)
    for cents, days in moves:
        so_far, today = so_far + cents, today + timedelta(days=days)
        shares = [
            Share(due_on=on, amount_cents=owed, paid_cents=had)
            for on, owed, had in zip(due, amounts, paid, strict=True)
        ]
        paid = spread(shares, so_far, today)
        assert sum(paid) == max(0, min(so_far, total))
        assert all(0 <= had <= owed for had, owed in zip(paid, amounts, strict=True))


@given(amounts=SHARES, parts=st.lists(st.integers(1, 30_000), min_size=1, max_size=10))
def test_the_order_of_parts_on_one_day_does_not_change_what_is_paid(amounts: list[int], parts: list[int]) -> None:
    first = date(2026, 1, 26)

    def after(order: list[int]) -> tuple[int, ...]:
        paid, so_far = tuple(0 for _ in amounts), 0
        for cents in order:
            so_far += cents
            shares = [
                Share(due_on=months_later(first, place), amount_cents=owed, paid_cents=paid[place])
                for place, owed in enumerate(amounts)
            ]
            paid = spread(shares, so_far, first)
        return paid

    assert sum(after(parts)) == sum(after(parts[::-1])) == sum(after([sum(parts)]))


def share(day: date, owed: int, had: int = 0) -> Share:
    return Share(due_on=day, amount_cents=owed, paid_cents=had)


def test_payment_of_more_shortens_the_plan_from_its_end() -> None:
    days = [date(2026, month, 26) for month in (10, 11, 12)]
    plan = [share(day, 5000) for day in days]
    assert spread(plan, 5000, date(2026, 10, 20)) == (5000, 0, 0), "paid early"
    assert spread(plan, 7000, date(2026, 10, 20)) == (5000, 0, 2000), "the last one shrinks"
    assert spread(plan, 3000, date(2026, 10, 27)) == (3000, 0, 0), "paid in part"
    assert spread([share(days[0], 5000, 5000), *plan[1:]], 0, date(2026, 10, 27)) == (0, 0, 0), "taken back"


def test_who_paid_ahead_is_never_short() -> None:
    plan = [
        share(date(2026, 10, 26), 5000, 5000),
        share(date(2026, 11, 26), 5000),
        share(date(2026, 12, 26), 5000, 5000),
    ]
    assert short_cents(plan, date(2026, 11, 27)) == 0
    assert short_cents(plan, date(2026, 12, 27)) == 5000


@pytest.mark.parametrize(
    ("total", "month", "since", "kind", "why"),
    [
        (30000, 5000, None, "kort", ""),
        (50000, 5000, None, "lang", "too_long"),
        (30000, 3000, None, "lang", "below_minimum"),
        (30000, 5000, 13, "kort", ""),
        (30000, 5000, 3, "", "recent_plan"),
        (30000, 1000, None, "", "below_minimum"),
    ],
)
def test_the_first_type_that_fits_is_offered(total: int, month: int, since: int | None, kind: str, why: str) -> None:
    found = fit(PlanPolicy(), total, month, 65000, since)
    assert (found.kind, found.why) == (kind, why)


@given(total=st.integers(1, 500_000), month=st.integers(1, 100_000), since=st.none() | st.integers(0, 40))
def test_the_machine_agrees_to_nothing_outside_its_own_type(total: int, month: int, since: int | None) -> None:
    policy, rent = PlanPolicy(), 65000
    found = fit(policy, total, month, rent, since)
    if not found.why:
        assert -(-total // month) <= policy.max_months
        assert total <= policy.max_debt_months * rent
        assert month >= min(policy.min_month_cents, total)
        assert since is None or since >= policy.one_in_months


def test_types_are_kept_as_settings_and_old_settings_have_the_usual_ones() -> None:
    kind = PlanKind(name="jong", max_months=18, min_month_cents=1000, max_debt_months=2, one_in_months=6)
    settings = LandlordSettings(plan=PlanPolicy(kinds=(kind,)))
    assert settings_from_text(settings.to_text()) == settings
    old = settings_from_text('{"plan": {"max_months": 9, "min_month_cents": 4000}}')
    assert (old.plan.max_months, [each.name for each in old.plan.kinds]) == (9, ["lang"])
    with pytest.raises(SettingsError):
        settings_from_text('{"plan": {"kinds": [{"name": "kort", "max_months": 3, "min_month_cents": 1, '
                           '"max_debt_months": 1, "one_in_months": 1}]}}')  # fmt: skip
    with pytest.raises(SettingsError):
        settings_from_text('{"plan": {"kinds": [{"naam": "x"}]}}')


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

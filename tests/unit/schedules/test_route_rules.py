"""What opens a route, when its feedback is due, how long a pause holds, and who goes first for a quota."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import Calendar, load_law
from schedules.case_view import CaseView
from schedules.errors import LadderError
from schedules.facts import CaseFacts, ReferralFact, SignalEvidence
from schedules.loader import load_preset
from schedules.reasons import reason_text
from schedules.route import RouteDefinition, load_route, parse_route, route_names, route_text
from schedules.route_clocks import PauseFacts, PauseVerdict, dated_cautions, feedback_due, pause_holds
from schedules.route_gate import names_of, open_gaps_of, queue_rank, quota_left, why_not_open
from schedules.settings import PolicySettings

CALENDAR = Calendar(load_law())
TODAY = date(2026, 11, 16)
VROEG_EROPAF = load_route("amsterdam_vroeg_eropaf")
FILLS: dict[str, int | str] = {"vroeg_eropaf_dag_nul": "sent", "vroeg_eropaf_uitstel_dagen": 7}


def facts(**known: object) -> CaseFacts:
    plain = CaseFacts(opened_on=date(2026, 9, 2), amount_cents=65000, oldest_due_on=date(2026, 9, 1), months=2)
    return replace(plain, **known)  # type: ignore[arg-type]


def seen(case: CaseFacts, day: date = TODAY, fills: dict[str, int | str] | None = None) -> CaseView:
    now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return CaseView(load_preset("standaard"), case, PolicySettings(fills=fills or {}), CALENDAR, now)


def codes(route: RouteDefinition, case: CaseFacts, *confirmed: str) -> list[str]:
    return [reason.code for reason in why_not_open(route, seen(case), frozenset(confirmed))]


def test_a_route_opens_on_its_facts_and_says_in_words_what_is_missing() -> None:
    route = load_route("mitros_utrecht_meldpunt_huurschulden")
    assert codes(route, facts(months=3)) == []
    reasons = why_not_open(route, seen(facts(months=2)))
    sentences = [reason_text(reason, "nl", names_of(route)) for reason in reasons]
    assert sentences[0] == "Deze aanleiding is er niet: Er is een ontruimingsvonnis."


def test_what_only_a_person_can_say_opens_nothing_by_itself() -> None:
    route = load_route("amsterdam_vroeg_eropaf_eropaf")
    signalled = facts(referrals=(ReferralFact(step="s", target="municipality", state="sent", at=seen(facts()).now),))
    assert codes(route, signalled) == ["route_waits_for_person"]
    assert codes(route, signalled, "not_reached_by_vroeg_eropaf") == []


def test_all_any_and_none_of_the_grounds_are_enforced() -> None:
    summons = facts(dates={"summons": TODAY})
    every = load_route("drechtsteden_spoor_2")
    one = frozenset({"risk_of_losing_home"})
    assert codes(every, replace(summons, grounds=one)) == ["route_ground_missing"] * 2
    full = one | {"no_help_accepted", "cause_unknown"}
    assert codes(every, replace(summons, grounds=full)) == []
    either = load_route("meldpunt_algemeen")
    assert codes(either, replace(summons, grounds=frozenset({"other"}))) == ["route_needs_a_ground"]
    assert codes(either, replace(summons, grounds=one)) == []
    assert codes(load_route("woonin_crisisteam"), facts(dates={"judgment": TODAY})) == []


def test_the_floor_of_law_stands_behind_every_report_to_a_municipality() -> None:
    talked = facts(spoken_at=seen(facts()).now - timedelta(days=2))
    assert "signal_needs_agreement" in codes(VROEG_EROPAF, talked)
    whole = SignalEvidence(
        personal_contact_effort=True,
        pointed_to_debt_help=True,
        written_reminder=True,
        offered_to_pass_on=True,
        agreement_active=True,
    )
    assert codes(VROEG_EROPAF, replace(talked, signal=whole)) == []


def test_not_reached_alone_opens_the_amsterdam_meldpunt_only_after_the_gap_is_filled() -> None:
    route = load_route("amsterdam_vroeg_eropaf_meldpunt")
    assert "meldpunt_niet_bereikt_maanden" in {gap.name for gap in open_gaps_of(route, {})}
    assert codes(route, facts(grounds=frozenset({"worry"}))) == []
    assert "route_not_opened" in codes(route, facts())


def test_menskracht_stays_shut_when_eviction_threatens() -> None:
    route = load_route("amersfoort_menskracht")
    family = facts(flags=frozenset({"children"}), grounds=frozenset({"multi_problem"}))
    assert codes(route, family) == []
    assert codes(route, replace(family, dates={"eviction": TODAY}))[0] == "route_not_opened"


@settings(deadline=None)
@given(st.dates(min_value=date(2013, 1, 1), max_value=date(2100, 1, 1)))
def test_flexibel_wonen_is_never_active_again(day: date) -> None:
    route = load_route("rotterdam_flexibel_wonen")
    found = why_not_open(route, seen(facts(), day), frozenset({"housing_problem"}))
    assert [reason.code for reason in found] == ["route_ended"]


def test_feedback_waits_for_a_day_zero_that_the_source_does_not_give() -> None:
    sent_on, accepted_on = date(2026, 10, 5), date(2026, 10, 8)
    assert feedback_due(VROEG_EROPAF, sent_on, accepted_on, {}) == []
    days = [due.due_on for due in feedback_due(VROEG_EROPAF, sent_on, accepted_on, FILLS)]
    assert days == [date(2026, 10, 19), date(2026, 11, 2)]
    other: dict[str, int | str] = FILLS | {"vroeg_eropaf_dag_nul": "accepted"}
    assert [d.due_on for d in feedback_due(VROEG_EROPAF, sent_on, accepted_on, other)] == [
        date(2026, 10, 22),
        date(2026, 11, 5),
    ]
    assert feedback_due(VROEG_EROPAF, sent_on, None, other) == []


def paused(today: date, feedback: dict[str, date] | None = None, **said: bool) -> PauseVerdict:
    started_on = date(2026, 10, 5)
    due = {each.key: each.due_on for each in feedback_due(VROEG_EROPAF, started_on, None, FILLS)}
    known = PauseFacts(started_on=started_on, feedback_due=due, feedback_on=feedback or {}, said=said)
    return pause_holds(VROEG_EROPAF, known, today, FILLS)


def test_the_amsterdam_pause_waits_for_timely_feedback_and_then_for_rent_and_request() -> None:
    """Keep S002 L746-752."""
    both = {"tussenmelding": date(2026, 10, 19), "terugmelding": date(2026, 11, 2)}
    assert paused(date(2026, 10, 20), {"tussenmelding": date(2026, 10, 19)}, current_rent_paid=False).state == "holds"
    assert paused(date(2026, 11, 12), {"tussenmelding": date(2026, 10, 19)}).state == "failed"
    assert paused(date(2026, 11, 12), both, current_rent_paid=True, request_pending=True).state == "holds"
    assert paused(date(2026, 11, 12), both, current_rent_paid=False, request_pending=True).state == "failed"
    over = paused(date(2027, 8, 2), both, current_rent_paid=True, request_pending=True)
    assert (over.state, over.ends_on) == ("over", date(2027, 8, 2))


def test_how_late_feedback_may_be_is_a_gap_that_a_person_fills() -> None:
    known = PauseFacts(started_on=date(2026, 10, 5), feedback_due={"terugmelding": date(2026, 11, 2)})
    verdict = pause_holds(VROEG_EROPAF, known, date(2026, 12, 1), {"vroeg_eropaf_dag_nul": "sent"})
    assert verdict.state == "holds" and verdict.conditions[0].state == "unknown"


def test_a_pause_does_not_start_before_its_own_reason() -> None:
    route = load_route("vroegsignaal_gemeente")
    assert pause_holds(route, PauseFacts(started_on=None), TODAY, {}).state == "not_started"
    assert pause_holds(route, PauseFacts(started_on=TODAY), TODAY, {}).state == "holds"


@settings(deadline=None)
@given(st.integers(0, 400), st.booleans(), st.booleans())
def test_a_pause_with_a_limit_is_over_for_good_and_a_failed_condition_never_holds(
    days: int, rent: bool, help_on: bool
) -> None:
    route = load_route("vroegsignaal_gemeente")
    said = {"current_rent_paid": rent, "help_going_on": help_on}
    verdict = pause_holds(route, PauseFacts(started_on=TODAY, said=said), TODAY + timedelta(days=days), {})
    assert verdict.ends_on == date(2027, 8, 16)
    if TODAY + timedelta(days=days) >= date(2027, 8, 16):
        assert verdict.state == "over"
    else:
        assert verdict.state == ("holds" if rent and help_on else "failed")


def test_the_quota_and_the_order_of_the_queue_of_mitros() -> None:
    """Keep S002 L2410-2426."""
    route = load_route("mitros_utrecht_meldpunt_huurschulden")
    assert quota_left(route, 0, 0, {}) == 7 and quota_left(route, 7, 50, {}) == 0
    assert quota_left(route, 2, 198, {}) == 2 and quota_left(VROEG_EROPAF, 900, 900, {}) is None
    ranks = [queue_rank(route, frozenset(flags)) for flags in ({"children"}, {"single_older_man"}, {"ill"})]
    assert ranks == [0, 1, 2]


def test_the_judgment_of_utrecht_expires_before_the_trajectory() -> None:
    route = load_route("utrecht_voorkom_huisuitzetting")
    (warning,) = dated_cautions(route.warnings, {"judgment": date(2026, 10, 1)}, {})
    assert warning.on == date(2027, 10, 1)
    (unknown,) = dated_cautions(route.warnings, {}, {})
    assert unknown.on is None


FAULTS = (
    ("target: meldpunt", "target: meldpnt", "did you mean 'meldpunt'"),
    ("owner: worker", "owner: boss", "'boss' is not known here"),
    ("grounds_needed: all", "grounds_needed: none", "grounds are listed and none is needed"),
    ("by_person: true", "check: request_pending\n      by_person: true", "say who tells that"),
    ("when: debt_help_asked", "when: debt_help_asked\n  counts_from: first_reacton", "did you mean 'first_reaction'"),
    ("valid_from: 2022-01-01", "valid_from: 2022-02-30", "no such day"),
    ("valid_from: 2022-01-01", "valid_from: 2022-01-01\nvalid_to: 2021-01-01", "ends before it begins"),
    ("~meldpunt_terugmelding_dagen", "~meldpunt_terugmelding", "is not described under gaps"),
)


@pytest.mark.parametrize(("good", "bad", "message"), FAULTS)
def test_a_fault_is_named_with_its_line_and_what_was_meant(good: str, bad: str, message: str) -> None:
    text = route_text("drechtsteden_spoor_2")
    assert good in text
    with pytest.raises(LadderError, match=message) as caught:
        parse_route(text.replace(good, bad, 1), "mine.yaml")
    assert caught.value.problems[0].line > 1


@pytest.mark.parametrize("name", route_names())
def test_a_shipped_route_is_named_as_its_file_and_its_examples_fill_every_gap(name: str) -> None:
    route = load_route(name)
    assert route.name == name and route.source.lines and route.fields
    assert not open_gaps_of(route, {gap.name: gap.example for gap in route.gaps})
    assert route.status == "example" or not route.gaps

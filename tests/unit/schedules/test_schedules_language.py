"""What a ladder can say: every clock, condition, guard and rest decides what it promises, and says why."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from schedules.calendar import Calendar, load_law
from schedules.decisions import Decision
from schedules.engine import decide
from schedules.errors import LadderError
from schedules.facts import AttemptFact, AttemptState, CaseFacts, DueAttempt, PlanState, ReferralFact, SignalEvidence
from schedules.ladder import Ladder
from schedules.ladder_file import ladder_data, write_ladder
from schedules.loader import load_preset, parse_ladder, preset_names, preset_text
from schedules.overlay import with_floor
from schedules.purposes import Purpose
from schedules.reasons import reason_text
from schedules.recheck import recheck
from schedules.rehearsal import first_facts
from schedules.route import load_route, route_names
from schedules.settings import PolicySettings
from schedules.shipped import is_source, load_shipped, shipped_names, shipped_text, source_of
from schedules.targets import targets
from schedules.trajectory import load_trajectory, trajectory_names

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
SETTINGS = PolicySettings(legal_floor=False)
DUE_ON = date(2026, 9, 1)
EVIDENCE = SignalEvidence(
    personal_contact_effort=True, pointed_to_debt_help=True, written_reminder=True, offered_to_pass_on=True
)

HEAD = """ladder: proef
title: {nl: Proef, en: Trial}
status: own
valid_from: 2026-01-01
source: {document: eigen, year: 2026, lines: "1", description: proef}
not_reached: {attempts: 2}
stages:
  - {key: contact, title: {nl: Contact, en: Contact}}
  - {key: legal, title: {nl: Juridisch, en: Legal}}
"""


def step(
    key: str, kind: str = "call", *, stage: str = "contact", when: str = "{days_after_due: 5}", more: str = ""
) -> str:
    parts = [f"  - key: {key}", f"stage: {stage}", f"kind: {kind}", f"title: {{nl: {key}, en: {key}}}", f"when: {when}"]
    parts += ["target: social_team"] if kind == "referral" and "target" not in more else []
    parts += ["channels: [sms, email, letter]", "template: reminder"] if kind == "message" else []
    return "\n    ".join([*parts, *more.splitlines()]) + "\n"


def ladder(*steps: str, head: str = "") -> Ladder:
    return parse_ladder(HEAD + head + "steps:\n" + "".join(steps))


def moment(day: int, clock: time = time(10)) -> datetime:
    return CALENDAR.utc(DUE_ON + timedelta(days=day), clock)


def case(day: int, **changes: Any) -> CaseFacts:
    return replace(first_facts(DUE_ON, 65000), **({"ledger_as_of": DUE_ON + timedelta(days=day)} | changes))


def ask(policy: Ladder, day: int = 20, settings: PolicySettings = SETTINGS, **changes: Any) -> Decision:
    return decide(policy, case(day, **changes), settings, CALENDAR, moment(day))


def due(decision: Decision) -> list[str]:
    return [planned.step for planned in decision.due]


def codes(decision: Decision, key: str) -> list[str]:
    found = [*decision.refused, *decision.waiting]
    reasons = [reason for one in found if one.step == key for reason in one.why]
    assert all(reason_text(reason) and reason_text(reason, "en") for reason in reasons)
    return [reason.code for reason in reasons]


def done(key: str, day: int, channel: str = "call", outcome: str = "no_answer", attempt: int = 1) -> AttemptFact:
    at = moment(day)
    return AttemptFact(step=key, attempt=attempt, channel=channel, state=AttemptState.DONE, at=at, outcome=outcome)


CONDITIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("amount_at_least: 70000", {"amount_cents": 70000}, {"amount_cents": 69999}),
    ("amount_below: 70000", {"amount_cents": 69999}, {"amount_cents": 70000}),
    ("months_at_least: 2", {"months": 2}, {"months": 1}),
    ("months_below: 2", {"months": 1}, {"months": 2}),
    ("flag: [children]", {"flags": frozenset({"children"})}, {}),
    ("not_flag: [children]", {}, {"flags": frozenset({"children"})}),
    ("ground: [worry]", {"grounds": frozenset({"worry"})}, {}),
    ("cause: [benefit]", {"cause": "benefit"}, {"cause": "financial"}),
    ("language: [tr]", {"language": "tr"}, {"language": "nl"}),
    ("not_language: [nl]", {"language": "ar"}, {"language": "nl"}),
    ("area: [noord]", {"area": "noord"}, {"area": "zuid"}),
    ("reachable_by: [sms]", {}, {"channels": frozenset({"letter", "call"})}),
    ("unreachable_by: [sms, whatsapp]", {"channels": frozenset({"letter", "call"})}, {}),
    ("promise: [none]", {}, {"promise_until": DUE_ON + timedelta(days=2)}),
    ("promise: [broken]", {"promise_until": DUE_ON + timedelta(days=2)}, {}),
    ("plan: [broken]", {"plan": PlanState.BROKEN}, {"plan": PlanState.KEPT}),
    ("help: [refused]", {"help_refused": True}, {"help_accepted": True}),
    ("help: [stopped]", {"help_stopped": True, "help_accepted": True}, {"help_accepted": True}),
    (
        "referral: {target: social_team, states: [rejected]}",
        {"referrals": (ReferralFact(step="x", target="social_team", state="rejected", at=moment(9)),)},
        {"referrals": (ReferralFact(step="x", target="social_team", state="sent", at=moment(9)),)},
    ),
    ("date_known: [judgment]", {"dates": {"judgment": DUE_ON}}, {}),
    ("date_unknown: [judgment]", {}, {"dates": {"judgment": DUE_ON}}),
    ("reached: true", {"reached_at": moment(2)}, {}),
    ("paid_in_part: true", {"paid_in_part": True}, {}),
]


@pytest.mark.parametrize(("condition", "so", "not_so"), CONDITIONS, ids=[each[0] for each in CONDITIONS])
def test_a_condition_opens_or_refuses_and_says_why(condition: str, so: dict[str, Any], not_so: dict[str, Any]) -> None:
    only = ladder(step("bellen", more=f"only_if: {{{condition}}}"))
    assert due(ask(only, **so)) == ["bellen"]
    assert due(ask(only, **not_so)) == [] and codes(ask(only, **not_so), "bellen")
    unless = ladder(step("bellen", more=f"not_if: {{{condition}}}"))
    assert due(ask(unless, **not_so)) == ["bellen"]
    assert due(ask(unless, **so)) == [] and codes(ask(unless, **so), "bellen")


def test_an_outcome_of_an_earlier_step_is_a_condition() -> None:
    policy = ladder(
        step("eerst"),
        step("daarna", when="{days_after_due: 9}", more="only_if: {outcome: {step: eerst, outcomes: [busy]}}"),
    )
    assert "only_when" in codes(ask(policy, attempts=(done("eerst", 6),)), "daarna")
    assert due(ask(policy, attempts=(done("eerst", 6, outcome="busy"),))) == ["daarna"]


def test_an_excluded_case_is_left_to_people() -> None:
    people = step("mensen", "decision", when="{days_after_due: 0}", more="only_if: {flag: [cannabis]}")
    policy = ladder(step("bellen"), people, head="exclusions: [cannabis]\n")
    assert due(ask(policy)) == ["bellen"]
    decision = ask(policy, flags=frozenset({"cannabis"}))
    assert due(decision) == ["mensen"] and codes(decision, "bellen") == ["excluded"]


def test_an_exclusion_that_nobody_handles_is_a_fault_in_the_file() -> None:
    with pytest.raises(LadderError, match="no step hands 'cannabis' to people"):
        ladder(step("bellen"), head="exclusions: [cannabis]\n")


def test_families_get_more_time_in_the_named_stages() -> None:
    slack = "slack:\n  - {if: {flag: [children]}, days: 14, stages: [legal]}\n"
    policy = ladder(step("bellen"), step("besluit", "decision", stage="legal", when="{days_after_due: 10}"), head=slack)
    family = frozenset({"children"})
    assert due(ask(policy, 11)) == ["bellen", "besluit"] and due(ask(policy, 11, flags=family)) == ["bellen"]
    assert codes(ask(policy, 11, flags=family), "besluit") == ["days_after_due", "slack"]
    assert "besluit" in due(ask(policy, 24, flags=family))


def test_more_time_without_an_amount_is_a_gap() -> None:
    slack = "slack:\n  - {if: {flag: [children]}, days: ~rek}\n"
    gaps = "gaps:\n  - {name: rek, example: 14, title: {nl: Rek, en: Slack}}\n"
    policy = ladder(step("bellen"), head=slack + gaps)
    assert codes(ask(policy, flags=frozenset({"children"})), "bellen") == ["days_after_due", "gap"]
    filled = replace(SETTINGS, fills={"rek": 14})
    assert due(ask(policy, 20, filled, flags=frozenset({"children"}))) == ["bellen"]


def test_a_guard_waits_for_the_steps_that_it_names() -> None:
    policy = ladder(step("bellen"), step("team", "referral", more="needs_steps: [bellen]"))
    assert codes(ask(policy), "team") == ["needs_step"]
    assert due(ask(policy, attempts=(done("bellen", 6),))) == ["team"]


def test_a_home_visit_can_be_required() -> None:
    policy = ladder(step("bezoek", "visit"), step("team", "referral", more="needs: [home_visit]"))
    assert "needs_home_visit" in codes(ask(policy), "team")
    assert due(ask(policy, attempts=(done("bezoek", 6, "visit", "not_home"),))) == ["team"]


@pytest.mark.parametrize("target", ["bailiff", "court"])
def test_bailiff_and_court_need_the_four_steps_the_signal_and_personal_contact(target: str) -> None:
    policy = ladder(step("bezoek", "visit"), step("weg", "referral", more=f"target: {target}"))
    floor = replace(SETTINGS, legal_floor=True)
    assert len(codes(ask(policy, 20, floor), "weg")) == 6
    signal = ReferralFact(step="s", target="municipality", state="sent", at=moment(9))
    visited = (done("bezoek", 6, "visit", "not_opened"),)
    assert "weg" in due(ask(policy, 20, floor, signal=EVIDENCE, referrals=(signal,), attempts=visited))


def test_after_the_end_only_legal_dates_and_what_follows_go_on() -> None:
    policy = ladder(
        step("weg", "referral", more="ends_ladder: true"),
        step("bellen", when="{days_after_due: 10}"),
        step("nazorg", "decision", when="{days_after: {step: weg, days: 2}}"),
        step("vonnis", "decision", when="{days_from_date: {date: judgment, days: 0}}"),
    )
    sent = ReferralFact(step="weg", target="social_team", state="sent", at=moment(6))
    decision = ask(policy, referrals=(sent,), dates={"judgment": DUE_ON})
    assert due(decision) == ["nazorg", "vonnis"] and codes(decision, "bellen") == ["ladder_ended"]


def test_collection_rests_after_a_referral_until_it_comes_to_nothing() -> None:
    policy = ladder(step("team", "referral", more="pause_days: 30"), step("bellen", when="{days_after_due: 10}"))
    sent = ReferralFact(step="team", target="social_team", state="sent", at=moment(6))
    assert codes(ask(policy, referrals=(sent,)), "bellen") == ["rest_after_step"]
    assert due(ask(policy, referrals=(replace(sent, state="rejected"),))) == ["bellen"]
    assert due(ask(policy, 37, referrals=(sent,))) == ["bellen"]
    attempt = DueAttempt(step="bellen", attempt=1, channel="call", purpose=Purpose.COLLECTION, due_at=moment(20))
    checked = recheck(
        case(20, referrals=(sent,)), attempt, policy.step("bellen"), SETTINGS, CALENDAR, moment(20), policy
    )
    assert checked.verdict == "move" and [reason.code for reason in checked.why] == ["rest_after_step"]


def test_a_referral_in_the_queue_waits_and_its_followers_too() -> None:
    policy = ladder(step("team", "referral"), step("daarna", when="{days_after: {step: team, days: 1}}"))
    queued = ReferralFact(step="team", target="social_team", state="queued", at=moment(6))
    decision = ask(policy, referrals=(queued,))
    assert due(decision) == [] and codes(decision, "team") == ["waits_for_quota"]


def test_a_step_follows_the_answer_of_a_partner() -> None:
    when = "{after_outcome: {step: team, outcomes: [rejected]}}"
    policy = ladder(step("team", "referral"), step("terug", "decision", when=when))
    sent = ReferralFact(step="team", target="social_team", state="sent", at=moment(6))
    assert codes(ask(policy, referrals=(sent,)), "terug") == ["waits_for_outcome"]
    answered = replace(sent, state="rejected", answered_at=moment(12))
    decision = ask(policy, referrals=(answered,))
    assert due(decision) == ["terug"]
    assert codes(ask(policy, referrals=(replace(sent, state="closed"),)), "terug") == ["waits_for_outcome"]


def test_a_decision_branches_by_its_options_and_never_completes_by_itself() -> None:
    options = (
        "decided_by: commission\noptions:\n  - {key: ja, title: {nl: Verlenen, en: Grant}}\n"
        "  - {key: nee, title: {nl: Weigeren, en: Refuse}}"
    )
    policy = ladder(
        step("commissie", "decision", more=options),
        step("verder", when="{after_outcome: {step: commissie, outcomes: [ja]}}"),
    )
    assert due(ask(policy, 300)) == ["commissie"]
    assert due(ask(policy, attempts=(done("commissie", 6, "office", "ja"),))) == ["verder"]
    assert due(ask(policy, attempts=(done("commissie", 6, "office", "nee"),))) == []
    with pytest.raises(LadderError, match="never ends with 'misschien'"):
        ladder(
            step("commissie", "decision", more=options),
            step("verder", when="{after_outcome: {step: commissie, outcomes: [misschien]}}"),
        )


def test_a_contact_waits_for_a_payday_that_is_near() -> None:
    policy = ladder(step("bellen", when="{days_after_due: 20}", more="payday_within_days: 5"))
    decision = ask(policy, 20)
    assert codes(decision, "bellen") == ["days_after_due", "waits_for_payday"]
    assert due(ask(policy, 24)) == ["bellen"]  # the 25th
    assert due(ask(policy, 20, payday=8)) == ["bellen"]
    assert due(ask(policy, 20, payday=21)) == ["bellen"]


def test_attempts_look_for_another_weekday_and_the_hours_that_the_tenant_has() -> None:
    attempts = "attempts: {max: 3, gap_days: 7, other_weekday: true}"
    policy = ladder(step("bellen", more=attempts))
    tried = done("bellen", 6)  # a Monday
    planned = ask(policy, 13, attempts=(tried,)).due[0]
    assert CALENDAR.local(planned.due_at).weekday() == 1
    evening = ask(policy, 6, flags=frozenset({"reach_afternoon"})).due[0]
    assert CALENDAR.local(evening.due_at).hour >= 12


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_ladder_is_written_and_read_back_the_same(name: str) -> None:
    text = shipped_text(name)
    assert parse_ladder(write_ladder(ladder_data(text))) == parse_ladder(text)


@pytest.mark.parametrize("name", preset_names())
def test_the_floor_adds_what_is_missing_once_and_takes_nothing_away(name: str) -> None:
    source = ladder_data(preset_text(name))
    once = with_floor(source)
    assert with_floor(once) == once
    kept = [each for each in once["steps"] if each.get("added_by") is None]
    assert [each["key"] for each in kept] == [each["key"] for each in source["steps"]]
    assert all(
        {"four_steps", "early_signal", "personal_contact"} <= set(each["needs"])
        for each in once["steps"]
        if each.get("target") in {"bailiff", "court"}
    )


def test_each_source_ships_beside_its_variant_with_the_floor() -> None:
    assert {source_of(name) for name in shipped_names()} == set(preset_names())
    assert not is_source("standaard") and is_source("woonin")
    added = [each.key for each in load_shipped("woonin_met_bodem").steps if each.added_by == "legal_floor"]
    assert added == [
        "bodem_herinnering", "bodem_bellen", "bodem_huisbezoek", "bodem_kaartje", "bodem_meldpunt", "bodem_overleg",
    ]  # fmt: skip


def test_every_target_of_a_shipped_ladder_has_a_name_in_two_languages() -> None:
    for name in shipped_names():
        for each in load_shipped(name).steps:
            assert each.target is None or set(targets()[each.target]) == {"nl", "en"}


def test_no_two_documents_share_a_gap() -> None:
    """Keep a value that fills one ladder from silently filling another."""
    documents = [*map(load_preset, preset_names()), *map(load_route, route_names())]
    names = [gap.name for document in documents for gap in document.gaps]
    names += [gap.name for name in trajectory_names() for gap in load_trajectory(name).gaps]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("text", ["\x85", "a\u2028b", "twee\nregels", "~gat", "ja: nee", "'\"", "  ", "2026-01-01"])
def test_any_title_is_written_and_read_back_the_same(text: str) -> None:
    data = ladder_data(preset_text("standaard"))
    data["title"] = {"nl": text, "en": text}
    assert ladder_data(write_ladder(data)) == data

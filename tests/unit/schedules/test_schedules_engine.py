"""The engine: what is due, waits and is refused; and that no decision breaks a protection."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import Calendar, load_law
from schedules.decisions import Decision
from schedules.engine import decide
from schedules.facts import AttemptFact, AttemptState, CaseFacts, PlanState, ReferralFact, SignalEvidence
from schedules.ladder import example_fills
from schedules.loader import load_preset
from schedules.moments import is_pressure_bound
from schedules.pressure import PressureBudget, PressureFacts, room
from schedules.reasons import reason_text
from schedules.rehearsal import CONTACT_POINTS, Script, first_facts, rehearse
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped, shipped_names
from schedules.windows import WINDOWS, permitted

pytestmark = pytest.mark.unit
CALENDAR = Calendar(load_law())
LADDER = load_preset("standaard")
SETTINGS = PolicySettings()
DUE_ON = date(2026, 9, 1)
ALL_EVIDENCE = SignalEvidence(
    personal_contact_effort=True,
    pointed_to_debt_help=True,
    written_reminder=True,
    offered_to_pass_on=True,
    agreement_active=True,
)


def moment(day: int, clock: time = time(8)) -> datetime:
    return CALENDAR.utc(DUE_ON + timedelta(days=day), clock)


def a_case(day: int, **changes: Any) -> CaseFacts:
    return replace(first_facts(DUE_ON, 65000), **({"ledger_as_of": DUE_ON + timedelta(days=day)} | changes))


def ask(day: int, clock: time = time(8), policy: PolicySettings = SETTINGS, **changes: Any) -> Decision:
    return decide(LADDER, a_case(day, **changes), policy, CALENDAR, moment(day, clock))


def done(step: str, day: int, channel: str = "sms", attempt: int = 1, **more: Any) -> AttemptFact:
    fields: dict[str, Any] = {"state": AttemptState.DONE, "at": moment(day, time(10))} | more
    return AttemptFact(step=step, attempt=attempt, channel=channel, **fields)


def refused_codes(decision: Decision, step: str) -> list[str]:
    return [reason.code for refused in decision.refused if refused.step == step for reason in refused.why]


def waiting_codes(decision: Decision, step: str) -> list[str]:
    return [reason.code for waiting in decision.waiting if waiting.step == step for reason in waiting.why]


def test_the_reminder_is_due_on_the_first_permitted_moment_after_day_five() -> None:
    assert ask(4).due == ()
    decision = ask(5)  # a Sunday
    assert [(planned.step, planned.channel) for planned in decision.due] == [("reminder", "sms")]
    assert decision.due[0].due_at == moment(6, time(9))
    assert decision.stage == "reminder"


def test_a_blocked_channel_falls_back_with_its_reason() -> None:
    decision = ask(6, channels=CONTACT_POINTS - {"sms"}, blocked_channels={"sms": "opted_out"})
    assert decision.due[0].channel == "email"
    assert "channel_blocked" in {reason.code for reason in decision.due[0].why}
    off = ask(6, policy=replace(SETTINGS, channels_off=frozenset({"sms", "email"})))
    assert off.due[0].channel == "letter"


def test_a_failed_attempt_falls_back_to_the_next_channel() -> None:
    failed = done("reminder", 6, state=AttemptState.FAILED, outcome="undelivered")
    decision = ask(7, attempts=(failed,), household_contacts=(failed.at,))
    assert [(planned.channel, planned.attempt) for planned in decision.due] == [("email", 2)]


def test_without_any_channel_the_ladder_goes_on() -> None:
    decision = ask(10, channels=frozenset({"robocall"}))
    assert refused_codes(decision, "reminder")[0] == "no_channel"
    assert [planned.step for planned in decision.due] == ["robocall"]


def test_paid_is_the_end_and_a_small_rest_too() -> None:
    assert (end := ask(20, amount_cents=0).end) is not None and end.code == "paid"
    small = ask(20, amount_cents=400, policy=replace(SETTINGS, minimum_amount_cents=500))
    assert small.end is not None and small.end.code == "below_minimum" and not small.due


HOLDS: list[tuple[dict[str, Any], str]] = [
    ({"pause_reason": "hulp", "pause_until": date(2026, 10, 1)}, "paused_until"),
    ({"pause_reason": "hulp"}, "paused"),
    ({"promise_until": date(2026, 9, 30)}, "promise_open"),
    ({"plan": PlanState.ACTIVE}, "plan_active"),
    ({"plan": PlanState.REQUESTED}, "plan_requested"),
    ({"busy_talk": True}, "busy_talk"),
    ({"flags": frozenset({"dispute"})}, "held_by_flag"),
    ({"flags": frozenset({"bereaved"})}, "held_by_flag"),
    ({"ledger_as_of": DUE_ON}, "stale_ledger"),
    ({"ledger_as_of": None}, "no_ledger"),
]


@pytest.mark.parametrize(("changes", "code"), HOLDS)
def test_a_hold_makes_collection_wait_with_its_reason(changes: dict[str, Any], code: str) -> None:
    decision = ask(10, **changes)
    assert decision.due == ()
    assert code in waiting_codes(decision, "reminder")


def test_a_friday_ledger_is_fresh_on_monday_and_stale_on_tuesday() -> None:
    assert ask(6, ledger_as_of=date(2026, 9, 4)).due
    assert not ask(7, ledger_as_of=date(2026, 9, 4)).due


def test_a_promise_has_a_working_day_of_grace() -> None:
    kept_out = ask(17, promise_until=date(2026, 9, 17))
    assert waiting_codes(kept_out, "reminder") == ["promise_open"]
    assert ask(20, promise_until=date(2026, 9, 17)).due


def test_robocalls_go_out_on_other_day_parts() -> None:
    first = done("robocall", 10, "robocall", outcome="no_answer")
    decision = ask(13, attempts=(done("reminder", 6), first), household_contacts=(first.at,))
    planned = next(one for one in decision.due if one.step == "robocall")
    assert planned.attempt == 2
    assert CALENDAR.local(planned.due_at).time() == time(17, 30)


def test_only_one_contact_is_scheduled_ahead_and_the_next_is_expected() -> None:
    decision = ask(14, attempts=(done("reminder", 6),), household_contacts=(moment(6, time(10)),))
    assert len(decision.due) == 1
    assert "after_other_contact" in waiting_codes(decision, "reminder_help")
    expected = next(waiting.until for waiting in decision.waiting if waiting.step == "reminder_help")
    assert expected is not None and expected > decision.due[0].due_at


def test_reached_rests_and_then_resumes_without_hunting() -> None:
    talked = done("call", 28, "call", reached=True, outcome="talked")
    history = (done("reminder", 6), done("reminder_help", 14, "letter"), talked)
    resting = ask(32, attempts=history, reached_at=talked.at, talk_at=talked.at)
    assert "reached" in refused_codes(resting, "visit")
    assert not any(planned.step in {"visit", "robocall", "contact_request"} for planned in resting.due)
    resumed = ask(36, attempts=history, reached_at=talked.at, talk_at=talked.at)
    assert sum(planned.kind != "referral" for planned in resumed.due) == 1


def test_a_card_shares_the_moment_of_its_visit() -> None:
    visit = done("visit", 35, "visit", outcome="not_home")
    decision = ask(35, time(10, 5), attempts=(visit,), household_contacts=(visit.at,))
    card = next(planned for planned in decision.due if planned.step == "card")
    assert card.due_at == visit.at and card.channel == "card"
    late = ask(36, attempts=(visit,), household_contacts=(visit.at,))
    assert refused_codes(late, "card") == ["moment_passed"]
    opened = ask(36, attempts=(replace(visit, outcome="talked", reached=True),))
    assert refused_codes(opened, "card") == ["waits_for_outcome"]


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"personal_contact_effort": False}, "signal_needs_contact_effort"),
        ({"pointed_to_debt_help": False}, "signal_needs_debt_help"),
        ({"written_reminder": False}, "signal_needs_written_reminder"),
        ({"offered_to_pass_on": False}, "signal_needs_offer"),
        ({"refused": True}, "signal_refused_by_tenant"),
        ({"agreement_active": False}, "signal_needs_agreement"),
    ],
)
def test_the_signal_is_refused_with_one_reason_per_missing_condition(missing: dict[str, bool], code: str) -> None:
    history = (done("reminder_help", 14, "letter"),)
    right = ask(36, attempts=history, signal=ALL_EVIDENCE)
    assert any(planned.target == "municipality" for planned in right.due)
    wrong = ask(36, attempts=history, signal=replace(ALL_EVIDENCE, **missing))
    assert refused_codes(wrong, "early_signal") == [code]


def test_a_refused_signal_leads_to_the_next_rung() -> None:
    refused = replace(ALL_EVIDENCE, refused=True)
    decision = ask(50, attempts=(done("reminder_help", 14, "letter"),), signal=refused)
    assert any(planned.step == "social_team" for planned in decision.due)


def test_the_bailiff_needs_the_floor_of_law_whatever_the_ladder_says() -> None:
    ladder = load_preset("woongoed_zeist")
    policy = PolicySettings(fills=example_fills(ladder))
    visited = (done("herinnering", 6, "letter"), done("bellen", 8, "call"), done("bellen", 12, "call", 2),
               done("huisbezoek", 17, "visit", outcome="not_home"))  # fmt: skip
    now = moment(40)
    bare = decide(ladder, a_case(40, attempts=visited), policy, CALENDAR, now)
    assert refused_codes(bare, "deurwaarder") == [
        "signal_needs_contact_effort", "signal_needs_debt_help", "signal_needs_written_reminder", "signal_needs_offer",
        "needs_early_signal",
    ]  # fmt: skip
    signal = ReferralFact(step="early_signal", target="municipality", state="refused_by_law", at=moment(20))
    facts = a_case(40, attempts=visited, referrals=(signal,), signal=ALL_EVIDENCE)
    whole = decide(ladder, facts, policy, CALENDAR, now)
    assert any(planned.target == "bailiff" for planned in whole.due)


def test_an_open_gap_is_refused_by_name() -> None:
    ladder = load_preset("de_alliantie")
    decision = decide(ladder, a_case(20), SETTINGS, CALENDAR, moment(20))
    assert refused_codes(decision, "belcomputer") == ["gap"]


def test_a_planned_attempt_keeps_its_moment_and_recording_is_a_fixed_point() -> None:
    first = ask(4 + 1)
    planned = AttemptFact(step="reminder", attempt=1, channel="sms", state=AttemptState.PLANNED, at=first.due[0].due_at)
    assert ask(5, attempts=(planned,)).due[0].due_at == planned.at
    later = ask(6, time(11), attempts=(planned,))
    assert (later.due[0].due_at, later.due[0].attempt) == (planned.at, 1)


def test_what_is_under_way_waits_and_a_dropped_attempt_does_not_count() -> None:
    claimed = done("reminder", 6, state=AttemptState.CLAIMED)
    assert waiting_codes(ask(6, time(11), attempts=(claimed,)), "reminder") == ["in_flight"]
    dropped = done("reminder", 6, state=AttemptState.DROPPED, outcome="stale_ledger")
    again = ask(7, attempts=(dropped,))
    assert [(one.step, one.attempt) for one in again.due] == [("reminder", 2)]
    skipped = ask(10, attempts=(replace(dropped, outcome="skipped"),))
    assert [one.step for one in skipped.due] == ["robocall"]


def test_a_person_can_skip_and_postpone_a_step() -> None:
    skipped = ask(10, steps_skipped=frozenset({"reminder"}))
    assert refused_codes(skipped, "reminder") == ["skipped_by_person"]
    assert [planned.step for planned in skipped.due] == ["robocall"]
    later = ask(6, step_not_before={"reminder": date(2026, 9, 15)})
    assert waiting_codes(later, "reminder") == ["days_after_due", "not_before"]


STEPS = tuple(step.key for step in LADDER.steps)


def moments(start: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 24 * 60).map(lambda minutes: start + timedelta(minutes=minutes))


PAST = moments(datetime(2026, 9, 1, tzinfo=UTC), days=61)
SELDOM = st.sampled_from([False] * 9 + [True])
ATTEMPTS = st.lists(
    st.builds(
        AttemptFact,
        step=st.sampled_from(STEPS),
        attempt=st.integers(1, 3),
        channel=st.sampled_from(["sms", "email", "letter", "robocall", "call", "visit"]),
        state=st.sampled_from(AttemptState),
        at=PAST,
        outcome=st.sampled_from([None, "no_answer", "not_home", "talked", "undelivered", "skipped"]),
        reached=st.booleans(),
    ),
    max_size=8,
)
FACTS = st.builds(
    CaseFacts,
    opened_on=st.just(DUE_ON),
    amount_cents=st.sampled_from([0, 1, 400, 65000]),
    oldest_due_on=st.sampled_from([DUE_ON] * 5 + [None]),
    months=st.integers(0, 3),
    attempts=ATTEMPTS.map(tuple),
    channels=st.frozensets(st.sampled_from(sorted(CONTACT_POINTS))),
    household_contacts=st.lists(PAST, max_size=3).map(tuple),
    reached_at=st.none() | PAST,
    talk_at=st.none() | PAST,
    busy_talk=SELDOM,
    promise_until=st.sampled_from([None, None, date(2026, 10, 20), date(2026, 11, 2), date(2026, 11, 20)]),
    promised_at=st.none() | PAST,
    plan=st.sampled_from([PlanState.NONE] * 5 + list(PlanState)),
    pause_reason=SELDOM.map(lambda paused: "hulp" if paused else None),
    pause_until=st.none() | st.dates(date(2026, 9, 1), date(2026, 12, 1)),
    flags=st.sampled_from([frozenset[str]()] * 6 + [frozenset({"dispute"}), frozenset({"bereaved", "children"})]),
    grounds=st.frozensets(st.sampled_from(["risk"])),
    signal=st.builds(
        SignalEvidence, **dict.fromkeys(("refused", "agreement_active", "written_reminder"), st.booleans())
    ),
    ledger_as_of=st.sampled_from([None, date(2026, 10, 28), date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 3)]),
)
NOW = moments(datetime(2026, 11, 1, tzinfo=UTC), days=3)


@given(FACTS, NOW)
@settings(max_examples=100, deadline=None)
def test_nothing_due_breaks_a_protection(facts: CaseFacts, now: datetime) -> None:
    decision = decide(LADDER, facts, SETTINGS, CALENDAR, now)
    if decision.due:
        assert facts.amount_cents > 0 and facts.pause_reason is None and not facts.busy_talk
        assert facts.plan not in {PlanState.ACTIVE, PlanState.REQUESTED}
        assert not facts.flags & {"dispute", "bereaved"}
        assert facts.ledger_as_of is not None
        assert CALENDAR.working_days_between(facts.ledger_as_of, CALENDAR.day_of(now)) <= 1
    bound = 0
    for planned in decision.due:
        step = LADDER.step(planned.step)
        assert step is not None
        assert planned.channel in facts.channels | {None, "visit", "card"}
        if planned.step == "card":
            continue
        checked_at = max(planned.due_at, now)
        assert permitted(checked_at, WINDOWS[planned.channel or "office"], CALENDAR) is None
        if is_pressure_bound(step):
            bound += 1
            weight = PressureFacts(
                contacts=facts.household_contacts, talk_at=facts.talk_at, promised_at=facts.promised_at
            )
            assert room(checked_at, weight, PressureBudget(), CALENDAR) is None
    assert bound <= 1
    answers = (decision.due, decision.waiting, decision.refused)
    for why in [one.why for answer in answers for one in answer]:
        assert why and all(reason_text(reason, language) for reason in why for language in ("nl", "en"))


@given(FACTS, NOW)
@settings(max_examples=60, deadline=None)
def test_deciding_again_after_recording_changes_nothing(facts: CaseFacts, now: datetime) -> None:
    kept = tuple(attempt for attempt in facts.attempts if attempt.state is not AttemptState.PLANNED)
    facts = replace(facts, attempts=kept)
    first = decide(LADDER, facts, SETTINGS, CALENDAR, now)
    rows = tuple(
        AttemptFact(
            step=planned.step,
            attempt=planned.attempt,
            channel=planned.channel or "office",
            state=AttemptState.PLANNED,
            at=planned.due_at,
        )
        for planned in first.due
    )
    again = decide(LADDER, replace(facts, attempts=(*kept, *rows)), SETTINGS, CALENDAR, now)
    assert [(one.step, one.attempt, one.channel, one.due_at) for one in again.due] == [
        (one.step, one.attempt, one.channel, one.due_at) for one in first.due
    ]


@pytest.mark.parametrize("name", shipped_names())
def test_no_rehearsal_goes_above_the_budget(name: str) -> None:
    ladder = load_shipped(name)
    policy = PolicySettings(fills=example_fills(ladder))
    contacts = rehearse(ladder, policy, CALENDAR, first_facts(DUE_ON, 65000), Script(title=""), 70)
    moments = contacts.facts.household_contacts
    assert moments or name == "woonin"  # its source begins with the report to the municipality
    for end in moments:
        assert sum(end - timedelta(days=7) < one <= end for one in moments) <= 2
        assert sum(CALENDAR.day_of(one) == CALENDAR.day_of(end) for one in moments) == 1

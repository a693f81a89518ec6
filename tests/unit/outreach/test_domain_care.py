"""The states of a referral, the conditions of a pause, and that a pause never ends by itself into a demand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.db.tables import PauseRow, ReferralRow
from outreach.domain.pauses import LONGEST_PAUSE, current_rent_paid, last_day, said, to_ask
from outreach.domain.referral_states import NEXT, QUEUED, REASONS, STATES, VERDICTS, next_state, verdicts
from outreach.services.care_facts import RESUME_ASKED, help_facts, pause_facts
from schedules.calendar import Calendar, load_law
from schedules.decisions import PlannedStep
from schedules.engine import decide
from schedules.facts import CaseFacts
from schedules.loader import load_preset
from schedules.settings import PolicySettings

CALENDAR = Calendar(load_law())
LADDER = load_preset("standaard")
DAY = date(2026, 11, 24)
CONDITIONS = ({"key": "rent", "check": "current_rent_paid"}, {"key": "request", "check": None})


@pytest.mark.parametrize(("state", "verdict"), list(product(STATES, VERDICTS)))
def test_every_state_meets_every_verdict(state: str, verdict: str) -> None:
    after = next_state(state, verdict)
    assert after is None or after in STATES
    assert (verdict in verdicts(state)) == (after is not None)
    if state in ("closed", QUEUED):
        assert after is None, "a partner tells nothing of what it never got, or gave back for good"
    if after is not None and verdict != "going_on":
        assert after == verdict


def test_only_a_queued_referral_is_sent() -> None:
    assert [state for (state, verdict), after in NEXT.items() if after == "sent" and verdict == "sent"] == [QUEUED]
    assert set(REASONS) == {"too_light", "refused", "no_capacity", "other"}


@given(st.integers(0, 700), st.none() | st.integers(0, 900))
def test_no_pause_lasts_longer_than_nine_months(start: int, own: int | None) -> None:
    from_on = DAY + timedelta(days=start)
    end = last_day(from_on, None if own is None else from_on + timedelta(days=own))
    assert end <= from_on + LONGEST_PAUSE
    assert own is None or end <= from_on + timedelta(days=own)


RENTS: Sequence[tuple[int, int, bool]] = (
    (-1, 65000, True),
    (0, 65000, False),
    (10, 65000, False),
    (10, 0, True),
    (27, 65000, True),
)


@pytest.mark.parametrize(("due", "cents", "paid"), RENTS)
def test_current_rent_is_what_came_due_during_the_pause_with_days_of_grace(due: int, cents: int, paid: bool) -> None:
    rents = [(DAY + timedelta(days=due), cents)]
    assert current_rent_paid(rents, DAY, DAY + timedelta(days=30), 3) is paid


def test_books_and_partner_go_over_what_a_person_said_before() -> None:
    told = ({**CONDITIONS[0], "holds": True, "on": "2026-11-01"}, {**CONDITIONS[1], "holds": False, "on": "2026-11-01"})
    assert said(told, False, "accepted") == {"current_rent_paid": False, "help_going_on": True, "request": False}
    assert said(told, True, "stopped")["help_going_on"] is False
    assert said(CONDITIONS, True, "accepted", help_refused=True)["help_going_on"] is False
    assert "request" not in said(CONDITIONS, True, None)


def test_a_person_is_asked_a_month_after_the_last_word() -> None:
    assert to_ask(CONDITIONS, ["request"], DAY, DAY + timedelta(days=29)) == ()
    assert to_ask(CONDITIONS, ["request"], DAY, DAY + timedelta(days=30)) == ("request",)
    told = ({**CONDITIONS[1], "holds": True, "on": "2026-12-20"},)
    assert to_ask(told, [], DAY, DAY + timedelta(days=40)) == ()


def pause(until_on: date | None, **values: object) -> PauseRow:
    return PauseRow(id=1, reason="illness", until_on=until_on, from_at=datetime(2026, 1, 1, tzinfo=UTC), **values)


def contacts_due(facts: CaseFacts, now: datetime) -> list[PlannedStep]:
    found = decide(LADDER, facts, PolicySettings(), CALENDAR, now).due
    today = CALENDAR.day_of(now)
    return [step for step in found if step.channel is not None and CALENDAR.day_of(step.due_at) == today]


FACTS = CaseFacts(
    opened_on=date(2026, 6, 2),
    amount_cents=130000,
    oldest_due_on=date(2026, 6, 1),
    months=2,
    channels=frozenset({"sms", "email", "letter", "call", "visit"}),
    ledger_as_of=DAY,
)


def test_without_a_pause_the_tenant_of_these_tests_hears_from_us() -> None:
    assert contacts_due(FACTS, CALENDAR.utc(DAY) + timedelta(hours=10))


@given(
    ahead=st.integers(0, 60),
    hour=st.integers(0, 23),
    helped=st.booleans(),
    resuming=st.booleans(),
    ended=st.booleans(),
    late=st.integers(0, 2),
)
def test_a_pause_never_ends_by_itself_into_a_demand_on_that_day(
    ahead: int, hour: int, helped: bool, resuming: bool, ended: bool, late: int
) -> None:
    until_on = DAY + timedelta(days=ahead)
    day = until_on + timedelta(days=late)
    now = CALENDAR.utc(day) + timedelta(hours=hour)
    ended_at = CALENDAR.utc(day) + timedelta(hours=7) if ended else None
    row = pause(
        until_on, ended_at=ended_at, end_reason="end_date" if ended else None, referral_id=1 if helped else None
    )
    facts = replace(FACTS, ledger_as_of=day)
    held = replace(facts, **pause_facts([row], resuming, day))
    assert contacts_due(held, now) == []
    if ended:
        tomorrow = CALENDAR.utc(day + timedelta(days=1)) + timedelta(hours=10)
        after = pause_facts([row], resuming, day + timedelta(days=1))
        assert (after["pause_reason"] == RESUME_ASKED) == (helped and resuming)
        if helped and resuming:
            assert contacts_due(replace(facts, **after), tomorrow) == []


def test_a_pause_that_a_person_ended_holds_no_longer() -> None:
    row = pause(DAY, ended_at=CALENDAR.utc(DAY), end_reason="gesproken", referral_id=1)
    assert pause_facts([row], resuming=True, day=DAY) == {"pause_reason": None, "pause_until": None}


HELP = (
    ((("accepted", True, False),), (True, False, False)),
    ((("accepted", False, True),), (False, True, False)),
    ((("stopped", True, False),), (False, False, True)),
    ((("stopped", True, False), ("accepted", True, False)), (True, False, False)),
    ((("closed", True, False),), (False, False, False)),
)


@pytest.mark.parametrize(("rows", "expected"), HELP)
def test_what_is_known_of_help_follows_from_the_referrals(
    rows: Sequence[tuple[str, bool, bool]], expected: tuple[bool, bool, bool]
) -> None:
    referrals = [ReferralRow(state=state, help_accepted=yes, help_refused=no) for state, yes, no in rows]
    facts = help_facts(referrals, [])
    assert (facts["help_accepted"], facts["help_refused"], facts["help_stopped"]) == expected
    assert help_facts([], ["help_refused"])["help_refused"] is True

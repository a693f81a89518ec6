"""The table of a plan's states: every pair of state and event is allowed or refused, and every plan can end."""

from itertools import product

import pytest

from outreach.domain.plan_states import (
    ASKED,
    EVENTS,
    NEXT,
    OPEN,
    OVER,
    RUNNING,
    STATES,
    PlanStateError,
    may,
    next_state,
)

PAIRS = list(product(STATES, EVENTS))


@pytest.mark.parametrize("state", STATES)
def test_every_pair_goes_where_the_table_says_or_is_refused(state: str) -> None:
    for event in EVENTS:
        if may(state, event):
            assert next_state(state, event) == NEXT[state, event]
        else:
            with pytest.raises(PlanStateError) as refused:
                next_state(state, event)
            assert refused.value.text("nl") != refused.value.text("en")


def test_the_table_knows_no_other_states_or_events() -> None:
    assert set(NEXT) <= set(PAIRS)
    assert set(NEXT.values()) <= set(STATES)
    assert set(STATES) == {*OPEN, *OVER}
    assert {event for _, event in NEXT} == set(EVENTS)


@pytest.mark.parametrize("state", OVER)
def test_what_is_over_stays_over(state: str) -> None:
    assert not any(may(state, event) for event in EVENTS)


@pytest.mark.parametrize("state", OPEN)
def test_every_open_plan_can_come_to_its_end(state: str) -> None:
    reached, edge = {state}, {state}
    while edge:
        edge = {NEXT[at, event] for at in edge for event in EVENTS if may(at, event)} - reached
        reached |= edge
    assert reached & set(OVER)


def test_a_plan_that_a_person_must_decide_on_is_never_agreed_by_silence() -> None:
    assert not may("waiting", "lapse")
    assert all(may(state, "refuse") for state in ASKED)
    assert not any(may(state, "agree") for state in RUNNING), "no second agreement"


def test_a_repair_follows_contact_and_breaks_only_once() -> None:
    assert not may("active", "offer_repair"), "contact comes first"
    assert next_state("missed", "offer_repair") == "repair_offered"
    assert next_state("repair_offered", "repair") == "active"
    assert next_state("active", "break") == "broken"

"""Editing a ladder as data: whatever is done, the file stays readable, and what follows stays right."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.draft_blocks import add_block, blocks
from schedules.draft_days import days_of_steps, movable_clock, shift_step
from schedules.draft_removal import possible_instead, remove_step, usual_instead
from schedules.draft_stages import add_stage, move_stage, remove_stage, rename_stage, stage_keys
from schedules.draft_start import Beginning, copied_ladder, empty_ladder
from schedules.drafting import (
    add_step,
    change_step,
    duplicate_step,
    followers,
    keys_of,
    new_key,
    nudge_step,
    place_step,
    possible_before,
    step_of,
)
from schedules.ladder_file import ladder_data, write_ladder
from schedules.loader import parse_ladder, preset_names, preset_text
from schedules.overlay import with_floor

pytestmark = pytest.mark.unit

BEGINNING = Beginning(
    name="eigen",
    title={"nl": "Eigen ladder", "en": "Own ladder"},
    decided_by="Bestuur, 3 november 2026",
    description="Besluit van het bestuur",
    on=date(2026, 12, 1),
)
STANDARD = ladder_data(preset_text("standaard"))


def own() -> dict[str, Any]:
    """Return an empty own ladder."""
    return empty_ladder(BEGINNING)


def readable(data: dict[str, Any]) -> None:
    """Write, read and parse: the data must come back as it was."""
    text = write_ladder(data)
    parse_ladder(text)
    assert ladder_data(text) == data


def test_an_empty_ladder_hands_everybody_to_a_person() -> None:
    data = own()
    readable(data)
    assert [step["kind"] for step in data["steps"]] == ["decision"]


@pytest.mark.parametrize("name", preset_names())
def test_a_copy_of_a_shipped_ladder_is_an_own_ladder(name: str) -> None:
    data = copied_ladder(ladder_data(preset_text(name)), BEGINNING)
    readable(data)
    assert (data["ladder"], data["status"]) == ("eigen", "own")
    assert not any("lines" in step for step in data["steps"])


@pytest.mark.parametrize("name", [name for name in blocks() if name != "card"])
def test_every_ready_step_makes_a_readable_ladder(name: str) -> None:
    block = blocks()[name]
    data, key = add_block(own(), name, title=block.title, stage="contact", when={"days_after_due": 10})
    readable(data)
    assert step_of(data, key)["title"] == block.title


def test_a_visit_brings_its_card() -> None:
    data, key = add_block(own(), "visit", title=blocks()["visit"].title, stage="contact", when={"days_after_due": 20})
    card = step_of(data, followers(data, key)[0])
    assert (card["kind"], card["when"]["after_outcome"]["step"]) == ("card", key)
    assert [step["kind"] for step in data["steps"]] == ["visit", "card", "decision"]


def test_keys_come_from_titles_and_are_used_once() -> None:
    assert new_key("Hé, bel ons nú!", ()) == "he_bel_ons_nu"
    assert new_key("Huisbezoek", ("huisbezoek",)) == "huisbezoek_2"
    assert new_key("14-dagenbrief", ()) == "stap_14_dagenbrief"


def test_a_step_that_moves_takes_what_follows_along() -> None:
    before, after = days_of_steps(STANDARD, {}), days_of_steps(shift_step(STANDARD, "reminder", 3, {}), {})
    assert after["reminder"].first == before["reminder"].first + 3  # type: ignore[union-attr]
    assert after["card"].first == before["card"].first + 3  # type: ignore[union-attr]
    assert after["reminder_help"] == before["reminder_help"]


def test_the_clock_that_decides_the_day_is_the_one_that_moves() -> None:
    assert movable_clock(STANDARD, "early_signal", {}) == "days_after_due"
    later = shift_step(STANDARD, "early_signal", 5, {})
    assert step_of(later, "early_signal")["when"]["days_after_due"] == 40
    assert movable_clock(STANDARD, "card", {}) is None


def test_no_step_begins_before_the_due_date() -> None:
    assert step_of(shift_step(STANDARD, "reminder", -9, {}), "reminder")["when"] == {"days_after_due": 0}


def test_what_followed_a_removed_step_follows_the_one_before_it() -> None:
    assert usual_instead(STANDARD, "call") == "contact_request"
    data = remove_step(STANDARD, "call", "contact_request", {})
    readable(data)
    assert step_of(data, "visit")["when"]["days_after"] == {"step": "contact_request", "days": 2}


def test_without_another_step_the_follower_keeps_its_own_day() -> None:
    day = days_of_steps(STANDARD, {})["visit"]
    data = remove_step(STANDARD, "call", None, {})
    assert day is not None and step_of(data, "visit")["when"] == {"days_after_due": day.first}


def test_a_card_goes_with_its_visit() -> None:
    data = remove_step(STANDARD, "visit", "call", {})
    readable(data)
    assert "card" not in keys_of(data)


def test_a_circle_cannot_be_chosen() -> None:
    assert "card" not in possible_before(STANDARD, "call")
    assert "visit" not in possible_instead(STANDARD, "call")


def test_an_option_that_goes_takes_the_question_after_it_along() -> None:
    options = [{"key": "door", "title": {"nl": "Door", "en": "Go on"}}]
    data = change_step(STANDARD, "overleg", {"options": options})
    follow = {"stage": "consult", "kind": "decision", "title": {"nl": "Nog eens", "en": "Again"}}
    data = add_step(data, {**follow, "when": {"after_outcome": {"step": "overleg", "outcomes": ["door"]}}})
    readable(data)
    data = change_step(data, "overleg", {"options": None})
    readable(data)
    assert step_of(data, "nog_eens")["when"] == {"days_after": {"step": "overleg", "days": 0}}


def test_a_step_at_the_edge_goes_to_the_next_stage() -> None:
    data = nudge_step(STANDARD, "reminder", 1)
    assert step_of(data, "reminder")["stage"] == "contact"
    assert nudge_step(data, "reminder", -1) == STANDARD


def test_stages_can_be_added_named_moved_and_removed() -> None:
    data = add_stage(STANDARD, {"nl": "Laatste kans", "en": "Last chance"})
    data = move_stage(rename_stage(data, "laatste_kans", {"nl": "Kans", "en": "Chance"}), "laatste_kans", -9)
    assert stage_keys(data)[0] == "laatste_kans"
    data = remove_stage(data, "reminder")
    readable(data)
    assert step_of(data, "reminder")["stage"] == "laatste_kans"


def test_the_legal_floor_can_be_added_to_an_empty_ladder() -> None:
    data = with_floor(own())
    readable(data)
    assert {"message", "call", "visit", "card", "referral", "decision"} <= {step["kind"] for step in data["steps"]}


@st.composite
def edited(draw: st.DrawFn) -> dict[str, Any]:
    """Return a ladder after some edits of every kind, each on what is there at that moment."""
    data: dict[str, Any] = draw(st.sampled_from([own(), STANDARD]))
    for _ in range(draw(st.integers(min_value=1, max_value=8))):
        data = _edit(draw, data)
    return data


def _edit(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    stage = draw(st.sampled_from(stage_keys(data)))
    what = draw(
        st.sampled_from(["block", "remove", "shift", "nudge", "place", "copy", "stage", "unstage", "move_stage"])
    )
    if what == "stage":
        return add_stage(data, {"nl": draw(st.text(min_size=1, max_size=8)), "en": "New"})
    if what == "unstage":
        return remove_stage(data, stage)
    if what == "move_stage":
        return move_stage(data, stage, draw(st.integers(min_value=-3, max_value=3)))
    if what == "block" or not data["steps"]:
        name = draw(st.sampled_from([name for name in blocks() if name != "card"]))
        before = draw(st.sampled_from([None, *keys_of(data)]))
        days = draw(st.integers(min_value=0, max_value=90))
        when = {"days_after": {"step": before, "days": days}} if before else {"days_after_due": days}
        return add_block(data, name, title=blocks()[name].title, stage=stage, when=when)[0]
    key = draw(st.sampled_from(keys_of(data)))
    if what == "remove":
        if len(data["steps"]) == 1:
            return data
        return remove_step(data, key, draw(st.sampled_from([None, *possible_instead(data, key)])), {})
    if what == "shift":
        return shift_step(data, key, draw(st.integers(min_value=-40, max_value=40)), {})
    if what == "nudge":
        return nudge_step(data, key, draw(st.sampled_from([-1, 1])))
    if what == "copy":
        return duplicate_step(data, key, {"nl": "Nog een keer", "en": "Once more"})
    there = [None, *(step["key"] for step in data["steps"] if step["stage"] == stage)]
    return place_step(data, key, stage=stage, before=draw(st.sampled_from(there)))


@settings(max_examples=60, deadline=None)
@given(edited())
def test_any_sequence_of_edits_keeps_a_readable_ladder(data: dict[str, Any]) -> None:
    readable(data)
    order = stage_keys(data)
    places = [order.index(step["stage"]) for step in data["steps"]]
    assert len(places) == len(data["steps"])

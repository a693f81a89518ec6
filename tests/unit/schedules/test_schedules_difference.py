"""The difference between two ladders: nothing changes unnamed, and every line reads in Dutch and English."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.difference import Change, change_text, difference
from schedules.difference_words import FIELDS
from schedules.ladder import (
    Attempts,
    DaysAfterStep,
    Gap,
    GapNote,
    Ladder,
    NotReached,
    OnlyIf,
    Option,
    ReferralState,
    Slack,
    Source,
    Stage,
    Step,
    StepKind,
    StepOutcome,
)
from schedules.loader import load_preset, preset_names
from schedules.purposes import Purpose

pytestmark = pytest.mark.unit

RICH = OnlyIf(
    amount_at_least=5000,
    months_below=3,
    flag=frozenset({"children"}),
    referral=ReferralState(target="municipality", states=frozenset({"sent"})),
    outcome=StepOutcome(step="visit", outcomes=frozenset({"not_home"})),
    not_reached=True,
)


@cache
def rich() -> Ladder:
    """The standard ladder with something in every kind of field."""
    ladder = load_preset("standaard")
    first = replace(
        ladder.steps[0],
        only_if=RICH,
        not_if=RICH,
        options=(Option(key="yes", title={"nl": "Ja", "en": "Yes"}),),
        note={"nl": "Let op", "en": "Mind"},
        attempts=Attempts(max=2, gap_days=3, day_parts=("morning",), weekdays=frozenset({0, 2})),
        pause_days=4,
    )
    slack = Slack(condition=RICH, days=14, stages=frozenset({"contact"}))
    gap = GapNote(name="days", title={"nl": "Dagen", "en": "Days"}, example=3)
    promises = {"attempts": 3, "home_visits": 1}
    return replace(
        ladder,
        steps=(first, *ladder.steps[1:]),
        slack=(slack,),
        gaps=(gap,),
        promises=promises,
        valid_to=date(2030, 1, 1),
        exclusions=frozenset({"cannabis"}),
    )


def other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case Purpose():
            return Purpose.CARE if value is not Purpose.CARE else Purpose.LEGAL
        case StepKind():
            return StepKind.CALL if value is not StepKind.CALL else StepKind.VISIT
        case int():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case StrEnum() | str():
            return f"{value}_other"
        case dict():
            key = next(iter(value))
            return {**value, key: other(value[key])}
        case frozenset():
            return value | {6 if all(isinstance(each, int) for each in value) and value else "something"}
        case Gap():
            return Gap(name=f"{value.name}_other")
        case None:
            return "something"
    raise AssertionError(f"no other value of {value!r}")


SIMPLE = (bool, int, str, date, dict, frozenset, Gap, type(None))


def variants(thing: Any) -> Iterator[tuple[str, Any]]:
    """Every dataclass like this one with one field changed, at any depth, with the path of that field."""
    for each in fields(thing):
        value = getattr(thing, each.name)
        if isinstance(value, SIMPLE):
            if (type(thing).__name__, each.name) not in EMPTY:
                yield each.name, replace(thing, **{each.name: other(value)})
            else:
                yield each.name, replace(thing, **{each.name: EMPTY[(type(thing).__name__, each.name)]})
        elif is_dataclass(value):
            yield from ((f"{each.name}.{path}", replace(thing, **{each.name: new})) for path, new in variants(value))
        elif isinstance(value, tuple):
            yield from ((f"{each.name}.{path}", replace(thing, **{each.name: new})) for path, new in _tuples(value))


EMPTY: dict[tuple[str, str], Any] = {
    ("OnlyIf", "referral"): ReferralState(target="bailiff", states=frozenset({"closed"})),
    ("OnlyIf", "outcome"): StepOutcome(step="call", outcomes=frozenset({"talked"})),
    ("Step", "note"): {"nl": "Anders", "en": "Other"},
    **dict.fromkeys(
        (
            ("OnlyIf", "amount_at_least"),
            ("OnlyIf", "amount_below"),
            ("OnlyIf", "months_at_least"),
            ("OnlyIf", "months_below"),
            ("Step", "expires_days"),
            ("Step", "pause_days"),
            ("Step", "payday_within_days"),
        ),
        7,
    ),
}
"""What fields hold that are empty by default."""


def _tuples(values: tuple[Any, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    yield "shorter", values[1:]
    if len(values) > 1:
        yield "turned", values[::-1]
    if values and not isinstance(values[0], str):
        for place, each in enumerate(values):
            if not is_dataclass(each) or isinstance(each, Gap):
                continue
            yield from (
                (f"{place}.{path}", (*values[:place], new, *values[place + 1 :])) for path, new in variants(each)
            )
    else:
        yield "longer", (*values, "something")


def lines(old: Ladder, new: Ladder) -> list[str]:
    return [change_text(change) for change in difference(old, new)]


@pytest.mark.parametrize("name", preset_names())
def test_equal_ladders_have_no_difference(name: str) -> None:
    assert difference(load_preset(name), load_preset(name)) == ()


def test_any_single_change_of_any_field_is_told_in_both_languages() -> None:
    ladder, count = rich(), 0
    for path, changed in variants(ladder):
        if changed == ladder:
            continue
        found = difference(ladder, changed)
        assert found, f"nothing is said of {path}"
        for change in found:
            for language in ("nl", "en"):
                text = change_text(change, language)
                assert "{" not in text and text.endswith("."), text
            assert "old" not in change.params or change.params["old"] != change.params.get("new"), (path, change)
        count += 1
    assert count > 400


def _spine(kind: type, prefix: str, leave: tuple[str, ...] = ()) -> list[str]:
    return [f"{prefix}_{each.name}" for each in fields(kind) if each.name not in leave]


def test_every_field_of_a_ladder_has_its_words() -> None:
    wanted = [
        *_spine(Ladder, "ladder", ("stages", "steps", "gaps", "promises", "source", "not_reached")),
        *_spine(Step, "step", ("key", "clocks", "only_if", "not_if", "attempts")),
        *_spine(Source, "source"),
        *_spine(NotReached, "not_reached"),
        *_spine(Attempts, "attempts"),
        *_spine(OnlyIf, "only_if"),
        *_spine(OnlyIf, "not_if"),
        *_spine(OnlyIf, "condition"),
    ]
    assert [name for name in wanted if name not in FIELDS] == []


NAMES = st.sampled_from(preset_names())
loaded = cache(load_preset)


@given(NAMES, st.data())
def test_one_change_in_a_shipped_ladder_is_told_and_undone_by_its_opposite(name: str, data: st.DataObject) -> None:
    ladder = loaded(name)
    place = data.draw(st.integers(0, len(ladder.steps) - 1))
    found = [step for path, step in variants(ladder.steps[place]) if path != "key"]
    step = found[data.draw(st.integers(0, len(found) - 1))]
    changed = replace(ladder, steps=(*ladder.steps[:place], step, *ladder.steps[place + 1 :]))
    if changed != ladder:
        forth, back = difference(ladder, changed), difference(changed, ladder)
        assert forth and back
        assert {change.step for change in forth} == {ladder.steps[place].key}


@given(NAMES, NAMES)
def test_there_is_a_difference_exactly_when_two_ladders_differ(one: str, two: str) -> None:
    assert bool(difference(loaded(one), loaded(two))) == (one != two)


def with_step(**values: Any) -> tuple[Ladder, Ladder]:
    """The standard ladder, and the same with values of its call step changed."""
    ladder = load_preset("standaard")
    steps = tuple(replace(step, **values) if step.key == "call" else step for step in ladder.steps)
    return ladder, replace(ladder, steps=steps)


def test_a_step_that_comes_later_says_by_how_many_days() -> None:
    moved = (DaysAfterStep(step="contact_request", days=5),)
    assert lines(*with_step(clocks=moved)) == [
        "De stap 'Een medewerker belt' komt 3 dagen later: 5 dagen na de stap 'Verzoek om contact' "
        "(was: 2 dagen na de stap 'Verzoek om contact')."
    ]
    old, new = with_step(clocks=moved)
    assert difference(new, old)[0].code == "step_earlier"


def test_a_change_of_amount_and_channel_reads_as_on_screen() -> None:
    old, new = with_step(only_if=OnlyIf(amount_at_least=25000), channels=("call", "sms"))
    assert lines(old, new) == [
        "De stap 'Een medewerker belt': kanalen was telefoon, wordt telefoon, sms.",
        "De stap 'Een medewerker belt': alleen als: bedrag ten minste wordt € 250,00.",
    ]
    english = [change_text(change, "en") for change in difference(old, new)]
    assert english[1] == "The step 'A person calls': only if: amount at least becomes €250.00."


def test_steps_and_stages_that_come_and_go_are_named() -> None:
    ladder = load_preset("standaard")
    stage = Stage(key="reminder", title={"nl": "Eerste bericht", "en": "First message"})
    new = replace(ladder, steps=ladder.steps[1:], stages=(stage, *ladder.stages[1:]))
    assert lines(ladder, new) == [
        "De fase 'Herinnering' heet nu 'Eerste bericht'.",
        "De stap 'Herinnering' (bericht) in de fase 'Herinnering' vervalt.",
    ]
    assert difference(new, ladder)[-1] == Change(
        code="step_added",
        step="reminder",
        way="added",
        params={
            "title": ("Herinnering", "Reminder"),
            "stage": ("Herinnering", "Reminder"),
            "kind": ("bericht", "message"),
            "when": ("5 dagen na de vervaldag", "5 days after the due date"),
        },
    )


def test_a_title_that_changes_in_english_only_is_seen_in_dutch_too() -> None:
    title = {"nl": "Een medewerker belt", "en": "Somebody calls"}
    (line,) = lines(*with_step(title=title))
    assert "(Engels: A person calls)" in line
    assert "(Engels: Somebody calls)" in line

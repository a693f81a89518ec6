"""The ladder language: exact errors with line and suggestion, presets, the published schema."""

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from schedules.errors import LadderError
from schedules.ladder import Gap, example_fills, open_gaps
from schedules.loader import load_preset, parse_ladder, preset_names, preset_text
from schedules.purposes import Purpose
from schedules.reasons import REASONS
from schedules.route import load_route, parse_route, route_names, route_text
from schedules.route_schema import route_schema, trajectory_schema
from schedules.schema import ladder_schema

pytestmark = pytest.mark.unit

GOOD = """ladder: proef
title: {nl: Proef, en: Trial}
status: own
valid_from: 2026-01-01
source: {document: eigen, year: 2026, lines: "1-2", description: proef}
not_reached: {attempts: 2}
stages:
  - {key: reminder, title: {nl: Herinnering, en: Reminder}}
steps:
  - key: reminder
    stage: reminder
    kind: message
    title: {nl: Herinnering, en: Reminder}
    channels: [sms]
    template: reminder
    when: {days_after_due: 5}
"""


def problems(text: str) -> list[tuple[int, str, str | None]]:
    with pytest.raises(LadderError) as caught:
        parse_ladder(text, "proef.yaml")
    assert "proef.yaml" in str(caught.value)
    return [(problem.line, problem.path, problem.suggestion) for problem in caught.value.problems]


def test_a_good_ladder_is_read() -> None:
    ladder = parse_ladder(GOOD)
    assert [step.key for step in ladder.steps] == ["reminder"]
    assert ladder.steps[0].purpose is Purpose.COLLECTION


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "hint"),
    [
        ("kind: message", "kind: mesage", 12, "steps[0].kind", "did you mean 'message'?"),
        ("channels: [sms]", "chanels: [sms]", 14, "steps[0].chanels", "did you mean 'channels'?"),
        ("channels: [sms]", "channels: [smss]", 14, "steps[0].channels[0]", "did you mean 'sms'?"),
        ("stage: reminder", "stage: remindr", 11, "steps[0].stage", "did you mean 'reminder'?"),
        ("days_after_due: 5", "days_afer_due: 5", 16, "steps[0].when.days_afer_due", "did you mean 'days_after_due'?"),
        ("days_after_due: 5", "days_after_due: -5", 16, "steps[0].when.days_after_due", None),
        ("days_after_due: 5", "days_after_due: ~wachten", 16, "steps[0].when.days_after_due", None),
        ("{days_after_due: 5}", "{days_after: {step: remind, days: 2}}", 16, "steps[0].when.days_after.step",
         "did you mean 'reminder'?"),
        ("{days_after_due: 5}", "{days_after: {step: reminder, days: 2}}", 16, "steps[0].when", None),
        ("days_after_due: 5", "days_after_due: ~", 16, "steps[0].when.days_after_due",
         "write ~name and describe the name under gaps"),
        ("    template: reminder\n", "", 10, "steps[0]", None),
        ("status: own", "status: own\nstatus: own", 4, "status", "keep one of the two"),
        ("valid_from: 2026-01-01", "valid_from: 2026-02-30", 4, "valid_from", None),
        ("status: own", "status: [own", 4, "document", None),
        ("kind: message", "kind: card", 16, "steps[0].when", None),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, path: str, hint: str | None) -> None:
    found = problems(GOOD.replace(old, new, 1))
    assert (line, path, hint) in found


@pytest.mark.parametrize("text", ["", "- a\n- b", "just words", "a: b: c"])
def test_what_is_no_ladder_at_all_is_named(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("name", preset_names())
def test_presets_fit_the_published_schema(name: str) -> None:
    data = yaml.load(preset_text(name), Loader=yaml.BaseLoader)
    assert data["ladder"] == name
    ladder = load_preset(name)
    assert ladder.name == name and ladder.source.lines
    assert not open_gaps(ladder, example_fills(ladder))


@pytest.mark.parametrize("schema", [ladder_schema(), route_schema(), trajectory_schema()])
def test_the_published_schema_is_a_json_schema(schema: dict[str, object]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_published_schema_judges_as_the_loader_does() -> None:
    data = yaml.safe_load(GOOD) | {"valid_from": "2026-01-01"}
    validator = jsonschema.Draft202012Validator(ladder_schema())
    assert not list(validator.iter_errors(data))
    data["steps"][0]["kind"] = "mesage"
    assert list(validator.iter_errors(data))


def test_the_four_presets_ship() -> None:
    assert set(preset_names()) >= {"standaard", "woongoed_zeist", "de_alliantie", "sociaal_incasso"}
    assert not load_preset("standaard").gaps
    with pytest.raises(KeyError):
        preset_text("bestaat_niet")


def test_a_gap_of_the_source_stays_visible() -> None:
    ladder = load_preset("woongoed_zeist")
    assert ladder.steps[0].channels == (Gap("herinnering_kanaal"),)
    assert {gap.name for gap in open_gaps(ladder, {})} >= {"bel_pogingen", "bezoek_na_dagen"}


def test_routes_say_what_is_handed_over_and_why() -> None:
    assert set(route_names()) >= {"drechtsteden_spoor_1", "drechtsteden_spoor_2"}
    first, second = load_route("drechtsteden_spoor_1"), load_route("drechtsteden_spoor_2")
    assert first.pause is not None and first.pause.when == "help_accepted"
    assert {one.key for one in second.opens_when} == {"summons_sent", "signal_not_taken_up"}
    assert second.grounds_needed == "all" and len(second.grounds) == 3
    assert all(field.reason["nl"] for route in (first, second) for field in route.fields)


def test_a_fault_in_a_route_is_named() -> None:
    with pytest.raises(LadderError, match="did you mean 'meldpunt'"):
        parse_route(route_text("drechtsteden_spoor_2").replace("target: meldpunt", "target: meldpnt"))


def test_every_reason_has_two_languages() -> None:
    assert all(len(texts) == 2 and all(texts) for texts in REASONS.values())

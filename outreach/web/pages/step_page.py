"""What stands in the parts of the editor that are open: the form of a step, a new step, a removal."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from messages.catalogue import Catalogue
from outreach.web.pages.editor_board import Board, follower_titles
from outreach.web.pages.new_step import failing_options
from outreach.web.pages.step_conditions import Options, more, rows, step_options
from outreach.web.pages.step_fields import (
    CONTACTS,
    PARTS,
    PLACES,
    TEXTED,
    choices,
    typed_step,
)
from outreach.web.pages.step_form import Typed
from outreach.web.pages.step_words import (
    CLOCKS,
    DATES,
    DAY_PARTS,
    DECIDERS,
    ENDS,
    MEASURES,
    MESSAGE_CHANNELS,
    NEEDS,
    PURPOSES,
    SIDES,
    UNLESS,
    WEEKDAYS,
)
from outreach.web.pages.text_names import NAMES
from outreach.web.translation import _, language
from schedules.draft_blocks import blocks
from schedules.draft_removal import possible_instead, usual_instead
from schedules.drafting import step_of

WORDS = {
    "clocks": CLOCKS, "dates": DATES, "day_parts": DAY_PARTS, "deciders": DECIDERS, "ends": ENDS,
    "measures": MEASURES, "channels": MESSAGE_CHANNELS, "needs": NEEDS, "purposes": PURPOSES, "sides": SIDES,
    "unless": UNLESS, "weekdays": WEEKDAYS,
}  # fmt: skip


def open_parts(shown: Board, catalogue: Catalogue, areas: Options, tried: Typed | None) -> dict[str, Any]:
    """Return what the open parts of the board need; `tried` is a form with what was typed and what is wrong."""
    opened, data = shown.opened, shown.data
    found: dict[str, Any] = {"words": WORDS, "form": tried or Typed(), **HELPERS}
    if opened.step and shown.rung(opened.step):
        found |= step_parts(shown, catalogue, areas, tried)
    if opened.adding:
        found |= _new_parts(shown)
    if opened.removing and shown.rung(opened.removing):
        key = opened.removing
        found |= {
            "following": follower_titles(data, key),
            "instead": step_options(data, possible_instead(data, key)),
            "usual": usual_instead(data, key) or "",
        }
    return found


def _new_parts(shown: Board) -> dict[str, Any]:
    suggested, failing = _suggested(shown), failing_options(shown.data)
    return {
        "blocks": _blocks(shown),
        "before": step_options(shown.data, None),
        "suggested": suggested,
        "failing": failing,
        "suggested_failing": next((code for code, _title in failing if code.partition(":")[0] == suggested), ""),
    }


def step_parts(shown: Board, catalogue: Catalogue, areas: Options, tried: Typed | None) -> dict[str, Any]:
    """Return what the form of the open step needs."""
    key = shown.opened.step or ""
    step = step_of(shown.data, key)
    form = tried or typed_step(step)
    return {
        "step": step,
        "form": form,
        "choices": choices(shown.data, key, form, catalogue, NAMES),
        "conditions": {part: rows(part, form, shown.data, areas) for part in ("only_if", "not_if")},
        "more": {part: more(part, form) for part in ("only_if", "not_if")},
        "following": follower_titles(shown.data, key),
        "refresh_url": url_for("ladder_steps.save", name=shown.draft.name, key=key),
        "is_contact": step["kind"] in CONTACTS,
        "has_text": step["kind"] in TEXTED,
        "places": PLACES,
        "parts_list": PARTS,
        "gap_titles": {gap["name"]: gap["title"][language()] for gap in shown.data.get("gaps", [])},
    }


def translated(words: Mapping[str, str]) -> Options:
    """Return a table of words as options in the language of the screen."""
    return [(code, _(text)) for code, text in words.items()]


def explained(words: Mapping[str, tuple[str, str]]) -> Options:
    """Return a table of words with their explanations as options."""
    return [(code, f"{_(text)}: {_(help)[0].lower()}{_(help)[1:]}") for code, (text, help) in words.items()]


def stage_pairs(shown: Board) -> Options:
    """Return the stages as options."""
    return [(stage.key, stage.title) for stage in shown.stages]


HELPERS = {"translated": translated, "decider_pairs": explained, "stage_pairs": stage_pairs}


def _blocks(shown: Board) -> list[tuple[str, str, str, str]]:
    """Return the ready steps by name, title, explanation and icon; a card only where there is a visit for it."""
    has_visit = any(step["kind"] == "visit" for step in shown.data["steps"])
    return [
        (block.name, block.title[language()], block.explanation[language()], icon_of(block.step["kind"]))
        for block in blocks().values()
        if block.name != "card" or has_visit
    ]


def icon_of(kind: str) -> str:
    """Return the icon of a kind of step."""
    return "sms" if kind == "message" else kind


def _suggested(shown: Board) -> str:
    """Suggest what a new step follows: the step it is added behind, else the last one of its stage or before it."""
    opened = shown.opened
    if opened.after:
        return opened.after
    last = ""
    for stage in shown.stages:
        for rung in stage.rungs:
            if rung.days is not None:
                last = rung.key
        if stage.key == opened.adding:
            break
    return last

"""When a new step of a ladder comes: the few clocks that can be chosen before its form opens."""

from outreach.web.pages.step_conditions import Options, outcome_options
from outreach.web.pages.step_form import Reader
from outreach.web.translation import _, language
from schedules.draft_blocks import blocks
from schedules.draft_settling import outcomes_of_failure
from schedules.drafting import Data, keys_of, step_of

CLOCKS = ("days_after_due", "months_in_arrears", "days_after", "after_outcome")


def failing_options(data: Data) -> Options:
    """Return every way in which a step can fail to work out; of a decision each thing that it can be, by itself."""
    found: Options = []
    for step in data["steps"]:
        key, title = step["key"], step["title"][language()]
        decided = outcome_options(data, key) if step["kind"] == "decision" else []
        found += [(f"{key}:{code}", f"{title}: {word}") for code, word in decided]
        if not decided:
            found.append((key, title))
    return found


def first_clock(reader: Reader, data: Data, block: str | None) -> Data:
    """Read when a new step comes; a card comes when nobody was home."""
    if block == "card":
        return _after_visit(reader, data)
    clock = reader.choice("clock", CLOCKS)
    if clock == "days_after_due":
        return {"days_after_due": reader.number("due_days", example=14)}
    if clock == "months_in_arrears":
        return {"months_in_arrears": reader.number("due_months", least=1, most=120, example=2)}
    if clock == "after_outcome":
        return {"after_outcome": _failed(reader, data)}
    step = reader.choice("after_step", keys_of(data))
    return {"days_after": {"step": step, "days": reader.number("after_days", example=7)}}


def _failed(reader: Reader, data: Data) -> Data:
    chosen = reader.choice("failed_step", [code for code, _title in failing_options(data)]) or ""
    key, _colon, decided = chosen.partition(":")
    outcomes = (decided,) if decided else outcomes_of_failure(step_of(data, key)) if key else ()
    if key and not outcomes:
        reader.errors["failed_step"] = _("Bij dit besluit staat nog niet wat het kan zijn. Vul dat daar eerst in.")
    return {"step": key, "outcomes": list(outcomes)}


def _after_visit(reader: Reader, data: Data) -> Data:
    visits = [step["key"] for step in data["steps"] if step["kind"] == "visit"]
    chosen = reader.form.value("after_step")
    visit = chosen if chosen in visits else visits[0]
    return {"after_outcome": {"step": visit, "outcomes": list(blocks()["card"].outcomes)}}

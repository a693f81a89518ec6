"""The published JSON Schema of ladder files; the loader checks files with this same schema."""

from typing import Any

from schedules.ladder import CHANNELS, StepKind
from schedules.purposes import Purpose
from schedules.targets import targets

Schema = dict[str, Any]

GAP_PATTERN = "^~[a-z][a-z0-9_]*$"
KEY_PATTERN = "^[a-z][a-z0-9_]*$"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAY_PARTS = ("morning", "afternoon", "evening")
OUTCOMES = (
    "delivered", "read", "undelivered", "failed", "bounced", "posted", "returned", "confirmed", "menu_1",
    "menu_2", "menu_3", "menu_4", "menu_9", "voicemail", "no_answer", "busy", "wrong_number", "hung_up",
    "talked", "not_home", "not_opened", "refused", "moved_out", "left", "replied",
)  # fmt: skip
CONDITIONS = (
    "reached",
    "ever_reached",
    "help_accepted",
    "plan_active",
    "promise_open",
    "paused",
    "referral_accepted",
)
NEEDS = (
    "signal_conditions", "personal_contact", "ground", "early_signal", "written_reminder", "four_steps", "home_visit",
)  # fmt: skip
TARGETS = tuple(targets())
DECIDERS = ("staff", "commission", "judge")
PLAN_STATES = ("none", "requested", "active", "broken", "kept")
PROMISE_STATES = ("open", "broken", "none")
HELP_STATES = ("accepted", "refused", "stopped", "none")
REFERRAL_STATES = ("queued", "sent", "accepted", "rejected", "closed", "stopped", "refused_by_law")
REFERRAL_OUTCOMES = ("accepted", "rejected", "closed", "stopped")
PROMISES = ("handed_to_person_within_days", "attempts", "channels", "home_visits", "contacts_per_7_days")
LANGUAGE_PATTERN = "^[a-z]{2}$"
DATE_PATTERN = r"^\d{4}-\d{2}-\d{2}$"
DATES = ("summons", "judgment", "eviction")
ENDS = ("skipped", "no_channel", "refused")


def _text(**more: Any) -> Schema:
    return {"type": "string", "minLength": 1, **more}


def _key() -> Schema:
    return {"type": "string", "pattern": KEY_PATTERN}


def _choice(values: tuple[str, ...]) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def _number(minimum: int = 0) -> Schema:
    return {"type": ["integer", "string"], "minimum": minimum, "pattern": GAP_PATTERN}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}


def _object(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _title() -> Schema:
    return _object(("nl", "en"), nl=_text(), en=_text())


def _source() -> Schema:
    return _object(
        ("document", "year", "lines", "description"),
        document=_text(),
        year={"type": "integer", "minimum": 1900},
        lines=_text(),
        description=_text(),
    )


def _when() -> Schema:
    clocks = {
        "days_after_due": _number(),
        "months_in_arrears": _number(1),
        "day_of_month": _number(1),
        "days_after": _object(("step", "days"), step=_key(), days=_number(), even_if=_list(_choice(ENDS))),
        "after_outcome": _step_outcome(),
        "days_from_date": _object(("date", "days"), date=_choice(DATES), days=_number(-365)),
    }
    return {"minProperties": 1, **_object((), **clocks)}


def _step_outcome() -> Schema:
    return _object(("step", "outcomes"), step=_key(), outcomes=_list(_key()))


def condition_schema() -> Schema:
    """Return the JSON Schema of a condition on the facts, as under only_if and not_if."""
    flag: Schema = {"type": "boolean"}
    language: Schema = {"type": "string", "pattern": LANGUAGE_PATTERN}
    referral = _object(("target", "states"), target=_choice(TARGETS), states=_list(_choice(REFERRAL_STATES)))
    return _object(
        (),
        amount_at_least=_number(1),
        amount_below=_number(1),
        months_at_least=_number(1),
        months_below=_number(1),
        flag=_list(_key()),
        not_flag=_list(_key()),
        ground=_list(_key()),
        cause=_list(_key()),
        language=_list(language),
        not_language=_list(language),
        area=_list(_text()),
        reachable_by=_list(_choice(CHANNELS)),
        unreachable_by=_list(_choice(CHANNELS)),
        plan=_list(_choice(PLAN_STATES)),
        promise=_list(_choice(PROMISE_STATES)),
        help=_list(_choice(HELP_STATES)),
        referral=referral,
        outcome=_step_outcome(),
        date_known=_list(_choice(DATES)),
        date_unknown=_list(_choice(DATES)),
        reached=flag,
        not_reached=flag,
        promise_broken=flag,
        plan_broken=flag,
        paid_in_part=flag,
    )


def _attempts() -> Schema:
    return _object(
        ("max",),
        max=_number(1),
        gap_days=_number(),
        day_parts=_list(_choice(DAY_PARTS)),
        weekdays=_list(_choice(WEEKDAYS)),
        other_weekday={"type": "boolean"},
    )


def _step() -> Schema:
    return _object(
        ("key", "stage", "kind", "title", "when"),
        key=_key(),
        stage=_key(),
        kind=_choice(tuple(StepKind)),
        title=_title(),
        channels=_list({"type": "string", "anyOf": [{"enum": list(CHANNELS)}, {"pattern": GAP_PATTERN}]}),
        template=_key(),
        purpose=_choice(tuple(Purpose)),
        when=_when(),
        attempts=_attempts(),
        unless=_list(_choice(CONDITIONS)),
        only_if=condition_schema(),
        not_if=condition_schema(),
        target=_choice(TARGETS),
        needs=_list(_choice(NEEDS)),
        asks_to_call={"type": "boolean"},
        measures=_list(_key()),
        expires_days={"type": "integer", "minimum": 0},
        needs_steps=_list(_key()),
        decided_by=_choice(DECIDERS),
        options=_list(_object(("key", "title"), key=_key(), title=_title())),
        ends_ladder={"type": "boolean"},
        pause_days=_number(1),
        payday_within_days=_number(1),
        lines=_text(),
        note=_title(),
        added_by=_key(),
    )


def _gap() -> Schema:
    return _object(("name", "title", "example"), name=_key(), title=_title(), example={"type": ["integer", "string"]})


def _slack() -> Schema:
    return _object(("if", "days"), **{"if": condition_schema()}, days=_number(1), stages=_list(_key()))


def ladder_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a ladder file."""
    body = _object(
        ("ladder", "title", "status", "valid_from", "source", "not_reached", "stages", "steps"),
        ladder=_key(),
        title=_title(),
        status=_choice(("own", "example")),
        valid_from={"type": "string", "pattern": DATE_PATTERN},
        valid_to={"type": "string", "pattern": DATE_PATTERN},
        pilot_of=_key(),
        exclusions=_list(_key()),
        slack=_list(_slack()),
        source=_source(),
        reached={"type": ["string", "array"], "items": _choice(OUTCOMES), "pattern": "^standard$"},
        not_reached=_object(("attempts",), attempts=_number(1), channels=_number(1), day_parts=_number(1)),
        promises=_object((), **{name: {"type": "integer", "minimum": 0} for name in PROMISES}),
        gaps=_list(_gap()),
        stages=_list(_object(("key", "title"), key=_key(), title=_title())),
        steps=_list(_step()),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Contact ladder", **body}

"""The published JSON Schema of ladder files; the loader checks files with this same schema."""

from typing import Any

from schedules.ladder import CHANNELS, StepKind
from schedules.purposes import Purpose

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
NEEDS = ("signal_conditions", "personal_contact", "ground", "early_signal", "written_reminder")
TARGETS = (
    "municipality", "social_team", "meldpunt", "debt_help", "bailiff", "via", "stadsring51",
    "last_chance", "crisis_team",
)  # fmt: skip
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
        "after_outcome": _object(("step", "outcomes"), step=_key(), outcomes=_list(_choice(OUTCOMES))),
        "days_from_date": _object(("date", "days"), date=_choice(DATES), days=_number(-365)),
    }
    return {"minProperties": 1, **_object((), **clocks)}


def _only_if() -> Schema:
    return _object(
        (),
        amount_at_least=_number(1),
        months_at_least=_number(1),
        flag=_list(_key()),
        not_flag=_list(_key()),
        ground=_list(_key()),
        cause=_list(_key()),
        not_reached={"type": "boolean"},
        promise_broken={"type": "boolean"},
        plan_broken={"type": "boolean"},
    )


def _attempts() -> Schema:
    return _object(
        ("max",),
        max=_number(1),
        gap_days=_number(),
        day_parts=_list(_choice(DAY_PARTS)),
        weekdays=_list(_choice(WEEKDAYS)),
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
        only_if=_only_if(),
        target=_choice(TARGETS),
        needs=_list(_choice(NEEDS)),
        asks_to_call={"type": "boolean"},
        measures=_list(_key()),
        expires_days={"type": "integer", "minimum": 0},
    )


def _gap() -> Schema:
    return _object(("name", "title", "example"), name=_key(), title=_title(), example={"type": ["integer", "string"]})


def ladder_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a ladder file."""
    body = _object(
        ("ladder", "title", "status", "valid_from", "source", "not_reached", "stages", "steps"),
        ladder=_key(),
        title=_title(),
        status=_choice(("own", "example")),
        valid_from={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        source=_source(),
        reached={"type": ["string", "array"], "items": _choice(OUTCOMES), "pattern": "^standard$"},
        not_reached=_object(("attempts",), attempts=_number(1), channels=_number(1), day_parts=_number(1)),
        promises={"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        gaps=_list(_gap()),
        stages=_list(_object(("key", "title"), key=_key(), title=_title())),
        steps=_list(_step()),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Contact ladder", **body}


def route_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a route file."""
    clock = _object(("key", "days", "title"), key=_key(), days=_number(), title=_title())
    body = _object(
        ("route", "title", "status", "valid_from", "source", "target", "opens_when", "fields"),
        route=_key(),
        title=_title(),
        status=_choice(("own", "example")),
        valid_from={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        source=_source(),
        target=_choice(TARGETS),
        opens_when=_list(_object(("key", "title"), key=_key(), title=_title())),
        grounds=_list(_object(("key", "title"), key=_key(), title=_title())),
        grounds_needed=_choice(("any", "all", "none")),
        needs=_list(_choice(NEEDS)),
        fields=_list(_object(("field", "reason"), field=_key(), reason=_title())),
        feedback=_list(clock),
        pause=_object(
            ("when", "conditions"),
            when=_choice(("help_accepted", "referral_sent", "debt_help_asked")),
            conditions=_list(_object(("key", "title"), key=_key(), title=_title())),
            max_days=_number(1),
        ),
        notes=_list(_title()),
        gaps=_list(_gap()),
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Route", **body}

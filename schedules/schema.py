"""The published JSON Schema of ladder files; the loader checks files with this same schema."""

from schedules.ladder import CHANNELS, StepKind
from schedules.purposes import Purpose
from schedules.schema_parts import (
    DATE_PATTERN,
    DRAFT,
    Schema,
    array,
    choice,
    choice_or_gap,
    gap,
    key,
    mapping,
    number,
    source,
    text,
    title,
)
from schedules.targets import targets

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
DATES = ("summons", "judgment", "eviction")
ENDS = ("skipped", "no_channel", "refused")


def _when() -> Schema:
    clocks = {
        "days_after_due": number(),
        "months_in_arrears": number(1),
        "day_of_month": number(1),
        "days_after": mapping(("step", "days"), step=key(), days=number(), even_if=array(choice(ENDS))),
        "after_outcome": _step_outcome(),
        "days_from_date": mapping(("date", "days"), date=choice(DATES), days=number(-365)),
    }
    return {"minProperties": 1, **mapping((), **clocks)}


def _step_outcome() -> Schema:
    return mapping(("step", "outcomes"), step=key(), outcomes=array(key()))


def condition_schema() -> Schema:
    """Return the JSON Schema of a condition on the facts, as under only_if and not_if."""
    flag: Schema = {"type": "boolean"}
    language: Schema = {"type": "string", "pattern": LANGUAGE_PATTERN}
    referral = mapping(("target", "states"), target=choice(TARGETS), states=array(choice(REFERRAL_STATES)))
    return mapping(
        (),
        amount_at_least=number(1),
        amount_below=number(1),
        months_at_least=number(1),
        months_below=number(1),
        flag=array(key()),
        not_flag=array(key()),
        ground=array(key()),
        cause=array(key()),
        language=array(language),
        not_language=array(language),
        area=array(text()),
        reachable_by=array(choice(CHANNELS)),
        unreachable_by=array(choice(CHANNELS)),
        plan=array(choice(PLAN_STATES)),
        promise=array(choice(PROMISE_STATES)),
        help=array(choice(HELP_STATES)),
        referral=referral,
        outcome=_step_outcome(),
        date_known=array(choice(DATES)),
        date_unknown=array(choice(DATES)),
        reached=flag,
        not_reached=flag,
        promise_broken=flag,
        plan_broken=flag,
        paid_in_part=flag,
    )


def _attempts() -> Schema:
    return mapping(
        ("max",),
        max=number(1),
        gap_days=number(),
        day_parts=array(choice(DAY_PARTS)),
        weekdays=array(choice(WEEKDAYS)),
        other_weekday={"type": "boolean"},
    )


def _step() -> Schema:
    return mapping(
        ("key", "stage", "kind", "title", "when"),
        key=key(),
        stage=key(),
        kind=choice(tuple(StepKind)),
        title=title(),
        channels=array(choice_or_gap(CHANNELS)),
        template=key(),
        purpose=choice(tuple(Purpose)),
        when=_when(),
        attempts=_attempts(),
        unless=array(choice(CONDITIONS)),
        only_if=condition_schema(),
        not_if=condition_schema(),
        target=choice(TARGETS),
        needs=array(choice(NEEDS)),
        asks_to_call={"type": "boolean"},
        measures=array(key()),
        expires_days={"type": "integer", "minimum": 0},
        needs_steps=array(key()),
        decided_by=choice(DECIDERS),
        options=array(mapping(("key", "title"), key=key(), title=title())),
        ends_ladder={"type": "boolean"},
        pause_days=number(1),
        payday_within_days=number(1),
        lines=text(),
        note=title(),
        added_by=key(),
    )


def _slack() -> Schema:
    return mapping(("if", "days"), **{"if": condition_schema()}, days=number(1), stages=array(key()))


def ladder_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a ladder file."""
    body = mapping(
        ("ladder", "title", "status", "valid_from", "source", "not_reached", "stages", "steps"),
        ladder=key(),
        title=title(),
        status=choice(("own", "example")),
        valid_from={"type": "string", "pattern": DATE_PATTERN},
        valid_to={"type": "string", "pattern": DATE_PATTERN},
        pilot_of=key(),
        exclusions=array(key()),
        slack=array(_slack()),
        source=source(),
        reached={"type": ["string", "array"], "items": choice(OUTCOMES), "pattern": "^standard$"},
        not_reached=mapping(("attempts",), attempts=number(1), channels=number(1), day_parts=number(1)),
        promises=mapping((), **{name: {"type": "integer", "minimum": 0} for name in PROMISES}),
        gaps=array(gap()),
        stages=array(mapping(("key", "title"), key=key(), title=title())),
        steps=array(_step()),
    )
    return {"$schema": DRAFT, "title": "Contact ladder", **body}

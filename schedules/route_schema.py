"""The published JSON Schemas of route and trajectory files; the loaders check files with these same schemas."""

from schedules.schema import DECIDERS, NEEDS, TARGETS, condition_schema
from schedules.schema_parts import (
    DRAFT,
    Schema,
    array,
    choice,
    choice_or_gap,
    day,
    gap,
    key,
    mapping,
    number,
    source,
    text,
    title,
)

OWNERS = ("worker", "policy", "field", "manager")
GROUNDS_NEEDED = ("any", "all", "none")
FEEDBACK_AFTER = ("sent", "accepted", "date")
PAUSE_WHEN = ("help_accepted", "referral_sent", "debt_help_asked")
PAUSE_CHECKS = ("current_rent_paid", "help_going_on", "request_pending", "timely_feedback")
QUOTA_SCOPES = ("landlord", "all")
SINCE = ("referral", "start", "judgment", "eviction")
DWELLINGS = ("current", "other", "either")
FLIPS_TO = ("normal_lease", "eviction_resumes")


def _opening() -> Schema:
    return mapping(
        ("key", "title"), key=key(), title=title(), by_person={"type": "boolean"}, **{"if": condition_schema()}
    )


def _named() -> Schema:
    return mapping(("key", "title"), key=key(), title=title())


def _warning() -> Schema:
    more = {"from": choice(SINCE)}
    return mapping(("key", "title"), key=key(), title=title(), days=number(1), months=number(1), **more)


def _head(kind: str) -> dict[str, Schema]:
    return {
        kind: key(),
        "title": title(),
        "system": key(),
        "status": choice(("own", "example")),
        "valid_from": day(),
        "valid_to": day(),
        "source": source(),
        "owner": choice(OWNERS),
        "opens_when": array(_opening()),
        "warnings": array(_warning()),
        "notes": array(title()),
        "gaps": array(gap()),
    }


def _feedback() -> Schema:
    return mapping(
        ("key", "days", "title"), key=key(), days=number(), after=choice_or_gap(FEEDBACK_AFTER), title=title()
    )


def _quota() -> Schema:
    return mapping(
        (),
        per_month=number(1),
        per_year=number(1),
        scope=choice(QUOTA_SCOPES),
        year_scope=choice(QUOTA_SCOPES),
    )


def _pause() -> Schema:
    condition = mapping(
        ("key", "title"),
        key=key(),
        title=title(),
        check=choice(PAUSE_CHECKS),
        by_person={"type": "boolean"},
        after=key(),
        grace_days=number(),
    )
    return mapping(
        ("when", "conditions"),
        when=choice(PAUSE_WHEN),
        conditions=array(condition),
        max_days=number(1),
        max_months=number(1),
        counts_from=key(),
    )


def route_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a route file."""
    body = mapping(
        ("route", "title", "system", "status", "valid_from", "source", "target", "owner", "opens_when", "fields"),
        **_head("route"),
        target=choice(TARGETS),
        grounds=array(_named()),
        grounds_needed=choice(GROUNDS_NEEDED),
        needs=array(choice(NEEDS)),
        fields=array(mapping(("field", "reason"), field=key(), reason=title())),
        feedback=array(_feedback()),
        quota=_quota(),
        priority=array(mapping(("flag", "title"), flag=key(), title=title())),
        pause=_pause(),
    )
    return {"$schema": DRAFT, "title": "Route", **body}


def _review() -> Schema:
    return mapping(
        ("key", "title"),
        key=key(),
        title=title(),
        after_days=number(1),
        after_months=number(1),
        every_days=number(1),
        every_months=number(1),
        times=number(1),
    )


def _verdict(**more: Schema) -> Schema:
    required = ("key", "title", "evidence", *more)
    return mapping(required, key=key(), title=title(), evidence=title(), **more)


def trajectory_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a trajectory file."""
    required = ("partner", "decided_by", "conditions", "agreements", "reviews", "end", "ends_when", "flips_when")
    body = mapping(
        ("trajectory", "title", "system", "status", "valid_from", "source", "owner", "opens_when", *required),
        **_head("trajectory"),
        partner=choice(TARGETS),
        partner_name=text(),
        decided_by=choice(DECIDERS),
        dwelling=choice(DWELLINGS),
        conditions=array(_verdict()),
        agreements=array(_named()),
        reviews=array(_review()),
        end=mapping((), min_days=number(1), max_days=number(1), min_months=number(1), max_months=number(1)),
        ends_when=array(_verdict()),
        flips_when=array(_verdict(to=choice(FLIPS_TO))),
    )
    return {"$schema": DRAFT, "title": "Trajectory", **body}

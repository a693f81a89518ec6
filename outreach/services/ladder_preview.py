"""What is shown before a version is published: the difference, the effect on running cases, the work of a week."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.runtime import Runtime
from outreach.services.ladder_effects import Effects, effects_of, plain_effects, together, unknown_steps
from outreach.services.ladder_groups import Group, running_groups
from outreach.services.ladder_moving import likely
from outreach.services.policy import Policy, body_of_version, ladder_of
from outreach.services.simulating import workload
from schedules.difference import difference
from schedules.ladder import Ladder


def running_ladders(session: Session, policy: Policy, groups: Sequence[Group]) -> list[Ladder]:
    """Return the ladders on which groups of cases run, each once."""
    return [ladder_of(session, policy, each) for each in sorted({group.version_id for group in groups})]


def effects_if_moved(
    runtime: Runtime, session: Session, policy: Policy, groups: Sequence[Group], new: Ladder, version_id: int | None
) -> dict[str, Effects]:
    """Compute per group what moving it to a ladder would change; steps that only got another key count on."""
    parts = {group.key: group.case_ids for group in groups}
    ids = sorted(case_id for group in groups for case_id in group.case_ids)
    unknown = unknown_steps(runtime, session, ids, new, version_id or 0)
    mapping = likely(running_ladders(session, policy, groups), new, unknown)
    return effects_of(runtime, session, policy, parts, version_id or 0, mapping, new)


def works(runtime: Runtime, policy: Policy, name: str, text: str) -> list[dict[str, Any]]:
    """Estimate the work of a week: under the version in force, when there is one, and under a text."""
    version_id = policy.ladder_version_ids.get(name)
    with runtime.db.read() as session:
        old = [body_of_version(session, version_id)] if version_id is not None else []
    return [_work(runtime, policy, each) for each in (*old, text)]


def _work(runtime: Runtime, policy: Policy, text: str) -> dict[str, Any]:
    made = workload(runtime, policy, text)
    return {
        "contacts_per_week": dict(made.contacts_per_week),
        "hours_per_week": made.hours_per_week,
        "calls_per_week": made.calls_per_week,
        "visits_per_week": made.visits_per_week,
        "reached_share": made.reached_share,
        "days_to_handed_over": made.days_to_handed_over,
        "tenancies": made.tenancies,
    }


def shown(runtime: Runtime, policy: Policy, name: str, new: Ladder, text: str) -> dict[str, Any]:
    """Gather what whoever publishes or approves sees, as plain data, to be kept with the proposal.

    The work of a week is kept for a second person; who decides alone has it on the screen.
    """
    day = runtime.calendar.day_of(runtime.clock())
    scope = Scope(landlord_id=policy.landlord_id)
    version_id = policy.ladder_version_ids.get(name)
    old = policy.ladders[version_id] if version_id is not None else None
    with runtime.db.read() as session:
        groups = running_groups(session, scope, name, day)
        effects = together(effects_if_moved(runtime, session, policy, groups, new, None).values())
    changes = difference(old, new) if old else ()
    return {
        "changes": [{"code": change.code, "step": change.step, "way": change.way} for change in changes],
        "cases": plain_effects(effects),
        "work": works(runtime, policy, name, text) if policy.settings.four_eyes else [],
    }

"""Where texts are used: by which steps of which ladders, which measures they may name there, and which wait."""

from collections.abc import Mapping
from dataclasses import dataclass

from messages.languages import DUTCH
from messages.template import Template
from outreach.services.policy import Policy
from schedules.ladder import Gap, Ladder
from schedules.possible_measures import possible_measures

HEAVY = frozenset({"bailiff", "court", "eviction", "costs"})
"""Measures that no text outside a ladder may name."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """One step that uses a text: keys, Dutch and English titles, its channels, and the measures possible there."""

    ladder: str
    ladder_title: Mapping[str, str]
    step: str
    step_title: Mapping[str, str]
    stage: str
    channels: tuple[str, ...]
    measures: frozenset[str]


def where_used(policy: Policy, name: str) -> tuple[Use, ...]:
    """Return the steps of the ladders in force that use a text, in their order."""
    return tuple(
        Use(
            ladder=ladder.name,
            ladder_title=ladder.title,
            step=step.key,
            step_title=step.title,
            stage=step.stage,
            channels=tuple(channel for channel in step.channels if not isinstance(channel, Gap)),
            measures=possible_measures(ladder, step, policy.settings.fills),
        )
        for ladder in ladders_in_force(policy)
        for step in ladder.steps
        if step.template == name
    )


def ladders_in_force(policy: Policy) -> tuple[Ladder, ...]:
    """Return the ladders that the landlord uses: the default, and those of neighbourhoods."""
    used = {policy.settings.default_ladder, *policy.settings.area_ladders.values()}
    versions = policy.ladder_version_ids
    return tuple(policy.ladders[versions[name]] for name in sorted(used) if name in versions)


def allowed_for(policy: Policy, name: str, mentions: frozenset[str]) -> frozenset[str]:
    """Return the measures that a text may name: possible at each step that uses it.

    A text that no step uses yet may name what it declares, when a step could: a ladder that takes it in is proven
    with it. Answers, and texts of plans and care, never name what is heavy.
    """
    uses = where_used(policy, name)
    if uses:
        return frozenset.intersection(*(use.measures for use in uses))
    sibling = next((each for each in policy.catalogue if each.name == name), None)
    is_answer = sibling is not None and sibling.purpose in ("answer", "plan", "care")
    return mentions - HEAVY if is_answer else mentions


def unread_texts(policy: Policy) -> Mapping[str, tuple[Template, ...]]:
    """Return per language that is switched on the texts that nobody who reads it has approved; empty when none."""
    found: dict[str, list[Template]] = {}
    for template in policy.catalogue:
        base = template.language
        staff = template.channel in ("call", "visit")
        if base != DUTCH and base in policy.settings.languages and not staff and not policy.approvals.may_go(template):
            found.setdefault(base, []).append(template)
    return {language: tuple(sorted(each, key=_place)) for language, each in found.items()}


def _place(template: Template) -> tuple[str, str]:
    return template.name, template.channel

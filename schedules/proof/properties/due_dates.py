"""The promise of a person in time, for other due dates than the one that is explored: holidays fall elsewhere."""

from collections.abc import Iterator
from datetime import date

from schedules.ladder import CONTACT_KINDS, Ladder, StepKind
from schedules.proof.model import Sentence
from schedules.proof.properties.judged import Judged
from schedules.reasons import day_text
from schedules.rehearsal import Rehearsal, Script, first_facts, rehearse
from schedules.terms import months_later

MONTHS_AHEAD = 12
RENT_CENTS = 65_000
NOBODY_ANSWERS = Script(title="")
TO_A_PERSON = frozenset({StepKind.REFERRAL, StepKind.DECISION})


def late_handover(judged: Judged, start: date) -> Sentence | None:
    """Say for which due date of the coming year a tenant whom nobody reaches gets to a person too late."""
    days = judged.ladder.promises.get("handed_to_person_within_days")
    if days is None:
        return None
    for number in range(1, MONTHS_AHEAD):
        due_on = months_later(start, number)
        facts = first_facts(due_on, RENT_CENTS)
        played = rehearse(judged.ladder, judged.settings, judged.calendar, facts, NOBODY_ANSWERS, days)
        if not _is_kept(judged.ladder, played):
            nl, en = day_text(due_on), day_text(due_on, True)
            return Sentence(
                nl=f"Vervaldag {nl}: op dag {days} heeft geen mens dit dossier na de beloofde pogingen.",
                en=f"Due date {en}: on day {days} no person has this case after the promised attempts.",
            )
    return None


def _is_kept(ladder: Ladder, played: Rehearsal) -> bool:
    kinds = list(_kinds(ladder, played))
    contacts = [(kind, channel) for kind, channel in kinds if kind in CONTACT_KINDS]
    promises = ladder.promises
    return (
        any(kind in TO_A_PERSON for kind, _ in kinds)
        and len(contacts) >= promises.get("attempts", 0)
        and len({channel for _, channel in contacts}) >= promises.get("channels", 0)
        and sum(kind is StepKind.VISIT for kind, _ in contacts) >= promises.get("home_visits", 0)
    )


def _kinds(ladder: Ladder, played: Rehearsal) -> Iterator[tuple[StepKind, str | None]]:
    for event in played.events:
        step = ladder.step(event.step.step) if event.step is not None else None
        if step is not None and event.step is not None:
            yield step.kind, event.step.channel

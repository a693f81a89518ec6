"""Prove or refute every property of a ladder; what breaks comes with the shortest path to it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date

from schedules.calendar import Calendar
from schedules.ladder import Ladder, example_fills
from schedules.proof.explorer import Exploration, Explorer
from schedules.proof.model import Finding, Proof, ProofEnvironment, Sentence, Status
from schedules.proof.properties.judged import Judged
from schedules.proof.properties.plain import Judging, PlainProperty, plain_properties
from schedules.proof.properties.rest import rest_watchers
from schedules.proof.properties.roads import road_watchers
from schedules.proof.reaching import unreachable
from schedules.proof.timeline import Teller, why_text
from schedules.proof.watcher import Nobody
from schedules.settings import PolicySettings

DEPTH = 2
"""The weight of surprises up to which every path is seen: 2 is one fact from outside (docs/proof.md)."""

SPARE_STATES = 4_000
"""A ladder is explored further, with heavier surprises, as long as that is thought to take no more states than this."""

REACHABLE = "every_step_reachable"
REACHABLE_TITLE = Sentence(nl="Elke stap kan aan de beurt komen", en="Every step can come due")

AS_IT_STANDS = "as_it_stands"
ORDER = (
    "no_dead_end", "handed_to_person_in_time", "legal_steps_before_court", "signal_lawful", "meldpunt_on_summons",
    "pressure_within_budget", "within_hours", "nothing_after_payment", "nothing_after_opt_out",
    "nothing_while_paused", "child_found_stops", "excluded_left_to_people", "contact_changes_before_heavier",
    "nothing_twice", "humans_decide", "referrals_followed_up", "texts_exist_and_pass", REACHABLE, "valid", "no_gap",
)  # fmt: skip


def prove(
    ladder: Ladder,
    settings: PolicySettings,
    calendar: Calendar,
    environment: ProofEnvironment,
    start: date,
    depth: int = DEPTH,
    *,
    variant: str = AS_IT_STANDS,
    spare: int = SPARE_STATES,
    only: Collection[str] = ORDER,
) -> Proof:
    """Explore a ladder from a due date on and judge every property.

    `depth` bounds the weight of the surprises on a path: facts from outside weigh two, uncommon answers beside them
    one. Answers alone are not bounded. An open gap is explored with its example and found as a gap. `only` names the
    properties to judge, by default all; exploring stops when each of them is refuted.
    """
    filled = replace(settings, fills={**example_fills(ladder), **settings.fills})
    explorer = Explorer(ladder, filled, calendar, environment, start)
    judged = Judged(ladder, filled, calendar, explorer.sight, explorer.carrier)
    watchers = [each for each in (*road_watchers(judged), *rest_watchers(judged)) if each.key in only]
    explorer.watchers = [*watchers, *([Nobody()] if REACHABLE in only else [])]
    first = explorer.first()
    judging = Judging(judged=judged, environment=environment, start=start, fills=settings.fills, first=first)
    found = explorer.run(first, depth, spare)
    findings = {
        watcher.key: _watched(watcher.key, watcher.title, watcher.source, found, explorer) for watcher in watchers
    }
    for each in (one for one in plain_properties() if one.key in only):
        findings[each.key] = _read_off(each, judging, findings)
    if REACHABLE in only:
        findings[REACHABLE] = _reachable(explorer, found)
    return Proof(
        ladder=ladder.name,
        title=ladder.title,
        variant=variant,
        findings=tuple(findings[key] for key in ORDER if key in findings),
        states=found.states,
        transitions=found.transitions,
        depth=found.depth,
        complete=found.complete,
    )


def _watched(key: str, title: Sentence, source: str, found: Exploration, explorer: Explorer) -> Finding:
    if key not in found.broken:
        return Finding(key=key, title=title, source=source, status=Status.PROVEN)
    state, why = found.broken[key]
    teller = Teller(explorer.sight, explorer.calendar, explorer.facts)
    path = teller.tell(state, why)
    return Finding(key=key, title=title, source=source, status=Status.REFUTED, why=why, counterexample=path)


def _read_off(each: PlainProperty, judging: Judging, findings: Mapping[str, Finding]) -> Finding:
    known = findings.get(each.key)
    if known is not None and known.status is Status.REFUTED:
        return known
    why = each.judge(judging)
    if why is not None:
        return Finding(key=each.key, title=each.title, source=each.source, status=each.when_broken, why=why)
    return known or Finding(key=each.key, title=each.title, source=each.source, status=Status.PROVEN)


def _reachable(explorer: Explorer, found: Exploration) -> Finding:
    never = tuple(_never(explorer, found))
    if not never:
        return Finding(key=REACHABLE, title=REACHABLE_TITLE, source="issue 3", status=Status.PROVEN)
    return Finding(key=REACHABLE, title=REACHABLE_TITLE, source="issue 3", status=Status.REFUTED, why=never[0])


def _never(explorer: Explorer, found: Exploration) -> Iterator[Sentence]:
    for key in unreachable(explorer, found):
        step = explorer.sight.steps[explorer.sight.place[key]]
        why = why_text(found.not_due_why.get(key, ()), explorer.ladder)
        nl, en = step.title["nl"], step.title["en"]
        yield Sentence(
            nl=f"{nl} komt op geen enkel pad aan de beurt. {why.nl}".strip(),
            en=f"{en} never comes due. {why.en}".strip(),
        )

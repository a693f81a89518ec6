"""What would change for running cases on another version of a ladder, by the engine itself on the facts of today."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow
from outreach.runtime import Runtime
from outreach.services.facts import LoadedCase, facts_under, load_cases
from outreach.services.planning import without_planned
from outreach.services.policy import Policy, ladder_of
from outreach.services.step_keys import UNCOUNTED, StepKeys
from schedules.decisions import Decision
from schedules.engine import decide
from schedules.facts import AttemptState, CaseFacts
from schedules.ladder import Ladder

CHUNK = 500
MOST_EXAMPLES = 8
Counting = Mapping[str, str | None]
"""Per step that was done and that the new version does not know: as which step it counts there, None for as none."""


@dataclass(frozen=True, kw_only=True)
class NextUp:
    """What comes first for a case; `at` is None when it hangs on a fact."""

    step: str
    at: datetime | None
    channel: str | None


@dataclass(frozen=True, kw_only=True)
class CaseEffect:
    """What a move would do to one case. `fresh` and `gone` are steps that would newly come, and no longer come.

    `history` are steps that were done and that the new version does not know: they stay as history.
    """

    case_id: int
    number: str
    before: NextUp | None
    after: NextUp | None
    stage_before: str
    stage_after: str
    fresh: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[str, ...]:
        """Name what changes: step, later, earlier, channel, nothing_next, stage; empty when nothing does."""
        before, after = self.before, self.after
        found = ["stage"] if self.stage_before != self.stage_after else []
        if after is None or before is None:
            return (*found, *(() if after is before else ("nothing_next" if after is None else "step",)))
        if before.step != after.step:
            found.append("step")
        if before.channel != after.channel:
            found.append("channel")
        if before.at != after.at and before.at and after.at:
            found.append("later" if after.at > before.at else "earlier")
        return tuple(found)


@dataclass(kw_only=True)
class Effects:
    """What would change for many cases together, with examples of cases for which the next contact changes most."""

    cases: int = 0
    unchanged: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    fresh: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    history: Counter[str] = field(default_factory=Counter)
    examples: list[CaseEffect] = field(default_factory=list)

    def add(self, effect: CaseEffect) -> None:
        """Count one case; the first of each kind of change are kept as examples."""
        self.cases += 1
        self.fresh.update(effect.fresh)
        self.gone.update(effect.gone)
        self.history.update(effect.history)
        if not effect.changes:
            self.unchanged += 1
            return
        is_new = any(not self.changes[change] for change in effect.changes)
        self.changes.update(effect.changes)
        if is_new or len(self.examples) < MOST_EXAMPLES // 2:
            self.examples.append(effect)
            del self.examples[MOST_EXAMPLES:]


@dataclass(frozen=True, kw_only=True)
class AsIfMoved:
    """A move that has not been made, in the shape of a LadderMoveRow."""

    from_version_id: int
    to_version_id: int
    mapping: Counting
    at: datetime


def effects_of(
    runtime: Runtime,
    session: Session,
    policy: Policy,
    groups: Mapping[str, Sequence[int]],
    to_version_id: int,
    mapping: Counting,
    to_ladder: Ladder | None = None,
) -> dict[str, Effects]:
    """Compute per group of cases what a move would change; a case stands in one group.

    `to_ladder` stands in for a version that has not been kept yet (id 0).
    """
    group_of = {case_id: key for key, ids in groups.items() for case_id in ids}
    found = {key: Effects() for key in groups}
    target = to_ladder or ladder_of(session, policy, to_version_id)
    for loaded in _loaded(runtime, session, sorted(group_of)):
        effect = _effect(runtime, session, policy, loaded, target, to_version_id, mapping)
        found[group_of[loaded.case.id]].add(effect)
    return found


def together(parts: Iterable[Effects]) -> Effects:
    """Add up effects of several groups; the examples are those of the first groups."""
    whole = Effects()
    for part in parts:
        whole.cases += part.cases
        whole.unchanged += part.unchanged
        for name in ("changes", "fresh", "gone", "history"):
            getattr(whole, name).update(getattr(part, name))
        whole.examples += part.examples[: max(2, MOST_EXAMPLES - len(whole.examples))]
    del whole.examples[MOST_EXAMPLES:]
    return whole


def unknown_steps(
    runtime: Runtime, session: Session, case_ids: Sequence[int], target: Ladder, to_version_id: int
) -> Counter[str]:
    """Count, per step that was done or is in hand, the cases in which it is unknown to another ladder."""
    counts: Counter[str] = Counter()
    now = runtime.clock()
    for loaded in _loaded(runtime, session, case_ids):
        keys = as_if_moved(loaded, to_version_id, {}, now)
        counts.update(_unknown(facts_under(loaded, keys), target))
    return counts


def _loaded(runtime: Runtime, session: Session, case_ids: Sequence[int]) -> Iterator[LoadedCase]:
    now = runtime.clock()
    day = runtime.calendar.day_of(now)
    for start in range(0, len(case_ids), CHUNK):
        ids = case_ids[start : start + CHUNK]
        cases = list(session.scalars(select(CaseRow).where(CaseRow.id.in_(ids)).order_by(CaseRow.id)))
        yield from load_cases(session, cases, day, now)


def as_if_moved(loaded: LoadedCase, to_version_id: int, mapping: Counting, now: datetime) -> StepKeys:
    """Give the keys by which the earlier contacts of a case would count after a move."""
    from_id = loaded.case.ladder_version_id
    if from_id == to_version_id:
        return loaded.keys
    move = AsIfMoved(from_version_id=from_id, to_version_id=to_version_id, mapping=mapping, at=now)
    return StepKeys(version_id=to_version_id, moves=(*loaded.keys.moves, move))


def _effect(
    runtime: Runtime,
    session: Session,
    policy: Policy,
    loaded: LoadedCase,
    target: Ladder,
    to_version_id: int,
    mapping: Counting,
) -> CaseEffect:
    now = runtime.clock()
    ladder = ladder_of(session, policy, loaded.case.ladder_version_id)
    before = decide(ladder, loaded.facts, policy.engine, runtime.calendar, now)
    facts = without_planned(facts_under(loaded, as_if_moved(loaded, to_version_id, mapping, now)))
    after = decide(target, facts, policy.engine, runtime.calendar, now)
    coming_before, coming_after = _coming(before), _coming(after)
    return CaseEffect(
        case_id=loaded.case.id,
        number=loaded.case.number,
        before=next_up(before),
        after=next_up(after),
        stage_before=before.stage,
        stage_after=after.stage,
        fresh=tuple(sorted(coming_after - coming_before)),
        gone=tuple(sorted(coming_before - coming_after)),
        history=tuple(sorted(_unknown(facts, target))),
    )


def next_up(decision: Decision) -> NextUp | None:
    """Give what comes first, from what is due and else from what waits with a moment."""
    if decision.due:
        first = min(decision.due, key=lambda step: step.due_at)
        return NextUp(step=first.step, at=first.due_at, channel=first.channel or first.target)
    waits = sorted((step.until, step.step) for step in decision.waiting if step.until is not None)
    if waits:
        return NextUp(step=waits[0][1], at=waits[0][0], channel=None)
    return NextUp(step=decision.waiting[0].step, at=None, channel=None) if decision.waiting else None


def _coming(decision: Decision) -> set[str]:
    return {step.step for step in decision.due} | {step.step for step in decision.waiting}


def _unknown(facts: CaseFacts, target: Ladder) -> set[str]:
    """Give the steps that were done or are in hand and that a ladder does not know; without those left uncounted."""
    forgotten = {AttemptState.PLANNED, AttemptState.DROPPED}
    done = {attempt.step for attempt in facts.attempts if attempt.state not in forgotten}
    done |= {referral.step for referral in facts.referrals}
    return {step for step in done if target.step(step) is None and not step.startswith(UNCOUNTED)}


def plain_effects(effects: Effects) -> dict[str, Any]:
    """Write effects as plain data: what was shown to whoever approves it, and what the command line prints."""
    return {
        "cases": effects.cases,
        "unchanged": effects.unchanged,
        "changes": dict(effects.changes),
        "fresh": dict(effects.fresh),
        "gone": dict(effects.gone),
        "history": dict(effects.history),
        "examples": [
            {
                "case": each.number,
                "before": _plain(each.before),
                "after": _plain(each.after),
                "stage_before": each.stage_before,
                "stage_after": each.stage_after,
            }
            for each in effects.examples
        ],
    }


def _plain(each: NextUp | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {"step": each.step, "at": each.at.isoformat() if each.at else None, "channel": each.channel}

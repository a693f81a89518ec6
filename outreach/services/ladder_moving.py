"""Move running cases to another version of a ladder: explicit, logged per case, and nothing that was done is reset."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import CaseRow, DocumentRow, LadderMoveRow, TaskRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.ladder_effects import CHUNK, Counting, unknown_steps
from outreach.services.planning import Planned, plan_cases
from outreach.services.policy import LADDER, Policy, ladder_of, load_policy
from schedules.ladder import CONTACT_KINDS, Ladder, Step

LEFT_LADDER = "step_left_ladder"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """How many cases were moved, and how many were left: closed by now, or on that version already."""

    moved: int
    left: int


def move_cases(
    runtime: Runtime,
    actor: Actor,
    landlord_id: int,
    case_ids: Sequence[int],
    to_version_id: int,
    *,
    mapping: Counting,
    reason: str,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> Moved:
    """Move cases in transactions of `chunk` cases; asked again, it goes on where it stopped.

    `mapping` says for each step that was done and that the new version does not know as which step it counts there,
    or None. Raises Refused when a step is left out, when a step cannot count as the chosen one, or without a reason.
    """
    why = needs(reason, "Vul in waarom de dossiers verplaatst worden.", "Fill in why the cases are moved.")
    with runtime.db.read() as session:
        policy = load_policy(session, landlord_id)
        target = _target(session, policy, to_version_id)
        ids = _movable(session, landlord_id, case_ids, to_version_id)
        _check_mapping(_sources(session, policy, ids), target, mapping)
        lacking = unknown_steps(runtime, session, ids, target, to_version_id).keys() - mapping.keys()
    if lacking:
        names = ", ".join(sorted(lacking))
        raise Refused(
            f"Kies voor elke gedane stap die de nieuwe versie niet kent waarvoor hij telt: {names}.",
            f"Choose for every step that was done and that the new version does not know what it counts as: {names}.",
        )
    moved = 0
    for start in range(0, len(ids), chunk):
        part = ids[start : start + chunk]
        moved += _move_part(runtime, actor, landlord_id, part, to_version_id, mapping, why)
        if progress is not None:
            progress(min(start + chunk, len(ids)), len(ids))
    return Moved(moved=moved, left=len(set(case_ids)) - moved)


def _target(session: Session, policy: Policy, to_version_id: int) -> Ladder:
    document = session.get(DocumentRow, to_version_id)
    if document is None or document.landlord_id != policy.landlord_id or document.kind != LADDER:
        raise Refused("Deze versie van de ladder bestaat niet.", "This version of the ladder does not exist.")
    return ladder_of(session, policy, to_version_id)


def _movable(session: Session, landlord_id: int, case_ids: Sequence[int], to_version_id: int) -> list[int]:
    ids = sorted(set(case_ids))
    found: list[int] = []
    for start in range(0, len(ids), CHUNK):
        statement = select(CaseRow.id).where(
            CaseRow.landlord_id == landlord_id,
            CaseRow.id.in_(ids[start : start + CHUNK]),
            CaseRow.state == "open",
            CaseRow.ladder_version_id != to_version_id,
        )
        found += session.scalars(statement.order_by(CaseRow.id))
    return found


def _sources(session: Session, policy: Policy, case_ids: Sequence[int]) -> list[Ladder]:
    versions: set[int] = set()
    for start in range(0, len(case_ids), CHUNK):
        ids = case_ids[start : start + CHUNK]
        versions |= set(session.scalars(select(CaseRow.ladder_version_id).where(CaseRow.id.in_(ids)).distinct()))
    return [ladder_of(session, policy, version_id) for version_id in sorted(versions)]


def _check_mapping(sources: Sequence[Ladder], target: Ladder, mapping: Counting) -> None:
    for old, new in mapping.items():
        if new is None:
            continue
        step, done = target.step(new), next((found for each in sources if (found := each.step(old))), None)
        if step is None or target.step(old) is not None or not can_count_as(done, step):
            raise Refused(
                f"De stap {old} kan niet tellen als {new} in de nieuwe versie.",
                f"The step {old} cannot count as {new} in the new version.",
            )


def can_count_as(done: Step | None, step: Step) -> bool:
    """Say whether what was done by one step may count as another: contacts as contacts, else the same kind."""
    if done is None:
        return True
    return done.kind is step.kind or (done.kind in CONTACT_KINDS and step.kind in CONTACT_KINDS)


def likely(sources: Sequence[Ladder], target: Ladder, unknown: Iterable[str]) -> dict[str, str | None]:
    """Propose what steps that a ladder does not know count as: a new step of the same kind and name, or text."""
    return {
        key: _likely(next((step for each in sources if (step := each.step(key))), None), sources, target)
        for key in unknown
    }


def _likely(done: Step | None, sources: Sequence[Ladder], target: Ladder) -> str | None:
    if done is None:
        return None
    fresh = [
        step for step in target.steps if step.kind is done.kind and not any(each.step(step.key) for each in sources)
    ]
    same = [step for step in fresh if step.title == done.title]
    same += [step for step in fresh if step.template and step.template == done.template]
    return same[0].key if same else None


def _move_part(
    runtime: Runtime,
    actor: Actor,
    landlord_id: int,
    case_ids: Sequence[int],
    to_version_id: int,
    mapping: Counting,
    reason: str,
) -> int:
    """Move one part in one transaction: the version, the record of it, the evidence, and a fresh decision."""
    now = runtime.clock()
    with runtime.db.write() as session:
        policy = load_policy(session, landlord_id)
        document = session.get_one(DocumentRow, to_version_id)
        statement = select(CaseRow).where(CaseRow.id.in_(case_ids)).order_by(CaseRow.id)
        book = EvidenceBook(session, landlord_id, now)
        moved = []
        for case in session.scalars(statement.with_for_update(key_share=True)):
            if case.state != "open" or case.ladder_version_id == to_version_id:
                continue
            session.add(_record(case, document, mapping, reason, actor, now))
            payload = {
                "from_version": case.ladder_version_id,
                "to_version": to_version_id,
                "from_ladder": case.ladder_name,
                "to_ladder": document.name,
                "to_hash": document.content_hash,
                "mapping": dict(mapping),
                "reason": reason,
            }
            book.note("ladder_moved", actor, payload, case_id=case.id)
            case.ladder_version_id, case.ladder_name = document.id, document.name
            moved.append(case.id)
        book.write()
        session.flush()
        _settle_decisions(session, moved, ladder_of(session, policy, to_version_id), now)
        plan_cases(runtime, session, policy, moved, now, Planned(), anew=True)
    return len(moved)


def _settle_decisions(session: Session, case_ids: Sequence[int], target: Ladder, now: datetime) -> None:
    """Take back what is asked of people for steps that the new ladder lost; ask again what it knows again."""
    statement = select(TaskRow).where(TaskRow.case_id.in_(case_ids), TaskRow.kind == "decision")
    for task in session.scalars(statement):
        knows = target.step(str(task.detail.get("step", ""))) is not None
        if task.state == "open" and not knows:
            task.state, task.done_at, task.outcome = "done", now, LEFT_LADDER
        elif task.outcome == LEFT_LADDER and knows:
            task.state, task.done_at, task.outcome = "open", None, None


def _record(
    case: CaseRow, document: DocumentRow, mapping: Counting, reason: str, actor: Actor, now: datetime
) -> LadderMoveRow:
    return LadderMoveRow(
        landlord_id=case.landlord_id,
        case_id=case.id,
        from_version_id=case.ladder_version_id,
        to_version_id=document.id,
        mapping=dict(mapping),
        reason=reason,
        by_user_id=actor.user_id,
        at=now,
    )

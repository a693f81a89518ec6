"""Start a trajectory on its agreement, and end it on one of its verdicts; people decide, with evidence."""

from datetime import date, timedelta

from sqlalchemy import select

from outreach.db.tables import PauseRow, TaskRow, TrajectoryReviewRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.tasks import close_tasks
from outreach.services.trajectories import Guiding, give, guiding, refuse_gaps
from schedules.trajectory import TrajectoryDefinition, Verdict
from schedules.trajectory_clocks import TrajectoryEvent, ends_not_before, ends_on, reviews_due

PAUSE = "trajectory"
"""The reason of the pause while a trajectory runs."""

LONGEST = timedelta(days=3660)
"""How far ahead reviews are laid down when a trajectory has no end yet."""

TASKS = ("trajectory_review", "trajectory_end")


def start(
    runtime: Runtime,
    actor: Actor,
    trajectory_id: int,
    *,
    agreement: str,
    agreed_on: date,
    started_on: date,
    evidence: str,
    judgment_on: date | None = None,
) -> None:
    """Start a trajectory on the agreement with its conditions: collection is paused, reviews are laid down.

    `evidence` names the signed agreement and, where a commission or judge grants it, that decision. Raises Refused.
    """
    with guiding(runtime, actor, trajectory_id) as guide:
        if agreement not in {each.key for each in guide.definition.agreements}:
            raise Refused("Kies welke afspraak is getekend.", "Choose which agreement was signed.")
        if max(agreed_on, started_on) > guide.acting.today:
            raise Refused("Deze datum kan niet in de toekomst liggen.", "This date cannot be in the future.")
        proof = needs(evidence, "Vul in waar de afspraak ligt.", "Fill in where the agreement lies.")
        refuse_gaps(guide.definition, guide.acting)
        guide.move(TrajectoryEvent.START)
        row = guide.row
        row.agreement, row.agreed_on, row.started_on = agreement, agreed_on, started_on
        row.started_at, row.judgment_on = guide.acting.now, judgment_on or row.judgment_on
        row.ends_on = ends_on(guide.definition, started_on, guide.fills)
        _lay_down_reviews(guide, started_on)
        _pause(guide)
        guide.note(
            "trajectory_started",
            agreement=agreement,
            agreed_on=agreed_on,
            started_on=started_on,
            ends_on=row.ends_on,
            judgment_on=row.judgment_on,
            document=proof,
            decided_by=guide.definition.decided_by,
        )


def _lay_down_reviews(guide: Guiding, started_on: date) -> None:
    until = guide.row.ends_on or started_on + LONGEST
    for due in reviews_due(guide.definition, started_on, until, guide.fills):
        guide.acting.session.add(
            TrajectoryReviewRow(
                landlord_id=guide.row.landlord_id,
                trajectory_id=guide.row.id,
                key=due.key,
                number=due.number,
                title=dict(due.title),
                due_on=due.on,
            )
        )


def _pause(guide: Guiding) -> None:
    """Pause collection as long as the trajectory runs, on its conditions."""
    conditions = [{"key": each.key, "title": dict(each.title)} for each in guide.definition.conditions]
    guide.acting.session.add(
        PauseRow(
            landlord_id=guide.row.landlord_id,
            case_id=guide.row.case_id,
            trajectory_id=guide.row.id,
            reason=PAUSE,
            from_at=guide.acting.now,
            condition="; ".join(each.title["nl"] for each in guide.definition.conditions)[:200],
            conditions=conditions,
            by_user_id=guide.acting.actor.user_id,
        )
    )
    guide.acting.note("paused", reason=PAUSE, until_on=None, trajectory=guide.row.id, conditions=conditions)


def end(runtime: Runtime, actor: Actor, trajectory_id: int, *, verdict: str, evidence: str) -> None:
    """End a trajectory on one of the verdicts of its definition, with its evidence; the pause ends with it.

    A verdict of `ends_when` completes it; one of `flips_when` flips back to a normal lease, or stops it so that the
    eviction resumes: then a person decides what is next. Raises Refused before its shortest time is over.
    """
    with guiding(runtime, actor, trajectory_id) as guide:
        chosen, event = _verdict(guide.definition, verdict)
        proof = needs(evidence, "Vul in waar dit uit blijkt.", "Fill in what shows this.")
        if event is TrajectoryEvent.COMPLETE:
            _refuse_early(guide)
        guide.move(event)
        guide.row.ended_at, guide.row.end_reason = guide.acting.now, chosen.title["nl"]
        _end_pause(guide)
        case_tasks = TaskRow.case_id == guide.row.case_id
        close_tasks(guide.acting.session, guide.acting.now, "ended", case_tasks, TaskRow.kind.in_(TASKS))
        guide.note("trajectory_ended", verdict=verdict, state=guide.row.state, document=proof)
        if event is TrajectoryEvent.STOP:
            detail = {"stopped": dict(chosen.title), "trajectory": trajectory_id}
            give(guide, "trajectory_end", f"trajectory_stopped:{trajectory_id}", detail)


def _verdict(definition: TrajectoryDefinition, key: str) -> tuple[Verdict, TrajectoryEvent]:
    for each in definition.ends_when:
        if each.key == key:
            return each, TrajectoryEvent.COMPLETE
    for each in definition.flips_when:
        if each.key == key:
            return each, TrajectoryEvent.FLIP if each.to == "normal_lease" else TrajectoryEvent.STOP
    raise Refused("Kies hoe het traject eindigt.", "Choose how the trajectory ends.")


def _refuse_early(guide: Guiding) -> None:
    started_on = guide.row.started_on
    first = ends_not_before(guide.definition, started_on, guide.fills) if started_on else None
    if first is not None and guide.acting.today < first:
        raise Refused(f"Dit traject duurt ten minste tot {first:%d-%m-%Y}.", f"This lasts until {first} at least.")


def _end_pause(guide: Guiding) -> None:
    statement = select(PauseRow).where(PauseRow.trajectory_id == guide.row.id, PauseRow.ended_at.is_(None))
    for pause in guide.acting.session.scalars(statement):
        pause.ended_at, pause.end_reason = guide.acting.now, f"trajectory_{guide.row.state}"
        guide.acting.note("resumed", pause=pause.id, reason=pause.end_reason)

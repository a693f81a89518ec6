"""Verdicts on the conditions of a trajectory, with evidence, and its reviews."""

from datetime import date

from outreach.db.tables import TaskRow, TrajectoryConditionRow, TrajectoryReviewRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.tasks import close_tasks
from outreach.services.trajectories import give, guiding
from schedules.trajectory_clocks import TrajectoryState

VERDICTS = ("met", "not_met")
REVIEW_VERDICTS = ("on_track", "worry", "off_track")


def give_verdict(
    runtime: Runtime,
    actor: Actor,
    trajectory_id: int,
    *,
    condition: str,
    verdict: str,
    on: date,
    evidence: str,
) -> None:
    """Record whether a condition is met, with the evidence; one that is not met asks the owner for a talk."""
    with guiding(runtime, actor, trajectory_id) as guide:
        asked = next((each for each in guide.definition.conditions if each.key == condition), None)
        if asked is None or verdict not in VERDICTS:
            raise Refused("Kies de voorwaarde en het oordeel.", "Choose the condition and the verdict.")
        if guide.row.state != TrajectoryState.RUNNING:
            raise Refused("Dit traject loopt niet.", "This trajectory is not running.")
        if on > guide.acting.today:
            raise Refused("Deze datum kan niet in de toekomst liggen.", "This date cannot be in the future.")
        proof = needs(evidence, "Vul in waar dit uit blijkt.", "Fill in what shows this.")
        guide.acting.session.add(
            TrajectoryConditionRow(
                landlord_id=guide.row.landlord_id,
                trajectory_id=trajectory_id,
                condition=condition,
                verdict=verdict,
                on_day=on,
                evidence=proof,
                by_user_id=actor.user_id,
                known_at=guide.acting.now,
            )
        )
        guide.note("trajectory_verdict", condition=condition, verdict=verdict, on=on, document=proof)
        if verdict == "not_met":
            key = f"trajectory:{trajectory_id}:{condition}:{guide.acting.now.isoformat()}"
            give(guide, "trajectory_review", key, {"failed": dict(asked.title), "trajectory": trajectory_id})


def hold_review(runtime: Runtime, actor: Actor, review_id: int, *, verdict: str, text: str) -> None:
    """Record a review that was held: on track, a worry or off track, with what was said."""
    with runtime.db.read() as session:
        known = session.get(TrajectoryReviewRow, review_id)
    if known is None:
        raise Refused("Dit evaluatiemoment bestaat niet.", "This review does not exist.")
    with guiding(runtime, actor, known.trajectory_id) as guide:
        review = guide.acting.session.get_one(TrajectoryReviewRow, review_id)
        if review.held_at is not None:
            raise Refused("Deze evaluatie is al vastgelegd.", "This review has been recorded.")
        if verdict not in REVIEW_VERDICTS:
            raise Refused("Kies hoe het gaat.", "Choose how it goes.")
        said = needs(text, "Schrijf op wat er is besproken.", "Write down what was discussed.")
        review.held_at, review.verdict, review.text = guide.acting.now, verdict, said
        review.by_user_id = actor.user_id
        mine = TaskRow.key == review_key(review_id)
        close_tasks(guide.acting.session, guide.acting.now, "held", TaskRow.case_id == guide.row.case_id, mine)
        guide.note("trajectory_review", review=review.key, number=review.number, verdict=verdict, text=said)


def review_key(review_id: int) -> str:
    """Give the key of the task of a review."""
    return f"trajectory_review:{review_id}"

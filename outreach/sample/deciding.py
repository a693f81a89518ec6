"""How the simulated staff decide: by the first option that the ladder names, with a document."""

from outreach.db.tables import CaseRow
from outreach.runtime import Runtime
from outreach.services import actions
from outreach.services.actor import Actor
from outreach.services.deciding import options_of
from outreach.services.policy import ladder_of, load_policy


def decide_first(runtime: Runtime, actor: Actor, case_id: int, step: str, note: str) -> None:
    """Record a decision of the ladder as its first option says; raises Refused when it is not asked for now."""
    with runtime.db.read() as session:
        case = session.get_one(CaseRow, case_id)
        policy = load_policy(session, case.landlord_id)
        found = ladder_of(session, policy, case.ladder_version_id).step(step)
        number = case.number
    actions.record_decision(
        runtime,
        actor,
        case_id,
        step=step,
        outcome=options_of(found)[0].key if found else "",
        reason=note,
        reference=f"Verslag {number}",
        decided_on=runtime.calendar.day_of(runtime.clock()),
    )

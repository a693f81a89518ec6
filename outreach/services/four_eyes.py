"""Two people: who proposed something does not approve it."""

from outreach.services.acting import Refused
from outreach.services.actor import Actor


def needs_second_person(actor: Actor, proposer_id: int | None) -> None:
    """Raise Refused when the actor is the proposer, or nobody in particular."""
    if actor.user_id is None or actor.user_id == proposer_id:
        raise Refused(
            "U hebt dit zelf voorgesteld. Een collega moet het goedkeuren.",
            "You proposed this yourself. A colleague has to approve it.",
        )

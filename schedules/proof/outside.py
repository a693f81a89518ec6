"""Every kind of fact from outside that may strike a case of one ladder."""

from schedules.ladder import Ladder
from schedules.proof.outside_case import case_facts
from schedules.proof.outside_fact import OutsideFact
from schedules.proof.outside_tenant import tenant_facts
from schedules.proof.sight import Sight


def outside_facts(ladder: Ladder, sight: Sight) -> dict[str, OutsideFact]:
    """Return every kind of fact that this ladder or a property can tell from no fact, by key."""
    return {each.key: each for each in (*tenant_facts(sight), *case_facts(ladder, sight))}

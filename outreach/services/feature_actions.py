"""Record what staff know of a case and ladders branch on: features, payday, children; each change leaves evidence."""

from collections.abc import Collection

from outreach.db.tables import HouseholdRow
from outreach.domain.features import FEATURES
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on
from outreach.services.actor import Actor

LAST_DAY = 31


def set_features(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    features: Collection[str],
    payday: int | None,
    children: bool | None,
) -> None:
    """Keep exactly these features of FEATURES, the tenant's payday (1 to 31) and whether children live there.

    Flags that follow from what happened stay. Raises Refused for an unknown feature or a day that is none.
    """
    if not set(features) <= set(FEATURES):
        raise Refused("Dit kenmerk bestaat niet.", "There is no such feature.")
    if payday is not None and not 1 <= payday <= LAST_DAY:
        raise Refused("De betaaldag is 1 tot en met 31.", "The payday is 1 to 31.")
    with acting_on(runtime, actor, case_id) as acting:
        case = acting.case
        kept = [flag for flag in case.flags if flag not in FEATURES]
        wanted = [*kept, *(feature for feature in FEATURES if feature in features)]
        if wanted != case.flags or case.payday != payday:
            case.flags, case.payday = wanted, payday
            acting.note("features", features=sorted(features), payday=payday)
        _set_children(acting, children)


def _set_children(acting: Acting, children: bool | None) -> None:
    household = acting.session.get_one(HouseholdRow, acting.case.household_id)
    if children is None or household.children == children:
        return
    household.children, household.children_source, household.children_on = children, "medewerker", acting.today
    acting.note("children", children=children, source="staff", occurred_on=acting.today)

"""What staff know of a case reaches the ladder: features, payday, children."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.db.tables import EvidenceRow, HouseholdRow
from outreach.services.acting import Refused
from outreach.services.feature_actions import set_features
from tests.support.worlds import FIRST_DAY, World, building

pytestmark = pytest.mark.integration


@pytest.fixture
def world(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord with one tenant in arrears, after the first day."""
    with building(migrated_url, tmp_path) as build:
        made = build()
        made.owe(made.home())
        made.live(FIRST_DAY)
        yield made


def save(world: World, *features: str, payday: int | None = None, children: bool | None = None) -> None:
    case = world.case(world.homes[0])
    set_features(world.runtime, world.actor, case.id, features=features, payday=payday, children=children)


def test_features_are_kept_with_evidence_and_other_flags_stay(world: World) -> None:
    with world.runtime.db.write() as session:
        session.merge(world.case(world.homes[0])).flags = ["aggression"]
    save(world, "care_avoiding", "reach_evening", payday=23, children=True)
    case = world.case(world.homes[0])
    assert case.flags == ["aggression", "care_avoiding", "reach_evening"] and case.payday == 23
    household = world.rows(HouseholdRow)[0]
    assert household.children is True and household.children_source == "medewerker" and household.children_on
    assert {"features", "children"} <= {row.kind for row in world.rows(EvidenceRow)}
    before = len(world.rows(EvidenceRow))
    save(world, "care_avoiding", "reach_evening", payday=23, children=True)
    assert len(world.rows(EvidenceRow)) == before
    save(world)
    assert world.case(world.homes[0]).flags == ["aggression"] and world.rows(HouseholdRow)[0].children is True


@pytest.mark.parametrize(("feature", "payday"), [("deceased", None), ("nuisance", 32), ("nuisance", 0)])
def test_what_cannot_be_known_changes_nothing(world: World, feature: str, payday: int | None) -> None:
    with pytest.raises(Refused):
        save(world, feature, payday=payday)
    assert world.case(world.homes[0]).flags == [] and world.case(world.homes[0]).payday is None

"""Random paths of the explorer, replayed through the database by the product's own services, give the same timeline."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from outreach.db.tables import PartnerRow
from outreach.services.proving import environment_of
from schedules.ladder import Ladder, StepKind, example_fills
from schedules.proof.explorer import Explorer
from schedules.shipped import load_shipped
from tests.support.replaying import Replay, can_be_played
from tests.support.walking import Path as Walked
from tests.support.walking import walk
from tests.support.worlds import CALENDAR, Build, World, building

pytestmark = pytest.mark.integration

DUE_ON = date(2026, 12, 1)
SEED = 20261127
PATHS = {
    "standaard": 360,
    "sociaal_incasso_met_bodem": 35,
    "brabantwonen_met_bodem": 35,
    "friesland_covenant_met_bodem": 35,
    "woongoed_zeist_met_bodem": 35,
}
"""How many paths of each ladder: five hundred in all; a tenth of them on PostgreSQL."""

LONG = 0.12
"""The share of paths that are followed to their end or nearly so; the others are left on the way."""


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


@pytest.mark.parametrize("name", PATHS)
def test_random_paths_give_the_same_timeline_in_the_database(build: Build, migrated_url: str, name: str) -> None:
    """A path may be left at a moment at which more is due; the database has that too, at that moment."""
    world, random, ladder = build(), Random(SEED), load_shipped(name)
    world.change_settings(default_ladder=name, fills=dict(example_fills(ladder)))
    world.add(*_partners(world, ladder))
    environment = environment_of(world.runtime.catalogue, ("nl", "en"), {}, {})
    explorer = Explorer(ladder, world.policy.engine, CALENDAR, environment, DUE_ON)
    wanted = PATHS[name] * (2 if os.environ.get("OUTREACH_PROPERTIES") == "thorough" else 1)
    count = wanted if "sqlite" in migrated_url else wanted // 10
    paths = [_path(explorer, random) for _ in range(count)]
    replay = Replay(world, paths, counts_months=name != "standaard")
    replay.play()
    made, referred = replay.timelines(), replay.referrals()
    assert sum(len(path.made()) for path in paths) > count
    for number, path in enumerate(paths):
        left_at = path.end.now
        expected, referrals = path.made(), path.referred()
        assert [each for each in made[number] if each[2] != left_at or each in expected] == expected, number
        assert [each for each in referred[number] if each[1] != left_at or each in referrals] == referrals, number


def _partners(world: World, ladder: Ladder) -> list[PartnerRow]:
    """Make the partners that a ladder refers to and that the world does not have."""
    known = {row.kind for row in world.rows(PartnerRow)}
    wanted = {step.target for step in ladder.steps if step.kind is StepKind.REFERRAL and step.target}
    return [
        PartnerRow(
            landlord_id=world.landlord_id,
            municipality="Voorbeeldstad",
            kind=kind,
            name=f"{kind} Voorbeeldstad",
            email=f"{kind}@example.org",
            fields=[],
        )
        for kind in sorted(wanted - known)
    ]


def _path(explorer: Explorer, random: Random) -> Walked:
    moves = random.randint(20, 40) if random.random() < LONG else random.randint(3, 11)
    return walk(explorer, random, random.choice((0, 1, 1, 2)), moves, can_be_played)

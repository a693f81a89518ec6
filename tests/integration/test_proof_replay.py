"""Random paths of the explorer, replayed through the database by the product's own services, give the same timeline."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from outreach.services.proving import environment_of
from schedules.loader import load_preset
from schedules.proof.explorer import Explorer
from tests.support.replaying import Replay, can_be_played
from tests.support.walking import Path as Walked
from tests.support.walking import walk
from tests.support.worlds import CALENDAR, Build, building

pytestmark = pytest.mark.integration

DUE_ON = date(2026, 12, 1)
SEED = 20261127
PATHS, FEWER_PATHS = 1_000, 120
LONG = 0.12
"""The share of paths that are followed to their end or nearly so; the others are left on the way."""


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


def test_random_paths_give_the_same_timeline_in_the_database(build: Build, migrated_url: str) -> None:
    """A path may be left at a moment at which more is due; the database has that too, at that moment."""
    world, random = build(), Random(SEED)
    environment = environment_of(world.runtime.catalogue, ("nl", "en"), {}, {})
    explorer = Explorer(load_preset("standaard"), world.policy.engine, CALENDAR, environment, DUE_ON)
    paths = [_path(explorer, random) for _ in range(PATHS if "sqlite" in migrated_url else FEWER_PATHS)]
    replay = Replay(world, paths)
    replay.play()
    made, referred = replay.timelines(), replay.referrals()
    assert sum(len(path.made()) for path in paths) > 2 * len(paths)
    for number, path in enumerate(paths):
        left_at = path.end.now
        expected, referrals = path.made(), path.referred()
        assert [each for each in made[number] if each[2] != left_at or each in expected] == expected, number
        assert [each for each in referred[number] if each[1] != left_at or each in referrals] == referrals, number


def _path(explorer: Explorer, random: Random) -> Walked:
    moves = random.randint(20, 40) if random.random() < LONG else random.randint(3, 11)
    return walk(explorer, random, random.choice((0, 1, 1, 2)), moves, can_be_played)

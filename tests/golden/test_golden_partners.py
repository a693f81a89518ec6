"""Stories of every route and trajectory that a policy officer can read; remade with OUTREACH_GOLDEN=1."""

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from schedules.partner_timelines import Story, route_timeline, trajectory_timeline
from schedules.route import load_route, route_names
from schedules.trajectory import load_trajectory, trajectory_names

pytestmark = pytest.mark.golden
HERE = Path(__file__).parent
START_ON = date(2026, 10, 5)


def agreed(path: Path, lines: Iterable[str]) -> None:
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    if os.environ.get("OUTREACH_GOLDEN") == "1":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), (
        "changed on purpose? make test with OUTREACH_GOLDEN=1 and read the difference"
    )


@pytest.mark.parametrize("name", route_names())
def test_the_route_is_as_agreed(name: str) -> None:
    """Keep the source lines that the route's own file names."""
    route = load_route(name)
    story = Story(start_on=START_ON, fills={gap.name: gap.example for gap in route.gaps})
    agreed(HERE / "routes" / f"{name}.txt", route_timeline(route, story))


@pytest.mark.parametrize("name", trajectory_names())
def test_the_trajectory_is_as_agreed(name: str) -> None:
    """Keep the source lines that the trajectory's own file names."""
    trajectory = load_trajectory(name)
    story = Story(start_on=START_ON, fills={gap.name: gap.example for gap in trajectory.gaps})
    agreed(HERE / "trajectories" / f"{name}.txt", trajectory_timeline(trajectory, story))


def test_no_story_is_left_behind() -> None:
    assert {path.stem for path in (HERE / "routes").glob("*.txt")} == set(route_names())
    assert {path.stem for path in (HERE / "trajectories").glob("*.txt")} == set(trajectory_names())

"""What the editor of ladders shows: the stages as a line of days, and what is open in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from outreach.services.draft_rows import Draft
from outreach.web.labels import label
from outreach.web.pages.ladder_words import Words
from outreach.web.pages.step_words import KINDS
from outreach.web.translation import _, language
from schedules.draft_days import Days, days_of_steps, movable_clock
from schedules.drafting import Data, followers
from schedules.ladder import Ladder, Step

WEEK = 7
SHORTEST_AXIS = 35
LONGEST_AXIS = 182
ICONS: Mapping[str, str] = {"message": "sms"}


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What is open on the page: the form of a step, a new step in a stage, the question before a removal.

    `after` is what a new step follows; with `failed` only when that did not work out.
    """

    step: str | None = None
    adding: str | None = None
    after: str | None = None
    failed: bool = False
    removing: str | None = None
    stage: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step on the line: its words, its days (None when only a date tells), and what can be done with it."""

    key: str
    title: str
    kind: str
    icon: str
    how: Markup
    when: str
    details: tuple[str, ...]
    days: Days | None
    moment: str
    moves: bool
    is_first: bool
    is_last: bool
    by_law: bool


@dataclass(frozen=True, kw_only=True)
class StageView:
    """One stage with its steps."""

    key: str
    title: str
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, kw_only=True)
class Board:
    """A draft as the editor shows it; `axis` is the number of days of the line, `weeks` where it is marked."""

    draft: Draft
    data: Data
    ladder: Ladder
    stages: tuple[StageView, ...]
    axis: int
    weeks: tuple[int, ...]
    opened: Opened
    fills: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the ladder."""
        return self.ladder.title[language()]

    def rung(self, key: str) -> Rung | None:
        """Return a step on the line."""
        return next((rung for stage in self.stages for rung in stage.rungs if rung.key == key), None)

    def day(self, key: str) -> int | None:
        """Return the first day of a step."""
        rung = self.rung(key)
        return rung.days.first if rung and rung.days else None


def board_of(draft: Draft, fills: Mapping[str, int | str], opened: Opened | None = None) -> Board:
    """Lay a draft out as stages with steps on a line of days."""
    data, ladder = draft.data, draft.ladder
    days = days_of_steps(data, fills)
    words = Words(ladder=ladder, fills=fills)
    order = [stage.key for stage in ladder.stages]
    stages = tuple(
        StageView(
            key=stage.key,
            title=stage.title[language()],
            rungs=tuple(
                _rung(step, data, days, words, (order, fills)) for step in ladder.steps if step.stage == stage.key
            ),
        )
        for stage in ladder.stages
    )
    last = max((found.last for found in days.values() if found), default=0)
    apart = WEEK if last < 6 * WEEK else 2 * WEEK if last < 14 * WEEK else 4 * WEEK
    axis = min(LONGEST_AXIS, max(SHORTEST_AXIS, (last // apart + 1) * apart))
    return Board(
        draft=draft,
        data=data,
        ladder=ladder,
        stages=stages,
        axis=axis,
        weeks=tuple(range(0, axis + 1, apart)),
        opened=opened or Opened(),
        fills=fills,
    )


def _rung(
    step: Step, data: Data, days: Mapping[str, Days | None], words: Words, rest: tuple[list[str], Mapping[str, Any]]
) -> Rung:
    order, fills = rest
    own = [other["key"] for other in data["steps"] if other["stage"] == step.stage]
    return Rung(
        key=step.key,
        title=step.title[language()],
        kind=_(KINDS[step.kind]),
        icon=ICONS.get(step.kind.value, step.kind.value),
        how=words.how(step),
        when=" ".join(words.when(step)),
        details=tuple(words.details(step)),
        days=days[step.key],
        moment=words.moment(step),
        moves=movable_clock(data, step.key, fills) is not None,
        is_first=own[0] == step.key and order[0] == step.stage,
        is_last=own[-1] == step.key and order[-1] == step.stage,
        by_law=step.added_by is not None,
    )


def follower_titles(data: Data, key: str) -> tuple[tuple[str, str], ...]:
    """Return the steps that name a step, by key and title."""
    found = followers(data, key)
    return tuple((step["key"], step["title"][language()]) for step in data["steps"] if step["key"] in found)


def channel_words(code: str) -> str:
    """Write a channel of a step; a gap as what it is."""
    return _("nog te kiezen") if code.startswith("~") else label("channel", code)

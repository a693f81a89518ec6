"""Work a ladder out in advance for a landlord: on his own portfolio or a made-up one, alone or beside another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import select

from outreach.db.tables import DocumentRow
from outreach.domain.landlord_settings import LandlordSettings
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.documents import content_hash
from outreach.services.own_portfolio import count_tenancies, load_portfolio
from outreach.services.policy import Policy, load_policy
from outreach.services.simulation_figures import own_figures
from schedules.errors import LadderError
from schedules.ladder import Ladder, example_fills, open_gaps
from schedules.loader import parse_ladder
from schedules.problem_words import problem_text
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped, shipped_names, shipped_text
from schedules.simulation.figures import Figures, FiguresError, default_figures, read_figures
from schedules.simulation.portfolio import Portfolio, made_up_portfolio
from schedules.simulation.result import difference_of, result_of
from schedules.simulation.run import Run, Told, simulate
from schedules.simulation.workload import Workload
from schedules.simulation.workload import workload as pure_workload

OWN, SYNTHETIC = "own", "synthetic"
MOST_TENANCIES, MOST_MONTHS = 200_000, 36
MINIMUM_CENTS = LandlordSettings.minimum_amount_cents


class SimulationRefused(OutreachError):
    """A simulation cannot be made from what was asked."""


@dataclass(frozen=True, kw_only=True)
class LadderText:
    """A ladder with the text that it was read from."""

    ladder: Ladder
    text: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What to simulate, from which day; `tenancies` counts for a made-up portfolio, `figures` go before the owner's."""

    ladder: LadderText
    start: date
    against: LadderText | None = None
    tenancies: int = 5000
    months: int = 12
    seed: int = 1
    portfolio: str = SYNTHETIC
    figures: Figures | None = None
    workers: int = 2


def find_ladder(name: str, own: Mapping[str, LadderText]) -> LadderText:
    """Find a ladder among a landlord's own, then among those that ship; raise SimulationRefused."""
    if name in own:
        return own[name]
    if name not in shipped_names():
        names = ", ".join(dict.fromkeys((*own, *shipped_names())))
        raise SimulationRefused(
            f"Er is geen contactladder {name}. Kies een bestand, of een van: {names}.",
            f"There is no ladder {name}. Choose a file, or one of: {names}.",
        )
    return LadderText(ladder=load_shipped(name), text=shipped_text(name))


def read_ladder_file(path: Path) -> LadderText:
    """Read a ladder from a file; raise SimulationRefused with its faults."""
    text = path.read_text("utf-8")
    try:
        return LadderText(ladder=parse_ladder(text, path.name), text=text)
    except LadderError as error:
        dutch = " ".join(problem_text(each) for each in error.problems)
        raise SimulationRefused(f"De ladder heeft fouten. {dutch}", f"The ladder has faults. {error}") from error


def read_figures_file(path: Path) -> Figures:
    """Read an own file of figures; raise SimulationRefused with its faults, each with its line."""
    try:
        return read_figures(path.read_text("utf-8"), path.name)
    except FiguresError as error:
        raise SimulationRefused(f"De cijfers hebben fouten. {error}", f"The figures have faults. {error}") from error


@dataclass(frozen=True, kw_only=True)
class Owner:
    """The landlord whose settings, ladders and tenants are used."""

    runtime: Runtime
    landlord_id: int

    @property
    def today(self) -> date:
        """Return the present civil day."""
        return self.runtime.calendar.day_of(self.runtime.clock())

    def ladders(self) -> dict[str, LadderText]:
        """Return the ladders in force, by name."""
        with self.runtime.db.read() as session:
            policy = load_policy(session, self.landlord_id)
            names = {row_id: name for name, row_id in policy.ladder_version_ids.items()}
            bodies = select(DocumentRow.id, DocumentRow.body).where(DocumentRow.id.in_(names))
            return {
                names[row.id]: LadderText(ladder=policy.ladders[row.id], text=row.body)
                for row in session.execute(bodies)
            }

    def figures(self) -> Figures:
        """Return what a simulation supposes for this landlord."""
        with self.runtime.db.read() as session:
            return own_figures(session, self.landlord_id)

    def size(self) -> int:
        """Return how many tenancies run."""
        with self.runtime.db.read() as session:
            return count_tenancies(session, self.landlord_id, self.today)


def work_out(asked: Asked, owner: Owner | None, told: Told = lambda size: None) -> dict[str, Any]:
    """Simulate what was asked and return the result as plain data.

    Without an owner the portfolio is made up and the settings are the product's own. Gaps that nobody
    filled take their marked example value, and are named in the result.
    """
    figures = asked.figures or (owner.figures() if owner else default_figures())
    settings, portfolio = _circumstances(owner, asked, figures)
    ladders = [asked.ladder, *([asked.against] if asked.against is not None else [])]
    runs = [_run(each.ladder, settings, portfolio, asked, figures) for each in ladders]
    tallies = simulate(runs, asked.workers, told)
    found: dict[str, Any] = {
        "first": result_of(runs[0], tallies[0]),
        "against": None,
        "difference": None,
        "versions": _versions(ladders, figures),
        "examples": {each.ladder.name: _examples(each.ladder, settings) for each in ladders},
        "legal_floor": settings.legal_floor,
        "figures": figures_data(figures),
    }
    if asked.against is not None:
        found["against"] = result_of(runs[1], tallies[1])
        found["difference"] = difference_of(runs[0], tallies[0], runs[1], tallies[1])
    return found


def size_of(asked: Asked, owner: Owner | None) -> int:
    """Return how many tenancies a simulation goes over, both ladders counted: the length of its progress bar."""
    own = asked.portfolio == OWN and owner is not None
    return (owner.size() if own and owner else asked.tenancies) * (1 if asked.against is None else 2)


def _circumstances(owner: Owner | None, asked: Asked, figures: Figures) -> tuple[PolicySettings, Portfolio]:
    if owner is None:
        if asked.portfolio == OWN:
            raise SimulationRefused("Voor eigen huurders is een verhuurder nodig.", "Own tenants need a landlord.")
        return PolicySettings(minimum_amount_cents=MINIMUM_CENTS), made_up_portfolio(asked.tenancies, figures)
    with owner.runtime.db.read() as session:
        settings = load_policy(session, owner.landlord_id).engine
        if asked.portfolio == SYNTHETIC:
            return settings, made_up_portfolio(asked.tenancies, figures)
        now = owner.runtime.clock()
        portfolio = load_portfolio(session, owner.landlord_id, figures, asked.seed, now, owner.today)
    if portfolio.size == 0:
        raise SimulationRefused(
            "Er zijn nog geen huurders ingelezen. Kies verzonnen huurders.",
            "No tenants have been imported yet. Choose made-up tenants.",
        )
    return settings, portfolio


def _run(ladder: Ladder, settings: PolicySettings, portfolio: Portfolio, asked: Asked, figures: Figures) -> Run:
    fills = {**example_fills(ladder), **settings.fills}
    return Run(
        ladder=ladder,
        settings=replace(settings, fills=fills),
        portfolio=portfolio,
        start=asked.start,
        months=asked.months,
        seed=asked.seed,
        figures=figures,
    )


def _versions(ladders: Sequence[LadderText], figures: Figures) -> dict[str, Any]:
    return {
        "product": version("outreach-incasso"),
        "ladders": {each.ladder.name: content_hash(each.text) for each in ladders},
        "figures": content_hash(
            repr((sorted(figures.values.items()), figures.profiles, figures.habits, figures.replies))
        ),
    }


def _examples(ladder: Ladder, settings: PolicySettings) -> list[dict[str, str]]:
    return [dict(gap.title) for gap in open_gaps(ladder, settings.fills)]


def figures_data(figures: Figures) -> list[dict[str, Any]]:
    """Return every figure with its meaning and source, as plain data."""
    return [
        {
            "key": figure.key,
            "value": figure.value,
            "unit": figure.unit,
            "nl": figure.title["nl"],
            "en": figure.title["en"],
            "source": figure.source,
        }
        for figure in figures.figures.values()
    ]


def workload(runtime: Runtime, policy: Policy, ladder_text: str) -> Workload:
    """Estimate what a ladder asks of a landlord's teams a week; raise LadderError for a text with faults.

    A short simulation on made-up tenants, scaled to the number of his own tenancies (to 5.000 when he has none).
    """
    ladder = parse_ladder(ladder_text, "ladder")
    fills = {**example_fills(ladder), **policy.engine.fills}
    owner = Owner(runtime=runtime, landlord_id=policy.landlord_id)
    return pure_workload(
        ladder,
        replace(policy.engine, fills=fills),
        runtime.calendar,
        figures=owner.figures(),
        shown_for=owner.size() or Asked.tenancies,
    )

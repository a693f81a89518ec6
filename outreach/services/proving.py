"""Prove a ladder with partners and texts: the shipped ones for the command line, a landlord's own for the console."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from sqlalchemy import select

from messages.catalogue import Catalogue
from messages.languages import DUTCH, DUTCH_INFORMAL, LANGUAGES
from messages.template import Template
from outreach.db.tables import PartnerRow
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime
from outreach.services.policy import Policy
from outreach.services.text_approval import Approvals
from outreach.services.text_checking import examine_template, with_rules_set_aside
from schedules.calendar import Calendar
from schedules.ladder import Ladder, example_fills
from schedules.loader import parse_ladder
from schedules.proof import Proof, ProofEnvironment, Route, prove
from schedules.proof.partners import prove_route, prove_trajectory
from schedules.proof.prover import DEPTH
from schedules.route import RouteDefinition, load_route, route_names
from schedules.settings import PolicySettings
from schedules.shipped import is_source, load_shipped
from schedules.terms import filled
from schedules.trajectory import load_trajectory, trajectory_names

PARTNER_DAYS = 28
"""Days until feedback of a partner whose route leaves them open: what a new partner starts with."""

SOURCE_VARIANT = "source"
FLOOR_VARIANT = "legal_floor"


def first_due(today: date) -> date:
    """Return the first of the coming month: the due date from which a proof starts."""
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


@dataclass(frozen=True)
class _Texts:
    """The checks of every text of one catalogue, filled in with values of a sample tenant; each is checked once.

    `approvals` and `settings` are a landlord's; without them the texts are looked at as they ship.
    """

    catalogue: Catalogue
    approvals: Approvals | None = None
    settings: LandlordSettings | None = None

    def problems(
        self, template: str, channel: str, language: str, stage: str, measures: tuple[str, ...]
    ) -> Sequence[str]:
        """Return what keeps a text from going out, as Dutch sentences."""
        if language not in LANGUAGES:
            return (f"er zijn geen controles voor de taal {language}.",)
        found = self._found(template, channel, language)
        if found is None:
            return ("deze tekst is er niet in deze taal.",)
        lacking = lacking_of(self.settings) if self.settings else {}
        if missing := sorted(found.placeholders & lacking.keys()):
            return tuple(lacking[name] for name in missing)
        if self.approvals and not self.approvals.may_go(found):
            return ("niemand die deze taal leest heeft deze tekst goedgekeurd.",)
        report = examine_template(found, frozenset(measures), bool(self.settings and self.settings.costs_with_vat))
        if self.approvals:
            report = with_rules_set_aside(report, self.approvals.rules_set_aside(found))
        stops = (mark for mark in report.marks if mark.severity == "stop")
        return (*(each.text_nl for each in report.problems), *(f"{mark.text}: {mark.advice}" for mark in stops))

    def _found(self, template: str, channel: str, language: str) -> Template | None:
        informal = self.catalogue.find(template, channel, DUTCH_INFORMAL)
        if language == DUTCH and informal and self.settings and self.settings.address_form == "je":
            return informal
        return self.catalogue.find(template, channel, language)


def environment_of(
    catalogue: Catalogue,
    languages: Sequence[str],
    fills: Mapping[str, int | str],
    partners: Mapping[str, int],
    approvals: Approvals | None = None,
    settings: LandlordSettings | None = None,
) -> ProofEnvironment:
    """Gather what a proof needs beside the ladder; `partners` gives the feedback days by kind of partner.

    Without `approvals` and `settings` of a landlord the texts are looked at as they ship.
    """
    purposes = {template.name: template.purpose for template in catalogue}
    measures = {name: frozenset[str]() for name in purposes}
    for template in catalogue:
        measures[template.name] |= template.mentions
    own = {kind: Route(feedback_days=days, owner="worker") for kind, days in partners.items()}
    return ProofEnvironment(
        routes={**_routes(tuple(sorted(fills.items()))), **own},
        text_problems=_Texts(catalogue, approvals, settings).problems,
        languages=tuple(languages),
        template_purposes=purposes,
        template_measures=measures,
    )


@lru_cache(maxsize=16)
def _routes(fills: tuple[tuple[str, int | str], ...]) -> Mapping[str, Route]:
    return {route.target: _route(route, dict(fills)) for route in map(load_route, route_names())}


def _route(route: RouteDefinition, fills: Mapping[str, int | str]) -> Route:
    days = filled(route.feedback[0].days, fills) if route.feedback else None
    return Route(feedback_days=days if days is not None else PARTNER_DAYS, owner=route.owner)


def shipped_settings(ladder: Ladder, name: str, examples: bool) -> PolicySettings:
    """Return the settings for a shipped ladder: a source as it stands, with its examples when asked."""
    return PolicySettings(fills=dict(example_fills(ladder)) if examples else {}, legal_floor=not is_source(name))


def prove_shipped(
    name: str, catalogue: Catalogue, calendar: Calendar, start: date, *, examples: bool, depth: int = DEPTH
) -> Proof:
    """Prove a ladder that ships; raise KeyError when there is none by that name."""
    ladder = load_shipped(name)
    variant = SOURCE_VARIANT if is_source(name) else FLOOR_VARIANT
    return prove_ladder(
        ladder, shipped_settings(ladder, name, examples), catalogue, calendar, start, depth=depth, variant=variant
    )


def prove_ladder(
    ladder: Ladder,
    settings: PolicySettings,
    catalogue: Catalogue,
    calendar: Calendar,
    start: date,
    *,
    depth: int = DEPTH,
    variant: str = FLOOR_VARIANT,
) -> Proof:
    """Prove a ladder with the partners and texts that ship, in Dutch and English."""
    environment = environment_of(catalogue, ("nl", "en"), settings.fills, {})
    return prove(ladder, settings, calendar, environment, start, depth, variant=variant)


def partner_proofs(start: date, *, examples: bool) -> Iterator[Callable[[], Proof]]:
    """Yield a proof to make for every shipped route, as in its source and with the floor, and for every trajectory."""
    for name in route_names():
        route = load_route(name)
        fills = {gap.name: gap.example for gap in route.gaps} if examples else {}
        yield partial(prove_route, route, fills, start, floor=False)
        yield partial(prove_route, route, fills, start)
    for name in trajectory_names():
        trajectory = load_trajectory(name)
        fills = {gap.name: gap.example for gap in trajectory.gaps} if examples else {}
        yield partial(prove_trajectory, trajectory, fills, start)


def prove_for_landlord(runtime: Runtime, policy: Policy, ladder_text: str) -> Proof:
    """Prove the text of a ladder under a landlord's settings, partners, texts and languages; kept by content.

    Raise LadderError when the text has faults.
    """
    start = first_due(runtime.calendar.day_of(runtime.clock()))
    partners = tuple(sorted(_partners(runtime, policy).items()))
    return _proven(_Question(ladder_text, policy, runtime, start, partners))


def _partners(runtime: Runtime, policy: Policy) -> dict[str, int]:
    statement = select(PartnerRow.kind, PartnerRow.feedback_days).where(
        PartnerRow.landlord_id == policy.landlord_id, PartnerRow.active
    )
    with runtime.db.read() as session:
        return {row.kind: row.feedback_days for row in session.execute(statement)}


def _texts_key(policy: Policy) -> tuple[object, ...]:
    """Name the texts that a proof looks at, and what people said of them."""
    return tuple(sorted(each.version for each in policy.catalogue)), policy.approvals.key


def lacking_of(settings: LandlordSettings) -> Mapping[str, str]:
    """Return the placeholders that a landlord's settings cannot fill, each with what to do, in Dutch."""
    lacking: dict[str, str] = {}
    if not settings.iban:
        lacking["iban"] = "het rekeningnummer ontbreekt. Vul het in bij Instellingen."
    if settings.collection_costs == "none":
        no_costs = (
            "deze verhuurder rekent geen incassokosten. Kies een andere tekst, of stel kosten in bij Instellingen."
        )
        lacking |= dict.fromkeys(("costs", "total_with_costs"), no_costs)
    return lacking


class _Question:
    """What is asked; two questions are the same when text, settings, texts, partners and due date are."""

    def __init__(
        self, text: str, policy: Policy, runtime: Runtime, start: date, partners: tuple[tuple[str, int], ...]
    ) -> None:
        self.text, self.policy, self.runtime, self.start, self.partners = text, policy, runtime, start, partners
        self.same = (text, policy.settings.to_text(), policy.law_version_id, *_texts_key(policy), start, partners)

    def __hash__(self) -> int:
        return hash(self.same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.same == other.same


@lru_cache(maxsize=64)
def _proven(asked: _Question) -> Proof:
    policy = asked.policy
    environment = environment_of(
        policy.catalogue,
        policy.settings.languages,
        policy.settings.fills,
        dict(asked.partners),
        policy.approvals,
        policy.settings,
    )
    ladder = parse_ladder(asked.text)
    return prove(ladder, policy.engine, asked.runtime.calendar, environment, asked.start, variant="landlord")

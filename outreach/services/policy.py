"""A landlord's policy as the engine needs it: settings, ladders by version, texts, law."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.catalogue import Catalogue, catalogue_from_sources
from outreach.db.tables import DocumentRow, LandlordRow
from outreach.domain.landlord_settings import WEEKDAYS, LandlordSettings, settings_from_text
from outreach.errors import OutreachError
from outreach.services.documents import Text, Version, activate, active_versions, bodies_of, body_of, install
from outreach.services.text_approval import Approvals, approvals_of
from schedules.ladder import Ladder, Step
from schedules.loader import parse_ladder
from schedules.possible_measures import possible_measures
from schedules.pressure import PressureBudget
from schedules.route import route_names, route_text
from schedules.settings import MonthDefinition, PolicySettings
from schedules.shipped import shipped_names, shipped_text
from schedules.trajectory import trajectory_names, trajectory_text

SETTINGS = "settings"
LADDER = "ladder"
LAW = "law"
TEMPLATE = "template"
ROUTE = "route"
TRAJECTORY = "trajectory"
LANDLORD = "landlord"


class NoPolicy(OutreachError):
    """The landlord has no settings or no ladder in force."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What is in force for one landlord. `ladders` by version id holds the ladders of running cases too.

    `catalogue` holds the landlord's texts, `approvals` what people said of them.
    """

    landlord_id: int
    landlord_name: str
    is_sample: bool
    settings: LandlordSettings
    settings_version_id: int
    law_version_id: int
    ladder_version_ids: Mapping[str, int]
    engine: PolicySettings
    ladders: dict[int, Ladder] = field(default_factory=dict)
    template_version_ids: dict[str, int] = field(default_factory=dict)
    catalogue: Catalogue
    approvals: Approvals
    _measures: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def measures_at(self, version_id: int, ladder: Ladder, step: Step) -> frozenset[str]:
        """Give what a text may name at a step of a ladder version; worked out once."""
        found = self._measures.get((version_id, step.key))
        if found is None:
            found = possible_measures(ladder, step, self.settings.fills)
            self._measures[(version_id, step.key)] = found
        return found

    def ladder_for_area(self, area_code: str, day: date | None = None) -> str:
        """Give the name of the ladder of an area; on a day after its last one, the default takes its place."""
        name = self.settings.area_ladders.get(area_code, self.settings.default_ladder)
        return self.settings.default_ladder if day is not None and self.is_over(name, day) else name

    def is_over(self, name: str, day: date) -> bool:
        """Say whether a ladder was valid up to an earlier day."""
        valid_to = self.ladders[self.ladder_version_ids[name]].valid_to
        return valid_to is not None and valid_to < day


@lru_cache(maxsize=64)
def _parsed_ladder(body: str, name: str) -> Ladder:
    return parse_ladder(body, f"{name} (stored)")


@lru_cache(maxsize=16)
def _parsed_settings(body: str) -> LandlordSettings:
    return settings_from_text(body)


def engine_settings(settings: LandlordSettings) -> PolicySettings:
    """Map the landlord's settings to what the engine knows."""
    pressure = settings.pressure
    hours = {
        WEEKDAYS.index(day): (time.fromisoformat(opens), time.fromisoformat(closes))
        for day, (opens, closes) in settings.office_hours.items()
    }
    return PolicySettings(
        budget=PressureBudget(
            per_day=pressure.per_day,
            per_days=pressure.per_days,
            days=pressure.days,
            rest_after_talk_hours=pressure.rest_after_talk_hours,
            rest_after_promise_hours=pressure.rest_after_promise_hours,
        ),
        office_hours=hours,
        minimum_amount_cents=settings.minimum_amount_cents,
        month_definition=MonthDefinition(settings.month_definition),
        stale_ledger_working_days=settings.stale_ledger_working_days,
        channels_off=frozenset(settings.channels_off),
        fills=dict(settings.fills),
        resume_after_reached_days=settings.resume_after_reached_days,
        promise_grace_working_days=settings.promise_grace_working_days,
        payday=settings.plan.payday,
    )


def load_policy(session: Session, landlord_id: int) -> Policy:
    """Load what is in force; raise NoPolicy when the landlord has not been set up."""
    landlord = session.get(LandlordRow, landlord_id)
    active = active_versions(session, landlord_id)
    settings_row, law_row = active.get((SETTINGS, LANDLORD)), active.get((LAW, "nl"))
    if landlord is None or settings_row is None or law_row is None:
        raise NoPolicy(
            "Deze verhuurder is nog niet ingericht. Ga naar Instellingen.",
            "This landlord has not been set up. Go to Settings.",
        )
    settings = _parsed_settings(body_of(session, settings_row))
    ladders = {name: row for (kind, name), row in active.items() if kind == LADDER}
    return Policy(
        landlord_id=landlord_id,
        landlord_name=landlord.name,
        is_sample=landlord.is_sample,
        settings=settings,
        settings_version_id=settings_row.id,
        law_version_id=law_row.id,
        ladder_version_ids={name: row.id for name, row in ladders.items()},
        engine=engine_settings(settings),
        ladders={row.id: _parsed_ladder(body_of(session, row), name) for name, row in ladders.items()},
        template_version_ids={name: row.id for (kind, name), row in active.items() if kind == TEMPLATE},
        catalogue=_catalogue(session, {name: row for (kind, name), row in active.items() if kind == TEMPLATE}),
        approvals=approvals_of(session, landlord_id),
    )


_CATALOGUES: dict[frozenset[tuple[str, str]], Catalogue] = {}
_CATALOGUES_KEPT = 32


def _catalogue(session: Session, texts: Mapping[str, Version]) -> Catalogue:
    """Read the texts in force; equal texts give the same catalogue, so that checks of it are kept."""
    key = frozenset((name, version.content_hash) for name, version in texts.items())
    found = _CATALOGUES.get(key)
    if found is None:
        bodies = bodies_of(session, list(texts.values()))
        found = catalogue_from_sources({name: bodies[version.content_hash] for name, version in texts.items()})
        if len(_CATALOGUES) >= _CATALOGUES_KEPT:
            _CATALOGUES.clear()
        _CATALOGUES[key] = found
    return found


def ladder_of(session: Session, policy: Policy, version_id: int) -> Ladder:
    """Give the ladder of a version, also one that is no longer in force."""
    ladder = policy.ladders.get(version_id)
    if ladder is None:
        row = session.scalars(select(DocumentRow).where(DocumentRow.id == version_id)).one()
        ladder = policy.ladders[version_id] = _parsed_ladder(row.body, row.name)
    return ladder


def body_of_version(session: Session, version_id: int) -> str:
    """Give the text of a version; it is known to exist."""
    return session.get_one(DocumentRow, version_id).body


def install_shipped(session: Session, landlord_id: int, catalogue: Catalogue, now: datetime) -> None:
    """Put the shipped law rules, texts and ladders of this version of the product in force, as versions.

    A text that the landlord changed stays. A ladder is put in force only when the landlord has none of that name:
    his own edits stay, and so does the version of his running cases. What ships newly under a known name is kept as
    a version to look at and publish.
    """
    law = files("schedules").joinpath("law/nl.yaml").read_text("utf-8")
    texts = [
        Text(kind=LAW, name="nl", body=law),
        *(Text(kind=TEMPLATE, name=name, body=catalogue.source(name), own_stays=True) for name in catalogue.names()),
        *(Text(kind=ROUTE, name=name, body=route_text(name)) for name in route_names()),
        *(Text(kind=TRAJECTORY, name=name, body=trajectory_text(name)) for name in trajectory_names()),
        *(Text(kind=LADDER, name=name, body=shipped_text(name), once=True) for name in shipped_names()),
    ]
    install(session, landlord_id, texts, now)


def save_settings(
    session: Session, landlord_id: int, settings: LandlordSettings, now: datetime, user_id: int | None = None
) -> DocumentRow:
    """Put new settings in force as a version."""
    return activate(session, landlord_id, SETTINGS, LANDLORD, settings.to_text(), now, user_id)

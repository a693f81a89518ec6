"""Last-chance trajectories as states of a case: proposed, running, and how they end; people decide every move.

The table of moves is schedules.trajectory_clocks.TRANSITIONS. While a trajectory runs, collection is paused.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from outreach.db.tables import (
    DocumentRow,
    PartnerRow,
    TrajectoryRow,
)
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.documents import Version, active_versions, body_of
from outreach.services.facts import load_cases
from outreach.services.parties import owner_for
from outreach.services.policy import ladder_of
from outreach.services.referral_actions import offer_again
from outreach.services.referrals import partner_for
from outreach.services.tasks import NewTask, add_tasks
from schedules.case_view import CaseView
from schedules.route_gate import holding, is_valid_on, open_gaps_of
from schedules.trajectory import TrajectoryDefinition, parse_trajectory
from schedules.trajectory_clocks import (
    TrajectoryEvent,
    TrajectoryState,
    next_state,
)

KIND = "trajectory"
BUSY = (TrajectoryState.PROPOSED, TrajectoryState.RUNNING)


@lru_cache(maxsize=64)
def _parsed(body: str) -> TrajectoryDefinition:
    return parse_trajectory(body)


def definitions(session: Session, landlord_id: int) -> dict[str, tuple[int, TrajectoryDefinition]]:
    """Give the trajectories in force for a landlord by name, with the id of their version."""
    found = active_versions(session, landlord_id)
    return {
        name: (version.id, _parsed(body_of(session, version)))
        for (kind, name), version in sorted(found.items())
        if kind == KIND
    }


def definition_of(session: Session, row: TrajectoryRow) -> TrajectoryDefinition:
    """Give the definition that a trajectory runs by, also one that is no longer in force."""
    statement = select(DocumentRow.id, DocumentRow.content_hash).where(DocumentRow.id == row.definition_version_id)
    found = session.execute(statement).one()
    return _parsed(body_of(session, Version(id=found.id, content_hash=found.content_hash)))


@dataclass(frozen=True, kw_only=True)
class Guiding:
    """One trajectory inside an action on its case."""

    acting: Acting
    row: TrajectoryRow
    definition: TrajectoryDefinition

    @property
    def fills(self) -> Mapping[str, int | str]:
        """What the landlord fills gaps with."""
        return self.acting.policy.settings.fills

    def note(self, fact: str, /, **payload: object) -> None:
        """Note a fact of the trajectory in the case's evidence."""
        self.acting.note(fact, trajectory=self.row.id, name=self.row.name, **payload)

    def move(self, event: TrajectoryEvent) -> None:
        """Go to the state that follows on an event; raises Refused when none does."""
        after = next_state(TrajectoryState(self.row.state), event)
        if after is None:
            raise Refused("Dit kan niet meer bij dit traject.", "This trajectory cannot do this any more.")
        self.row.state = after.value


@contextmanager
def guiding(runtime: Runtime, actor: Actor, trajectory_id: int) -> Iterator[Guiding]:
    """Open an action on a trajectory; at its end its case is decided on again, and the evidence written."""
    with runtime.db.read() as session:
        known = session.get(TrajectoryRow, trajectory_id)
    if known is None:
        raise Refused("Dit traject bestaat niet.", "This trajectory does not exist.")
    with acting_on(runtime, actor, known.case_id, open_only=False) as acting:
        row = acting.session.get_one(TrajectoryRow, trajectory_id)
        yield Guiding(acting=acting, row=row, definition=definition_of(acting.session, row))


def propose(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    name: str,
    opening: str,
    why: str,
    partner_person: str = "",
) -> int:
    """Propose a trajectory for a case, on one of the openings that its definition names; gives its id.

    Raises Refused when it is not in force, a gap of its source is open, the opening does not hold by the facts, or
    another trajectory is proposed or running.
    """
    with acting_on(runtime, actor, case_id) as acting:
        found = definitions(acting.session, acting.case.landlord_id).get(name)
        if found is None or not is_valid_on(found[1], acting.today):
            raise Refused("Dit traject geldt nu niet.", "This trajectory is not in force now.")
        version_id, definition = found
        refuse_gaps(definition, acting)
        _refuse_closed(definition, acting, opening)
        if acting.session.scalar(_busy(acting)) is not None:
            raise Refused("Er is al een traject voor dit dossier.", "This case has a trajectory already.")
        reason = needs(why, "Schrijf op waarom dit traject past.", "Write down why this trajectory fits.")
        partner = _partner(acting, definition)
        judgment = acting.case.dates.get("judgment")
        row = TrajectoryRow(
            landlord_id=acting.case.landlord_id,
            case_id=case_id,
            definition_version_id=version_id,
            name=name,
            state=TrajectoryState.PROPOSED.value,
            partner_id=partner.id if partner else None,
            partner_person=partner_person or (partner.contact_person if partner else ""),
            owner_id=owner_for(acting.session, acting.case, definition.owner),
            why=reason,
            proposed_at=acting.now,
            judgment_on=date.fromisoformat(judgment) if judgment else None,
        )
        acting.session.add(row)
        acting.session.flush()
        acting.note("trajectory_proposed", trajectory=row.id, name=name, opening=opening, why=reason)
        return row.id


def _busy(acting: Acting) -> Select[Any]:
    states = [state.value for state in BUSY]
    return select(TrajectoryRow.id).where(TrajectoryRow.case_id == acting.case.id, TrajectoryRow.state.in_(states))


def _partner(acting: Acting, definition: TrajectoryDefinition) -> PartnerRow | None:
    loaded = load_cases(acting.session, [acting.case], acting.today, acting.now)[0]
    return partner_for(acting.session, acting.case.landlord_id, loaded.area.municipality, definition.partner)


def refuse_gaps(definition: TrajectoryDefinition, acting: Acting) -> None:
    """Raise Refused when a gap of the source is open: what cannot be counted cannot be agreed."""
    gaps = open_gaps_of(definition, acting.policy.settings.fills)
    if gaps:
        nl, en = (", ".join(gap.title[language] for gap in gaps) for language in ("nl", "en"))
        raise Refused(f"Staat niet in de bron, vul dit eerst in: {nl}", f"Not in the source, fill this in first: {en}")


def _refuse_closed(definition: TrajectoryDefinition, acting: Acting, opening: str) -> None:
    loaded = load_cases(acting.session, [acting.case], acting.today, acting.now)[0]
    ladder = ladder_of(acting.session, acting.policy, acting.case.ladder_version_id)
    view = CaseView(ladder, loaded.facts, acting.policy.engine, acting.runtime.calendar, acting.now)
    if opening not in holding(definition.opens_when, view, frozenset({opening})):
        raise Refused("Deze aanleiding is er volgens het dossier niet.", "By the case this reason does not hold.")


def refuse(runtime: Runtime, actor: Actor, trajectory_id: int, *, reason: str) -> None:
    """Record that a proposal was refused; help is offered again later (rules.md 17)."""
    with guiding(runtime, actor, trajectory_id) as guide:
        why = needs(reason, "Schrijf op waarom.", "Write down why.")
        guide.move(TrajectoryEvent.REFUSE)
        guide.row.end_reason = why
        guide.note("trajectory_refused", reason=why)
        offer_again(guide.acting, f"trajectory:{trajectory_id}:{guide.acting.today}")


def propose_again(runtime: Runtime, actor: Actor, trajectory_id: int, *, reason: str) -> None:
    """Propose a trajectory again after it was refused."""
    with guiding(runtime, actor, trajectory_id) as guide:
        why = needs(reason, "Schrijf op waarom.", "Write down why.")
        guide.move(TrajectoryEvent.PROPOSE)
        guide.row.why, guide.row.end_reason = why, ""
        guide.note("trajectory_proposed", why=why, again=True)


def give(guide: Guiding, kind: str, key: str, detail: Mapping[str, object]) -> None:
    """Give the owner of a trajectory a task about it, once per key."""
    case = guide.acting.case
    user_id = guide.row.owner_id
    task = NewTask(kind=kind, key=key[:200], case=case, due_at=guide.acting.now, detail=detail, user_id=user_id)
    add_tasks(guide.acting.session, [task])

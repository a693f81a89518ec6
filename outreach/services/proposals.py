"""Proposals that wait for a second person: who proposed something does not approve it. For ladders and for texts."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import LadderProposalRow, TextProposalRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook

ProposalRow = TypeVar("ProposalRow", LadderProposalRow, TextProposalRow)


def needs_second_person(actor: Actor, proposer_id: int | None) -> None:
    """Raise Refused when the actor is the proposer, or nobody in particular."""
    if actor.user_id is None or actor.user_id == proposer_id:
        raise Refused(
            "U hebt dit zelf voorgesteld. Een collega moet het goedkeuren.",
            "You proposed this yourself. A colleague has to approve it.",
        )


def open_proposal(session: Session, table: type[ProposalRow], landlord_id: int, proposal_id: int) -> ProposalRow:
    """Return a proposal that waits, locked; raise Refused when it does not wait any more."""
    statement = select(table).where(table.landlord_id == landlord_id, table.id == proposal_id)
    row = session.scalar(statement.with_for_update())
    if row is None or row.state != "proposed":
        raise Refused("Dit voorstel wacht niet meer.", "This proposal is not waiting any more.")
    return row


def reject_proposal(
    runtime: Runtime,
    actor: Actor,
    table: type[ProposalRow],
    landlord_id: int,
    proposal_id: int,
    reason: str,
    evidence: Callable[[Session, ProposalRow], dict[str, Any]],
) -> None:
    """Turn a proposal down as the second person, with the reason; the draft stays."""
    why = needs(reason, "Vul in waarom u het voorstel afwijst.", "Fill in why you reject the proposal.")
    with runtime.db.write() as session:
        row = open_proposal(session, table, landlord_id, proposal_id)
        needs_second_person(actor, row.by_user_id)
        row.second_user_id, row.decided_why = actor.user_id, why
        _end(runtime, session, actor, row, "rejected", evidence)


def withdraw_proposal(
    runtime: Runtime,
    actor: Actor,
    table: type[ProposalRow],
    landlord_id: int,
    proposal_id: int,
    evidence: Callable[[Session, ProposalRow], dict[str, Any]],
) -> None:
    """Take back one's own proposal; raise Refused for that of another."""
    with runtime.db.write() as session:
        row = open_proposal(session, table, landlord_id, proposal_id)
        if row.by_user_id != actor.user_id:
            raise Refused("Alleen wie het voorstelde trekt het in.", "Only who proposed it withdraws it.")
        _end(runtime, session, actor, row, "withdrawn", evidence)


def _end(
    runtime: Runtime,
    session: Session,
    actor: Actor,
    row: ProposalRow,
    state: str,
    evidence: Callable[[Session, ProposalRow], dict[str, Any]],
) -> None:
    row.state, row.decided_at = state, runtime.clock()
    book = EvidenceBook(session, row.landlord_id, row.decided_at)
    kind = "ladder" if isinstance(row, LadderProposalRow) else "text"
    book.note(f"{kind}_{state}", actor, evidence(session, row))
    book.write()

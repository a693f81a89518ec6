"""Publish a version of a ladder, by one person or by two; running cases stay on the version that they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import DocumentRow, LadderProposalRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.documents import activate, active_versions, keep_version
from outreach.services.evidence import EvidenceBook
from outreach.services.ladder_drafts import drop_draft, read_draft
from outreach.services.ladder_obstacles import InTheWay, Obstacle, obstacles, read_ladder
from outreach.services.ladder_proofs import KeptProof, Prover, proof_of
from outreach.services.policy import LADDER, Policy, ladder_of, load_policy
from outreach.services.proposals import needs_second_person, open_proposal, reject_proposal, withdraw_proposal
from outreach.services.proving import prove_for_landlord
from schedules.ladder import Ladder


@dataclass(frozen=True, kw_only=True)
class Published:
    """What came of publishing: state approved (in force) or proposed (waits for a second person)."""

    proposal_id: int
    document_id: int
    state: str


def publish(
    runtime: Runtime,
    actor: Actor,
    landlord_id: int,
    name: str,
    text: str,
    *,
    reason: str,
    effects: Mapping[str, Any] | None = None,
    prover: Prover = prove_for_landlord,
) -> Published:
    """Put a text in force as a version of a ladder, or propose it where the landlord wants four eyes.

    Raises Refused for a text with faults, without a reason, or while another proposal waits; InTheWay for an open
    gap, an expired date or a proof that does not hold. `effects` is kept as what was shown.
    """
    why = needs(reason, "Vul in waarom de ladder verandert.", "Fill in why the ladder changes.")
    read_ladder(text, name)
    with runtime.db.write() as session:
        document_id = keep_version(session, landlord_id, LADDER, name, text, runtime.clock(), actor.user_id).id
    policy = cleared(runtime, landlord_id, document_id, prover)
    now = runtime.clock()
    with runtime.db.write() as session:
        base = active_versions(session, landlord_id).get((LADDER, name))
        if base is not None and policy.ladders.get(base.id) == ladder_of(session, policy, document_id):
            raise Refused(
                "Er verandert niets: dit is gelijk aan de versie die van kracht is.",
                "Nothing changes: this is equal to the version in force.",
            )
        if waiting_proposal(session, landlord_id, name) is not None:
            raise Refused(
                "Er wacht al een voorstel voor deze ladder. Keur dat eerst goed of af, of trek het in.",
                "There is a proposal for this ladder already. Approve, reject or withdraw it first.",
            )
        row = LadderProposalRow(
            landlord_id=landlord_id,
            name=name,
            document_id=document_id,
            base_document_id=base.id if base else None,
            state="proposed",
            reason=why,
            by_user_id=actor.user_id,
            at=now,
            effects=dict(effects or {}),
        )
        session.add(row)
        session.flush()
        book = EvidenceBook(session, landlord_id, now)
        if policy.settings.four_eyes:
            book.note("ladder_proposed", actor, _evidence(session, row))
        else:
            _put_in_force(session, book, actor, row)
        book.write()
        return Published(proposal_id=row.id, document_id=document_id, state=row.state)


def cleared(runtime: Runtime, landlord_id: int, document_id: int, prover: Prover = prove_for_landlord) -> Policy:
    """Prove a version and raise InTheWay when anything keeps it from being in force; give the policy."""
    with runtime.db.read() as session:
        policy = load_policy(session, landlord_id)
        ladder, text = ladder_of(session, policy, document_id), session.get_one(DocumentRow, document_id).body
    _proof, found = judged(runtime, policy, ladder, text, prover)
    if found:
        raise InTheWay(found)
    return policy


def judged(
    runtime: Runtime, policy: Policy, ladder: Ladder, text: str, prover: Prover = prove_for_landlord
) -> tuple[KeptProof | None, tuple[Obstacle, ...]]:
    """Return the proof of a ladder and what is in its way; what has an open gap or is over is not proven."""
    today = runtime.calendar.day_of(runtime.clock())
    found = obstacles(policy, ladder, today, None)
    if found:
        return None, found
    proof = proof_of(runtime, policy, ladder, text, prover)
    return proof, obstacles(policy, ladder, today, proof)


def _put_in_force(session: Session, book: EvidenceBook, actor: Actor, row: LadderProposalRow) -> None:
    document = session.get_one(DocumentRow, row.document_id)
    activate(session, row.landlord_id, LADDER, row.name, document.body, book.now)
    row.state, row.decided_at = "approved", book.now
    draft = read_draft(session, row.landlord_id, row.name)
    if draft is not None and draft.body == document.body:
        drop_draft(session, row.landlord_id, row.name)
    book.note("ladder_published", actor, _evidence(session, row))


def _evidence(session: Session, row: LadderProposalRow) -> dict[str, Any]:
    document = session.get_one(DocumentRow, row.document_id)
    base = session.get(DocumentRow, row.base_document_id) if row.base_document_id else None
    return {
        "ladder": row.name,
        "version": document.content_hash,
        "base": base.content_hash if base else None,
        "proposal": row.id,
        "reason": row.reason,
        "effects": row.effects,
        "why": row.decided_why,
    }


def waiting_proposal(session: Session, landlord_id: int, name: str) -> LadderProposalRow | None:
    """Return the proposal for a ladder that waits for a second person."""
    statement = select(LadderProposalRow).where(
        LadderProposalRow.landlord_id == landlord_id,
        LadderProposalRow.name == name,
        LadderProposalRow.state == "proposed",
    )
    return session.scalar(statement)


def approve(
    runtime: Runtime, actor: Actor, landlord_id: int, proposal_id: int, prover: Prover = prove_for_landlord
) -> None:
    """Put a proposal in force as the second person; it is proven again when settings or texts changed meanwhile.

    Raises Refused for the proposer, for a proposal that was decided, and when another version came between.
    """
    with runtime.db.read() as session:
        document_id = open_proposal(session, LadderProposalRow, landlord_id, proposal_id).document_id
    cleared(runtime, landlord_id, document_id, prover)
    now = runtime.clock()
    with runtime.db.write() as session:
        row = open_proposal(session, LadderProposalRow, landlord_id, proposal_id)
        needs_second_person(actor, row.by_user_id)
        base = active_versions(session, landlord_id).get((LADDER, row.name))
        if (base.id if base else None) != row.base_document_id:
            raise Refused(
                "Er is intussen een andere versie gepubliceerd. Het verschil dat u zag klopt niet meer: "
                "wijs dit voorstel af en laat het opnieuw doen.",
                "Another version was published in the meantime. The difference that you saw is no longer right: "
                "reject this proposal and have it made again.",
            )
        book = EvidenceBook(session, landlord_id, now)
        row.second_user_id = actor.user_id
        _put_in_force(session, book, actor, row)
        book.write()


def reject(runtime: Runtime, actor: Actor, landlord_id: int, proposal_id: int, *, reason: str) -> None:
    """Turn a proposal down as the second person, with the reason; the draft stays."""
    reject_proposal(runtime, actor, LadderProposalRow, landlord_id, proposal_id, reason, _evidence)


def withdraw(runtime: Runtime, actor: Actor, landlord_id: int, proposal_id: int) -> None:
    """Take back one's own proposal."""
    withdraw_proposal(runtime, actor, LadderProposalRow, landlord_id, proposal_id, _evidence)

"""The second person decides on a proposed text: approve, reject; the first can withdraw it."""

from typing import Any

from sqlalchemy.orm import Session

from messages.languages import text_language
from outreach.db.tables import TextProposalRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import load_policy
from outreach.services.proposals import needs_second_person, open_proposal, reject_proposal, withdraw_proposal
from outreach.services.text_checking import examine_for, with_rules_set_aside
from outreach.services.text_versions import StoppedText, evidence_of, put_in_force, written_of


def approve_text(
    runtime: Runtime, actor: Actor, landlord_id: int, proposal_id: int, *, reads_language: bool = False
) -> None:
    """Put a proposal in force as the second person; it is checked again with what is in force now.

    Raises Refused for the proposer, for a proposal that was decided, for a language that nobody reads, and when
    another version came between.
    """
    now = runtime.clock()
    with runtime.db.write() as session:
        policy = load_policy(session, landlord_id)
        row = open_proposal(session, TextProposalRow, landlord_id, proposal_id)
        needs_second_person(actor, row.by_user_id)
        in_force = policy.catalogue.find(row.name, row.channel, row.language)
        if (in_force.version if in_force else None) != row.base_version:
            raise Refused(
                "Er is intussen een andere versie in gebruik genomen. Wijs dit voorstel af en laat het opnieuw doen.",
                "Another version was put to use in the meantime. Reject this proposal and have it made again.",
            )
        report = with_rules_set_aside(examine_for(policy, written_of(row)), frozenset(row.rules))
        if report.stopping:
            raise StoppedText(report.stopping)
        indicative = text_language(row.language).indicative
        if indicative and not reads_language:
            raise Refused(
                "Alleen wie deze taal leest kan de tekst goedkeuren. Zet een vinkje als dat zo is.",
                "Only who reads this language can approve the text. Tick the box when you do.",
            )
        book = EvidenceBook(session, landlord_id, now)
        row.second_user_id = actor.user_id
        put_in_force(session, book, actor, policy, row, reads_language=indicative)
        book.write()


def reject_text(runtime: Runtime, actor: Actor, landlord_id: int, proposal_id: int, *, reason: str) -> None:
    """Turn a proposal down as the second person, with the reason; the draft stays."""
    reject_proposal(runtime, actor, TextProposalRow, landlord_id, proposal_id, reason, _evidence)


def withdraw_text(runtime: Runtime, actor: Actor, landlord_id: int, proposal_id: int) -> None:
    """Take back one's own proposal."""
    withdraw_proposal(runtime, actor, TextProposalRow, landlord_id, proposal_id, _evidence)


def _evidence(_session: Session, row: TextProposalRow) -> dict[str, Any]:
    return evidence_of(row)

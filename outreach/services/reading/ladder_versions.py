"""The versions of one ladder and what was proposed: who, when, proven or not, and how many cases run on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.db.scope import Scope
from outreach.db.tables import CaseRow, DocumentRow, LadderMoveRow, LadderProposalRow, UserRow
from outreach.services.documents import active_versions
from outreach.services.ladder_proofs import KeptProof, kept_proofs
from outreach.services.policy import LADDER, Policy, ladder_of
from schedules.shipped import shipped_names, shipped_text


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    """One proposal or publication with the names of both people; `by` is None for the command line."""

    row: LadderProposalRow
    by: str | None
    second: str | None
    title: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One version. `shipped` says that the product brought it; `moved_in` counts cases that were moved to it."""

    document_id: int
    short: str
    created_at: datetime
    by: str | None
    in_force: bool
    since_at: datetime | None
    shipped: bool
    open_cases: int
    moved_in: int
    proof: KeptProof | None
    proposals: tuple[ProposalView, ...]


def read_versions(session: Session, scope: Scope, policy: Policy, name: str) -> tuple[VersionView, ...]:
    """Return the versions of a ladder, the newest first; the one in force at the top."""
    statement: Any = select(DocumentRow).where(DocumentRow.kind == LADDER, DocumentRow.name == name)
    rows = list(session.scalars(scope.narrow(statement, DocumentRow).order_by(DocumentRow.id.desc())))
    active = active_versions(session, policy.landlord_id).get((LADDER, name))
    users = _users(session, scope)
    proofs = kept_proofs(session, policy, rows)
    cases = _counted(session, scope, CaseRow, CaseRow.ladder_version_id, CaseRow.state == "open")
    moves = _counted(session, scope, LadderMoveRow, LadderMoveRow.to_version_id)
    proposals = _proposals(session, scope, policy, LadderProposalRow.name == name)
    shipped = shipped_text(name) if name in shipped_names() else None
    views = [
        VersionView(
            document_id=row.id,
            short=row.content_hash[:8],
            created_at=row.created_at,
            by=users.get(row.by_user_id or 0),
            in_force=active is not None and active.id == row.id,
            since_at=_since(proposals, row.id),
            shipped=row.body == shipped or row.by_user_id is None,
            open_cases=cases.get(row.id, 0),
            moved_in=moves.get(row.id, 0),
            proof=proofs.get(row.id),
            proposals=tuple(each for each in proposals if each.row.document_id == row.id),
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: not view.in_force))


def _since(proposals: tuple[ProposalView, ...], document_id: int) -> datetime | None:
    decided = [each.row.decided_at for each in proposals if each.row.document_id == document_id]
    return max((at for at in decided if at is not None), default=None)


def read_waiting(session: Session, scope: Scope, policy: Policy) -> tuple[ProposalView, ...]:
    """Return the proposals that wait for a second person, the oldest first."""
    return _proposals(session, scope, policy, LadderProposalRow.state == "proposed")


def read_proposal(session: Session, scope: Scope, policy: Policy, name: str, proposal_id: int) -> ProposalView | None:
    """Return one proposal of a ladder, None when it is not there."""
    found = _proposals(session, scope, policy, LadderProposalRow.name == name, LadderProposalRow.id == proposal_id)
    return found[0] if found else None


def _proposals(session: Session, scope: Scope, policy: Policy, *conditions: Any) -> tuple[ProposalView, ...]:
    statement: Any = select(LadderProposalRow).where(*conditions).order_by(LadderProposalRow.id)
    users = _users(session, scope)
    return tuple(
        ProposalView(
            row=row,
            by=users.get(row.by_user_id or 0),
            second=users.get(row.second_user_id or 0),
            title=_title(session, policy, row),
        )
        for row in session.scalars(scope.narrow(statement, LadderProposalRow))
    )


def _title(session: Session, policy: Policy, row: LadderProposalRow) -> Mapping[str, str]:
    version = policy.ladder_version_ids.get(row.name, row.document_id)
    return ladder_of(session, policy, version).title


def count_waiting(session: Session, scope: Scope) -> int:
    """Count the proposals that wait for a second person."""
    statement: Any = select(func.count()).select_from(LadderProposalRow).where(LadderProposalRow.state == "proposed")
    return session.scalar(scope.narrow(statement, LadderProposalRow)) or 0


def _users(session: Session, scope: Scope) -> dict[int, str]:
    statement: Any = select(UserRow.id, UserRow.name)
    return dict(session.execute(scope.narrow(statement, UserRow)).all())


def _counted(session: Session, scope: Scope, table: Any, column: Any, *conditions: Any) -> dict[int, int]:
    statement: Any = select(column, func.count()).select_from(table).where(*conditions).group_by(column)
    return dict(session.execute(scope.narrow(statement, table)).all())


def find_version(session: Session, scope: Scope, name: str, document_id: int) -> DocumentRow | None:
    """Return a version of a ladder by its id, None when it is not of this ladder or landlord."""
    statement: Any = select(DocumentRow).where(
        DocumentRow.kind == LADDER, DocumentRow.name == name, DocumentRow.id == document_id
    )
    found: DocumentRow | None = session.scalar(scope.narrow(statement, DocumentRow))
    return found

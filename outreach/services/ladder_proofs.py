"""Proofs of ladder versions, kept per landlord, version and what they depend on, so that no page proves again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.db.tables import DocumentRow, LadderProofRow, PartnerRow
from outreach.installation import DISTRIBUTION
from outreach.runtime import Runtime
from outreach.services.documents import content_hash
from outreach.services.policy import Policy, ladder_of
from outreach.services.proving import prove_for_landlord
from schedules.ladder import Ladder
from schedules.proof import Proof

Prover = Callable[[Runtime, Policy, str], Proof]

WITHOUT_BEARING = frozenset(
    {"sender_name", "sender_phone", "sender_email", "contact_name", "return_address", "debt_help_phone",
     "default_ladder", "area_ladders", "four_eyes", "fills"}
)  # fmt: skip
"""Settings that no proof depends on; of the fills only those of the ladder's own gaps do."""


@dataclass(frozen=True, kw_only=True)
class KeptProof:
    """A proof as it was kept: status proven, refuted or gap, and the whole proof as plain data (docs/cli.md)."""

    status: str
    result: Mapping[str, Any]
    proved_at: datetime

    @property
    def broken(self) -> tuple[Mapping[str, Any], ...]:
        """Return the properties that are not proven, with their counterexamples."""
        return tuple(each for each in self.result["properties"] if each["status"] != "proven")


def basis_of(session: Session, policy: Policy, ladder: Ladder) -> str:
    """Hash what a proof depends on beside the ladder: settings, fills, law, texts, partners, the product's version."""
    active = select(PartnerRow.kind, PartnerRow.feedback_days, PartnerRow.route).where(
        PartnerRow.landlord_id == policy.landlord_id, PartnerRow.active
    )
    partners = sorted({tuple(map(str, row)) for row in session.execute(active)})
    settings = {name: value for name, value in asdict(policy.settings).items() if name not in WITHOUT_BEARING}
    gaps = {gap.name: policy.settings.fills.get(gap.name) for gap in ladder.gaps}
    texts = sorted(policy.template_version_ids.values())
    basis = {
        "settings": settings,
        "gaps": gaps,
        "law": policy.law_version_id,
        "texts": texts,
        "approved": sorted(policy.approvals.read),
        "set_aside": sorted((version, sorted(rules)) for version, rules in policy.approvals.set_aside.items()),
        "partners": partners,
        "product": _product(),
    }
    return content_hash(json.dumps(basis, sort_keys=True, default=list))


def _product() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "checkout"


def kept_proof(session: Session, policy: Policy, ladder: Ladder, text: str) -> KeptProof | None:
    """Return the proof of a text under the settings of now, None when it has not been proven under these."""
    statement = select(LadderProofRow).where(
        LadderProofRow.landlord_id == policy.landlord_id,
        LadderProofRow.content_hash == content_hash(text),
        LadderProofRow.settings_hash == basis_of(session, policy, ladder),
    )
    row = session.scalar(statement)
    return _kept(row) if row is not None else None


def kept_proofs(session: Session, policy: Policy, versions: Sequence[DocumentRow]) -> dict[int, KeptProof]:
    """Return the proofs of versions under the settings of now, by the id of the version."""
    bases = {row.id: basis_of(session, policy, ladder_of(session, policy, row.id)) for row in versions}
    statement = select(LadderProofRow).where(
        LadderProofRow.landlord_id == policy.landlord_id,
        LadderProofRow.content_hash.in_({row.content_hash for row in versions}),
        LadderProofRow.settings_hash.in_(set(bases.values())),
    )
    found = {(row.content_hash, row.settings_hash): _kept(row) for row in session.scalars(statement)}
    pairs = ((row.id, found.get((row.content_hash, bases[row.id]))) for row in versions)
    return {document_id: proof for document_id, proof in pairs if proof is not None}


def _kept(row: LadderProofRow) -> KeptProof:
    return KeptProof(status=row.status, result=row.result, proved_at=row.proved_at)


def proof_of(
    runtime: Runtime, policy: Policy, ladder: Ladder, text: str, prover: Prover = prove_for_landlord
) -> KeptProof:
    """Return the proof of a text, proving it now when there is none; proving is done outside a transaction."""
    with runtime.db.read() as session:
        kept = kept_proof(session, policy, ladder, text)
    if kept is not None:
        return kept
    proof, now = prover(runtime, policy, text), runtime.clock()
    fresh = KeptProof(status=str(proof.status), result=proof.as_data(), proved_at=now)
    with runtime.db.write() as session:
        if kept_proof(session, policy, ladder, text) is None:
            session.add(
                LadderProofRow(
                    landlord_id=policy.landlord_id,
                    content_hash=content_hash(text),
                    settings_hash=basis_of(session, policy, ladder),
                    status=fresh.status,
                    result=dict(fresh.result),
                    proved_at=now,
                )
            )
    return fresh

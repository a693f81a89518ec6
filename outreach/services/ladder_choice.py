"""Choosing ladders for new cases: what is refuted, over or not filled in is refused, with the way out."""

from collections.abc import Iterable
from dataclasses import replace

from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime
from outreach.services.ladder_obstacles import InTheWay, Obstacle
from outreach.services.ladder_proofs import Prover
from outreach.services.ladder_versions import judged
from outreach.services.policy import Policy, body_of_version, engine_settings
from outreach.services.proving import prove_for_landlord


def why_not(
    runtime: Runtime, policy: Policy, names: Iterable[str], prover: Prover = prove_for_landlord
) -> dict[str, tuple[Obstacle, ...]]:
    """Say per ladder what keeps its version in force from being chosen; proves what was not proven yet."""
    found = {}
    for name in sorted(set(names)):
        version_id = policy.ladder_version_ids[name]
        with runtime.db.read() as session:
            text = body_of_version(session, version_id)
        _proof, found[name] = judged(runtime, policy, policy.ladders[version_id], text, prover)
    return found


def check_fills(
    runtime: Runtime, policy: Policy, settings: LandlordSettings, name: str, prover: Prover = prove_for_landlord
) -> None:
    """Raise InTheWay when a ladder that is in use would be refuted with other values in its gaps."""
    changed = replace(policy, settings=settings, engine=engine_settings(settings))
    found = why_not(runtime, changed, [name], prover)[name]
    if found:
        raise InTheWay(found)

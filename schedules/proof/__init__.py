"""The proof of a ladder: every order of outcomes and facts, explored with the production `decide` and `recheck`."""

from schedules.proof.model import Finding, Proof, ProofEnvironment, Route, Sentence, Status, TimelineEntry
from schedules.proof.prover import prove

__all__ = ["Finding", "Proof", "ProofEnvironment", "Route", "Sentence", "Status", "TimelineEntry", "prove"]

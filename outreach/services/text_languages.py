"""Somebody who reads a language says that its texts are right; until then a tenant gets the Dutch one."""

from collections.abc import Collection

from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import load_policy
from outreach.services.text_approval import approvals_of, approve_languages


def approve_language_texts(
    runtime: Runtime, actor: Actor, landlord_id: int, language: str, names: Collection[str] | None = None
) -> int:
    """Record that the actor read the texts in force of a language (all, or those named); give how many were new."""
    now = runtime.clock()
    with runtime.db.write() as session:
        policy = load_policy(session, landlord_id)
        texts = [
            each for each in policy.catalogue if each.language == language and (names is None or each.name in names)
        ]
        known = approvals_of(session, landlord_id).read
        fresh = [each for each in texts if each.version not in known]
        count = approve_languages(
            session, landlord_id, fresh, reason="read by a person", now=now, user_id=actor.user_id
        )
        book = EvidenceBook(session, landlord_id, now)
        book.note(
            "text_language_approved",
            actor,
            {"language": language, "texts": sorted({each.name for each in fresh}), "count": count},
        )
        book.write()
        return count

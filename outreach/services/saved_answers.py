"""Answers that staff keep to use again: checked when saved, per language, filled in when used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from messages.checks import Verdict, check
from messages.languages import LANGUAGES
from messages.saved_answers import fill_in, shipped_answers, unknown_places
from outreach.db.tables import SavedAnswerRow
from outreach.domain.landlord_settings import LandlordSettings
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook

SAMPLE: Mapping[str, str] = {
    "name": "mevrouw De Vries",
    "contact_name": "Anna Visser",
    "contact_phone": "010 123 45 67",
    "landlord": "Wonen Voorbeeld",
}
"""Values in which a saved answer is checked."""

CHECKED_ON = "whatsapp"
"""The channel on whose form a saved answer is checked; its length by SMS shows where it is used."""

LONGEST_NAME = 60
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class AnswerText:
    """What is saved: `intent` is that of the reply which it fits, "" for any."""

    name: str
    language: str
    text: str
    intent: str = ""


class NotSaved(Refused):
    """An answer that does not pass the checks; `verdict` says what to change."""

    def __init__(self, nl: str, en: str, verdict: Verdict) -> None:
        super().__init__(nl, en)
        self.verdict = verdict


def list_answers(session: Session, landlord_id: int) -> list[SavedAnswerRow]:
    """Return the answers of a landlord by language and name."""
    mine = select(SavedAnswerRow).where(SavedAnswerRow.landlord_id == landlord_id)
    return list(session.scalars(mine.order_by(SavedAnswerRow.language, SavedAnswerRow.name)))


def judge(text: str, language: str) -> Verdict:
    """Check an answer as a tenant would get it."""
    return check(fill_in(text, SAMPLE), channel=CHECKED_ON, language=language, own_names=tuple(SAMPLE.values()))


def save_answer(runtime: Runtime, actor: Actor, landlord_id: int, answer: AnswerText, answer_id: int | None) -> int:
    """Save a new answer, or change one; returns its id. Raises NotSaved with findings, Refused for the rest."""
    name = needs(answer.name, "Geef het antwoord een naam.", "Give the answer a name.")[:LONGEST_NAME]
    text = needs(answer.text, "Typ het antwoord.", "Type the answer.")[:LONGEST]
    _check_places(text)
    if answer.language not in LANGUAGES:
        raise Refused("Kies een taal.", "Choose a language.")
    verdict = judge(text, answer.language)
    if not verdict.passed:
        raise NotSaved("Pas de tekst aan. Hieronder staat wat er anders moet.", "Change the text. See below.", verdict)
    now = runtime.clock()
    with runtime.db.write() as session:
        row = _row(session, landlord_id, answer_id)
        _check_name(session, landlord_id, name, answer.language, row)
        if row is None:
            row = SavedAnswerRow(landlord_id=landlord_id)
            session.add(row)
        row.name, row.language, row.text, row.intent = name, answer.language, text, answer.intent
        row.level, row.by_user_id, row.saved_at = verdict.level, actor.user_id, now
        session.flush()
        book = EvidenceBook(session, landlord_id, now)
        book.note("saved_answer", actor, {"answer": row.id, "name": name, "language": row.language, "text": text})
        book.write()
        return row.id


def _check_places(text: str) -> None:
    if unknown := unknown_places(text):
        raise Refused(
            f"{{{unknown[0]}}} kunnen wij niet invullen. Gebruik naam, contactpersoon, telefoon of verhuurder.",
            f"{{{unknown[0]}}} cannot be filled in. Use name, contact person, phone or landlord.",
        )


def _row(session: Session, landlord_id: int, answer_id: int | None) -> SavedAnswerRow | None:
    if answer_id is None:
        return None
    row = session.get(SavedAnswerRow, answer_id)
    if row is None or row.landlord_id != landlord_id:
        raise Refused("Dit antwoord is er niet meer.", "This answer is gone.")
    return row


def _check_name(session: Session, landlord_id: int, name: str, language: str, row: SavedAnswerRow | None) -> None:
    same = select(SavedAnswerRow.id).where(
        SavedAnswerRow.landlord_id == landlord_id, SavedAnswerRow.name == name, SavedAnswerRow.language == language
    )
    found = session.scalar(same)
    if found is not None and (row is None or found != row.id):
        raise Refused("Er is al een antwoord met deze naam.", "There is an answer with this name.")


def remove_answer(runtime: Runtime, actor: Actor, landlord_id: int, answer_id: int) -> None:
    """Remove an answer; messages that were sent with it stay as they are."""
    now = runtime.clock()
    with runtime.db.write() as session:
        row = _row(session, landlord_id, answer_id)
        if row is None:
            return
        book = EvidenceBook(session, landlord_id, now)
        book.note("saved_answer_removed", actor, {"answer": answer_id, "name": row.name})
        session.delete(row)
        book.write()


def add_shipped(runtime: Runtime, actor: Actor, landlord_id: int) -> int:
    """Add the answers that ship and that this landlord does not have; says how many."""
    now = runtime.clock()
    with runtime.db.write() as session:
        names = seed_answers(session, landlord_id, now, actor.user_id)
        book = EvidenceBook(session, landlord_id, now)
        book.note("saved_answers_shipped", actor, {"names": names})
        book.write()
    return len(names)


def seed_answers(session: Session, landlord_id: int, now: datetime, user_id: int | None = None) -> list[str]:
    """Add the answers that ship in the caller's transaction, as far as their names are free; returns those."""
    taken = {row.name for row in list_answers(session, landlord_id) if row.language == "nl"}
    new = [each for each in shipped_answers() if each.name not in taken]
    session.add_all(
        SavedAnswerRow(
            landlord_id=landlord_id,
            name=each.name,
            language="nl",
            text=each.text,
            intent=each.intent,
            level=judge(each.text, "nl").level,
            by_user_id=user_id,
            saved_at=now,
        )
        for each in new
    )
    return [each.name for each in new]


def values_for(settings: LandlordSettings, name: str, phone: str) -> dict[str, str]:
    """Give what fills a saved answer in: the tenant's salutation, and who answers."""
    return {
        "name": name,
        "contact_name": settings.contact_name,
        "contact_phone": phone,
        "landlord": settings.sender_name,
    }


def count_use(session: Session, landlord_id: int, answer_id: int) -> None:
    """Count that an answer was used."""
    mine = SavedAnswerRow.id == answer_id, SavedAnswerRow.landlord_id == landlord_id
    session.execute(update(SavedAnswerRow).where(*mine).values(used=SavedAnswerRow.used + 1))

"""Letters and cards as they are printed: what paper needs beside the text, and PDFs to look at or to print here."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from channels.paper_data import Letter, TypesettingError
from channels.print_letters import address_lines, reference_of
from channels.typesetting import MOST_LETTERS, typeset_letters
from outreach.db.scope import Scope
from outreach.db.tables import AttemptRow, CaseRow, PersonRow
from outreach.domain.landlord_settings import LandlordSettings
from outreach.errors import OutreachError
from outreach.services.addressees import full_name
from outreach.services.letter_heads import paper_extra, sender_lines, written_day
from schedules.calendar import Calendar


class NotPrinted(OutreachError):
    """There is nothing to print, or it cannot be printed as it should."""


def letter_pdf(
    session: Session, scope: Scope, settings: LandlordSettings, calendar: Calendar, attempt_id: int
) -> tuple[bytes, int] | None:
    """Return one letter as PDF with the id of its case; None when the scope has no such letter. Raises NotPrinted."""
    found = session.execute(_letters(scope).where(AttemptRow.id == attempt_id)).first()
    if found is None:
        return None
    return _typeset([_letter(found[0], found[1], settings, calendar)], "Brief"), found[0].case_id


def day_pdf(session: Session, scope: Scope, settings: LandlordSettings, calendar: Calendar, day: date) -> bytes | None:
    """Return the letters of a civil day as one PDF, the first thousand; None when there are none. Raises NotPrinted."""
    start, end = calendar.utc(day), calendar.utc(day + timedelta(days=1))
    statement = _letters(scope).where(AttemptRow.sent_at >= start, AttemptRow.sent_at < end)
    found = session.execute(statement.order_by(AttemptRow.sent_at, AttemptRow.id).limit(MOST_LETTERS)).all()
    if not found:
        return None
    return _typeset(
        [_letter(row, person, settings, calendar) for row, person in found], f"Brieven van {written_day(day)}"
    )


def letters_of_day(session: Session, scope: Scope, calendar: Calendar, day: date) -> int:
    """Return how many letters went out on a civil day."""
    start, end = calendar.utc(day), calendar.utc(day + timedelta(days=1))
    found = _letters(scope).where(AttemptRow.sent_at >= start, AttemptRow.sent_at < end)
    return session.scalar(select(func.count()).select_from(found.with_only_columns(AttemptRow.id).subquery())) or 0


def last_letter_at(session: Session, scope: Scope) -> datetime | None:
    """Return when the last letter went out, None when none did."""
    statement = _letters(scope).with_only_columns(func.max(AttemptRow.sent_at))
    return session.scalar(statement)


def _letters(scope: Scope) -> Select[Any]:
    statement: Any = (
        select(AttemptRow, PersonRow)
        .join(CaseRow, CaseRow.id == AttemptRow.case_id)
        .join(PersonRow, PersonRow.id == AttemptRow.addressee_id)
        .where(AttemptRow.channel == "letter", AttemptRow.text.is_not(None), AttemptRow.sent_to.is_not(None))
    )
    return scope.narrow(statement, CaseRow)


def _letter(row: AttemptRow, person: PersonRow, settings: LandlordSettings, calendar: Calendar) -> Letter:
    address = address_lines(full_name(person), row.sent_to or "")
    if address is None:
        raise NotPrinted(
            "Het adres van deze brief is niet volledig. Kijk naar straat, postcode en plaats.",
            "The address of this letter is not complete. Look at street, postcode and town.",
        )
    extra = paper_extra(settings, row.landlord_id, person, calendar.day_of(row.sent_at or row.due_at))
    return Letter(
        address=address,
        text=row.text or "",
        subject=row.subject or "",
        language=row.language,
        sender=sender_lines(settings),
        beside=(f"Kenmerk: {reference_of(row.key)}", f"Datum: {extra['dated']}"),
        large=extra.get("large_print") == "yes",
        **_scanned(row),
    )


def _scanned(row: AttemptRow) -> dict[str, str]:
    """Return the code to scan that went with a letter, and the words beside it."""
    extra = (row.carried or {}).get("extra", {})
    return {name: extra[name] for name in ("code", "scan") if name in extra}


def _typeset(letters: Sequence[Letter], title: str) -> bytes:
    try:
        return typeset_letters(letters, title).pdf
    except TypesettingError as error:
        raise NotPrinted(
            f"Deze brief past niet op papier ({error.code}).", f"This letter does not fit on paper ({error.code})."
        ) from error

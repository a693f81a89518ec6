"""Texts that are being written: kept as drafts until they are put in force; two writers never overwrite each other."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.languages import DUTCH, LANGUAGES
from messages.template import CHANNELS, PURPOSES, WITH_SUBJECT, Template
from outreach.db.tables import TextDraftRow, UserRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy, load_policy
from outreach.services.written_text import WrittenText, problems_of, written_text

NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")
LONGEST_NAME = 60


class StaleText(Refused):
    """Somebody else saved the draft meanwhile; nothing was saved, nothing is lost. `draft` is what stands."""

    def __init__(self, who: str, draft: TextDraftRow) -> None:
        super().__init__(
            f"{who or 'Iemand'} heeft deze tekst intussen veranderd. Uw wijziging is niet bewaard, "
            "maar staat nog in het tekstvak. Vergelijk en bewaar opnieuw.",
            f"{who or 'Somebody'} has changed this text in the meantime. Your change has not been saved, "
            "but still stands in the field. Compare and save again.",
        )
        self.draft = draft


class UnfillableText(Refused):
    """A text cannot be filled in: an unknown field, a part that is missing, or nothing at all."""


def read_text_draft(session: Session, landlord_id: int, name: str, channel: str, language: str) -> TextDraftRow | None:
    """Return the draft of a text, None when nobody is writing one."""
    statement = select(TextDraftRow).where(
        TextDraftRow.landlord_id == landlord_id,
        TextDraftRow.name == name,
        TextDraftRow.channel == channel,
        TextDraftRow.language == language,
    )
    return session.scalar(statement)


def list_text_drafts(session: Session, landlord_id: int) -> tuple[TextDraftRow, ...]:
    """Return all drafts of a landlord, the one changed last first."""
    statement = (
        select(TextDraftRow)
        .where(TextDraftRow.landlord_id == landlord_id)
        .order_by(TextDraftRow.updated_at.desc(), TextDraftRow.id)
    )
    return tuple(session.scalars(statement))


def open_text(
    session: Session, policy: Policy, name: str, channel: str, language: str
) -> tuple[WrittenText, int] | None:
    """Return a text as its editor opens it, with the revision to save on: the draft, else the text in force.

    A language that is absent begins empty; None when there is no such template, channel or language.
    """
    draft = read_text_draft(session, policy.landlord_id, name, channel, language)
    if draft is not None:
        return _of_draft(policy, draft), draft.revision
    in_force = policy.catalogue.find(name, channel, language)
    if in_force is not None:
        return written_text(in_force), 0
    sibling = sibling_of(policy, name)
    if sibling is None or channel not in CHANNELS or language not in LANGUAGES:
        return None
    subject = "" if channel in WITH_SUBJECT else None
    return _as(sibling, channel, language, subject, ""), 0


def sibling_of(policy: Policy, name: str) -> Template | None:
    """Return any text of a template, to know its purpose and measures; None when there is none in force."""
    return next((each for each in policy.catalogue if each.name == name), None)


def _as(template: Template, channel: str, language: str, subject: str | None, body: str) -> WrittenText:
    return WrittenText(
        name=template.name,
        channel=channel,
        language=language,
        subject=subject,
        body=body,
        purpose=template.purpose,
        mentions=template.mentions,
        title=template.title,
    )


def _of_draft(policy: Policy, draft: TextDraftRow) -> WrittenText:
    sibling = sibling_of(policy, draft.name)
    if sibling is not None:
        return _as(sibling, draft.channel, draft.language, draft.subject, draft.body)
    head: Mapping[str, Any] = draft.head
    return WrittenText(
        name=draft.name,
        channel=draft.channel,
        language=draft.language,
        subject=draft.subject,
        body=draft.body,
        purpose=head["purpose"],
        mentions=frozenset(head.get("mentions", ())),
        title=head.get("title"),
    )


def save_text_draft(
    runtime: Runtime, actor: Actor, landlord_id: int, written: WrittenText, *, revision: int
) -> TextDraftRow:
    """Keep a text as a draft. Raises StaleText when somebody saved another one, UnfillableText for what cannot go."""
    refuse_unfillable(written)
    now = runtime.clock()
    with runtime.db.write() as session:
        row = read_text_draft(session, landlord_id, written.name, written.channel, written.language)
        if (row.revision if row else 0) != revision:
            raise _stale(session, row)
        if row is None:
            row = _begin(session, load_policy(session, landlord_id), written)
            row.created_at = now
        row.subject, row.body = written.subject, written.body
        row.revision, row.updated_at, row.by_user_id = revision + 1, now, actor.user_id
        session.add(row)
        session.flush()
        return row


def _stale(session: Session, row: TextDraftRow | None) -> Refused:
    if row is None:
        return Refused(
            "Deze tekst is intussen in gebruik genomen of weggegooid. Open hem opnieuw.",
            "This text was put to use or dropped in the meantime. Open it again.",
        )
    user = session.get(UserRow, row.by_user_id) if row.by_user_id else None
    session.expunge(row)
    return StaleText(user.name if user else "", row)


def _begin(session: Session, policy: Policy, written: WrittenText) -> TextDraftRow:
    in_force = policy.catalogue.find(written.name, written.channel, written.language)
    return TextDraftRow(
        landlord_id=policy.landlord_id,
        name=written.name,
        channel=written.channel,
        language=written.language,
        head={"title": written.title, "purpose": written.purpose, "mentions": sorted(written.mentions)},
        base_version=in_force.version if in_force else None,
    )


def refuse_unfillable(written: WrittenText) -> None:
    """Raise UnfillableText with everything that keeps a text from being filled in."""
    problems = tuple(problems_of(written))
    if problems:
        raise UnfillableText(" ".join(each.text_nl for each in problems), " ".join(each.text_en for each in problems))


def drop_text_draft(runtime: Runtime, actor: Actor, landlord_id: int, name: str, channel: str, language: str) -> None:
    """Throw a draft away; without one nothing happens."""
    now = runtime.clock()
    with runtime.db.write() as session:
        row = read_text_draft(session, landlord_id, name, channel, language)
        if row is None:
            return
        session.delete(row)
        book = EvidenceBook(session, landlord_id, now)
        book.note("text_draft_dropped", actor, {"text": name, "channel": channel, "language": language})
        book.write()


def start_template(runtime: Runtime, actor: Actor, landlord_id: int, *, title: str, purpose: str, channel: str) -> str:
    """Begin a template of the landlord's own, Dutch first, and return its name. Raises Refused when it is taken."""
    wanted = needs(title, "Geef de tekst een naam.", "Give the text a name.")
    if purpose not in PURPOSES or channel not in CHANNELS:
        raise Refused("Kies een doel en een kanaal.", "Choose a purpose and a channel.")
    name = name_of(wanted)
    now = runtime.clock()
    with runtime.db.write() as session:
        policy = load_policy(session, landlord_id)
        if sibling_of(policy, name) is not None or _is_drafted(session, landlord_id, name):
            raise Refused(
                "Er is al een tekst met deze naam. Kies een andere naam.",
                "There is a text of this name already. Choose another name.",
            )
        session.add(
            TextDraftRow(
                landlord_id=landlord_id,
                name=name,
                channel=channel,
                language=DUTCH,
                subject="" if channel in WITH_SUBJECT else None,
                body="",
                head={"title": wanted[:LONGEST_NAME], "purpose": purpose, "mentions": []},
                created_at=now,
                updated_at=now,
                by_user_id=actor.user_id,
            )
        )
    return name


def name_of(title: str) -> str:
    """Return the name of a template for a title: small letters, digits and low lines."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return NOT_IN_A_NAME.sub("_", plain).strip("_")[:LONGEST_NAME] or "tekst"


def _is_drafted(session: Session, landlord_id: int, name: str) -> bool:
    statement = select(TextDraftRow.id).where(TextDraftRow.landlord_id == landlord_id, TextDraftRow.name == name)
    return session.scalar(statement.limit(1)) is not None

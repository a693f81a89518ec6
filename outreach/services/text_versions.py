"""Put a text in force: when it passes every check, or when two people set aside a rule that may be set aside.

A text in a language whose check is an indication needs somebody who says that he reads it. What is put in force is a
new version of the template's document; what was sent keeps the version that it names.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.languages import text_language
from messages.rules import RULES
from messages.template import WITH_SUBJECT
from messages.template_reader import read_document, replace_text
from outreach.db.tables import TextApprovalRow, TextProposalRow
from outreach.runtime import Runtime
from outreach.services.acting import Refused, needs
from outreach.services.actor import Actor
from outreach.services.documents import activate
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import TEMPLATE, Policy, load_policy
from outreach.services.proving import lacking_of
from outreach.services.text_approval import LANGUAGE, OVERRIDE
from outreach.services.text_checking import examine_for, with_rules_set_aside
from outreach.services.text_drafts import open_text, read_text_draft, refuse_unfillable, sibling_of
from outreach.services.written_text import WrittenText


@dataclass(frozen=True, kw_only=True)
class PublishedText:
    """What came of it: state approved (in force) or proposed (waits for a second person)."""

    proposal_id: int
    state: str
    version: str


class StoppedText(Refused):
    """A check stops the text. `rules` are those that stop it, `overridable` those that two people may set aside."""

    def __init__(self, rules: Collection[str]) -> None:
        self.rules = tuple(sorted(rules))
        self.overridable = tuple(rule for rule in self.rules if RULES[rule].overridable)
        named = [RULES[rule] for rule in self.rules]
        super().__init__(
            "Deze tekst mag zo niet weg: " + "; ".join(f"{rule.title_nl} ({rule.source})" for rule in named) + ".",
            "This text may not go as it is: " + "; ".join(f"{rule.title_en} ({rule.source})" for rule in named) + ".",
        )


def publish_text(
    runtime: Runtime,
    actor: Actor,
    landlord_id: int,
    name: str,
    channel: str,
    language: str,
    *,
    reason: str,
    set_aside: Collection[str] = (),
    override_reason: str = "",
    reads_language: bool = False,
    revision: int | None = None,
) -> PublishedText:
    """Put the draft of a text in force, or propose it when a second person must agree.

    A second person is needed where the landlord wants four eyes, where rules are set aside, and for a language that
    the first does not read. `revision` is that of the draft that was looked at. Raises StoppedText for a rule that
    stops the text, Refused without a reason or draft, or when the draft has another revision.
    """
    why = needs(reason, "Vul in waarom de tekst verandert.", "Fill in why the text changes.")
    now = runtime.clock()
    with runtime.db.write() as session:
        policy = load_policy(session, landlord_id)
        written = _draft(session, policy, name, channel, language, revision)
        report = examine_for(policy, written)
        rules = sorted((report.stopping | too_hard(policy, written)) & frozenset(set_aside))
        if left := with_rules_set_aside(report, frozenset(rules)).stopping:
            raise StoppedText(left)
        aside = ""
        if rules:
            aside = needs(
                override_reason,
                "Vul in waarom deze regel hier niet moet gelden.",
                "Fill in why this rule should not bind here.",
            )
        if waiting_text(session, landlord_id, name, channel, language) is not None:
            raise Refused(
                "Er wacht al een voorstel voor deze tekst. Keur dat eerst goed of af, of trek het in.",
                "There is a proposal for this text already. Approve, reject or withdraw it first.",
            )
        draft = read_text_draft(session, landlord_id, name, channel, language)
        row = TextProposalRow(
            landlord_id=landlord_id,
            name=name,
            channel=channel,
            language=language,
            subject=written.subject,
            body=written.body,
            head={"title": written.title, "purpose": written.purpose, "mentions": sorted(written.mentions)},
            text_version=written.as_template().version,
            base_version=draft.base_version if draft else None,
            state="proposed",
            reason=why,
            rules=rules,
            override_reason=aside,
            by_user_id=actor.user_id,
            at=now,
        )
        session.add(row)
        session.flush()
        book = EvidenceBook(session, landlord_id, now)
        indicative = text_language(language).indicative
        if policy.settings.four_eyes or rules or (indicative and not reads_language):
            book.note("text_proposed", actor, evidence_of(row))
        else:
            put_in_force(session, book, actor, policy, row, reads_language=indicative)
        book.write()
        return PublishedText(proposal_id=row.id, state=row.state, version=row.text_version)


def _draft(
    session: Session, policy: Policy, name: str, channel: str, language: str, revision: int | None
) -> WrittenText:
    found = open_text(session, policy, name, channel, language)
    if found is not None and revision is not None and found[1] != revision:
        raise Refused(
            "Iemand heeft deze tekst intussen veranderd. Hieronder staat hoe hij nu is. Kijk of het zo klopt.",
            "Somebody has changed this text in the meantime. Below is how it stands now. See whether it is right.",
        )
    if found is None or read_text_draft(session, policy.landlord_id, name, channel, language) is None:
        raise Refused("Er is niets veranderd aan deze tekst.", "Nothing has changed in this text.")
    written = found[0]
    refuse_unfillable(written)
    lacking = lacking_of(policy.settings)
    if missing := sorted(written.as_template().placeholders & lacking.keys()):
        raise Refused(
            f"Deze tekst kan nog niet weg: {lacking[missing[0]]}",
            f"This text cannot go yet: {{{missing[0]}}} has no value. Fill it in at Settings, or take it out.",
        )
    in_force = policy.catalogue.find(name, channel, language)
    if in_force is not None and in_force.version == written.as_template().version:
        raise Refused(
            "Er verandert niets: dit is gelijk aan de tekst die in gebruik is.",
            "Nothing changes: this is equal to the text in use.",
        )
    return written


def too_hard(policy: Policy, written: WrittenText) -> frozenset[str]:
    """Return the rules that keep a text from tenants who read with difficulty (profile A2): they get a person."""
    return examine_for(policy, written, profile="A2").stopping


def put_in_force(
    session: Session,
    book: EvidenceBook,
    actor: Actor,
    policy: Policy,
    row: TextProposalRow,
    *,
    reads_language: bool,
) -> None:
    """Put a proposal in force: the document, what was set aside, the language that was read, the evidence."""
    body = _document(policy, row)
    activate(session, row.landlord_id, TEMPLATE, row.name, body, book.now, actor.user_id)
    row.state, row.decided_at = "approved", book.now
    if row.rules:
        _approve(session, row, OVERRIDE, row.override_reason, book.now)
    if reads_language:
        _approve(session, row, LANGUAGE, row.reason, book.now)
    draft = read_text_draft(session, row.landlord_id, row.name, row.channel, row.language)
    if draft is not None and (draft.subject, draft.body) == (row.subject, row.body):
        session.delete(draft)
    book.note("text_published", actor, evidence_of(row))


def _document(policy: Policy, row: TextProposalRow) -> str:
    """Write the template's document with this one text replaced; a new template begins one."""
    text = {"subject": row.subject, "body": row.body} if row.channel in WITH_SUBJECT else {"body": row.body}
    sibling = sibling_of(policy, row.name)
    source = policy.catalogue.source(row.name) if sibling is not None else None
    head = {"name": row.name, "purpose": row.head["purpose"], "mentions": row.head["mentions"]}
    if row.head.get("title"):
        head["title"] = row.head["title"]
    document = replace_text(source, head, row.channel, row.language, text)
    read_document(row.name, row.name, document)
    return document


def _approve(session: Session, row: TextProposalRow, kind: str, reason: str, now: datetime) -> None:
    statement = select(TextApprovalRow).where(
        TextApprovalRow.landlord_id == row.landlord_id,
        TextApprovalRow.text_version == row.text_version,
        TextApprovalRow.kind == kind,
    )
    found = session.scalar(statement)
    if found is None:
        found = TextApprovalRow(
            landlord_id=row.landlord_id,
            name=row.name,
            channel=row.channel,
            language=row.language,
            text_version=row.text_version,
            kind=kind,
        )
        session.add(found)
    found.rules = sorted({*(found.rules or ()), *row.rules}) if kind == OVERRIDE else []
    found.reason, found.at = reason, now
    found.by_user_id, found.second_user_id = row.by_user_id, row.second_user_id
    session.flush()


def evidence_of(row: TextProposalRow) -> dict[str, Any]:
    """Return what the record keeps of a proposal."""
    return {
        "text": row.name,
        "channel": row.channel,
        "language": row.language,
        "version": row.text_version,
        "base": row.base_version,
        "proposal": row.id,
        "reason": row.reason,
        "rules_set_aside": list(row.rules),
        "override_reason": row.override_reason,
        "why": row.decided_why,
    }


def written_of(row: TextProposalRow) -> WrittenText:
    """Return the text that was put forward."""
    return WrittenText(
        name=row.name,
        channel=row.channel,
        language=row.language,
        subject=row.subject,
        body=row.body,
        purpose=row.head["purpose"],
        mentions=frozenset(row.head.get("mentions", ())),
        title=row.head.get("title"),
    )


def waiting_text(session: Session, landlord_id: int, name: str, channel: str, language: str) -> TextProposalRow | None:
    """Return the proposal for a text that waits for a second person."""
    found = (row for row in waiting_texts(session, landlord_id) if row.name == name)
    return next((row for row in found if (row.channel, row.language) == (channel, language)), None)


def waiting_texts(session: Session, landlord_id: int) -> tuple[TextProposalRow, ...]:
    """Return every proposal of a text that waits for a second person, the oldest first."""
    statement = (
        select(TextProposalRow)
        .where(TextProposalRow.landlord_id == landlord_id, TextProposalRow.state == "proposed")
        .order_by(TextProposalRow.at, TextProposalRow.id)
    )
    return tuple(session.scalars(statement))

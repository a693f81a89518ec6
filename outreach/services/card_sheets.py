"""Doorstep cards for the doors of a round: in the tenant's language, without a debt, as a PDF."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.paper_data import Card, TypesettingError
from channels.phone_numbers import readable_phone
from channels.qr_codes import qr_svg
from channels.typesetting import typeset_cards
from messages.page_texts import page_texts
from messages.rendering import render
from outreach.config import Settings
from outreach.db.tables import AttemptRow, PersonRow
from outreach.services.addressees import salutation
from outreach.services.policy import Policy
from outreach.services.printed_letters import NotPrinted
from outreach.services.qr import telephone_link
from outreach.services.reading.doors import Door
from outreach.services.tenant_links import link_address, link_of_attempt
from outreach.services.texts import choose

TEMPLATE = "doorstep_card"


def cards_pdf(
    session: Session, policy: Policy, doors: Sequence[Door], title: str, settings: Settings, *, sheets: bool
) -> bytes:
    """Return the cards of these doors in order, on A6 pages or four on a sheet. Raises NotPrinted.

    The code on a card opens the tenant's page; without a public address it dials.
    """
    people = _people(session, doors)
    try:
        cards = [
            _card(policy, door, people[door.attempt_id], _address(session, settings, door.attempt_id)) for door in doors
        ]
        return typeset_cards(cards, title, sheets=sheets)
    except TypesettingError as error:
        raise NotPrinted(
            f"Deze kaartjes passen niet op papier ({error.code}).", f"These cards do not fit on paper ({error.code})."
        ) from error


def _people(session: Session, doors: Sequence[Door]) -> dict[int, PersonRow]:
    statement = (
        select(AttemptRow.id, PersonRow)
        .join(PersonRow, PersonRow.id == AttemptRow.addressee_id)
        .where(AttemptRow.id.in_([door.attempt_id for door in doors]))
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _address(session: Session, settings: Settings, attempt_id: int) -> str:
    found = link_of_attempt(session, attempt_id)
    return link_address(settings, found.code, on_paper=True) if found is not None and found.ended_at is None else ""


def _card(policy: Policy, door: Door, person: PersonRow, address: str) -> Card:
    settings = policy.settings
    template = choose(policy, TEMPLATE, "card", person.language)
    phone = readable_phone(settings.sender_phone) if settings.sender_phone else ""
    values = {
        "name": salutation(person, template.language),
        "contact_name": settings.contact_name,
        "contact_phone": phone,
        "landlord": settings.sender_name or policy.landlord_name,
    }
    link = address or telephone_link(settings.sender_phone)
    words = page_texts(template.language, form=settings.address_form)
    return Card(
        text=render(template, values).text,
        language=template.language,
        qr=qr_svg(link) if link else "",
        phone=phone,
        place=door.head.street,
        scan=words.say("scan") if address else "",
        address=address.partition("://")[2].replace("/r/", "/r/\n"),
    )

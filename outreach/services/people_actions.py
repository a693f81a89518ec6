"""What staff do with people: contact points, who acts for them, what happened to them."""

from datetime import date

from sqlalchemy import select

from channels.phone_numbers import PhoneProblem, parse_phone
from outreach.db.tables import (
    ContactPointRow,
    LifeEventRow,
    PauseRow,
    PersonContactPointRow,
    PersonRow,
    RepresentationRow,
    TaskRow,
    TenancyPartyRow,
)
from outreach.domain.spoken_languages import SPOKEN_LANGUAGES
from outreach.runtime import Runtime
from outreach.services.acting import Acting, Refused, acting_on, needs
from outreach.services.actor import Actor
from outreach.services.tasks import close_tasks

REPRESENTATIVES = ("bewindvoerder", "curator", "mentor", "guarantor", "helper")
LIFE_EVENTS = ("job_loss", "illness", "divorce", "birth", "bereaved", "benefit", "moved", "other")


def add_contact_point(runtime: Runtime, actor: Actor, case_id: int, *, person_id: int, kind: str, value: str) -> None:
    """Add a phone number or mail address to a person, first in rank."""
    with acting_on(runtime, actor, case_id) as acting:
        check_person(acting, person_id)
        attach_contact_point(acting, person_id, kind, value)


def attach_contact_point(acting: Acting, person_id: int, kind: str, value: str) -> None:
    """Attach a contact point in the caller's transaction; a known one is shared, and valid again."""
    found_kind, clean = _contact_value(
        kind, needs(value, "Vul een nummer of adres in.", "Fill in a number or address.")
    )
    session, landlord_id = acting.session, acting.case.landlord_id
    point = session.scalar(
        select(ContactPointRow).where(ContactPointRow.landlord_id == landlord_id, ContactPointRow.value == clean)
    )
    if point is None:
        point = ContactPointRow(landlord_id=landlord_id, kind=found_kind, value=clean, state_known_at=acting.now)
        session.add(point)
        session.flush()
    elif point.state != "valid":
        point.state, point.state_reason, point.state_known_at = "valid", "confirmed by staff", acting.now
    linked = session.scalar(
        select(PersonContactPointRow.id).where(
            PersonContactPointRow.person_id == person_id,
            PersonContactPointRow.contact_point_id == point.id,
            PersonContactPointRow.to_on.is_(None),
        )
    )
    if linked is None:
        session.add(
            PersonContactPointRow(
                landlord_id=landlord_id,
                person_id=person_id,
                contact_point_id=point.id,
                rank=0,
                from_on=acting.today,
                source=acting.actor.label,
                known_at=acting.now,
            )
        )
    kinds = TaskRow.kind == "failed_delivery"
    close_tasks(session, acting.now, "new_contact_point", TaskRow.case_id == acting.case.id, kinds)
    acting.note("contact_point_added", person=person_id, kind=found_kind, value=clean)


def check_person(acting: Acting, person_id: int) -> None:
    """Raise Refused for somebody who is no party of the tenancy and acts for nobody in it."""
    parties = select(TenancyPartyRow.person_id).where(TenancyPartyRow.tenancy_id == acting.case.tenancy_id)
    acting_for = select(RepresentationRow.representative_id).where(RepresentationRow.person_id.in_(parties))
    if acting.session.scalar(parties.where(TenancyPartyRow.person_id == person_id).limit(1)) is not None:
        return
    if acting.session.scalar(acting_for.where(RepresentationRow.representative_id == person_id).limit(1)) is None:
        raise Refused("Deze persoon hoort niet bij dit dossier.", "This person does not belong to this case.")


def _contact_value(kind: str, value: str) -> tuple[str, str]:
    if kind == "email":
        name, _, domain = value.partition("@")
        if not name or "." not in domain or " " in value:
            raise Refused("Dit is geen e-mailadres.", "This is not a mail address.")
        return "email", value.lower()
    parsed = parse_phone(value)
    if isinstance(parsed, PhoneProblem):
        raise Refused(parsed.text_nl, parsed.text_en)
    return ("mobile" if parsed.smsable else "landline"), parsed.e164


def mark_contact_point(
    runtime: Runtime, actor: Actor, case_id: int, *, contact_point_id: int, state: str, reason: str
) -> None:
    """Mark a contact point as valid, wrong or unreachable."""
    with acting_on(runtime, actor, case_id) as acting:
        point = acting.session.get(ContactPointRow, contact_point_id)
        if (
            point is None
            or point.landlord_id != acting.case.landlord_id
            or state not in ("valid", "wrong", "unreachable")
        ):
            raise Refused("Dit contactgegeven bestaat niet.", "This contact point does not exist.")
        point.state, point.state_reason, point.state_known_at = state, reason[:200], acting.now
        acting.note("contact_point_marked", value=point.value, state=state, reason=reason)


def set_representative(
    runtime: Runtime,
    actor: Actor,
    case_id: int,
    *,
    person_id: int,
    name: str,
    kind: str,
    phone: str,
    email: str,
    from_on: date,
) -> None:
    """Record who acts for a person from a day on; contact then goes to him."""
    with acting_on(runtime, actor, case_id) as acting:
        family_name = needs(name, "Vul een naam in.", "Fill in a name.")
        if kind not in REPRESENTATIVES:
            raise Refused("Kies een soort vertegenwoordiger.", "Choose a kind of representative.")
        if not phone.strip() and not email.strip():
            raise Refused("Vul een telefoonnummer of e-mailadres in.", "Fill in a phone number or mail address.")
        check_person(acting, person_id)
        helper = PersonRow(landlord_id=acting.case.landlord_id, family_name=family_name, needs=[])
        acting.session.add(helper)
        acting.session.flush()
        for value, point_kind in ((phone, "phone"), (email, "email")):
            if value.strip():
                attach_contact_point(acting, helper.id, point_kind, value)
        acting.session.add(
            RepresentationRow(
                landlord_id=acting.case.landlord_id,
                person_id=person_id,
                representative_id=helper.id,
                kind=kind,
                from_on=from_on,
                source=actor.label,
                known_at=acting.now,
            )
        )
        close_tasks(
            acting.session,
            acting.now,
            "recorded",
            TaskRow.case_id == case_id,
            TaskRow.kind == "check_representative",
        )
        acting.note("representative", person=person_id, kind=kind, name=family_name, from_on=from_on)


def set_language(runtime: Runtime, actor: Actor, case_id: int, *, person_id: int, language: str) -> None:
    """Record which language a person reads; messages follow when the landlord writes in it."""
    with acting_on(runtime, actor, case_id) as acting:
        check_person(acting, person_id)
        if language not in SPOKEN_LANGUAGES:
            raise Refused("Deze taal kennen wij niet.", "We do not know this language.")
        person = acting.session.get_one(PersonRow, person_id)
        before, person.language = person.language, language
        acting.note("language_set", person=person_id, before=before, language=language)


def log_life_event(
    runtime: Runtime, actor: Actor, case_id: int, *, kind: str, occurred_on: date, note: str = ""
) -> None:
    """Log what happened to the tenant; a death stops collection at once."""
    with acting_on(runtime, actor, case_id) as acting:
        if kind not in LIFE_EVENTS:
            raise Refused("Kies wat er is gebeurd.", "Choose what happened.")
        if occurred_on > acting.today:
            raise Refused("De datum ligt in de toekomst.", "The date is in the future.")
        acting.session.add(
            LifeEventRow(
                landlord_id=acting.case.landlord_id,
                case_id=case_id,
                kind=kind,
                note=note,
                occurred_on=occurred_on,
                known_at=acting.now,
                source="staff",
            )
        )
        if kind == "bereaved" and "bereaved" not in acting.case.flags:
            acting.case.flags = [*acting.case.flags, "bereaved"]
            _pause_for_death(acting)
        acting.note("life_event", kind=kind, occurred_on=occurred_on, note=note)


def _pause_for_death(acting: Acting) -> None:
    """Stop collection until a person resumes it."""
    acting.session.add(
        PauseRow(
            landlord_id=acting.case.landlord_id,
            case_id=acting.case.id,
            reason="bereaved",
            from_at=acting.now,
            until_on=None,
            by_user_id=acting.actor.user_id,
        )
    )
    acting.note("paused", reason="bereaved", until_on=None)

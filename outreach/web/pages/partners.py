"""Partners per municipality: the agreement, the feedback days, what is handed over and why, whom to call."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from outreach.db.tables import PartnerRow
from outreach.errors import OutreachError
from outreach.services.dossiers import DEFAULT_FIELDS, SIGNAL, SIGNAL_FIELDS
from outreach.services.organisation import save_partner
from outreach.services.policy import load_policy
from outreach.services.quota import PartnerUse, partner_use
from outreach.services.reading.organisation import find_partner, list_partners, read_organisation
from outreach.web.context import actor, runtime, scope, today, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import target
from outreach.web.pages.referrals import FIELD_WORDS
from outreach.web.pages.settings import EDITORS
from outreach.web.security import for_roles
from outreach.web.translation import N_, _
from schedules.route import route_names
from schedules.targets import targets

blueprint = Blueprint("partners", __name__)

FIELD_REASONS = {
    "name": N_("Om contact te leggen."),
    "address": N_("Om langs te gaan."),
    "phone": N_("Om te bellen."),
    "email": N_("Om te schrijven."),
    "amount": N_("Om te weten hoe groot de achterstand is."),
    "months": N_("Om te weten hoe lang het al duurt."),
    "attempts": N_("Om niet opnieuw te vragen wat al is geprobeerd."),
    "language": N_("Om in de goede taal te bellen of schrijven."),
}
"""What may be handed over, and the reason for each (rules.md 34)."""


def _kinds() -> tuple[tuple[str, str], ...]:
    return tuple((code, target(code)) for code in targets())


def _fields() -> tuple[Field, ...]:
    return (
        Field(name="municipality", label=N_("Gemeente")),
        Field(name="kind", label=N_("Soort"), kind="select", options=_kinds(), translate=False),
        Field(name="name", label=N_("Naam")),
        Field(name="contact_person", label=N_("Vaste contactpersoon"), required=False),
        Field(name="phone", label=N_("Telefoon"), kind="tel", required=False),
        Field(name="email", label=N_("E-mail"), kind="email", required=False, help=N_("Hier gaan meldingen heen.")),
        Field(name="agreement_from", label=N_("Afspraak geldt vanaf"), kind="date", required=False),
        Field(
            name="agreement_to",
            label=N_("Afspraak eindigt op"),
            kind="date",
            required=False,
            help=N_("De eerste dag waarop hij niet meer geldt."),
        ),
        Field(name="agreement_ref", label=N_("Kenmerk van de afspraak"), required=False),
        Field(name="minimum_cents", label=N_("Melden vanaf"), kind="money", required=False),
        Field(
            name="feedback_days",
            label=N_("Dagen tot de terugmelding"),
            kind="number",
            initial="28",
            help=N_("Daarna staat de melding als te laat op de lijst."),
        ),
        Field(
            name="route",
            label=N_("Werkt volgens de route"),
            kind="select",
            required=False,
            options=(("", N_("Geen route: de velden hieronder")), *((name, name) for name in route_names())),
            help=N_("Een route bepaalt zelf welke velden de partner krijgt en wanneer de terugmelding komt."),
        ),
        Field(name="active", label=N_("In gebruik"), kind="checkbox", initial="1"),
        *(Field(name=f"field-{code}", label=text, kind="checkbox") for code, text in FIELD_WORDS.items()),
    )


@blueprint.get("/partners")
@for_roles("policy", "manager")
def index() -> str:
    """Show the partners per municipality, and where one is missing."""
    with runtime().db.read() as session:
        found = list_partners(session, scope())
        places = read_organisation(session, scope())
        uses = {row.id: _use(session, row) for rows in found.values() for row in rows}
    missing = [name for name in places.municipalities if name not in found]
    return render_template(
        "partners/index.html",
        found=found,
        missing=missing,
        kinds=dict(_kinds()),
        agreement=_agreement,
        uses=uses,
        may_edit=user().role in EDITORS,
    )


def _use(session: Session, row: PartnerRow) -> PartnerUse:
    return partner_use(session, runtime().calendar, row, load_policy(session, scope().landlord_id), today())


@blueprint.get("/partners/nieuw")
@for_roles("policy")
def new() -> str:
    """Show an empty form."""
    ticked = {f"field-{code}": "1" for code in DEFAULT_FIELDS}
    return _page(None, blank(_fields(), municipality=request.args.get("gemeente", ""), **ticked))


@blueprint.get("/partners/<int:partner_id>")
@for_roles("policy", "manager")
def show(partner_id: int) -> str:
    """Show one partner."""
    return _page(partner_id, blank(_fields(), **_typed(_found(partner_id))))


@blueprint.post("/partners/nieuw", defaults={"partner_id": None})
@blueprint.post("/partners/<int:partner_id>")
@for_roles("policy")
def save(partner_id: int | None) -> Response | tuple[str, int]:
    """Add or change a partner."""
    if partner_id is not None:
        _found(partner_id)
    form = read(_fields(), request.form)
    if form.valid:
        try:
            save_partner(runtime(), actor(), scope(), partner_id, _values(form.clean))
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Opgeslagen."), "ok")
            return redirect(url_for("partners.index"))
    return _page(partner_id, form), 422


def _values(clean: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the form into the partner's columns; the early signal has the fields of the law and no others."""
    plain = {name: value for name, value in clean.items() if not name.startswith("field-")}
    chosen = [code for code in FIELD_WORDS if clean[f"field-{code}"]]
    fields = [code for code in FIELD_WORDS if code in SIGNAL_FIELDS] if clean["kind"] == SIGNAL else chosen
    plain["route"] = plain["route"] or None
    texts = {name: plain[name] or "" for name in ("contact_person", "phone", "email", "agreement_ref")}
    return {**plain, **texts, "minimum_cents": plain["minimum_cents"] or 0, "fields": fields}


def _typed(row: PartnerRow) -> dict[str, str]:
    cents = row.minimum_cents
    return {
        **{name: str(getattr(row, name)) for name in ("municipality", "kind", "name", "contact_person", "phone")},
        **{name: str(getattr(row, name)) for name in ("email", "agreement_ref", "feedback_days")},
        "agreement_from": row.agreement_from.isoformat() if row.agreement_from else "",
        "agreement_to": row.agreement_to.isoformat() if row.agreement_to else "",
        "minimum_cents": f"{cents // 100},{cents % 100:02d}" if cents else "",
        "route": row.route or "",
        "active": "1" if row.active else "",
        **{f"field-{code}": "1" for code in (row.fields or DEFAULT_FIELDS)},
    }


def _agreement(row: PartnerRow) -> str:
    """Tell how the agreement stands today: active, coming, ended or none."""
    if row.agreement_from is None:
        return "none"
    if row.agreement_from > today():
        return "coming"
    return "ended" if row.agreement_to and row.agreement_to <= today() else "active"


def _found(partner_id: int) -> PartnerRow:
    with runtime().db.read() as session:
        return find_partner(session, scope(), partner_id) or abort(404)


def _page(partner_id: int | None, form: Form) -> str:
    with runtime().db.read() as session:
        municipalities = read_organisation(session, scope()).municipalities
        row = find_partner(session, scope(), partner_id) if partner_id is not None else None
        use = _use(session, row) if row is not None else None
    return render_template(
        "partners/show.html",
        partner_id=partner_id,
        form=form,
        reasons=FIELD_REASONS,
        municipalities=municipalities,
        use=use,
        main=[field for field in form.fields if not field.name.startswith("field-")],
        may_edit=user().role in EDITORS,
        signal_fields=[FIELD_WORDS[code] for code in SIGNAL_FIELDS],
    )

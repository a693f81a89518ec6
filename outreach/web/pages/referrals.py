"""What was handed to partners, what they reported back, and what may not be handed over yet."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.db.tables import AccessLogRow
from outreach.errors import OutreachError
from outreach.services import actions
from outreach.services.policy import load_policy
from outreach.services.reading.referral_list import (
    FILTERS,
    PAGE_SIZE,
    ReferralPage,
    list_referrals,
    read_referral,
)
from outreach.services.reading.signal_refusals import CONDITIONS, list_refused_signals
from outreach.services.referral_actions import start_day
from outreach.web.context import actor, now, runtime, scope, today, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import label, options
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.targets import targets

blueprint = Blueprint("referrals", __name__)

CONDITION_WORDS = {
    "a": N_("a. Moeite gedaan voor persoonlijk contact"),
    "b": N_("b. Gewezen op schuldhulp"),
    "c": N_("c. Een schriftelijke herinnering"),
    "d": N_("d. Aangeboden om gegevens door te geven, niet geweigerd"),
    "agreement": N_("Een afspraak met de gemeente die nu geldt"),
}
FIELD_WORDS = {
    "name": N_("Naam"),
    "address": N_("Adres"),
    "phone": N_("Telefoon"),
    "email": N_("E-mail"),
    "amount": N_("Bedrag"),
    "months": N_("Maanden achterstand"),
    "language": N_("Taal"),
    "attempts": N_("Contactpogingen"),
}
FEEDBACK_STATES = {
    "going_on": N_("Het loopt nog"),
    "accepted": N_("Aangenomen: de partner pakt het op"),
    "rejected": N_("Niet aangenomen"),
    "stopped": N_("De hulp stokt of is gestopt"),
    "closed": N_("Afgesloten"),
}
HELP = (
    ("accepted", N_("De huurder heeft hulp aanvaard")),
    ("refused", N_("De huurder wil geen hulp")),
    ("asked", N_("De huurder heeft schuldhulp gevraagd")),
)


DAY_ZERO = (Field(name="on", label=N_("Vanaf welke dag telt dit"), kind="date"),)


def _feedback(page: ReferralPage) -> tuple[Field, ...]:
    clocks = tuple((clock.key, clock.title.get(language(), clock.key)) for clock in page.clocks if clock.waits)
    states = tuple((code, FEEDBACK_STATES[code]) for code in page.verdicts)
    return (
        Field(
            name="clock",
            label=N_("Welke terugmelding"),
            kind="select",
            options=clocks,
            translate=False,
            required=False,
            initial=clocks[0][0] if clocks else "",
        ),
        Field(name="state", label=N_("Wat liet de partner weten?"), kind="select", options=states),
        Field(
            name="reason",
            label=N_("Waarom niet aangenomen"),
            kind="select",
            options=options("rejected"),
            required=False,
            help=N_("Alleen als de partner het niet aanneemt."),
        ),
        Field(
            name="help_said",
            label=N_("Wat zegt de huurder over hulp?"),
            kind="select",
            options=HELP,
            required=False,
            help=N_("Is er hulp, dan kan het incassocontact stilstaan volgens de afspraak met de partner."),
        ),
        Field(name="text", label=N_("Toelichting"), kind="textarea", required=False),
    )


@blueprint.get("/meldingen")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show the referrals, overdue ones first."""
    page = max(request.args.get("page", 1, int), 1)
    state, kind = request.args.get("state"), request.args.get("kind")
    state, kind = (state if state in FILTERS else None), (kind if kind in targets() else None)
    with runtime().db.read() as session:
        found = list_referrals(session, scope(), today(), state=state, kind=kind, page=page)
        refused = list_refused_signals(session, scope(), today()).total
    return render_template(
        "referrals/index.html",
        found=found,
        refused=refused,
        state=state,
        kind=kind,
        states=[(code, label("referral", code)) for code in FILTERS],
        kinds=[(code, label("partner", code)) for code in targets()],
        page=page,
        size=PAGE_SIZE,
    )


@blueprint.get("/meldingen/niet-gemeld")
@for_roles("policy", "worker", "manager")
def refused() -> str:
    """Show whose early signal may not be sent, and what is lacking."""
    page = max(request.args.get("page", 1, int), 1)
    lacking = request.args.get("lacking")
    lacking = lacking if lacking in CONDITIONS else None
    with runtime().db.read() as session:
        found = list_refused_signals(session, scope(), today(), lacking=lacking, page=page)
    return render_template(
        "referrals/refused.html", found=found, lacking=lacking, conditions=CONDITION_WORDS, page=page, size=PAGE_SIZE
    )


@blueprint.get("/meldingen/<int:referral_id>")
@for_roles("policy", "worker", "manager")
def show(referral_id: int) -> str:
    """Show one referral with its dossier; that it was read is logged."""
    found = _read(referral_id)
    row = AccessLogRow(
        landlord_id=scope().landlord_id, user_id=user().id, case_id=found.head.head.case_id, at=now(), what="referral"
    )
    with runtime().db.write() as session:
        session.add(row)
    return _page(found, blank(_feedback(found)))


@blueprint.post("/meldingen/<int:referral_id>")
@for_roles("policy", "worker", "manager")
def feedback(referral_id: int) -> Response | tuple[str, int]:
    """Record what the partner reported back."""
    found = _read(referral_id)
    form = read(_feedback(found), request.form)
    if form.valid:
        try:
            actions.referral_feedback(runtime(), actor(), referral_id, **form.clean)
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("De terugmelding staat in het dossier."), "ok")
            return redirect(url_for("referrals.show", referral_id=referral_id))
    return _page(found, form), 422


@blueprint.post("/meldingen/<int:referral_id>/dag-nul/<clock>")
@for_roles("policy", "worker")
def day_zero(referral_id: int, clock: str) -> Response | tuple[str, int]:
    """Set the day from which a feedback clock counts."""
    found = _read(referral_id)
    form = read(DAY_ZERO, request.form)
    if form.valid:
        try:
            start_day(runtime(), actor(), referral_id, clock=clock, **form.clean)
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("De dag is vastgelegd."), "ok")
            return redirect(url_for("referrals.show", referral_id=referral_id))
    return _page(found, blank(_feedback(found)), {clock: form}), 422


def _read(referral_id: int) -> ReferralPage:
    with runtime().db.read() as session:
        fills = load_policy(session, scope().landlord_id).settings.fills
        return read_referral(session, scope(), referral_id, today(), fills) or abort(404)


def _page(found: ReferralPage, form: Form, days: Mapping[str, Form] | None = None) -> str:
    return render_template(
        "referrals/show.html",
        page=found,
        form=form,
        days={each.key: (days or {}).get(each.key) or blank(DAY_ZERO) for each in found.clocks if each.own_day},
        conditions=CONDITION_WORDS,
        field_words=FIELD_WORDS,
        parsed_day=date.fromisoformat,
        parsed_moment=datetime.fromisoformat,
    )

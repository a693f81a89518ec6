"""The list of cases and the page of one case."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.db.tables import AccessLogRow
from outreach.errors import OutreachError
from outreach.services.policy import load_policy
from outreach.services.reading.case_care import read_case_care
from outreach.services.reading.case_list import (
    ORDERS,
    PAGE_SIZE,
    SPECIALS,
    CaseFilter,
    list_cases,
    read_stages,
)
from outreach.services.reading.case_page import CasePage, read_case
from outreach.services.reading.heads import CaseHead
from outreach.services.reading.places import read_owners, read_places
from outreach.web.context import now, runtime, scope, today, user
from outreach.web.csv_export import csv_response, euros
from outreach.web.forms import Form, read
from outreach.web.labels import label
from outreach.web.pages.case_action import Action
from outreach.web.pages.case_actions import ACTIONS, case_forms, perform
from outreach.web.pages.decision_forms import decision_fields, decision_forms, decision_name, record
from outreach.web.pages.plan_forms import ONE_CLICK
from outreach.web.pages.today import outcomes_of
from outreach.web.plan_words import plan_lines, proposal_line
from outreach.web.security import for_roles, safe_target
from outreach.web.translation import N_, _, language

blueprint = Blueprint("cases", __name__)

MOST_EXPORTED = 100_000
SPECIAL_WORDS = {
    "paused": N_("Stilgezet"),
    "plan": N_("Met regeling"),
    "channel_problem": N_("Bericht komt niet aan"),
    "not_reached": N_("Nog niet bereikt"),
}
ORDER_WORDS = {
    "amount": N_("Hoogste bedrag"),
    "oldest": N_("Langst achter"),
    "next": N_("Eerst aan de beurt"),
    "number": N_("Nummer"),
}


@blueprint.get("/dossiers")
def index() -> str | Response:
    """Show the cases under filters, or export them."""
    wanted, page = _wanted(), max(request.args.get("page", 1, int), 1)
    exporting = request.args.get("vorm") == "csv"
    with runtime().db.read() as session:
        size = MOST_EXPORTED if exporting else PAGE_SIZE
        found = list_cases(session, scope(), wanted, today(), 1 if exporting else page, size)
        if exporting:
            return _export(found.heads)
        return render_template(
            "cases/index.html",
            found=found,
            wanted=wanted,
            places=read_places(session, scope()),
            owners=read_owners(session, scope()),
            stages=read_stages(session, scope()),
            specials=[(code, _(text)) for code, text in SPECIAL_WORDS.items()],
            orders=[(code, _(text)) for code, text in ORDER_WORDS.items()],
            page=page,
            size=PAGE_SIZE,
        )


def _wanted() -> CaseFilter:
    special, order = request.args.get("special"), request.args.get("order", "amount")
    return CaseFilter(
        state="closed" if request.args.get("state") == "closed" else "open",
        stage=request.args.get("stage") or None,
        area_id=request.args.get("area", type=int),
        owner_id=request.args.get("owner", type=int),
        special=special if special in SPECIALS else None,
        order=order if order in ORDERS else "amount",
    )


def _export(heads: tuple[CaseHead, ...]) -> Response:
    header = (_("Dossier"), _("Huurovereenkomst"), _("Wie"), _("Adres"), _("Postcode"), _("Plaats"), _("Wijk"),
              _("Bedrag"), _("Sinds"), _("Maanden"), _("Fase"), _("Eigenaar"))  # fmt: skip
    rows = (
        (head.number, head.tenancy_ref, head.who, head.street, head.postcode, head.city, head.area,
         euros(head.amount_cents), head.oldest_due_on, head.months,
         head.stage_titles.get(language(), head.stage), head.owner)
        for head in heads
    )  # fmt: skip
    return csv_response("dossiers", header, rows)


@blueprint.get("/dossiers/<int:case_id>")
def show(case_id: int) -> str:
    """Show one case; that it was read is logged."""
    return _page(case_id, {})


@blueprint.post("/dossiers/<int:case_id>/doe/<name>")
@for_roles("policy", "worker", "field")
def do(case_id: int, name: str) -> Response | tuple[str, int]:
    """Do one action; what is wrong stands beside its field, and nothing that was typed is lost."""
    action = ACTIONS.get(name) or abort(404)
    found = _read(case_id)
    form = _tried(action, found, read(action.fields(found), request.form))
    if form is not None:
        return _page(case_id, {name: form}), 422
    flash(_(action.done), "ok")
    return redirect(safe_target(request.form.get("next")) or url_for("cases.show", case_id=case_id))


@blueprint.post("/dossiers/<int:case_id>/besluit/<step>")
@for_roles("policy", "worker", "field")
def decide(case_id: int, step: str) -> Response | tuple[str, int]:
    """Record a decision that the ladder asks for now."""
    found = _read(case_id)
    asked = next((each for each in found.care.decisions if each.key == step), None) if found.care else None
    form = read(decision_fields(asked or abort(404)), request.form)
    if form.valid:
        try:
            record(case_id, step, form.clean)
        except OutreachError as error:
            form = form.refused(error)
        else:
            flash(_("Het besluit staat in het dossier. De contactladder gaat daarmee verder."), "ok")
            return redirect(url_for("cases.show", case_id=case_id))
    return _page(case_id, {decision_name(step): form}), 422


def _tried(action: Action, found: CasePage, form: Form) -> Form | None:
    """Perform an action; return its form when it could not be done."""
    if not form.valid:
        return form
    try:
        perform(action, found.case.id, form.clean)
    except OutreachError as error:
        return form.refused(error)
    return None


def _read(case_id: int) -> CasePage:
    with runtime().db.read() as session:
        found = read_case(session, scope(), case_id, today()) or abort(404)
        policy = load_policy(session, scope().landlord_id)
        return replace(found, care=read_case_care(runtime(), session, policy, found.case, today()))


def _page(case_id: int, forms: dict[str, Form]) -> str:
    found = _read(case_id)
    _log_reading(found)
    with runtime().db.read() as session:
        plan_policy = load_policy(session, scope().landlord_id).settings.plan
    return render_template(
        "cases/show.html",
        page=found,
        forms=case_forms(found, forms),
        decision_forms=decision_forms(found, forms),
        actions=ACTIONS,
        one_click=ONE_CLICK,
        plan_lines=lambda plan: plan_lines(plan, plan_policy),
        proposal_line=proposal_line,
        outcomes=outcomes_of,
        here_url=url_for("cases.show", case_id=case_id),
        parsed_day=date.fromisoformat,
        channel_label=lambda code: label("channel", code),
    )


def _log_reading(found: CasePage) -> None:
    row = AccessLogRow(
        landlord_id=found.case.landlord_id, user_id=user().id, case_id=found.case.id, at=now(), what="case"
    )
    with runtime().db.write() as session:
        session.add(row)

"""The links to the tenant's page of one case: see, make and end them; and the link in a message of the sandbox."""

import re

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from outreach.db.tables import AccessLogRow, CaseRow
from outreach.errors import OutreachError
from outreach.services.tenant_page_staff import end_by_hand, make_by_hand, read_links
from outreach.web.context import actor, now, runtime, scope, user
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language

blueprint = Blueprint("tenant_link", __name__)
ROLES = ("policy", "worker")
STATES = {
    "usable": (N_("werkt"), "good"),
    "locked": (N_("op slot"), "warn"),
    "ended": (N_("gestopt"), "neutral"),
    "over": (N_("verlopen"), "neutral"),
}
_CODE = r"/r/[0-9A-Z-]{12,14}"


@blueprint.get("/dossiers/<int:case_id>/link")
@for_roles(*ROLES)
def show(case_id: int) -> str:
    """Show the links of a case; that it was read is logged."""
    with runtime().db.read() as session:
        case = _case(session, case_id)
        found = read_links(session, runtime(), case, now())
    with runtime().db.write() as session:
        session.add(
            AccessLogRow(landlord_id=case.landlord_id, user_id=user().id, case_id=case.id, at=now(), what="link")
        )
    return render_template(
        "tenant_link/show.html",
        case=case,
        found=found,
        states=STATES,
        has_address=bool(runtime().settings.public_url),
        expanded=request.args.get("nieuw", type=int),
    )


@blueprint.post("/dossiers/<int:case_id>/link")
@for_roles(*ROLES)
def make(case_id: int) -> Response:
    """Make a new link for a tenant; an earlier one made by hand ends."""
    _checked(case_id)
    link_id = None
    try:
        link_id = make_by_hand(runtime(), actor(), case_id, request.form.get("person", 0, int))
    except OutreachError as error:
        flash(error.text(language()), "error")
    else:
        flash(_("De nieuwe link staat klaar."), "ok")
    return redirect(url_for("tenant_link.show", case_id=case_id, nieuw=link_id))


@blueprint.post("/dossiers/<int:case_id>/link/<int:link_id>/stop")
@for_roles(*ROLES)
def end(case_id: int, link_id: int) -> Response:
    """End a link."""
    _checked(case_id)
    try:
        end_by_hand(runtime(), actor(), case_id, link_id)
    except OutreachError as error:
        flash(error.text(language()), "error")
    else:
        flash(_("De link werkt niet meer."), "ok")
    return redirect(url_for("tenant_link.show", case_id=case_id))


@blueprint.app_template_filter("page_link")
def page_link(text: str) -> Markup:
    """Let the link in a message be followed in the sandbox; elsewhere a text is a text."""
    base, escaped = runtime().settings.public_url.rstrip("/"), escape(text)
    if not base or not runtime().is_sandbox:
        return escaped
    address = re.compile(re.escape(str(escape(base))) + _CODE)
    return Markup(address.sub(lambda found: f'<a class="utrecht-link" href="{found[0]}">{found[0]}</a>', str(escaped)))


def _checked(case_id: int) -> None:
    with runtime().db.read() as session:
        _case(session, case_id)


def _case(session: Session, case_id: int) -> CaseRow:
    found: CaseRow | None = session.scalar(scope().narrow(select(CaseRow).where(CaseRow.id == case_id), CaseRow))
    return found or abort(404)

"""What a simulation supposes, figure by figure with its source, for the landlord to replace by his own."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.errors import OutreachError
from outreach.services.simulation_figures import OWN_SOURCE, keep_figures, own_figures
from outreach.services.simulation_words import SUPPOSED, figure_value, source_text
from outreach.web.context import actor, runtime, scope, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.simulation.figures import MOST, Figure, Figures, default_figures

blueprint = Blueprint("simulation_figures", __name__)

EDITORS = ("admin", "policy")
GROUPS = {
    "arrears": N_("Achterstand en betalen"),
    "effect": N_("Wat een contact doet"),
    "talk": N_("Gesprekken"),
    "plan": N_("Betalingsregelingen"),
    "help": N_("Hulp van partners"),
    "legal": N_("Naar de rechter"),
    "work": N_("Tijd van uw mensen"),
    "capacity": N_("Wat een team kan"),
    "cost": N_("Kosten"),
    "tenants": N_("Verzonnen huurders"),
}
UNITS = {
    "percent": N_("In procenten"),
    "per_mille": N_("Van de duizend"),
    "days": N_("In dagen"),
    "minutes": N_("In minuten"),
    "cents": N_("In euro"),
    "number": N_("Een aantal"),
}


@blueprint.get("/doorrekenen/cijfers")
@for_roles("policy", "worker", "manager")
def show() -> str:
    """Show every figure with its source."""
    return _show(_own(), None)


@blueprint.post("/doorrekenen/cijfers")
@for_roles("policy")
def save() -> Response | tuple[str, int]:
    """Keep the figures as the landlord's own; an empty field takes the shipped figure again."""
    own = _own()
    form = _checked(read(_fields(own), request.form), own)
    if not form.valid:
        return _show(own, form), 422
    shipped = default_figures()
    values = {key: shipped[key] if form.clean[key] is None else form.clean[key] for key in own.figures}
    try:
        changed = keep_figures(runtime(), actor(), scope().landlord_id, values)
    except OutreachError as error:
        return _show(own, form.refused(error)), 422
    flash(_("Opgeslagen. U rekent nu met %(number)s eigen cijfers.", number=changed), "ok")
    return redirect(url_for("simulation_figures.show"))


def _own() -> Figures:
    with runtime().db.read() as session:
        return own_figures(session, scope().landlord_id)


def _fields(own: Figures) -> tuple[Field, ...]:
    return tuple(_field(figure) for figure in own.figures.values())


def _field(figure: Figure) -> Field:
    cents = figure.unit == "cents"
    return Field(
        name=figure.key,
        label=figure.title[language()],
        kind="money" if cents else "number",
        required=False,
        initial=_euros(figure.value) if cents else str(figure.value),
        translate=False,
        help=_help(figure),
    )


def _euros(cents: int) -> str:
    """Write an amount for its field; nothing is nothing."""
    return f"{cents / 100:.2f}".replace(".", ",") if cents else ""


def _help(figure: Figure) -> str:
    """Write unit and source of a figure, and what ships; a template fills in `%` of every text that it translates."""
    shipped = default_figures().figures[figure.key]
    own = f" {_('Zonder eigen cijfer')}: {figure_value(_plain(shipped), language())}." if figure != shipped else ""
    text = f"{_(UNITS[figure.unit])}. {_('Bron')}: {source_text(figure.source, language())}.{own}"
    return text.replace("%", "%%")


def _plain(figure: Figure) -> dict[str, int | str]:
    return {"value": figure.value, "unit": figure.unit}


def _checked(form: Form, own: Figures) -> Form:
    errors = dict(form.errors)
    for key, figure in own.figures.items():
        value, most = form.clean.get(key), MOST.get(figure.unit)
        if value is not None and (value < 0 or (most is not None and value > most)):
            errors[key] = _("Vul een getal in van 0 tot en met %(most)s.", most=most or "…")
    return replace(form, errors=errors)


def _show(own: Figures, tried: Form | None) -> str:
    groups = [
        (title, [key for key in own.figures if key.partition(".")[0] == section]) for section, title in GROUPS.items()
    ]
    return render_template(
        "simulations/figures.html",
        form=tried or blank(_fields(own)),
        groups=groups,
        supposed=SUPPOSED[language()],
        changed={key for key, figure in own.figures.items() if figure.source == OWN_SOURCE},
        may_edit=user().role in EDITORS,
        figures=own.figures,
        value=lambda figure: figure_value(_plain(figure), language()),
        source=lambda figure: source_text(figure.source, language()),
    )

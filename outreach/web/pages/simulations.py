"""Work a ladder out in advance: ask, watch how far it is, read and print the result, open it again."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.services.ladder_drafts import read_draft
from outreach.services.simulating import OWN, SYNTHETIC, LadderText, Owner, find_ladder
from outreach.services.simulation_charts import charts, svg
from outreach.services.simulation_figures import OWN_SOURCE
from outreach.services.simulation_report import csv_of
from outreach.services.simulation_runs import (
    MOST_MONTHS_ON_A_PAGE,
    MOST_ON_A_PAGE,
    KeptRun,
    count_busy,
    find_run,
    list_runs,
    put_down,
    work_out_run,
)
from outreach.services.simulation_table import grouped, number
from outreach.services.simulation_words import (
    METHOD,
    NO_FORECAST,
    SUPPOSED,
    circumstances,
    deferred_rows,
    example_notes,
    figure_value,
    headline,
    source_text,
    team_rows,
)
from outreach.web.background import background
from outreach.web.context import actor, now, runtime, scope
from outreach.web.forms import Field, Form, blank, read
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.errors import LadderError
from schedules.loader import parse_ladder

blueprint = Blueprint("simulations", __name__)

LEAST_TENANCIES = 50
MOST_WAITING = 3
ACTIVE, DRAFT = "active", "draft"
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STATES = {
    "waiting": (N_("wacht"), "neutral"),
    "running": (N_("bezig"), "accent"),
    "done": (N_("klaar"), "good"),
    "failed": (N_("mislukt"), "bad"),
}


@blueprint.get("/contactladders/<name>/doorrekenen")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str:
    """Show what can be asked, and what was worked out before."""
    return _show(name, None)


@blueprint.post("/contactladders/<name>/doorrekenen")
@for_roles("policy", "manager")
def ask(name: str) -> AnyResponse | tuple[str, int]:
    """Put a simulation down and begin it."""
    owner = _owner()
    own = _ladders(name, owner)
    form = _checked(read(_fields(own, name, owner), request.form))
    with runtime().db.read() as session:
        busy = count_busy(session, scope(), now())
    if busy >= MOST_WAITING:
        form = replace(form, problem=_("Er wordt al het een en ander doorgerekend. Probeer het straks opnieuw."))
    if not form.valid:
        return _show(name, form), 422
    asked = form.clean
    run_id = put_down(
        runtime(),
        actor(),
        scope().landlord_id,
        ladder=_chosen(name, own, asked.get("version") or ACTIVE),
        against=find_ladder(asked["against"], own) if asked["against"] else None,
        portfolio=asked["portfolio"],
        tenancies=asked["tenancies"] or LEAST_TENANCIES,
        months=asked["months"],
        seed=asked["seed"],
    )
    background().start(partial(work_out_run, runtime(), run_id))
    return redirect(url_for("simulations.result", name=name, run_id=run_id))


def _owner() -> Owner:
    return Owner(runtime=runtime(), landlord_id=scope().landlord_id)


def _ladders(name: str, owner: Owner) -> Mapping[str, LadderText]:
    """Return the ladders in force; 404 when the name is none of them and no draft either."""
    own = owner.ladders()
    if name not in own and _draft(name) is None:
        abort(404)
    return own


def _draft(name: str) -> LadderText | None:
    """Return a draft that can be read as a ladder."""
    with runtime().db.read() as session:
        draft = read_draft(session, scope().landlord_id, name)
    if draft is None:
        return None
    try:
        return LadderText(ladder=parse_ladder(draft.body, name), text=draft.body)
    except LadderError:
        return None


def _chosen(name: str, own: Mapping[str, LadderText], version: str) -> LadderText:
    draft = _draft(name) if version == DRAFT or name not in own else None
    return draft or find_ladder(name, own)


def _fields(own: Mapping[str, LadderText], name: str, owner: Owner) -> tuple[Field, ...]:
    size = owner.size()
    versions = [(ACTIVE, N_("de versie die van kracht is"))] if name in own else []
    versions += [(DRAFT, N_("het concept"))] if _draft(name) else []
    titles = [(key, each.ladder.title[language()]) for key, each in own.items() if key != name]
    portfolios = [(OWN, N_("uw eigen huurders"))] if size else []
    portfolios += [(SYNTHETIC, N_("verzonnen huurders"))]
    version = Field(name="version", label=N_("Welke versie"), kind="select", options=versions, initial=versions[0][0])
    return (
        *([version] if len(versions) > 1 else []),
        Field(
            name="against",
            label=N_("Vergelijk met"),
            kind="select",
            required=False,
            options=sorted(titles, key=lambda each: each[1]),
            translate=False,
            help=N_("Dezelfde huurders en hetzelfde toeval, zodat u alleen het verschil tussen de ladders ziet."),
        ),
        Field(
            name="portfolio",
            label=N_("Met wie"),
            kind="select",
            options=portfolios,
            initial=OWN if size else SYNTHETIC,
        ),
        Field(
            name="tenancies",
            label=N_("Aantal verzonnen huurders"),
            kind="number",
            required=False,
            initial="5000",
            help=N_("Telt alleen bij verzonnen huurders: 50 tot en met 20.000."),
        ),
        Field(name="months", label=N_("Aantal maanden"), kind="number", initial="12", help=N_("1 tot en met 24.")),
        Field(
            name="seed",
            label=N_("Toeval"),
            kind="number",
            initial="1",
            help=N_("Hetzelfde getal geeft dezelfde uitkomst."),
        ),
    )


def _checked(form: Form) -> Form:
    """Add what a field of numbers cannot say by itself: between which bounds it lies."""
    errors = dict(form.errors)
    tenancies, months = form.clean.get("tenancies"), form.clean.get("months")
    made_up = form.clean.get("portfolio") == SYNTHETIC and "tenancies" not in errors
    if made_up and not LEAST_TENANCIES <= (tenancies or 0) <= MOST_ON_A_PAGE:
        errors["tenancies"] = _("Vul een getal in van 50 tot en met 20.000.")
    if months is not None and not 1 <= months <= MOST_MONTHS_ON_A_PAGE:
        errors["months"] = _("Vul een getal in van 1 tot en met 24.")
    return replace(form, errors=errors)


def _show(name: str, tried: Form | None) -> str:
    owner = _owner()
    own = _ladders(name, owner)
    fields = _fields(own, name, owner)
    with runtime().db.read() as session:
        runs = list_runs(session, scope(), name, now())
    ladder = _chosen(name, own, ACTIVE).ladder
    return render_template(
        "simulations/ask.html",
        name=name,
        title=ladder.title[language()],
        form=tried or blank(fields, against=request.args.get("against", "")),
        runs=runs,
        states=STATES,
        size=owner.size(),
        own_figures=sum(figure.source == OWN_SOURCE for figure in owner.figures().figures.values()),
        no_forecast=NO_FORECAST[language()],
    )


@blueprint.get("/contactladders/<name>/doorrekenen/<int:run_id>")
@for_roles("policy", "worker", "manager")
def result(name: str, run_id: int) -> str | Response:
    """Show how far a simulation is, or what came out."""
    run = _found(name, run_id)
    part = request.headers.get("HX-Request") == "true"
    if part and not run.is_busy:
        return Response(headers={"HX-Refresh": "true"})
    if part:
        return render_template("simulations/progress.html", run=run, name=name, whole=_whole)
    if run.state != "done":
        return render_template("simulations/busy.html", run=run, name=name, whole=_whole)
    return render_template("simulations/result.html", run=run, name=name, **_words(run.result))


def _whole(count: int) -> str:
    return number(count, "count", language())


def _words(found: Mapping[str, Any]) -> dict[str, Any]:
    code = language()
    runs = [found["first"], *([found["against"]] if found["against"] else [])]
    return {
        "found": found,
        "groups": grouped(found, code),
        "charts": charts(found, code),
        "circumstances": circumstances(found, code),
        "headline": headline(found, code),
        "notes": example_notes(found, code),
        "no_forecast": NO_FORECAST[code],
        "method": METHOD[code],
        "supposed": SUPPOSED[code],
        "figures": [
            (each[code], figure_value(each, code), source_text(each["source"], code)) for each in found["figures"]
        ],
        "details": [(run["title"][code], team_rows(run, code), deferred_rows(run, code)) for run in runs],
    }


def _found(name: str, run_id: int) -> KeptRun:
    with runtime().db.read() as session:
        run = find_run(session, scope(), run_id, now())
    return run if run is not None and run.ladder_name == name else abort(404)


def _done(name: str, run_id: int) -> KeptRun:
    run = _found(name, run_id)
    return run if run.state == "done" else abort(404)


@blueprint.get("/contactladders/<name>/doorrekenen/<int:run_id>/grafiek/<key>.svg")
@for_roles("policy", "worker", "manager")
def chart(name: str, run_id: int, key: str) -> Response:
    """Give one chart as a picture."""
    drawn = {each.key: each for each in charts(_done(name, run_id).result, language())}
    if key not in drawn:
        abort(404)
    return Response(svg(drawn[key]), mimetype="image/svg+xml", headers={"Content-Security-Policy": SVG_POLICY})


@blueprint.get("/contactladders/<name>/doorrekenen/<int:run_id>/uitkomst.csv")
@for_roles("policy", "worker", "manager")
def download(name: str, run_id: int) -> Response:
    """Give the measures as a file for a spreadsheet."""
    text = csv_of(_done(name, run_id).result)
    headers = {"Content-Disposition": f'attachment; filename="doorgerekend-{name}-{run_id}.csv"'}
    return Response("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)

"""Bring in arrears and payments: look first, then confirm; deliveries, reports and bad rows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from outreach.db.tables import ColumnMappingRow, DeliveryRow
from outreach.errors import OutreachError
from outreach.imports import ImportOptions, ImportReport, apply, load_mapping, preview
from outreach.imports.rejected import rejected_csv
from outreach.services.evidence import EvidenceBook
from outreach.services.reading.deliveries import PAGE_SIZE, list_deliveries, read_delivery, saved_mappings
from outreach.web.context import actor, now, runtime, scope, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.pages import import_uploads as uploads
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language

blueprint = Blueprint("imports", __name__)

KINDS = (("arrears", N_("Openstaande posten")), ("payments", N_("Betalingen")))
COVERAGE = (
    ("partial", N_("Een deel: wat ontbreekt blijft open staan")),
    ("complete", N_("Alles: wat ontbreekt is betaald")),
)
NEGATIVES = (("error", N_("Fout: ik wil ze nakijken")), ("credit", N_("Tegoed van de huurder")))
COUNTS = {
    "tenancies_new": N_("Nieuwe huurovereenkomsten"),
    "persons_new": N_("Nieuwe personen"),
    "dwellings_new": N_("Nieuwe woningen"),
    "areas_new": N_("Nieuwe wijken"),
    "contact_points_new": N_("Nieuwe contactgegevens"),
    "persons_completed": N_("Personen aangevuld"),
    "rents_changed": N_("Huurprijzen gewijzigd"),
    "items_new": N_("Nieuwe posten"),
    "items_changed": N_("Posten gewijzigd"),
    "entries": N_("Mutaties in het grootboek"),
    "absent_paid": N_("Posten die ontbreken en dus betaald zijn"),
    "credits_settled": N_("Tegoeden verrekend"),
    "payments_new": N_("Nieuwe betalingen"),
    "payments_in_books": N_("Betalingen die de boeken al kennen"),
    "payments_deducted": N_("Posten verlaagd door latere betalingen"),
    "credits": N_("Tegoeden uit de rest van een betaling"),
    "skipped_older": N_("Overgeslagen, ouder dan wat bekend is"),
    "arrears_changed": N_("Achterstanden gewijzigd"),
}
SIGNS = {
    "\t": N_("tab"),
    ";": N_("puntkomma"),
    ",": N_("komma"),
    ".": N_("punt"),
    "|": N_("streepje"),
    "dmy": N_("dag-maand-jaar"),
    "mdy": N_("maand-dag-jaar"),
}
LARGEST_MAPPING = 200_000
NEW_MAPPING = "file"


def _fields(mappings: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field(name="kind", label=N_("Wat staat erin"), kind="select", options=KINDS, initial="arrears"),
        Field(
            name="as_of",
            label=N_("Peildatum"),
            kind="date",
            required=False,
            help=N_("De dag waarvan de boeken spreken. Leeg: uit het bestand, anders vandaag."),
        ),
        Field(
            name="coverage",
            label=N_("Is het alles?"),
            kind="select",
            options=COVERAGE,
            initial="partial",
            help=N_("Alleen bij openstaande posten."),
        ),
        Field(name="negative", label=N_("Negatieve posten zijn"), kind="select", options=NEGATIVES, initial="error"),
        Field(
            name="mapping",
            label=N_("Koppeling van kolommen"),
            kind="select",
            options=[(name, name) for name in mappings],
            translate=False,
            required=False,
            help=N_("Leeg: wij herkennen de gangbare kolomnamen zelf."),
        ),
    )


@blueprint.get("/inlezen")
@for_roles("policy", "worker")
def index() -> str:
    """Show the upload form and the deliveries."""
    return _index(None, {})


@blueprint.post("/inlezen")
@for_roles("policy", "worker")
def upload() -> Answer | tuple[str, int]:
    """Take a file in, to look at it first."""
    with runtime().db.read() as session:
        mappings = saved_mappings(session, scope())
    form = read(_fields(mappings), request.form)
    data, problem = _bytes(request.files.get("file"), uploads.LARGEST)
    wrong = {"file": problem} if problem else {}
    mapping_name, mapping_problem = _take_mapping(request.files.get("mapping_file"))
    if mapping_problem:
        wrong["mapping_file"] = mapping_problem
    if not form.valid or wrong or data is None:
        return _index(form, wrong), 422
    token = uploads.keep(
        _folder(),
        data,
        user_id=user().id,
        filename=_filename(),
        kind=form.clean["kind"],
        choices={**form.values, **({"mapping": mapping_name} if mapping_name else {})},
        now=now(),
    )
    return redirect(url_for("imports.look", token=token))


def _bytes(sent: FileStorage | None, largest: int) -> tuple[bytes | None, str | None]:
    if sent is None or not sent.filename:
        return None, _("Kies een bestand.")
    data = sent.stream.read(largest + 1)
    if len(data) > largest:
        return None, _("Dit bestand is groter dan %(size)s MB. Deel het op.", size=largest // 1024 // 1024 or 1)
    return data, None


def _filename() -> str:
    return Path(request.files["file"].filename or "bestand").name[-200:]


def _take_mapping(sent: FileStorage | None) -> tuple[str | None, str | None]:
    """Check an uploaded mapping and save it under its file's name; return its name or what is wrong."""
    if sent is None or not sent.filename:
        return None, None
    data, problem = _bytes(sent, LARGEST_MAPPING)
    if data is None:
        return None, problem
    name = Path(sent.filename).name[-60:]
    try:
        text = data.decode("utf-8")
        load_mapping(text, name)
    except UnicodeDecodeError:
        return None, _("Deze koppeling is geen tekst in UTF-8.")
    except OutreachError as error:
        return None, error.text(language())
    with runtime().db.write() as session:
        row = session.scalar(scope().select(ColumnMappingRow).where(ColumnMappingRow.name == name))
        if row is None:
            session.add(ColumnMappingRow(landlord_id=scope().landlord_id, name=name, body=text))
        else:
            row.body = text
    return name, None


def _index(tried: Form | None, wrong: Mapping[str, str]) -> str:
    page = max(request.args.get("page", 1, int), 1)
    with runtime().db.read() as session:
        found = list_deliveries(session, scope(), page)
        mappings = saved_mappings(session, scope())
    return render_template(
        "imports/index.html",
        found=found,
        form=tried or blank(_fields(mappings)),
        wrong=wrong,
        kinds=dict(KINDS),
        page=page,
        size=PAGE_SIZE,
    )


@blueprint.get("/inlezen/kijken/<token>")
@for_roles("policy", "worker")
def look(token: str) -> str | Answer:
    """Show what an import would do; nothing has changed yet."""
    found = uploads.find(_folder(), token, user().id, now())
    if found is None:
        flash(_("Dit bestand is niet meer bewaard. Kies het opnieuw."), "warning")
        return redirect(url_for("imports.index"))
    kept, data = found
    report = preview(runtime().db, scope().landlord_id, data, kept.filename, _options(kept), now(), kept.kind)
    return _report(report, token=token)


@blueprint.post("/inlezen/kijken/<token>")
@for_roles("policy", "worker")
def confirm(token: str) -> Answer:
    """Load the file that was looked at; the same file twice changes nothing."""
    found = uploads.find(_folder(), token, user().id, now())
    if found is None:
        flash(_("Dit bestand is niet meer bewaard. Kies het opnieuw."), "warning")
        return redirect(url_for("imports.index"))
    kept, data = found
    report = apply(
        runtime().db,
        scope().landlord_id,
        data,
        kept.filename,
        _options(kept),
        now(),
        actor().label,
        kept.kind,
        _note_delivery,
    )
    if report.status == "refused":
        flash(report.problem_nl if language() == "nl" else report.problem_en, "error")
        return redirect(url_for("imports.look", token=token))
    uploads.forget(_folder(), token)
    if report.status == "already_loaded":
        flash(_("Dit bestand was al verwerkt. Er is niets veranderd."), "info")
    else:
        flash(_("Ingelezen: %(good)s van %(total)s rijen.", good=report.rows_good, total=report.rows_total), "ok")
    return redirect(url_for("imports.show", delivery_id=report.delivery_id))


@blueprint.post("/inlezen/vergeten/<token>")
@for_roles("policy", "worker")
def forget(token: str) -> Answer:
    """Remove a file that was looked at and will not be loaded."""
    if uploads.find(_folder(), token, user().id, now()) is not None:
        uploads.forget(_folder(), token)
    flash(_("Het bestand is weggegooid. Er is niets veranderd."), "ok")
    return redirect(url_for("imports.index"))


def _note_delivery(session: Session, delivery: DeliveryRow) -> None:
    book = EvidenceBook(session, delivery.landlord_id, now())
    payload = {
        "delivery": delivery.id,
        "kind": delivery.kind,
        "filename": delivery.filename,
        "as_of_on": delivery.as_of_on.isoformat(),
        "rows_good": delivery.rows_good,
        "rows_bad": delivery.rows_bad,
    }
    book.note("delivery_loaded", actor(), payload)
    book.write()


def _options(kept: uploads.Upload) -> ImportOptions:
    with runtime().db.read() as session:
        mappings = saved_mappings(session, scope())
    form = read(_fields(mappings), kept.choices).clean
    name = kept.choices.get("mapping", "")
    options = load_mapping(mappings[name], name) if name in mappings else ImportOptions()
    changes: dict[str, Any] = {"complete": form["coverage"] == "complete"}
    if form["as_of"]:
        changes["as_of"] = form["as_of"]
    if form["negative"] == "credit":
        changes["negative_items"] = "credit"
    return replace(options, **changes)


def _folder() -> Path:
    return runtime().settings.data_dir / "uploads"


@blueprint.get("/inlezen/<int:delivery_id>")
@for_roles("policy", "worker")
def show(delivery_id: int) -> str:
    """Show the report of a delivery and its bad rows."""
    with runtime().db.read() as session:
        found = read_delivery(session, scope(), delivery_id) or abort(404)
    return render_template(
        "imports/show.html",
        page=found,
        report=found.report,
        kinds=dict(KINDS),
        counts=COUNTS,
        signs=SIGNS,
        parsed_day=date.fromisoformat,
        text_key="text_nl" if language() == "nl" else "text_en",
    )


@blueprint.get("/inlezen/<int:delivery_id>/fout.csv")
@for_roles("policy", "worker")
def rejected(delivery_id: int) -> Response:
    """Give the bad rows of a delivery for correction."""
    with runtime().db.read() as session:
        if read_delivery(session, scope(), delivery_id) is None:
            abort(404)
        text = rejected_csv(session, scope().landlord_id, delivery_id)
    answer = Response(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="fout-{delivery_id}.csv"'
    return answer


def _report(report: ImportReport, token: str) -> str:
    return render_template(
        "imports/look.html",
        report=report.to_json(),
        token=token,
        kinds=dict(KINDS),
        counts=COUNTS,
        signs=SIGNS,
        parsed_day=date.fromisoformat,
        text_key="text_nl" if language() == "nl" else "text_en",
    )

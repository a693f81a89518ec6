"""Drukwerk: letters that wait for the print house, batches, what the post did; PDFs of letters and cards."""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.print_folder import Mark
from channels.print_house import Noted
from outreach.db.tables import AccessLogRow
from outreach.errors import OutreachError
from outreach.services import print_batches, printed_letters
from outreach.services.card_sheets import cards_pdf
from outreach.services.policy import load_policy
from outreach.services.reading.doors import read_round
from outreach.web.context import now, runtime, scope, today, user
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, counted, language

blueprint = Blueprint("print_room", __name__)
ROLES = ("policy", "worker")
SHOWN = 200
LONGEST = 2000
TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
MARKS: dict[str, tuple[Mark, str]] = {"posted": ("posted", N_("Verstuurd")), "returned": ("returned", N_("Retour"))}


@blueprint.get("/drukwerk")
@for_roles(*ROLES)
def index() -> str:
    """Show what waits, the batches, and the letters of a day to look at."""
    calendar = runtime().calendar
    with runtime().db.read() as session:
        last = printed_letters.last_letter_at(session, scope())
        day = _day("day") or (calendar.day_of(last) if last else today())
        letters = printed_letters.letters_of_day(session, scope(), calendar, day)
    room = print_batches.read_print_room(runtime(), scope().landlord_id)
    return render_template(
        "print_room/index.html", room=room, day=day, letters=letters, sandbox=runtime().is_sandbox, marks=MARKS
    )


@blueprint.post("/drukwerk/partij")
@for_roles(*ROLES)
def make() -> Response:
    """Make a batch of all that waits."""
    try:
        batch = print_batches.make_batch(runtime(), scope().landlord_id, now())
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(url_for("print_room.index"))
    flash(_("Partij %(name)s is klaar: %(letters)s brieven.", name=batch.id, letters=len(batch.letters)), "ok")
    return redirect(url_for("print_room.show", batch_id=batch.id))


@blueprint.get("/drukwerk/partij/<batch_id>")
@for_roles(*ROLES)
def show(batch_id: str) -> str:
    """Show a batch with its letters."""
    found = print_batches.read_batch(runtime(), scope().landlord_id, batch_id) or abort(404)
    return render_template("print_room/show.html", found=found, batch=found.batch, shown=SHOWN, today=today())


@blueprint.get("/drukwerk/partij/<batch_id>/<name>")
@for_roles(*ROLES)
def download(batch_id: str, name: str) -> Response:
    """Give a PDF or the list of a batch."""
    content = print_batches.batch_file(runtime(), scope().landlord_id, batch_id, name)
    if content is None:
        abort(404)
    return _file(content, f"{batch_id}-{name}", attached=True)


@blueprint.post("/drukwerk/partij/<batch_id>/verstuurd")
@for_roles(*ROLES)
def posted(batch_id: str) -> Response:
    """Note on which day a batch was handed to the post."""
    try:
        fresh = print_batches.mark_posted(runtime(), scope().landlord_id, batch_id, _day("on") or today(), now())
    except OutreachError as error:
        flash(error.text(language()), "error")
    else:
        flash(_("Vastgelegd: deze partij is verstuurd.") if fresh else _("Dit was al vastgelegd."), "ok")
    return redirect(url_for("print_room.show", batch_id=batch_id))


@blueprint.post("/drukwerk/kenmerken")
@for_roles(*ROLES)
def note() -> Response:
    """Note what the post did with letters, by typed references or a list of the print house."""
    chosen = MARKS.get(request.form.get("mark", "")) or abort(400)
    typed = tuple(request.form.get("references", "")[:LONGEST].replace(",", " ").split())
    upload = request.files.get("list")
    try:
        listed = print_batches.read_references(upload.read()) if upload and upload.filename else ()
        if not typed and not listed:
            flash(_("Typ een kenmerk of kies een bestand."), "error")
            return redirect(url_for("print_room.index"))
        noted = print_batches.mark_letters(runtime(), scope().landlord_id, (*typed, *listed), chosen[0], now())
    except OutreachError as error:
        flash(error.text(language()), "error")
    else:
        _tell(noted)
    return redirect(url_for("print_room.index"))


@blueprint.get("/drukwerk/brief/<int:attempt_id>.pdf")
@for_roles(*ROLES, "manager")
def letter(attempt_id: int) -> Response:
    """Give one letter as it is printed; that it was read is logged."""
    try:
        with runtime().db.read() as session:
            settings = load_policy(session, scope().landlord_id).settings
            found = printed_letters.letter_pdf(session, scope(), settings, runtime().calendar, attempt_id)
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(url_for("outbox.index"))
    content, case_id = found or abort(404)
    _log_reading(case_id)
    return _file(content, f"brief-{attempt_id}.pdf")


@blueprint.get("/drukwerk/dag/<day>.pdf")
@for_roles(*ROLES)
def day_letters(day: str) -> Response:
    """Give the letters of a day as one PDF, to look at."""
    wanted = _parsed(day) or abort(404)
    try:
        with runtime().db.read() as session:
            settings = load_policy(session, scope().landlord_id).settings
            content = printed_letters.day_pdf(session, scope(), settings, runtime().calendar, wanted)
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(url_for("print_room.index"))
    return _file(content or abort(404), f"brieven-{wanted}.pdf")


@blueprint.get("/drukwerk/kaarten.pdf")
def cards() -> Response:
    """Give the cards of today's doors, in the order of the round: on sheets, or with vorm=los on A6 pages."""
    calendar = runtime().calendar
    try:
        with runtime().db.read() as session:
            doors = read_round(
                session,
                scope(),
                "visit",
                today(),
                since=calendar.utc(today()),
                until=calendar.utc(today() + timedelta(days=1)),
                team_id=request.args.get("team", type=int),
            ).todo
            unpaid = [door for door in doors if not door.paid] or abort(404)
            policy = load_policy(session, scope().landlord_id)
            sheets = request.args.get("vorm") != "los"
            title = f"Kaartjes {today():%d-%m-%Y}"
            content = cards_pdf(session, policy, unpaid, title, runtime().settings, sheets=sheets)
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(url_for("visits.index"))
    return _file(content, f"kaartjes-{today()}.pdf")


def _tell(noted: Noted) -> None:
    if noted.now:
        flash(counted("%(num)s brief is vastgelegd.", "%(num)s brieven zijn vastgelegd.", noted.now), "ok")
    if noted.before:
        flash(counted("%(num)s brief was al vastgelegd.", "%(num)s brieven waren al vastgelegd.", noted.before), "ok")
    if noted.unknown:
        few = ", ".join(each[:20] for each in noted.unknown[:5])
        flash(_("Niet gevonden: %(references)s. Kijk het kenmerk op de brief na.", references=few), "error")


def _day(name: str) -> date | None:
    return _parsed(request.values.get(name, ""))


def _parsed(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _file(content: bytes, name: str, *, attached: bool = False) -> Response:
    answer = Response(content, content_type=TYPES[name.rpartition(".")[2]])
    answer.headers["Content-Disposition"] = f'{"attachment" if attached else "inline"}; filename="{name}"'
    return answer


def _log_reading(case_id: int) -> None:
    row = AccessLogRow(landlord_id=scope().landlord_id, user_id=user().id, case_id=case_id, at=now(), what="letter")
    with runtime().db.write() as session:
        session.add(row)

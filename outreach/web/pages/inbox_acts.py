"""What staff do in a conversation: answer, one action, deal with it, take it up, let it sleep, link its sender."""

from typing import Any

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from messages.checks import Verdict
from messages.languages import LANGUAGES
from messages.saved_answers import fill_in
from messages.segments import measure
from outreach.errors import OutreachError
from outreach.services import conversation_steps as steps
from outreach.services.conversation_steps import Place
from outreach.services.hand_answers import TALK_CHANNELS, Written, answer_by_hand, check_words, ways_of
from outreach.services.linking import link_sender
from outreach.services.policy import load_policy
from outreach.services.reading.case_page import read_case
from outreach.services.reading.conversations import read_conversation
from outreach.services.reading.inbox_list import next_waiting
from outreach.services.saved_answers import count_use, list_answers
from outreach.web.context import actor, now, runtime, scope, today, user
from outreach.web.formats import moment
from outreach.web.forms import Wrong, read, read_date
from outreach.web.pages import inbox_frame as frame
from outreach.web.pages.case_actions import ACTIONS, perform
from outreach.web.pages.inbox_offers import UNDELIVERED
from outreach.web.pages.inbox_sleep import moment_of, morning_of
from outreach.web.security import for_roles
from outreach.web.translation import _, language

blueprint = Blueprint("inbox_acts", __name__)

LONGEST_ANSWER = 2000
TALK = "gesprek"
YEAR = 31_536_000
Answer = Response | str | tuple[str, int]


@blueprint.post("/postvak-in/<ref>/antwoord")
@for_roles("policy", "worker")
def answer(ref: str) -> Answer:
    """Send an answer, or look at it, or put a saved one in the box."""
    place, typed = frame.place_of(ref), _typed()
    pressed = request.form.get("knop", "send")
    what, _dash, number = pressed.partition("-")
    if what == "insert":
        return frame.conversation_page(place, _inserted(place, typed, number))
    if place.case_id is None:
        text = _("Wij weten niet zeker van wie dit bericht is. Koppel het eerst aan een dossier.")
        return frame.conversation_page(place, _with(typed, problem=text)), 422
    way = _way(place, typed.way)
    if way is None:
        text = _("Er is geen nummer of adres om te antwoorden. Bel, of vul een nummer in.")
        return frame.conversation_page(place, _with(typed, problem=text)), 422
    if pressed == "check":
        return frame.conversation_page(place, _with(typed, verdict=_verdict(typed.text, way.channel, typed.language)))
    try:
        written = Written(
            text=typed.text,
            way=way.code,
            language=typed.language,
            seen=_number("seen"),
            inbound_id=_number("inbound_id") or None,
            handles=typed.handles,
        )
        answer_by_hand(runtime(), actor(), place, way, written)
    except OutreachError as error:
        verdict = _verdict(typed.text, way.channel, typed.language) if typed.text else None
        return frame.conversation_page(place, _with(typed, problem=error.text(language()), verdict=verdict)), 422
    _count_use()
    flash(_("Uw antwoord gaat eruit."), "ok")
    return redirect(_address(place, ref))


def _typed() -> frame.Typed:
    form = request.form
    return frame.Typed(
        text=frame.typed("text")[:LONGEST_ANSWER],
        way=form.get("way", ""),
        language=form.get("language", "nl") if form.get("language") in LANGUAGES else "nl",
        handles=form.get("handles") == "1" or "way" not in form,
    )


def _with(typed: frame.Typed, *, text: str | None = None, problem: str = "", verdict: Any = None) -> frame.Typed:
    return frame.Typed(
        text=typed.text if text is None else text,
        way=typed.way,
        language=typed.language,
        handles=typed.handles,
        problem=problem,
        verdict=verdict,
    )


def _number(name: str) -> int:
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def _way(place: Place, code: str) -> Any:
    with runtime().db.read() as session:
        loaded = frame.loaded_case(session, place)
        page = read_conversation(session, scope(), place, now(), today(), user().id)
        ways = ways_of(session, loaded, page.replies, now()) if loaded else ()
    return next((each for each in ways if each.code == code), ways[0] if ways and not code else None)


def _inserted(place: Place, typed: frame.Typed, number: str) -> frame.Typed:
    """Put a suggestion (by its number), or else the saved answer, behind what was typed."""
    if number:
        chosen = frame.typed(f"suggestion-{number}")
    else:
        with runtime().db.read() as session:
            saved = list_answers(session, place.landlord_id)
        row = next((each for each in saved if each.id == _number("saved")), None)
        chosen = fill_in(row.text, frame.fills_for(place)) if row else ""
    text = "\n\n".join(part for part in (typed.text, chosen) if part)
    return _with(typed, text=text[:LONGEST_ANSWER])


def _count_use() -> None:
    if saved := _number("saved"):
        with runtime().db.write() as session:
            count_use(session, scope().landlord_id, saved)


def _verdict(text: str, channel: str, code: str) -> Verdict | None:
    if not text.strip():
        return None
    with runtime().db.read() as session:
        policy = load_policy(session, scope().landlord_id)
    return check_words(policy, actor(), text, channel, code)


@blueprint.post("/postvak-in/kijk")
@for_roles("policy", "worker")
def look() -> Response | tuple[Response, int]:
    """Judge an answer while it is typed: JSON in, the verdict as a piece of the page out."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        return jsonify(error=_("Dit is geen JSON.")), 400
    channel, code = str(asked.get("channel", "")), str(asked.get("language", ""))
    if channel not in TALK_CHANNELS or code not in LANGUAGES:
        return jsonify(error=_("Kies een kanaal en een taal.")), 400
    text = str(asked.get("text", ""))[:LONGEST_ANSWER].encode("utf-8", "replace").decode("utf-8")
    verdict = _verdict(text, channel, code)
    size = measure(text) if channel == "sms" and text.strip() else None
    return jsonify(html=render_template("inbox/verdict.html", verdict=verdict, size=size))


@blueprint.post("/postvak-in/<ref>/doe/<name>")
@for_roles("policy", "worker")
def act(ref: str, name: str) -> Answer:
    """Do one action in the case; what is wrong stands beside its field."""
    place, action = frame.place_of(ref), ACTIONS.get(name) or abort(404)
    with runtime().db.read() as session:
        found = (read_case(session, scope(), place.case_id, today()) if place.case_id else None) or abort(404)
    form = read(action.fields(found), request.form)
    if form.valid:
        try:
            perform(action, found.case.id, form.clean)
        except OutreachError as error:
            form = form.refused(error)
    if not form.valid:
        return frame.conversation_page(place, tried={name: form}), 422
    flash(_(action.done), "ok")
    if request.form.get("handles") == "1":
        if name == TALK:
            _try(steps.handle, place, str(form.clean.get("note") or ""))
        else:
            said = _number("inbound_id") or None
            _try(steps.handle_reply, place, said, failures=name in UNDELIVERED)
    return redirect(_address(place, ref))


@blueprint.post("/postvak-in/<ref>/afhandelen")
@for_roles("policy", "worker")
def handle(ref: str) -> Response:
    """Deal with all that waits, and go on to the next conversation that waits."""
    place = frame.place_of(ref)
    if not _try(steps.handle, place, frame.typed("note")):
        return redirect(_address(place, ref))
    flash(_("Afgehandeld."), "ok")
    return redirect(_next_address(place))


@blueprint.get("/postvak-in/volgende")
@for_roles("policy", "worker", "manager")
def following() -> Response:
    """Go on to the next conversation that waits for a person."""
    return redirect(_next_address(None))


def _next_address(place: Place | None) -> str:
    with runtime().db.read() as session:
        found = next_waiting(session, scope(), user().id, now(), today(), place.key if place else "")
    if found is None:
        flash(_("Er wacht niets meer."), "ok")
        return url_for("inbox.index", **frame.filters())
    return frame.address_of(found.key, found.household_id, found.inbound_id)


@blueprint.post("/postvak-in/<ref>/wie")
@for_roles("policy", "worker")
def assign(ref: str) -> Response:
    """Take a conversation up, give it to a colleague, or let go of it."""
    place, chosen = frame.place_of(ref), request.form.get("user_id", "")
    user_id = user().id if chosen == "ik" else (_number("user_id") or None)
    return _done(place, ref, _("Vastgelegd."), steps.assign, user_id, seen=_number("had") or None)


@blueprint.post("/postvak-in/<ref>/slapen")
@for_roles("policy", "worker")
def snooze(ref: str) -> Response:
    """Let a conversation sleep and go on to the next that waits, or wake it."""
    place, choice = frame.place_of(ref), request.form.get("tot", "")
    if choice == "nu":
        return _done(place, ref, _("Dit gesprek staat weer in de lijst."), steps.wake)
    until = moment_of(choice)
    if until is None:
        try:
            until = morning_of(read_date(request.form.get("dag", "").strip()))
        except Wrong as wrong:
            flash(str(wrong), "error")
            return redirect(_address(place, ref))
    if not _try(steps.snooze, place, until):
        return redirect(_address(place, ref))
    flash(_("Uitgesteld tot %(when)s. Bij een nieuw bericht komt het eerder terug.", when=moment(until)), "ok")
    return redirect(_next_address(place))


@blueprint.post("/postvak-in/<ref>/ongelezen")
@for_roles("policy", "worker")
def unread(ref: str) -> Response:
    """Let a conversation count as unread again, and go back to the list."""
    steps.mark_unread(runtime(), frame.place_of(ref))
    flash(_("Dit gesprek staat weer op ongelezen."), "ok")
    return redirect(url_for("inbox.index", **frame.filters()))


@blueprint.post("/postvak-in/<ref>/koppelen")
@for_roles("policy", "worker")
def link(ref: str) -> Response:
    """Link an unknown sender to a person in a case; what he wrote then takes effect."""
    place = frame.place_of(ref)
    case_text, _between, person_text = request.form.get("wie", "").partition(":")
    if not (case_text.isdecimal() and person_text.isdecimal()):
        flash(_("Kies van wie dit bericht is."), "error")
        return redirect(_address(place, ref))
    with runtime().db.read() as session:
        found = read_case(session, scope(), int(case_text[:15]), today()) or abort(404)
    try:
        kept = link_sender(
            runtime(), actor(), place,
            case_id=found.case.id, person_id=int(person_text[:15]), keeps_number=request.form.get("bewaar") == "1",
        )  # fmt: skip
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(_address(place, ref))
    flash(_("Gekoppeld. Het bericht telt nu mee in het dossier."), "ok")
    if request.form.get("bewaar") == "1" and not kept:
        flash(_("Het nummer of adres van de afzender past niet in het dossier. Het is daar niet bijgezet."), "warning")
    return redirect(url_for("inbox.household", household_id=found.case.household_id, **frame.filters()))


@blueprint.post("/postvak-in/toetsen")
@for_roles("policy", "worker", "manager")
def keys() -> Response:
    """Switch the single keys of the inbox on or off for this browser."""
    value = "uit" if request.form.get("toetsen") == "uit" else "aan"
    flash(_("De sneltoetsen staan uit.") if value == "uit" else _("De sneltoetsen staan aan."), "ok")
    response = make_response(redirect(url_for("inbox.index", **frame.filters())))
    response.set_cookie(frame.KEYS_COOKIE, value, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def _done(place: Place, ref: str, said: str, step: Any, *arguments: Any, **options: Any) -> Response:
    if _try(step, place, *arguments, **options):
        flash(said, "ok")
    return redirect(_address(place, ref))


def _try(step: Any, place: Place, *arguments: Any, **options: Any) -> bool:
    """Do a step; say what is in the way on the next page, and whether it could be done."""
    try:
        step(runtime(), actor(), place, *arguments, **options)
    except OutreachError as error:
        flash(error.text(language()), "error")
        return False
    return True


def _address(place: Place, ref: str) -> str:
    return frame.address_of(place.key, place.household_id, int(ref) if ref.isdecimal() else None)

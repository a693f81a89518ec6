"""The robocall as a tenant hears it: step by step, per language, and aloud when the machine can speak."""

from flask import Blueprint, Response, abort, render_template, request

from messages.languages import text_language
from outreach.services.call_preview import (
    PACKAGE,
    NoSpeech,
    call_preview,
    part_text,
    preview_languages,
    robocall_names,
    speech_engine,
    spoken,
)
from outreach.web.pages.text_frame import language_title, policy
from outreach.web.pages.text_names import NAMES
from outreach.web.security import for_roles
from outreach.web.translation import N_

blueprint = Blueprint("call_script", __name__)
ROLES = ("policy", "worker", "manager")

STEPS = {
    "greeting": N_("De telefoon wordt opgenomen"),
    "message": N_("De huurder zegt wie hij is"),
    "colleague": N_("Toets 1, binnen kantooruren"),
    "again": N_("Een toets die niets doet, of stilte"),
    "language": N_("Een andere taal"),
    "stopped": N_("Er is intussen betaald, gepauzeerd of afgemeld"),
    "voicemail": N_("De voicemail neemt op"),
}
LEADS = {
    "greeting": N_("Wie opneemt hoort nog niet waar het over gaat."),
    "message": N_("Eerst de boodschap, dan het menu."),
    "colleague": N_("Buiten kantooruren belt een medewerker terug."),
    "again": N_("Het menu komt nog één keer."),
    "language": N_("Elke taal noemt haar eigen toets, in die taal."),
    "stopped": N_("Dit hoort de huurder in plaats van de boodschap."),
    "voicemail": N_("Iedereen in huis mag dit horen."),
}
KEYS = {"": N_("stilte of een andere toets"), "taken": N_("de collega neemt op"), "not_taken": N_("niemand neemt op")}


@blueprint.get("/teksten/belcomputer/<name>")
@for_roles(*ROLES)
def show(name: str) -> str:
    """Show a robocall step by step in one language."""
    found = policy()
    if name not in robocall_names(found):
        abort(404)
    languages = preview_languages(found, name)
    language = request.args.get("language", languages[0] if languages else "")
    preview = call_preview(found, name, language) or abort(404)
    titles = {each.name: each.title for each in found.catalogue}
    return render_template(
        "messages/call_script.html",
        preview=preview,
        title=titles.get(name) or NAMES.get(name, name),
        languages=languages,
        language_title=language_title,
        text_language=text_language,
        speaks=speech_engine() is not None,
        package=PACKAGE,
        step_titles=STEPS,
        step_leads=LEADS,
        key_titles=KEYS,
    )


@blueprint.get("/teksten/belcomputer/<name>/geluid/<language>/<part>.wav")
@for_roles(*ROLES)
def sound(name: str, language: str, part: str) -> Response:
    """Say one part of a robocall with made-up values."""
    text = part_text(policy(), name, language, part)
    if text is None:
        abort(404)
    try:
        wave = spoken(text, language)
    except NoSpeech:
        abort(404)
    answer = Response(wave, content_type="audio/wav")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

"""The texts for tenants with their B1 verdict, each as the tenant sees it, and a place to try a text."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, render_template, request

from messages.checks import check
from messages.segments import gsm_friendly, measure
from messages.template import MissingTemplate, Template, split_parts
from outreach.web.context import runtime, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import label
from outreach.web.pages.text_checks import VALUES, CheckedText, checked_text, marked, text_heads
from outreach.web.security import for_roles
from outreach.web.translation import N_, language

blueprint = Blueprint("messages", __name__)

NAMES = {
    "reminder": N_("Herinnering"),
    "second_reminder": N_("Tweede herinnering"),
    "third_reminder": N_("Derde herinnering"),
    "reminder_help": N_("Herinnering met hulp"),
    "arrears_report_notice": N_("Melding bij de gemeente aankondigen"),
    "fourteen_day_letter": N_("Veertiendagenbrief"),
    "first_contact": N_("Eerste contact"),
    "contact_request": N_("Verzoek om contact"),
    "robocall_arrears": N_("Belcomputer over de huur"),
    "call_talk": N_("Gesprekspunten aan de telefoon"),
    "visit_announcement": N_("Huisbezoek aankondigen"),
    "visit_talk": N_("Gesprekspunten aan de deur"),
    "judgment_talk": N_("Gesprekspunten na een uitspraak"),
    "doorstep_card": N_("Kaartje aan de deur"),
    "help_offer": N_("Aanbod van hulp"),
    "municipality_visit_notice": N_("Bezoek van de gemeente aankondigen"),
    "plan_proposal": N_("Regeling: voorstel"),
    "plan_confirmed": N_("Regeling bevestigd"),
    "plan_reminder": N_("Regeling: herinnering"),
    "plan_thanks": N_("Regeling: bedankt"),
    "plan_broken": N_("Regeling: termijn gemist"),
    "promise_noted": N_("Belofte genoteerd"),
    "answer_plan_ask": N_("Antwoord: wat kunt u per maand"),
    "answer_plan_proposed": N_("Antwoord: voorstel voor een regeling"),
    "answer_plan_to_staff": N_("Antwoord: een medewerker kijkt naar de regeling"),
    "answer_call_me": N_("Antwoord: wij bellen u"),
    "answer_paid": N_("Antwoord: wij kijken de betaling na"),
    "answer_paid_seen": N_("Antwoord: de betaling is binnen"),
    "answer_stop": N_("Antwoord: geen berichten meer"),
    "answer_start": N_("Antwoord: weer berichten"),
    "answer_help": N_("Antwoord: hulp bij schulden"),
    "answer_unclear": N_("Antwoord: niet begrepen"),
    "answer_to_staff": N_("Antwoord: een medewerker leest mee"),
    "answer_bereaved": N_("Antwoord: na een overlijden"),
    "answer_represented": N_("Antwoord: er is een vertegenwoordiger"),
    "answer_dispute": N_("Antwoord: niet eens met het bedrag"),
    "answer_moved": N_("Antwoord: verhuisd"),
    "answer_wrong_number": N_("Antwoord: verkeerd nummer"),
    "answer_crisis": N_("Antwoord: bij een crisis"),
    "answer_visit_refused": N_("Antwoord: geen huisbezoek"),
}
PURPOSES = {
    "collection": N_("contact over de huur"),
    "legal": N_("wettelijk"),
    "plan": N_("regeling"),
    "answer": N_("antwoord"),
    "care": N_("zorg"),
}
SIZES = {"longest": N_("langste waarden"), "shortest": N_("kortste waarden")}
LANGUAGES = (("nl", N_("Nederlands")), ("en", N_("Engels")))
TRIED_CHANNELS = ("sms", "whatsapp", "email", "letter", "robocall", "card")


def _try_fields() -> tuple[Field, ...]:
    return (
        Field(name="text", label=N_("Uw tekst"), kind="textarea"),
        Field(
            name="channel",
            label=N_("Kanaal"),
            kind="select",
            options=[(code, label("channel", code)) for code in TRIED_CHANNELS],
            translate=False,
            initial="letter",
        ),
        Field(name="language", label=N_("Taal"), kind="select", options=LANGUAGES, initial="nl"),
        Field(
            name="subject",
            label=N_("Onderwerp"),
            required=False,
            help=N_("Voor een e-mail: anderen kunnen het zien op het scherm."),
        ),
    )


@blueprint.get("/teksten")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show every text with its verdict."""
    channel, purpose = request.args.get("channel"), request.args.get("purpose")
    heads = [
        head
        for head in text_heads(runtime().catalogue)
        if (not channel or channel in head.channels) and (not purpose or purpose == head.purpose)
    ]
    return render_template(
        "messages/index.html",
        heads=heads,
        names=NAMES,
        purposes=PURPOSES,
        channel=channel,
        purpose=purpose,
        channels=[(code, label("channel", code)) for code in (*TRIED_CHANNELS, "call", "visit")],
    )


@blueprint.get("/teksten/<name>")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str:
    """Show one text over one channel as the tenant sees it, with what the check found."""
    catalogue = runtime().catalogue
    try:
        channels, languages = catalogue.channels(name), catalogue.languages(name)
    except MissingTemplate:
        abort(404)
    if not channels:
        abort(404)
    channel = _one_of(request.args.get("channel"), channels)
    wanted = _one_of(request.args.get("language"), ("nl", *(code for code in languages if code != "nl")))
    size = _one_of(request.args.get("size"), tuple(VALUES))
    template = catalogue.get(name, channel, wanted)
    found = checked_text(template, size)
    return render_template(
        "messages/show.html",
        name=name,
        title=NAMES.get(name, name),
        purposes=PURPOSES,
        template=template,
        found=found,
        marked=marked(found.rendered.text, found.verdict.findings),
        view=_as_seen(found),
        channels=channels,
        languages=[(code, text) for code, text in LANGUAGES if code in languages],
        sizes=SIZES,
        size=size,
        other=_verdicts(name),
    )


def _one_of(asked: str | None, known: tuple[str, ...]) -> str:
    return asked if asked in known else known[0]


def _verdicts(name: str) -> list[CheckedText]:
    return [
        checked_text(template, size)
        for size in VALUES
        for template in sorted(_all(name), key=lambda each: (each.channel, each.language != "nl"))
    ]


def _all(name: str) -> list[Template]:
    return [template for template in runtime().catalogue if template.name == name]


def _as_seen(found: CheckedText) -> SimpleNamespace:
    """Give a text in the form in which the outbox shows a message."""
    values = VALUES["longest"]
    return SimpleNamespace(
        channel=found.template.channel,
        text=found.rendered.text,
        subject=found.rendered.subject,
        parts=found.rendered.parts,
        to=values["name"],
        sent_to=values["address"] if found.template.channel in ("letter", "card") else None,
        sent_at=None,
    )


@blueprint.get("/teksten/toets")
@for_roles("policy", "worker", "manager")
def try_out() -> str:
    """Show the place to try a text."""
    return _tried(blank(_try_fields()), None)


@blueprint.post("/teksten/toets")
@for_roles("policy", "worker", "manager")
def tried() -> str | tuple[str, int]:
    """Check a pasted text; nothing is kept."""
    form = read(_try_fields(), request.form)
    if not form.valid:
        return _tried(form, None), 422
    return _tried(form, _verdict(form.clean))


def _verdict(clean: Mapping[str, Any]) -> dict[str, Any]:
    text = clean["text"].replace("\r\n", "\n")
    channel = clean["channel"]
    parts = split_parts(text) if channel == "robocall" else None
    verdict = check(
        text, channel=channel, language=clean["language"], subject=clean["subject"] or None, parts=parts or None
    )
    size = measure(gsm_friendly(text)) if channel == "sms" else None
    return {"verdict": verdict, "marked": marked(text, verdict.findings), "size": size}


def _tried(form: Form, result: dict[str, Any] | None) -> str:
    return render_template("messages/try.html", form=form, result=result, sender=user().landlord_name, code=language())

"""`outreach channel`: what every channel does here, and the texts that WhatsApp must approve."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import click

from channels.registry import describe
from channels.twilio_client import ODD_ANSWERS, TwilioAccount, classify
from channels.twilio_contents import UNSUBMITTED, KnownContent, NewContent, ask_approval, hand_in, read_contents
from messages.whatsapp import WhatsAppForm, approved_form
from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.policy import load_policy


@click.group("channel")
def channel_group() -> None:
    """Bekijk de kanalen."""


@channel_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Toon van elk kanaal wat het hier doet, en wat nog mist."""
    runtime = open_runtime()
    found = describe(runtime.settings)
    runtime.db.dispose()
    if as_json:
        print_json([asdict(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.name:<10} {each.state:<8} {each.provider or '-':<8} {each.text_nl}")


@channel_group.command("whatsapp-forms")
@click.option("--submit", is_flag=True, help="Dien in wat Twilio nog niet kent.")
@landlord_option
@json_option
def whatsapp_forms_command(submit: bool, landlord_slug: str | None, as_json: bool) -> None:
    """Toon de WhatsApp-teksten, en of WhatsApp ze heeft goedgekeurd."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    with runtime.db.read() as session:
        catalogue = load_policy(session, landlord.id).catalogue
    forms = [approved_form(each) for each in catalogue if each.channel == "whatsapp"]
    try:
        known = _known(runtime)
        handed_in = _hand_in(runtime, forms, known) if submit else []
    except ODD_ANSWERS as error:
        detail = classify(error).detail
        raise OutreachError(f"Twilio geeft geen antwoord: {detail}.", f"Twilio does not answer: {detail}.") from error
    runtime.db.dispose()
    facts = [
        {**asdict(form), "status": "handed_in" if form in handed_in else _status(runtime, known, form)}
        for form in forms
    ]
    if as_json:
        print_json(facts)
        return
    for each in facts:
        click.echo(f"{each['name']:<28} {each['language']:<3} {STATES.get(str(each['status']), each['status'])}")


STATES = {
    "approved": "goedgekeurd",
    "pending": "wacht op WhatsApp",
    "received": "wacht op WhatsApp",
    "rejected": "afgekeurd",
    "paused": "gepauzeerd door WhatsApp",
    "disabled": "uitgezet door WhatsApp",
    "unsubmitted": "niet ingediend",
    "handed_in": "nu ingediend",
    "unknown": "nog niet ingediend",
    "not_asked": "niet nagevraagd bij WhatsApp",
}


def _may_call(runtime: Runtime) -> bool:
    needed = ("twilio_account_sid", "twilio_auth_token", "twilio_whatsapp_sender")
    settings = runtime.settings
    return not runtime.is_sandbox and settings.sending_enabled and not settings.missing(needed)


def _known(runtime: Runtime) -> dict[tuple[str, str], KnownContent]:
    if not _may_call(runtime):
        return {}
    account = TwilioAccount(runtime.settings)
    try:
        return {(each.name, each.language): each for each in read_contents(account)}
    finally:
        account.close()


def _status(runtime: Runtime, known: Mapping[tuple[str, str], KnownContent], form: WhatsAppForm) -> str:
    found = known.get((form.name, form.language))
    if found is not None:
        return found.status
    return "unknown" if _may_call(runtime) else "not_asked"


def _hand_in(
    runtime: Runtime, forms: Sequence[WhatsAppForm], known: Mapping[tuple[str, str], KnownContent]
) -> list[WhatsAppForm]:
    """Hand in what Twilio does not know, and what it got before without a request to approve it."""
    if not _may_call(runtime):
        raise OutreachError(
            "Indienen kan niet in de oefenomgeving, en alleen met de gegevens van WhatsApp bij Twilio en met "
            "OUTREACH_SENDING_ENABLED=yes.",
            "Nothing is handed in from a sandbox, nor without the WhatsApp settings of Twilio and "
            "OUTREACH_SENDING_ENABLED=yes.",
        )
    done = []
    account = TwilioAccount(runtime.settings)
    try:
        for form in forms:
            found = known.get((form.name, form.language))
            if found is None:
                hand_in(account, _content(form))
            elif found.status == UNSUBMITTED:
                ask_approval(account, found.sid, _content(form))
            else:
                continue
            done.append(form)
    finally:
        account.close()
    return done


def _content(form: WhatsAppForm) -> NewContent:
    return NewContent(
        name=form.name,
        language=form.language,
        category=form.category,
        body=form.body,
        samples={str(number): sample for number, (_, sample) in enumerate(form.variables, start=1)},
        quick_replies=form.quick_replies,
    )

"""From nothing to the first day: what is there, what comes next, and the button that plays it."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from outreach.db.tables import DayRunRow
from outreach.errors import OutreachError
from outreach.services.day import DECIDE_AT, tick
from outreach.services.setup import SetupState, setup_state
from outreach.web.context import now, runtime, scope
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language

blueprint = Blueprint("start", __name__)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to set up: `field` of the SetupState says whether it is there."""

    field: str
    title: str
    text: str
    action: str
    endpoint: str
    anchor: str = ""
    needed: bool = True


TASKS = (
    Task(
        field="sender",
        title=N_("Wie is de afzender?"),
        text=N_("De naam en het telefoonnummer die huurders zien. Er moet een mens opnemen."),
        action=N_("Vul de afzender in"),
        endpoint="settings.index",
        anchor="f-sender_name",
    ),
    Task(
        field="contact",
        title=N_("Wie is de contactpersoon?"),
        text=N_("Onder elk bericht staat een naam. Mensen bellen liever een mens dan een afdeling."),
        action=N_("Vul de contactpersoon in"),
        endpoint="settings.index",
        anchor="f-contact_name",
    ),
    Task(
        field="areas",
        title=N_("Welke wijken en teams zijn er?"),
        text=N_("Elke wijk ligt in een gemeente. Die bepaalt de partners. Een levering met wijken maakt ze ook zelf."),
        action=N_("Maak teams en wijken"),
        endpoint="places.index",
    ),
    Task(
        field="partners",
        title=N_("Wie zijn de partners?"),
        text=N_("Gemeente, sociaal team, schuldhulp. Zonder partner gaat er geen melding uit; de rest werkt wel."),
        action=N_("Voeg partners toe"),
        endpoint="partners.index",
        needed=False,
    ),
    Task(
        field="delivery",
        title=N_("Welke huur staat er open?"),
        text=N_("Een bestand met openstaande posten uit uw administratie. U ziet eerst wat het doet."),
        action=N_("Lees een bestand in"),
        endpoint="imports.index",
    ),
)


@blueprint.get("/start")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show what is there and what comes next."""
    state = _state()
    following = next((task.field for task in TASKS if task.needed and not getattr(state, task.field)), None)
    return render_template("start/index.html", tasks=TASKS, state=state, following=following, begun=_begun())


@blueprint.post("/start")
@for_roles("policy")
def first_day() -> Response:
    """Play this moment's work: decide, and send what may go now."""
    if not _state().ready:
        flash(_("Vul eerst in wat nog ontbreekt."), "warning")
        return redirect(url_for("start.index"))
    try:
        report = tick(runtime(), scope().landlord_id, now())
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(url_for("start.index"))
    if runtime().calendar.local(now()).time() < DECIDE_AT:
        flash(_("De dag begint om half acht. Dan wordt er besloten; tot dan gaat er niets uit."), "info")
    elif report.counts["cases_opened"]:
        flash(_("De eerste dag is begonnen: %(number)s dossiers geopend.", number=report.counts["cases_opened"]), "ok")
    else:
        flash(_("Gedaan. Er waren geen nieuwe dossiers te openen."), "ok")
    return redirect(url_for("report.index"))


def _begun() -> bool:
    """Tell whether a day has been played already."""
    with runtime().db.read() as session:
        return session.scalar(scope().select(DayRunRow).where(DayRunRow.decided_at.is_not(None)).limit(1)) is not None


def _state() -> SetupState:
    with runtime().db.read() as session:
        return setup_state(session, scope().landlord_id)

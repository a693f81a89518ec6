"""The inbox: the list of conversations, and one conversation with its thread and what can be done."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from outreach.db.tables import AccessLogRow
from outreach.services.conversation_steps import Place, mark_read
from outreach.services.reading.conversations import looked_at
from outreach.services.reading.inbox_list import PAGE_SIZE, keys_of
from outreach.services.reading.messages import InboundView, read_replies
from outreach.web.context import now, runtime, scope, today, user
from outreach.web.csv_export import csv_response
from outreach.web.labels import label
from outreach.web.pages.inbox_frame import CHANNELS, conversation_page, place_of, shared, the_list, wanted
from outreach.web.security import for_roles
from outreach.web.translation import N_, _

blueprint = Blueprint("inbox", __name__)

STATE_WORDS = {"waiting": N_("Wacht op een medewerker"), "handled": N_("Afgehandeld"), "new": N_("Nieuw")}
MOST_EXPORTED = 10_000
LOOKED_AGAIN = timedelta(minutes=1)


@blueprint.get("/postvak-in")
@for_roles("policy", "worker", "manager")
def index() -> str | Response:
    """Show the conversations under a filter, or export the messages."""
    if request.args.get("vorm") == "csv":
        return _export()
    with runtime().db.read() as session:
        page, found = the_list(session)
    return render_template(
        "inbox/index.html",
        inbox=found,
        page=page,
        size=PAGE_SIZE,
        channel_options=[(code, label("channel", code)) for code in CHANNELS],
        **shared(),
    )


@blueprint.get("/postvak-in/<int:inbound_id>")
@for_roles("policy", "worker", "manager")
def show(inbound_id: int) -> str:
    """Show the conversation in which a reply stands."""
    return _open(place_of(str(inbound_id)))


@blueprint.get("/postvak-in/huishouden/<int:household_id>")
@for_roles("policy", "worker", "manager")
def household(household_id: int) -> str:
    """Show the conversation with a household."""
    return _open(place_of(f"h{household_id}"))


def _open(place: Place) -> str:
    """Render a conversation; that it was opened is kept, and what came in counts as read."""
    shown = conversation_page(place)
    _log_look(place)
    if user().role != "manager" and "ongelezen" not in request.args:
        mark_read(runtime(), place)
    return shown


def _log_look(place: Place) -> None:
    """Keep who opened a conversation; looking again within a minute adds nothing."""
    recent = select(AccessLogRow.id).where(
        AccessLogRow.landlord_id == place.landlord_id,
        AccessLogRow.user_id == user().id,
        AccessLogRow.at > now() - LOOKED_AGAIN,
        AccessLogRow.what == looked_at(place),
    )
    with runtime().db.write() as session:
        if session.scalar(recent.limit(1)) is None:
            session.add(
                AccessLogRow(
                    landlord_id=place.landlord_id,
                    user_id=user().id,
                    case_id=place.case_id,
                    at=now(),
                    what=looked_at(place),
                )
            )


def _export() -> Response:
    asked = wanted()
    with runtime().db.read() as session:
        keys = keys_of(session, scope(), asked, now(), today())
        waiting = asked.view == "waiting"
        found = read_replies(session, scope(), keys, asked.channel, today(), MOST_EXPORTED, waiting=waiting)
    header = (_("Ontvangen"), _("Van"), _("Kanaal"), _("Bericht"), _("Begrepen als"), _("Stand"), _("Dossier"))
    return csv_response("postvak-in", header, [_row(each) for each in found])


def _row(each: InboundView) -> tuple[str, ...]:
    return (
        runtime().calendar.local(each.received_at).strftime("%Y-%m-%d %H:%M"),
        each.person or each.sender,
        label("channel", each.channel),
        each.text,
        label("intent", each.intent),
        _(STATE_WORDS.get(each.state, each.state)),
        each.head.number if each.head else "",
    )

"""The editor of texts: the verdict while typing, words to put in the place of hard ones, and what a tenant sees."""

from dataclasses import replace
from datetime import time
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from messages.catalogue import load_catalogue
from messages.languages import LANGUAGES
from messages.template import CHANNELS, PURPOSES, WITH_SUBJECT, CatalogueError
from outreach.db.tables import AccessLogRow
from outreach.errors import OutreachError
from outreach.services.policy import Policy
from outreach.services.reading.finding import find
from outreach.services.text_drafts import (
    StaleText,
    drop_text_draft,
    open_text,
    read_text_draft,
    save_text_draft,
)
from outreach.services.text_preview import load_tenant, preview_for
from outreach.services.text_use import where_used
from outreach.services.text_versions import waiting_text
from outreach.services.written_text import WrittenText
from outreach.web.context import actor, now, runtime, scope, today, user
from outreach.web.pages.text_forms import forms_of
from outreach.web.pages.text_frame import (
    MOST_DIGITS,
    SCRATCH,
    TEXT_CHANNELS,
    Shown,
    as_seen,
    fields_of,
    look_at,
    may_edit,
    place_asked,
    policy,
    sample_view,
    score_of,
    shared,
    swapped,
    title_of,
    whole,
)
from outreach.web.pages.text_names import NAMES
from outreach.web.security import for_roles
from outreach.web.translation import _, language

blueprint = Blueprint("text_editor", __name__)

MOST_TENANTS = 6


@blueprint.get("/teksten/<name>/bewerken")
@for_roles("policy", "manager", "worker")
def edit(name: str) -> str:
    """Open a text: its draft, else the text in force."""
    channel, code = place_asked()
    found = policy()
    written, revision = _opened(found, name, channel, code)
    return _page(found, written, revision)


def _opened(found: Policy, name: str, channel: str, code: str) -> tuple[WrittenText, int]:
    with runtime().db.read() as session:
        opened = open_text(session, found, name, channel, code) or abort(404)
    if request.args.get("begin") and not opened[0].body:
        return replace(opened[0], **_beginning(found, name, channel)), opened[1]
    return opened


def _beginning(found: Policy, name: str, channel: str) -> dict[str, Any]:
    """Begin an empty text with the Dutch one, or with the one that ships."""
    source = found.catalogue.find(name, channel, "nl")
    return {"subject": source.subject, "body": source.body} if source else {}


@blueprint.post("/teksten/<name>/bewerken")
@for_roles("policy", "manager")
def save(name: str) -> Response | str | tuple[str, int]:
    """Keep the draft, look at it again, replace one word, or go on to putting it in force."""
    channel, code = place_asked()
    found = policy()
    opened, _revision = _opened(found, name, channel, code)
    typed, pressed = _typed(opened), request.form.get("knop", "save")
    revision = whole(request.form.get("revision", ""))
    if pressed == "check" or pressed.startswith("swap:"):
        return _page(found, swapped(typed, pressed), revision)
    try:
        save_text_draft(runtime(), actor(), scope().landlord_id, typed, revision=revision)
    except StaleText as error:
        return _page(found, typed, error.draft.revision, problem=error.text(language()), other=error.draft.body), 409
    except OutreachError as error:
        return _page(found, typed, revision, problem=error.text(language())), 422
    if pressed == "publish":
        return redirect(url_for("text_publish.show", name=name, channel=channel, language=code))
    flash(_("Bewaard. Het is een concept: er gaat nog niets mee weg."), "ok")
    return redirect(url_for("text_editor.edit", name=name, channel=channel, language=code))


def _typed(opened: WrittenText) -> WrittenText:
    body = request.form.get("body", "").replace("\r\n", "\n")
    subject = request.form.get("subject", "").strip() if opened.channel in WITH_SUBJECT else None
    return replace(opened, body=body, subject=subject)


@blueprint.post("/teksten/<name>/weggooien")
@for_roles("policy", "manager")
def drop(name: str) -> Response:
    """Throw the draft away; the text in force stays."""
    channel, code = place_asked()
    drop_text_draft(runtime(), actor(), scope().landlord_id, name, channel, code)
    flash(_("Het concept is weg. De tekst in gebruik is niet veranderd."), "ok")
    return redirect(url_for("messages.index"))


@blueprint.post("/teksten/kijk")
@for_roles("policy", "manager", "worker")
def look() -> Response | tuple[Response, int]:
    """Judge a text while it is typed: JSON in, the marks and the parts of the page out."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        return jsonify(error=_("Dit is geen JSON.")), 400
    channel, code, purpose = (str(asked.get(key, "")) for key in ("channel", "language", "purpose"))
    if channel not in CHANNELS or code not in LANGUAGES or purpose not in PURPOSES:
        return jsonify(error=_("Kies een kanaal, een taal en een doel.")), 400
    found = policy()
    name = str(asked.get("name", SCRATCH))[:64]
    subject = _readable(asked.get("subject", "")) if channel in WITH_SUBJECT else None
    written = WrittenText(
        name=name,
        channel=channel,
        language=code,
        subject=subject,
        body=_readable(asked.get("body", "")),
        purpose=purpose,
        mentions=_mentions(found, name),
    )
    shown = look_at(found, written)
    tenant = asked.get("tenant")
    view, problem = _view(
        found,
        shown,
        str(asked.get("size", "typical")),
        tenant if isinstance(tenant, int) and 0 < tenant < 10**MOST_DIGITS else None,
    )
    opened = asked.get("opened")
    opened = opened if isinstance(opened, int | float) else None
    side = render_template("messages/editor/side.html", shown=shown, opened_score=opened, **shared())
    preview = render_template(
        "messages/editor/preview.html",
        view=view,
        view_problem=problem,
        written=written,
        shown=shown,
        forms=forms_of(found, shown, view),
        **shared(),
    )
    return jsonify(
        seq=asked.get("seq", 0),
        side=side,
        preview=preview,
        say=_said(shown),
        marks=_marks(shown),
        score=score_of(shown),
    )


def _readable(text: object) -> str:
    """Return a text in which half a sign, which no page can show, is a question mark."""
    return str(text).encode("utf-8", "replace").decode("utf-8")


def _mentions(found: Policy, name: str) -> frozenset[str]:
    return next((each.mentions for each in found.catalogue if each.name == name), frozenset())


def _marks(shown: Shown) -> list[dict[str, Any]]:
    """Give the places of findings in UTF-16 units, as a browser counts them."""
    body = shown.written.body

    def units(place: int) -> int:
        return len(body[:place].encode("utf-16-le", "surrogatepass")) // 2

    local = [(mark.severity, mark.start, mark.end) for mark in shown.local]
    local += [("stop", each.start, each.end) for each in shown.report.problems if each.where == "body"]
    return [
        {"severity": severity, "start": units(start), "end": units(end)}
        for severity, start, end in local
        if end > start
    ]


def _said(shown: Shown) -> str:
    """Say the verdict in one line, for who does not see it."""
    worst = shown.report.worst
    if worst is None:
        return " ".join(_("De tekst kan nog niet worden ingevuld.").split())
    level = _("indicatie") if worst.indicative else _("niveau %(level)s", level=worst.level)
    return _("%(level)s, %(stops)s moet anders, %(warnings)s kan beter", level=level, stops=shown.stops,
             warnings=shown.warnings)  # fmt: skip


def _view(found: Policy, shown: Shown, size: str, tenant: int | None) -> tuple[Any, str]:
    """Give the text as seen by a tenant or with made-up values, or what is in the way."""
    if tenant is None or not shown.report.previews:
        return sample_view(shown, size), ""
    with runtime().db.read() as session:
        loaded = load_tenant(runtime(), session, scope(), tenant)
        if loaded is None:
            return sample_view(shown, "typical"), _("Dit dossier is er niet.")
        try:
            rendered = preview_for(runtime(), found, loaded, shown.written)
        except CatalogueError as error:
            problem = _("Bij deze huurder kan de tekst niet worden ingevuld: %(why)s", why=error)
            return sample_view(shown, "typical"), problem
    _log_look(tenant)
    return as_seen(shown.written, rendered, "", loaded.addressees.address), ""


def _log_look(case_id: int) -> None:
    """Keep in the record that this user saw a text with the values of a tenant: once a case and day."""
    rows = AccessLogRow.user_id == user().id, AccessLogRow.case_id == case_id, AccessLogRow.what == "text_preview"
    since = runtime().calendar.utc(today(), time(0))
    with runtime().db.write() as session:
        if session.scalar(scope().select(AccessLogRow).where(*rows, AccessLogRow.at >= since).limit(1)) is None:
            session.add(
                AccessLogRow(
                    landlord_id=scope().landlord_id, user_id=user().id, case_id=case_id, at=now(), what="text_preview"
                )
            )


@blueprint.get("/teksten/huurders")
@for_roles("policy", "manager", "worker")
def tenants() -> str:
    """Find tenants to look at a text for; of whom a text was filled in is kept in the record."""
    query = request.args.get("q", "").strip()[:100]
    with runtime().db.read() as session:
        hits = find(session, scope(), query, today()) if query else []
    cases = [hit for hit in hits if hit.case_id][:MOST_TENANTS]
    return render_template("messages/editor/tenants.html", hits=cases, query=query)


def _page(found: Policy, written: WrittenText, revision: int, *, problem: str = "", other: str = "") -> str:
    shown = look_at(found, written)
    view = sample_view(shown, "typical")
    with runtime().db.read() as session:
        draft = read_text_draft(session, found.landlord_id, written.name, written.channel, written.language)
        waiting = waiting_text(session, found.landlord_id, written.name, written.channel, written.language)
    beside = request.values.get("naast", "")
    return render_template(
        "messages/editor/edit.html",
        name=written.name,
        title=title_of(written, NAMES),
        written=written,
        shown=shown,
        revision=revision,
        problem=problem,
        other=other,
        draft=draft,
        waiting=waiting,
        uses=where_used(found, written.name),
        fields=fields_of(written),
        view=view,
        view_problem="",
        forms=forms_of(found, shown, view),
        opened_score=score_of(shown),
        channels=_channels(found, written),
        languages=_languages(found, written),
        beside=found.catalogue.find(written.name, written.channel, beside),
        others=[code for code in LANGUAGES if found.catalogue.find(written.name, written.channel, code)],
        shipped=load_catalogue().find(written.name, written.channel, written.language),
        in_force=found.catalogue.find(written.name, written.channel, written.language),
        approvals=found.approvals,
        **shared(),
    )


def _channels(found: Policy, written: WrittenText) -> list[str]:
    known = {each.channel for each in found.catalogue if each.name == written.name} | {written.channel}
    return [channel for channel in TEXT_CHANNELS if channel in known or may_edit()]


def _languages(found: Policy, written: WrittenText) -> list[tuple[str, bool]]:
    """List every language, and whether this text is there in it."""
    return [(code, found.catalogue.find(written.name, written.channel, code) is not None) for code in LANGUAGES]

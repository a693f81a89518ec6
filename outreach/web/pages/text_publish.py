"""Put a text in force: what changes, what the checks say, who must agree; and the history of a text."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from messages.languages import LANGUAGES, text_language
from messages.rules import RULES
from outreach.db.tables import TextProposalRow, UserRow
from outreach.errors import OutreachError
from outreach.services.text_decisions import approve_text, reject_text, withdraw_text
from outreach.services.text_drafts import open_text, read_text_draft, save_text_draft
from outreach.services.text_history import text_history
from outreach.services.text_languages import approve_language_texts
from outreach.services.text_use import where_used
from outreach.services.text_versions import publish_text, too_hard, written_of
from outreach.services.written_text import WrittenText, written_text
from outreach.web.context import actor, runtime, scope, user
from outreach.web.forms import Field, blank, read
from outreach.web.pages.text_frame import look_at, place_asked, policy, shared, title_of, whole
from outreach.web.pages.text_names import NAMES
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language

blueprint = Blueprint("text_publish", __name__)

REASON = (Field(name="reason", label=N_("Waarom verandert de tekst?"), kind="textarea"),)
WHY_NOT = (Field(name="reason", label=N_("Waarom niet?"), kind="textarea"),)
STATES = {
    "proposed": N_("wacht op een collega"),
    "approved": N_("in gebruik genomen"),
    "rejected": N_("afgewezen"),
    "withdrawn": N_("ingetrokken"),
}
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, kw_only=True)
class Run:
    """Words of a difference: kind same, gone or new."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Run]:
    """Compare two texts by words."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    found: list[Run] = []
    for tag, one, other, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Run(kind="same", text="".join(before[one:other])))
            continue
        if other > one:
            found.append(Run(kind="gone", text="".join(before[one:other])))
        if end > start:
            found.append(Run(kind="new", text="".join(after[start:end])))
    return found


@blueprint.get("/teksten/<name>/in-gebruik-nemen")
@for_roles("policy", "manager")
def show(name: str) -> str:
    """Show what changes when the draft is put in force."""
    return _page(name, *place_asked())


@blueprint.post("/teksten/<name>/in-gebruik-nemen")
@for_roles("policy", "manager")
def save(name: str) -> Response | tuple[str, int]:
    """Put the draft in force, or propose it to a second person."""
    channel, code = place_asked()
    aside = [rule for rule in request.form.getlist("rule") if rule in RULES]
    try:
        done = publish_text(
            runtime(),
            actor(),
            scope().landlord_id,
            name,
            channel,
            code,
            reason=request.form.get("reason", ""),
            set_aside=aside,
            override_reason=request.form.get("override_reason", ""),
            reads_language=request.form.get("reads") == "1",
            revision=whole(request.form["revision"]) if "revision" in request.form else None,
        )
    except OutreachError as error:
        return _page(name, channel, code, problem=error.text(language())), 422
    if done.state == "proposed":
        flash(_("Voorgesteld. Een collega kijkt mee en keurt het goed of af."), "ok")
        return redirect(url_for("text_publish.proposal", proposal_id=done.proposal_id))
    flash(_("In gebruik genomen. Wat vanaf nu weggaat heeft deze tekst."), "ok")
    return redirect(url_for("messages.show", name=name, channel=channel, language=code))


def _page(name: str, channel: str, code: str, problem: str = "") -> str:
    found = policy()
    with runtime().db.read() as session:
        opened = open_text(session, found, name, channel, code)
        draft = read_text_draft(session, found.landlord_id, name, channel, code)
    if opened is None or draft is None:
        abort(404)
    written = opened[0]
    shown, old = look_at(found, written), found.catalogue.find(name, channel, code)
    before = look_at(found, written_text(old)) if old else None
    stopping = sorted(shown.report.stopping)
    return render_template(
        "messages/editor/publish.html",
        name=name,
        title=title_of(written, NAMES),
        written=written,
        shown=shown,
        before=before,
        runs=difference(old.body if old else "", written.body),
        subject_changed=old is not None and (old.subject or "") != (written.subject or ""),
        old=old,
        revision=opened[1],
        uses=where_used(found, name),
        overridable=[rule for rule in stopping if RULES[rule].overridable],
        too_hard=sorted(too_hard(found, written) - frozenset(stopping)),
        barred=[rule for rule in stopping if not RULES[rule].overridable],
        four_eyes=found.settings.four_eyes,
        typed=request.form,
        problem=problem,
        rules=RULES,
        **shared(),
    )


@blueprint.get("/teksten/voorstellen/<int:proposal_id>")
@for_roles("policy", "manager", "worker")
def proposal(proposal_id: int) -> str:
    """Show a proposal to the second person."""
    return _proposal(proposal_id)


def _proposal(proposal_id: int, problem: str = "") -> str:
    found = policy()
    with runtime().db.read() as session:
        row = session.scalar(scope().select(TextProposalRow).where(TextProposalRow.id == proposal_id)) or abort(404)
        names = {each.id: each.name for each in session.scalars(scope().select(UserRow))}
    written = written_of(row)
    old = found.catalogue.find(row.name, row.channel, row.language)
    return render_template(
        "messages/editor/proposal.html",
        row=row,
        name=row.name,
        title=title_of(written, NAMES),
        written=written,
        shown=look_at(found, written),
        runs=difference(old.body if old else "", row.body) if row.state == "proposed" else [],
        by=names.get(row.by_user_id or 0, ""),
        second=names.get(row.second_user_id or 0, ""),
        own=row.by_user_id == user().id,
        needs_reader=text_language(row.language).indicative,
        form=blank(WHY_NOT),
        states=STATES,
        rules=RULES,
        problem=problem,
        **shared(),
    )


@blueprint.post("/teksten/voorstellen/<int:proposal_id>/goedkeuren")
@for_roles("policy", "manager")
def approve(proposal_id: int) -> Response | tuple[str, int]:
    """Agree as the second person."""
    try:
        approve_text(
            runtime(), actor(), scope().landlord_id, proposal_id, reads_language=request.form.get("reads") == "1"
        )
    except OutreachError as error:
        return _proposal(proposal_id, error.text(language())), 409
    flash(_("Goedgekeurd. Wat vanaf nu weggaat heeft deze tekst."), "ok")
    return redirect(url_for("text_publish.proposal", proposal_id=proposal_id))


@blueprint.post("/teksten/voorstellen/<int:proposal_id>/afwijzen")
@for_roles("policy", "manager")
def reject(proposal_id: int) -> Response | tuple[str, int]:
    """Turn a proposal down with a reason."""
    form = read(WHY_NOT, request.form)
    try:
        reject_text(
            runtime(), actor(), scope().landlord_id, proposal_id, reason=str(form.clean.get("reason", "") or "")
        )
    except OutreachError as error:
        return _proposal(proposal_id, error.text(language())), 422
    flash(_("Afgewezen. Het concept blijft staan."), "ok")
    return redirect(url_for("text_publish.proposal", proposal_id=proposal_id))


@blueprint.post("/teksten/voorstellen/<int:proposal_id>/intrekken")
@for_roles("policy", "manager")
def withdraw(proposal_id: int) -> Response | tuple[str, int]:
    """Take one's own proposal back."""
    try:
        withdraw_text(runtime(), actor(), scope().landlord_id, proposal_id)
    except OutreachError as error:
        return _proposal(proposal_id, error.text(language())), 409
    flash(_("Ingetrokken. Het concept blijft staan."), "ok")
    return redirect(url_for("text_publish.proposal", proposal_id=proposal_id))


@blueprint.get("/teksten/<name>/versies")
@for_roles("policy", "manager", "worker")
def history(name: str) -> str:
    """Show what was put forward for a text, by whom and why."""
    channel, code = place_asked()
    found = policy()
    with runtime().db.read() as session:
        opened = open_text(session, found, name, channel, code) or abort(404)
        versions = text_history(session, found.landlord_id, name, channel, code)
    shipped = runtime().catalogue.find(name, channel, code)
    in_force = found.catalogue.find(name, channel, code)
    return render_template(
        "messages/editor/history.html",
        name=name,
        title=title_of(opened[0], NAMES),
        written=opened[0],
        versions=versions,
        states=STATES,
        rules=RULES,
        shipped=shipped,
        in_force=in_force,
        **shared(),
    )


@blueprint.post("/teksten/<name>/versies")
@for_roles("policy", "manager")
def restore(name: str) -> Response:
    """Make a draft of an earlier version, or of the text that ships."""
    channel, code = place_asked()
    chosen = request.form.get("version", "")
    with runtime().db.read() as session:
        opened = open_text(session, policy(), name, channel, code) or abort(404)
        versions = text_history(session, scope().landlord_id, name, channel, code)
    shipped = runtime().catalogue.find(name, channel, code)
    source = next((each for each in versions if str(each.proposal_id) == chosen), None) or (
        shipped if chosen == "shipped" else None
    )
    if source is None:
        abort(404)
    written, revision = opened
    again = WrittenText(
        name=name,
        channel=channel,
        language=code,
        subject=source.subject,
        body=source.body,
        purpose=written.purpose,
        mentions=written.mentions,
        title=written.title,
    )
    try:
        save_text_draft(runtime(), actor(), scope().landlord_id, again, revision=revision)
    except OutreachError as error:
        flash(error.text(language()), "error")
    return redirect(url_for("text_editor.edit", name=name, channel=channel, language=code))


@blueprint.post("/teksten/talen/<code>/goedkeuren")
@for_roles("policy", "manager")
def approve_language(code: str) -> Response:
    """Record that the signed-in user read all texts of a language."""
    if code not in LANGUAGES or request.form.get("reads") != "1":
        flash(_("Zet een vinkje: alleen wie de taal leest keurt de teksten goed."), "error")
        return redirect(url_for("messages.index"))
    count = approve_language_texts(runtime(), actor(), scope().landlord_id, code)
    flash(_("%(count)s teksten goedgekeurd.", count=count), "ok")
    return redirect(url_for("messages.index"))

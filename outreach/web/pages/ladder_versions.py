"""The versions of one ladder: who made them, what differs, which cases run on them; print, download, take again."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.errors import OutreachError
from outreach.services.draft_rows import Done
from outreach.services.ladder_drafts import read_draft, save_draft
from outreach.services.ladder_proofs import proof_of
from outreach.services.policy import body_of_version, ladder_of
from outreach.services.reading.ladder_list import line_of_days
from outreach.services.reading.ladder_versions import find_version, read_versions
from outreach.web.context import actor, runtime, scope, today
from outreach.web.pages.ladder_frame import (
    PROOF_WORDS,
    PROPOSAL_WORDS,
    WAYS,
    current,
    may_edit,
    shown_changes,
)
from outreach.web.pages.ladder_words import Words
from outreach.web.security import for_roles
from outreach.web.translation import _, language

blueprint = Blueprint("ladder_versions", __name__)


@blueprint.get("/contactladders/<name>/versies")
@for_roles("policy", "worker", "manager")
def index(name: str) -> str:
    """Show every version of a ladder."""
    with runtime().db.read() as session:
        policy, ladder = current(session, name)
        versions = read_versions(session, scope(), policy, name)
        draft = read_draft(session, policy.landlord_id, name)
    if not versions:
        abort(404)
    return render_template(
        "ladders/versions.html",
        name=name,
        title=ladder.title[language()] if ladder else name,
        versions=versions,
        draft=draft,
        unused=name not in (policy.settings.default_ladder, *policy.settings.area_ladders.values()),
        may_edit=may_edit(),
        proof_words=PROOF_WORDS,
        states=PROPOSAL_WORDS,
    )


@blueprint.get("/contactladders/<name>/versies/<int:old_id>/verschil/<int:new_id>")
@for_roles("policy", "worker", "manager")
def difference(name: str, old_id: int, new_id: int) -> str:
    """Show the difference between two versions."""
    with runtime().db.read() as session:
        policy, _ladder = current(session, name)
        old, new = (find_version(session, scope(), name, each) or abort(404) for each in (old_id, new_id))
        before, after = ladder_of(session, policy, old.id), ladder_of(session, policy, new.id)
    return render_template(
        "ladders/difference.html",
        name=name,
        title=after.title[language()],
        old=old,
        new=new,
        changes=shown_changes(before, after),
        ways=WAYS,
    )


@blueprint.get("/contactladders/<name>/versies/<int:document_id>/bestand")
@for_roles("policy", "worker", "manager")
def download(name: str, document_id: int) -> Response:
    """Give a version as the file that it is."""
    with runtime().db.read() as session:
        found = find_version(session, scope(), name, document_id) or abort(404)
    filename = f"{name}-{found.content_hash[:8]}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(found.body, mimetype="application/yaml", headers=headers)


@blueprint.post("/contactladders/<name>/versies/<int:document_id>/concept")
@for_roles("policy")
def take_again(name: str, document_id: int) -> AnyResponse:
    """Begin from an earlier version again: its text becomes the draft, as an edit that can be undone."""
    with runtime().db.read() as session:
        policy, _ladder = current(session, name)
        found = find_version(session, scope(), name, document_id) or abort(404)
        draft = read_draft(session, policy.landlord_id, name)
    try:
        revision = draft.revision if draft else 0
        save_draft(
            runtime(), actor(), scope().landlord_id, name, revision, found.body, Done(what="imported", by=actor().label)
        )
    except OutreachError as error:
        flash(error.text(language()), "error")
        return redirect(url_for("ladder_versions.index", name=name))
    flash(_("Deze versie staat nu als concept klaar."), "ok")
    return redirect(f"/contactladders/{name}/bewerken")


@blueprint.post("/contactladders/<name>/bewijzen")
@for_roles("policy")
def prove(name: str) -> AnyResponse:
    """Prove the version in force under the settings of now."""
    with runtime().db.read() as session:
        policy, ladder = current(session, name)
        if ladder is None:
            abort(404)
        text = body_of_version(session, policy.ladder_version_ids[name])
    proof_of(runtime(), policy, ladder, text)
    return redirect(url_for("ladders.show", name=name) + "#bewijs")


@blueprint.get("/contactladders/<name>/afdrukken")
@for_roles("policy", "worker", "manager")
def printed(name: str) -> str:
    """Show a ladder on paper, for the tenants' council: what happens when, in plain words."""
    with runtime().db.read() as session:
        policy, ladder = current(session, name)
    if ladder is None:
        abort(404)
    fills = policy.settings.fills
    return render_template(
        "ladders/printed.html",
        name=name,
        ladder=ladder,
        landlord=policy.landlord_name,
        line=line_of_days(ladder, fills),
        stages={stage.key: stage.title for stage in ladder.stages},
        words=Words(ladder=ladder, fills=fills),
        today=today(),
    )

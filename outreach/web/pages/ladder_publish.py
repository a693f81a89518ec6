"""Publish a draft or an earlier version: what changes, the proof, the work, the running cases; by one or by two."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.errors import OutreachError
from outreach.services.acting import Refused
from outreach.services.ladder_drafts import read_draft
from outreach.services.ladder_effects import Effects, together
from outreach.services.ladder_groups import Group, running_groups
from outreach.services.ladder_obstacles import Obstacle, read_ladder
from outreach.services.ladder_preview import effects_if_moved, running_ladders, shown, works
from outreach.services.ladder_proofs import KeptProof
from outreach.services.ladder_versions import approve, judged, publish, reject, waiting_proposal, withdraw
from outreach.services.policy import Policy, body_of_version, ladder_of
from outreach.services.reading.ladder_list import line_of_days
from outreach.services.reading.ladder_versions import find_version, read_proposal
from outreach.web.context import actor, runtime, scope, today, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.pages.ladder_frame import (
    HOLD_WORDS,
    PROOF_WORDS,
    PROPOSAL_WORDS,
    WAYS,
    current,
    effect_lines,
    may_edit,
    shown_changes,
    stage_names,
    step_names,
)
from outreach.web.pages.ladder_words import Words
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.ladder import Ladder

blueprint = Blueprint("ladder_publish", __name__)

REASON = (
    Field(
        name="reason",
        label=N_("Waarom verandert de ladder?"),
        kind="textarea",
        help=N_("Dit staat later bij de versie, voor wie wil weten waarom."),
    ),
)
WHY_NOT = (Field(name="reason", label=N_("Waarom wijst u het voorstel af?"), kind="textarea"),)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is to be published: its text, where it comes from (draft or version), and the ladder in force beside it."""

    name: str
    text: str
    version_id: int | None
    policy: Policy
    old: Ladder | None
    new: Ladder


@blueprint.get("/contactladders/<name>/publiceren")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str | tuple[str, int]:
    """Show what publishing would change."""
    return _page(name, blank(REASON))


@blueprint.post("/contactladders/<name>/publiceren")
@for_roles("policy")
def save(name: str) -> Response | tuple[str, int] | str:
    """Publish, or propose where the landlord wants four eyes."""
    form = read(REASON, request.form)
    if not form.valid:
        return _page(name, form)
    try:
        found = _candidate(name)
        done = publish(
            runtime(),
            actor(),
            scope().landlord_id,
            name,
            found.text,
            reason=form.clean["reason"],
            effects=shown(runtime(), found.policy, name, found.new, found.text),
        )
    except OutreachError as error:
        return _page(name, form.refused(error))
    if done.state == "proposed":
        flash(_("Voorgesteld. Een collega kijkt mee en keurt het goed of af."), "ok")
        return redirect(url_for("ladder_publish.proposal", name=name, proposal_id=done.proposal_id))
    flash(_("Gepubliceerd. Nieuwe dossiers beginnen hiermee; lopende dossiers blijven op hun versie."), "ok")
    return redirect(url_for("ladder_versions.index", name=name))


def _candidate(name: str) -> Candidate:
    """Find the text to publish: the version that is asked for, else the draft; raise Refused for one with faults."""
    version_id = request.args.get("versie", type=int)
    with runtime().db.read() as session:
        policy, old = current(session, name)
        if version_id is not None:
            document = find_version(session, scope(), name, version_id) or abort(404)
            text = document.body
        else:
            draft = read_draft(session, policy.landlord_id, name)
            if draft is None:
                raise Refused(
                    "Er is geen concept van deze ladder. Bewerk de ladder of kies een eerdere versie.",
                    "There is no draft of this ladder. Edit the ladder or choose an earlier version.",
                )
            text = draft.body
    return Candidate(name=name, text=text, version_id=version_id, policy=policy, old=old, new=read_ladder(text, name))


def _page(name: str, form: Form) -> tuple[str, int] | str:
    try:
        found = _candidate(name)
    except OutreachError as error:
        with runtime().db.read() as session:
            _policy, old = current(session, name)
        title = old.title[language()] if old else name
        return render_template(
            "ladders/publish_refused.html", name=name, title=title, problem=error.text(language())
        ), 409
    proof, barred = judged(runtime(), found.policy, found.new, found.text)
    with runtime().db.read() as session:
        groups = running_groups(session, scope(), name, today())
        effects = effects_if_moved(runtime(), session, found.policy, groups, found.new, found.version_id)
        ladders = [*running_ladders(session, found.policy, groups), found.new]
        waiting = waiting_proposal(session, found.policy.landlord_id, name)
    page = render_template(
        "ladders/publish.html",
        name=name,
        found=found,
        form=form,
        four_eyes=found.policy.settings.four_eyes,
        waiting=waiting,
        may_edit=may_edit(),
        **_sections(found.policy, found.old, found.new, proof, barred),
        **_cases(groups, effects, ladders),
    )
    return (page, 422) if form.errors or form.problem else page


def _sections(
    policy: Policy, old: Ladder | None, new: Ladder, proof: KeptProof | None, barred: tuple[Obstacle, ...]
) -> dict[str, Any]:
    fills = policy.settings.fills
    return {
        "line": line_of_days(new, fills),
        "line_stages": {stage.key: stage.title for stage in new.stages},
        "words": Words(ladder=new, fills=fills),
        "changes": shown_changes(old, new),
        "is_new": old is None,
        "ways": WAYS,
        "proof": proof,
        "proof_words": PROOF_WORDS,
        "obstacles": barred,
    }


def _cases(groups: tuple[Group, ...], effects: Mapping[str, Effects], ladders: list[Ladder]) -> dict[str, Any]:
    names = step_names(ladders)
    return {
        "groups": groups,
        "effects": effects,
        "whole": together(effects.values()),
        "names": names,
        "stages": stage_names(ladders),
        "holds": HOLD_WORDS,
        "effect_lines": lambda each: effect_lines(each, names),
    }


@blueprint.get("/contactladders/<name>/publiceren/werk")
@for_roles("policy", "worker", "manager")
def work(name: str) -> str:
    """Show the simulated work of a week beside that of the version in force, as a part of the page or by itself."""
    try:
        found = _candidate(name)
    except OutreachError:
        abort(404)
    runs = works(runtime(), found.policy, name, found.text)
    old, new = (runs[0] if len(runs) > 1 else None), runs[-1]
    part = render_template("ladders/work.html", old=old, new=new)
    if request.headers.get("HX-Request") == "true":
        return part
    return render_template("ladders/work_page.html", part=part, name=name, title=found.new.title[language()])


@blueprint.get("/contactladders/<name>/voorstellen/<int:proposal_id>")
@for_roles("policy", "worker", "manager")
def proposal(name: str, proposal_id: int) -> str:
    """Show one proposal to the second pair of eyes."""
    return _proposal(name, proposal_id, blank(WHY_NOT))


def _proposal(name: str, proposal_id: int, form: Form) -> str:
    with runtime().db.read() as session:
        policy, _old = current(session, name)
        found = read_proposal(session, scope(), policy, name, proposal_id) or abort(404)
        new = ladder_of(session, policy, found.row.document_id)
        old = ladder_of(session, policy, found.row.base_document_id) if found.row.base_document_id else None
        text = body_of_version(session, found.row.document_id)
    waits = found.row.state == "proposed"
    proof, barred = judged(runtime(), policy, new, text) if waits else (None, ())
    return render_template(
        "ladders/proposal.html",
        name=name,
        found=found,
        new=new,
        form=form,
        waits=waits,
        own=found.row.by_user_id == user().id,
        may_edit=may_edit(),
        states=PROPOSAL_WORDS,
        work=found.row.effects.get("work", []),
        cases=found.row.effects.get("cases"),
        **_sections(policy, old, new, proof, barred),
    )


@blueprint.post("/contactladders/<name>/voorstellen/<int:proposal_id>/<any(goedkeuren, afwijzen, intrekken):decision>")
@for_roles("policy")
def decide(name: str, proposal_id: int, decision: str) -> Response | tuple[str, int]:
    """Approve, reject or withdraw a proposal."""
    form = read(WHY_NOT, request.form) if decision == "afwijzen" else blank(WHY_NOT)
    if not form.valid:
        return _proposal(name, proposal_id, form), 422
    landlord_id = scope().landlord_id
    try:
        if decision == "goedkeuren":
            approve(runtime(), actor(), landlord_id, proposal_id)
        elif decision == "afwijzen":
            reject(runtime(), actor(), landlord_id, proposal_id, reason=form.clean["reason"])
        else:
            withdraw(runtime(), actor(), landlord_id, proposal_id)
    except OutreachError as error:
        return _proposal(name, proposal_id, form.refused(error)), 422
    flash(_(DECIDED[decision]), "ok")
    return redirect(url_for("ladder_versions.index", name=name))


DECIDED = {
    "goedkeuren": N_("Goedgekeurd en gepubliceerd. Lopende dossiers blijven op hun versie."),
    "afwijzen": N_("Afgewezen. Wie het voorstelde ziet uw reden."),
    "intrekken": N_("Ingetrokken. Het concept staat er nog."),
}

"""The contact ladders, readable; which area uses which, the gaps of their sources, and the list of routes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.domain.landlord_settings import LandlordSettings, checked
from outreach.errors import OutreachError
from outreach.services.ladder_choice import check_fills, why_not
from outreach.services.ladder_drafts import list_drafts, read_draft
from outreach.services.ladder_obstacles import obstacles
from outreach.services.ladder_proofs import kept_proof
from outreach.services.ladder_versions import waiting_proposal
from outreach.services.policy import Policy, body_of_version, load_policy
from outreach.services.reading.ladder_list import LadderHead, line_of_days, read_area_ladders, read_ladders
from outreach.services.reading.ladder_versions import read_waiting
from outreach.services.setup import change_settings
from outreach.web.context import actor, runtime, scope, today, user
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import label, target
from outreach.web.pages.ladder_frame import PROOF_WORDS
from outreach.web.pages.ladder_words import Words
from outreach.web.pages.route_words import example_systems, own_routes
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language
from schedules.ladder import CHANNELS, GapNote
from schedules.shipped import source_of

blueprint = Blueprint("ladders", __name__)

STATUS = {"own": N_("eigen ladder"), "example": N_("voorbeeld uit een bron")}
EDITORS = ("admin", "policy")


@blueprint.get("/contactladders")
@for_roles("policy", "worker", "manager")
def index() -> str:
    """Show the ladders in force, the areas, the routes and the last chances."""
    return _index(None)


@blueprint.post("/contactladders/wijken")
@for_roles("policy")
def assign() -> Response | tuple[str, int]:
    """Choose the default ladder and the ladder per area; running cases stay on theirs."""
    with runtime().db.read() as session:
        policy = load_policy(session, scope().landlord_id)
        codes = [area.code for area in read_area_ladders(session, scope(), policy)]
        heads = {head.ladder.name: head for head in read_ladders(session, scope(), policy)}
    form = read(_assign_fields(policy, codes, heads), request.form)
    wanted: dict[str, Any] = {name: form.clean.get(name) for name in form.values}
    errors = _refusals(policy, form) if form.valid else {}
    if not form.valid or errors:
        return _index(replace(form, errors={**form.errors, **errors})), 422
    areas = {code: wanted[f"area-{code}"] for code in codes if wanted.get(f"area-{code}")}
    _save(replace(policy.settings, default_ladder=wanted["default_ladder"], area_ladders=areas))
    flash(_("De keuze geldt voor nieuwe dossiers. Lopende dossiers blijven op hun ladder."), "ok")
    return redirect(url_for("ladders.index"))


def _refusals(policy: Policy, form: Form) -> dict[str, str]:
    """Say for every newly chosen ladder that has an open gap, is over or is refuted why, and what to do."""
    fresh = {
        field.name: str(form.clean[field.name])
        for field in form.fields
        if form.clean[field.name] not in (None, "", field.initial)
    }
    barred = why_not(runtime(), policy, fresh.values())
    return {
        name: " ".join(each.text(language()) for each in barred[ladder])
        for name, ladder in fresh.items()
        if barred[ladder]
    }


def _assign_fields(policy: Policy, codes: list[str], heads: Mapping[str, LadderHead]) -> tuple[Field, ...]:
    options = [(name, head.ladder.title[language()]) for name, head in heads.items()]
    areas = policy.settings.area_ladders
    return (
        Field(
            name="default_ladder",
            label=N_("Standaard"),
            kind="select",
            options=options,
            translate=False,
            initial=policy.settings.default_ladder,
        ),
        *(
            Field(
                name=f"area-{code}",
                label=code,
                kind="select",
                options=options,
                translate=False,
                required=False,
                initial=areas.get(code, ""),
            )
            for code in codes
        ),
    )


def _index(tried: Form | None) -> str:
    with runtime().db.read() as session:
        policy = load_policy(session, scope().landlord_id)
        heads = read_ladders(session, scope(), policy)
        areas = read_area_ladders(session, scope(), policy)
        waiting = read_waiting(session, scope(), policy)
        drafts = list_drafts(session, policy.landlord_id)
    by_name = {head.ladder.name: head for head in heads}
    form = tried or blank(_assign_fields(policy, [area.code for area in areas], by_name))
    return render_template(
        "ladders/index.html",
        used=[head for head in heads if _is_used(head)],
        examples=_examples(heads),
        areas=areas,
        form=form,
        own_routes=own_routes(),
        systems=example_systems({name: head.ladder.title[language()] for name, head in by_name.items()}),
        status=STATUS,
        may_edit=user().role in EDITORS,
        target=target,
        waiting=waiting,
        drafts=drafts,
    )


def _is_used(head: LadderHead) -> bool:
    """Say whether a ladder is the landlord's own, or used by an area or by a running case."""
    return head.ladder.status == "own" or head.is_default or bool(head.areas or head.open_cases)


def _examples(heads: Sequence[LadderHead]) -> list[list[LadderHead]]:
    """Return the ladders of sources by name, each followed by its variant with the legal floor."""
    examples = sorted((head for head in heads if head.ladder.status == "example"), key=lambda head: head.ladder.name)
    return [list(group) for _source, group in groupby(examples, key=lambda head: source_of(head.ladder.name))]


@blueprint.get("/contactladders/<name>")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str:
    """Show one ladder as a line of days, in words."""
    return _show(name, None)


@blueprint.post("/contactladders/<name>")
@for_roles("policy")
def fill(name: str) -> Response | tuple[str, int]:
    """Fill the gaps of a ladder; an empty field opens the gap again, unless the ladder is in use."""
    policy, head = _found(name)
    form = read(_gap_fields(head.ladder.gaps, policy.settings), request.form)
    if not form.valid:
        return _show(name, form), 422
    given = {gap.name: form.clean[gap.name] for gap in head.ladder.gaps if form.clean[gap.name] not in (None, "")}
    empty = [gap.name for gap in head.ladder.gaps if gap.name not in given]
    if empty and (head.areas or head.is_default):
        wrong = dict.fromkeys(empty, _("Deze ladder is in gebruik. Vul een waarde in."))
        return _show(name, replace(form, errors=wrong)), 422
    kept = {key: value for key, value in policy.settings.fills.items() if key not in empty}
    changed = replace(policy.settings, fills={**kept, **given})
    try:
        if head.areas or head.is_default:
            check_fills(runtime(), policy, changed, name)
        _save(changed)
    except OutreachError as error:
        return _show(name, form.refused(error)), 422
    flash(_("Opgeslagen."), "ok")
    return redirect(url_for("ladders.show", name=name))


def _gap_fields(gaps: tuple[GapNote, ...], settings: LandlordSettings) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=gap.name,
            label=gap.title[language()],
            kind="number" if isinstance(gap.example, int) else "select",
            required=False,
            initial=str(settings.fills.get(gap.name, "")),
            options=[(code, label("channel", code)) for code in CHANNELS],
            translate=False,
            help=_("Voorbeeld van ons, niet uit de bron: %(example)s.", example=_example(gap)),
        )
        for gap in gaps
    )


def _example(gap: GapNote) -> str:
    return label("channel", gap.example) if isinstance(gap.example, str) else str(gap.example)


def _found(name: str) -> tuple[Policy, LadderHead]:
    with runtime().db.read() as session:
        policy = load_policy(session, scope().landlord_id)
        heads = {head.ladder.name: head for head in read_ladders(session, scope(), policy)}
    return policy, heads.get(name) or abort(404)


def _show(name: str, tried: Form | None) -> str:
    policy, head = _found(name)
    fills = policy.settings.fills
    with runtime().db.read() as session:
        version_id = policy.ladder_version_ids[name]
        proof = kept_proof(session, policy, head.ladder, body_of_version(session, version_id))
        draft = read_draft(session, policy.landlord_id, name)
        waiting = waiting_proposal(session, policy.landlord_id, name)
    return render_template(
        "ladders/show.html",
        version_id=version_id,
        proof=proof,
        obstacles=obstacles(policy, head.ladder, today(), proof),
        proof_words=PROOF_WORDS,
        draft=draft,
        waiting=waiting,
        head=head,
        ladder=head.ladder,
        line=line_of_days(head.ladder, fills),
        stages={stage.key: stage.title for stage in head.ladder.stages},
        words=Words(ladder=head.ladder, fills=fills),
        form=tried or blank(_gap_fields(head.ladder.gaps, policy.settings)),
        status=STATUS,
        may_edit=user().role in EDITORS,
        fills=fills,
    )


def _save(settings: LandlordSettings) -> None:
    change_settings(runtime(), actor(), scope().landlord_id, checked(settings))

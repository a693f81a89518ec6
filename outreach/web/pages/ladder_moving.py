"""Move running cases to another version: choose groups, see what changes, say what counts as what, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from outreach.errors import OutreachError
from outreach.services.ladder_effects import effects_of, together, unknown_steps
from outreach.services.ladder_groups import Group, chosen, running_groups
from outreach.services.ladder_moving import can_count_as, likely, move_cases
from outreach.services.ladder_versions import judged
from outreach.services.policy import Policy, body_of_version, ladder_of
from outreach.services.reading.ladder_list import LadderHead, read_area_ladders, read_ladders
from outreach.services.reading.ladder_versions import VersionView, find_version, read_versions
from outreach.web.context import actor, runtime, scope, today
from outreach.web.forms import Field, Form, blank, read
from outreach.web.pages.ladder_frame import (
    HOLD_WORDS,
    PROOF_WORDS,
    current,
    effect_lines,
    may_edit,
    stage_names,
    step_names,
)
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, counted, language
from schedules.ladder import Ladder

blueprint = Blueprint("ladder_moving", __name__)

NOT_COUNTED = "-"
REASON = Field(
    name="reason",
    label=N_("Waarom verplaatst u deze dossiers?"),
    kind="textarea",
    help=N_("Dit komt bij elk dossier te staan."),
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What stands chosen: the ladder of the cases, the version to go to, the groups, and the cases in them."""

    name: str
    source: str
    area: str | None
    policy: Policy
    target: Ladder
    target_id: int
    groups: tuple[Group, ...]
    keys: tuple[str, ...]
    versions: tuple[VersionView, ...]

    @property
    def case_ids(self) -> list[int]:
        """Return the cases of the chosen groups."""
        return chosen(self.groups, self.keys)


@blueprint.get("/contactladders/<name>/verplaatsen")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str:
    """Show the groups of running cases, and for chosen ones what a move would change."""
    with runtime().db.read() as session:
        choice = _choice(session, name)
        fields = _fields(session, choice)
    form = blank(fields)
    if "kies" in request.args and not choice.case_ids:
        form = replace(form, problem=_("Kies eerst een groep dossiers."))
    return _page(choice, form)


@blueprint.post("/contactladders/<name>/verplaatsen")
@for_roles("policy")
def save(name: str) -> Response | tuple[str, int]:
    """Move the chosen cases."""
    with runtime().db.read() as session:
        choice = _choice(session, name)
        fields = _fields(session, choice)
        text = body_of_version(session, choice.target_id)
    form = read(fields, request.form)
    _proof, barred = judged(runtime(), choice.policy, choice.target, text)
    if barred:
        form = replace(form, problem=" ".join(each.text(language()) for each in barred))
    if not choice.case_ids:
        form = replace(form, problem=_("Kies eerst een groep dossiers."))
    if not form.valid:
        return _page(choice, form), 422
    mapping = {each.name.removeprefix("step-"): _counts_as(form, each.name) for each in fields if each is not REASON}
    try:
        done = move_cases(
            runtime(),
            actor(),
            scope().landlord_id,
            choice.case_ids,
            choice.target_id,
            mapping=mapping,
            reason=form.clean["reason"],
        )
    except OutreachError as error:
        return _page(choice, form.refused(error)), 422
    flash(counted("%(num)s dossier verplaatst.", "%(num)s dossiers verplaatst.", done.moved), "ok")
    return redirect(url_for("ladder_moving.show", name=name, van=choice.source, naar=choice.target_id))


def _counts_as(form: Form, name: str) -> str | None:
    value = form.clean[name]
    return None if value == NOT_COUNTED else str(value)


def _choice(session: Session, name: str) -> Choice:
    policy, in_force = current(session, name)
    versions = read_versions(session, scope(), policy, name)
    if in_force is None or not versions:
        abort(404)
    target_id = request.values.get("naar", type=int) or policy.ladder_version_ids[name]
    if find_version(session, scope(), name, target_id) is None:
        abort(404)
    source = request.values.get("van") or name
    area = request.values.get("wijk") or None
    groups = running_groups(session, scope(), source, today(), area=area)
    groups = tuple(group for group in groups if group.version_id != target_id)
    return Choice(
        name=name,
        source=source,
        area=area,
        policy=policy,
        target=ladder_of(session, policy, target_id),
        target_id=target_id,
        groups=groups,
        keys=tuple(request.values.getlist("groep")),
        versions=versions,
    )


def _fields(session: Session, choice: Choice) -> list[Field]:
    """Ask for each step that was done and that the new version does not know what it counts as, and for the reason."""
    unknown = unknown_steps(runtime(), session, choice.case_ids, choice.target, choice.target_id)
    sources = _sources(session, choice)
    names, guess = step_names(sources), likely(sources, choice.target, unknown)
    return [
        *(
            Field(
                name=f"step-{key}",
                label=_("%(step)s, gedaan in %(cases)s", step=names.get(key, key), cases=_cases(number)),
                kind="select",
                options=_options(key, sources, choice.target),
                translate=False,
                initial=guess[key] or "",
            )
            for key, number in sorted(unknown.items())
        ),
        REASON,
    ]


def _cases(number: int) -> str:
    return counted("%(num)s dossier", "%(num)s dossiers", number)


def _options(key: str, sources: list[Ladder], target: Ladder) -> list[tuple[str, str]]:
    done = next((step for ladder in sources if (step := ladder.step(key))), None)
    fits = [step for step in target.steps if can_count_as(done, step)]
    return [
        *((step.key, _("telt als '%(step)s'", step=step.title[language()])) for step in fits),
        (NOT_COUNTED, _("telt niet mee")),
    ]


def _sources(session: Session, choice: Choice) -> list[Ladder]:
    return [ladder_of(session, choice.policy, each) for each in sorted({group.version_id for group in choice.groups})]


def _page(choice: Choice, form: Form) -> str:
    with runtime().db.read() as session:
        sources = _sources(session, choice)
        parts = {group.key: group.case_ids for group in choice.groups if group.key in choice.keys}
        mapping = {
            name.removeprefix("step-"): None if value == NOT_COUNTED else value
            for name, value in form.values.items()
            if name.startswith("step-") and value
        }
        effects = effects_of(runtime(), session, choice.policy, parts, choice.target_id, mapping)
        areas = read_area_ladders(session, scope(), choice.policy)
        others = _others(read_ladders(session, scope(), choice.policy), choice)
    names = step_names([*sources, choice.target])
    return render_template(
        "ladders/moving.html",
        choice=choice,
        name=choice.name,
        title=choice.target.title[language()],
        form=form,
        effects=effects,
        whole=together(effects.values()),
        names=names,
        stages=stage_names([*sources, choice.target]),
        holds=HOLD_WORDS,
        proof_words=PROOF_WORDS,
        effect_lines=lambda each: effect_lines(each, names),
        shorts=_shorts(choice),
        areas=[(area.code, area.name) for area in areas],
        others=others,
        may_edit=may_edit(),
    )


def _shorts(choice: Choice) -> dict[int, str]:
    return {view.document_id: view.short for view in choice.versions}


def _others(heads: Iterable[LadderHead], choice: Choice) -> list[tuple[str, str]]:
    """Return the ladders whose cases can be moved here: the own one first, then those with running cases by title."""
    titles = {
        head.ladder.name: head.ladder.title[language()]
        for head in heads
        if head.open_cases or head.ladder.name in (choice.name, choice.source)
    }
    own = (choice.name, titles.pop(choice.name))
    return [own, *sorted(titles.items(), key=lambda pair: pair[1].casefold())]

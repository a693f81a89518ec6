"""What holds for a whole ladder, in the editor: its name and source, when somebody is reached, promises, more time."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from outreach.services.acting import Refused
from outreach.web.pages.editor_frame import area_options, change, draft_of, ladder_titles, may_edit
from outreach.web.pages.head_fields import COUNTS, new_slack, read_head, typed_head, with_head
from outreach.web.pages.step_conditions import Options, more, rows
from outreach.web.pages.step_form import Typed, typed
from outreach.web.pages.step_page import HELPERS
from outreach.web.pages.step_words import EXCLUSIONS, PROMISES, REACHED
from outreach.web.security import for_roles
from outreach.web.translation import _, language

blueprint = Blueprint("ladder_head", __name__)


@blueprint.get("/contactladders/<name>/bewerken/afspraken")
@for_roles("policy", "worker", "manager")
def show(name: str) -> str:
    """Show what holds for the whole ladder."""
    return _page(name, typed_head(draft_of(name).data))


@blueprint.post("/contactladders/<name>/bewerken/afspraken")
@for_roles("policy")
def save(name: str) -> Response | tuple[str, int] | str:
    """Keep what holds for the whole ladder."""
    form, pressed = typed(request.form), request.form.get("knop", "")
    what, _colon, rest = pressed.partition(":")
    if what == "slack":
        return _page(name, new_slack(form))
    if what == "add" and form.value(f"{rest}-more"):
        shown = (*form.all(f"{rest}-rows"), form.value(f"{rest}-more"))
        return _page(name, Typed(values={**form.values, f"{rest}-rows": shown}))
    if what == "drop":
        part, _colon, row = rest.partition(":")
        form = Typed(values={**form.values, f"{part}-rows": tuple(r for r in form.all(f"{part}-rows") if r != row)})
    reader, changes = read_head(form, draft_of(name).data, area_options(), [code for code, _title in _others(name)])
    if reader.errors:
        return _page(name, form.wrong(reader.errors)), 422
    try:
        change(name, lambda data: with_head(reader.with_gaps(data), changes), "settings", title=changes["title"]["nl"])
    except Refused as error:
        return _page(name, form.wrong({"form": error.text(language())})), 422
    flash(_("De afspraken van de ladder zijn bewaard."), "ok")
    return redirect(url_for("ladder_head.show" if what == "drop" else "ladder_editor.edit", name=name))


def _others(name: str) -> Options:
    return [(code, title) for code, title in ladder_titles() if code != name]


def _page(name: str, form: Typed) -> str:
    draft = draft_of(name)
    data, areas = draft.data, area_options()
    parts = [f"slack{place}" for place in form.all("slack")]
    return render_template(
        "ladders/editor/head.html",
        draft=draft,
        name=name,
        title=data["title"][language()],
        form=form,
        stages=[(stage["key"], stage["title"][language()]) for stage in data["stages"]],
        counts=COUNTS,
        promises=PROMISES,
        reached=REACHED,
        exclusions=EXCLUSIONS,
        others=_others(name),
        conditions={part: rows(part, form, data, areas) for part in parts},
        more={part: more(part, form) for part in parts},
        slack_parts=parts,
        refresh_url=None,
        gap_titles={gap["name"]: gap["title"][language()] for gap in data.get("gaps", [])},
        may_edit=may_edit(),
        **HELPERS,
    )

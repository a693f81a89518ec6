"""The steps of a ladder in the editor: add, change, move to another day or place, copy, remove."""

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from outreach.services.acting import Refused
from outreach.services.ladder_drafts import StaleDraft
from outreach.web.context import runtime
from outreach.web.pages.editor_board import Board, Opened
from outreach.web.pages.editor_frame import (
    answered,
    area_options,
    board,
    board_answer,
    change,
    context,
    is_partial,
    policy,
    stale,
    triggers,
)
from outreach.web.pages.new_step import first_clock
from outreach.web.pages.step_conditions import step_options
from outreach.web.pages.step_fields import read_step
from outreach.web.pages.step_form import Reader, Typed, typed
from outreach.web.security import for_roles
from outreach.web.translation import _, language
from schedules.draft_blocks import add_block, blocks
from schedules.draft_days import shift_step
from schedules.draft_removal import remove_step
from schedules.drafting import (
    Data,
    change_step,
    duplicate_step,
    followers,
    keys_of,
    nudge_step,
    place_step,
    possible_before,
    step_of,
)

blueprint = Blueprint("ladder_steps", __name__)

WRONG = "#board [aria-invalid=true]"
"""The first field with something wrong, where the writer goes on."""

SHIFTS = {"earlier": -1, "later": 1}
NUDGES = {"up": -1, "down": 1}


@blueprint.post("/contactladders/<name>/bewerken/stappen")
@for_roles("policy")
def add(name: str) -> Response | tuple[str, int]:
    """Add a ready step on its day and open its form."""
    form = typed(request.form)
    stage, after = form.value("adding"), form.value("after") or None
    shown = board(name, Opened(adding=stage, after=after))
    reader = Reader(form, shown.data, "nieuw")
    block = reader.choice("block", blocks())
    when = first_clock(reader, shown.data, block)
    named = reader.text("title_nl", required=False)
    if stage not in {each.key for each in shown.stages}:
        abort(404)
    if reader.errors or block is None:
        return _form_answer(shown, form.wrong(reader.errors), focus=WRONG)
    title = named or blocks()[block].title["nl"]
    usual = blocks()[block].title
    titles = usual if title == usual["nl"] else {"nl": title, "en": title}
    made: list[str] = []

    def edit(data: Data) -> Data:
        before = after if after in keys_of(data) else None
        new, key = add_block(data, block, title=titles, stage=stage, when=when, after=before)
        made.append(key)
        return reader.with_gaps(new)

    try:
        change(name, edit, "added", title=title)
    except StaleDraft as error:
        return stale(name, error, shown.opened)
    except Refused as error:
        return _form_answer(shown, form.wrong({"block": error.text(language())}), focus=WRONG)
    say = _("'%(title)s' is toegevoegd.", title=title)
    return answered(board(name, Opened(step=made[0])), say=say, focus="#f-title_nl")


@blueprint.post("/contactladders/<name>/bewerken/stappen/<key>")
@for_roles("policy")
def save(name: str, key: str) -> Response | tuple[str, int]:
    """Keep the form of a step; what is wrong stands beside its field and the rest stays as it was typed."""
    shown = _step_board(name, key)
    pressed = request.form.get("knop", "")
    form = _without_row(typed(request.form), pressed)
    if pressed.startswith("add:") or pressed == "refresh":
        return _form_answer(shown, _with_row(form, pressed), focus=_new_row(form, pressed))
    reader, changes = read_step(form, shown.data, key, runtime().catalogue, area_options())
    if reader.errors:
        focus = WRONG if pressed in ("close", "save") else ""
        return _form_answer(shown, form.wrong(reader.errors), only_errors=not pressed.startswith("drop:"), focus=focus)
    try:
        change(
            name,
            lambda data: change_step(reader.with_gaps(data), key, changes),
            "changed",
            title=changes["title"]["nl"],
        )
    except StaleDraft as error:
        return stale(name, error, Opened(step=key))
    except Refused as error:
        return _form_answer(shown, form.wrong({"form": error.text(language())}), only_errors=True)
    return _saved(name, key, shown, pressed)


def _saved(name: str, key: str, before: Board, pressed: str) -> Response | tuple[str, int]:
    now = board(name, Opened(step=None if pressed == "close" else key))
    title = step_of(now.data, key)["title"][language()]
    say = _("'%(title)s' is bewaard.", title=title)
    if not is_partial() or pressed == "close":
        return answered(now, say=say, focus=f"#open-{key}")
    if step_of(now.data, key)["stage"] != step_of(before.data, key)["stage"]:
        return board_answer(now, say=say)
    if pressed or step_of(now.data, key).get("options") != step_of(before.data, key).get("options"):
        return _form_answer(now, None, say=say, rungs=True)
    response = make_response(render_template("ladders/editor/rungs.html", board=now, **context(now)))
    response.headers["HX-Trigger-After-Settle"] = triggers(now, say=say, errors={})
    return response


def _form_answer(
    shown: Board,
    form: Typed | None,
    *,
    say: str = "",
    focus: str = "",
    only_errors: bool = False,
    rungs: bool = False,
) -> Response | tuple[str, int]:
    """Answer with the open form as it stands; for the script of the page only what is wrong, when that is enough."""
    parts = context(shown, form)
    if not is_partial():
        return render_template("ladders/editor/edit.html", board=shown, **parts), 422 if form and form.errors else 200
    errors = dict(form.errors) if form else {}
    if only_errors:
        response = make_response("")
        response.headers["HX-Reswap"] = "none"
    elif shown.opened.step:
        response = make_response(render_template("ladders/editor/form_answer.html", board=shown, rungs=rungs, **parts))
        response.headers["HX-Retarget"] = "#step-form"
        response.headers["HX-Reswap"] = "outerHTML"
    else:
        response = make_response(render_template("ladders/editor/answer.html", board=shown, **parts))
    response.headers["HX-Trigger-After-Settle"] = triggers(
        shown, say=say or "; ".join(errors.values()), focus=focus, errors=errors
    )
    return response


def _with_row(form: Typed, pressed: str) -> Typed:
    """Add the condition that was chosen as an empty row."""
    part = pressed.partition(":")[2]
    chosen = form.value(f"{part}-more")
    if not part or not chosen:
        return form
    return Typed(values={**form.values, f"{part}-rows": (*form.all(f"{part}-rows"), chosen)})


def _new_row(form: Typed, pressed: str) -> str:
    part = pressed.partition(":")[2]
    return f"#row-{part}-{form.value(f'{part}-more')}" if part else ""


def _without_row(form: Typed, pressed: str) -> Typed:
    """Take the condition away of which the button was pressed."""
    what, _colon, rest = pressed.partition(":")
    if what != "drop":
        return form
    part, _colon, row = rest.partition(":")
    kept = tuple(each for each in form.all(f"{part}-rows") if each != row)
    return Typed(values={**form.values, f"{part}-rows": kept})


@blueprint.post("/contactladders/<name>/bewerken/stappen/<key>/doe")
@for_roles("policy")
def do(name: str, key: str) -> Response:
    """Move a step to another day or place, or copy it: the buttons, the arrow keys and the mouse all come here."""
    what = request.form.get("do", "")
    shown = _step_board(name, key, request.form.get("stap") or None)
    title = step_of(shown.data, key)["title"]
    try:
        if what in SHIFTS or what == "day":
            return _shift(name, key, shown, what)
        if what in NUDGES or what == "place":
            return _place(name, key, shown, what)
        if what == "copy":
            copy = {code: _("%(title)s (kopie)", title=text) for code, text in title.items()}
            change(name, lambda data: duplicate_step(data, key, copy), "copied", title=title["nl"])
            say = _("'%(title)s' is gekopieerd.", title=title[language()])
            return answered(board(name, shown.opened), say=say, focus=f"#open-{key}")
    except StaleDraft as error:
        return stale(name, error, shown.opened)
    return abort(400)


def _shift(name: str, key: str, shown: Board, what: str) -> Response:
    day, to_day = shown.day(key), request.form.get("day", "")
    days = SHIFTS.get(what, int(to_day) - day if to_day.isdecimal() and day is not None else 0)
    fills = shown.fills
    title = step_of(shown.data, key)["title"]
    later = board_day(shown, key, days)
    change(name, lambda data: shift_step(data, key, days, fills), "shifted", title=title["nl"], day=later)
    now = board(name, shown.opened)
    say = _("'%(title)s' staat nu op dag %(day)s.", title=title[language()], day=now.day(key))
    return answered(now, say=say)


def board_day(shown: Board, key: str, days: int) -> int | None:
    """Tell on which day a step comes when it is moved by some days."""
    day = shown.day(key)
    return None if day is None else max(0, day + days)


def _place(name: str, key: str, shown: Board, what: str) -> Response:
    before, stage = request.form.get("before") or None, request.form.get("stage", "")

    def edit(data: Data) -> Data:
        if what in NUDGES:
            return nudge_step(data, key, NUDGES[what])
        return place_step(data, key, stage=stage, before=before)

    known = {each.key for each in shown.stages}
    if what == "place" and (stage not in known or (before is not None and shown.rung(before) is None)):
        abort(400)
    step = step_of(edit(shown.data), key)
    own = [each["key"] for each in edit(shown.data)["steps"] if each["stage"] == step["stage"]]
    stage_title = next(each.title for each in shown.stages if each.key == step["stage"])
    about = {"stage": stage_title, "place": own.index(key) + 1}
    change(name, edit, "placed", title=step["title"]["nl"], **about)
    say = _("'%(title)s' staat nu bij %(stage)s, plaats %(place)s.", title=step["title"][language()], **about)
    return answered(board(name, shown.opened), say=say)


@blueprint.post("/contactladders/<name>/bewerken/stappen/<key>/weg")
@for_roles("policy")
def remove(name: str, key: str) -> Response | tuple[str, int]:
    """Remove a step; when others follow it, ask first what they should follow instead."""
    shown = _step_board(name, key, None)
    title = step_of(shown.data, key)["title"]
    asked = "instead" in request.form
    if followers(shown.data, key) and not asked:
        asking = board(name, Opened(removing=key))
        if is_partial():
            return board_answer(asking, focus="#removal")
        return render_template("ladders/editor/edit.html", board=asking, **context(asking)), 200
    if len(shown.data["steps"]) == 1:
        return answered(shown, say=_("Een ladder heeft minstens een stap."), focus=f"#open-{key}")
    wanted = request.form.get("instead") or None
    instead = (
        wanted
        if wanted in {code for code, _title in step_options(shown.data, possible_before(shown.data, key))}
        else None
    )
    fills = policy().settings.fills
    try:
        change(name, lambda data: remove_step(data, key, instead, fills), "removed", title=title["nl"])
    except StaleDraft as error:
        return stale(name, error)
    say = _("'%(title)s' is weggehaald. U kunt dit ongedaan maken.", title=title[language()])
    return answered(board(name), say=say, focus="#undo")


def _step_board(name: str, key: str, opened: str | None = "") -> Board:
    """Return the board with a step open (this one, unless another is named); 404 when the step is gone."""
    shown = board(name, Opened(step=key if opened == "" else opened))
    return shown if shown.rung(key) else abort(404)

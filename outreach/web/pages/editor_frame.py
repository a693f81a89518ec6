"""The frame of the editor of ladders: load a draft, change it, and answer with the board or with the page."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from outreach.services.draft_rows import Done, Draft
from outreach.services.ladder_drafts import Edit, StaleDraft, change_draft, draft_or_active
from outreach.services.policy import Policy, load_policy
from outreach.services.reading.ladder_list import read_area_ladders
from outreach.web.context import actor, runtime, scope, user
from outreach.web.pages.editor_board import Board, Opened, board_of
from outreach.web.pages.step_form import Typed
from outreach.web.pages.step_page import open_parts
from outreach.web.translation import N_, _, language

EDITORS = ("admin", "policy")
PANELS: Mapping[str, str] = {
    "proef": N_("Klopt de ladder?"),
    "proefrit": N_("Proefrit"),
    "werk": N_("Werk per week"),
}
"""What stands beside the board, by address."""

ACTS: Mapping[str, str] = {
    "imported": N_("een bestand inlezen"),
    "added": N_("'%(title)s' toevoegen"),
    "removed": N_("'%(title)s' weghalen"),
    "copied": N_("'%(title)s' kopiëren"),
    "changed": N_("'%(title)s' veranderen"),
    "shifted": N_("'%(title)s' naar dag %(day)s"),
    "placed": N_("'%(title)s' naar %(stage)s, plaats %(place)s"),
    "stage_added": N_("de fase '%(title)s' toevoegen"),
    "stage_renamed": N_("de fase '%(title)s' noemen"),
    "stage_moved": N_("de fase '%(title)s' verplaatsen"),
    "stage_removed": N_("de fase '%(title)s' weghalen"),
    "settings": N_("de afspraken veranderen"),
    "floor": N_("toevoegen wat de wet vraagt"),
}
"""An edit as something that can be undone and done again."""


def is_partial() -> bool:
    """Tell whether only a part of the page is asked for."""
    return request.headers.get("HX-Request") == "true"


def may_edit() -> bool:
    """Tell whether the signed-in user may change ladders."""
    return user().role in EDITORS


def policy() -> Policy:
    """Return what is in force."""
    with runtime().db.read() as session:
        return load_policy(session, scope().landlord_id)


def ladder_titles() -> list[tuple[str, str]]:
    """Return the ladders in force by name and title; own ones first, then by title."""
    found = policy()
    ladders = [(name, found.ladders[version]) for name, version in found.ladder_version_ids.items()]
    ladders.sort(key=lambda each: (each[1].status != "own", each[1].title[language()]))
    return [(name, ladder.title[language()]) for name, ladder in ladders]


def draft_of(name: str) -> Draft:
    """Return the draft of a ladder, or the version in force; 404 when there is neither."""
    with runtime().db.read() as session:
        return draft_or_active(session, scope().landlord_id, name) or abort(404)


def is_behind(draft: Draft) -> bool:
    """Tell whether a newer version was put in force since the draft began."""
    in_force = policy().ladder_version_ids.get(draft.name)
    return draft.is_kept and in_force is not None and in_force != draft.base_document_id


def board(name: str, opened: Opened | None = None) -> Board:
    """Return a ladder as the editor shows it."""
    return board_of(draft_of(name), policy().settings.fills, opened)


def area_options() -> list[tuple[str, str]]:
    """Return the areas of the landlord by code and name."""
    with runtime().db.read() as session:
        found = read_area_ladders(session, scope(), load_policy(session, scope().landlord_id))
    return [(area.code, area.name) for area in found]


def change(name: str, edit: Edit, what: str, **params: Any) -> Draft:
    """Change a draft as the signed-in user, on the revision that the page was made with."""
    done = Done(what=what, params=params)
    return change_draft(runtime(), actor(), scope().landlord_id, name, seen_revision(), edit, done)


def seen_revision() -> int:
    """Return the revision of the draft that the page was made with."""
    revision = request.form.get("revision", "")
    return int(revision) if revision.isdecimal() else 0


def act(done: Done | None) -> str:
    """Name an edit, for undo and redo; empty when there is none."""
    if done is None or done.what not in ACTS:
        return ""
    text = _(ACTS[done.what])
    return text % {"title": "", "day": "", "stage": "", "place": "", **done.params} if "%(" in text else text


def triggers(shown: Board, *, say: str = "", focus: str = "", errors: Mapping[str, str] | None = None) -> str:
    """Write what the script of the page has to know after an answer."""
    about = {
        "say": say,
        "focus": focus,
        "errors": None if errors is None else dict(errors),
        "revision": shown.draft.revision,
        "title": shown.title,
    }
    return json.dumps({"ladder-said": about, "ladder-changed": {}})


def answered(shown: Board, *, say: str, focus: str = "") -> AnyResponse:
    """Answer a change: the board for the script of the page, else the page itself, with what was done."""
    if not is_partial():
        flash(say, "ok")
        step = shown.opened.step
        anchor = f"stap-{step}" if step else None
        return redirect(url_for("ladder_editor.edit", name=shown.draft.name, stap=step, _anchor=anchor))
    return board_answer(shown, say=say, focus=focus)


def board_answer(shown: Board, *, say: str = "", focus: str = "", notice: str = "") -> Response:
    """Answer with the board and the bar above it."""
    response = make_response(
        render_template("ladders/editor/answer.html", board=shown, notice=notice, **context(shown))
    )
    response.headers["HX-Trigger-After-Settle"] = triggers(
        shown, say=notice or say, focus="#notice" if notice else focus
    )
    response.headers["HX-Retarget"] = "#board"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def stale(name: str, error: StaleDraft, opened: Opened | None = None) -> AnyResponse:
    """Answer that somebody else changed the draft, with how it stands now."""
    text = error.text(language())
    if is_partial():
        return board_answer(board(name, opened), notice=text)
    flash(text, "warning")
    return redirect(url_for("ladder_editor.edit", name=name, stap=opened.step if opened else None))


def context(shown: Board, tried: Typed | None = None) -> dict[str, Any]:
    """Return what the templates of the editor need beside the board."""
    areas = area_options() if shown.opened.step else []
    return {
        "may_edit": may_edit(),
        "act": act,
        "panels": [(code, _(words)) for code, words in PANELS.items()],
        **open_parts(shown, runtime().catalogue, areas, tried),
    }

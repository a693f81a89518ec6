"""The stages of a ladder in the editor: add, name, move and remove."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from outreach.services.ladder_drafts import StaleDraft
from outreach.web.pages.editor_frame import answered, board, change, draft_of, stale
from outreach.web.security import for_roles
from outreach.web.translation import _
from schedules.draft_stages import add_stage, move_stage, remove_stage, rename_stage, stage_keys
from schedules.drafting import Data

blueprint = Blueprint("ladder_stages", __name__)

LONGEST_NAME = 60


@blueprint.post("/contactladders/<name>/bewerken/fasen")
@for_roles("policy")
def add(name: str) -> Response:
    """Add a stage at the end."""
    title = request.form.get("title", "").strip()[:LONGEST_NAME]
    if not title:
        return answered(board(name), say=_("Geef de fase een naam."), focus="#new-stage")
    try:
        change(name, lambda data: add_stage(data, {"nl": title, "en": title}), "stage_added", title=title)
    except StaleDraft as error:
        return stale(name, error)
    key = stage_keys(draft_of(name).data)[-1]
    return answered(board(name), say=_("De fase '%(title)s' is toegevoegd.", title=title), focus=f"#add-{key}")


@blueprint.post("/contactladders/<name>/bewerken/fasen/<key>")
@for_roles("policy")
def change_stage(name: str, key: str) -> Response:
    """Name, move or remove a stage."""
    data = draft_of(name).data
    old = next((stage["title"] for stage in data["stages"] if stage["key"] == key), None) or abort(404)
    do, title = request.form.get("do", "rename"), request.form.get("title", "").strip()[:LONGEST_NAME]
    if do == "rename" and not title:
        return answered(board(name), say=_("Geef de fase een naam."))
    what = {"rename": "stage_renamed", "remove": "stage_removed"}.get(do, "stage_moved")
    try:
        change(name, lambda found: _changed(found, key, do, old, title), what, title=title or old["nl"])
    except StaleDraft as error:
        return stale(name, error)
    words = {
        "stage_renamed": _("De fase heet nu '%(title)s'.", title=title),
        "stage_removed": _("De fase '%(title)s' is weggehaald.", title=old["nl"]),
        "stage_moved": _("De fase '%(title)s' is verplaatst.", title=old["nl"]),
    }
    return answered(board(name), say=words[what], focus=f"#add-{key}" if do != "remove" else "")


def _changed(data: Data, key: str, do: str, old: dict[str, str], title: str) -> Data:
    match do:
        case "up" | "down":
            return move_stage(data, key, -1 if do == "up" else 1)
        case "remove":
            return remove_stage(data, key)
        case _:
            english = title if old["en"] == old["nl"] else old["en"]
            return rename_stage(data, key, {"nl": title, "en": english})

"""What the pages of one ladder share: finding it, its words, who may edit, and how changes and effects are shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy.orm import Session

from outreach.db.tables import DocumentRow
from outreach.services.ladder_effects import Effects
from outreach.services.policy import Policy, ladder_of, load_policy
from outreach.web.context import scope, user
from outreach.web.translation import N_, _, counted, language
from schedules.difference import Change, change_text, difference
from schedules.ladder import Ladder

EDITORS = ("admin", "policy")
PROOF_WORDS = {
    "proven": (N_("bewezen"), "good"),
    "refuted": (N_("weerlegd"), "bad"),
    "gap": (N_("nog in te vullen"), "warn"),
}
PROPOSAL_WORDS = {
    "proposed": (N_("wacht op een collega"), "accent"),
    "approved": (N_("gepubliceerd"), "good"),
    "rejected": (N_("afgewezen"), "bad"),
    "withdrawn": (N_("ingetrokken"), "neutral"),
}
HOLD_WORDS = {
    "paused": N_("stilgezet"),
    "plan": N_("met regeling"),
    "promise": N_("met belofte"),
    "none": N_("loopt door"),
}
WAYS = {"added": ("plus", N_("erbij")), "removed": ("minus", N_("eraf")), "changed": ("pencil", N_("anders"))}


@dataclass(frozen=True, kw_only=True)
class ChangeGroup:
    """Lines of a difference under one heading, each with its way (added, removed, changed)."""

    title: str
    lines: tuple[tuple[str, str], ...]


def may_edit() -> bool:
    """Tell whether the signed-in user may publish and move."""
    return user().role in EDITORS


def current(session: Session, name: str) -> tuple[Policy, Ladder | None]:
    """Return the policy and the ladder in force under a name, None for one that is new."""
    policy = load_policy(session, scope().landlord_id)
    version = policy.ladder_version_ids.get(name)
    return policy, policy.ladders[version] if version is not None else None


def version_or_404(session: Session, policy: Policy, found: DocumentRow | None) -> tuple[DocumentRow, Ladder]:
    """Return a version with its ladder; an unknown one is not found."""
    document = found or abort(404)
    return document, ladder_of(session, policy, document.id)


def shown_changes(old: Ladder | None, new: Ladder) -> tuple[ChangeGroup, ...]:
    """Put the difference under headings, in the language of the screen; nothing for a ladder that is new."""
    if old is None:
        return ()
    found = difference(old, new)
    whole = [change for change in found if change.step is None]
    come = [change for change in found if change.code == "step_added"]
    gone = [change for change in found if change.code == "step_removed"]
    rest = [change for change in found if change.step is not None and change not in come and change not in gone]
    named = (
        (_("De hele ladder"), whole),
        (_("Stappen erbij"), come),
        (_("Stappen eraf"), gone),
        (_("Stappen die veranderen"), rest),
    )
    return tuple(ChangeGroup(title=title, lines=_lines(changes)) for title, changes in named if changes)


def _lines(changes: Sequence[Change]) -> tuple[tuple[str, str], ...]:
    return tuple((change.way, change_text(change, language())) for change in changes)


def step_names(ladders: Iterable[Ladder]) -> dict[str, str]:
    """Return the titles of steps by key; of a key in several ladders that of the last."""
    return {step.key: step.title[language()] for ladder in ladders for step in ladder.steps}


def stage_names(ladders: Iterable[Ladder]) -> dict[str, str]:
    """Return the titles of stages by key; of a key in several ladders that of the last."""
    return {stage.key: stage.title[language()] for ladder in ladders for stage in ladder.stages}


def effect_lines(effects: Effects, names: Mapping[str, str]) -> list[str]:
    """Say what would change for a group of cases."""
    found = [_changed(code, number) for code, number in effects.changes.most_common()]
    lines = [f"{', '.join(found)}."] if found else [_("Voor niemand verandert de volgende stap.")]
    if effects.unchanged and found:
        lines.append(
            counted(
                "Voor %(num)s dossier verandert er nu niets.",
                "Voor %(num)s dossiers verandert er nu niets.",
                effects.unchanged,
            )
        )
    for text, counts in (
        (_("Komt nieuw: %(steps)s."), effects.fresh),
        (_("Komt niet meer: %(steps)s."), effects.gone),
        (_("Gedaan en onbekend in de nieuwe versie, blijft in de geschiedenis: %(steps)s."), effects.history),
    ):
        if counts:
            steps = ", ".join(f"{names.get(key, key)} ({number})" for key, number in counts.most_common())
            lines.append(text % {"steps": steps})
    return lines


def _changed(code: str, number: int) -> str:
    match code:
        case "step":
            return counted(
                "%(num)s krijgt een andere volgende stap", "%(num)s krijgen een andere volgende stap", number
            )
        case "later":
            return counted("%(num)s is later aan de beurt", "%(num)s zijn later aan de beurt", number)
        case "earlier":
            return counted("%(num)s is eerder aan de beurt", "%(num)s zijn eerder aan de beurt", number)
        case "channel":
            return counted("%(num)s krijgt een ander kanaal", "%(num)s krijgen een ander kanaal", number)
        case "nothing_next":
            return counted("%(num)s heeft niets meer voor zich", "%(num)s hebben niets meer voor zich", number)
    return counted("%(num)s komt in een andere fase", "%(num)s komen in een andere fase", number)

"""What stands beside a ladder that is written: whether it is right, a rehearsal with real dates, the work per week."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import Blueprint, abort, render_template

from outreach.services.draft_rows import Draft
from outreach.web.context import runtime, today
from outreach.web.labels import label
from outreach.web.pages.editor_frame import PANELS, draft_of, is_partial, policy
from outreach.web.security import for_roles
from outreach.web.translation import _, language
from schedules.ladder import Ladder, example_fills
from schedules.loader import parse_ladder
from schedules.reasons import reason_text
from schedules.rehearsal import Rehearsal, Script, first_facts, rehearse
from schedules.settings import PolicySettings

blueprint = Blueprint("ladder_panels", __name__)

REHEARSED_DAYS = 120
RENT_CENTS = 65_000


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing that happens in a rehearsal: when, what, over which channel, how it ended."""

    at: datetime
    day: int
    title: str
    how: str
    icon: str
    attempt: int


@blueprint.get("/contactladders/<name>/bewerken/<any(proef, proefrit, werk):part>")
@for_roles("policy", "worker", "manager")
def show(name: str, part: str) -> str:
    """Show one part, as a piece of the editor or as a page of its own."""
    draft = draft_of(name)
    body = {"proefrit": _rehearsal, "proef": _proof, "werk": _work}[part](draft)
    if is_partial():
        return body
    title = draft.data["title"][language()]
    return render_template("ladders/editor/panel_page.html", name=name, title=title, words=_(PANELS[part]), body=body)


def _rehearsal(draft: Draft) -> str:
    ladder = parse_ladder(draft.body, draft.name)
    due_on = _first_of_next_month(today())
    settings = filled(policy().engine, ladder)
    played = rehearse(
        ladder, settings, runtime().calendar, first_facts(due_on, RENT_CENTS), Script(title=""), REHEARSED_DAYS
    )
    return render_template(
        "ladders/editor/panel_rehearsal.html",
        due_on=due_on,
        happenings=tuple(_happenings(ladder, played)),
        never=_never(ladder, played),
        person=_handed(ladder, played),
    )


def filled(settings: PolicySettings, ladder: Ladder) -> PolicySettings:
    """Return the settings with an example for each gap that the landlord has not filled yet."""
    return replace(settings, fills={**example_fills(ladder), **settings.fills})


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _happenings(ladder: Ladder, played: Rehearsal) -> list[Happening]:
    found = []
    for event in played.events:
        step = ladder.step(event.step.step) if event.step else None
        if event.step is None or step is None:
            continue
        where = event.step.channel if event.step.channel in ("sms", "whatsapp", "email", "letter") else None
        found.append(
            Happening(
                at=event.at,
                day=event.day,
                title=step.title[language()],
                how=label("channel", where) if where else "",
                icon="sms" if step.kind == "message" else step.kind.value,
                attempt=event.step.attempt,
            )
        )
    return found


def _handed(ladder: Ladder, played: Rehearsal) -> int | None:
    """Return the day on which the tenant comes to a person: a decision or a referral."""
    days = [
        event.day
        for event in played.events
        if event.step and (step := ladder.step(event.step.step)) and step.kind in ("decision", "referral")
    ]
    return min(days, default=None)


def _never(ladder: Ladder, played: Rehearsal) -> list[tuple[str, str]]:
    """Return the steps that were not done, with the reason."""
    names = {step.key: step.title[language()] for step in ladder.steps}
    names |= {option.key: option.title[language()] for step in ladder.steps for option in step.options}
    done = {event.step.step for event in played.events if event.step}
    last = played.last
    left = [(rest.step, rest.why) for rest in last.refused] + [(rest.step, rest.why) for rest in last.waiting]
    return [
        (names.get(step, step), " ".join(reason_text(reason, language(), names) for reason in why))
        for step, why in left
        if step not in done
    ]


def _proof(draft: Draft) -> str:
    ladder = parse_ladder(draft.body, draft.name)
    gaps = [gap for gap in ladder.gaps if gap.name not in policy().settings.fills]
    return render_template("ladders/editor/panel_proof.html", gaps=gaps)


def _work(draft: Draft) -> str:
    if not draft.body:
        abort(404)
    return render_template("ladders/editor/panel_work.html")

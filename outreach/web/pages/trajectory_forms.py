"""The steps of a trajectory as forms, each calling one service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.runtime import Runtime
from outreach.services import trajectories, trajectory_moves, trajectory_reviews
from outreach.services.actor import Actor
from outreach.services.reading.trajectory_list import TrajectoryPage
from outreach.web.context import today
from outreach.web.forms import Field
from outreach.web.translation import N_, language

Fields = tuple[Field, ...]
VERDICTS = (
    ("met", N_("Ja, hieraan houdt de huurder zich")),
    ("not_met", N_("Nee, hieraan houdt de huurder zich niet")),
)
REVIEWS = (("on_track", N_("Het gaat goed")), ("worry", N_("Er zijn zorgen")), ("off_track", N_("Het gaat niet goed")))
REASON = Field(name="reason", label=N_("Waarom"), kind="textarea")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step that people take: where it shows, its fields, and the service that does it."""

    title: str
    icon: str
    fields: Callable[[TrajectoryPage], Fields]
    call: Callable[..., Any]
    shown: Callable[[TrajectoryPage], bool]
    done: str = N_("Vastgelegd.")
    submit: str = N_("Vastleggen")
    lead: str = ""


def _is(*states: str) -> Callable[[TrajectoryPage], bool]:
    return lambda page: page.head.row.state in states


def _named(entries: Any) -> tuple[tuple[str, str], ...]:
    return tuple((each.key, each.title[language()]) for each in entries)


def _start(page: TrajectoryPage) -> Fields:
    row, definition = page.head.row, page.head.definition
    agreements = _named(definition.agreements)
    return (
        Field(
            name="agreement",
            label=N_("Welke afspraak is getekend"),
            kind="select",
            options=agreements,
            translate=False,
        ),
        Field(name="agreed_on", label=N_("Getekend op"), kind="date", initial=today().isoformat()),
        Field(name="started_on", label=N_("Begint op"), kind="date", initial=today().isoformat()),
        Field(
            name="judgment_on",
            label=N_("Datum van het vonnis"),
            kind="date",
            required=False,
            initial=row.judgment_on.isoformat() if row.judgment_on else "",
        ),
        Field(
            name="evidence",
            label=N_("Waar ligt het bewijs"),
            help=N_("Het kenmerk van de getekende afspraak, en van het besluit als een commissie of rechter beslist."),
        ),
    )


def _verdict(page: TrajectoryPage) -> Fields:
    conditions = _named(page.head.definition.conditions)
    return (
        Field(name="condition", label=N_("Welke voorwaarde"), kind="select", options=conditions, translate=False),
        Field(name="verdict", label=N_("Houdt de huurder zich hieraan?"), kind="select", options=VERDICTS),
        Field(name="on", label=N_("Op welke dag"), kind="date", initial=today().isoformat()),
        Field(name="evidence", label=N_("Waar blijkt dat uit?"), kind="textarea"),
    )


def _review(page: TrajectoryPage) -> Fields:
    waiting = [each for each in page.reviews if each.held_at is None]
    options = tuple(
        (str(each.id), f"{each.title.get(language(), each.key)} ({each.due_on:%d-%m-%Y})") for each in waiting[:4]
    )
    first = options[0][0] if options else ""
    return (
        Field(
            name="review_id",
            label=N_("Welke evaluatie"),
            kind="select",
            options=options,
            translate=False,
            initial=first,
        ),
        Field(name="verdict", label=N_("Hoe gaat het?"), kind="select", options=REVIEWS),
        Field(name="text", label=N_("Wat is er besproken?"), kind="textarea"),
    )


def _end(page: TrajectoryPage) -> Fields:
    definition = page.head.definition
    ways = (*_named(definition.ends_when), *_named(definition.flips_when))
    return (
        Field(name="verdict", label=N_("Hoe eindigt het?"), kind="select", options=ways, translate=False),
        Field(name="evidence", label=N_("Waar blijkt dat uit?"), kind="textarea"),
    )


def _hold(runtime: Runtime, actor: Actor, trajectory_id: int, *, review_id: str, verdict: str, text: str) -> None:
    trajectory_reviews.hold_review(runtime, actor, int(review_id), verdict=verdict, text=text)


def _has_review(page: TrajectoryPage) -> bool:
    return page.head.row.state == "running" and any(each.held_at is None for each in page.reviews)


STEPS: Mapping[str, Step] = {
    "starten": Step(
        title=N_("Afspraak vastleggen en starten"), icon="ok", fields=_start, call=trajectory_moves.start,
        shown=_is("proposed"), submit=N_("Starten"),
        lead=N_("De incasso staat stil zolang het traject loopt."), done=N_("Het traject loopt."),
    ),
    "evaluatie": Step(
        title=N_("Evaluatie vastleggen"), icon="event", fields=_review, call=_hold, shown=_has_review,
    ),
    "oordeel": Step(
        title=N_("Oordeel over een voorwaarde"), icon="promise", fields=_verdict,
        call=trajectory_reviews.give_verdict, shown=_is("running"),
    ),
    "einde": Step(
        title=N_("Beëindigen"), icon="close", fields=_end, call=trajectory_moves.end, shown=_is("running"),
        lead=N_("Dit beslist u, met bewijs. Gaat de ontruiming weer lopen, dan krijgt u daarvoor een taak."),
        submit=N_("Traject beëindigen"), done=N_("Het traject is beëindigd."),
    ),
    "weigeren": Step(
        title=N_("Niet aangenomen"), icon="close", fields=lambda page: (REASON,), call=trajectories.refuse,
        shown=_is("proposed"), done=N_("Vastgelegd. Later bieden wij het opnieuw aan."),
    ),
    "opnieuw": Step(
        title=N_("Opnieuw voorstellen"), icon="next", fields=lambda page: (REASON,),
        call=trajectories.propose_again, shown=_is("refused"),
    ),
}  # fmt: skip
"""Every step, by the name in its address."""

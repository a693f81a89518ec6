"""How an attempt can end, in classes: outcomes that nothing on a ladder tells apart are explored once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schedules.ladder import AfterOutcome, Ladder, OnlyIf, Step, StepKind

PHONE = frozenset({"sms", "whatsapp", "robocall", "call"})


@dataclass(frozen=True, kw_only=True)
class Ending:
    """One way in which an attempt ends, and what it does: `bars` are the channels whose contact point is wrong."""

    outcome: str
    nl: str
    en: str
    reached: bool = False
    failed: bool = False
    bars: frozenset[str] = frozenset()
    common: bool = False


def _ending(outcome: str, nl: str, en: str, **values: object) -> Ending:
    return Ending(outcome=outcome, nl=nl, en=en, **values)  # type: ignore[arg-type]


_DELIVERED = _ending("delivered", "aangekomen, geen reactie", "delivered, no reaction", common=True)
_FAILED = _ending("failed", "niet verstuurd: het kanaal weigert", "not sent: the channel refuses", failed=True)
_WRONG = _ending("wrong_number", "verkeerd nummer", "wrong number", failed=True, bars=PHONE)

ENDINGS: Mapping[str, tuple[Ending, ...]] = MappingProxyType(
    {
        "sms": (
            _DELIVERED,
            _FAILED,
            _ending("undelivered", "nummer onbereikbaar", "number unreachable", failed=True, bars=PHONE),
        ),
        "whatsapp": (_DELIVERED, _FAILED),
        "email": (
            _DELIVERED,
            _ending(
                "bounced", "mailadres bestaat niet", "address does not exist", failed=True, bars=frozenset({"email"})
            ),
        ),
        "letter": (
            _ending("posted", "gepost, geen reactie", "posted, no reaction", common=True),
            _ending("returned", "kwam terug", "came back", failed=True),
        ),
        "robocall": (
            _ending("no_answer", "niet opgenomen", "not answered", common=True),
            _ending("menu_1", "opgenomen en gekozen in het menu", "answered, chose from the menu", reached=True),
            _ending("menu_2", "wil een regeling", "wants a payment plan", reached=True),
            _ending("menu_3", "wil teruggebeld worden", "wants to be called back", reached=True),
            _ending("menu_4", "wil hulp bij schulden", "wants help with debts", reached=True),
            _ending("confirmed", "geluisterd, niets gekozen", "listened, chose nothing"),
            _ending("voicemail", "voicemail", "voicemail"),
            _ending("hung_up", "opgehangen", "hung up"),
            _ending("menu_9", "wil niet meer gebeld worden", "wants no more calls"),
            _FAILED,
            _WRONG,
        ),
        "call": (
            _ending("no_answer", "niet opgenomen", "not answered", common=True),
            _ending("talked", "gesproken", "talked", reached=True),
            _ending("voicemail", "voicemail", "voicemail"),
            _ending("busy", "in gesprek", "busy"),
            _ending("refused", "wil niet praten", "does not want to talk"),
            _WRONG,
        ),
        "visit": (
            _ending("not_home", "niemand thuis", "nobody at home", common=True),
            _ending("talked", "gesproken aan de deur", "talked at the door", reached=True),
            _ending("not_opened", "niet opengedaan", "door not opened"),
            _ending("refused", "wil geen bezoek", "does not want a visit"),
            _ending("moved_out", "verhuisd", "moved out"),
        ),
        "card": (_ending("left", "achtergelaten", "left", common=True),),
    }
)
DONE = _ending("done", "gedaan", "done", common=True)
VISIT_COUNTS = frozenset({"talked", "not_home", "not_opened", "refused"})


def endings_of(step: Step, channel: str, ladder: Ladder) -> tuple[Ending, ...]:
    """Return one ending per class that the rest of a ladder can tell apart, the common one first."""
    if step.kind is StepKind.DECISION:
        options = tuple(_ending(each.key, each.title["nl"], each.title["en"]) for each in step.options)
        return options or (DONE,)
    reached = ladder.reached
    found: dict[tuple[object, ...], Ending] = {}
    for ending in ENDINGS[channel]:
        is_reached = ending.outcome in reached if reached else ending.reached
        talked = ending.outcome == "talked"
        visited = channel == "visit" and ending.outcome in VISIT_COUNTS
        named = tuple(ending.outcome in outcomes for outcomes in _sets_naming(step.key, ladder))
        found.setdefault((is_reached, ending.failed, ending.bars, talked, visited, named), ending)
    return tuple(found.values())


def is_reached(ending: Ending, ladder: Ladder) -> bool:
    """Say whether an ending is two-way contact by the ladder's own table."""
    return ending.outcome in ladder.reached if ladder.reached else ending.reached


def _sets_naming(key: str, ladder: Ladder) -> list[frozenset[str]]:
    """Return every set of outcomes that clocks or conditions of a ladder name for one step."""
    found = [
        clock.outcomes
        for step in ladder.steps
        for clock in step.clocks
        if isinstance(clock, AfterOutcome) and clock.step == key
    ]
    for condition in conditions_of(ladder):
        if condition.outcome is not None and condition.outcome.step == key:
            found.append(condition.outcome.outcomes)
    return found


def conditions_of(ladder: Ladder) -> list[OnlyIf]:
    """Return every condition of a ladder: only_if, not_if and slack."""
    own = [condition for step in ladder.steps for condition in (step.only_if, step.not_if)]
    return own + [each.condition for each in ladder.slack]

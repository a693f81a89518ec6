"""What can be read off a ladder without exploring: its texts, partners, gaps, promises and hours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from schedules.calendar import Calendar
from schedules.case_view import CaseView
from schedules.ladder import CONTACT_KINDS, DaysAfterStep, Gap, Step, StepKind, open_gaps
from schedules.moments import window_of
from schedules.possible_measures import possible_measures
from schedules.proof.model import ProofEnvironment, Sentence, Status
from schedules.proof.properties.due_dates import late_handover
from schedules.proof.properties.judged import Judged
from schedules.proof.properties.limits import unlawful
from schedules.proof.sight import HEAVY
from schedules.proof.state import State
from schedules.windows import Window, permitted

YEARS_AHEAD = 3


@dataclass(frozen=True, kw_only=True)
class Judging:
    """What a plain property may look at; `settings_fills` are the landlord's own, without examples."""

    judged: Judged
    environment: ProofEnvironment
    start: date
    fills: Mapping[str, int | str]
    first: State


Judge = Callable[[Judging], Sentence | None]


@dataclass(frozen=True, kw_only=True)
class PlainProperty:
    """A property that is read off; `when_broken` is gap for what the source leaves open."""

    key: str
    title: Sentence
    source: str
    judge: Judge
    when_broken: Status = Status.REFUTED


def _promises(judging: Judging) -> Sentence | None:
    if "handed_to_person_within_days" in judging.judged.ladder.promises:
        return late_handover(judging.judged, judging.start)
    return Sentence(
        nl="De ladder belooft niets: er staat niet binnen hoeveel dagen een mens het dossier krijgt.",
        en="The ladder promises nothing: it does not say within how many days a person gets the case.",
    )


def _gaps(judging: Judging) -> Sentence | None:
    gaps = open_gaps(judging.judged.ladder, judging.fills)
    if not gaps:
        return None
    nl, en = (", ".join(gap.title[language] for gap in gaps) for language in ("nl", "en"))
    return Sentence(
        nl=f"Staat niet in de bron, nog in te vullen: {nl}.", en=f"Not in the source, to be filled in: {en}."
    )


def _valid(judging: Judging) -> Sentence | None:
    valid_to = judging.judged.ladder.valid_to
    if valid_to is None or judging.start <= valid_to:
        return None
    return Sentence(nl=f"De ladder gold tot en met {valid_to:%d-%m-%Y}.", en=f"The ladder was valid up to {valid_to}.")


def _referrals(judging: Judging) -> Sentence | None:
    for step in judging.judged.ladder.steps:
        if step.kind is not StepKind.REFERRAL:
            continue
        route = judging.environment.routes.get(step.target or "")
        nl, en = step.title["nl"], step.title["en"]
        if route is None:
            return Sentence(
                nl=f"{nl}: er is geen partner of route voor.", en=f"{en}: there is no partner or route for it."
            )
        if route.feedback_days is None:
            return Sentence(
                nl=f"{nl}: niemand zei wanneer de terugmelding er moet zijn.",
                en=f"{en}: nobody said when feedback is due.",
            )
        if not route.owner:
            return Sentence(nl=f"{nl}: niemand volgt de terugmelding.", en=f"{en}: nobody follows up the feedback.")
    return None


def _texts(judging: Judging) -> Sentence | None:
    for step in judging.judged.ladder.steps:
        for channel in _channels(step, judging):
            for language in judging.environment.languages:
                stage, measures = step.stage, tuple(sorted(_possible(step, judging)))
                problems = judging.environment.text_problems(step.template or "", channel, language, stage, measures)
                if problems:
                    return _about_text(step, channel, language, problems[0])
        forced = _forced(step, judging)
        if forced:
            nl, en = step.title["nl"], step.title["en"]
            words = ", ".join(sorted(forced))
            return Sentence(
                nl=f"{nl}: de tekst noemt {words}, maar dat kan bij deze stap niet of nog niet.",
                en=f"{en}: the text names {words}, which is not possible from this step, or not yet.",
            )
    return None


def _channels(step: Step, judging: Judging) -> Iterator[str]:
    if step.template is None or step.kind in {StepKind.REFERRAL, StepKind.DECISION}:
        return
    settings = judging.judged.settings
    for entry in step.channels:
        channel = settings.fills.get(entry.name) if isinstance(entry, Gap) else entry
        if channel is not None and str(channel) not in settings.channels_off:
            yield str(channel)


def _about_text(step: Step, channel: str, language: str, problem: str) -> Sentence:
    nl, en = step.title["nl"], step.title["en"]
    return Sentence(nl=f"{nl} ({channel}, {language}): {problem}", en=f"{en} ({channel}, {language}): {problem}")


def _forced(step: Step, judging: Judging) -> frozenset[str]:
    """Return the measures that a step or its text names and that are not possible from that step."""
    if step.template is None and not step.measures:
        return frozenset()
    named = frozenset(step.measures) | judging.environment.template_measures.get(step.template or "", frozenset())
    return named - _possible(step, judging)


def _possible(step: Step, judging: Judging) -> frozenset[str]:
    return possible_measures(judging.judged.ladder, step, judging.fills)


def _decisions(judging: Judging) -> Sentence | None:
    """Refute when bailiff or court follows a decision whatever was decided."""
    ladder = judging.judged.ladder
    deciding = {step.key for step in ladder.steps if step.kind is StepKind.DECISION and len(step.options) > 1}
    for step in ladder.steps:
        clocks = (clock for clock in step.clocks if isinstance(clock, DaysAfterStep))
        if step.target in HEAVY and any(clock.step in deciding for clock in clocks):
            nl, en = step.title["nl"], step.title["en"]
            return Sentence(
                nl=f"{nl} volgt op een besluit, wat er ook besloten wordt.",
                en=f"{en} follows a decision, whatever is decided.",
            )
    return None


def _hours(judging: Judging) -> Sentence | None:
    judged = judging.judged
    view = CaseView(judged.ladder, judging.first.facts, judged.settings, judged.calendar, judging.first.now)
    seen: set[Window] = set()
    for place, step in enumerate(judged.sight.steps):
        if step.kind not in CONTACT_KINDS:
            continue
        for channel in sorted(judged.sight.channels[place]):
            for used in range(max(1, len(step.attempts.day_parts))):
                window = window_of(step, channel, used, view)
                found = None if window in seen else first_unlawful(window, judged.calendar, judging.start)
                seen.add(window)
                if found is not None:
                    return Sentence(nl=f"{step.title['nl']}: {found.nl}", en=f"{step.title['en']}: {found.en}")
    return None


@lru_cache(maxsize=256)
def first_unlawful(window: Window, calendar: Calendar, start: date) -> Sentence | None:
    """Return the first moment of the coming three years that a window permits and the law does not, as a sentence."""
    day = start
    while day < date(start.year + YEARS_AHEAD, start.month, min(start.day, 28)):
        for at in _edges(day, window, calendar):
            if permitted(at, window, calendar) is None and (why := unlawful(at, calendar)) is not None:
                when = calendar.local(at)
                return Sentence(
                    nl=f"{when:%d-%m-%Y %H:%M} mag. {why.nl}", en=f"{when:%Y-%m-%d %H:%M} is allowed. {why.en}"
                )
        day += timedelta(days=1)
    return None


def _edges(day: date, window: Window, calendar: Calendar) -> Iterator[datetime]:
    """Yield the first and last minute of each span of a window on a civil day, and of the day itself."""
    spans = window.weekdays[day.weekday()]
    if not spans:
        yield calendar.utc(day, time(12))
        return
    for span in spans:
        yield calendar.utc(day, span.opens)
        yield calendar.utc(day, span.closes) - timedelta(minutes=1)


def plain_properties() -> tuple[PlainProperty, ...]:
    """Return the properties that are read off a ladder."""
    return (
        PlainProperty(
            key="handed_to_person_in_time",
            title=Sentence(
                nl="Wie nooit wordt bereikt, komt op tijd bij een mens",
                en="Who is never reached gets to a person in time",
            ),
            source="rules.md 6, 41",
            judge=_promises,
        ),
        PlainProperty(
            key="within_hours",
            title=Sentence(
                nl="Niets gaat buiten de wettelijke uren en dagen", en="Nothing goes outside the hours and days of law"
            ),
            source="Bki artikel 4.2; law.md",
            judge=_hours,
        ),
        PlainProperty(
            key="humans_decide",
            title=Sentence(
                nl="Mensen beslissen: niets volgt vanzelf op een besluit", en="People decide: nothing follows by itself"
            ),
            source="rules.md 9; S000 L515, L924",
            judge=_decisions,
        ),
        PlainProperty(
            key="referrals_followed_up",
            title=Sentence(
                nl="Elke melding krijgt een terugmelding en een eigenaar",
                en="Every referral has feedback due and an owner",
            ),
            source="rules.md 14, 16",
            judge=_referrals,
        ),
        PlainProperty(
            key="texts_exist_and_pass",
            title=Sentence(
                nl="Elke tekst bestaat in elke taal en is in orde", en="Every text exists in every language and passes"
            ),
            source="Rki; rules.md 21",
            judge=_texts,
        ),
        PlainProperty(
            key="valid",
            title=Sentence(nl="De ladder is nog geldig", en="The ladder is still valid"),
            source="systems.md",
            judge=_valid,
        ),
        PlainProperty(
            key="no_gap",
            title=Sentence(
                nl="Alles wat de bron openlaat is ingevuld", en="All that the source leaves open is filled in"
            ),
            source="systems.md",
            judge=_gaps,
            when_broken=Status.GAP,
        ),
    )

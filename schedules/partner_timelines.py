"""A route or trajectory as a story with days that a policy officer can read, in Dutch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from schedules.ladder import GapNote, Source
from schedules.reasons import day_text, reason_text
from schedules.route import Opening, PauseCondition, PauseRule, Quota, RouteDefinition
from schedules.route_clocks import DatedCaution, PauseFacts, dated_cautions, feedback_due, pause_holds
from schedules.targets import targets
from schedules.terms import Fills, filled, later
from schedules.trajectory import TrajectoryDefinition, Verdict
from schedules.trajectory_clocks import ends_not_before, ends_on, reviews_due, warnings_for

OWNERS = {"worker": "consulent", "policy": "beleidsmedewerker", "field": "buitendienst", "manager": "manager"}
PAUSE_WHEN = {
    "help_accepted": "de huurder hulp heeft aanvaard",
    "referral_sent": "de melding is verstuurd",
    "debt_help_asked": "de huurder om schuldhulp heeft gevraagd",
}
GROUNDS = {"all": "Gronden, allemaal nodig", "any": "Gronden, een is genoeg"}
NEEDS = {
    "signal_conditions": "de vier voorwaarden van Bgs artikel 2 en een afspraak met de gemeente",
    "personal_contact": "een huisbezoek of gesprek dat echt is gedaan",
    "ground": "een vastgelegde grond",
    "early_signal": "het vroegsignaal, verstuurd of schriftelijk geweigerd",
    "written_reminder": "een schriftelijke herinnering",
    "four_steps": "de vier stappen van Bgs artikel 2",
    "home_visit": "een huisbezoek",
}
DECIDED_BY = {"staff": "een medewerker", "commission": "een commissie", "judge": "de rechter"}
DWELLINGS = {"current": "de huidige woning", "other": "een andere woning", "either": "de huidige of een andere woning"}
FLIPS = {"normal_lease": "terug naar een gewone huurovereenkomst", "eviction_resumes": "de ontruiming gaat weer lopen"}


@dataclass(frozen=True, kw_only=True)
class Story:
    """The days of an example: sent on day 0, accepted and help accepted a few days later, a judgment before it."""

    start_on: date
    accepted_after: int = 3
    pause_after: int = 7
    judgment_before: int = 14
    fills: Fills = field(default_factory=dict)

    def day(self, number: int) -> date:
        """Return the civil day of a day number; day 0 is the start."""
        return self.start_on + timedelta(days=number)

    @property
    def judgment_on(self) -> date:
        """Return the day of the judgment."""
        return self.day(-self.judgment_before)


def route_timeline(route: RouteDefinition, story: Story) -> Iterator[str]:
    """Yield the lines of a route: what opens it, what is handed over, and day by day what must come back."""
    yield f"Route: {route.title['nl']}"
    yield f"Naar: {targets()[route.target]['nl']}; volgt op: {OWNERS[route.owner]}"
    yield from _head(route.source, route.valid_from, route.valid_to, route.gaps, story)
    yield ""
    yield from _listed("Gaat open als een van deze dingen zo is", _openings(route.opens_when))
    if route.grounds:
        yield from _listed(GROUNDS[route.grounds_needed], (each.title["nl"] for each in route.grounds))
    if route.needs:
        yield from _listed("Vooraf nodig", (NEEDS[need] for need in route.needs))
    yield from _listed("Wordt overgedragen", (f"{each.field}: {each.reason['nl']}" for each in route.fields))
    if route.quota:
        yield from _quota(route.quota, route, story)
    yield ""
    yield from _days(_route_days(route, story), story)
    if route.pause:
        yield ""
        yield from _pause(route, route.pause, story)
    yield from _notes(note["nl"] for note in route.notes)


def _head(
    source: Source, valid_from: date, valid_to: date | None, gaps: tuple[GapNote, ...], story: Story
) -> Iterator[str]:
    yield f"Bron: {source.document}, {source.year}: {source.lines}"
    until = f" tot en met {_plain(valid_to)}: kan nooit meer aan" if valid_to else ""
    yield f"Geldig vanaf {_plain(valid_from)}{until}"
    filled_in = [f"{gap.name} = {story.fills.get(gap.name, gap.example)}" for gap in gaps]
    yield f"Staat niet in de bron, hier als voorbeeld ingevuld: {', '.join(filled_in) or 'niets'}"


def _plain(day: date) -> str:
    return day_text(day).partition(" ")[2]


def _listed(title: str, entries: Iterable[str]) -> Iterator[str]:
    yield f"{title}:"
    yield from (f"- {entry}" for entry in entries)


def _openings(openings: tuple[Opening, ...]) -> Iterator[str]:
    for each in openings:
        yield f"{each.title['nl']}{' (een medewerker zegt dit)' if each.by_person else ''}"


def _quota(quota: Quota, route: RouteDefinition, story: Story) -> Iterator[str]:
    whose = {"landlord": "voor deze verhuurder", "all": "voor alle verhuurders samen"}
    limits = []
    if quota.per_month is not None:
        limits.append(f"{filled(quota.per_month, story.fills)} per maand {whose[quota.scope]}")
    if quota.per_year is not None:
        limits.append(f"{filled(quota.per_year, story.fills)} per jaar {whose[quota.year_scope]}")
    yield f"Hooguit {', '.join(limits)}. Is het vol, dan wacht de melding in de rij."
    if route.priority:
        yield f"Voorrang in de rij: {', dan '.join(each.title['nl'] for each in route.priority)}."


def _route_days(route: RouteDefinition, story: Story) -> Iterator[tuple[date, str]]:
    accepted_on = story.day(story.accepted_after)
    yield story.start_on, "de melding is verstuurd"
    yield accepted_on, "de partner neemt de melding aan (in dit voorbeeld)"
    for due in feedback_due(route, story.start_on, accepted_on, story.fills):
        yield due.due_on, f"uiterlijk: {due.title['nl']}"
    since = {"referral": story.start_on, "start": accepted_on, "judgment": story.judgment_on}
    yield from _cautions(dated_cautions(route.warnings, since, story.fills), story)


def _cautions(found: tuple[DatedCaution, ...], story: Story) -> Iterator[tuple[date, str]]:
    for each in found:
        yield each.on or story.start_on, f"let op: {each.title['nl']}"


def _days(entries: Iterable[tuple[date, str]], story: Story) -> Iterator[str]:
    for on, text in sorted(entries, key=lambda entry: entry[0]):
        yield f"dag {(on - story.start_on).days:>3}  {day_text(on):<28}  {text}"


def _pause(route: RouteDefinition, pause: PauseRule, story: Story) -> Iterator[str]:
    """Tell the pause rule, and what the rule itself answers when each condition is not kept."""
    yield f"De incasso wacht zodra {PAUSE_WHEN[pause.when]}, zolang dit alles zo is:"
    reports = {clock.key: clock.title["nl"] for clock in route.feedback}
    yield from (f"- {_condition(each, reports, story)}" for each in pause.conditions)
    yield f"Einde van de rust: {_limit(pause, reports, story)}"
    names = {each.key: each.title["nl"] for each in pause.conditions}
    for facts, today in _broken(route, pause, story):
        verdict = pause_holds(route, facts, today, story.fills)
        why = " ".join(reason_text(reason, "nl", names) for reason in verdict.why)
        yield f"Voorbeeld, {day_text(today)}: {why} Er komt een taak om te hervatten, geen aanmaning vanzelf."


def _condition(condition: PauseCondition, reports: Mapping[str, str], story: Story) -> str:
    text = condition.title["nl"]
    if condition.check is None:
        text += " (een medewerker zegt dit)"
    if condition.after is not None:
        text += f" (telt vanaf: {reports[condition.after]})"
    if condition.check == "timely_feedback":
        text += f" (mag {filled(condition.grace_days, story.fills)} dagen te laat zijn)"
    return text


def _limit(pause: PauseRule, reports: Mapping[str, str], story: Story) -> str:
    months, days = filled(pause.max_months, story.fills), filled(pause.max_days, story.fills)
    if months is None and days is None:
        return "de bron noemt geen einde; een medewerker kijkt er bij elke terugmelding naar."
    term = f"{months} maanden" if months is not None else f"{days} dagen"
    start = f"na: {reports[pause.counts_from]}" if pause.counts_from else "na het begin"
    return f"hooguit {term} {start}."


def _broken(route: RouteDefinition, pause: PauseRule, story: Story) -> Iterator[tuple[PauseFacts, date]]:
    started_on = story.start_on if pause.when == "referral_sent" else story.day(story.pause_after)
    due = {each.key: each.due_on for each in feedback_due(route, story.start_on, story.day(3), story.fills)}
    kept = PauseFacts(started_on=started_on, feedback_due=due, feedback_on=due)
    for each in pause.conditions:
        if each.check == "timely_feedback":
            grace = filled(each.grace_days, story.fills) or 0
            late = max(due.values()) + timedelta(days=grace + 1)
            before = {key: on for key, on in due.items() if on < max(due.values())}
            yield PauseFacts(started_on=started_on, feedback_due=due, feedback_on=before), late
        else:
            said = {each.check or each.key: False}
            yield PauseFacts(started_on=started_on, feedback_due=due, feedback_on=due, said=said), story.day(40)
    start = due[pause.counts_from] if pause.counts_from else started_on
    end = later(start, pause.max_days, pause.max_months, story.fills)
    if end is not None:
        yield kept, end


def _notes(notes: Iterable[str]) -> Iterator[str]:
    found = list(notes)
    if found:
        yield ""
        yield from _listed("Let op", found)


def trajectory_timeline(trajectory: TrajectoryDefinition, story: Story) -> Iterator[str]:
    """Yield the lines of a trajectory: conditions with evidence, the reviews day by day, the ends with evidence."""
    yield f"Traject: {trajectory.title['nl']}"
    partner = f" ({trajectory.partner_name})" if trajectory.partner_name else ""
    yield f"Met: {targets()[trajectory.partner]['nl']}{partner}; bewaakt door: {OWNERS[trajectory.owner]}"
    yield from _head(trajectory.source, trajectory.valid_from, trajectory.valid_to, trajectory.gaps, story)
    dwelling = f"; {DWELLINGS[trajectory.dwelling]}" if trajectory.dwelling else ""
    yield f"Besluit door: {DECIDED_BY[trajectory.decided_by]}; nooit vanzelf{dwelling}"
    yield ""
    yield from _listed("Kan als een van deze dingen zo is", _openings(trajectory.opens_when))
    yield from _listed("Voorwaarden, met het bewijs", (_proved(c.title, c.evidence) for c in trajectory.conditions))
    yield from _listed("Vastgelegd in", (each.title["nl"] for each in trajectory.agreements))
    yield ""
    yield from _days(_trajectory_days(trajectory, story), story)
    yield ""
    yield from _listed("Loopt goed af als", (_proved(each.title, each.evidence) for each in trajectory.ends_when))
    yield from _listed("Klapt om als", (_flip(each) for each in trajectory.flips_when))
    yield from _notes(note["nl"] for note in trajectory.notes)


def _proved(title: Mapping[str, str], evidence: Mapping[str, str]) -> str:
    return f"{title['nl']}. Bewijs: {evidence['nl']}."


def _flip(verdict: Verdict) -> str:
    return f"{_proved(verdict.title, verdict.evidence)} Dan: {FLIPS[verdict.to or 'normal_lease']}."


def _trajectory_days(trajectory: TrajectoryDefinition, story: Story) -> Iterator[tuple[date, str]]:
    yield story.judgment_on, "vonnis (in dit voorbeeld)"
    yield story.start_on, "het traject begint: overeenkomst getekend"
    last = ends_on(trajectory, story.start_on, story.fills)
    first = ends_not_before(trajectory, story.start_on, story.fills)
    for review in reviews_due(trajectory, story.start_on, last or story.day(365), story.fills):
        yield review.on, review.title["nl"]
    if first is not None and first != last:
        yield first, "niet eerder klaar dan deze dag"
    if last is not None:
        yield last, "uiterlijk: einde van het traject, een mens besluit"
    yield from _cautions(warnings_for(trajectory, story.start_on, story.judgment_on, story.fills), story)

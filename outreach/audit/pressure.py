"""Judge how much contact a household got: over all its cases, channels and people."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outreach.audit.record import Limits, Rest, Sent
from outreach.audit.report import Finding

PRESSING = frozenset({"collection", "care"})
DOOR = frozenset({"visit", "card"})
_RESTS = {"talk": "een gesprek", "promise": "een toezegging"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One contact with a household, of one attempt or more; `first` is the attempt that came first."""

    at: datetime
    day: date
    first: Sent


def judge_pressure(
    sent: Sequence[Sent], rests: Mapping[int, Sequence[Rest]], limits: Mapping[int, Limits]
) -> Iterator[Finding | None]:
    """Judge every contact of every household on number and rest (rules.md 20); one verdict per contact."""
    households: defaultdict[int, list[Sent]] = defaultdict(list)
    for attempt in sent:
        if attempt.purpose in PRESSING:
            households[attempt.household_id].append(attempt)
    for household_id, attempts in households.items():
        yield from _judge_household(contacts(attempts), rests.get(household_id, ()), limits)


def contacts(attempts: Sequence[Sent]) -> list[Contact]:
    """Put attempts of one household together to contacts, by time.

    One `moment` is one contact only when it is one try of one step on one civil day (to several
    people), or a visit with the card left at it; whatever else shares a moment counts apart.
    """
    found: dict[Hashable, Contact] = {}
    doors: Counter[Hashable] = Counter()
    for attempt in attempts:
        key = (attempt.moment, attempt.day, _part(attempt, doors))
        found.setdefault(key, Contact(at=attempt.sent_at, day=attempt.day, first=attempt))
    return list(found.values())


def _part(attempt: Sent, doors: Counter[Hashable]) -> Hashable:
    """Tell apart what cannot be one contact: another try, or a second visit or card for the same person."""
    if attempt.channel not in DOOR:
        return (attempt.case_id, attempt.ladder_run, attempt.step, attempt.attempt)
    door = (attempt.moment, attempt.day, attempt.channel, attempt.case_id, attempt.addressee_id)
    doors[door] += 1
    return ("door", doors[door])


def _judge_household(
    made: Sequence[Contact], rests: Sequence[Rest], limits: Mapping[int, Limits]
) -> Iterator[Finding | None]:
    moments = [contact.at for contact in made]
    days: Counter[date] = Counter()
    for place, contact in enumerate(made):
        bound = limits[contact.first.settings_version_id]
        days[contact.day] += 1
        stretch = place + 1 - bisect_right(moments, contact.at - timedelta(days=bound.days), hi=place + 1)
        yield _judge_number(contact.first, days[contact.day], stretch, bound) or _judge_rest(contact, rests, bound)


def _judge_number(attempt: Sent, on_day: int, in_days: int, bound: Limits) -> Finding | None:
    if on_day > bound.per_day:
        return attempt.finding("per_day", f"contact {on_day} op één dag; het mogen er {bound.per_day} zijn")
    if in_days > bound.per_days:
        what = f"contact {in_days} in {bound.days} dagen; het mogen er {bound.per_days} zijn"
        return attempt.finding("per_days", what)
    return None


def _judge_rest(contact: Contact, rests: Sequence[Rest], bound: Limits) -> Finding | None:
    hours = {"talk": bound.rest_after_talk_hours, "promise": bound.rest_after_promise_hours}
    for rest in rests:
        known = rest.at < contact.at and rest.known_at <= contact.at
        if known and contact.at < rest.at + timedelta(hours=hours[rest.code]):
            what = f"contact binnen {hours[rest.code]} uur na {_RESTS[rest.code]}"
            return contact.first.finding(f"rest_after_{rest.code}", what)
    return None

"""Judge when contact was made: the hours of law, holds on the case, and how fresh the books were."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from outreach.audit.days import outside_hours, working_days_since
from outreach.audit.record import Hold, Limits, Sent
from outreach.audit.report import Finding

COLLECTING = frozenset({"collection", "legal"})
CHASES = frozenset({"plan_reminder", "plan_broken", "plan_repair"})
"""Texts that ask for an instalment of a plan."""
_HOURS = {
    "holiday": "op een feestdag",
    "equated": "op een dag die met een feestdag gelijkstaat",
    "sunday": "op zondag",
    "hour": "voor 7.00 uur of na 20.00 uur",
}
_HOLDS = {
    "pause": "terwijl het dossier stilstond",
    "resume_asked": "terwijl na het stilzetten nog niemand had besloten",
    "trajectory": "terwijl een traject liep",
    "promise": "terwijl een toezegging liep",
    "plan": "terwijl een betalingsregeling liep",
    "unanswered": "terwijl een bericht van de huurder op antwoord wachtte",
}


def judge_hours(sent: Sequence[Sent]) -> Iterator[Finding | None]:
    """Judge every attempt but answers in time on day and hour (Bki 4.2; rules.md 38)."""
    for attempt in sent:
        if not attempt.in_time:
            code = outside_hours(attempt.sent_at)
            yield attempt.finding(code, f"contact {_HOURS[code]}") if code else None


def judge_holds(sent: Sequence[Sent], holds: Mapping[int, Sequence[Hold]]) -> Iterator[Finding | None]:
    """Judge collection and legal attempts on what held their case at that moment (rules.md 8, 15).

    Danger, a death, a representative and a dispute hold what asks for an instalment of a plan as well.
    """
    for attempt in sent:
        if attempt.purpose in COLLECTING or attempt.template in CHASES:
            found = holds.get(attempt.case_id, ())
            hold = _in_force(attempt, [each for each in found if attempt.purpose in COLLECTING or each.is_quiet])
            yield attempt.finding(hold.code, f"contact {_HOLDS[hold.code]}") if hold else None


def _in_force(attempt: Sent, holds: Sequence[Hold]) -> Hold | None:
    day = attempt.day
    in_force = (hold for hold in holds if hold.holds(attempt.judged_at, day))
    return next((hold for hold in in_force if not _answered_by(attempt, hold)), None)


def _answered_by(attempt: Sent, hold: Hold) -> bool:
    return hold.inbound_id is not None and hold.inbound_id == attempt.answers_inbound_id


def judge_freshness(
    sent: Sequence[Sent],
    deliveries: Mapping[int, Sequence[tuple[datetime, date]]],
    limits: Mapping[int, Limits],
) -> Iterator[Finding | None]:
    """Judge collection and legal attempts on the newest books received before them (rules.md 40)."""
    known = {landlord_id: _newest(rows) for landlord_id, rows in deliveries.items()}
    for attempt in sent:
        if attempt.purpose in COLLECTING:
            yield _stale(attempt, *known.get(attempt.landlord_id, ((), ())), limits[attempt.settings_version_id])


def _newest(rows: Sequence[tuple[datetime, date]]) -> tuple[Sequence[datetime], Sequence[date]]:
    """Give the moments of receipt and per moment the newest day that the books spoke of until then."""
    received: list[datetime] = []
    newest: list[date] = []
    for received_at, as_of_on in rows:
        received.append(received_at)
        newest.append(max(as_of_on, newest[-1]) if newest else as_of_on)
    return received, newest


def _stale(attempt: Sent, received: Sequence[datetime], newest: Sequence[date], limits: Limits) -> Finding | None:
    place = bisect_right(received, attempt.judged_at)
    if not place:
        return attempt.finding("no_delivery", "contact voordat er een levering van de achterstanden was")
    age = working_days_since(newest[place - 1], attempt.day)
    if age <= limits.stale_ledger_working_days:
        return None
    return attempt.finding("stale", f"contact met achterstanden van {age} werkdagen oud")

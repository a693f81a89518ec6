"""What a robocall says, from the database, asked while the tenant is on the line (channels.scripts).

The text in the call's own language is the one that was checked when it was claimed; other languages are filled in now.
Whether there is still something to say is asked again at every turn: a tenant can pay while the phone rings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.phone_numbers import PhoneNumber, parse_phone
from channels.scripts import OtherLanguage, Script
from messages.languages import DUTCH, base_language
from messages.rendering import render
from messages.template import CALL_LINES, CatalogueError, Template, split_parts
from outreach.db.engine import Database
from outreach.db.tables import AttemptRow, CaseRow
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.policy import Policy, ladder_of, load_policy
from outreach.services.rechecking import recheck_at
from outreach.services.texts import choose, text_values
from schedules.calendar import Calendar
from schedules.decisions import Recheck, Verdict

ROBOCALL = "robocall"
ON_THE_LINE = frozenset({"claimed", "sent", "done", "unknown"})
LONGEST_WAIT = timedelta(hours=6)
"""A call that was claimed longer ago than this is not spoken any more: a request about it is an old one."""

LONGEST_TALK = timedelta(minutes=10)
"""A call that began within the permitted hours may end after them."""

OF_THE_MOMENT = frozenset(
    {"outside_window", "pressure_day", "pressure_days", "expired", "expires_before", "no_moment", "not_due_yet", "gap"}
)
"""Reasons to call at another moment: the phone has rung already, and the message still holds."""


@dataclass(frozen=True)
class CallScripts:
    """The texts of calls on a database; each question is one read."""

    db: Database
    calendar: Calendar

    def script(self, key: str, language: str | None, now: datetime) -> Script | None:
        """Return the call of this key in a language that is approved, or else in the one of the call.

        None when no such call is on the line.
        """
        with self.db.read() as session:
            row = session.scalar(select(AttemptRow).where(AttemptRow.key == key, AttemptRow.channel == ROBOCALL))
            if row is None or not _is_on_the_line(row, now):
                return None
            policy = load_policy(session, row.landlord_id)
            case = session.get_one(CaseRow, row.case_id)
            [loaded] = load_cases(session, [case], self.calendar.day_of(now), now)
            spoken = _Spoken(policy=policy, loaded=loaded, row=row, day_of_call=now, calendar=self.calendar)
            return self._written(session, spoken, language, now)

    def _written(self, session: Session, spoken: "_Spoken", language: str | None, now: datetime) -> Script:
        here = spoken.language(language)
        return Script(
            key=spoken.row.key,
            language=here,
            parts=spoken.parts(here),
            others=spoken.others(here),
            connect_to=connect_to(spoken.policy, self.calendar, now),
            stopped=self._is_stopped(session, spoken, now),
        )

    def _is_stopped(self, session: Session, spoken: "_Spoken", now: datetime) -> bool:
        row, policy = spoken.row, spoken.policy
        if spoken.loaded.case.state != "open":
            return True
        began = max(row.claimed_at or now, now - LONGEST_TALK)
        ladder = ladder_of(session, policy, row.ladder_version_id)
        return ends_call(recheck_at(self.calendar, policy, spoken.loaded, ladder, row, began))


def _is_on_the_line(row: AttemptRow, now: datetime) -> bool:
    recent = row.claimed_at is not None and now - row.claimed_at < LONGEST_WAIT
    return recent and row.state in ON_THE_LINE and row.template is not None


def ends_call(found: Recheck) -> bool:
    """Say whether the last check leaves nothing to say: whatever it finds but a better moment."""
    return found.verdict is not Verdict.GO and any(each.code not in OF_THE_MOMENT for each in found.why)


def connect_to(policy: Policy, calendar: Calendar, now: datetime) -> str | None:
    """Give the landlord's number (E.164) in office hours on a working day, None at other times."""
    day = calendar.day_of(now)
    hours = policy.engine.office_hours.get(day.weekday())
    if hours is None or not calendar.is_working_day(day):
        return None
    opens, closes = (calendar.utc(day, moment) for moment in hours)
    number = parse_phone(policy.settings.sender_phone, made_up=True)
    return number.e164 if opens <= now < closes and isinstance(number, PhoneNumber) and number.dialable else None


@dataclass(frozen=True, kw_only=True)
class _Spoken:
    """One call, and what is needed to write it in a language."""

    policy: Policy
    loaded: LoadedCase
    row: AttemptRow
    day_of_call: datetime
    calendar: Calendar

    def language(self, wanted: str | None) -> str:
        """Give the language to speak: the wanted one when it can be spoken whole, else the call's own, else Dutch."""
        own = base_language((self.row.carried or {}).get("language", self.row.language))
        return next((each for each in (wanted, own) if each and self._can_speak(each)), DUTCH)

    def parts(self, language: str) -> Mapping[str, str]:
        """Give the texts of the call and its fixed sentences."""
        own = (self.row.carried or {}).get("language", self.row.language)
        body = split_parts(self.row.text or "") if base_language(own) == language else {}
        return {**self._filled(CALL_LINES, language), **(body or self._filled(self.row.template or "", language))}

    def others(self, here: str) -> tuple[OtherLanguage, ...]:
        """Give the other languages of the landlord in which the whole call can be spoken."""
        found = []
        for language in self.policy.settings.languages:
            if language != here and self._can_speak(language):
                lines = self._filled(CALL_LINES, language)
                found.append(
                    OtherLanguage(language=language, offer=lines.get("offer", ""), choice=lines.get("choice", ""))
                )
        return tuple(found)

    def _can_speak(self, language: str) -> bool:
        names = (self.row.template or "", CALL_LINES)
        return all((found := self._text(name, language)) and _speaks(found, language) for name in names)

    def _text(self, name: str, language: str) -> Template | None:
        try:
            return choose(self.policy, name, ROBOCALL, language)
        except CatalogueError:
            return None

    def _filled(self, name: str, language: str) -> Mapping[str, str]:
        """Fill a text in; one that cannot be filled is silence."""
        template = self._text(name, language)
        if template is None:
            return {}
        day, extra = self.calendar.day_of(self.day_of_call), self.row.why.get("values", {})
        values = text_values(self.policy, self.loaded, self.row, template.language, extra, day)
        try:
            return render(template, values).parts
        except CatalogueError:
            return {}


def _speaks(template: Template, language: str) -> bool:
    return base_language(template.language) == language

"""Judge whether the addressee had said no to a channel, or had not said yes to WhatsApp."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from outreach.audit.record import Sent, scoped
from outreach.audit.report import Finding
from outreach.db.people import PermissionRow

NO = frozenset({"refused", "withdrawn"})
STOP = "stop"
OPT_IN_CHANNELS = frozenset({"whatsapp"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """One yes or no about contact; None means: every person, contact point, channel or purpose."""

    id: int
    person_id: int | None
    contact_point_id: int | None
    channel: str | None
    purpose: str | None
    status: str
    known_at: datetime

    def covers(self, attempt: Sent) -> bool:
        """Say whether it is about the addressee, contact point, channel and purpose of an attempt."""
        return (
            self.person_id in (None, attempt.addressee_id)
            and self.contact_point_id in (None, attempt.contact_point_id)
            and self.channel in (None, attempt.channel)
            and self.purpose in (None, attempt.purpose)
        )


class Permissions:
    """All permissions about contact, found by person and by contact point."""

    def __init__(self, permissions: Sequence[Permission]) -> None:
        self._of_person: Mapping[int, list[Permission]] = defaultdict(list)
        self._of_point: Mapping[int, list[Permission]] = defaultdict(list)
        for each in permissions:
            if each.person_id is not None:
                self._of_person[each.person_id].append(each)
            elif each.contact_point_id is not None:
                self._of_point[each.contact_point_id].append(each)

    def latest(self, attempt: Sent) -> Permission | None:
        """Return the permission about an attempt that was known last."""
        at = attempt.judged_at
        found = self._of_person.get(attempt.addressee_id, [])
        if attempt.contact_point_id is not None:
            found = found + self._of_point.get(attempt.contact_point_id, [])
        known = (each for each in found if each.known_at <= at and each.covers(attempt))
        return max(known, key=lambda each: (each.known_at, each.id), default=None)


def load_permissions(connection: Connection, landlord_id: int | None) -> Permissions:
    """Load every permission about contact."""
    table = PermissionRow.__table__
    columns = [table.c[name] for name in Permission.__slots__]
    statement = scoped(select(*columns).where(table.c.subject == "contact"), table, landlord_id)
    return Permissions([Permission(**row) for row in connection.execute(statement).mappings()])


@dataclass(kw_only=True)
class PermissionJudge:
    """Judge attempts one after the other; counts the answers that were exempt."""

    permissions: Permissions
    confirmed: set[int]
    stop_confirmations: int = 0
    answers: int = 0

    def verdicts(self, sent: Sequence[Sent]) -> Iterator[Finding | None]:
        """Judge every attempt, by the moment it went out (rules.md 38; law.md: WhatsApp)."""
        return (self._judge(attempt) for attempt in sent)

    def _judge(self, attempt: Sent) -> Finding | None:
        latest = self.permissions.latest(attempt)
        if latest is not None and latest.status in NO:
            return self._judge_refused(attempt, latest)
        if attempt.channel not in OPT_IN_CHANNELS or (latest is not None and latest.status == "given"):
            return None
        if attempt.in_time:
            self.answers += 1
            return None
        return attempt.finding("no_opt_in", f"bericht over {attempt.channel} zonder toestemming vooraf")

    def _judge_refused(self, attempt: Sent, no: Permission) -> Finding | None:
        if attempt.purpose != "answer":
            return attempt.finding("refused", f"contact over {attempt.channel} nadat dat geweigerd was")
        if _is_own_question(attempt):
            if attempt.in_time:
                self.answers += 1
                return None
            return attempt.finding("late_answer", f"antwoord na tien minuten over {attempt.channel}, dat geweigerd was")
        if no.id in self.confirmed:
            return attempt.finding("second_confirmation", "STOP is meer dan één keer bevestigd")
        self.confirmed.add(no.id)
        self.stop_confirmations += 1
        return None


def _is_own_question(attempt: Sent) -> bool:
    """Say whether the attempt answers a message of the tenant that was understood as something else than STOP."""
    return attempt.received_at is not None and attempt.intent not in (None, STOP)


def judge_permissions(permissions: Permissions) -> PermissionJudge:
    """Make a judge that has seen no confirmation yet."""
    return PermissionJudge(permissions=permissions, confirmed=set())

"""A small hand-made record that keeps every promise, and that the audit finds clean."""

import hashlib
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, insert, update

from outreach.audit import AuditReport, audit
from outreach.db.engine import make_engine
from outreach.db.migrate import upgrade
from outreach.db.tables import Base

pytestmark = pytest.mark.integration

TABLES = Base.metadata.tables
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TUESDAY = date(2026, 9, 8)
FIRST_DAY, LAST_DAY = date(2026, 8, 3), date(2026, 12, 31)
VIOLATIONS = {
    "outside_hours",
    "after_payment",
    "after_optout",
    "while_paused",
    "above_pressure",
    "twice",
    "not_b1",
    "stale_ledger",
}
INTEGRITY = {"chains", "anchors", "sent_evidence", "signals", "referrals", "decisions"}
TEXT = "Beste mevrouw Jansen, er staat € 750,00 huur open. Wilt u dit betalen? Lukt dat niet? Bel mij."
CONDITIONS = ("a", "b", "c", "d")


def at(day: date, clock: str = "10:00") -> datetime:
    """Give the UTC moment of a Dutch civil day and time."""
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)


def after(days: int) -> date:
    """Give the civil day that is so many days after the Tuesday of the tests."""
    return TUESDAY + timedelta(days=days)


@dataclass(kw_only=True)
class Arrear:
    """One case with its tenancy, household, tenant and phone."""

    case_id: int
    tenancy_id: int
    household_id: int
    person_id: int
    point_id: int
    item_id: int


@dataclass(kw_only=True)
class Record:
    """A record that is written row by row, with its evidence, as the product would have left it."""

    connection: Connection
    landlord_id: int = 0
    area_id: int = 0
    settings_id: int = 0
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def add(self, table: str, **values: Any) -> int:
        """Insert one row and give its id."""
        chosen = TABLES[table]
        if "landlord_id" in chosen.c:
            values = {"landlord_id": self.landlord_id, **values}
        key = self.connection.execute(insert(chosen).values(**values)).inserted_primary_key
        return int(key[0]) if key and isinstance(key[0], int) else 0

    def begin(self) -> None:
        """Write the landlord, his settings and a delivery on every working day."""
        self.landlord_id = self.add("landlord", slug="voorbeeld", name="Voorbeeld", created_at=at(FIRST_DAY))
        self.area_id = self.add("area", code="n", name="Noord", municipality="Voorbeeldstad")
        self.settings_id = self.settings({})
        days = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
        self.deliveries([day for day in days if day.weekday() < 5])

    def settings(self, body: dict[str, Any]) -> int:
        """Write a settings version."""
        text = json.dumps(body)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return self.add(
            "document", kind="settings", name="landlord", content_hash=digest, body=text, created_at=at(FIRST_DAY)
        )

    def deliveries(self, days: Sequence[date]) -> None:
        """Write an arrears delivery for each day, that came in the morning and speaks of the day before."""
        common = {"landlord_id": self.landlord_id, "kind": "arrears", "complete": True, "report": {}}
        counts = {"rows_total": 1, "rows_good": 1, "rows_bad": 0}
        rows = [
            {
                "filename": f"{day}.csv",
                "content_hash": str(day),
                "as_of_on": day - timedelta(days=1),
                "received_at": at(day, "06:30"),
                **common,
                **counts,
            }
            for day in days
        ]
        self.connection.execute(insert(TABLES["delivery"]), rows)

    def arrear(self, *, household_id: int | None = None, **values: Any) -> Arrear:
        """Write a case: one month of rent that is open since August."""
        number = next(self.numbers)
        if household_id is None:
            dwelling = self.add(
                "dwelling",
                area_id=self.area_id,
                street="Dorpsstraat",
                house_number=number,
                addition="",
                postcode="1000AA",
                city="Voorbeeldstad",
            )
            household_id = self.add("household", dwelling_id=dwelling)
        else:
            dwelling = self.add(
                "dwelling",
                area_id=self.area_id,
                street="Garage",
                house_number=number,
                addition="",
                postcode="1000AA",
                city="Voorbeeldstad",
            )
        tenancy = self.add(
            "tenancy",
            area_id=self.area_id,
            dwelling_id=dwelling,
            household_id=household_id,
            external_ref=f"H{number}",
        )
        person = self.add("person", family_name="Jansen")
        self.add(
            "tenancy_party",
            tenancy_id=tenancy,
            person_id=person,
            role="tenant",
            from_on=date(2020, 1, 1),
            source="import",
            known_at=at(FIRST_DAY),
        )
        point = self.add("contact_point", kind="mobile", value=f"+316{number:08}", state_known_at=at(FIRST_DAY))
        item = self.add(
            "ledger_item",
            tenancy_id=tenancy,
            external_ref="2026-08",
            kind="rent",
            due_on=date(2026, 8, 1),
            amount_cents=75000,
        )
        case = self.add(
            "case",
            **{
                "area_id": self.area_id,
                "tenancy_id": tenancy,
                "household_id": household_id,
                "number": f"D{number}",
                "ladder_name": "standaard",
                "ladder_version_id": self.settings_id,
                "settings_version_id": self.settings_id,
                "ladder_run": 1,
                "state": "open",
                "stage": "",
                "opened_on": FIRST_DAY,
                "opened_at": at(FIRST_DAY),
                "flags": [],
                "grounds": [],
                "dates": {},
                "decision": {},
                **values,
            },
        )
        arrear = Arrear(
            case_id=case,
            tenancy_id=tenancy,
            household_id=household_id,
            person_id=person,
            point_id=point,
            item_id=item,
        )
        self.entry(arrear, 75000, at(date(2026, 8, 4), "06:30"))
        return arrear

    def entry(self, arrear: Arrear, open_cents: int, known_at: datetime, item_id: int | None = None) -> None:
        """Write what is open of an item from a moment on."""
        self.add(
            "ledger_entry",
            tenancy_id=arrear.tenancy_id,
            item_id=item_id or arrear.item_id,
            open_cents=open_cents,
            reason="delivered",
            occurred_on=known_at.date(),
            known_at=known_at,
        )

    def attempt(self, arrear: Arrear, sent_at: datetime | None, *, evidence: bool = True, **values: Any) -> int:
        """Write an attempt that was sent, with what the sandbox took and the evidence."""
        number = next(self.numbers)
        channel = values.get("channel", "sms")
        staff = channel in ("call", "visit", "card")
        row = {
            "case_id": arrear.case_id,
            "household_id": arrear.household_id,
            "ladder_run": 1,
            "step": f"step-{number}",
            "attempt": 1,
            "addressee_id": arrear.person_id,
            "contact_point_id": None if channel in ("visit", "card", "letter") else arrear.point_id,
            "channel": channel,
            "kind": "message",
            "purpose": "collection",
            "template": "reminder",
            "language": "nl",
            "key": f"key-{number}",
            "moment": f"moment-{number}",
            "state": "sent",
            "due_at": sent_at or at(TUESDAY),
            "why": {},
            "claimed_at": None if staff else sent_at,
            "sent_at": sent_at,
            "text": TEXT,
            "provider": None if staff else "sandbox",
            "provider_ref": None if staff else f"ref-{number}",
            "reached": False,
            "tries": 1,
            "dropped_reason": {},
            "ladder_version_id": self.settings_id,
            "law_version_id": self.settings_id,
            "settings_version_id": self.settings_id,
            "b1_passed": True,
            **values,
        }
        attempt_id = self.add("attempt", **row)
        if sent_at and str(row["provider"]).startswith("sandbox"):
            self.taken(str(row["key"]), sent_at)
        if sent_at and evidence:
            self.evidence(f"case:{arrear.case_id}", sent_at, attempt_id=attempt_id, case_id=arrear.case_id)
        return attempt_id

    def taken(self, key: str, moment: datetime) -> None:
        """Write a message to the sandbox's own memory."""
        self.add("sandbox_message", key=key, provider_ref=f"taken-{key}", channel="sms", at=moment, body={})

    def inbound(self, arrear: Arrear, received_at: datetime, **values: Any) -> int:
        """Write a message of the tenant that was dealt with at once."""
        row = {
            "case_id": arrear.case_id,
            "person_id": arrear.person_id,
            "provider": "sandbox",
            "event_id": str(next(self.numbers)),
            "channel": "sms",
            "sender": "+31600000000",
            "text": "BEL MIJ",
            "received_at": received_at,
            "known_at": received_at,
            "understood": {},
            "state": "handled",
            "handled_at": received_at,
            "effect": {},
        }
        return self.add("inbound", **{**row, **values})

    def permission(self, arrear: Arrear, status: str, known_at: datetime, **values: Any) -> int:
        """Write a yes or a no of the tenant."""
        row = {
            "person_id": arrear.person_id,
            "subject": "contact",
            "status": status,
            "ground": "stop_reply",
            "evidence": "",
            "occurred_on": known_at.date(),
            "known_at": known_at,
        }
        return self.add("permission", **{**row, **values})

    def evidence(
        self,
        chain: str,
        known_at: datetime,
        *,
        kept: bool = True,
        kind: str = "sent",
        payload: dict[str, Any] | None = None,
        **values: Any,
    ) -> None:
        """Append a fact to a chain; one that is not kept moves the head only."""
        number, previous = self.heads.get(chain, (0, "0" * 64))
        body, salt = json.dumps(payload or {"text": TEXT}), b"salt"
        row = {
            "chain": chain,
            "number": number + 1,
            "kind": kind,
            "occurred_at": known_at,
            "known_at": known_at,
            "actor": "machine",
            "payload_hash": hashlib.sha256(salt + body.encode()).hexdigest(),
            "previous_hash": previous,
        }
        moment = known_at.astimezone(UTC).isoformat()
        parts = [previous, str(number + 1), kind, moment, moment, "machine", row["payload_hash"]]
        row["hash"] = hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()
        self.heads[chain] = (number + 1, str(row["hash"]))
        if kept:
            evidence_id = self.add("evidence", **{**row, **values})
            self.add("evidence_payload", evidence_id=evidence_id, salt=salt, body=body)

    def referral(self, arrear: Arrear, sent_at: datetime, **values: Any) -> int:
        """Write an early signal with evidence for the four conditions and an agreement."""
        proof = self.attempt(arrear, sent_at - timedelta(days=10), channel="letter", template="reminder_help")
        partner = self.add(
            "partner",
            municipality=f"Gemeente {next(self.numbers)}",
            kind="municipality",
            name="Gemeente",
            **{"agreement_from": date(2026, 1, 1), "agreement_to": None, **values.pop("partner", {})},
            fields=[],
        )
        conditions = {
            letter: {"met": True, "evidence": [{"attempt": proof, "channel": "letter"}]} for letter in CONDITIONS
        }
        conditions.update(values.pop("conditions", {}))
        row = {
            "case_id": arrear.case_id,
            "ladder_run": 1,
            "step": "signal",
            "partner_id": partner,
            "partner_kind": "municipality",
            "state": "sent",
            "dossier": {"conditions": conditions},
            "sent_at": sent_at,
            "feedback_due_on": date(2026, 12, 1),
            "owner_name": "Tim de Vries",
        }
        return self.add("referral", **{**row, **values})

    def report(self, arrear: Arrear, sent_at: datetime | None, partner: int, route: int | None, **values: Any) -> int:
        """Write a referral to a meldpunt; one without a moment waits in the queue."""
        row = {
            "case_id": arrear.case_id,
            "ladder_run": 1,
            "step": f"report-{next(self.numbers)}",
            "partner_id": partner,
            "partner_kind": "meldpunt",
            "route_version_id": route,
            "state": "sent" if sent_at else "queued",
            "dossier": {},
            "sent_at": sent_at,
            "feedback_due_on": date(2026, 12, 1) if sent_at else None,
            "owner_name": "Tim de Vries",
        }
        return self.add("referral", **{**row, **values})

    def meldpunt(self) -> int:
        """Write a partner that takes referrals by quota."""
        name = f"Gemeente {next(self.numbers)}"
        return self.add("partner", municipality=name, kind="meldpunt", name="Meldpunt", fields=[])

    def route(self, quota: str) -> int:
        """Write a route version with a quota."""
        body, number = f"route: r\nquota: {quota}\n", next(self.numbers)
        digest = hashlib.sha256(f"{body}{number}".encode()).hexdigest()
        return self.add("document", kind="route", name="r", content_hash=digest, body=body, created_at=at(FIRST_DAY))

    def decision(self, arrear: Arrear, *, payload: dict[str, Any] | None, outcome: str = "go_on") -> int:
        """Write a decision of a commission, with its evidence unless the payload is None."""
        made = self.attempt(
            arrear,
            None,
            kind="decision",
            channel="office",
            state="done",
            outcome=outcome,
            text=None,
            template=None,
            provider="staff",
        )
        if payload is not None:
            chain = f"case:{arrear.case_id}"
            self.evidence(
                chain, at(after(3)), kind="decision", payload=payload, attempt_id=made, case_id=arrear.case_id
            )
        return made

    def resume(self, arrear: Arrear, pause: int, done_at: datetime | None) -> None:
        """Write the task that asks whether contact begins again after a pause."""
        state = "open" if done_at is None else "done"
        fields = {"kind": "resume", "key": f"resume:{pause}", "state": state, "priority": 50, "detail": {}}
        self.add("task", case_id=arrear.case_id, due_at=at(TUESDAY), done_at=done_at, **fields)

    def change(self, table: str, row_id: int, column: str = "id", **values: Any) -> None:
        """Change a row that can be changed."""
        chosen = TABLES[table]
        self.connection.execute(update(chosen).where(chosen.c[column] == row_id).values(**values))

    def anchor(self, day: date, **values: Any) -> None:
        """Anchor the heads of all chains at the end of a day."""
        heads = "\n".join(f"{chain} {length} {head}" for chain, (length, head) in sorted(self.heads.items()))
        row = {
            "day": day,
            "at": at(day, "23:00"),
            "chains": len(self.heads),
            "entries": sum(length for length, _ in self.heads.values()),
            "digest": hashlib.sha256(heads.encode()).hexdigest(),
            "heads": heads,
        }
        self.add("anchor", **{**row, **values})

    def finish(self) -> None:
        """Keep the heads of the chains."""
        for chain, (length, head) in self.heads.items():
            self.add("evidence_chain", chain=chain, length=length, head_hash=head)


def write_valid(record: Record) -> None:
    """Write one of everything that is right, also at its edges."""
    usual = record.arrear()
    record.attempt(usual, at(TUESDAY, "07:00"))
    visit = {"moment": "door", "step": "visit"}
    record.attempt(usual, at(after(2), "19:59"), channel="visit", text=None, **visit)
    record.attempt(usual, at(after(2), "19:59"), channel="card", **{**visit, "step": "card"})
    record.attempt(usual, at(after(7)), attempt=1, step="both", moment="both")
    partner = record.add("person", family_name="Jansen")
    record.attempt(usual, at(after(7), "10:05"), step="both", moment="both", addressee_id=partner)
    record.attempt(usual, at(after(8)), purpose="legal", channel="letter", language="en", text="Please pay.")
    _valid_answers(record)
    _valid_ends(record)
    record.referral(record.arrear(), at(after(14)))
    _valid_care(record)


DECIDED = {"outcome": "go_on", "decided_by": "commission", "reference": "Verslag 12", "decided_on": "2026-09-10"}


def _valid_care(record: Record) -> None:
    """Write a queue behind a full month, a decision with its document, and contact after help and a last chance."""
    partner, route = record.meldpunt(), record.route("{per_month: 1, per_year: 2}")
    for day in (TUESDAY, after(30), None):
        record.report(record.arrear(), at(day) if day else None, partner, route)
    record.decision(record.arrear(), payload=DECIDED)
    helped = record.arrear()
    help_ends = at(after(3), "07:30")
    values = {"reason": "help_accepted", "from_at": at(TUESDAY), "until_on": after(3), "end_reason": "end_date"}
    report = record.report(helped, at(TUESDAY), record.meldpunt(), None)
    pause = record.add("pause", case_id=helped.case_id, ended_at=help_ends, referral_id=report, **values)
    record.resume(helped, pause, at(after(6), "09:00"))
    trajectory = {"name": "kans", "state": "completed", "definition_version_id": record.settings_id}
    moments = {"proposed_at": at(TUESDAY), "started_at": at(TUESDAY), "ended_at": at(after(6), "09:30")}
    record.add("trajectory", case_id=helped.case_id, **trajectory, **moments)
    record.attempt(helped, at(after(6)))


def _valid_answers(record: Record) -> None:
    answered = record.arrear()
    sunday = at(after(5), "22:00")
    question = record.inbound(answered, sunday)
    soon = sunday + timedelta(minutes=10)
    record.attempt(answered, soon, purpose="answer", step="answer:1", answers_inbound_id=question)
    record.permission(answered, "refused", at(after(6)), channel="sms", contact_point_id=answered.point_id)
    stop = record.inbound(answered, at(after(6)), intent="stop", text="STOP")
    record.attempt(answered, at(after(6), "10:30"), purpose="answer", step="answer:2", answers_inbound_id=stop)
    again = record.inbound(answered, at(after(9)), intent="plan")
    record.attempt(answered, at(after(9), "10:09"), purpose="answer", step="answer:3", answers_inbound_id=again)
    record.permission(answered, "given", at(after(8)), channel="whatsapp")
    record.attempt(answered, at(after(9)), channel="whatsapp")
    waits = record.inbound(answered, at(after(20)), state="waiting", handled_at=at(after(22)))
    record.attempt(answered, at(after(21)), channel="call", contact_point_id=None, answers_inbound_id=waits)


def _valid_ends(record: Record) -> None:
    """Write pauses, promises, plans and talks that were over, or not yet known, when a contact was made."""
    ended = record.arrear()
    moment = at(after(14))
    record.add("pause", case_id=ended.case_id, reason="help", from_at=at(TUESDAY), until_on=after(14))
    record.add("pause", case_id=ended.case_id, reason="help", from_at=at(TUESDAY), ended_at=moment)
    record.add("pause", case_id=ended.case_id, reason="help", from_at=at(after(15)))
    record.add(
        "promise", case_id=ended.case_id, promised_on=after(13), state="open", made_at=at(after(1)), source="call"
    )
    record.add(
        "payment_plan",
        case_id=ended.case_id,
        state="broken",
        total_cents=75000,
        source="call",
        requested_at=at(TUESDAY),
        agreed_at=at(TUESDAY),
        ended_at=moment,
    )
    record.add("talk", case_id=ended.case_id, channel="call", at=at(after(13)), known_at=at(after(14), "10:01"))
    record.add("talk", case_id=ended.case_id, channel="call", at=at(after(11)), known_at=at(after(11)))
    record.attempt(ended, moment, channel="call")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Yield a database of each kind with our tables."""
    made = make_engine(database_url)
    upgrade(made)
    yield made
    made.dispose()


def test_a_valid_record_is_clean(engine: Engine) -> None:
    with engine.begin() as connection:
        record = Record(connection=connection)
        record.begin()
        write_valid(record)
        record.anchor(after(30))
        record.finish()
    report = audit(engine)
    assert wrong(report) == {}
    assert set(report.violations) == VIOLATIONS
    assert set(report.integrity) == INTEGRITY
    assert all(kind.checked for kind in (*report.violations.values(), *report.integrity.values()))
    assert report.exempt == {
        "answers_in_time": 2,
        "answers_late": 1,
        "legal": 1,
        "plan": 0,
        "stop_confirmations": 1,
        "answers_after_optout": 1,
        "texts_in_other_languages": 1,
    }
    assert audit(engine, 999).attempts == 0


def wrong(report: AuditReport) -> dict[str, list[str]]:
    """Give per kind that is not clean the codes that were found."""
    kinds = {**report.violations, **report.integrity}
    assert all(kind.count == len(kind.examples) for kind in kinds.values())
    return {name: [each.code for each in kind.examples] for name, kind in kinds.items() if kind.count}

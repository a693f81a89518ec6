"""One violation of every kind is planted in a valid record; the audit finds exactly that one."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from outreach.audit import audit
from outreach.cli.audit_commands import audit_command
from outreach.db.engine import make_engine
from outreach.db.migrate import upgrade
from tests.integration.test_audit_record import DECIDED, TEXT, TUESDAY, Arrear, Record, after, at, write_valid, wrong

pytestmark = pytest.mark.integration

Plant = Callable[[Record], object]
LONG = "Ik schrijf u over de huur van uw huis en ik wil u graag spreken want samen komen wij er met u vast wel uit."
MEAN = "Ik schrijf u over de huur van uw huis en ik wil u graag spreken over geld en hulp."
HARD = (
    "De gemeentelijke schuldhulpverlening ondersteunt huishoudens kosteloos. "
    "Administratieve medewerkers beoordelen individuele betalingsmogelijkheden. "
    "Gespecialiseerde begeleiders organiseren maandelijkse bijeenkomsten. "
) * 4


def sent(*, day: date = TUESDAY, clock: str = "10:00", **values: Any) -> Plant:
    """Plant one attempt on a fresh case."""
    return lambda record: record.attempt(record.arrear(), at(day, clock), **values)


def answered_late_on_sunday(record: Record) -> None:
    arrear = record.arrear()
    question = record.inbound(arrear, at(after(5), "12:00"))
    record.attempt(arrear, at(after(5), "12:11"), purpose="answer", answers_inbound_id=question)


def paid(purpose: str, **values: Any) -> Plant:
    def plant(record: Record) -> None:
        arrear = record.arrear()
        record.entry(arrear, 0, at(TUESDAY))
        record.attempt(arrear, at(TUESDAY), purpose=purpose, **values)

    return plant


def credited(record: Record) -> None:
    arrear = record.arrear()
    credit = _item(record, arrear.tenancy_id, TUESDAY - timedelta(days=1), -75000)
    record.entry(arrear, -75000, at(TUESDAY, "06:00"), item_id=credit)
    record.attempt(arrear, at(TUESDAY))


def not_yet_due(record: Record) -> None:
    arrear = record.arrear()
    record.entry(arrear, 0, at(TUESDAY, "06:00"))
    due_today = _item(record, arrear.tenancy_id, TUESDAY, 75000)
    record.entry(arrear, 75000, at(TUESDAY, "06:00"), item_id=due_today)
    record.attempt(arrear, at(TUESDAY))


def _item(record: Record, tenancy_id: int, due_on: date, cents: int) -> int:
    return record.add(
        "ledger_item", tenancy_id=tenancy_id, external_ref="x", kind="rent", due_on=due_on, amount_cents=cents
    )


def refused(status: str = "refused", **values: Any) -> Plant:
    def plant(record: Record) -> None:
        arrear = record.arrear()
        record.permission(arrear, "given", at(TUESDAY, "08:00"))
        record.permission(arrear, status, at(TUESDAY, "09:00"), **values)
        record.attempt(arrear, at(TUESDAY))

    return plant


def visited_after_no(record: Record) -> None:
    """A claim in the morning is no licence for a visit in the afternoon."""
    arrear = record.arrear()
    record.permission(arrear, "refused", at(TUESDAY, "12:00"), channel="visit")
    record.attempt(arrear, at(TUESDAY, "15:00"), channel="visit", claimed_at=at(TUESDAY, "08:00"))


def refused_by_phone(record: Record) -> None:
    arrear = record.arrear()
    record.permission(arrear, "refused", at(TUESDAY, "09:00"), person_id=None, contact_point_id=arrear.point_id)
    record.attempt(arrear, at(TUESDAY))


def stop_confirmed(record: Record) -> None:
    arrear = record.arrear()
    record.permission(arrear, "refused", at(TUESDAY, "09:00"))
    stop = record.inbound(arrear, at(TUESDAY, "09:00"), intent="stop")
    for step in ("answer:1", "answer:2"):
        record.attempt(arrear, at(TUESDAY, "09:01"), purpose="answer", step=step, answers_inbound_id=stop)


def answered_late_after_no(record: Record) -> None:
    arrear = record.arrear()
    record.permission(arrear, "refused", at(TUESDAY, "09:00"))
    question = record.inbound(arrear, at(TUESDAY, "10:00"), intent="plan")
    record.attempt(arrear, at(TUESDAY, "10:11"), purpose="answer", answers_inbound_id=question)


def held(purpose: str = "collection", **pause: Any) -> Plant:
    def plant(record: Record) -> None:
        arrear = record.arrear()
        record.add("pause", case_id=arrear.case_id, reason="help", from_at=at(TUESDAY), **pause)
        record.attempt(arrear, at(TUESDAY), purpose=purpose)

    return plant


def on_the_last_day(record: Record) -> None:
    """Plant a contact on the day on which a pause of staff ended by its date."""
    arrear = record.arrear()
    values = {"from_at": at(TUESDAY), "until_on": after(2), "ended_at": at(after(2), "07:30")}
    record.add("pause", case_id=arrear.case_id, reason="illness", end_reason="end_date", **values)
    record.attempt(arrear, at(after(2)))


def before_anybody_decided(record: Record) -> None:
    """Plant a contact after help ended by its date, while the question to resume still waits."""
    arrear = record.arrear()
    report = record.report(arrear, at(TUESDAY), record.meldpunt(), None)
    values = {"from_at": at(TUESDAY), "until_on": after(2), "ended_at": at(after(2), "07:30")}
    pause = record.add(
        "pause", case_id=arrear.case_id, reason="help", end_reason="end_date", referral_id=report, **values
    )
    record.resume(arrear, pause, None)
    record.attempt(arrear, at(after(6)))


def during_a_last_chance(record: Record) -> None:
    arrear = record.arrear()
    fields = {"name": "kans", "state": "running", "definition_version_id": record.settings_id}
    record.add("trajectory", case_id=arrear.case_id, proposed_at=at(TUESDAY), started_at=at(TUESDAY), **fields)
    record.attempt(arrear, at(after(3)))


def reported(quota: str, *days: int, **values: Any) -> Plant:
    """Plant referrals on days, by a route with a quota."""

    def plant(record: Record) -> None:
        partner, route = record.meldpunt(), record.route(quota)
        for day in days:
            record.report(record.arrear(), at(after(day)), partner, route, **values)

    return plant


def decided(payload: dict[str, Any] | None, **values: Any) -> Plant:
    return lambda record: record.decision(record.arrear(), payload=payload, **values)


def promised(record: Record) -> None:
    arrear = record.arrear()
    values = {"promised_on": after(4), "state": "open", "made_at": at(TUESDAY), "source": "call"}
    record.add("promise", case_id=arrear.case_id, **values)
    record.attempt(arrear, at(after(4)))


def planned(record: Record) -> None:
    arrear = record.arrear()
    values = {"state": "active", "total_cents": 75000, "source": "call"}
    moments = {"requested_at": at(TUESDAY), "agreed_at": at(TUESDAY)}
    record.add("payment_plan", case_id=arrear.case_id, **values, **moments)
    record.attempt(arrear, at(after(8)))


def unanswered(record: Record) -> None:
    arrear = record.arrear()
    record.inbound(arrear, at(TUESDAY), state="waiting", handled_at=None)
    record.attempt(arrear, at(after(1)))


def twice_a_day(record: Record) -> None:
    arrear = record.arrear()
    record.attempt(arrear, at(TUESDAY))
    record.attempt(arrear, at(TUESDAY, "15:00"), purpose="care", text="Hoe gaat het met u?")


def thrice_a_week(record: Record) -> None:
    """Three cases of one household get one contact each; the third is six days after the first."""
    first = record.arrear()
    cases = [first, *(record.arrear(household_id=first.household_id) for _ in range(2))]
    for arrear, days in zip(cases, (0, 3, 6), strict=True):
        record.attempt(arrear, at(after(days)))


def own_figures(record: Record) -> None:
    version = record.settings({"pressure": {"per_days": 1, "days": 10}})
    arrear = record.arrear()
    for days in (0, 9):
        record.attempt(arrear, at(after(days)), settings_version_id=version)


def talked(record: Record) -> None:
    arrear = record.arrear()
    record.add("talk", case_id=arrear.case_id, channel="call", at=at(TUESDAY), known_at=at(TUESDAY))
    record.attempt(arrear, at(after(3), "09:59"))


def promised_and_withdrawn(record: Record) -> None:
    arrear = record.arrear()
    values = {"promised_on": after(9), "state": "withdrawn", "ended_at": at(TUESDAY, "11:00"), "source": "call"}
    record.add("promise", case_id=arrear.case_id, made_at=at(TUESDAY), **values)
    record.attempt(arrear, at(after(2)))


def one_moment_two_steps(record: Record) -> None:
    arrear = record.arrear()
    record.attempt(arrear, at(TUESDAY), moment="same")
    record.attempt(arrear, at(TUESDAY), moment="same", channel="call")


def one_moment_three_days(record: Record) -> None:
    arrear = record.arrear()
    for days in (0, 1, 2):
        person = record.add("person", family_name="Jansen")
        record.attempt(arrear, at(after(days)), moment="same", step="same", addressee_id=person)


def two_visits(record: Record) -> None:
    arrear = record.arrear()
    for step in ("visit", "visit-again"):
        record.attempt(arrear, at(TUESDAY), moment="door", channel="visit", step=step)


def same_reference(record: Record) -> None:
    for _ in range(2):
        record.attempt(record.arrear(), at(TUESDAY), provider="twilio", provider_ref="SM1")


def same_text(record: Record) -> None:
    arrear = record.arrear()
    for day, clock in ((TUESDAY, "15:00"), (after(1), "10:00")):
        record.attempt(arrear, at(day, clock))


def lost(record: Record) -> None:
    attempt_id = record.attempt(record.arrear(), at(TUESDAY), provider=None)
    record.change("attempt", attempt_id, provider="sandbox")


def nothing_ever_owed(record: Record) -> None:
    arrear = record.arrear()
    elsewhere = record.arrear()
    record.change("case", arrear.case_id, tenancy_id=_without_books(record, elsewhere))
    record.attempt(arrear, at(TUESDAY))


def _without_books(record: Record, like: Arrear) -> int:
    dwelling = record.add(
        "dwelling", area_id=record.area_id, street="X", house_number=1, addition="", postcode="1", city="Y"
    )
    values = {"area_id": record.area_id, "dwelling_id": dwelling, "household_id": like.household_id}
    return record.add("tenancy", external_ref="without", **values)


def unrecorded(record: Record) -> None:
    record.attempt(record.arrear(), None, state="dropped", key="dropped-but-taken")
    record.taken("dropped-but-taken", at(TUESDAY))
    record.attempt(record.arrear(), None, state="unknown", key="in-flight")
    record.taken("in-flight", at(TUESDAY))


def friday_to_tuesday(record: Record) -> None:
    """The books of Friday bind on Monday, and no longer on Tuesday."""
    arrear = record.arrear()
    record.attempt(arrear, at(date(2027, 1, 4)), text=None, channel="call")
    record.attempt(record.arrear(), at(date(2027, 1, 5)), channel="call")


def before_the_books(record: Record) -> None:
    """The first delivery came on 3 August; this went out on Saturday 1 August."""
    arrear = record.arrear()
    old = _item(record, arrear.tenancy_id, date(2026, 7, 1), 75000)
    record.entry(arrear, 75000, at(date(2026, 7, 2)), item_id=old)
    record.attempt(arrear, at(date(2026, 8, 1)))


VIOLATIONS: dict[str, tuple[str, str, Plant]] = {
    "sunday": ("outside_hours", "sunday", sent(day=after(5), purpose="care")),
    "early": ("outside_hours", "hour", sent(clock="06:59", purpose="care")),
    "late": ("outside_hours", "hour", sent(clock="20:00", purpose="legal")),
    "late visit": ("outside_hours", "hour", sent(clock="20:30", channel="visit")),
    "late plan": ("outside_hours", "hour", sent(clock="20:00", purpose="plan")),
    "holiday": ("outside_hours", "holiday", sent(day=date(2026, 12, 25), purpose="care")),
    "equated day": ("outside_hours", "equated", sent(day=date(2027, 5, 7), purpose="care")),
    "late answer": ("outside_hours", "sunday", answered_late_on_sunday),
    "nothing asked": ("outside_hours", "sunday", sent(day=after(5), purpose="answer")),
    "paid": ("after_payment", "nothing_overdue", paid("collection")),
    "paid, legal": ("after_payment", "nothing_overdue", paid("legal")),
    "paid, plan": ("after_payment", "nothing_overdue", paid("plan")),
    "paid, visit": ("after_payment", "nothing_overdue", paid("collection", channel="visit")),
    "credited": ("after_payment", "nothing_overdue", credited),
    "nothing ever owed": ("after_payment", "no_books", nothing_ever_owed),
    "not yet due": ("after_payment", "nothing_overdue", not_yet_due),
    "refused": ("after_optout", "refused", refused()),
    "withdrawn": ("after_optout", "refused", refused("withdrawn", channel="sms", purpose="collection")),
    "refused by phone": ("after_optout", "refused", refused_by_phone),
    "visited after no": ("after_optout", "refused", visited_after_no),
    "no opt-in": ("after_optout", "no_opt_in", sent(channel="whatsapp")),
    "confirmed twice": ("after_optout", "second_confirmation", stop_confirmed),
    "answered late": ("after_optout", "late_answer", answered_late_after_no),
    "paused": ("while_paused", "pause", held()),
    "paused, legal": ("while_paused", "pause", held("legal", until_on=after(1))),
    "paused, ended later": ("while_paused", "pause", held(ended_at=at(TUESDAY, "10:01"))),
    "on the last day": ("while_paused", "pause", on_the_last_day),
    "not decided yet": ("while_paused", "resume_asked", before_anybody_decided),
    "last chance": ("while_paused", "trajectory", during_a_last_chance),
    "promised": ("while_paused", "promise", promised),
    "planned": ("while_paused", "plan", planned),
    "unanswered": ("while_paused", "unanswered", unanswered),
    "twice a day": ("above_pressure", "per_day", twice_a_day),
    "thrice a week": ("above_pressure", "per_days", thrice_a_week),
    "own figures": ("above_pressure", "per_days", own_figures),
    "rest after a talk": ("above_pressure", "rest_after_talk", talked),
    "rest after a promise": ("above_pressure", "rest_after_promise", promised_and_withdrawn),
    "one moment, two steps": ("above_pressure", "per_day", one_moment_two_steps),
    "one moment, three days": ("above_pressure", "per_days", one_moment_three_days),
    "two visits": ("above_pressure", "per_day", two_visits),
    "same reference": ("twice", "same_reference", same_reference),
    "same text": ("twice", "same_text", same_text),
    "orphan": ("twice", "orphan", lambda record: record.taken("nobody", at(TUESDAY))),
    "lost": ("twice", "lost", lost),
    "unrecorded": ("twice", "unrecorded", unrecorded),
    "not passed": ("not_b1", "not_passed", sent(b1_passed=False)),
    "never tested": ("not_b1", "not_passed", sent(b1_passed=None, channel="card", purpose="care")),
    "no text": ("not_b1", "no_text", sent(text=None)),
    "officialese": ("not_b1", "officialese", sent(text=f"{TEXT} Wij schrijven u inzake de huur.")),
    "threat": ("not_b1", "threat", sent(text=f"{TEXT} Anders volgt ontruiming.")),
    "long sentence": ("not_b1", "long_sentence", sent(text=LONG)),
    "long mean": ("not_b1", "long_mean", sent(text=MEAN)),
    "low score": ("not_b1", "low_score", sent(text=HARD, channel="letter")),
    "stale": ("stale_ledger", "stale", friday_to_tuesday),
    "no delivery": ("stale_ledger", "no_delivery", before_the_books),
}


def proven(chain: str, **values: Any) -> Plant:
    return lambda record: record.evidence(chain, at(after(3)), **values)


def with_gap(record: Record) -> None:
    record.evidence("landlord", at(after(3)))
    record.evidence("landlord", at(after(3)), kept=False)
    record.evidence("landlord", at(after(3)))


def other_payload(record: Record) -> None:
    record.evidence("landlord", at(after(3)))
    record.connection.exec_driver_sql("UPDATE evidence_payload SET body = '{}' WHERE evidence_id = 1")


def told(**values: Any) -> Plant:
    return lambda record: record.referral(record.arrear(), at(after(14)), **values)


def told_after_no(record: Record) -> None:
    arrear = record.arrear()
    record.permission(arrear, "given", at(after(1)), subject="share", partner_kind="municipality")
    record.permission(arrear, "refused", at(after(2)), subject="share", partner_kind="municipality")
    record.referral(arrear, at(after(14)))


def lone_anchor(record: Record) -> None:
    heads = f"landlord 7 {'a' * 64}"
    digest = hashlib.sha256(heads.encode()).hexdigest()
    record.anchor(after(20), heads=heads, digest=digest, chains=1, entries=7)


INTEGRITY: dict[str, tuple[str, str, Plant]] = {
    "changed hash": ("chains", "hash", proven("landlord", actor="somebody else")),
    "gap": ("chains", "gap", with_gap),
    "other payload": ("chains", "payload", other_payload),
    "loose link": ("chains", "previous", proven("landlord", previous_hash="f" * 64)),
    "anchor changed": ("anchors", "digest", lambda record: record.anchor(after(20), digest="0" * 64)),
    "anchor miscounted": ("anchors", "figures", lambda record: record.anchor(after(20), entries=1)),
    "anchor alone": ("anchors", "cut", lone_anchor),
    "no evidence": ("sent_evidence", "no_evidence", sent(evidence=False)),
    "agreement over": ("signals", "no_agreement", told(partner={"agreement_to": after(14)})),
    "no agreement": ("signals", "no_agreement", told(partner={"agreement_from": None})),
    "told after no": ("signals", "refused", told_after_no),
    **{
        f"without {letter}": (
            "signals",
            f"condition_{letter}",
            told(conditions={letter: {"met": True, "evidence": []}}),
        )
        for letter in "abcd"
    },
    "over the month": ("referrals", "over_per_month", reported("{per_month: 1}", 1, 2)),
    "over the year": ("referrals", "over_per_year", reported("{per_year: 2}", 1, 32, 64)),
    "nobody follows": ("referrals", "no_owner", reported("{per_month: 9}", 1, owner_name="")),
    "no feedback": ("referrals", "no_feedback", reported("{per_month: 9}", 1, feedback_due_on=None)),
    "queued and sent": ("referrals", "state", reported("{per_month: 9}", 1, state="queued")),
    "undecided": ("decisions", "no_evidence", decided(None)),
    "without a document": ("decisions", "no_document", decided({**DECIDED, "reference": ""})),
    "decided otherwise": ("decisions", "other_outcome", decided(DECIDED, outcome="chance")),
    "not met": ("signals", "condition_a", told(conditions={"a": {"met": False, "evidence": [1]}})),
    "made up": ("signals", "condition_c", told(conditions={"c": {"met": True, "evidence": [99999]}})),
}


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with our tables, to be copied: the migrations run once."""
    path = tmp_path_factory.mktemp("audit") / "empty.sqlite3"
    made = make_engine(f"sqlite:///{path}")
    upgrade(made)
    made.dispose()
    return path


@pytest.fixture
def engine(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    """Yield an empty database; that the audit reads both kinds alike is tested with the valid record."""
    copied = shutil.copy(empty_database, tmp_path / "outreach.sqlite3")
    made = make_engine(f"sqlite:///{copied}")
    yield made
    made.dispose()


@contextmanager
def recording(engine: Engine) -> Iterator[Record]:
    """Begin a record, and complete it with everything that is right."""
    with engine.begin() as connection:
        record = Record(connection=connection)
        record.begin()
        record.deliveries([date(2027, 1, 2), date(2027, 5, 7)])
        yield record
        write_valid(record)
        record.anchor(after(30))
        record.finish()


@pytest.mark.parametrize("name", [*VIOLATIONS, *INTEGRITY])
def test_the_audit_finds_exactly_what_was_planted(engine: Engine, name: str) -> None:
    kind, code, plant = {**VIOLATIONS, **INTEGRITY}[name]
    with recording(engine) as record:
        plant(record)
    assert wrong(audit(engine)) == {kind: [code]}


def test_a_cut_tail_is_found_by_the_head_and_by_the_anchor(engine: Engine) -> None:
    with recording(engine) as record:
        record.evidence("landlord", at(after(3)))
        record.evidence("landlord", at(after(4)), kept=False)
    assert wrong(audit(engine)) == {"chains": ["head"], "anchors": ["cut"]}


def test_a_chain_that_is_gone_is_found(engine: Engine) -> None:
    with recording(engine) as record:
        record.evidence("landlord", at(after(3)), kept=False)
    assert wrong(audit(engine)) == {"chains": ["head"], "anchors": ["cut"]}


def test_a_record_that_was_never_anchored_is_found(engine: Engine) -> None:
    with engine.begin() as connection:
        record = Record(connection=connection)
        record.begin()
        record.evidence("landlord", at(TUESDAY))
        record.evidence("landlord", at(after(1)))
        record.finish()
    assert wrong(audit(engine)) == {}
    with engine.begin() as connection:
        record.connection = connection
        record.evidence("landlord", at(after(2)))
        length, head = record.heads["landlord"]
        record.change("evidence_chain", record.landlord_id, "landlord_id", length=length, head_hash=head)
    assert wrong(audit(engine)) == {"anchors": ["no_anchor"]}


def test_an_example_says_who_what_and_when(engine: Engine) -> None:
    with recording(engine) as record:
        arrear = record.arrear(number="D-77")
        attempt_id = record.attempt(arrear, at(after(5)), key="key-77", purpose="care")
    report = audit(engine)
    assert not report.clean
    assert report.as_data()["violations"]["outside_hours"]["examples"] == [
        {
            "attempt": attempt_id,
            "key": "key-77",
            "case": "D-77",
            "code": "sunday",
            "what": "contact op zondag",
            "when": "2026-09-13T08:00:00+00:00",
        }
    ]


def test_another_landlord_is_left_out(engine: Engine) -> None:
    with recording(engine) as record:
        record.attempt(record.arrear(), at(after(5)), purpose="care")
        other = record.add("landlord", slug="ander", name="Ander", created_at=at(TUESDAY))
    assert wrong(audit(engine, other)) == {}
    assert wrong(audit(engine, record.landlord_id)) == {"outside_hours": ["sunday"]}


def test_the_command_prints_and_exits(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with recording(engine) as record:
        attempt_id = record.attempt(record.arrear(number="D-77"), at(after(5)), purpose="care")
    shown = CliRunner().invoke(audit_command, ["--database", url, "--landlord", "voorbeeld"])
    assert shown.exit_code == 1
    assert f"dossier D-77, poging {attempt_id}, 13-09-2026 10:00, contact op zondag" in shown.output
    data = json.loads(CliRunner().invoke(audit_command, ["--database", url, "--json"]).output)
    assert data["violations"]["outside_hours"]["count"] == 1
    assert data["attempts"] == data["violations"]["after_optout"]["checked"]
    record_of_none = CliRunner().invoke(audit_command, ["--database", url, "--landlord", "nobody"])
    assert record_of_none.exit_code == 1
    assert "Er is geen verhuurder 'nobody'" in record_of_none.output


def test_the_command_exits_with_zero_for_a_clean_record(engine: Engine) -> None:
    with recording(engine):
        pass
    url = engine.url.render_as_string(hide_password=False)
    shown = CliRunner().invoke(audit_command, ["--database", url])
    assert (shown.exit_code, "Alles klopt." in shown.output) == (0, True)


def test_the_command_makes_no_database(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite3"
    shown = CliRunner().invoke(audit_command, ["--database", f"sqlite:///{path}"])
    assert "Er is geen database" in shown.output
    assert not path.exists()
    path.touch()
    assert "heeft de tabellen" in CliRunner().invoke(audit_command, ["--database", f"sqlite:///{path}"]).output

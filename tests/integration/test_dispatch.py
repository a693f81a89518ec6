"""Before it goes: the plan of the week at each sender's pace, and a dry run that changes nothing."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from outreach.cli.channel_commands import channel_group
from outreach.db.tables import AttemptRow, Base, UserRow
from outreach.errors import OutreachError
from outreach.services.dry_run import dry_run
from outreach.services.sending_costs import costs_of_month
from outreach.services.sending_plan import fit, sending_plan
from outreach.services.users import hash_password
from outreach.web.app import create_app
from tests.contracts.twilio_peer import ACCOUNT, SENDER, TOKEN, TwilioPeer, running_peer
from tests.support.console import PASSWORD, Visitor
from tests.support.worlds import CALENDAR, FIRST_DAY, Build, World, building

pytestmark = pytest.mark.integration
NINE = CALENDAR.utc(FIRST_DAY, time(9))
DUES = st.lists(st.tuples(st.integers(0, 36_000), st.integers(1, 6)), min_size=1, max_size=30)


@pytest.fixture
def build(migrated_url: str, tmp_path: Path) -> Iterator[Build]:
    """A maker of worlds on each database."""
    with building(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture
def world(build: Build) -> World:
    """Three tenants whose first reminder is due at nine; one has just paid."""
    made = build()
    for _ in range(3):
        made.owe(made.home())
    made.deliver(FIRST_DAY)
    made.tick(FIRST_DAY, 7, 30)
    made.pay(made.homes[1])
    made.at(FIRST_DAY, 9)
    return made


def everything(world: World) -> dict[str, list[Any]]:
    """Read every row of every table."""
    with world.runtime.db.read() as session:
        tables = [table.name for table in Base.metadata.sorted_tables]
        return {name: sorted(map(repr, session.execute(text(f'SELECT * FROM "{name}"')))) for name in tables}


def test_a_dry_run_shows_what_goes_and_what_not_and_changes_nothing(world: World) -> None:
    before = everything(world)
    rows = dry_run(world.runtime, world.policy, NINE)
    assert everything(world) == before
    assert [row.verdict for row in rows] == ["goes", "dropped", "goes"]
    assert [reason.code for reason in rows[1].why] == ["paid"]
    assert "Bakker1" in rows[0].text and rows[0].segments in (1, 2)
    assert world.provider_keys() == []
    world.tick(FIRST_DAY, 9)
    sent = {row.id: row.text for row in world.attempts(AttemptRow.state == "sent")}
    assert sent == {row.attempt_id: row.text for row in rows if row.verdict == "goes"}


def test_a_dry_run_at_night_says_that_it_goes_later(world: World) -> None:
    rows = dry_run(world.runtime, world.policy, CALENDAR.utc(FIRST_DAY, time(21)))
    assert {row.verdict for row in rows} == {"moved", "dropped"}
    assert all(row.moved_to is None or row.moved_to > NINE for row in rows)


@given(DUES, st.floats(0.1, 50))
def test_the_plan_never_goes_faster_than_the_sender_nor_before_it_is_due(
    dues: list[tuple[int, int]], rate: float
) -> None:
    moments = [(NINE + timedelta(seconds=seconds), parts) for seconds, parts in dues]
    closes = NINE + timedelta(hours=11)
    found = fit(moments, rate, NINE, closes)
    parts = sum(each for _, each in dues)
    assert found.done_at >= NINE + timedelta(seconds=parts / rate) - timedelta(milliseconds=1)
    assert found.done_at >= max(at for at, _ in moments)
    assert (found.late > 0) == (found.done_at > closes)
    assert fit(moments, rate * 2, NINE, closes).late <= found.late
    assert found.late <= found.late_parts <= parts


def test_the_plan_says_what_does_not_fit_the_hours(world: World) -> None:
    settings = world.runtime.settings
    with world.runtime.db.read() as session:
        [sms] = sending_plan(session, settings, CALENDAR, world.landlord_id, NINE)
        assert (sms.day, sms.channel, sms.messages, sms.parts, sms.rate) == (FIRST_DAY, "sms", 3, 6, 10.0)
        assert sms.late == 0 and sms.seconds == pytest.approx(0.6)
        late: datetime = CALENDAR.utc(FIRST_DAY, time(19, 59, 59)) + timedelta(milliseconds=500)
        [evening] = sending_plan(session, settings, CALENDAR, world.landlord_id, late)
        assert evening.late > 0
        [night] = sending_plan(session, settings, CALENDAR, world.landlord_id, CALENDAR.utc(FIRST_DAY, time(22)))
        assert (night.day, night.late) == (FIRST_DAY + timedelta(days=1), 0)


def test_what_does_not_fit_a_day_takes_its_time_on_the_next(world: World) -> None:
    settings = replace(world.runtime.settings, twilio_segments_per_second=0.001)
    tomorrow = FIRST_DAY + timedelta(days=1)
    opens_at = CALENDAR.utc(tomorrow, CALENDAR.legal_hours(tomorrow)[0])
    with world.runtime.db.write() as session:
        first = session.scalars(select(AttemptRow).where(AttemptRow.state == "planned").order_by(AttemptRow.id)).first()
        assert first is not None
        first.due_at = opens_at
    evening = CALENDAR.utc(FIRST_DAY, time(19))
    with world.runtime.db.read() as session:
        today, next_day = sending_plan(session, settings, CALENDAR, world.landlord_id, evening)
    assert (today.late, next_day.late) == (1, 0)
    assert next_day.done_at == opens_at + timedelta(seconds=4 / 0.001)


def test_the_screens_and_the_commands_show_it(world: World) -> None:
    with world.runtime.db.write() as session:
        account = session.get_one(UserRow, world.actor.user_id)
        account.role, account.password_hash = "policy", hash_password(PASSWORD)
    visitor = Visitor(create_app(world.runtime))
    visitor.sign_in()
    page = visitor.client.get("/verzending").text
    assert "Gepland voor deze week" in page and "10 sms-delen per seconde" in page
    before = everything(world)
    dry = visitor.client.get("/verzending/droogloop").text
    assert dry.count("gaat uit") >= 2 and "gaat niet" in dry
    assert {**everything(world), "access_log": before["access_log"]} == before


def test_costs_show_when_the_provider_has_said_them(world: World) -> None:
    world.tick(FIRST_DAY, 9)
    with world.runtime.db.read() as session:
        assert costs_of_month(session, CALENDAR, world.landlord_id, FIRST_DAY) == []
    with world.runtime.db.write() as session:
        sent = update(AttemptRow).where(AttemptRow.state == "sent")
        session.execute(sent.values(price=72_500, currency="EUR", segments=2))
    with world.runtime.db.read() as session:
        [sms] = costs_of_month(session, CALENDAR, world.landlord_id, FIRST_DAY)
        assert (sms.channel, sms.messages, sms.parts, sms.currency, sms.amount) == (
            "sms",
            2,
            4,
            "EUR",
            Decimal("0.145"),
        )
        assert costs_of_month(session, CALENDAR, world.landlord_id, FIRST_DAY + timedelta(days=40)) == []


@pytest.fixture
def forms(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[tuple[TwilioPeer, Callable[..., Result]]]:
    """A Twilio on loopback, and the command that shows the texts for WhatsApp; settings can be added."""
    with building(migrated_sqlite_url, tmp_path) as made, running_peer() as peer:
        made()
        environ = {
            "DATABASE_URL": migrated_sqlite_url,
            "DATA_DIR": str(tmp_path),
            "MODE": "trial",
            "SENDING_ENABLED": "yes",
            "SECRET_KEY": "0" * 64,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_WHATSAPP_SENDER": SENDER,
            "TWILIO_BASE_URL": peer.base_url,
        }

        def run(*arguments: str, **more: str) -> Result:
            env = {f"OUTREACH_{name}": value for name, value in (environ | more).items()}
            return CliRunner(env=env).invoke(channel_group, ["whatsapp-forms", "--json", *arguments])

        yield peer, run


def states(result: Result) -> set[str]:
    assert result.exit_code == 0, result.output
    return {each["status"] for each in json.loads(result.output)}


def test_texts_for_whatsapp_are_handed_in_once(forms: tuple[TwilioPeer, Callable[..., Result]]) -> None:
    peer, run = forms
    assert states(run()) == {"unknown"}
    assert states(run("--submit")) == {"handed_in"}
    taken = len(peer.contents)
    assert states(run("--submit")) == {"received"}
    assert len(peer.contents) == taken
    peer.contents[0]["status"] = "unsubmitted"
    assert states(run("--submit")) == {"received", "handed_in"}
    assert len(peer.contents) == taken
    assert {each["status"] for each in peer.contents} == {"received"}


@pytest.mark.parametrize("setting", [{"SENDING_ENABLED": "no"}, {"MODE": "sandbox"}, {"TWILIO_AUTH_TOKEN": ""}])
def test_twilio_is_not_called_without_switch_or_credentials(
    forms: tuple[TwilioPeer, Callable[..., Result]], setting: dict[str, str]
) -> None:
    peer, run = forms
    peer.know("reminder", "nl", "Dag {{1}}")
    assert states(run(**setting)) == {"not_asked"}
    refused = run("--submit", **setting)
    assert isinstance(refused.exception, OutreachError)
    assert len(peer.contents) == 1


def test_channel_list_names_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"DATA_DIR": str(tmp_path), "MODE": "trial", "SENDING_ENABLED": "yes"}.items():
        monkeypatch.setenv(f"OUTREACH_{name}", value)
    result = CliRunner().invoke(channel_group, ["list", "--json"])
    found = {each["name"]: each for each in json.loads(result.output)}
    assert found["sms"]["state"] == "absent"
    assert "twilio_account_sid" in found["sms"]["missing"]
    assert found["visit"]["state"] == "staff"

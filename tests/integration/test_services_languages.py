"""A tenant is written to in his own language when somebody read it, and in whole Dutch when not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from outreach.db.tables import InboundRow, PersonRow, TextApprovalRow
from tests.support.worlds import FIRST_DAY, SETTINGS, World, make_world

pytestmark = pytest.mark.integration
NEXT = FIRST_DAY + timedelta(days=1)


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """A landlord who writes in every language, before the first tenant."""
    languages = ("nl", "en", "tr", "ar", "pl", "uk")
    made = make_world(migrated_sqlite_url, tmp_path, settings=replace(SETTINGS, languages=languages))
    yield made
    made.runtime.db.dispose()


def lived(world: World, language: str) -> World:
    world.owe(world.home(language=language, family_name="Kowalska"))
    world.live(FIRST_DAY)
    return world


def answer(world: World, text: str) -> str:
    world.deliver(NEXT)
    world.at(NEXT, 10)
    world.reply(world.homes[0].phone, text)
    world.tick(NEXT, 10, 1)
    return world.attempts()[-1].text or ""


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("pl", "Dzien dobry, Pani Kowalska."),
        ("uk", "Добрий день, пані Kowalska."),
        ("tr", "Sayin Kowalska"),
        ("ar", "السيدة"),
    ],
)
def test_the_first_message_is_in_the_language_of_the_tenant(world: World, language: str, greeting: str) -> None:
    [reminder] = lived(world, language).attempts()
    assert reminder.language == language
    assert greeting in (reminder.text or "")
    assert "650" in (reminder.text or "")


def test_a_promise_and_a_call_back_are_confirmed_in_polish(world: World) -> None:
    lived(world, "pl")
    assert "pazdziernika (" in answer(world, "BEL MIJ (prośba o telefon)")
    assert world.attempts()[-1].template == "answer_call_me"
    world.at(NEXT, 11)
    world.reply(world.homes[0].phone, "ik betaal vrijdag")
    world.tick(NEXT, 11, 1)
    said = world.attempts()[-1]
    assert said.template == "promise_noted"
    assert "(piatek)" in (said.text or "")


def test_an_unread_language_gives_way_to_dutch_days_and_amounts_too(world: World) -> None:
    with world.runtime.db.write() as session:
        session.execute(delete(TextApprovalRow))
    lived(world, "pl")
    said = answer(world, "ik betaal vrijdag")
    assert world.attempts()[-1].template == "promise_noted"
    assert "mevrouw Kowalska" in said
    assert "op vrijdag" in said
    assert "piatek" not in said


def test_a_tenant_whose_language_has_no_texts_is_answered_in_dutch(world: World) -> None:
    lived(world, "so")
    assert "op vrijdag" in answer(world, "ik betaal vrijdag")
    assert world.rows(InboundRow)[0].state == "handled"


def test_who_writes_polish_is_written_to_in_polish_from_then_on(world: World) -> None:
    lived(world, "nl")
    answer(world, "Ja nie mogę tyle płacić")
    assert world.rows(PersonRow)[0].language == "pl"
    answers = [row for row in world.attempts() if row.answers_inbound_id is not None]
    assert [row.language for row in answers] == ["pl"]

"""Conversations in the inbox: their order, who has them, sleep, answers that cross, and senders whom nobody knew."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from messages.saved_answers import FILLED_IN, fill_in, shipped_answers, unknown_places
from outreach.audit import audit
from outreach.db.scope import Scope
from outreach.db.tables import (
    AttemptRow,
    ContactPointRow,
    ConversationRow,
    InboundRow,
    PaymentPlanRow,
    SavedAnswerRow,
    UserRow,
)
from outreach.services import conversation_steps as steps
from outreach.services.acting import Refused
from outreach.services.actor import Actor
from outreach.services.conversations import person_talks
from outreach.services.facts import load_cases
from outreach.services.hand_answers import Way, Written, answer_by_hand, ways_of
from outreach.services.linking import link_sender
from outreach.services.reading.conversations import find_place, read_conversation
from outreach.services.reading.inbox_list import Conversation, InboxFilter, list_conversations, next_waiting
from outreach.services.saved_answers import AnswerText, NotSaved, add_shipped, judge, list_answers, save_answer
from outreach.services.suggested_replies import suggest
from tests.support.worlds import FIRST_DAY, Home, World, make_world

pytestmark = pytest.mark.integration
NEXT = FIRST_DAY + timedelta(days=1)
QUESTION = "Waarom krijg ik deze brief? Kan iemand het uitleggen?"
GOOD = "Beste mevrouw, dank voor uw bericht. Ik bel u vandaag."


def _lived(url: str, data_dir: Path, homes: int = 4) -> Iterator[World]:
    """Make tenants in arrears who got the first reminder; audit the record at the end."""
    made = make_world(url, data_dir)
    for _ in range(homes):
        made.owe(made.home())
    made.add(
        UserRow(
            landlord_id=made.landlord_id,
            username="bob",
            name="Bob Baas",
            role="worker",
            password_hash="-",
            created_at=made.clock(),
        )
    )
    made.deliver(FIRST_DAY)
    made.tick(FIRST_DAY, 10)
    made.deliver(NEXT)
    made.at(NEXT, 10)
    yield made
    report = audit(made.runtime.db.engine)
    made.runtime.db.dispose()
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}
    assert {name: kind.examples for name, kind in report.integrity.items() if kind.count} == {}


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    yield from _lived(migrated_sqlite_url, tmp_path)


@pytest.fixture
def both(migrated_url: str, tmp_path: Path) -> Iterator[World]:
    yield from _lived(migrated_url, tmp_path)


def bob(world: World) -> Actor:
    [row] = world.rows(UserRow, UserRow.username == "bob")
    return Actor(label=row.name, user_id=row.id)


def listed(world: World, view: str = "", query: str = "", channel: str | None = None) -> list[Conversation]:
    wanted = InboxFilter(user_id=world.actor.user_id, view=view, query=query, channel=channel)
    with world.runtime.db.read() as session:
        scope = Scope(landlord_id=world.landlord_id)
        page = list_conversations(session, scope, wanted, world.clock(), NEXT, 1)
    assert page.counts[view] == page.total
    return list(page.items)


def keys(found: list[Conversation]) -> list[str]:
    return [each.key for each in found]


def place(world: World, home: Home) -> steps.Place:
    with world.runtime.db.read() as session:
        found = find_place(session, Scope(landlord_id=world.landlord_id), household_id=home.household_id)
    assert found is not None
    return found


def place_of_sender(world: World, sender: str) -> steps.Place:
    [row] = world.rows(InboundRow, InboundRow.sender == sender)
    with world.runtime.db.read() as session:
        found = find_place(session, Scope(landlord_id=world.landlord_id), inbound_id=row.id)
    assert found is not None
    return found


def ways(world: World, home: Home) -> tuple[Way, ...]:
    with world.runtime.db.read() as session:
        [loaded] = load_cases(session, [world.case(home)], NEXT, world.clock())
        page = read_conversation(
            session, Scope(landlord_id=world.landlord_id), place(world, home), world.clock(), NEXT, 1
        )
        return ways_of(session, loaded, page.replies, world.clock())


def answer(world: World, home: Home, text: str = GOOD, *, by: Actor | None = None, seen: int = 0, **more: Any) -> None:
    way = ways(world, home)[0]
    written = Written(text=text, way=way.code, language="nl", seen=seen, **more)
    answer_by_hand(world.runtime, by or world.actor, place(world, home), way, written)


def fail_last(world: World, home: Home) -> None:
    with world.runtime.db.write() as session:
        session.execute(
            update(AttemptRow)
            .where(AttemptRow.household_id == home.household_id)
            .values(state="failed", outcome="undelivered", outcome_at=world.clock())
        )


def test_what_is_lost_if_it_waits_comes_first(both: World) -> None:
    asks, undelivered, promises, crisis = both.homes
    both.reply(promises.phone, "ik betaal vrijdag")
    both.at(NEXT, 10, 5)
    both.reply(asks.phone, QUESTION)
    both.at(NEXT, 10, 10)
    both.reply("+31612999766", "Hallo met Piet, mag ik iets vragen?")
    both.at(NEXT, 10, 15)
    both.reply(crisis.phone, "ik wil niet meer leven")
    fail_last(both, undelivered)
    found = listed(both)
    assert keys(found) == [
        f"household:{crisis.household_id}",
        f"household:{asks.household_id}",
        "sender:sms:+31612999766",
        f"household:{undelivered.household_id}",
        f"household:{promises.household_id}",
    ]
    assert [each.urgent for each in found] == [True, False, False, False, False]
    assert keys(listed(both, "waiting")) == keys(found)[:3]
    assert keys(listed(both, "undelivered")) == [f"household:{undelivered.household_id}"]
    assert found[0].head is not None
    assert found[2].head is None
    with both.runtime.db.read() as session:
        first = next_waiting(session, Scope(landlord_id=both.landlord_id), both.actor.user_id, both.clock(), NEXT)
    assert first is not None
    assert first.key == f"household:{crisis.household_id}"


def test_a_conversation_is_found_by_name_number_street_case_and_words(both: World) -> None:
    asks, silent, *_rest = both.homes
    both.reply(asks.phone, "De 100% lekkage_in de badkamer")
    both.reply("+31612999766", "Groeten van tante Truus")
    wanted = [f"household:{asks.household_id}"]
    for query in (
        "Bakker1",
        asks.phone,
        "06 1200 0001",
        "Kastanjelaan 1",
        both.case(asks).number,
        "LEKKAGE_in",
        "100%",
        "Bakker1 Kastanje",
        "kastanjelaan Bakker1 1",
        f"dossier {int(both.case(asks).number.removeprefix('D'))}",
    ):
        assert keys(listed(both, query=query)) == wanted, query
    both.reply(silent.phone, "ik wil niet meer leven")
    assert keys(listed(both, query="Yilmaz crisis")) == []
    assert keys(listed(both, query="bakker crisis")) == [f"household:{silent.household_id}"]
    assert keys(listed(both, query="tante")) == ["sender:sms:+31612999766"]
    assert keys(listed(both, query="612999766")) == ["sender:sms:+31612999766"]
    assert keys(listed(both, "all", query="Bakker2")) == [f"household:{silent.household_id}"]
    assert len(listed(both, "all", query="huur")) == 4
    assert listed(both, query="lekkage%in") == []
    assert listed(both, channel="email") == []


def test_one_thread_holds_every_channel_and_says_what_came_of_it(world: World) -> None:
    home = world.homes[0]
    fail_last(world, home)
    world.reply(home.phone, QUESTION)
    world.reply(home.email, "Ik mail ook even", channel="email")
    with world.runtime.db.read() as session:
        page = read_conversation(
            session, Scope(landlord_id=world.landlord_id), place(world, home), world.clock(), NEXT, 1
        )
    assert [(line.kind, line.channel) for line in page.lines if line.kind == "in"] == [("in", "sms"), ("in", "email")]
    failed = next(line for line in page.lines if line.kind == "out")
    assert failed.attempt is not None
    assert (failed.attempt.state, failed.failure) == ("failed", "undelivered")
    assert page.waiting == 2


def test_a_later_message_or_a_person_settles_what_did_not_arrive(world: World) -> None:
    home, other, *_rest = world.homes
    fail_last(world, home)
    fail_last(world, other)
    assert len(listed(world, "undelivered")) == 2
    steps.handle(world.runtime, world.actor, place(world, home), "gebeld, nieuw nummer volgt")
    answer(world, other)
    assert listed(world, "undelivered") == []


def test_sleep_ends_with_a_new_reply_and_never_hides_a_crisis(world: World) -> None:
    home, other, *_rest = world.homes
    world.reply(home.phone, QUESTION)
    steps.snooze(world.runtime, world.actor, place(world, home), world.clock() + timedelta(days=2))
    assert listed(world) == []
    assert keys(listed(world, "snoozed")) == [f"household:{home.household_id}"]
    world.at(NEXT, 11)
    world.reply(home.phone, "Hallo? Ik wacht nog")
    assert keys(listed(world)) == [f"household:{home.household_id}"]
    world.reply(other.phone, "ik maak er een einde aan")
    with pytest.raises(Refused):
        steps.snooze(world.runtime, world.actor, place(world, other), world.clock() + timedelta(days=2))
    assert f"household:{other.household_id}" in keys(listed(world))
    with pytest.raises(Refused):
        steps.snooze(world.runtime, world.actor, place(world, home), world.clock())


def test_sleep_ends_by_itself(world: World) -> None:
    home = world.homes[0]
    world.reply(home.phone, QUESTION)
    steps.snooze(world.runtime, world.actor, place(world, home), world.clock() + timedelta(hours=6))
    world.at(NEXT, 16, 1)
    assert len(listed(world)) == 1


def test_a_conversation_stays_with_who_took_it_up(world: World) -> None:
    home = world.homes[0]
    world.reply(home.phone, QUESTION)
    steps.assign(world.runtime, world.actor, place(world, home), world.actor.user_id)
    [task] = world.tasks()
    assert task.assigned_to_id == world.actor.user_id
    with pytest.raises(Refused) as refused:
        steps.assign(world.runtime, bob(world), place(world, home), bob(world).user_id)
    assert "Anna Visser" in str(refused.value)
    answer(world, home)
    world.at(NEXT, 12)
    world.reply(home.phone, "Nog een vraag: waarom zoveel?")
    assert [each.assigned for each in listed(world, "mine")] == ["Anna Visser"]
    assert [task.assigned_to_id for task in world.tasks()] == [world.actor.user_id]
    steps.assign(world.runtime, world.actor, place(world, home), bob(world).user_id, seen=world.actor.user_id)
    assert listed(world, "mine") == []
    steps.assign(world.runtime, bob(world), place(world, home), None, seen=bob(world).user_id)
    assert len(listed(world, "free")) == 1


def take_at_once(world: World, where: steps.Place) -> list[Refused]:
    """Let two people take a conversation up at the same moment; return who was refused."""
    together = Barrier(2)
    refused: list[Refused] = []

    def take(actor: Actor) -> None:
        together.wait()
        try:
            steps.assign(world.runtime, actor, where, actor.user_id)
        except Refused as error:
            refused.append(error)

    threads = [Thread(target=take, args=(actor,)) for actor in (world.actor, bob(world))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_of_two_who_take_it_at_the_same_moment_one_has_it(both: World) -> None:
    home = both.homes[0]
    both.reply(home.phone, QUESTION)
    both.reply("+31612999766", QUESTION)
    for where in (place(both, home), place_of_sender(both, "+31612999766")):
        assert len(take_at_once(both, where)) == 1
    assert len(both.rows(ConversationRow)) == 2


def test_all_cases_of_a_household_are_one_conversation(world: World) -> None:
    home = world.homes[0]
    garage = world.home(household_of=home)
    world.owe(garage)
    world.tick(NEXT, 10, 30)
    world.reply(home.phone, QUESTION)
    assert world.rows(InboundRow)[-1].case_id is None
    sender = place_of_sender(world, home.phone)
    link_sender(
        world.runtime, world.actor, sender, case_id=world.case(garage).id, person_id=home.person_id, keeps_number=True
    )
    answer(world, home)
    with world.runtime.db.read() as session:
        scope = Scope(landlord_id=world.landlord_id)
        page = read_conversation(session, scope, place(world, home), world.clock(), NEXT, 1)
    assert len(page.heads) == 2
    assert [line.kind for line in page.lines].count("in") == 1
    assert {line.attempt.case_id for line in page.lines if line.attempt} == {world.case(home).id, world.case(garage).id}


def test_an_answer_that_crosses_another_is_refused_until_it_was_read(world: World) -> None:
    home = world.homes[0]
    world.reply(home.phone, QUESTION)
    answer(world, home, by=bob(world))
    with pytest.raises(Refused) as refused:
        answer(world, home, "Beste mevrouw, ik kijk dit voor u na.")
    assert "Bob Baas" in str(refused.value)
    assert "Ik bel u vandaag" in str(refused.value)
    [first] = world.attempts(AttemptRow.template.is_(None))
    answer(world, home, "Beste mevrouw, ik kijk dit voor u na.", seen=first.id)
    assert len(world.attempts(AttemptRow.template.is_(None))) == 2


def test_an_answer_settles_the_conversation_and_keeps_the_promised_call(world: World) -> None:
    home = world.homes[0]
    world.reply(home.phone, "bel mij")
    world.at(NEXT, 10, 5)
    world.reply(home.phone, QUESTION)
    answer(world, home)
    assert [row.state for row in world.rows(InboundRow)] == ["handled", "handled"]
    assert [task.kind for task in world.tasks()] == ["call_back"]
    [sent] = world.attempts(AttemptRow.template.is_(None))
    assert (sent.state, sent.text, sent.b1_passed) == ("sent", GOOD, True)


def test_nothing_but_a_person_who_says_what_he_did_closes_a_crisis(world: World) -> None:
    home = world.homes[0]
    world.reply(home.phone, "ik wil niet meer leven")
    [asked] = world.rows(InboundRow)
    answer(world, home, inbound_id=asked.id)
    assert [each.urgent for each in listed(world)] == [True]
    with pytest.raises(Refused):
        steps.handle(world.runtime, world.actor, place(world, home))
    assert [task.kind for task in world.tasks()] == ["crisis"]
    steps.handle(world.runtime, world.actor, place(world, home), "Gebeld, de huisarts komt vandaag.")
    assert world.tasks() == []
    assert [each.urgent for each in listed(world)] == [False]


def test_words_that_no_text_may_have_are_refused(world: World) -> None:
    home = world.homes[0]
    world.reply(home.phone, QUESTION)
    with pytest.raises(Refused):
        answer(world, home, "Conform de voorwaarden dient u onverwijld te betalen.")
    assert not world.attempts(AttemptRow.template.is_(None))
    assert listed(world, "waiting")


def test_a_person_who_talks_mutes_the_machine_for_a_day(world: World) -> None:
    home, other, third, fourth = world.homes
    now = world.clock()

    def talks(asked: Home, hours: int = 0) -> bool:
        with world.runtime.db.read() as session:
            return person_talks(session, asked.household_id, now + timedelta(hours=hours))

    assert not any(talks(each) for each in world.homes)
    world.reply(home.phone, QUESTION)
    assert not talks(home)
    answer(world, home)
    steps.assign(world.runtime, world.actor, place(world, other), world.actor.user_id)
    assert [talks(each) for each in (home, other, third, fourth)] == [True, True, False, False]
    assert not talks(home, 25)
    assert not talks(other, 25)


def test_a_way_that_needs_consent_is_one_only_right_after_the_question(world: World) -> None:
    home, other, *_rest = world.homes
    world.reply(home.phone, QUESTION, channel="whatsapp")
    [asked] = world.rows(InboundRow)
    assert [way.channel for way in ways(world, home)] == ["whatsapp", "sms", "email"]
    answer(world, home, inbound_id=asked.id)
    [sent] = world.attempts(AttemptRow.template.is_(None))
    assert (sent.channel, "free_until" in sent.carried) == ("whatsapp", True)
    world.reply(other.phone, "STOP")
    assert [way.channel for way in ways(world, other)] == ["email"]
    world.at(NEXT, 10, 30)
    assert [way.channel for way in ways(world, home)] == ["sms", "email"]
    world.permit(home, "whatsapp")
    assert [way.channel for way in ways(world, home)] == ["whatsapp", "sms", "email"]
    world.at(NEXT + timedelta(days=1), 11)
    assert [way.channel for way in ways(world, home)] == ["sms", "email"]


def test_a_linked_sender_counts_as_if_he_had_been_known(world: World) -> None:
    home = world.homes[0]
    world.reply("+31612999766", "REGELING")
    sender = place_of_sender(world, "+31612999766")
    steps.assign(world.runtime, bob(world), sender, bob(world).user_id)
    world.at(NEXT, 13)
    link_sender(
        world.runtime, world.actor, sender, case_id=world.case(home).id, person_id=home.person_id, keeps_number=True
    )
    [row] = world.rows(InboundRow)
    assert (row.case_id, row.person_id, row.state) == (world.case(home).id, home.person_id, "handled")
    [conversation] = world.rows(ConversationRow)
    assert (conversation.household_id, conversation.assigned_user_id) == (home.household_id, bob(world).user_id)
    assert world.attempts()[-1].template == "answer_plan_ask"
    assert world.attempts()[-1].state == "sent"
    assert not [task for task in world.tasks() if task.inbound_id == row.id]
    world.at(NEXT, 13, 5)
    world.reply("+31612999766", "bel mij")
    assert world.rows(InboundRow)[-1].case_id == world.case(home).id
    with pytest.raises(Refused):
        link_sender(
            world.runtime,
            world.actor,
            sender,
            case_id=world.case(home).id,
            person_id=home.person_id,
            keeps_number=False,
        )


def test_a_linked_sender_is_answered_where_he_wrote_or_by_a_person(world: World) -> None:
    home, other, *_rest = world.homes
    world.reply("+31612999766", "REGELING")
    world.reply("+31612999767", "REGELING", channel="whatsapp")
    world.at(NEXT, 13)
    for number, who in (("+31612999766", home), ("+31612999767", other)):
        case_id = world.case(who).id
        sender = place_of_sender(world, number)
        link_sender(world.runtime, world.actor, sender, case_id=case_id, person_id=who.person_id, keeps_number=False)
    answered, blocked = world.attempts(AttemptRow.answers_inbound_id.is_not(None))
    assert (answered.state, answered.sent_to) == ("sent", "+31612999766"), "not to the number on file"
    assert (blocked.channel, blocked.state) == ("whatsapp", "dropped"), "no consent, and hours after the question"
    asked = {task.inbound_id for task in world.tasks() if task.detail.get("why") == "answer_not_sent"}
    assert asked == {blocked.answers_inbound_id}
    assert [row.state for row in world.rows(InboundRow)] == ["handled", "waiting"]
    assert [each.state for each in world.rows(PaymentPlanRow) if not each.asked] == ["requested"]


def test_a_sender_is_linked_only_to_people_of_the_case(world: World) -> None:
    home, other, *_rest = world.homes
    world.reply("+31612999766", "REGELING")
    sender = place_of_sender(world, "+31612999766")
    with pytest.raises(Refused):
        link_sender(
            world.runtime,
            world.actor,
            sender,
            case_id=world.case(home).id,
            person_id=other.person_id,
            keeps_number=True,
        )
    assert world.rows(InboundRow)[0].case_id is None
    assert not world.rows(ContactPointRow, ContactPointRow.value == "+31612999766")


def test_the_suggestion_speaks_the_tenants_language_and_says_what_it_means(world: World) -> None:
    world.change_settings(languages=("nl", "en", "tr"))
    home = world.homes[0]
    with world.runtime.db.read() as session:
        [loaded] = load_cases(session, [world.case(home)], NEXT, world.clock())

    def suggested(intent: str, language: str, **understood: Any) -> Any:
        return suggest(
            world.policy, loaded, intent, "sms", home.person_id, language, understood, "2026-10-08T09:00", NEXT
        )

    turkish = suggested("help", "tr")
    assert turkish.language == "tr"
    assert turkish.meaning.startswith("Beste mevrouw Bakker1")
    assert suggested("help", "nl").meaning == ""
    assert "200,00" in suggested("promise", "nl", date="2026-10-09", amount_cents=20000).text
    assert suggested("promise", "nl") is None
    assert suggested("question", "nl") is None


def test_a_saved_answer_is_checked_and_filled_in(world: World) -> None:
    bad = AnswerText(name="Streng", language="nl", text="U dient onverwijld te betalen, conform de voorwaarden.")
    with pytest.raises(NotSaved) as refused:
        save_answer(world.runtime, world.actor, world.landlord_id, bad, None)
    assert any(each.severity == "stop" for each in refused.value.verdict.findings)
    for text in ("Beste {naam}, ik bel u.", "Beste {name}, uw schuld is {amount}."):
        with pytest.raises(Refused):
            save_answer(
                world.runtime, world.actor, world.landlord_id, AnswerText(name="x", language="nl", text=text), None
            )
    add_shipped(world.runtime, world.actor, world.landlord_id)
    assert add_shipped(world.runtime, world.actor, world.landlord_id) == 0
    with world.runtime.db.read() as session:
        rows = list_answers(session, world.landlord_id)
    assert len(rows) == len(shipped_answers()) == len(world.rows(SavedAnswerRow))
    with pytest.raises(Refused):
        taken = AnswerText(name=rows[0].name, language="nl", text=GOOD)
        save_answer(world.runtime, world.actor, world.landlord_id, taken, None)


def test_every_shipped_answer_passes_with_long_and_short_names() -> None:
    for each in shipped_answers():
        assert not unknown_places(each.text)
        for name in ("heer Ho", "mevrouw Van der Valk-Wolkersdorfer"):
            verdict = judge(each.text.replace("{name}", name), "nl")
            assert verdict.passed, (each.name, verdict.findings)
            assert verdict.level in ("A2", "B1"), each.name


@given(st.text(max_size=80), st.dictionaries(st.sampled_from(FILLED_IN), st.text(max_size=9), max_size=4))
def test_filling_in_never_raises_and_fills_no_value_again(text: str, values: dict[str, str]) -> None:
    filled = fill_in(text, values)
    assert fill_in("{name}", {"name": "{landlord}", "landlord": "x"}) == "{landlord}"
    if "{" not in text:
        assert filled == text


MOVES = st.lists(st.sampled_from(["reply", "read", "snooze", "handle", "unread", "wake"]), max_size=8)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(moves=MOVES)
def test_no_order_of_steps_hides_a_reply_that_nobody_read(world: World, moves: list[str]) -> None:
    home = world.homes[0]
    unread = False
    for move in [*moves, "reply", *moves]:
        world.clock.set(world.clock() + timedelta(minutes=1))
        where = place(world, home)
        if move == "reply":
            world.reply(home.phone, QUESTION)
            unread = True
        elif move == "read":
            steps.mark_read(world.runtime, where)
        elif move == "snooze":
            steps.snooze(world.runtime, world.actor, where, world.clock() + timedelta(hours=1))
        elif move == "handle":
            steps.handle(world.runtime, world.actor, where)
        elif move == "unread":
            steps.mark_unread(world.runtime, where)
            unread = bool(world.rows(InboundRow))
        else:
            steps.wake(world.runtime, world.actor, where)
        unread = unread and move in ("reply", "unread", "wake")
        shown = [each for each in listed(world) if each.household_id == home.household_id]
        if unread:
            assert [each.unread for each in shown] == [True]
    assert len(world.rows(ConversationRow)) <= 1

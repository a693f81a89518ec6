"""The keys of the robocall: what the tenant chooses counts, hearing it again is no choice."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from channels.contract import Outbound
from channels.sandbox import SimulatedEvent
from outreach.db.tables import AttemptRow, PaymentPlanRow, TalkRow, TaskRow
from tests.support.worlds import FIRST_DAY, building


def pressing(*keys: str) -> object:
    """Make a tenant who hears the robocall and presses keys, a minute apart."""

    def respond(message: Outbound) -> Sequence[SimulatedEvent]:
        if message.channel != "robocall":
            return [SimulatedEvent(kind="receipt", outcome="delivered", delay_minutes=1)]
        return [SimulatedEvent(kind="call", outcome=key, delay_minutes=at) for at, key in enumerate(keys, start=1)]

    return respond


def test_who_hears_it_again_can_still_choose_a_plan(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build(respond=pressing("confirmed", "menu_8", "menu_2"))
        world.owe(world.home())
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=12))
        [call] = world.attempts(AttemptRow.channel == "robocall")
        assert (call.outcome, call.reached) == ("menu_2", True)
        assert [plan.state for plan in world.rows(PaymentPlanRow)] == ["requested"]
        assert "één" in (call.text or "") and not any(sign.isdigit() for sign in call.text or "")


def test_another_language_is_no_talk_and_no_end(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build(respond=pressing("confirmed", "menu_5", "menu_4"))
        world.owe(world.home())
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=6))
        [call] = world.attempts(AttemptRow.channel == "robocall")
        assert (call.outcome, call.reached) == ("menu_4", True)
        assert [talk.note for talk in world.rows(TalkRow)] == ["menu_4"]


def test_who_got_a_colleague_is_not_called_back(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build(respond=pressing("confirmed", "menu_1", "talked", "hung_up"))
        world.owe(world.home())
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=6))
        [call] = world.attempts(AttemptRow.channel == "robocall")
        assert (call.outcome, call.reached) == ("talked", True)
        assert [
            (task.kind, task.state, task.outcome) for task in world.rows(TaskRow) if task.attempt_id == call.id
        ] == [("call_back", "done", "talked")]


def test_a_key_that_is_told_after_the_end_counts(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build(respond=pressing("hung_up", "confirmed", "menu_3"))
        world.owe(world.home())
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=6))
        [call] = world.attempts(AttemptRow.channel == "robocall")
        assert (call.outcome, call.reached) == ("menu_3", True)


def test_the_end_of_a_call_undoes_no_key(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build(respond=pressing("confirmed", "menu_2", "hung_up"))
        world.owe(world.home())
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=6))
        assert [call.outcome for call in world.attempts(AttemptRow.channel == "robocall")] == ["menu_2"]


def test_hearing_it_again_and_no_more_is_no_talk(migrated_url: str, tmp_path: Path) -> None:
    with building(migrated_url, tmp_path) as build:
        world = build(respond=pressing("confirmed", "menu_8"))
        world.owe(world.home())
        world.live(FIRST_DAY, FIRST_DAY + timedelta(days=6))
        calls = world.attempts(AttemptRow.channel == "robocall")
        assert calls and {(call.outcome, call.reached) for call in calls} == {("menu_8", False)}
        assert world.rows(TalkRow) == []

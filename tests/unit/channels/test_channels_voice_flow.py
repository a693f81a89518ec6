"""The robocall as a tenant hears it: every key, silence, the machine that answers, another language."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.scripts import OtherLanguage, Script
from channels.voice_flow import (
    CALL_PARTS,
    LANGUAGE_KEYS,
    LINE_PARTS,
    MOST_VISITS,
    Input,
    Node,
    Place,
    Turn,
    turn,
)

pytestmark = pytest.mark.unit
ABOUT_MONEY = frozenset({"message", "menu", "plan", "help", "closing"})
LANGUAGES = ("nl", "en", "tr")


def script(language: str = "nl", *, connect_to: str | None = None, stopped: bool = False) -> Script:
    return Script(
        key="k1",
        language=language,
        parts={name: f"{name}/{language}" for name in (*CALL_PARTS, *LINE_PARTS)},
        others=tuple(
            OtherLanguage(language=other, offer=f"offer/{other}", choice=f"choice/{other}")
            for other in LANGUAGES
            if other != language
        ),
        connect_to=connect_to,
        stopped=stopped,
    )


def alone(whole: Script) -> Script:
    return replace(whole, others=())


def play(base: Script, keys: Sequence[str], answered_by: str = "human", dialled: str = "no-answer") -> Iterator[Turn]:
    """Play a call: the keys one by one, then silence, until it ends."""
    pressed = iter(keys)
    place: Place | None = Place()
    given_now = Input(answered_by=answered_by)
    while place is not None:
        language = place.language or base.language
        here = base if language == base.language else script(language, connect_to=base.connect_to, stopped=base.stopped)
        found = turn(here, place, given_now)
        yield found
        if found.go is not None:
            place, given_now = found.go, Input()
        elif found.connect_to is not None:
            place, given_now = found.ask, Input(dialled=dialled)
        else:
            place, given_now = found.ask, Input(key=next(pressed, ""))


def said(turns: Sequence[Turn]) -> list[str]:
    return [saying.text for each in turns for saying in each.says]


def outcomes(turns: Sequence[Turn]) -> list[str]:
    return [each.outcome for each in turns if each.outcome]


@pytest.mark.parametrize(
    ("keys", "told", "last"),
    [
        ("11", ["confirmed", "menu_1"], "call_back/nl"),
        ("12", ["confirmed", "menu_2"], "plan/nl"),
        ("13", ["confirmed", "menu_3"], "call_back/nl"),
        ("14", ["confirmed", "menu_4"], "help/nl"),
        ("182", ["confirmed", "menu_8", "menu_2"], "plan/nl"),
        ("19", ["confirmed", "menu_9"], "no_more/nl"),
        ("1", ["confirmed", "confirmed"], "closing/nl"),
        ("17", ["confirmed", "confirmed"], "closing/nl"),
        ("174", ["confirmed", "menu_4"], "help/nl"),
        ("177", ["confirmed", "confirmed"], "closing/nl"),
        ("1*", ["confirmed", "confirmed"], "closing/nl"),
        ("2", ["wrong_number"], "wrong_number/nl"),
        ("", [], "farewell/nl"),
        ("3", [], "farewell/nl"),
        ("#", [], "farewell/nl"),
    ],
)
def test_every_key_has_its_outcome_and_its_last_word(keys: str, told: list[str], last: str) -> None:
    turns = list(play(alone(script()), keys))
    assert outcomes(turns) == told
    assert said(turns)[-1] == last


def test_the_message_comes_with_the_menu_after_the_name_is_confirmed() -> None:
    turns = list(play(alone(script()), "1"))
    assert said(turns)[:3] == ["greeting/nl", "message/nl", "menu/nl"]


def test_a_wrong_key_is_asked_again_once() -> None:
    assert said(list(play(alone(script()), "107")))[3:] == ["again/nl", "menu/nl", "closing/nl"]


def test_a_colleague_takes_the_call() -> None:
    turns = list(play(alone(script(connect_to="+31600000002")), "11", dialled="completed"))
    assert [each.connect_to for each in turns if each.connect_to] == ["+31600000002"]
    assert outcomes(turns) == ["confirmed", "menu_1", "talked"]
    assert said(turns)[-1] == "connecting/nl"


@pytest.mark.parametrize("dialled", ["busy", "no-answer", "failed", "canceled", ""])
def test_nobody_takes_the_call_so_we_call_back(dialled: str) -> None:
    turns = list(play(alone(script(connect_to="+31600000002")), "11", dialled=dialled))
    assert outcomes(turns) == ["confirmed", "menu_1"]
    assert said(turns)[-2:] == ["connecting/nl", "call_back/nl"]


@pytest.mark.parametrize(
    "answered_by", ["machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other"]
)
def test_a_machine_hears_the_voicemail_text_only(answered_by: str) -> None:
    [only] = play(script(), "111", answered_by=answered_by)
    assert said([only]) == ["voicemail/nl"]
    assert (only.outcome, only.ask) == ("voicemail", None)


def test_a_fax_hears_nothing() -> None:
    assert list(play(script(), "1", answered_by="fax")) == [Turn(outcome="failed")]


def test_who_paid_in_the_meantime_hears_no_message() -> None:
    turns = list(play(alone(script(stopped=True)), "1"))
    assert said(turns) == ["greeting/nl", "stopped/nl"]
    assert outcomes(turns) == ["confirmed"]


def test_a_call_that_stops_half_way_says_so() -> None:
    menu = Place(node=Node.MENU)
    for given_now in (Input(), Input(key="8"), Input(key="")):
        assert said([turn(script(stopped=True), menu, given_now)]) == ["stopped/nl"]
    assert turn(script(stopped=True), menu, Input(key="9")).outcome == "menu_9"


def test_another_language_starts_with_the_greeting() -> None:
    turns = list(play(script(), "531"))
    assert said(turns)[:4] == ["greeting/nl", "offer/en", "choice/en", "choice/tr"]
    assert said(turns)[4:8] == ["greeting/tr", "offer/nl", "message/tr", "menu/tr"]
    assert outcomes(turns) == ["confirmed", "confirmed"]


def test_another_language_in_the_menu_tells_the_message_again() -> None:
    turns = list(play(script(), "1524"))
    assert said(turns)[-5:] == ["choice/tr", "message/en", "menu/en", "offer/nl", "help/en"]
    assert outcomes(turns) == ["confirmed", "menu_5", "menu_4"]


@pytest.mark.parametrize("key", ["", "4", "9", "*"])
def test_a_language_that_is_not_there_keeps_the_old_one(key: str) -> None:
    turns = list(play(script(), ["1", "5", key]))
    assert [each.says[0].language for each in turns if each.says][-1] == "nl"
    assert "menu/nl" in said(turns)[-3:]


def test_without_other_languages_key_five_is_no_key() -> None:
    assert said(list(play(alone(script()), "15")))[3] == "again/nl"


def test_every_language_of_the_product_has_one_key() -> None:
    assert len(set(LANGUAGE_KEYS.values())) == len(LANGUAGE_KEYS)


KEYS = st.lists(st.sampled_from([*"0123456789*#", "", "11", "１", "٢"]), max_size=60)


@given(keys=KEYS, stopped=st.booleans(), connects=st.booleans(), dialled=st.sampled_from(["completed", "busy"]))
def test_any_keys_end_the_call_and_tell_nothing_before_the_name(
    keys: list[str], stopped: bool, connects: bool, dialled: str
) -> None:
    base = script(connect_to="+31600000002" if connects else None, stopped=stopped)
    turns = list(play(base, keys, dialled=dialled))
    assert len(turns) <= 4 * MOST_VISITS + 8
    confirmed = False
    for each in turns:
        confirmed = confirmed or each.outcome == "confirmed"
        names = {saying.text.split("/")[0] for saying in each.says}
        assert confirmed or not names & ABOUT_MONEY
        assert not (stopped and {"message", "menu"} & names)


@given(keys=KEYS)
def test_a_place_is_asked_once_for_every_outcome(keys: list[str]) -> None:
    """The events of a call are told apart by the question that they answer."""
    asked: list[tuple[Place, str]] = []
    place = Place()
    for each in play(script(connect_to="+31600000002"), keys):
        if each.outcome:
            asked.append((replace(place, language=None, again=False), each.outcome))
        place = each.go or each.ask or place
    assert len(asked) == len({(where.node, where.visit) for where, _ in asked})


@given(name=st.sampled_from(LINE_PARTS + CALL_PARTS), keys=KEYS)
def test_a_text_that_is_missing_is_silence(name: str, keys: list[str]) -> None:
    whole = script()
    less = replace(whole, parts={part: text for part, text in whole.parts.items() if part != name}, others=())
    assert f"{name}/nl" not in said(list(play(less, keys)))

"""The robocall as data and one pure function: where the call is, and what was pressed, say what comes next.

Nothing about money is said before key 1 at the greeting ("are you ...?"). A call has a bounded number of turns,
whatever is pressed. What each key does: rules.md, sociaal_incasso (a keypad menu to a live employee); that the person
is confirmed before any subject: AVG, law.md "Privacy".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from channels.scripts import OtherLanguage, Script

GREETING, MESSAGE, MENU, VOICEMAIL = "greeting", "message", "menu", "voicemail"
AGAIN = "again"
CONNECTING, CALL_BACK, PLAN, HELP, NO_MORE = "connecting", "call_back", "plan", "help", "no_more"
WRONG_NUMBER, STOPPED, FAREWELL, CLOSING = "wrong_number", "stopped", "farewell", "closing"
CALL_PARTS: tuple[str, ...] = (GREETING, MESSAGE, MENU, VOICEMAIL)
"""The parts that differ per robocall."""
LINE_PARTS: tuple[str, ...] = (
    AGAIN,
    CONNECTING,
    CALL_BACK,
    PLAN,
    HELP,
    NO_MORE,
    WRONG_NUMBER,
    STOPPED,
    FAREWELL,
    CLOSING,
)
"""The fixed sentences that every robocall has."""

YES, NOT_HERE, OTHER_LANGUAGE = "1", "2", "5"
"""Keys at the greeting; key 5 is the same one in the menu."""

LANGUAGE_KEYS: Mapping[str, str] = {"1": "nl", "2": "en", "3": "tr", "4": "ar", "5": "pl", "6": "uk"}
"""The key of each language: the same one in every call, because the spoken texts name it."""

MOST_VISITS = 9
"""How often a call may come back to a question by keys 5 and 8; then it ends kindly."""

_ANSWERS: Mapping[str, str] = {"2": PLAN, "3": CALL_BACK, "4": HELP, "9": NO_MORE}
"""Keys of the menu that end the call with one sentence."""

_MACHINES = frozenset({"machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other"})
_FAX = "fax"
_TAKEN = frozenset({"completed", "answered"})


class Node(StrEnum):
    """Where a call can be. `start` is the moment somebody, or something, picks up."""

    START = "start"
    GREETING = "greeting"
    MENU = "menu"
    LANGUAGE_FIRST = "language_first"
    LANGUAGE = "language"
    CONNECTED = "connected"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A question in a call: its node, the language, its how-manieth time, and whether it was put again.

    `language` is None for the one that the call was made in.
    """

    node: Node = Node.START
    language: str | None = None
    visit: int = 1
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Input:
    """What came from the line at a place: a key (empty is silence; None: nothing was asked yet), who picked up
    (Twilio's AnsweredBy), and how the call to a colleague ended (Twilio's DialCallStatus)."""

    key: str | None = None
    answered_by: str = ""
    dialled: str = ""


@dataclass(frozen=True, kw_only=True)
class Saying:
    """One text, spoken in one language."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What happens next: the texts, then a key is awaited at `ask`, or the call goes on at `go` in another language,
    or a colleague is called on `connect_to`, or the call ends. `outcome` is what this turn tells."""

    says: tuple[Saying, ...] = ()
    ask: Place | None = None
    go: Place | None = None
    connect_to: str | None = None
    outcome: str | None = None


def turn(script: Script, place: Place, given: Input) -> Turn:
    """Say what follows at a place of a call; `script` is in the language of the place."""
    match place.node:
        case Node.START:
            return _picked_up(script, place, given)
        case Node.GREETING:
            return _greeted(script, place, given)
        case Node.MENU:
            return _chosen(script, place, given)
        case Node.LANGUAGE_FIRST | Node.LANGUAGE:
            return _language(script, place, given)
        case Node.CONNECTED:
            return _connected(script, given)


def _picked_up(script: Script, place: Place, given: Input) -> Turn:
    if given.answered_by in _MACHINES:
        says = () if script.stopped else _say(script, VOICEMAIL)
        return Turn(says=says, outcome="voicemail")
    if given.answered_by == _FAX:
        return Turn(outcome="failed")
    return _ask_greeting(script, replace(place, node=Node.GREETING))


def _ask_greeting(script: Script, place: Place) -> Turn:
    return Turn(says=(*_say(script, GREETING), *_offer(script)), ask=place)


def _greeted(script: Script, place: Place, given: Input) -> Turn:
    if given.key is None:
        return _ask_greeting(script, place)
    if given.key == YES:
        if script.stopped:
            return Turn(says=_say(script, STOPPED), outcome="confirmed")
        return replace(_tell(script, replace(place, node=Node.MENU)), outcome="confirmed")
    if given.key == NOT_HERE:
        return Turn(says=_say(script, WRONG_NUMBER), outcome="wrong_number")
    if given.key == OTHER_LANGUAGE and _may_return(script, place):
        return _ask_language(script, replace(place, node=Node.LANGUAGE_FIRST))
    return Turn(says=_say(script, FAREWELL))


def _tell(script: Script, place: Place) -> Turn:
    """Give the message and the menu, to one whose name is confirmed."""
    if script.stopped:
        return Turn(says=_say(script, STOPPED))
    return Turn(says=(*_say(script, MESSAGE, MENU), *_offer(script)), ask=place)


def _chosen(script: Script, place: Place, given: Input) -> Turn:
    key = given.key
    if key is None:
        return _tell(script, place)
    if key == "1":
        return replace(_to_colleague(script, place), outcome="menu_1")
    if key in _ANSWERS:
        return Turn(says=_say(script, _ANSWERS[key]), outcome=f"menu_{key}")
    if key == OTHER_LANGUAGE and _may_return(script, place):
        return replace(_ask_language(script, replace(place, node=Node.LANGUAGE)), outcome="menu_5")
    if key == "8":
        onward = _next(place)
        told = _tell(script, onward) if place.visit < MOST_VISITS else Turn(says=_say(script, CLOSING))
        return replace(told, outcome="menu_8")
    if place.again or script.stopped:
        return Turn(says=_say(script, STOPPED if script.stopped else CLOSING), outcome="confirmed")
    return Turn(says=_say(script, AGAIN, MENU), ask=replace(place, again=True))


def _to_colleague(script: Script, place: Place) -> Turn:
    if script.connect_to is None:
        return Turn(says=_say(script, CALL_BACK))
    return Turn(
        says=_say(script, CONNECTING),
        connect_to=script.connect_to,
        ask=replace(place, node=Node.CONNECTED, again=False),
    )


def _connected(script: Script, given: Input) -> Turn:
    if given.dialled in _TAKEN:
        return Turn(outcome="talked")
    return Turn(says=_say(script, CALL_BACK))


def _ask_language(script: Script, place: Place) -> Turn:
    says = tuple(Saying(text=each.choice, language=each.language) for each in _others(script) if each.choice)
    return Turn(says=says, ask=replace(place, again=False))


def _language(script: Script, place: Place, given: Input) -> Turn:
    """Go on in the language of the key; with another key, or none, in the language of before."""
    back = Node.GREETING if place.node is Node.LANGUAGE_FIRST else Node.MENU
    wanted = LANGUAGE_KEYS.get(given.key or "")
    known = {each.language for each in script.others}
    return Turn(go=replace(_next(place), node=back, language=wanted if wanted in known else place.language))


def _next(place: Place) -> Place:
    return replace(place, visit=place.visit + 1, again=False)


def _may_return(script: Script, place: Place) -> bool:
    return bool(script.others) and place.visit < MOST_VISITS


def _offer(script: Script) -> tuple[Saying, ...]:
    """Offer another language in the first of the others: whoever needs it may not know this one."""
    return tuple(Saying(text=each.offer, language=each.language) for each in _others(script)[:1] if each.offer)


def _others(script: Script) -> list[OtherLanguage]:
    order = list(LANGUAGE_KEYS.values())
    return sorted((each for each in script.others if each.language in order), key=lambda o: order.index(o.language))


def _say(script: Script, *names: str) -> tuple[Saying, ...]:
    texts = (script.parts.get(name, "") for name in names)
    return tuple(Saying(text=text, language=script.language) for text in texts if text)

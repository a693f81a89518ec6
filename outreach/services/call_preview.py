"""A robocall before it is made: what is heard at every step, by the function that leads the real call, and aloud.

The values are made up. A speech engine on the machine says the texts; it sounds plainer than the voices of a real call.
"""

import shutil
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace

from channels.scripts import OtherLanguage, Script
from channels.voice_flow import MENU, Input, Node, Place, Saying, Turn, turn
from messages.form_rules import seconds
from messages.languages import DUTCH, DUTCH_INFORMAL, LANGUAGES, TENANT_LANGUAGES, base_language
from messages.rendering import render
from messages.samples import sample_values
from messages.template import CALL_LINES, CatalogueError, Template
from outreach.errors import OutreachError
from outreach.services.policy import Policy

ROBOCALL = "robocall"
ENGINE = "espeak-ng"
PACKAGE = "espeak-ng"
"""The speech engine, and the Debian package that brings it."""

VOICES: Mapping[str, str] = {"nl": "nl", "en": "en-gb", "tr": "tr", "ar": "ar", "pl": "pl", "uk": "uk"}
"""The engine's voice for each language."""

SPEED = 150
"""Words a minute, the pace that the checks of a spoken text reckon with."""

MOST_SECONDS = 10.0
_WAVE_HEADER = 44
_SAMPLE = "typical"


class NoSpeech(OutreachError):
    """The machine cannot say this text."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One text of a step: its part, in its language, and how long it takes in seconds."""

    part: str
    language: str
    text: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a key does: what is heard next, the step that follows, and the outcome that is kept.

    `key` is empty for silence and any other key.
    """

    key: str
    heard: tuple[Heard, ...]
    leads_to: str | None
    outcome: str | None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One moment of a call: what is heard, and what each key does then."""

    name: str
    heard: tuple[Heard, ...]
    keys: tuple[Key, ...] = ()

    @property
    def seconds(self) -> float:
        """How long the texts take together."""
        return round(sum(each.seconds for each in self.heard), 1)


@dataclass(frozen=True, kw_only=True)
class CallPreview:
    """A robocall in one language, step by step."""

    name: str
    language: str
    steps: tuple[Step, ...]


def robocall_names(policy: Policy) -> tuple[str, ...]:
    """Return the texts of robocalls, without the fixed sentences."""
    found = dict.fromkeys(each.name for each in policy.catalogue if each.channel == ROBOCALL)
    return tuple(name for name in found if name != CALL_LINES)


def preview_languages(policy: Policy, name: str) -> tuple[str, ...]:
    """Return the languages in which a robocall can be heard whole."""
    return tuple(code for code in TENANT_LANGUAGES if _text(policy, name, code) and _text(policy, CALL_LINES, code))


def call_preview(policy: Policy, name: str, language: str) -> CallPreview | None:
    """Walk through a robocall with made-up values; None when there is no such text in this language."""
    if name not in robocall_names(policy) or language not in preview_languages(policy, name):
        return None
    walk = _Walk(policy, name, language)
    return CallPreview(name=name, language=language, steps=walk.steps())


def part_text(policy: Policy, name: str, language: str, part: str) -> str | None:
    """Return one part of a robocall with made-up values; None when there is none."""
    if name not in robocall_names(policy) or language not in TENANT_LANGUAGES:
        return None
    return _parts(policy, name, language).get(part)


class _Walk:
    """Plays every key of a call once."""

    def __init__(self, policy: Policy, name: str, language: str) -> None:
        others = tuple(each for each in preview_languages(policy, name) if each != language)
        texts = {code: _parts(policy, name, code) for code in (language, *others)}
        self._names = {(code, text): part for code, parts in texts.items() for part, text in parts.items()}
        offered = policy.settings.languages
        self._script = Script(
            key="",
            language=language,
            parts=texts[language],
            others=tuple(
                OtherLanguage(language=code, offer=texts[code].get("offer", ""), choice=texts[code].get("choice", ""))
                for code in others
                if code in offered
            ),
        )

    def steps(self) -> tuple[Step, ...]:
        """Return the steps in the order in which a tenant can come to them."""
        greeting, menu = Place(node=Node.GREETING), Place(node=Node.MENU)
        found = [
            Step(
                name="greeting",
                heard=self._heard(turn(self._script, greeting, Input())),
                keys=self._keys(greeting, ("1", "2", "5", "")),
            ),
            Step(
                name="message",
                heard=self._heard(turn(self._script, menu, Input())),
                keys=self._keys(menu, ("1", "2", "3", "4", "5", "8", "9", "")),
            ),
            self._colleague(menu),
            Step(
                name="again",
                heard=self._heard(turn(self._script, menu, Input(key=""))),
                keys=self._keys(replace(menu, again=True), ("",)),
            ),
        ]
        if self._script.others:
            found.append(Step(name="language", heard=self._heard(turn(self._script, greeting, Input(key="5")))))
        stopped = replace(self._script, stopped=True)
        found.append(Step(name="stopped", heard=self._heard(turn(stopped, greeting, Input(key="1")))))
        machine = Input(answered_by="machine_end_beep")
        found.append(Step(name="voicemail", heard=self._heard(turn(self._script, Place(), machine))))
        return tuple(found)

    def _colleague(self, menu: Place) -> Step:
        """Key 1 in office hours: a colleague's phone rings."""
        open_now = replace(self._script, connect_to="+31")
        heard = self._heard(turn(open_now, menu, Input(key="1")))
        alone = turn(open_now, Place(node=Node.CONNECTED), Input(dialled="no-answer"))
        talks = turn(open_now, Place(node=Node.CONNECTED), Input(dialled="completed"))
        return Step(
            name="colleague",
            heard=heard,
            keys=(
                Key(key="taken", heard=(), leads_to=None, outcome=talks.outcome),
                Key(key="not_taken", heard=self._heard(alone), leads_to=None, outcome="menu_1"),
            ),
        )

    def _keys(self, place: Place, keys: tuple[str, ...]) -> tuple[Key, ...]:
        known = [key for key in keys if key != "5" or self._script.others]
        return tuple(self._key(place, key) for key in known)

    def _key(self, place: Place, key: str) -> Key:
        found = turn(self._script, place, Input(key=key))
        leads_to = _leads_to(found)
        heard = () if leads_to else self._heard(found)
        return Key(key=key, heard=heard, leads_to=leads_to, outcome=found.outcome)

    def _heard(self, found: Turn) -> tuple[Heard, ...]:
        return tuple(self._one(saying) for saying in found.says)

    def _one(self, saying: Saying) -> Heard:
        return Heard(
            part=self._names.get((saying.language, saying.text), MENU),
            language=saying.language,
            text=saying.text,
            seconds=seconds(saying.text),
        )


def _leads_to(found: Turn) -> str | None:
    """Name the step that a turn goes on to, None when the call ends."""
    if found.ask is None:
        return None
    if found.ask.node is Node.MENU:
        return "again" if found.ask.again else "message"
    return "language" if found.ask.node in (Node.LANGUAGE, Node.LANGUAGE_FIRST) else str(found.ask.node)


def _text(policy: Policy, name: str, language: str) -> Template | None:
    """Find a text as it stands, read by somebody or not: it is looked at here, and goes to nobody."""
    informal = language == DUTCH and policy.settings.address_form == "je"
    found = policy.catalogue.find(name, ROBOCALL, DUTCH_INFORMAL) if informal else None
    return found or policy.catalogue.find(name, ROBOCALL, language)


def _parts(policy: Policy, name: str, language: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in (CALL_LINES, name):
        template = _text(policy, each, language)
        if template is not None:
            found.update(_filled(template))
    return found


def _filled(template: Template) -> Mapping[str, str]:
    try:
        return render(template, sample_values(_SAMPLE, template.language)).parts
    except CatalogueError:
        return {}


def speech_engine() -> str | None:
    """Return the path of the speech engine, None when it is not installed."""
    return shutil.which(ENGINE)


def spoken(text: str, language: str) -> bytes:
    """Say a text: WAV, mono, 16 bits. Raises NoSpeech when the engine is not there or does not manage."""
    engine = speech_engine()
    if engine is None or language not in LANGUAGES:
        raise NoSpeech(
            f"Op deze computer staat geen spraakprogramma. Installeer het Debian-pakket {PACKAGE}.",
            f"This machine has no speech engine. Install the Debian package {PACKAGE}.",
        )
    voice = VOICES[base_language(language)]
    command = [engine, "-v", voice, "-s", str(SPEED), "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=MOST_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed() from error
    if done.returncode or len(done.stdout) <= _WAVE_HEADER:
        raise _failed()
    return _with_length(done.stdout)


def _failed() -> NoSpeech:
    return NoSpeech("Het spraakprogramma kon deze tekst niet zeggen.", "The speech engine could not say this text.")


def _with_length(wave: bytes) -> bytes:
    """Write the true sizes in the header: a program that writes to a pipe does not know them beforehand."""
    size = len(wave)
    riff, data = struct.pack("<I", size - 8), struct.pack("<I", size - _WAVE_HEADER)
    return wave[:4] + riff + wave[8 : _WAVE_HEADER - 4] + data + wave[_WAVE_HEADER:]

"""The page on which a robocall is looked at and heard, step by step and per language."""

import io
import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from messages.languages import TENANT_LANGUAGES
from outreach.runtime import Runtime
from outreach.services import call_preview
from outreach.services.call_preview import ENGINE, NoSpeech, speech_engine, spoken
from outreach.services.policy import Policy, load_policy
from outreach.web.app import create_app
from tests.support.builders import Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration
PAGE = "/teksten/belcomputer/robocall_arrears"


@dataclass(frozen=True)
class Site:
    """A console with a policy officer and a field worker."""

    runtime: Runtime
    landlord_id: int
    ruben: Visitor
    fatma: Visitor

    @property
    def policy(self) -> Policy:
        with self.runtime.db.read() as session:
            return load_policy(session, self.landlord_id)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    runtime = console_runtime(tmp_path_factory.mktemp("call"))
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="ruben", role="policy", name="Ruben Smit")
        builder.make_user(username="fatma", role="field", name="Fatma Demir")
        landlord_id = builder.landlord.id
    app = create_app(runtime)
    visitors = [Visitor(app), Visitor(app)]
    for visitor, name in zip(visitors, ("ruben", "fatma"), strict=True):
        visitor.sign_in(name)
    yield Site(runtime, landlord_id, *visitors)
    runtime.db.dispose()


def test_the_steps_are_those_of_the_call(site: Site) -> None:
    preview = call_preview.call_preview(site.policy, "robocall_arrears", "nl")
    assert preview is not None
    steps = {step.name: step for step in preview.steps}
    assert list(steps) == ["greeting", "message", "colleague", "again", "language", "stopped", "voicemail"]
    assert {key.key: key.outcome for key in steps["message"].keys} == {
        **{each: f"menu_{each}" for each in "1234589"},
        "": None,
    }
    assert [(key.key, key.leads_to) for key in steps["greeting"].keys] == [
        ("1", "message"),
        ("2", None),
        ("5", "language"),
        ("", None),
    ]
    assert all(0 < step.seconds <= 30 for step in preview.steps)


@pytest.mark.parametrize("language", TENANT_LANGUAGES)
def test_every_language_is_shown_whole(site: Site, language: str) -> None:
    page = site.ruben.get(f"{PAGE}?language={language}")
    preview = call_preview.call_preview(site.policy, "robocall_arrears", language)
    assert preview is not None
    assert re.search(rf'lang="{language}"', page)
    for step in preview.steps:
        assert all(heard.text.split(".")[0].split("'")[0] in page for heard in step.heard)


def test_the_text_of_the_robocall_leads_to_the_page(site: Site) -> None:
    assert f"{PAGE}?language=nl" in site.ruben.get("/teksten/robocall_arrears")
    assert "/teksten/belcomputer/" not in site.ruben.get("/teksten/robocall_lines")
    assert "Na toets 9" in site.ruben.get("/teksten/robocall_lines")


@pytest.mark.parametrize(
    "address",
    [
        "/teksten/belcomputer/reminder",
        "/teksten/belcomputer/robocall_lines",
        f"{PAGE}?language=xx",
        f"{PAGE}/geluid/nl/treasury.wav",
        f"{PAGE}/geluid/xx/menu.wav",
        "/teksten/belcomputer/reminder/geluid/nl/menu.wav",
    ],
)
def test_what_is_no_robocall_is_not_found(site: Site, address: str) -> None:
    assert site.ruben.client.get(address).status_code == 404


def test_a_field_worker_does_not_see_the_texts(site: Site) -> None:
    assert site.fatma.client.get(PAGE).status_code == 403


def test_without_a_speech_engine_the_page_names_the_package(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    page = site.ruben.get(PAGE)
    assert "Debian-pakket espeak-ng" in page and "<audio" not in page
    assert site.ruben.client.get(f"{PAGE}/geluid/nl/menu.wav").status_code == 404
    with pytest.raises(NoSpeech):
        spoken("Dag.", "nl")


needs_engine = pytest.mark.skipif(speech_engine() is None, reason=f"{ENGINE} is not installed (Debian package)")


@needs_engine
@pytest.mark.parametrize("language", TENANT_LANGUAGES)
def test_every_language_is_heard(site: Site, language: str) -> None:
    answer = site.ruben.client.get(f"{PAGE}/geluid/{language}/greeting.wav")
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    assert "no-store" in answer.headers["Cache-Control"]
    with wave.open(io.BytesIO(answer.data)) as sound:
        took = sound.getnframes() / sound.getframerate()
    assert 5 < took < 40


@needs_engine
@pytest.mark.parametrize("text", ["-v en --help", "<speak>dag</speak>", "één\x00twee", "a" * 3000])
def test_odd_texts_are_said_or_refused(text: str) -> None:
    try:
        assert spoken(text, "nl")[:4] == b"RIFF"
    except NoSpeech as error:
        assert "spraakprogramma" in str(error)

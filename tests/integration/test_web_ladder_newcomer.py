"""What stopped people who saw the editor of ladders for the first time: each is tried here as they tried it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from outreach.runtime import Runtime
from outreach.services.ladder_drafts import read_draft
from outreach.web.app import create_app
from schedules.drafting import Data, step_of
from tests.support.builders import Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration

BEGUN = {
    "title": "Avondrood 2027",
    "begin": "leeg",
    "decided_by": "Bestuur, 3 november 2026",
    "valid_from": "2027-01-01",
}
NEW = "/contactladders/nieuw"
EDITOR = "/contactladders/avondrood_2027/bewerken"
HEAD = {
    "title_nl": "Avondrood 2027", "document": "Bestuur, 3 november 2026", "year": "2026", "description": "Ouderen",
    "valid_from": "2027-01-01", "reached_how": "standard", "count-attempts": "6", "count-channels": "3",
    "count-day_parts": "2",
}  # fmt: skip


class Newcomer(Visitor):
    """A policy officer who has begun a ladder."""

    def __init__(self, app: Flask, runtime: Runtime, landlord_id: int) -> None:
        super().__init__(app)
        self._runtime, self._landlord_id = runtime, landlord_id

    def add(self, **fields: Any) -> Any:
        """Add a step to the ladder as it stands on the page."""
        return self.post(f"{EDITOR}/stappen", revision=self.revision(), **fields)

    def revision(self) -> str:
        """Return the revision of the draft that the page was made with."""
        found = re.search(r'name="revision" value="(\d+)"', self.get(EDITOR))
        return found.group(1) if found else "0"

    def data(self) -> Data:
        """Return the draft as it is kept."""
        with self._runtime.db.read() as session:
            draft = read_draft(session, self._landlord_id, "avondrood_2027")
        assert draft is not None
        return draft.data


@pytest.fixture
def newcomer(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Newcomer]:
    """Yield somebody with a ladder of a phase and a person at the end."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user(username="ruben", role="policy", name="Ruben")
        builder.make_user(username="joris", role="worker", name="Joris")
        landlord_id = builder.landlord.id
    visitor = Newcomer(create_app(runtime), runtime, landlord_id)
    visitor.sign_in("ruben")
    visitor.get(NEW)
    visitor.post(NEW, **BEGUN)
    yield visitor
    runtime.db.dispose()


def test_a_new_draft_is_found_again_among_the_ladders(newcomer: Newcomer) -> None:
    page = newcomer.get("/contactladders")
    assert f'<a class="utrecht-link" href="{EDITOR}">Avondrood 2027</a>' in page
    assert "Hier werkt iemand aan." in page


def test_a_worker_sees_no_drafts_of_others(newcomer: Newcomer) -> None:
    newcomer.sign_in("joris")
    assert "Avondrood 2027" not in newcomer.get("/contactladders")


def test_names_that_do_not_fit_are_refused_beside_the_field(newcomer: Newcomer) -> None:
    refused = newcomer.post(NEW, **{**BEGUN, "title": "A" * 400})
    assert refused.status_code == 422
    assert "Maak dit korter: hooguit 200 tekens." in refused.get_data(as_text=True)
    answer = newcomer.add(
        adding="contact", block="call", clock="days_after_due", due_days="3", title_nl="Bellen " * 40
    ).get_data(as_text=True)
    assert "Maak dit korter: hooguit 200 tekens." in answer


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-3", "Kies een getal van 0 tot en met 3650."),
        ("99999", "Kies een getal van 0 tot en met 3650."),
        ("drie", "Vul een heel getal in."),
        ("1.5", "Vul een heel getal in."),
        ("", "Vul een heel getal in."),
    ],
)
def test_a_number_that_cannot_be_says_why(newcomer: Newcomer, typed: str, said: str) -> None:
    answer = newcomer.add(adding="contact", block="call", clock="days_after_due", due_days=typed)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_ladder_does_not_end_before_it_begins(newcomer: Newcomer) -> None:
    dates = {"valid_from": "2027-05-01", "valid_to": "2027-01-01"}
    refused = newcomer.post(f"{EDITOR}/afspraken", revision=newcomer.revision(), **{**HEAD, **dates})
    assert refused.status_code == 422
    assert "De laatste dag ligt voor de eerste." in refused.get_data(as_text=True)
    assert newcomer.data()["valid_from"] == "2027-01-01"


def test_a_step_can_begin_at_months_in_arrears(newcomer: Newcomer) -> None:
    newcomer.add(adding="early_signal", block="early_signal", clock="months_in_arrears", due_months="2")
    assert step_of(newcomer.data(), "vroegsignaal_aan_de_gemeente")["when"] == {"months_in_arrears": 2}


def test_a_step_after_a_decision_follows_the_one_decision_that_was_chosen(newcomer: Newcomer) -> None:
    revision = newcomer.revision()
    decision = {
        "title_nl": "Besluit", "stage": "consult", "clock": "days_after_due", "due_days": "70",
        "decided_by": "commission", "option_key": ["", ""],
        "option_title": ["naar de deurwaarder", "bij rust laten"], "purpose": "collection",
    }  # fmt: skip
    newcomer.post(f"{EDITOR}/stappen/overleg", revision=revision, knop="close", **decision)
    page = newcomer.get(f"{EDITOR}?nieuw=consult&na=overleg&mislukt=1")
    offered = re.findall(r'<option value="(overleg[^"]*)"( selected)?>([^<]*)', page.partition('id="new-failed"')[2])
    assert offered == [
        ("overleg:naar_de_deurwaarder", " selected", "Besluit: naar de deurwaarder"),
        ("overleg:bij_rust_laten", "", "Besluit: bij rust laten"),
    ]
    newcomer.add(adding="consult", block="bailiff", clock="after_outcome", failed_step="overleg:naar_de_deurwaarder")
    made = step_of(newcomer.data(), "overdracht_aan_de_deurwaarder")
    assert made["when"] == {"after_outcome": {"step": "overleg", "outcomes": ["naar_de_deurwaarder"]}}


def test_who_publishes_a_new_ladder_reads_its_steps(newcomer: Newcomer) -> None:
    newcomer.add(adding="contact", block="call", clock="days_after_due", due_days="1", title_nl="Eerste telefoontje")
    page = newcomer.get("/contactladders/avondrood_2027/publiceren")
    assert "Eerste telefoontje" in page
    assert "Op dag 1 na de vervaldag." in page

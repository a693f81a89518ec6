"""The editor of ladders without JavaScript: every part of the language can be set, kept, undone and read again."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from outreach.runtime import Runtime
from outreach.services.ladder_drafts import read_draft
from outreach.web.app import create_app
from schedules.drafting import Data, keys_of, step_of
from schedules.ladder_file import ladder_data
from schedules.loader import parse_ladder, preset_text
from tests.support.builders import Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration

EDITOR = "/contactladders/standaard/bewerken"


@dataclass(frozen=True)
class World:
    """A console with a policy officer, a colleague of hers, and a worker."""

    runtime: Runtime
    app: Flask
    landlord_id: int

    def visitor(self, username: str = "ruben") -> "Editor":
        """Return somebody who is signed in."""
        visitor = Editor(self.app)
        visitor.sign_in(username)
        return visitor

    def data(self, name: str = "standaard") -> Data:
        """Return the draft as it is kept."""
        with self.runtime.db.read() as session:
            draft = read_draft(session, self.landlord_id, name)
        assert draft is not None
        parse_ladder(draft.body)
        return draft.data


class Editor(Visitor):
    """A visitor who reads the revision from the page that he last saw, and sends a form as it stands on the page."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.page = ""

    def open(self, address: str) -> str:
        """Open a page of the editor."""
        self.page = self.get(address)
        return self.page

    def send(self, address: str, **fields: Any) -> Any:
        """Send a form with the revision of the page."""
        found = re.search(r'name="revision" value="(\d+)"', self.page)
        return self.post(address, revision=found.group(1) if found else "0", **fields)

    def fields(self) -> dict[str, Any]:
        """Return what stands in the form of the open step, as a browser would send it."""
        form = self.page.partition('id="step-form"')[2].partition("</form>")[0]
        found: dict[str, list[str]] = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name, value = (re.search(rf' {each}="([^"]*)"', tag) for each in ("name", "value"))
            kind = re.search(r'type="([^"]*)"', tag)
            if name and (not kind or kind.group(1) != "checkbox" or " checked" in tag):
                found.setdefault(name.group(1), []).append(value.group(1) if value else "")
        for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
            found.setdefault(name, []).append(chosen.group(1) if chosen else "")
        return {name.replace("&#39;", "'"): values for name, values in found.items() if name not in SENT_ANYWAY}


SENT_ANYWAY = ("csrf_token", "revision")


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a console with the shipped ladders in force."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        for username, role in (("ruben", "policy"), ("sanne", "policy"), ("anna", "worker"), ("mia", "manager")):
            builder.make_user(username=username, role=role, name=username.title())
        landlord_id = builder.landlord.id
    yield World(runtime, create_app(runtime), landlord_id)
    runtime.db.dispose()


def test_a_ladder_from_nothing_says_who_decided(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/contactladders/nieuw")
    fields = {"title": "Huurincasso 2027", "begin": "leeg", "decided_by": "Bestuur", "valid_from": "2027-01-01"}
    assert "Vul dit in." in visitor.post("/contactladders/nieuw", **{**fields, "title": ""}).get_data(as_text=True)
    answer = visitor.post("/contactladders/nieuw", **fields)
    assert answer.location == "/contactladders/huurincasso_2027/bewerken"
    data = world.data("huurincasso_2027")
    assert (data["source"]["document"], data["valid_from"]) == ("Bestuur", "2027-01-01")
    assert visitor.post("/contactladders/nieuw", **fields).location == "/contactladders/huurincasso_2027_2/bewerken"


def test_an_example_from_a_source_is_copied_first(world: World) -> None:
    visitor = world.visitor()
    assert (
        "/contactladders/nieuw?van=woongoed_zeist"
        in visitor.client.get("/contactladders/woongoed_zeist/bewerken").location
    )
    page = visitor.get("/contactladders/nieuw?van=woongoed_zeist")
    assert '<option value="woongoed_zeist" selected>' in page
    visitor.post(
        "/contactladders/nieuw", title="Ons Zeist", begin="woongoed_zeist", decided_by="Wij", valid_from="2027-01-01"
    )
    assert world.data("ons_zeist")["status"] == "own"


def test_a_step_is_added_on_its_day_with_its_usual_text(world: World) -> None:
    visitor = world.visitor()
    page = visitor.open(f"{EDITOR}?nieuw=care")
    assert "Wat gaat er gebeuren?" in page
    answer = visitor.send(f"{EDITOR}/stappen", adding="care", block="help_offer", clock="days_after_due", due_days="21")
    assert answer.location.endswith("stap=aanbod_van_hulp#stap-aanbod_van_hulp")
    step = step_of(world.data(), "aanbod_van_hulp")
    assert (step["when"], step["template"], step["stage"]) == ({"days_after_due": 21}, "help_offer", "care")


def test_a_step_for_when_another_one_does_not_work_out(world: World) -> None:
    visitor = world.visitor()
    page = visitor.open(f"{EDITOR}?nieuw=care&na=social_team&mislukt=1")
    assert 'id="new-clock-failed" checked' in page
    adding = {"adding": "care", "after": "social_team", "clock": "after_outcome"}
    visitor.send(f"{EDITOR}/stappen", **adding, block="debt_help", failed_step="social_team")
    made = step_of(world.data(), "aanmelding_schuldhulp")
    assert made["when"] == {"after_outcome": {"step": "social_team", "outcomes": ["rejected"]}}
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/stappen", adding="consult", block="decision", clock="days_after_due", due_days="70")
    visitor.open(EDITOR)
    answer = visitor.send(f"{EDITOR}/stappen", **adding, block="help_offer", failed_step="overleg_over_het_vervolg")
    assert "Bij dit besluit staat nog niet wat het kan zijn" in answer.get_data(as_text=True)


def test_what_is_missing_stands_beside_its_field(world: World) -> None:
    visitor = world.visitor()
    visitor.open(f"{EDITOR}?nieuw=care")
    answer = visitor.send(f"{EDITOR}/stappen", adding="care", clock="days_after_due", due_days="x")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Kies een van de mogelijkheden." in page and "Vul een heel getal in." in page
    visitor.open(f"{EDITOR}?stap=reminder")
    fields = {**visitor.fields(), "channel_1": "sms", "template": "reminder_help"}
    page = visitor.send(f"{EDITOR}/stappen/reminder", **fields).get_data(as_text=True)
    assert "Deze tekst is er niet voor SMS" in page


def test_the_form_of_a_step_says_what_the_step_says(world: World) -> None:
    visitor = world.visitor()
    before = ladder_data(preset_text("standaard"))
    for key in keys_of(before):
        visitor.open(f"{EDITOR}?stap={key}")
        visitor.send(f"{EDITOR}/stappen/{key}", **{**visitor.fields(), "lines": "bladzijde 4"})
    for step in world.data()["steps"]:
        old = step_of(before, step["key"])
        assert step.pop("lines") == "bladzijde 4"
        assert step == {name: value for name, value in old.items() if name != "lines"}


def test_every_clock_and_condition_can_be_set(world: World) -> None:
    visitor = world.visitor()
    visitor.open(f"{EDITOR}?stap=visit")
    fields = {
        **visitor.fields(),
        "clock": ["days_after_due", "after_outcome", "months_in_arrears", "day_of_month", "days_from_date"],
        "due_days": "30", "outcome_step": "call", "outcomes": ["no_answer", "voicemail"], "months": "2",
        "monthday": "31", "date_name": "summons", "date_side": "before", "date_days": "14",
        "tries_max": "3", "tries_gap": "4", "part_1": "evening", "part_2": "morning",
        "weekdays": ["monday", "saturday"],
        "other_weekday": "1", "payday_within_days": "5", "unless": ["ever_reached", "paused"],
        "needs": ["written_reminder"], "needs_steps": ["reminder", "robocall"], "asks_to_call": "1",
        "pause_days": "10", "expires_days": "6", "ends_ladder": "1", "purpose": "care", "measures": ["costs"],
        "only_if-rows": ["amount_at_least", "flag", "language", "area", "referral", "outcome", "plan", "reached"],
        "only_if-amount_at_least": "1.250,50", "only_if-flag": ["children"], "only_if-language": ["tr", "ar"],
        "only_if-area": ["noord"], "only_if-referral-target": "social_team",
        "only_if-referral-states": ["rejected"], "only_if-outcome-step": "call", "only_if-outcome-outcomes": ["talked"],
        "only_if-plan": ["broken"], "not_if-rows": ["unreachable_by", "months_below", "help", "date_known"],
        "not_if-unreachable_by": ["sms", "letter"], "not_if-months_below": "?", "not_if-help": ["refused"],
        "not_if-date_known": ["judgment"],
    }  # fmt: skip
    answer = visitor.send(f"{EDITOR}/stappen/visit", **fields)
    assert answer.status_code == 302
    data = world.data()
    step = step_of(data, "visit")
    assert step["when"] == {
        "days_after_due": 30,
        "after_outcome": {"step": "call", "outcomes": ["no_answer", "voicemail"]},
        "months_in_arrears": 2,
        "day_of_month": 31,
        "days_from_date": {"date": "summons", "days": -14},
    }
    assert step["attempts"] == {
        "max": 3, "gap_days": 4, "day_parts": ["evening", "morning"], "weekdays": ["monday", "saturday"],
        "other_weekday": True,
    }  # fmt: skip
    assert step["only_if"] == {
        "amount_at_least": 125050, "flag": ["children"], "language": ["ar", "tr"], "area": ["noord"],
        "referral": {"target": "social_team", "states": ["rejected"]},
        "outcome": {"step": "call", "outcomes": ["talked"]}, "plan": ["broken"], "reached": True,
    }  # fmt: skip
    gap = data["gaps"][0]
    assert step["not_if"] == {
        "unreachable_by": ["sms", "letter"], "months_below": f"~{gap['name']}", "help": ["refused"],
        "date_known": ["judgment"],
    }  # fmt: skip
    assert gap["title"]["nl"] == "Huisbezoek: maanden achterstand"
    parts = ("needs_steps", "pause_days", "expires_days", "ends_ladder", "purpose", "measures", "payday_within_days")
    assert [step[part] for part in parts] == [["reminder", "robocall"], 10, 6, True, "care", ["costs"], 5]
    visitor.open(f"{EDITOR}?stap=visit")
    visitor.send(f"{EDITOR}/stappen/visit", **visitor.fields())
    assert step_of(world.data(), "visit") == step


def test_a_decision_has_options_that_other_steps_wait_for(world: World) -> None:
    visitor = world.visitor()
    visitor.open(f"{EDITOR}?nieuw=consult")
    visitor.send(
        f"{EDITOR}/stappen",
        adding="consult",
        block="decision",
        clock="days_after_due",
        due_days="70",
        title_nl="Commissie",
    )
    visitor.open(f"{EDITOR}?stap=commissie")
    fields = {**visitor.fields(), "decided_by": "commission", "option_key": ["", ""], "option_title": ["Door", "Stop"]}
    visitor.send(f"{EDITOR}/stappen/commissie", **fields)
    step = step_of(world.data(), "commissie")
    assert (step["decided_by"], [option["key"] for option in step["options"]]) == ("commission", ["door", "stop"])
    page = visitor.open(f"{EDITOR}?stap=help_again")
    fields = {**visitor.fields(), "outcome_step": "commissie", "outcomes": [], "knop": "refresh"}
    page = visitor.send(f"{EDITOR}/stappen/help_again", **fields).get_data(as_text=True)
    assert 'value="door"' in page


def test_a_condition_is_added_and_taken_away(world: World) -> None:
    visitor = world.visitor()
    visitor.open(f"{EDITOR}?stap=visit")
    fields = {**visitor.fields(), "only_if-more": "flag", "knop": "add:only_if"}
    visitor.page = visitor.send(f"{EDITOR}/stappen/visit", **fields).get_data(as_text=True)
    assert 'name="only_if-flag"' in visitor.page
    visitor.send(f"{EDITOR}/stappen/visit", **{**visitor.fields(), "only_if-flag": ["children"]})
    assert step_of(world.data(), "visit")["only_if"] == {"flag": ["children"]}
    visitor.open(f"{EDITOR}?stap=visit")
    visitor.send(f"{EDITOR}/stappen/visit", **{**visitor.fields(), "knop": "drop:only_if:flag"})
    assert "only_if" not in step_of(world.data(), "visit")


def test_the_buttons_move_copy_and_remove(world: World) -> None:
    visitor = world.visitor()
    for do in ("later", "later", "down", "copy"):
        visitor.open(EDITOR)
        visitor.send(f"{EDITOR}/stappen/reminder/doe", do=do)
    data = world.data()
    assert step_of(data, "reminder")["when"] == {"days_after_due": 7}
    assert step_of(data, "reminder")["stage"] == "contact"
    assert keys_of(data)[:2] == ("reminder", "herinnering_kopie")
    visitor.open(EDITOR)
    asked = visitor.send(f"{EDITOR}/stappen/reminder/weg").get_data(as_text=True)
    assert "Wat moeten zij in plaats daarvan volgen?" in asked
    visitor.page = asked
    visitor.send(f"{EDITOR}/stappen/reminder/weg", instead="herinnering_kopie")
    assert step_of(world.data(), "robocall")["when"]["days_after"]["step"] == "herinnering_kopie"
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/ongedaan")
    assert "reminder" in keys_of(world.data())
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/opnieuw")
    assert "reminder" not in keys_of(world.data())


def test_what_the_mouse_sends_is_checked_like_the_buttons(world: World) -> None:
    visitor = world.visitor()
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/stappen/visit/doe", do="day", day="40")
    visitor.open(EDITOR)
    assert step_of(world.data(), "visit")["when"]["days_after"]["days"] == 21
    visitor.send(f"{EDITOR}/stappen/visit/doe", do="place", stage="care", before="meldpunt")
    assert step_of(world.data(), "visit")["stage"] == "care"
    visitor.open(EDITOR)
    assert visitor.send(f"{EDITOR}/stappen/visit/doe", do="place", stage="nergens").status_code == 400
    assert visitor.send(f"{EDITOR}/stappen/nergens/doe", do="later").status_code == 404
    assert visitor.send(f"{EDITOR}/stappen/visit/doe", do="vanish").status_code == 400


def test_stages_are_named_moved_and_removed(world: World) -> None:
    visitor = world.visitor()
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/fasen", title="Laatste kans")
    for do, title in (("rename", "Kans"), ("up", "Kans"), ("remove", "Kans")):
        visitor.open(EDITOR)
        key = "laatste_kans" if do != "remove" else "contact"
        visitor.send(f"{EDITOR}/fasen/{key}", do=do, title=title)
    data = world.data()
    assert [stage["key"] for stage in data["stages"]][-2:] == ["laatste_kans", "consult"]
    assert step_of(data, "visit")["stage"] == "reminder"


def test_what_holds_for_the_whole_ladder(world: World) -> None:
    visitor = world.visitor()
    page = visitor.open(f"{EDITOR}/afspraken")
    assert "Wat belooft deze ladder?" in page
    fields: dict[str, Any] = {
        "title_nl": "Onze ladder", "title_en": "Standard contact ladder", "document": "Bestuur", "year": "2027",
        "description": "Van ons", "valid_from": "2027-01-01", "valid_to": "2028-12-31", "reached_how": "own",
        "reached": ["talked"], "count-attempts": "4", "count-channels": "2", "count-day_parts": "2",
        "promise-handed_to_person_within_days": "60", "promise-home_visits": "1", "exclusions": ["cannabis"],
        "slack": ["0"], "slack0-days": "14", "slack0-rows": ["flag"], "slack0-flag": ["children"],
        "slack0-stages": ["contact"], "pilot_of": "", "knop": "save",
    }  # fmt: skip
    assert "Vul dit in." in visitor.send(f"{EDITOR}/afspraken", **{**fields, "document": ""}).get_data(as_text=True)
    assert visitor.send(f"{EDITOR}/afspraken", **fields).status_code == 302
    data = world.data()
    assert data["slack"] == [{"if": {"flag": ["children"]}, "days": 14, "stages": ["contact"]}]
    assert (data["reached"], data["valid_to"], data["promises"]["home_visits"]) == (["talked"], "2028-12-31", 1)
    taken_over = data["steps"][-1]
    assert (data["exclusions"], taken_over["kind"], taken_over["only_if"]) == (
        ["cannabis"],
        "decision",
        {"flag": ["cannabis"]},
    )


def test_a_file_can_be_saved_changed_elsewhere_and_brought_back(world: World) -> None:
    visitor = world.visitor()
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/stappen/reminder/doe", do="later")
    saved = visitor.client.get(f"{EDITOR}/bestand")
    assert "contactladder-standaard.yaml" in saved.headers["Content-Disposition"]
    text = saved.get_data(as_text=True).replace("days_after_due: 6", "days_after_due: 9")
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/bestand", file=(io.BytesIO(text.encode()), "ladder.yaml"))
    assert step_of(world.data(), "reminder")["when"] == {"days_after_due": 9}
    visitor.open(EDITOR)
    broken = text.replace("stage: contact", "stage: kontact")
    answer = visitor.send(f"{EDITOR}/bestand", file=(io.BytesIO(broken.encode()), "ladder.yaml"))
    assert answer.status_code == 422
    assert "er is geen fase" in answer.get_data(as_text=True).replace("&#39;", "'")
    assert visitor.send(f"{EDITOR}/bestand", file=(io.BytesIO(b"\xff\xfe"), "foto.yaml")).status_code == 422


def test_the_law_adds_what_is_missing_only_once(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/contactladders/nieuw")
    visitor.post("/contactladders/nieuw", title="Kaal", begin="leeg", decided_by="Wij", valid_from="2027-01-01")
    for _ in range(2):
        visitor.open("/contactladders/kaal/bewerken")
        visitor.send("/contactladders/kaal/bewerken/wet")
        kinds = [step["kind"] for step in world.data("kaal")["steps"]]
    assert kinds.count("visit") == 1 and "referral" in kinds


def test_two_people_do_not_lose_each_others_work(world: World) -> None:
    ruben, sanne = world.visitor("ruben"), world.visitor("sanne")
    ruben.open(f"{EDITOR}?stap=visit")
    sanne.open(EDITOR)
    sanne.send(f"{EDITOR}/stappen/reminder/doe", do="later")
    answer = ruben.send(f"{EDITOR}/stappen/visit", **{**ruben.fields(), "title_nl": "Op bezoek"})
    page = ruben.get(answer.location)
    assert "Sanne heeft deze ladder intussen veranderd" in page
    assert step_of(world.data(), "reminder")["when"] == {"days_after_due": 6}
    assert step_of(world.data(), "visit")["title"]["nl"] == "Huisbezoek"


def test_who_may_not_edit_reads_along(world: World) -> None:
    worker = world.visitor("anna")
    page = worker.get(f"{EDITOR}?stap=visit")
    assert "U leest mee" in page and "Ongedaan maken" not in page and "disabled" in page
    assert worker.post(f"{EDITOR}/stappen/visit/doe", do="later", revision="0").status_code == 403
    assert worker.client.get("/contactladders/nieuw").status_code == 403


def test_throwing_a_draft_away_leaves_what_is_in_force(world: World) -> None:
    visitor = world.visitor()
    visitor.open(EDITOR)
    visitor.send(f"{EDITOR}/stappen/reminder/doe", do="later")
    assert visitor.post(f"{EDITOR}/weggooien").location == "/contactladders/standaard"
    assert "Nog niets veranderd" in visitor.get(EDITOR)


def test_the_rehearsal_shows_real_dates(world: World) -> None:
    page = world.visitor().get(f"{EDITOR}/proefrit")
    assert "7 dec 09:00" in page and "Herinnering, SMS" in page
    assert "kijkt een mens of partner mee" in page

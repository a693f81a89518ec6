"""The pages of help and law: lists with their filters, what the roles may do, and every reason as a sentence."""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from outreach.db.tables import ReferralRow, TrajectoryRow, UserRow
from outreach.services import trajectories, trajectory_moves
from outreach.web.app import create_app
from outreach.web.pages.report import WHY_NOT
from outreach.web.reasons import why
from outreach.web.translation import COOKIE, language
from schedules.decisions import Reason
from schedules.reasons import REASONS
from tests.support.builders import hashed_password
from tests.support.care import QUOTA, care_world, day, morning, owing
from tests.support.console import Visitor
from tests.support.worlds import Home, World, building

pytestmark = pytest.mark.integration


@dataclass(frozen=True, kw_only=True)
class Office:
    """A console over a world: one case was referred, one waits in the queue."""

    world: World
    app: Flask
    sent: Home
    queued: Home

    def visitor(self, role: str = "worker") -> Visitor:
        """Return a visitor who signed in with a role."""
        with self.world.runtime.db.write() as session:
            session.execute(update(UserRow).values(role=role, password_hash=hashed_password()))
        visitor = Visitor(self.app)
        visitor.sign_in()
        return visitor


@pytest.fixture
def office(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """Yield a console on SQLite; the services ask both databases."""
    with building(migrated_sqlite_url, tmp_path) as build:
        world = care_world(build, QUOTA)
        sent, queued = owing(world, 2)
        morning(world, 0)
        yield Office(world=world, app=create_app(world.runtime), sent=sent, queued=queued)


def test_referrals_are_listed_by_what_is_needed(office: Office) -> None:
    visitor = office.visitor()
    assert "Bakker1" in visitor.get("/meldingen?state=sent")
    assert "Bakker2" not in visitor.get("/meldingen?state=sent")
    waiting = visitor.get("/meldingen?state=queued")
    assert "Bakker2" in waiting and "wacht sinds" in waiting
    assert "Bakker1" not in visitor.get("/meldingen?state=overdue")
    morning(office.world, 15)
    late = visitor.get("/meldingen?state=overdue")
    assert "Bakker1" in late and "te laat" in late


def test_what_waits_for_a_place_says_so_everywhere(office: Office) -> None:
    visitor = office.visitor("policy")
    morning(office.world, 1)
    case = visitor.get(f"/dossiers/{office.world.case(office.queued).id}")
    assert "De melding staat in de wachtrij" in case
    [row] = office.world.rows(ReferralRow, ReferralRow.state == "queued")
    page = visitor.get(f"/meldingen/{row.id}")
    assert "is er geen plek meer" in page and "Terugmelding vastleggen" not in page
    partner = visitor.get(f"/partners/{row.partner_id}")
    assert "1 van 1" in partner and "1 van 3" in partner


def test_a_rejection_without_its_reason_keeps_what_was_typed(office: Office) -> None:
    visitor = office.visitor()
    [row] = office.world.rows(ReferralRow, ReferralRow.state == "sent")
    visitor.get(f"/meldingen/{row.id}")
    answer = visitor.post(f"/meldingen/{row.id}", state="rejected", text="Past niet bij ons")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Kies waarom de partner de zaak niet opneemt." in page and "Past niet bij ons" in page
    answer = visitor.post(f"/meldingen/{row.id}", state="rejected", reason="no_capacity")
    assert answer.status_code == 302
    assert "geen plek" in visitor.get("/meldingen?state=rejected")


def running(office: Office) -> int:
    world = office.world
    case_id = world.case(office.sent).id
    made = trajectories.propose(
        world.runtime, world.actor, case_id, name="kans", opening="asked", why="Wil graag blijven."
    )
    trajectory_moves.start(
        world.runtime,
        world.actor,
        made,
        agreement="addendum",
        agreed_on=day(0),
        started_on=day(0),
        evidence="Addendum 7",
        judgment_on=date(2026, 1, 15),
    )
    return made


def test_a_trajectory_shows_its_conditions_reviews_and_that_the_judgment_lapses_first(office: Office) -> None:
    visitor, made = office.visitor(), running(office)
    assert "Bakker1" in visitor.get("/trajecten?state=running")
    assert "Bakker1" not in visitor.get("/trajecten?state=due")
    page = visitor.get(f"/trajecten/{made}")
    assert "Begeleiding aanvaard" in page and "Het vonnis verloopt" in page and "voor het einde" in page
    morning(office.world, 92)
    assert "Bakker1" in visitor.get("/trajecten?state=due")
    case = visitor.get(f"/dossiers/{office.world.case(office.sent).id}")
    assert "Traject Proefkans: voorgesteld" in case and "Traject Proefkans: loopt" in case
    assert "Traject loopt" in case and "Weer beginnen" not in case


def test_who_may_only_look_sees_no_forms(office: Office) -> None:
    made = running(office)
    visitor = office.visitor("manager")
    page = visitor.get(f"/trajecten/{made}")
    assert "Begeleiding aanvaard" in page and "Traject beëindigen" not in page
    answer = visitor.post(f"/trajecten/{made}/einde", verdict="paid", evidence="x")
    assert answer.status_code == 403
    assert [row.state for row in office.world.rows(TrajectoryRow)] == ["running"]
    assert office.visitor("field").client.get("/trajecten").status_code == 403


def test_legal_dates_and_a_child_are_recorded_in_the_case(office: Office) -> None:
    visitor, case_id = office.visitor(), office.world.case(office.sent).id
    address = f"/dossiers/{case_id}"
    visitor.get(address)
    answer = visitor.post(f"{address}/doe/datum", name="eviction", on=day(9).isoformat(), evidence="Brief 1")
    assert answer.status_code == 302
    page = visitor.get(address)
    assert "Geplande ontruiming" in page and "Ontruiming dichtbij" in page and "Partner inlichten" in page
    visitor.post(f"{address}/doe/kind", note="Een peuter alleen thuis")
    assert "Kind in huis" in visitor.get(address)


VALUES: dict[str, Any] = {
    **dict.fromkeys(("day", "due_on"), date(2026, 11, 24)),
    **dict.fromkeys(("at", "until"), datetime(2026, 11, 24, 9, tzinfo=UTC)),
    **dict.fromkeys(("days", "months", "now", "number", "attempt", "hours", "limit"), 3),
    **dict.fromkeys(("amount_cents", "minimum_cents"), 65000),
}


@pytest.mark.parametrize("chosen", ["nl", "en"])
def test_every_reason_is_a_whole_sentence_on_the_screen(office: Office, chosen: str) -> None:
    with office.app.test_request_context(headers={"Cookie": f"{COOKIE}={chosen}"}):
        assert language() == chosen
        for code, sentences in REASONS.items():
            names = {name for _text, name, *_rest in string.Formatter().parse(sentences[0]) if name}
            [said] = why([Reason(code=code, params={name: VALUES.get(name, "children") for name in names})])
            assert said.endswith((".", "?")) and "{" not in said and "_" not in said, code


def test_the_day_report_has_words_for_what_is_refused() -> None:
    refusals = {
        "excluded",
        "ladder_ended",
        "needs_step",
        "needs_home_visit",
        "only_when",
        "not_when",
        "rest_after_step",
    }
    assert refusals <= WHY_NOT.keys()

"""The case screen offers what ladders and routes branch on: features, payday, and the grounds of a partner's route."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from outreach.db.tables import CaseRow, PartnerRow
from outreach.runtime import Runtime
from outreach.web.app import create_app
from tests.support.builders import Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration
Desk = tuple[Runtime, Visitor, int]


@pytest.fixture
def desk(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """Yield a console with one case and a partner that works by a route with grounds of its own."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        builder.make_user()
        case = builder.make_case(tenancy=builder.make_tenancy(person=builder.make_person()))
        partner = PartnerRow(
            landlord_id=builder.landlord.id, municipality="Waterdam", kind="frontlijn", name="Bureau", active=True
        )
        partner.route = "rotterdam_mpg_plus"
        builder.add(partner)
        case_id = case.id
    visitor = Visitor(create_app(runtime))
    visitor.sign_in()
    yield runtime, visitor, case_id


def case_of(desk: Desk) -> CaseRow:
    with desk[0].db.read() as session:
        return session.get_one(CaseRow, desk[2])


def test_the_grounds_of_a_partners_route_can_be_recorded(desk: Desk) -> None:
    page = desk[1].client.get(f"/dossiers/{desk[2]}").get_data(as_text=True)
    assert "Zware problemen op drie leefgebieden of meer" in page
    desk[1].get(f"/dossiers/{desk[2]}")
    desk[1].post(f"/dossiers/{desk[2]}/doe/grond", ground="three_domains", note="Werk, zorg en schulden.")
    assert case_of(desk).grounds == ["three_domains"]


def test_features_are_ticked_and_a_wrong_payday_is_told_beside_the_form(desk: Desk) -> None:
    form = {"care_avoiding": "1", "reach_evening": "1", "children": "yes", "payday": "23"}
    desk[1].post(f"/dossiers/{desk[2]}/doe/kenmerken", **form)
    assert case_of(desk).flags == ["care_avoiding", "reach_evening"] and case_of(desk).payday == 23
    answer = desk[1].post(f"/dossiers/{desk[2]}/doe/kenmerken", payday="40")
    assert "De betaaldag is 1 tot en met 31." in answer.get_data(as_text=True)
    assert case_of(desk).payday == 23

"""From nothing to the first day, through the console alone, as an own landlord does it."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from outreach.config import Settings
from outreach.runtime import make_runtime
from outreach.services.setup import create_landlord
from outreach.web.app import create_app
from tests.integration.test_web_office import form_values
from tests.support.console import MovableClock, Visitor

pytestmark = pytest.mark.integration

MORNING = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
ITEMS = (
    "Contract;Postnummer;Vervaldatum;Openstaand;Naam;Adres;Postcode;Plaats;Wijk;E-mail\r\n"
    "H1;p1;01-11-2026;650,00;mevrouw A. Jansen;Kerkstraat 1;1234 AB;Voorbeeldstad;Noord;a.jansen@example.nl\r\n"
    "H2;p2;01-11-2026;720,00;heer B. de Boer;Kerkstraat 2;1234 AB;Voorbeeldstad;Noord;b.deboer@example.nl\r\n"
)


def test_an_own_landlord_goes_from_nothing_to_the_first_day(migrated_url: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=migrated_url, secret_key="test" * 8)
    runtime = make_runtime(settings, clock=MovableClock(MORNING))
    made = create_landlord(runtime, "Wonen Zelf")
    visitor = Visitor(create_app(runtime))
    visitor.sign_in(made.username, made.password)

    page = visitor.get("/start")
    assert "Vul de afzender in" in page
    assert "Speel de eerste dag" not in page
    assert visitor.post("/start").headers["Location"] == "/start"

    form = form_values(visitor.get("/instellingen"))
    sender = {"sender_phone": "010 123 45 67", "contact_name": "Anna Visser"}
    assert visitor.post("/instellingen", **{**form, **sender}).status_code == 302
    assert (
        visitor.post("/instellingen/wijken", name="Noord", municipality="Voorbeeldstad", team_id="").status_code == 302
    )
    file = (io.BytesIO(ITEMS.encode()), "open.csv")
    look = visitor.post("/inlezen", kind="arrears", coverage="complete", negative="error", file=file).headers[
        "Location"
    ]
    assert "Lees 2 goede rijen in" in visitor.get(look)
    assert visitor.post(look).status_code == 302

    assert "Speel de eerste dag" in visitor.get("/start")
    answer = visitor.post("/start")
    assert answer.headers["Location"] == "/dagverslag"
    report = visitor.get("/dagverslag")
    assert "De eerste dag is begonnen: 2 dossiers geopend." in report
    assert "Verstuurd" in report
    assert "Speel de eerste dag" not in visitor.get("/start")
    runtime.db.dispose()

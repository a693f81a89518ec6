"""The pages of doors, referrals, ladders, texts, imports and settings, over real rows and real services."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from outreach.db.tables import (
    AttemptRow,
    CaseRow,
    DayRunRow,
    DeliveryRow,
    EvidenceRow,
    PartnerRow,
    PermissionRow,
    ReferralRow,
    RejectedRowRow,
    TaskRow,
    TeamRow,
    UserRow,
)
from outreach.runtime import Runtime
from outreach.services.policy import load_policy
from outreach.web.accounts import hash_password
from outreach.web.app import create_app
from tests.support.builders import NOW, PASSWORD, Builder
from tests.support.console import Visitor, console_runtime, install

pytestmark = pytest.mark.integration

ARREARS = (
    "Contract;Postnummer;Vervaldatum;Openstaand;Naam;Adres;Postcode;Plaats;Wijk;BSN\r\n"
    "H9001;p1;01-10-2026;650,00;mevrouw A. Jansen;Kerkstraat 1;1234 AB;Voorbeeldstad;Noord;123456782\r\n"
    "H9002;p2;30-02-2026;650,00;heer B. Pietersen;Kerkstraat 2;1234 AB;Voorbeeldstad;Noord;111222333\r\n"
)

NO_VALUE = "reminder/email/nl: no value for contact_name, contact_phone"


@dataclass(frozen=True)
class World:
    """A console with a visit in each of two areas, a call, a referral, and users of each role."""

    runtime: Runtime
    app: Flask
    landlord_id: int
    visit_id: int
    far_id: int
    call_id: int
    case_id: int
    referral_id: int

    def visitor(self, username: str = "beleid") -> Visitor:
        """Return a signed-in visitor."""
        visitor = Visitor(self.app)
        visitor.sign_in(username)
        return visitor

    def count(self, table: type) -> int:
        """Count the rows of a table."""
        with self.runtime.db.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


def _work(builder: Builder, case: object, person: object, kind: str) -> int:
    attempt = builder.make_attempt(
        case,  # type: ignore[arg-type]
        person,  # type: ignore[arg-type]
        channel=kind,
        kind=kind,
        step=kind,
        state="claimed",
        sent_at=None,
        claimed_at=NOW,
        text="Vraag eerst hoe het gaat.\nBied hulp aan.",
    )
    builder.make_task(case, kind=kind, attempt_id=attempt.id)  # type: ignore[arg-type]
    return attempt.id


@pytest.fixture
def world(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a console with a few rows."""
    runtime = console_runtime(tmp_path, url=migrated_sqlite_url)
    with runtime.db.write() as session:
        builder = Builder(session)
        install(runtime, builder)
        for username, role in (("beleid", "policy"), ("baas", "admin"), ("buiten", "field"), ("anna", "worker")):
            builder.make_user(username=username, role=role, name=username.title(), password_hash=_hashed())
        builder.make_user(username="mia", role="manager", name="Mia", password_hash=_hashed())
        builder.make_delivery()
        person = builder.make_person(family_name="Yilmaz", initials="F.")
        builder.make_contact_point(person, value="+31612345678")
        case = builder.make_case(tenancy=builder.make_tenancy(person=person), flags=["care_avoiding"])
        visit = _work(builder, case, person, "visit")
        west = builder.make_area(
            code="west", name="West", team=builder.add(TeamRow(landlord_id=builder.landlord.id, code="w", name="West"))
        )
        other = builder.make_person(family_name="Ver")
        far = builder.make_case(tenancy=builder.make_tenancy(person=other, area=west))
        far_visit = _work(builder, far, other, "visit")
        called = builder.make_person(family_name="Beller")
        call = _work(builder, builder.make_case(tenancy=builder.make_tenancy(person=called)), called, "call")
        partner = builder.add(
            PartnerRow(
                landlord_id=builder.landlord.id,
                municipality="Voorbeeldstad",
                kind="social_team",
                name="Sociaal team",
                contact_person="Tim",
            )
        )
        referral = builder.add(
            ReferralRow(
                landlord_id=builder.landlord.id,
                case_id=case.id,
                ladder_run=1,
                step="social_team",
                partner_id=partner.id,
                partner_kind="social_team",
                state="sent",
                dossier={
                    "fields": {"name": "F. Yilmaz", "amount": 130000},
                    "why": [],
                    "attempts": [
                        {"at": NOW.isoformat(), "channel": "sms", "step": "r", "outcome": "delivered", "reached": False}
                    ],
                },
                sent_at=NOW - timedelta(days=30),
                feedback_due_on=date(2026, 11, 20),
            )
        )
        case.decision = {
            "refused": [{"step": "early_signal", "why": [{"code": "signal_needs_agreement", "params": {}}]}],
            "waiting": [],
        }
        ids = (builder.landlord.id, visit, far_visit, call, case.id, referral.id)
    yield World(runtime, create_app(runtime), *ids)
    runtime.db.dispose()


def test_the_doors_of_the_own_team_are_listed_with_a_warning(world: World) -> None:
    page = world.visitor("buiten").get("/huisbezoeken")
    assert "F. Yilmaz" in page
    assert "ga met twee" in page
    assert "Ver" not in page
    assert world.visitor("buiten").client.get(f"/huisbezoeken/{world.far_id}").status_code == 404


def test_a_door_shows_what_to_say_and_large_buttons(world: World) -> None:
    page = world.visitor("buiten").get(f"/huisbezoeken/{world.visit_id}")
    assert "<li>Vraag eerst hoe het gaat.</li>" in page
    assert 'value="not_home+card"' in page
    assert "Ga met twee naar deze deur." in page


def test_a_visit_sent_twice_is_recorded_once(world: World) -> None:
    visitor = world.visitor("buiten")
    for _ in range(2):
        visitor.get(f"/huisbezoeken/{world.visit_id}")
        answer = visitor.post(
            f"/huisbezoeken/{world.visit_id}",
            outcome="talked",
            note="Belt morgen",
            signals="neglect",
            consent="1",
            client_id="11111111-1111-4111-8111-111111111111",
        )
        assert answer.status_code == 302
    with world.runtime.db.read() as session:
        row = session.get_one(AttemptRow, world.visit_id)
        assert (row.state, row.outcome, row.reached) == ("done", "talked", True)
        assert session.scalar(select(func.count()).select_from(PermissionRow)) == 1
        assert session.scalar(select(TaskRow.state).where(TaskRow.attempt_id == world.visit_id)) == "done"


def test_a_child_seen_makes_a_crisis_and_the_door_is_done_once(world: World) -> None:
    visitor = world.visitor("beleid")
    visitor.get(f"/huisbezoeken/{world.visit_id}")
    with world.runtime.db.write() as session:
        again = session.scalars(select(TaskRow).where(TaskRow.attempt_id == world.visit_id)).one()
        session.add(
            TaskRow(
                landlord_id=again.landlord_id,
                area_id=again.area_id,
                case_id=again.case_id,
                attempt_id=again.attempt_id,
                key="yesterday",
                kind="visit",
                due_at=NOW,
                priority=75,
                state="done",
                done_at=NOW,
                outcome="again",
            )
        )
    visitor.post(f"/huisbezoeken/{world.visit_id}", outcome="not_home", signals="child", note="Kind van zes alleen")
    page = visitor.get("/huisbezoeken")
    assert page.count("F. Yilmaz") == 1
    assert page.index("Vandaag gedaan") < page.index("F. Yilmaz")
    case = visitor.get(f"/dossiers/{world.case_id}")
    assert "Kind gezien bij huisbezoek; schakel hulp in." in case
    assert "Kind van zes alleen" in case
    assert "Kind gezien bij huisbezoek; schakel hulp in." in visitor.get("/vandaag")


def test_the_field_worker_gives_his_own_name(world: World) -> None:
    assert "Noem uw eigen naam: Buiten." in world.visitor("buiten").get(f"/huisbezoeken/{world.visit_id}")


def test_a_hold_comes_before_the_hour_and_codes_are_words(world: World) -> None:
    with world.runtime.db.write() as session:
        session.get_one(CaseRow, world.case_id).decision = {
            "refused": [],
            "waiting": [
                {
                    "step": "card",
                    "until": "2026-12-01T23:00:00+00:00",
                    "why": [
                        {"code": "waits_for_outcome", "params": {"step": "visit", "outcomes": "not_home / not_opened"}}
                    ],
                },
                {
                    "step": "call",
                    "until": None,
                    "why": [
                        {"code": "stale_ledger", "params": {"day": "2026-11-20", "limit": 1}},
                        {"code": "busy_talk", "params": {}},
                    ],
                },
            ],
        }
        row = session.get_one(AttemptRow, world.visit_id)
        row.state, row.dropped_reason = "dropped", {"why": [{"code": "text_refused", "params": {"why": NO_VALUE}}]}
        task = session.scalars(select(TaskRow).where(TaskRow.attempt_id == world.visit_id)).one()
        task.kind, task.detail = "text_refused", {"why": NO_VALUE}
    page = world.visitor("anna").get(f"/dossiers/{world.case_id}")
    assert "Contact wacht" in page
    assert page.index("Er loopt een gesprek met de huurder.") < page.index("De stand is van")
    assert "wo 2 dec</time>" in page
    assert "niet thuis / deed niet open" in page
    lacking = "Er ontbreken gegevens van de verhuurder: contactpersoon, telefoon. Vul ze in bij Instellingen."
    assert page.count(lacking) == 2
    assert "no value for" not in page


def test_another_outcome_afterwards_is_refused_and_the_note_is_kept(world: World) -> None:
    visitor = world.visitor("buiten")
    visitor.get(f"/huisbezoeken/{world.visit_id}")
    visitor.post(f"/huisbezoeken/{world.visit_id}", outcome="talked")
    visitor.get(f"/huisbezoeken/{world.visit_id}")
    answer = visitor.post(f"/huisbezoeken/{world.visit_id}", outcome="not_home", note="Hond in de gang")
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Hond in de gang" in page
    assert "al vastgelegd: gesproken" in page


def test_an_unknown_outcome_is_asked_again(world: World) -> None:
    visitor = world.visitor("buiten")
    visitor.get(f"/huisbezoeken/{world.visit_id}")
    answer = visitor.post(f"/huisbezoeken/{world.visit_id}", outcome="flown_away", note="Notitie")
    assert answer.status_code == 422
    assert "Notitie" in answer.get_data(as_text=True)


def test_a_call_is_recorded_from_the_call_list(world: World) -> None:
    visitor = world.visitor("anna")
    assert "Beller" in visitor.get("/bellijst")
    visitor.get(f"/huisbezoeken/{world.call_id}")
    assert visitor.post(f"/huisbezoeken/{world.call_id}", outcome="no_answer").headers["Location"] == "/bellijst"


def test_overdue_referrals_come_first_with_their_dossier(world: World) -> None:
    visitor = world.visitor("anna")
    assert "te laat" in visitor.get("/meldingen")
    page = visitor.get(f"/meldingen/{world.referral_id}")
    assert "F. Yilmaz" in page
    assert "bezorgd" in page
    answer = visitor.post(f"/meldingen/{world.referral_id}", state="accepted", text="Opgepakt", help_said="accepted")
    assert answer.status_code == 302
    assert "hulp aanvaard" in visitor.get(f"/meldingen/{world.referral_id}")


def test_feedback_without_a_choice_stands_beside_the_field(world: World) -> None:
    visitor = world.visitor("anna")
    visitor.get(f"/meldingen/{world.referral_id}")
    answer = visitor.post(f"/meldingen/{world.referral_id}", state="", text="Nog even wachten")
    assert answer.status_code == 422
    assert "Nog even wachten" in answer.get_data(as_text=True)
    assert "Vul dit in." in answer.get_data(as_text=True)


def test_a_refused_signal_says_exactly_what_is_lacking(world: World) -> None:
    page = world.visitor("anna").get("/meldingen/niet-gemeld")
    assert "er is geen afspraak met deze gemeente" in page
    assert page.count("condition--lacking") == 1
    assert page.count("condition--met") == 4
    assert "F. Yilmaz" not in world.visitor("anna").get("/meldingen/niet-gemeld?lacking=a")


@pytest.mark.parametrize("name", ["standaard", "woongoed_zeist", "de_alliantie", "sociaal_incasso"])
def test_a_ladder_reads_as_days_and_words(world: World, name: str) -> None:
    page = world.visitor("mia").get(f"/contactladders/{name}")
    assert "De ladder in dagen" in page
    assert "Huisbezoek" in page or "belcomputer" in page.lower()


def test_a_ladder_with_open_gaps_cannot_be_switched_on(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get("/contactladders")
    assert "nog 6 in te vullen" in page
    answer = visitor.post("/contactladders/wijken", default_ladder="woongoed_zeist")
    assert answer.status_code == 422
    assert "vul eerst in wat niet in de bron staat (6)" in answer.get_data(as_text=True)
    visitor.get("/contactladders/woongoed_zeist")
    fills = {"herinnering_kanaal": "letter", "bel_pogingen": "2", "bel_tussentijd_dagen": "3", "bezoek_na_dagen": "4",
             "laatste_kans_dagen": "7", "laatste_kans_na_vonnis_dagen": "1"}  # fmt: skip
    assert visitor.post("/contactladders/woongoed_zeist", **fills).status_code == 302
    chosen = {"default_ladder": "standaard", "area-west": "woongoed_zeist"}
    refuted = visitor.post("/contactladders/wijken", **chosen)
    assert refuted.status_code == 422
    assert "Kies de variant woongoed_zeist_met_bodem" in refuted.get_data(as_text=True)
    chosen["area-west"] = "woongoed_zeist_met_bodem"
    assert visitor.post("/contactladders/wijken", **chosen).status_code == 302
    with world.runtime.db.read() as session:
        settings = load_policy(session, world.landlord_id).settings
    assert settings.area_ladders == {"west": "woongoed_zeist_met_bodem"}
    assert settings.fills["bel_pogingen"] == 2


def test_routes_name_their_source_and_reasons(world: World) -> None:
    page = world.visitor("mia").get("/routes/drechtsteden_spoor_1")
    assert "Bgs art. 2" in page
    assert "Werkafspraken" in page
    assert world.visitor("mia").client.get("/routes/nergens").status_code == 404


def test_every_text_opens_over_every_channel(world: World) -> None:
    visitor = world.visitor("mia")
    catalogue = world.runtime.catalogue
    assert "mag niet weg" not in visitor.get("/teksten")
    for name in catalogue.names():
        for channel in catalogue.channels(name):
            assert "Oordeel" in visitor.get(f"/teksten/{name}?channel={channel}&language=en&size=shortest")


def test_a_pasted_text_is_marked_with_advice(world: World) -> None:
    visitor = world.visitor("mia")
    visitor.get("/teksten/toets")
    answer = visitor.post("/teksten/toets", body="U moet NU betalen! <b>Anders</b>", channel="letter", language="nl")
    page = answer.get_data(as_text=True)
    assert "mag nog niet weg" in page
    assert 'class="remark remark--stop"' in page
    assert "&lt;b&gt;" in page
    assert "Huisstijl voor huurders: rustig, niets dat schreeuwt" in page


def _upload(visitor: Visitor, content: bytes) -> str:
    file = (io.BytesIO(content), "open posten.csv")
    answer = visitor.post("/inlezen", kind="arrears", coverage="partial", negative="error", file=file)
    return str(answer.headers["Location"])


def test_a_file_is_looked_at_and_then_loaded_once(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/inlezen")
    look = _upload(visitor, ARREARS.encode())
    page = visitor.get(look)
    assert "Dit is geen bestaande datum" in page
    assert "Lees 1 goede rij in" in page
    assert "111222333" not in page
    assert world.count(DeliveryRow) == 1
    assert "niet meer bewaard" in world.visitor("baas").client.get(look, follow_redirects=True).get_data(as_text=True)
    shown = visitor.post(look).headers["Location"]
    assert world.count(DeliveryRow) == 2
    assert world.count(RejectedRowRow) == 1
    assert list((world.runtime.settings.data_dir / "uploads").iterdir()) == []
    assert "30-02-2026" in visitor.get(f"{shown}/fout.csv")
    visitor.get("/inlezen")
    again = _upload(visitor, ARREARS.encode())
    assert "al eerder ingelezen" in visitor.get(again)


def test_a_broken_file_says_what_to_do(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/inlezen")
    page = visitor.get(_upload(visitor, b"%PDF-1.4 niets"))
    assert "Dit is een PDF" in page
    assert "goede rij" not in page


def test_a_missing_file_and_a_bad_mapping_keep_the_choices(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/inlezen")
    mapping = (io.BytesIO(b"colums: {}"), "mijn.yaml")
    answer = visitor.post("/inlezen", kind="payments", coverage="partial", negative="error", mapping_file=mapping)
    page = answer.get_data(as_text=True)
    assert "Kies een bestand." in page
    assert "colums" in page
    assert '<option value="payments" selected>' in page


def test_settings_are_saved_as_a_version_and_refused_beside_the_field(world: World) -> None:
    visitor = world.visitor()
    form = form_values(visitor.get("/instellingen"))
    answer = visitor.post("/instellingen", **{**form, "sender_name": "Wonen Nieuw", "per_day": "9"})
    assert answer.status_code == 422
    assert "1 tot en met 3 contacten per dag" in answer.get_data(as_text=True)
    assert "Wonen Nieuw" in answer.get_data(as_text=True)
    assert (
        visitor.post("/instellingen", **{**form, "sender_name": "Wonen Nieuw", "sat-opens": "09:00"}).status_code == 422
    )
    changed = {**form, "sender_name": "Wonen Nieuw", "fri-opens": "", "fri-closes": "", "off-whatsapp": "1"}
    assert visitor.post("/instellingen", **changed).status_code == 302
    with world.runtime.db.read() as session:
        settings = load_policy(session, world.landlord_id).settings
    assert settings.sender_name == "Wonen Nieuw"
    assert "fri" not in settings.office_hours
    assert settings.channels_off == ("whatsapp",)
    assert settings.plan.min_month_cents == 5000


def test_languages_and_the_form_of_address_are_chosen_and_come_back(world: World) -> None:
    visitor = world.visitor()
    page = visitor.get("/instellingen")
    assert all(name in page for name in ("Engels", "Turks", "Arabisch", "Pools", "Oekraïens"))
    form = {**form_values(page), "lang-tr": "1", "lang-uk": "1", "address_form": "je"}
    assert visitor.post("/instellingen", **form).status_code == 302
    with world.runtime.db.read() as session:
        settings = load_policy(session, world.landlord_id).settings
    assert (settings.languages, settings.address_form) == (("nl", "en", "tr", "uk"), "je")
    again = visitor.get("/instellingen")
    assert {"lang-en", "lang-tr", "lang-uk"} <= form_values(again).keys()
    assert "lang-pl" not in form_values(again)
    assert '<option value="je" selected>' in again
    assert visitor.post("/instellingen", **{**form, "address_form": "jij"}).status_code == 422


class _Inputs(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name") and (given.get("type") != "checkbox" or "checked" in given):
            self.values[str(given["name"])] = given.get("value") or ""


def form_values(page: str) -> dict[str, str]:
    reader = _Inputs()
    reader.feed(page)
    chosen = {"month_definition": "due_dates_passed", "address_form": "u", "collection_costs": "none"}
    return {**reader.values, **chosen}


def test_a_bank_account_is_checked_beside_its_field_and_costs_are_chosen(world: World) -> None:
    visitor = world.visitor()
    form = form_values(visitor.get("/instellingen"))
    refused = visitor.post("/instellingen", **{**form, "iban": "NL02 ABNA 0123 4567 80"})
    assert refused.status_code == 422
    assert "dit IBAN klopt niet" in refused.get_data(as_text=True)
    right = {**form, "iban": "NL02 ABNA 0123 4567 89", "collection_costs": "scale"}
    assert visitor.post("/instellingen", **right).status_code == 302
    with world.runtime.db.read() as session:
        settings = load_policy(session, world.landlord_id).settings
    assert (settings.iban, settings.collection_costs) == ("NL02 ABNA 0123 4567 89", "scale")


def test_a_manager_reads_settings_and_changes_nothing(world: World) -> None:
    visitor = world.visitor("mia")
    assert "disabled" in visitor.get("/instellingen")
    for address in ("/instellingen", "/instellingen/teams", "/instellingen/wijken", "/partners/nieuw"):
        assert visitor.post(address).status_code == 403
    assert world.visitor("beleid").client.get("/gebruikers").status_code == 403


def test_teams_and_areas_are_added_and_a_taken_name_is_refused(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/instellingen/wijken")
    assert visitor.post("/instellingen/teams", name="Zuid", calls_per_day="12", visits_per_day="4").status_code == 302
    refused = visitor.post("/instellingen/teams", name="zuid", calls_per_day="12", visits_per_day="4")
    assert refused.status_code == 422
    assert "al in gebruik" in refused.get_data(as_text=True)
    assert visitor.post("/instellingen/wijken", name="Zuid", municipality="Ede", team_id="").status_code == 302
    with world.runtime.db.read() as session:
        assert session.scalar(select(TeamRow.calls_per_day).where(TeamRow.code == "zuid")) == 12
        kinds = set(session.scalars(select(EvidenceRow.kind)))
    assert {"team_saved", "area_saved"} <= kinds


def test_a_partner_has_an_agreement_and_only_the_fields_of_the_law(world: World) -> None:
    visitor = world.visitor()
    visitor.get("/partners/nieuw")
    values = {
        "municipality": "Voorbeeldstad", "kind": "municipality", "name": "Gemeente Voorbeeldstad",
        "agreement_from": "2026-01-01", "agreement_to": "2026-01-01", "feedback_days": "28", "active": "1",
        "field-attempts": "1",
    }  # fmt: skip
    crossed = visitor.post("/partners/nieuw", **values)
    assert crossed.status_code == 422
    assert "eindigt na het begin" in crossed.get_data(as_text=True)
    assert visitor.post("/partners/nieuw", **{**values, "agreement_to": ""}).status_code == 302
    assert visitor.post("/partners/nieuw", **{**values, "agreement_to": ""}).status_code == 422
    with world.runtime.db.read() as session:
        row = session.scalars(select(PartnerRow).where(PartnerRow.kind == "municipality")).one()
    assert "attempts" not in row.fields
    assert "geldt" in visitor.get("/partners")


def test_a_new_user_gets_a_password_once_and_can_sign_in(world: World) -> None:
    visitor = world.visitor("baas")
    visitor.get("/gebruikers")
    answer = visitor.post("/gebruikers", username="Nieuw", name="Nina Nieuw", role="worker", team_id="", phone="")
    page = answer.get_data(as_text=True)
    password = page.split('class="secret">')[2].split("<")[0]
    fresh = Visitor(world.app)
    fresh.sign_in("nieuw", password)
    assert "Nina Nieuw" in fresh.get("/vandaag")
    assert password not in visitor.get("/gebruikers")


def test_the_last_administrator_stays(world: World) -> None:
    visitor = world.visitor("baas")
    with world.runtime.db.read() as session:
        own = session.scalars(select(UserRow.id).where(UserRow.username == "baas")).one()
    visitor.get(f"/gebruikers/{own}")
    answer = visitor.post(f"/gebruikers/{own}", name="Baas", role="worker", team_id="", phone="", active="1")
    assert answer.status_code == 422
    assert "beheerder overblijven" in answer.get_data(as_text=True)


def test_ones_own_password_changes_and_the_session_goes_on(world: World) -> None:
    visitor = world.visitor("buiten")
    visitor.get("/wachtwoord")
    wrong = visitor.post("/wachtwoord", old="niet dit", new="een nieuwe zin", again="een nieuwe zin")
    assert wrong.status_code == 422
    assert "niet uw wachtwoord" in wrong.get_data(as_text=True)
    assert visitor.post("/wachtwoord", old=PASSWORD, new="een nieuwe zin", again="een nieuwe zin").status_code == 302
    assert "Huisbezoeken" in visitor.get("/huisbezoeken")


def test_channels_tell_what_they_are(world: World) -> None:
    assert "oefenomgeving" in world.visitor("mia").get("/instellingen/kanalen")


def test_the_report_says_what_happened_and_why_not(world: World) -> None:
    with world.runtime.db.write() as session:
        counts = {"counts": {"sent_sms": 3, "cases_opened": 2}, "refused": {"needs_ground": 4}}
        session.add(DayRunRow(landlord_id=world.landlord_id, day=date(2026, 11, 23), counts=counts))
    page = world.visitor("mia").get("/dagverslag/2026-11-23")
    assert "dossiers geopend" in page
    assert "er is geen grond vastgelegd" in page
    assert world.visitor("mia").client.get("/dagverslag/gisteren").status_code == 404

"""The tenant's page by HTTP: what it shows, what it never shows, and what each choice does."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.audit import audit
from outreach.db.tables import (
    EvidenceRow,
    InboundRow,
    InstalmentRow,
    PauseRow,
    PaymentPlanRow,
    PermissionRow,
    PromiseRow,
    TalkRow,
)
from outreach.web.assets import STATIC
from tests.support.tenant_page import Kept, Tenant, in_arrears, keeping_world, link_for, link_row, page_world, visiting
from tests.support.worlds import FIRST_DAY, Home, World, building

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def kept(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Make a landlord with a public address and a tenant who owes 400 euros, once for all tests of this file."""
    with keeping_world(sqlite_template, tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest.fixture
def world(kept: Kept) -> World:
    """Give the landlord as he was at the beginning, whatever the tests before did."""
    return kept.again()


@pytest.fixture
def home(kept: Kept, world: World) -> Home:
    """Give the tenant who owes 400 euros."""
    assert kept.home is not None
    return kept.home


@pytest.fixture
def tenant(kept: Kept, world: World) -> Tenant:
    """Give the tenant at his page, before it is opened."""
    return visiting(world, kept.code)


def kinds(world: World) -> list[str]:
    return [row.kind for row in world.rows(EvidenceRow)]


def test_nothing_about_anybody_shows_before_the_answer(world: World, home: Home, tenant: Tenant) -> None:
    before = tenant.get()
    for secret in ("Bakker", "400", "huur open", "Kastanjelaan", "Wonen Voorbeeld", world.case(home).number):
        assert secret not in before
    assert "In welk jaar bent u geboren?" in before and "og:" not in before
    assert "<title>Een bericht voor u</title>" in before
    opened = tenant.open()
    assert "Er staat € 400 huur open. De oudste huur is van donderdag 1 oktober 2026." in opened
    assert "Anna Visser van Wonen Voorbeeld helpt u." in opened and "Bakker" not in opened


def test_answers_say_nothing_to_robots_referrers_and_caches(tenant: Tenant) -> None:
    tenant.get()
    assert tenant.headers["Referrer-Policy"] == "no-referrer"
    assert tenant.headers["Cache-Control"] == "no-store"
    assert tenant.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "script-src" not in tenant.headers["Content-Security-Policy"]
    assert "unsafe" not in tenant.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in tenant.headers
    tenant.client.post(f"/r/{tenant.code}", data={"answer": "1985"})
    kept = tenant.client.get_cookie("huurder", path="/r")
    assert kept is not None and kept.http_only and kept.same_site == "Lax" and "1985" not in kept.value
    assert tenant.client.get_cookie("outreach") is None


def test_a_preview_does_not_use_up_the_link(world: World, tenant: Tenant) -> None:
    for _ in range(30):
        tenant.get(**{"User-Agent": "WhatsApp/2.23"})
    assert tenant.client.head(f"/r/{tenant.code}").status_code == 200
    row = link_row(world, tenant.code)
    assert (row.tries, row.opened_at, row.ended_at) == (0, None, None)
    assert "€ 400" in tenant.open()


def test_without_a_year_of_birth_the_postcode_is_asked(world: World) -> None:
    home = in_arrears(world, born_on=None)
    tenant = visiting(world, link_for(world, home))
    assert "vier cijfers van uw postcode" in tenant.get()
    for nothing in ("", "  ", "12", "ABCD") * 2:
        assert "Vul vier cijfers in." in tenant.post(answer=nothing)
    assert link_row(world, tenant.code).tries == 0, "what is no guess does not lock"
    assert "klopt niet" in tenant.post(answer="1235")
    assert "€ 400" in tenant.post(answer="1234")


def test_a_plan_is_agreed_with_all_its_dates_and_confirmed_in_a_message(
    world: World, home: Home, tenant: Tenant
) -> None:
    tenant.open()
    choose = tenant.get("/plan")
    assert "€ 80 per maand: 5 maanden, klaar op 26 februari 2027" in choose
    confirm = tenant.post("/plan", step="look", amount="8000")
    assert "maandag 26 oktober 2026" in confirm and "Samen is dat € 400." in confirm
    assert world.rows(PaymentPlanRow) == []
    done = tenant.post("/plan", step="agree", amount=tenant.field("amount"), shown=tenant.field("shown"), debts="no")
    assert "Het is afgesproken. U krijgt dit ook in een bericht." in done and "U heeft een betalingsregeling." in done
    [plan] = world.rows(PaymentPlanRow)
    assert (plan.state, plan.source, plan.total_cents) == ("active", "page", 40000)
    assert sum(row.amount_cents for row in world.rows(InstalmentRow)) == 40000
    world.tick(FIRST_DAY, 11)
    [confirmation] = [row for row in world.attempts() if row.template == "plan_confirmed"]
    assert confirmation.state in ("sent", "done") and "€ 80" in (confirmation.text or "")
    assert {"link_opened", "plan_agreed"} <= set(kinds(world))
    [talk] = world.rows(TalkRow)
    assert (talk.channel, talk.person_id) == ("page", home.person_id)
    assert world.case(home).reached_at is not None


def test_the_same_form_twice_makes_one_plan(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/plan")
    tenant.post("/plan", step="look", amount="8000")
    fields = {"step": "agree", "amount": "8000", "shown": tenant.field("shown"), "debts": "no", "mark": tenant.mark()}
    for _ in range(3):
        tenant.post("/plan", **fields)
        assert "Het is afgesproken" in tenant.page
    assert len(world.rows(PaymentPlanRow)) == len(world.rows(TalkRow)) == len(world.rows(InboundRow)) == 1


def test_an_amount_outside_the_policy_goes_to_a_person_and_says_so(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/plan")
    confirm = tenant.post("/plan", step="look", other="20")
    assert "Dit bedrag kunnen wij niet meteen afspreken. Anna Visser kijkt er eerst naar." in confirm
    done = tenant.post("/plan", step="agree", amount=tenant.field("amount"), shown=tenant.field("shown"))
    assert "Uw voorstel is verstuurd." in done and "In delen betalen" not in done
    [plan] = world.rows(PaymentPlanRow)
    assert plan.state == "waiting" and plan.month_cents == 2000 and plan.needs_person
    assert [task.kind for task in world.tasks()] == ["plan_request"]


def test_other_debts_are_asked_once_and_bring_a_person(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/plan")
    assert "€ 86,66" in tenant.post("/plan", step="look", amount="9000", other="20 per week")
    tenant.get("/plan")
    tenant.post("/plan", step="look", other="80 euro per maand")
    fields = {"step": "agree", "amount": "8000", "shown": tenant.field("shown")}
    page = tenant.post("/plan", **fields)
    assert "Kies ja of nee." in page and "<title>Kijk nog" in page and world.rows(PaymentPlanRow) == []
    assert "Uw voorstel is verstuurd." in tenant.post("/plan", **fields, debts="yes")
    [plan] = world.rows(PaymentPlanRow)
    assert (plan.state, plan.why, plan.other_debts) == ("waiting", "other_debts", "yes")
    assert [task.kind for task in world.tasks()] == ["plan_request"]


def test_figures_that_changed_meanwhile_are_shown_again(world: World, home: Home, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/plan")
    tenant.post("/plan", step="look", amount="8000")
    shown = tenant.field("shown")
    world.pay(home, 30000)
    page = tenant.post("/plan", step="agree", amount="8000", shown=shown, debts="no")
    assert "Er is iets veranderd." in page and "Samen is dat € 300." in page
    assert world.rows(InstalmentRow) == [] and world.rows(InboundRow) == []
    tenant.post("/plan", step="agree", amount="8000", shown=tenant.field("shown"), debts="no")
    assert sum(row.amount_cents for row in world.rows(InstalmentRow)) == 30000


WRONG_AMOUNTS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "Kies een bedrag."),
    ({"other": "veel"}, "Dit bedrag kunnen wij niet lezen."),
    ({"other": "0"}, "Dit bedrag kunnen wij niet lezen."),
    ({"other": "50 maanden"}, "Dit bedrag kunnen wij niet lezen."),
    ({"other": "500"}, "Kies € 400 of minder."),
    ({"other": "1"}, "Dit duurt te lang."),
    ({"amount": "-5"}, "Kies een bedrag."),
)


def test_an_amount_that_cannot_be_is_said_beside_the_field(tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/plan")
    for fields, said in WRONG_AMOUNTS:
        page = tenant.post("/plan", step="look", **fields)
        assert tenant.status == 422 and said in page and 'aria-invalid="true"' in page, fields
        assert f'value="{fields.get("other", "")}"' in page and "<title>Kijk nog een keer" in page


def test_call_me_makes_a_task_in_the_chosen_part_of_the_day(world: World, tenant: Tenant) -> None:
    tenant.open()
    page = tenant.get("/bellen")
    assert "woensdag 7 oktober in de ochtend" in page
    assert "Kies wanneer wij mogen bellen." in tenant.post("/bellen", slot="2020-01-01-morning", number="06 12")
    assert "Dit nummer kunnen wij niet lezen." in tenant.page and 'value="06 12"' in tenant.page
    page = tenant.post("/bellen", slot="2026-10-07-morning", number="06 12345678")
    assert "Wij bellen u: woensdag 7 oktober in de ochtend." in page
    [task] = world.tasks()
    assert task.kind == "call_back" and task.detail["phone"] == "+31612345678"
    assert world.runtime.calendar.local(task.due_at).strftime("%d %H:%M") == "07 08:30"


def test_i_have_paid_is_checked_against_the_books(world: World, home: Home, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/betaald")
    assert "Wij zien uw betaling nog niet. Wij wachten tot en met vrijdag 9 oktober." in tenant.post("/betaald")
    [promise] = world.rows(PromiseRow)
    assert (promise.source, promise.promised_on) == ("says_paid", date(2026, 10, 9))
    page = tenant.get()
    assert "Wij wachten tot en met vrijdag 9 oktober." in page and "In delen betalen" not in page
    assert "€ 80" not in tenant.get("/plan") and "Ik heb al betaald" not in page
    world.pay(home)
    assert "Er staat niets meer open." in tenant.get()


def test_help_is_recorded_with_the_words_that_were_shown(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/hulp")
    assert "Kies ja of nee." in tenant.post("/hulp")
    assert "Goed dat u hulp vraagt." in tenant.post("/hulp", share="yes")
    [permission] = world.rows(PermissionRow)
    assert (permission.subject, permission.status) == ("share", "given")
    assert "Mogen wij uw naam, adres en telefoonnummer geven" in permission.evidence
    assert [task.kind for task in world.tasks()] == ["help"]


def test_help_without_consent_is_a_talk_first(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/hulp")
    tenant.post("/hulp", share="no")
    assert world.rows(PermissionRow) == []
    assert [(task.kind, task.detail["why"]) for task in world.tasks()] == [("help", "talk_first")]


def test_what_is_not_right_pauses_and_asks_a_person(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/klopt-niet")
    assert "Schrijf eerst iets." in tenant.post("/klopt-niet", text="  ")
    page = tenant.post("/klopt-niet", text="Ik heb in september <b>dubbel</b> betaald.")
    assert "Een medewerker zoekt dit uit." in page and "In delen betalen" not in page
    assert [row.reason for row in world.rows(PauseRow)] == ["dispute"]
    assert [task.kind for task in world.tasks()] == ["dispute"]
    assert "Wij zoeken dit uit." in tenant.get()


@pytest.mark.parametrize("path", ["/bericht", "/klopt-niet"])
def test_a_crisis_in_any_text_reaches_a_person_at_once(world: World, tenant: Tenant, path: str) -> None:
    tenant.open()
    tenant.get(path)
    page = tenant.post(path, text="Ik wil niet meer leven, het hoeft van mij niet meer.")
    assert "0800 0113" in page and "112" in page
    assert [task.kind for task in world.tasks()] == ["crisis"]
    assert [row.reason for row in world.rows(PauseRow)] == ["crisis"]


def test_a_message_is_a_reply_in_the_inbox(world: World, home: Home, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/bericht")
    assert "Uw bericht is verstuurd." in tenant.post("/bericht", text="Wanneer is de lift gemaakt?")
    [inbound] = world.rows(InboundRow)
    assert (inbound.channel, inbound.state, inbound.case_id) == ("page", "waiting", world.case(home).id)
    assert [task.kind for task in world.tasks()] == ["reply"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [("bereaved", "Wij leven met u mee."), ("dispute", "Wij zoeken dit uit."), ("help", "Wij wachten nu.")],
)
def test_a_case_that_stands_still_offers_only_help_and_a_call(
    world: World, home: Home, tenant: Tenant, reason: str, said: str
) -> None:
    pause = PauseRow(landlord_id=world.landlord_id, case_id=world.case(home).id, reason=reason, from_at=world.clock())
    world.add(pause)
    page = tenant.open()
    assert said in page and "€ 400" not in page
    assert "Bel mij" in page and "Ik wil hulp met geld" in page
    assert "In delen betalen" not in page and "Ik heb al betaald" not in page
    tenant.get("/hulp")
    assert "In delen betalen" not in tenant.post("/plan", step="agree", amount="8000", shown="x")
    assert world.rows(PaymentPlanRow) == []


def test_what_was_typed_is_kept_when_the_session_is_over(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/bericht")
    world.at(FIRST_DAY, 11)
    page = tenant.post("/bericht", text="Mijn lange verhaal")
    assert tenant.status == 401 and "Wat u typte, is bewaard." in page and world.rows(InboundRow) == []
    fields = {"kept": tenant.field("kept"), "text": tenant.field("text")}
    page = tenant.post(answer="1985", **fields)
    assert "Mijn lange verhaal</textarea>" in page
    assert "Uw bericht is verstuurd." in tenant.post("/bericht", text="Mijn lange verhaal")


def test_a_form_of_another_session_does_nothing(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/bericht")
    page = tenant.post("/bericht", mark="0123456789abcdef.0000", text="Nagemaakt")
    assert "Deze pagina was te oud." in page and "Nagemaakt" in page
    assert world.rows(InboundRow) == []


def test_the_session_is_bound_to_one_link_and_is_no_login(world: World, home: Home, tenant: Tenant) -> None:
    other = in_arrears(world, cents=77700)
    tenant.open()
    mine = tenant.code
    tenant.code = link_for(world, other)
    assert "777" not in tenant.get() and "In welk jaar" in tenant.page
    tenant.code = mine
    assert "€ 400" in tenant.get()
    answer = tenant.client.get(f"/dossiers/{world.case(home).id}")
    assert answer.status_code == 302 and "/inloggen" in answer.headers["Location"]


def test_who_shares_a_phone_can_close_the_page(tenant: Tenant) -> None:
    tenant.open()
    assert "De pagina is dicht." in tenant.post("/weg")
    assert "In welk jaar" in tenant.get()


def test_another_language_and_easy_reading_stay_chosen(tenant: Tenant) -> None:
    tenant.open()
    page = tenant.post("/weergave", taal="ar", op="plan")
    assert '<html lang="ar" dir="rtl"' in page and "80 يورو في الشهر" in page
    page = tenant.post("/weergave", taal="nl")
    assert 'class="easy"' not in page
    page = tenant.post("/weergave", makkelijk="1")
    assert 'class="easy"' in page and "U moet nog € 400 huur betalen." in page
    assert 'lang="nl"' in tenant.post("/weergave", taal="xx")


@pytest.mark.parametrize(("language", "word"), [("tr", "Siz misiniz?"), ("ar", "هل هذا أنتم؟"), ("uk", "Це ви?")])
def test_the_page_speaks_the_language_of_the_record(world: World, language: str, word: str) -> None:
    assert word in visiting(world, link_for(world, in_arrears(world, language=language))).get()


def test_a_landlord_who_says_je_says_it_here_too(world: World, home: Home, tenant: Tenant) -> None:
    world.change_settings(address_form="je")
    assert "In welk jaar ben je geboren?" in tenant.get()
    page = tenant.open()
    assert "Wat wil je doen?" in page and " u " not in page.split("<main")[1]


def test_every_page_fits_in_200_kilobytes(world: World, tenant: Tenant) -> None:
    world.change_settings(minimum_amount_cents=100)
    assets = sum((STATIC / name).stat().st_size for name in ("tenant.css", "tenant.js"))
    tenant.open()
    sizes = {path: len(tenant.get(path).encode()) for path in ("", "/plan", "/bellen", "/hulp", "/bericht")}
    assert set(re.findall(r"/static/([a-z.]+)\?", tenant.page)) == {"tenant.css", "tenant.js"}
    assert max(sizes.values()) + assets < 60_000 < 200_000


def test_a_plan_that_runs_is_shown_with_what_was_paid(world: World, home: Home, tenant: Tenant) -> None:
    tenant.open()
    tenant.agree("8000")
    world.live(FIRST_DAY + timedelta(days=1), FIRST_DAY + timedelta(days=18))
    world.pay(home, 32000)
    world.tick(FIRST_DAY + timedelta(days=20), 10)
    page = tenant.open()
    assert "U heeft € 80 betaald van € 400." in page and "maandag 26 oktober 2026" in page


@pytest.mark.postgresql
def test_one_form_sent_by_many_at_once_makes_one_plan(migrated_postgresql_url: str, tmp_path: Path) -> None:
    with building(migrated_postgresql_url, tmp_path) as build:
        world = page_world(build)
        tenant = visiting(world, link_for(world, in_arrears(world)))
        tenant.open()
        tenant.get("/plan")
        tenant.post("/plan", step="look", amount="8000")
        data = {"step": "agree", "amount": "8000", "shown": tenant.field("shown"), "debts": "no", "mark": tenant.mark()}
        cookie = tenant.client.get_cookie("huurder", path="/r")
        assert cookie is not None

        def send(_number: int) -> int:
            client = tenant.app.test_client()
            client.set_cookie("huurder", cookie.value, path="/r")
            return client.post(f"/r/{tenant.code}/plan", data=data).status_code

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(send, range(4))) == {303}
        assert [row.state for row in world.rows(PaymentPlanRow)] == ["active"]
        assert len(world.rows(InboundRow)) == 1 and len(world.rows(InstalmentRow)) == 5
        assert "U heeft een betalingsregeling." in tenant.get()


def test_what_is_done_on_the_page_stands_up_to_the_audit(world: World, home: Home, tenant: Tenant) -> None:
    world.at(FIRST_DAY, 10, 7)
    tenant.open()
    tenant.agree("8000")
    world.live(FIRST_DAY + timedelta(days=1), FIRST_DAY + timedelta(days=3))
    report = audit(world.runtime.db.engine)
    wrong = {**report.violations, **report.integrity}
    assert {name: kind.count for name, kind in wrong.items() if kind.count} == {}
    assert report.violations["outside_hours"].checked > 1


HOSTILE = (
    "\x00\x01",
    "{{ 1234567 * 9 }}{% raw %}${1234567*9}",
    "'; drop table inbound; --",
    "\u202egnp.exe\u200f\u2066",
    "😀" * 700,
    "<script>alert(1)</script>",
)


def test_hostile_words_are_words_and_do_nothing(world: World, tenant: Tenant) -> None:
    tenant.open()
    for text in HOSTILE:
        tenant.get("/bericht")
        page = tenant.post("/bericht", text=text)
        assert tenant.status in (200, 422) and "<script>alert" not in page and "11111103" not in page, text
    assert world.rows(PauseRow) == [] and all("\x00" not in row.text for row in world.rows(InboundRow))


def test_what_is_too_large_gets_a_calm_page_in_the_own_language(world: World, tenant: Tenant) -> None:
    tenant.open()
    tenant.get("/bericht")
    page = tenant.post("/bericht", text="x" * 100_000)
    assert tenant.status == 500 and "Er ging iets mis bij ons" in page and "Bel Wonen Voorbeeld" in page
    assert world.rows(InboundRow) == []

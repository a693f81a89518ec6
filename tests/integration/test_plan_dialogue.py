"""From the first SMS to a plan that is confirmed in writing, in the tenant's language; and all that goes otherwise."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from outreach.audit import audit
from outreach.db.tables import (
    AttemptRow,
    InboundRow,
    InstalmentRow,
    PauseRow,
    PaymentPlanRow,
    PersonRow,
    TenancyPartyRow,
)
from outreach.domain.landlord_settings import PlanPolicy
from outreach.services.plan_actions import approve_plan, refuse_plan
from tests.support.first_day import copy_of, live_first_day
from tests.support.worlds import FIRST_DAY, Home, World

NEXT = FIRST_DAY + timedelta(days=1)
LANGUAGES = ("nl", "en", "tr", "ar")
DEBT = 63000
ASK = ("answer_plan_ask", "answer_plan_again")


@pytest.fixture(scope="module")
def first_day(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """A landlord that allows 13 months, with one tenant in arrears who was reminded."""
    folder = tmp_path_factory.mktemp("first_day")
    return live_first_day(sqlite_template, folder, DEBT, plan=PlanPolicy(max_months=13), languages=LANGUAGES), folder


@pytest.fixture
def world(first_day: tuple[World, Path], tmp_path: Path) -> Iterator[World]:
    """The evening of the first day; audited at the end of the test."""
    made = copy_of(*first_day, tmp_path)
    yield made
    report = audit(made.runtime.db.engine)
    made.runtime.db.dispose()
    assert {name: kind.examples for name, kind in report.violations.items() if kind.count} == {}


def home_of(world: World) -> Home:
    return world.homes[0]


def say(
    world: World, *texts: str, day: date = NEXT, hour: int = 10, sender: str = "", channel: str = "sms"
) -> str | None:
    """Let the tenant write, ten minutes between messages, with a tick after each; gives the last text that went out."""
    if not world.rows(InboundRow):
        world.deliver(day)
    for number, text in enumerate(texts):
        world.at(day, hour, number * 10)
        world.reply(sender or home_of(world).phone, text, channel=channel)
        world.tick(day, hour, number * 10 + 1)
    return world.templates()[-1]


def plan_of(world: World) -> PaymentPlanRow:
    return world.rows(PaymentPlanRow)[-1]  # type: ignore[no-any-return]


def last_text(world: World) -> str:
    return world.attempts(AttemptRow.sent_at.is_not(None))[-1].text or ""


@pytest.mark.parametrize(
    ("language", "currency", "words"),
    [
        ("nl", "€ 50,00", ("regeling", "50 pm", "nee", "ja")),
        ("tr", "50,00", ("taksit", "ayda 50", "hayır", "evet")),
        ("ar", "50", ("تقسيط", "٥٠ يورو في الشهر", "لا", "نعم")),
    ],
)
def test_from_the_first_sms_to_the_confirmation(
    world: World, language: str, currency: str, words: tuple[str, ...]
) -> None:
    with world.runtime.db.write() as session:
        session.get_one(PersonRow, home_of(world).person_id).language = language
    said = [say(world, text, hour=10 + hour) for hour, text in enumerate(words)]
    assert said == ["answer_plan_ask", "answer_plan_debts", "answer_plan_proposed", "plan_confirmed"]
    sent = [row for row in world.attempts() if row.template in said]
    assert {row.language for row in sent} == {language}
    assert all(row.b1_passed for row in sent)
    assert "630" in (sent[0].text or ""), "what is open is said first"
    assert currency in (sent[1].text or ""), "the amount is repeated as it was understood"
    rows = world.rows(InstalmentRow)
    assert (len(rows), sum(row.amount_cents for row in rows), rows[-1].amount_cents) == (13, DEBT, 3000)
    assert all(row.due_on.day == 26 for row in rows), "the day after payday"
    assert "30" in last_text(world), "the last amount is said too"


def test_a_bare_number_is_the_amount_when_it_was_asked(world: World) -> None:
    assert say(world, "REGELING", "50") == "answer_plan_debts"
    assert plan_of(world).capacity_cents == 5000


def test_a_key_is_an_amount_in_the_talk_only(world: World) -> None:
    assert say(world, "REGELING", "9") == "answer_plan_to_staff", "a person decides: nothing more is asked"
    assert (plan_of(world).capacity_cents, plan_of(world).why) == (900, "below_minimum")


def test_a_weeks_amount_becomes_a_months_amount_and_is_said_so(world: World) -> None:
    assert say(world, "kan 25 per week betalen") == "answer_plan_debts"
    assert plan_of(world).capacity_cents == 10833
    assert "108,33" in last_text(world)
    say(world, "nee", "ja", hour=12)
    assert max(row.amount_cents for row in world.rows(InstalmentRow)) <= 10833


def test_more_than_is_needed_makes_fewer_instalments(world: World) -> None:
    say(world, "regeling, 400 per maand", "nee", "ja")
    assert [row.amount_cents for row in world.rows(InstalmentRow)] == [40000, 23000]


def test_the_day_that_the_tenant_names_is_the_first_date(world: World) -> None:
    say(world, "ik kan 50 per maand betalen vanaf de 20e", "nee", "ja")
    assert world.rows(InstalmentRow)[0].due_on == date(2026, 10, 20)


def test_the_first_date_comes_after_the_tenants_own_payday(world: World) -> None:
    with world.runtime.db.write() as session:
        session.get_one(type(world.case(home_of(world))), world.case(home_of(world)).id).payday = 31
    say(world, "regeling", "50", "nee", "ja")
    assert [row.due_on.isoformat() for row in world.rows(InstalmentRow)][:2] == ["2026-11-01", "2026-12-01"]


def test_other_debts_bring_a_person_with_the_proposal_ready(world: World) -> None:
    assert say(world, "regeling", "50", "ja") == "answer_plan_debts_staff"
    plan = plan_of(world)
    assert (plan.state, plan.why, plan.other_debts, plan.month_cents) == ("waiting", "other_debts", "yes", 5000)
    [task] = world.tasks()
    assert (task.kind, task.detail["why"], task.detail["month_cents"]) == ("plan_request", "other_debts", "5000")
    world.at(NEXT, 11)
    approve_plan(world.runtime, world.actor, world.case(home_of(world)).id, plan_id=plan.id)
    world.tick(NEXT, 11, 1)
    assert (plan_of(world).state, world.templates()[-1], world.tasks()) == ("active", "plan_confirmed", [])


@pytest.mark.parametrize("text", ["geen andere schulden", "nee hoor, die heb ik niet", "no other debts"])
def test_no_other_debts_may_be_said_in_other_words(world: World, text: str) -> None:
    assert say(world, "regeling", "50", text) == "answer_plan_proposed"
    assert plan_of(world).other_debts == "no"


def test_outside_the_policy_a_person_decides_and_the_type_is_known(world: World) -> None:
    world.change_settings(plan=PlanPolicy(max_months=6))
    say(world, "regeling", "60 per maand", "nee")
    plan = plan_of(world)
    assert (plan.state, plan.kind, plan.why, plan.needs_person) == ("waiting", "lang", "too_long", True)
    assert say(world, "JA", hour=12) != "plan_confirmed"
    assert plan_of(world).state == "waiting", "a yes means nothing while a person decides"
    world.at(NEXT, 14)
    refuse_plan(world.runtime, world.actor, world.case(home_of(world)).id, plan_id=plan.id, reason="te lang")
    world.tick(NEXT, 14, 1)
    assert (plan_of(world).state, world.templates()[-1]) == ("refused", "plan_refused")


def test_the_current_rent_comes_first(world: World) -> None:
    world.owe(home_of(world), 10000, date(2026, 9, 1))
    with world.runtime.db.write() as session:
        from outreach.services.arrears import recompute_arrears

        recompute_arrears(session, world.landlord_id, NEXT, world.clock(), tenancy_ids=[home_of(world).tenancy_id])
    world.change_settings(plan=PlanPolicy(max_months=13, max_debt_months=2))
    say(world, "regeling", "100 per maand", "nee")
    assert (plan_of(world).state, plan_of(world).why) == ("waiting", "current_rent")


def test_no_is_asked_once_what_does_fit_and_then_a_person(world: World) -> None:
    assert say(world, "regeling", "60", "nee", "nee") == "answer_plan_again"
    first, again = (world.attempts(AttemptRow.template == name)[0].text or "" for name in ASK)
    assert "50,00 per maand" in first, "an amount that can be agreed"
    assert "50,00 per maand" in again
    assert say(world, "55", hour=12) == "answer_plan_proposed"
    assert plan_of(world).month_cents == 5500
    say(world, "nee", hour=14)
    assert (plan_of(world).state, plan_of(world).why) == ("waiting", "no_agreement")
    assert [task.kind for task in world.tasks()] == ["plan_request"]


def test_another_amount_after_the_proposal_is_a_new_proposal(world: World) -> None:
    assert say(world, "regeling", "100 per maand", "nee", "50 per maand") == "answer_plan_proposed"
    assert say(world, "ja", hour=12) == "plan_confirmed"
    assert max(row.amount_cents for row in world.rows(InstalmentRow)) == 5000


def test_a_yes_with_another_day_is_a_new_proposal(world: World) -> None:
    assert say(world, "regeling", "50", "nee", "ja, maar vanaf de 28e") == "answer_plan_proposed"
    assert world.rows(InstalmentRow) == []
    assert say(world, "ja", hour=12) == "plan_confirmed"
    assert world.rows(InstalmentRow)[0].due_on == date(2026, 10, 28)


def test_nothing_to_spare_goes_to_a_person(world: World) -> None:
    say(world, "regeling", "nee")
    assert (plan_of(world).state, plan_of(world).why) == ("waiting", "no_capacity")
    assert world.tasks()[0].kind == "plan_request"


def test_yes_and_no_mean_nothing_outside_a_question(world: World) -> None:
    say(world, "JA", "NEE")
    assert world.rows(PaymentPlanRow) == []
    assert world.rows(InboundRow)[-1].state == "waiting"


def test_the_same_yes_twice_makes_one_plan_and_bothers_nobody(world: World) -> None:
    say(world, "regeling", "50", "nee", "JA", "ja")
    assert len(world.rows(PaymentPlanRow)) == 1
    assert len(world.rows(InstalmentRow)) == 13
    assert world.templates().count("plan_confirmed") == 1
    assert world.tasks() == []


def test_two_replies_in_one_batch_make_one_plan(world: World) -> None:
    world.deliver(NEXT)
    world.at(NEXT, 10)
    for text in ("regeling", "regeling 50 per maand"):
        world.reply(home_of(world).phone, text)
    world.tick(NEXT, 10, 1)
    assert len(world.rows(PaymentPlanRow)) == 1
    assert plan_of(world).asked == "other_debts"
    assert [text for text in world.templates() if text.startswith("answer")] == ["answer_plan_debts"]


def test_two_people_of_one_household_make_one_plan_and_the_lower_amount_counts(world: World) -> None:
    phone = "+31612009999"
    with world.runtime.db.write() as session:
        partner = PersonRow(landlord_id=world.landlord_id, family_name="Jansen", language="nl", needs=[])
        session.add(partner)
        session.flush()
        world.link_point(session, partner.id, "mobile", phone)
        party = {"role": "co_tenant", "from_on": date(2020, 1, 1), "source": "import", "known_at": world.clock()}
        tenancy_id = home_of(world).tenancy_id
        session.add(
            TenancyPartyRow(landlord_id=world.landlord_id, tenancy_id=tenancy_id, person_id=partner.id, **party)
        )
    say(world, "regeling", "50 per maand")
    partner_id = world.rows(TenancyPartyRow)[-1].person_id
    world.permit(replace(home_of(world), person_id=partner_id), "whatsapp")
    say(world, "30 per maand", hour=11, sender=phone, channel="whatsapp")
    assert (len(world.rows(PaymentPlanRow)), plan_of(world).state, plan_of(world).month_cents) == (1, "waiting", 3000)
    assert world.rows(InboundRow)[-1].person_id == partner_id
    approve_plan(world.runtime, world.actor, world.case(home_of(world)).id, plan_id=plan_of(world).id)
    world.tick(NEXT, 11, 30)
    told = world.attempts()[-1]
    assert (told.template, told.state, told.channel, told.sent_to) == ("plan_confirmed", "sent", "whatsapp", phone)
    assert told.addressee_id == partner_id
    assert "Jansen" in (told.text or "")


def test_silence_lets_the_question_lapse_and_the_ladder_go_on(world: World) -> None:
    say(world, "regeling", "50")
    world.live(NEXT + timedelta(days=1), NEXT + timedelta(days=14))
    assert plan_of(world).state == "requested"
    assert [step for step, _ in world.sent() if ":" not in step] == ["reminder"], "collection waits for the answer"
    world.live(NEXT + timedelta(days=15), NEXT + timedelta(days=17))
    assert plan_of(world).state == "lapsed"
    assert len([step for step, _ in world.sent() if ":" not in step]) > 1


def test_a_late_yes_agrees_on_nothing_and_asks_anew(world: World) -> None:
    say(world, "regeling", "50", "nee")
    late = NEXT + timedelta(days=20)
    world.deliver(late)
    assert say(world, "JA", day=late) == "answer_plan_ask"
    assert world.rows(InstalmentRow) == []
    assert plan_of(world).capacity_cents is None
    assert say(world, "50", "nee", "ja", day=late, hour=12) == "plan_confirmed"


def test_a_debt_that_changed_is_proposed_anew_before_anything_is_agreed(world: World) -> None:
    say(world, "regeling", "50", "nee")
    world.at(NEXT, 11)
    world.pay(home_of(world), left_cents=30000)
    assert say(world, "ja", hour=12) == "answer_plan_proposed"
    assert world.rows(InstalmentRow) == []
    assert say(world, "ja", hour=13) == "plan_confirmed"
    assert sum(row.amount_cents for row in world.rows(InstalmentRow)) == 30000


def test_who_paid_meanwhile_hears_so_and_the_request_ends(world: World) -> None:
    say(world, "regeling", "50", "nee")
    world.at(NEXT, 11)
    world.pay(home_of(world))
    assert say(world, "ja", hour=12) == "answer_paid_seen"
    assert (plan_of(world).state, world.rows(InstalmentRow)) == ("ended", [])


def test_a_number_of_two_people_makes_no_plan(world: World) -> None:
    other = world.home()
    with world.runtime.db.write() as session:
        world.link_point(session, other.person_id, "mobile", home_of(world).phone)
    say(world, "regeling", "50 per maand", "ja")
    assert world.rows(PaymentPlanRow) == []
    assert [step for step, _ in world.sent()] == ["reminder"], "nothing is said to anybody"


def test_trouble_in_an_answer_brings_a_person(world: World) -> None:
    say(world, "regeling", "50 per maand, ik ben mijn baan kwijt")
    plan = plan_of(world)
    assert (plan.state, plan.month_cents, plan.needs_person) == ("waiting", 5000, True)
    assert "plan_request" in {task.kind for task in world.tasks()}


def test_what_is_not_understood_in_the_talk_goes_to_a_person(world: World) -> None:
    say(world, "regeling", "de kat van de buren is weer eens zoek")
    assert world.rows(InboundRow)[-1].state == "waiting"
    assert (plan_of(world).state, plan_of(world).capacity_cents, len(world.tasks())) == ("requested", None, 1)


def test_stop_in_the_middle_is_still_a_stop(world: World) -> None:
    assert say(world, "regeling", "STOP") == "answer_stop"
    assert plan_of(world).state == "requested"


def test_by_mail_every_date_is_confirmed(world: World) -> None:
    say(world, "regeling", "50 per maand", "nee", "ja", sender=home_of(world).email, channel="email")
    assert world.templates()[-1] == "plan_confirmed"
    lines = [line for line in last_text(world).splitlines() if line.startswith("- ")]
    assert (len(lines), lines[0], lines[-1]) == (
        13,
        "- 26 oktober 2026: € 50,00",
        "- 26 oktober 2027: € 30,00",
    )


@pytest.mark.parametrize(
    ("stops", "reason"),
    [
        ("ik maak er een einde aan", "crisis"),
        ("mijn man is dood", "bereaved"),
        ("mijn bewindvoerder regelt dat", "represented"),
        ("die huur klopt niet", "dispute"),
    ],
)
def test_danger_death_and_dispute_end_the_talk_and_a_person_reads_the_rest(
    world: World, stops: str, reason: str
) -> None:
    say(world, "regeling", "50", "nee", stops)
    assert [row.reason for row in world.rows(PauseRow)] == [reason]
    assert (plan_of(world).state, plan_of(world).asked) == ("ended", "")
    say(world, "ja", "sorry, regeling graag 50 per maand", hour=13)
    assert (len(world.rows(PaymentPlanRow)), world.rows(InstalmentRow)) == (1, [])
    assert {row.state for row in world.rows(InboundRow)[-2:]} == {"waiting"}
    assert "630" not in last_text(world)


@pytest.mark.parametrize("between", ["bel me", "betaald", "STOP", "hoe lang duurt dat?"])
def test_a_yes_after_something_else_agrees_on_nothing(world: World, between: str) -> None:
    assert say(world, "regeling", "50", "nee", between, "ja") != "plan_confirmed"
    assert (plan_of(world).state, plan_of(world).asked, world.rows(InstalmentRow)) == ("proposed", "aside", [])
    assert world.rows(InboundRow)[-1].state == "waiting"
    if between == "STOP":
        assert say(world, "regeling 50 per maand", "ja", hour=14) == "plan_confirmed", "who writes gets an answer"


def test_income_a_day_and_a_unit_are_understood_as_what_they_are(world: World) -> None:
    assert say(world, "regeling", "ik verdien 1400 en huur is 650") == "answer_plan_again"
    assert plan_of(world).capacity_cents is None
    assert say(world, "50", "per maand", hour=11) == "answer_plan_debts"
    assert (plan_of(world).state, plan_of(world).capacity_cents) == ("requested", 5000)
    assert say(world, "nee", "ja maar liever na de 5e want dan krijg ik geld", hour=12) == "answer_plan_proposed"
    assert say(world, "ja", hour=13) == "plan_confirmed"
    assert world.rows(InstalmentRow)[0].due_on == date(2026, 11, 6)


def test_a_day_alone_is_the_first_day_and_times_make_an_amount(world: World) -> None:
    assert say(world, "regeling", "de 25e") == "answer_plan_again"
    assert say(world, "in 3 keer", hour=11) == "answer_plan_debts"
    assert (plan_of(world).capacity_cents, plan_of(world).first_on) == (21000, date(2026, 10, 25))
    say(world, "gaat je niks aan", hour=12)
    assert (plan_of(world).state, plan_of(world).other_debts) == ("waiting", "")

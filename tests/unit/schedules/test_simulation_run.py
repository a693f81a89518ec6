"""The simulation: repeatable, honest with money, and contacts only as the engine allows (counted again by hand)."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.calendar import Calendar, load_law
from schedules.ladder import DaysAfterDue, StepKind, example_fills
from schedules.rehearsal import CONTACT_POINTS, Script, first_facts, rehearse
from schedules.shipped import load_shipped
from schedules.simulation.figures import read_figures
from schedules.simulation.portfolio import OwnPart, Portfolio, Tenancy
from schedules.simulation.run import simulate
from schedules.simulation.stage import Note
from tests.support.simulated import changed_ladder, make_run, play, standard_played

pytestmark = pytest.mark.unit
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
BOUND = ("contact_collection", "contact_care")


def bound_contacts(notes: list[Note]) -> list[datetime]:
    """Return the moments that weigh on a household; a card shares the moment of its visit."""
    return [note.at for note in notes if note.what in BOUND and note.detail != "card"]


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    first, again, other = (play(make_run(tenancies=200, months=3, seed=seed)) for seed in (7, 7, 8))
    assert first.diary == again.diary
    assert first.tally.counts == again.tally.counts
    assert first.diary != other.diary


def test_the_number_of_workers_does_not_change_the_result() -> None:
    run = make_run(tenancies=120, months=2)
    teams = replace(run, portfolio=replace(run.portfolio, parts=(*run.portfolio.parts, *run.portfolio.parts)))
    (alone,), (together,) = simulate([teams], workers=1), simulate([teams], workers=2)
    assert alone.counts == together.counts
    assert alone.sums == together.sums
    assert alone.talk_days == together.talk_days


@pytest.mark.parametrize("name", ["standaard", "woongoed_zeist_met_bodem", "friesland_covenant"])
def test_asking_the_engine_only_at_known_moments_gives_what_asking_every_morning_gives(name: str) -> None:
    run = make_run(load_shipped(name), tenancies=150, months=4)
    (known,), (daily,) = simulate([run]), simulate([replace(run, every_day=True)])
    assert daily.counts[("decide",)] > 2 * known.counts[("decide",)]
    skipped = {"deferred"}
    assert {name: sum(values) for name, values in known.sums.items() if name not in skipped} == {
        name: sum(values) for name, values in daily.sums.items() if name not in skipped
    }
    assert known.talk_days == daily.talk_days


def test_all_that_was_charged_is_paid_open_or_written_off_to_the_cent() -> None:
    total = standard_played().tally.total
    assert total("charged_cents") == total("paid_cents") + total("open_cents") + total("written_off_cents")
    for notes in standard_played().of_each().values():
        charged = sum(int(note.detail) for note in notes if note.what == "charged")
        gone = sum(int(note.detail) for note in notes if note.what in ("paid", "written_off"))
        assert charged >= gone


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), tenancies=st.integers(50, 120), months=st.integers(1, 4))
def test_money_is_kept_for_any_seed_and_size(seed: int, tenancies: int, months: int) -> None:
    played = play(make_run(tenancies=tenancies, months=months, seed=seed))
    total = played.tally.total
    assert total("tenancies") == tenancies
    assert total("charged_cents") == total("paid_cents") + total("open_cents") + total("written_off_cents")
    assert total("plans") == total("plans_kept") + total("plans_broken") + total("plans_running")
    assert total("talked") <= total("reached") <= total("cases")


def test_pressure_stays_within_its_budget_when_counted_again() -> None:
    counted = 0
    for notes in standard_played().of_each().values():
        moments = bound_contacts(notes)
        counted += len(moments)
        days = Counter(moment.astimezone(AMSTERDAM).date() for moment in moments)
        assert max(days.values(), default=0) <= 1
        for index, moment in enumerate(moments):
            stretch = [each for each in moments[: index + 1] if each > moment - timedelta(days=7)]
            assert len(stretch) <= 2
    assert counted == standard_played().tally.total("contacts") > 300


def test_there_is_rest_after_a_talk_or_promise_and_contact_only_in_lawful_hours() -> None:
    for notes in standard_played().of_each().values():
        rests = [note.at for note in notes if note.what in ("reached", "promised")]
        for moment in bound_contacts(notes):
            local = moment.astimezone(AMSTERDAM)
            assert local.weekday() < 6
            assert 8 <= local.hour < 20
            assert not any(since < moment < since + timedelta(hours=72) for since in rests)


def test_nobody_is_contacted_for_collection_after_payment_opt_out_or_while_paused_or_paying_a_plan() -> None:
    seen: Counter[str] = Counter()
    for notes in standard_played().of_each().values():
        balance, barred, paused, plan = 0, set(), False, False
        for note in notes:
            match note.what:
                case "charged":
                    balance += int(note.detail)
                case "paid" | "written_off":
                    balance -= int(note.detail)
                case "opted_out" | "wrong_number":
                    barred.add(note.detail)
                case "pause_begins" | "pause_ends":
                    paused = note.what == "pause_begins"
                case "plan_begins" | "plan_ends":
                    plan = note.what == "plan_begins"
                case "contact_collection":
                    assert balance >= 2500
                    assert note.detail not in barred
                    assert not paused
                    assert not plan
            seen[note.what] += 1
    assert min(seen[what] for what in ("paid", "opted_out", "pause_begins", "plan_begins", "contact_collection")) > 3


def test_the_tally_agrees_with_the_diary() -> None:
    played = standard_played()
    noted = Counter(note.what for note in played.diary)
    assert noted["plan_begins"] == played.tally.total("plans")
    contacts = sum(count for key, count in played.tally.counts.items() if key[0] == "contact")
    assert noted["contact_collection"] + noted["contact_legal"] + noted["contact_care"] == contacts
    moments = [note.at for note in played.diary]
    assert all(first <= second for first, second in pairwise(moments[-500:]))


def test_a_ladder_without_contacts_reaches_nobody() -> None:
    standard = load_shipped("standaard")
    decision = next(step for step in standard.steps if step.kind is StepKind.DECISION)
    silent = replace(standard, steps=(replace(decision, clocks=(DaysAfterDue(days=30),)),))
    played = play(make_run(silent, tenancies=300, months=3))
    assert played.tally.total("cases") > 20
    assert played.tally.total("contacts") == 0
    assert played.tally.total("reached") == 0


def test_more_attempts_reach_more_of_the_same_tenants() -> None:
    few = changed_ladder(steps=("reminder", "robocall"), robocall=1)
    many = changed_ladder(steps=("reminder", "robocall"), robocall=5)
    runs = [make_run(ladder, tenancies=600, months=4) for ladder in (few, many)]
    less, more = (play(run).tally for run in runs)
    assert more.total("reached") > less.total("reached")
    assert less.total("charged_cents") == more.total("charged_cents")


def test_a_full_team_moves_work_to_later_and_says_so() -> None:
    run = make_run(tenancies=400, months=3)
    part = run.portfolio.parts[0]
    narrow = replace(part, team=replace(part.team, calls_per_day=1, visits_per_day=1))
    wide = replace(part, team=replace(part.team, calls_per_day=99, visits_per_day=99))
    tallies = [play(replace(run, portfolio=replace(run.portfolio, parts=(each,)))).tally for each in (narrow, wide)]
    assert tallies[0].counts[("deferred", "capacity_call")] > 0
    assert tallies[1].counts[("deferred", "capacity_call")] == 0
    weeks = [count for key, count in tallies[0].counts.items() if key[0] == "call"]
    assert max(weeks) <= 6


def test_a_ladder_with_open_gaps_runs_on_its_example_values() -> None:
    ladder = load_shipped("sociaal_incasso_met_bodem")
    assert example_fills(ladder)
    assert play(make_run(ladder, tenancies=200, months=3)).tally.total("contacts") > 0


SILENT = """
profiles:
  on_time: {share: 0}
  late_payer: {share: 0}
  forgetful: {share: 0}
  struggling: {share: 0}
  avoider: {share: 0}
  unreachable: {share: 100, pays: 0, answers: 0, visit_home: 0, call_talks: 0, misses: 100, by_himself: 0}
delivery:
  sms: {undelivered: 0, failed: 0}
  whatsapp: {undelivered: 0, failed: 0}
  email: {bounced: 0}
  letter: {returned: 0}
  robocall: {wrong_number: 0, busy: 0, voicemail: 0, hung_up: 0}
  call: {wrong_number: 0, voicemail: 0}
  visit: {moved_out: 0, refused: 0}
help: {accepts: 0}
legal: {by_hand: 0}
arrears: {catches_up: 0}
"""


@pytest.mark.parametrize("name", ["standaard", "de_alliantie"])
def test_a_tenant_who_is_never_reached_gets_what_the_rehearsal_tells(name: str) -> None:
    """The rehearsal looks every half hour of every day; its timelines are the golden files."""
    ladder, due_on = load_shipped(name), date(2027, 1, 1)
    run = make_run(ladder, months=3, figures=read_figures(SILENT))
    tenancy = Tenancy(
        key="H1",
        household="H1",
        rent_cents=65000,
        channels=CONTACT_POINTS,
        open_items=((due_on, 65000),),
        in_trouble=True,
    )
    part = OwnPart(team=run.portfolio.parts[0].team, given=(tenancy,))
    later = replace(run, start=due_on + timedelta(days=1), portfolio=Portfolio(kind="own", parts=(part,)))
    noted = [(note.at, note.detail) for note in play(later).diary if note.what.startswith("contact_")]
    calendar = Calendar(load_law())
    told = rehearse(ladder, run.settings, calendar, first_facts(due_on, 65000), Script(title=""), 85)
    expected = [
        (event.at, event.step.channel)
        for event in told.events
        if event.step is not None and event.step.channel is not None
    ]
    assert len(noted) > 3
    assert noted == expected

"""Timelines per preset that a policy officer can read; remade with OUTREACH_GOLDEN=1.

Source lines that each timeline keeps stand in SOURCES; S001 is the Valente pilot of 2020, S003 the
Drechtsteden agreements of 2022.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path

import pytest

from schedules.calendar import Calendar, load_law
from schedules.facts import CaseFacts
from schedules.ladder import Ladder, example_fills
from schedules.rehearsal import Rehearsal, Script, first_facts, rehearse, timeline
from schedules.settings import PolicySettings
from schedules.shipped import load_shipped, shipped_names, source_of

pytestmark = pytest.mark.golden
HERE = Path(__file__).parent
CALENDAR = Calendar(load_law())
DUE_ON = date(2026, 9, 1)
DAYS = 65

SOURCES = {
    "standaard": "eigen ladder; S001 L265-303 en L687-693, S003 L29 en L50-56, law.md Bgs artikel 2",
    "woongoed_zeist": "S001 L267-275 (herinnering op de 5e, bellen of huisbezoek, wijkteam, deurwaarder), L508-510",
    "de_alliantie": "S001 L296-309 (belcomputer meermalen, wijkteam en Stadsring51, ViA), L480-482",
    "sociaal_incasso": "S001 L687-693 (brief en bericht, belcomputer, huisbezoek, kaartje)",
    "brabantwonen": "S002 L4034-4068 (bij een maand contact en oorzaak, bij twee gemeente en Zorgplein, kinderen)",
    "maaslandmooiland": "S002 L4070-4133 (aanmaning, herinnering, sommatie; bezoek als onbekend; rek voor gezinnen)",
    "friesland_covenant": "S002 L2734-2744, L3019-3035, L3085-3126 (persoonlijk contact voor de deurwaarder; te licht)",
    "woonfriesland": "als het convenant, en S002 L3053-3059 (bevoegde medewerkers kijken in het register)",
    "welkom_nieuw_wonen": "als het convenant, en S002 L3057-3069 (geen inzage; bij twijfel de gemeente vragen)",
    "friesland_area_pilot": "S002 L3174-3189 (in een wijk al bij een maand persoonlijk: gewoon aanbellen)",
    "mitros_utrecht": "S002 L2034-2046, L2356-2426; S000 L1054-1124 (Meldpunt Huurschulden bij vonnis of drie maanden)",
    "woonin": "S004 L22 (vroege melding, crisisteam na een vonnis, opnieuw afspraken)",
}


def paid(facts: CaseFacts) -> CaseFacts:
    return replace(facts, amount_cents=0)


def opted_out_of_sms(facts: CaseFacts) -> CaseFacts:
    return replace(facts, channels=facts.channels - {"sms"}, blocked_channels={"sms": "opted_out"})


def promised(facts: CaseFacts) -> CaseFacts:
    until = DUE_ON + timedelta(days=16)
    at = CALENDAR.utc(DUE_ON + timedelta(days=8), time(7, 30))
    return replace(facts, promise_until=until, promised_at=at, reached_at=at)


def summoned(facts: CaseFacts) -> CaseFacts:
    return replace(facts, dates={"summons": DUE_ON + timedelta(days=92)})


def judged(facts: CaseFacts) -> CaseFacts:
    return replace(facts, dates={**facts.dates, "judgment": DUE_ON + timedelta(days=120)})


def family(facts: CaseFacts) -> CaseFacts:
    return replace(facts, flags=frozenset({"children"}))


SCRIPTS = {
    "nooit_bereikt": Script(title="De huurder wordt nooit bereikt"),
    "bereikt_aan_de_telefoon": Script(
        title="De huurder neemt op; daarna gebeurt er niets",
        outcomes={("call", 1): "talked", ("bellen", 1): "talked", ("belcomputer", 2): "menu_1"},
    ),
    "betaald_op_dag_9": Script(title="Betaald op dag 9", changes={9: ("De betaling is binnen.", paid)}),
    "afgemeld_voor_sms": Script(
        title="Afgemeld voor sms op dag 2", changes={2: ("De huurder stuurt STOP.", opted_out_of_sms)}
    ),
    "belofte_gebroken": Script(
        title="Belofte op dag 8 om op dag 16 te betalen; dat gebeurt niet",
        changes={8: ("De huurder belooft te betalen op donderdag 17 september.", promised)},
    ),
    "gezin_tot_en_met_vonnis": Script(
        title="Een gezin dat nooit bereikt wordt; dagvaarding na drie maanden, vonnis een maand later",
        outcomes={
            ("deurwaarder_besluit", 1): "continue_social",
            ("gezinscheck", 1): "children_found",
            ("overleg", 1): "keep_trying",
        },
        changes={
            1: ("Er wonen kinderen op dit adres.", family),
            92: ("De dagvaarding is verstuurd.", summoned),
            120: ("De rechter heeft vonnis gewezen.", judged),
        },
    ),
}
EVERYWHERE = ("nooit_bereikt", "gezin_tot_en_met_vonnis")
PLAYED = [(name, script) for name in shipped_names() for script in (SCRIPTS if name == "standaard" else EVERYWHERE)]
LONG = {"gezin_tot_en_met_vonnis": 130}


@cache
def played(name: str, script: str) -> tuple[Ladder, Rehearsal]:
    ladder = load_shipped(name)
    policy = PolicySettings(fills=example_fills(ladder), legal_floor=False)
    first = first_facts(DUE_ON, 65000)
    return ladder, rehearse(ladder, policy, CALENDAR, first, SCRIPTS[script], LONG.get(script, DAYS))


def lines(name: str, script: str) -> Iterator[str]:
    ladder, rehearsal = played(name, script)
    yield f"Ladder: {ladder.title['nl']}"
    yield f"Verhaal: {SCRIPTS[script].title}"
    yield f"Bron: {SOURCES[source_of(name)]}"
    filled = ", ".join(f"{gap} = {value}" for gap, value in example_fills(ladder).items())
    yield f"Staat niet in de bron, hier als voorbeeld ingevuld: {filled or 'niets'}"
    yield ""
    yield from timeline(rehearsal, CALENDAR, ladder.names("nl"))


@pytest.mark.parametrize(("name", "script"), PLAYED)
def test_the_timeline_is_as_agreed(name: str, script: str) -> None:
    """Keep the source lines that SOURCES names for this ladder."""
    text = "\n".join(lines(name, script)) + "\n"
    path = HERE / f"{name}__{script}.txt"
    if os.environ.get("OUTREACH_GOLDEN") == "1":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), (
        "changed on purpose? make test with OUTREACH_GOLDEN=1 and read the difference"
    )


def test_every_system_has_a_source() -> None:
    assert {source_of(name) for name in shipped_names()} == set(SOURCES)


def keys(name: str, script: str) -> list[str]:
    return [event.step.step for event in played(name, script)[1].events if event.step]


def day_of(name: str, script: str, step: str) -> int:
    return next(event.day for event in played(name, script)[1].events if event.step and event.step.step == step)


def test_standaard_hands_a_tenant_never_reached_to_a_person_within_sixty_days() -> None:
    found = keys("standaard", "nooit_bereikt")
    assert found[-1] == "overleg" and {"visit", "card", "early_signal", "social_team"} <= set(found)
    assert day_of("standaard", "nooit_bereikt", "overleg") <= 60
    assert day_of("standaard", "nooit_bereikt", "early_signal") == 35
    assert day_of("standaard", "nooit_bereikt", "social_team") == 49


def test_nothing_follows_a_payment() -> None:
    for name in shipped_names():
        assert all(e.day < 9 for e in played(name, "betaald_op_dag_9")[1].events if e.step)


def test_no_sms_after_stop() -> None:
    for name in shipped_names():
        events = played(name, "afgemeld_voor_sms")[1].events
        assert not any(event.step and event.step.channel == "sms" for event in events)


def test_no_contact_while_a_promise_runs_and_contact_after_it_breaks() -> None:
    for name in shipped_names():
        events = [event for event in played(name, "belofte_gebroken")[1].events if event.step]
        days = [event.day for event in events if event.step and event.step.kind not in {"decision", "referral"}]
        assert not any(8 <= day <= 17 for day in days), name


def test_woongoed_zeist_reminds_after_the_5th_and_asks_the_social_team_at_the_same_time() -> None:
    """Keep S001 L267-273."""
    assert day_of("woongoed_zeist", "nooit_bereikt", "herinnering") == 6  # the 5th was a Saturday
    assert day_of("woongoed_zeist", "nooit_bereikt", "wijkteam") == 6


def test_de_alliantie_rings_several_times_before_the_partners() -> None:
    """Keep S001 L296-299: both partners, after the robocalls."""
    found = keys("de_alliantie", "nooit_bereikt")
    assert found[:4] == ["belcomputer"] * 4 and set(found[4:]) == {"wijkteam", "stadsring51"}


def test_sociaal_incasso_leaves_a_card_at_the_moment_of_the_visit() -> None:
    """Keep S001 L690-693."""
    events = [event for event in played("sociaal_incasso", "nooit_bereikt")[1].events if event.step]
    visit = next(event for event in events if event.step and event.step.step == "huisbezoek")
    card = next(event for event in events if event.step and event.step.step == "kaartje")
    assert visit.at == card.at

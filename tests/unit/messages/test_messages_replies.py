from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.formats import euro, spoken_date
from messages.replies import INTENTS, SURE_ENOUGH, understand

FRIDAY = date(2026, 11, 20)

KEYWORDS = [
    ("REGELING", "plan_request"),
    ("regeling.", "plan_request"),
    ("Regeling aub", "plan_request"),
    ("BEL MIJ", "call_me"),
    ("bel mij!", "call_me"),
    ("Bel me terug", "call_me"),
    ("STOP", "stop"),
    ("Stop.", "stop"),
    ("BETAALD", "paid"),
    ("al betaald", "paid"),
    ("JA", "yes"),
    ("ok", "yes"),
    ("👍", "yes"),
    ("NEE", "no"),
    ("HULP", "help"),
    ("START", "start"),
    ("NEE GEMEENTE", "no"),
    ("JA GEMEENTE", "help"),
    ("50 per maand", "counter_offer"),
    ("PLAN", "plan_request"),
    ("CALL ME", "call_me"),
    ("PAID", "paid"),
    ("YES", "yes"),
    ("NO", "no"),
]

MEANINGS = [
    ("Ik wil graag een betalingsregeling", "plan_request"),
    ("regelling", "plan_request"),
    ("Kan ik in termijnen betalen?", "plan_request"),
    ("mag ik het later betalen", "plan_request"),
    ("Can I get a payment plan", "plan_request"),
    ("ik kan 40 pm betalen", "counter_offer"),
    ("Ik kan elke maand 60 euro extra betalen", "counter_offer"),
    ("25 per week lukt wel", "counter_offer"),
    ("I can pay 50 a month", "counter_offer"),
    ("max 75", "counter_offer"),
    ("ik heb geen geld", "cannot_pay"),
    ("Ik kan het echt niet betalen", "cannot_pay"),
    ("I can't pay right now", "cannot_pay"),
    ("Ik betaal vrijdag", "promise"),
    ("De 25e maak ik het over", "promise"),
    ("komt de 25e goed", "promise"),
    ("krijg pas dinsdag 24 november betaald", "promise"),
    ("I will pay tomorrow", "promise"),
    ("ik betaal 100 euro op 24-11", "promise"),
    ("Ik heb gisteren alles overgemaakt", "paid"),
    ("heb al betaald hoor", "paid"),
    ("I already paid last week", "paid"),
    ("Kunt u mij morgen bellen?", "call_me"),
    ("wilt u me terugbellen na 17 uur", "call_me"),
    ("please call me after 5 pm", "call_me"),
    ("Ik heb veel schulden en weet niet meer hoe", "help"),
    ("kunt u mij helpen", "help"),
    ("Hoe hoog is het bedrag?", "question"),
    ("Waarom krijg ik dit bericht", "question"),
    ("Is het al betaald?", "question"),
    ("Dit bedrag klopt niet", "dispute"),
    ("ben het er niet mee eens, de lekkage is nog steeds niet gemaakt", "dispute"),
    ("ik heb te veel betaald", "dispute"),
    ("This is not correct", "dispute"),
    ("Ik heb een bewindvoerder", "represented"),
    ("zit al in de schuldsanering", "represented"),
    ("My lawyer handles this", "represented"),
    ("Ik stop met mijn baan", "life_event"),
    ("ben ontslagen", "life_event"),
    ("ik lig in het ziekenhuis", "life_event"),
    ("Ik heb kanker en ben veel in het ziekenhuis", "life_event"),
    ("I lost my job", "life_event"),
    ("mijn man is vorige week overleden", "bereaved"),
    ("My mother passed away", "bereaved"),
    ("Ik ben verhuisd naar Utrecht", "moved"),
    ("we moved out in may", "moved"),
    ("Verkeerd nummer", "wrong_number"),
    ("ik ken deze persoon niet", "wrong_number"),
    ("wrong number mate", "wrong_number"),
    ("Kom niet bij mij aan de deur", "refuse_visit"),
    ("u hoeft niet langs te komen", "refuse_visit"),
    ("do not come to my house", "refuse_visit"),
    ("Kunt u een keer langskomen?", "visit_invite"),
    ("kom maar langs", "visit_invite"),
    ("I speak no dutch", "language"),
    ("Ik spreek geen Nederlands", "language"),
    ("merhaba param yok odeme yapamiyorum", "cannot_pay"),
    ("لا أفهم هذه الرسالة", "language"),
    ("Stop met die berichten", "stop"),
    ("ik wil geen sms meer ontvangen", "stop"),
    ("please stop texting me", "stop"),
    ("rot op", "abusive"),
    ("kankerlijers", "abusive"),
    ("ik weet waar je woont", "threat"),
    ("ik steek jullie kantoor in brand", "threat"),
    ("Ik wil niet meer leven", "crisis"),
    ("zie het niet meer zitten", "crisis"),
    ("I want to die", "crisis"),
    ("ik kan niet meer", "crisis"),
    ("mag ik in 3 keer betalen", "plan_request"),
    ("kan ik 2x per maand betalen", "plan_request"),
    ("Laat me met rust", "stop"),
    ("stop er mee!!", "stop"),
    ("kom maandag om 10 uur langs", "visit_invite"),
    ("ik heb bezoek dus bel later", "call_me"),
    ("gemeente mag bellen", "help"),
    ("ja maar ik kan pas de 25e", "promise"),
    ("nee ik wil geen regeling", "no"),
    ("asdfgh", "other"),
]

TRAPS = [
    ("Ik stop met mijn baan", "stop"),
    ("nog niet betaald", "paid"),
    ("ik heb nog niet betaald", "paid"),
    ("I have not paid yet", "paid"),
    ("als ik betaald krijg", "paid"),
    ("bel mij niet meer", "call_me"),
    ("ik kan niet meer betalen dan dit", "crisis"),
    ("ik kan vrijdag niet betalen", "promise"),
    ("ik heb kanker", "abusive"),
    ("kunt u mij om 5 pm bellen", "counter_offer"),
    ("goede morgen", "promise"),
    ("nee ik wil geen regeling", "plan_request"),
    ("ik heb geen hulp nodig", "help"),
    ("ok bedankt", "yes"),
    ("ja maar niet nu", "yes"),
    ("Stop, ik bel jullie morgen", "stop"),
]

AMOUNTS = [
    ("40 pm", 4000, "month"),
    ("50 per maand", 5000, "month"),
    ("€ 1.250,-", 125000, None),
    ("€ 1.250,50 kan ik betalen", 125050, None),
    ("vijftig euro", 5000, None),
    ("vijfentwintig euro per week", 2500, "week"),
    ("honderdvijftig euro per maand", 15000, "month"),
    ("25 per week", 2500, "week"),
    ("12,50 p/m", 1250, "month"),
    ("ik kan 35 missen", 3500, None),
    ("fifty euro a month", 5000, "month"),
    ("I can pay €1,250.50", 125050, None),
    ("huur is 650 euro, ik kan 40 per maand", 4000, "month"),
    ("ik kan 20 tot 30 euro missen", 2000, None),
    ("kan ik 2x per maand betalen", None, None),
    ("bel 06 12345678", None, None),
    ("bel mij om 15:30", None, None),
]

DAYS = [
    ("ik betaal vrijdag", date(2026, 11, 27)),
    ("ik betaal maandag", date(2026, 11, 23)),
    ("ik betaal vandaag", FRIDAY),
    ("morgen betaal ik", date(2026, 11, 21)),
    ("overmorgen betaal ik", date(2026, 11, 22)),
    ("de 25e betaal ik", date(2026, 11, 25)),
    ("de 5e betaal ik", date(2026, 12, 5)),
    ("ik betaal eind van de maand", date(2026, 11, 30)),
    ("ik betaal eind volgende maand", date(2026, 12, 31)),
    ("ik betaal dinsdag 24 november", date(2026, 11, 24)),
    ("ik betaal op 24-11", date(2026, 11, 24)),
    ("ik betaal op 3/1", date(2027, 1, 3)),
    ("ik betaal volgende week woensdag", date(2026, 11, 25)),
    ("ik betaal over twee weken", date(2026, 12, 4)),
    ("I pay on november 24th", date(2026, 11, 24)),
    ("I will pay next week", None),
    ("ik heb 18 november betaald", date(2026, 11, 18)),
    ("ik betaal op 31-02", None),
    ("ik betaal straks", None),
]


@pytest.mark.parametrize(("text", "intent"), KEYWORDS)
def test_a_bare_keyword_is_certain(text: str, intent: str) -> None:
    found = understand(text, today=FRIDAY)
    assert (found.intent, found.confidence) == (intent, 1.0)


@pytest.mark.parametrize(("text", "intent"), MEANINGS)
def test_a_sentence_is_understood(text: str, intent: str) -> None:
    assert understand(text, today=FRIDAY).intent == intent


@pytest.mark.parametrize(("text", "not_this"), TRAPS)
def test_a_trap_is_not_walked_into(text: str, not_this: str) -> None:
    found = understand(text, today=FRIDAY)
    assert not_this not in (found.intent, *found.also)


@pytest.mark.parametrize(("text", "cents", "per"), AMOUNTS)
def test_amounts(text: str, cents: int | None, per: str | None) -> None:
    found = understand(text, today=FRIDAY)
    assert (found.amount_cents, found.per) == (cents, per)


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days(text: str, day: date | None) -> None:
    assert understand(text, today=FRIDAY).date == day


REFUSALS = [
    "NEE GEMEENTE",
    "Geef mijn gegevens niet door",
    "ik wil niet dat u dit meldt bij de gemeente",
    "do not pass on my details",
    "wil geen contact met de gemeente",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_of_the_report_to_the_municipality_is_a_no_with_its_subject(text: str) -> None:
    found = understand(text, today=FRIDAY)
    assert (found.intent, found.also[:1]) == ("no", ("refuse_signal",))


def test_danger_leads_and_the_rest_is_kept() -> None:
    found = understand("Ik heb geen geld, mijn vrouw is overleden en ik wil niet meer leven", today=FRIDAY)
    assert found.intent == "crisis"
    assert {"bereaved", "cannot_pay"} <= set(found.also)


def test_a_plan_asked_with_an_amount_and_a_day_keeps_all_three() -> None:
    found = understand("Graag een regeling, 50 per maand vanaf 1 december", today=FRIDAY)
    assert (found.intent, found.amount_cents, found.per) == ("counter_offer", 5000, "month")
    assert found.date == date(2026, 12, 1) and "plan_request" in found.also


def test_a_key_of_the_keypad_is_certain_on_a_robocall_only() -> None:
    assert understand("2", today=FRIDAY, channel="robocall").confidence == 1.0
    assert understand("2", today=FRIDAY, channel="robocall").intent == "menu_2"
    assert understand("2", today=FRIDAY).confidence < 1.0


def test_what_nobody_understands_goes_to_a_person() -> None:
    found = understand("blauw is een kleur", today=FRIDAY)
    assert (found.intent, found.confidence < SURE_ENOUGH) == ("other", True)


def test_the_language_is_seen() -> None:
    assert understand("I can pay 50 a month", today=FRIDAY).language == "en"
    assert understand("ik kan 50 per maand betalen", today=FRIDAY).language == "nl"
    assert understand("لا أفهم", today=FRIDAY).language == "ar"


@given(st.text(max_size=300))
def test_any_text_gives_a_known_intent(text: str) -> None:
    found = understand(text, today=FRIDAY)
    assert found.intent in INTENTS and 0.0 <= found.confidence <= 1.0


@given(st.integers(min_value=100, max_value=10_000_000), st.sampled_from(["nl", "en"]))
def test_an_amount_that_we_write_is_read_back(cents: int, language: str) -> None:
    per = {"nl": "per maand", "en": "a month"}[language]
    found = understand(f"{euro(cents, language)} {per}", today=FRIDAY)
    assert (found.amount_cents, found.per) == (cents, "month")


@given(st.dates(min_value=FRIDAY, max_value=date(2027, 11, 19)), st.sampled_from(["nl", "en"]))
def test_a_day_that_we_write_is_read_back(day: date, language: str) -> None:
    pay = {"nl": "Ik betaal", "en": "I will pay on"}[language]
    assert understand(f"{pay} {spoken_date(day, language)}", today=FRIDAY).date == day

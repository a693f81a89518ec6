"""What tenants type in six languages, each as somebody would: without marks, with slips, on a phone."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.replies import INTENTS, SURE_ENOUGH, understand
from messages.replies.courtesy import is_courtesy
from messages.replies.menu import find_key
from messages.replies.text import plain, words_of

TODAY = date(2026, 11, 23)

MEANT = [
    ("kan het in stukjes aub", "plan_request", "nl"),
    ("heb gister al overgemaakt hoor", "paid", "nl"),
    ("wil geen sms meer van jullie", "stop", "nl"),
    ("can i pay in parts pls", "plan_request", "en"),
    ("i lost my job last month", "life_event", "en"),
    ("taksit yapabilir miyiz", "plan_request", "tr"),
    ("dün ödedim", "paid", "tr"),
    ("odeyemiyorum param yok", "cannot_pay", "tr"),
    ("beni arar mısınız", "call_me", "tr"),
    ("ممكن أدفع بالتقسيط", "plan_request", "ar"),
    ("دفعت أمس", "paid", "ar"),
    ("ما معي مصاري", "cannot_pay", "ar"),
    ("czy moge zaplacic w ratach", "plan_request", "pl"),
    ("zaplacilem wczoraj", "paid", "pl"),
    ("nie mam pieniedzy", "cannot_pay", "pl"),
    ("чи можна частинами", "plan_request", "uk"),
    ("я вже заплатив вчора", "paid", "uk"),
    ("немає грошей", "cannot_pay", "uk"),
]
DANGER = [
    *("ik wil niet meer leven", "i want to kill myself", "intihar edeceğim", "أريد أن أموت", "nie chce juz zyc"),
    *("не хочу більше жити", "hij slaat me elke dag help", "ik wil niet meer", "mijn kinderen huilen van de honger"),
]
THREATS = [
    *("ik steek jullie kantoor in de fik", "i know where you live", "seni öldürürüm", "رح احرق المكتب"),
    *("wiem gdzie mieszkasz", "я знаю де ти живеш", "ik sla je op je bek als je komt"),
]
NO_DANGER = [
    *("ik heb 3 kinderen", "mijn telefoon is dood", "ik ga dood van het lachen", "3 çocuğum var", "mam troje dzieci"),
    *("ik heb kanker", "dan ga ik naar de rechter", "Ik ben er even niet. U krijgt zo snel mogelijk antwoord."),
]
STOPS = ["STOP", "s t o p", "geen sms meer aub", "stop texting me", "bana mesaj atmayın", "لا ترسلوا لي رسائل"]
STOPS += ["nie piszcie do mnie", "не пишіть мені більше", "haal mijn nummer van jullie lijst"]
NO_STOPS = [
    *("ik stop met mijn baan", "mijn uitkering is gestopt", "stop met die huisbezoeken", "rzucam prace"),
    *("işi bıraktım", "stop was een vergissing, stuur maar weer", "I quit my job"),
]
AMOUNTS = [
    ("elli euro verebilirim ayda", 5000, "month"),
    ("haftada 25", 2500, "week"),
    ("ayda kırk beş euro", 4500, "month"),
    ("٥٠ يورو في الشهر", 5000, "month"),
    ("خمسة وعشرين بالاسبوع", 2500, "week"),
    ("moge 40 miesiecznie", 4000, "month"),
    ("piecdziesiat euro na miesiac", 5000, "month"),
    ("можу 30 на місяць", 3000, "month"),
    ("п'ятдесят євро на місяць", 5000, "month"),
    ("twee tientjes per week", 2000, "week"),
    ("geen 50 maar 60", 6000, None),
    ("100 of anders 50", 5000, None),
    ("ik ben 68 jaar", None, None),
]
DAYS = [
    ("cuma günü öderim", date(2026, 11, 27)),
    ("ayın 25'inde öderim", date(2026, 11, 25)),
    ("ay sonunda öderim", date(2026, 11, 30)),
    ("بدفع يوم الجمعة", date(2026, 11, 27)),
    ("بدفع بكرا", date(2026, 11, 24)),
    ("بدفع آخر الشهر", date(2026, 11, 30)),
    ("zaplace w piatek", date(2026, 11, 27)),
    ("zaplace 25-go", date(2026, 11, 25)),
    ("zaplace pod koniec miesiaca", date(2026, 11, 30)),
    ("заплачу в п'ятницю", date(2026, 11, 27)),
    ("заплачу завтра", date(2026, 11, 24)),
    ("als mijn loon komt betaal ik", None),
    ("volgende week betaal ik", None),
]


@pytest.mark.parametrize(("text", "intent", "language"), MEANT)
def test_a_reply_is_understood_in_its_language(text: str, intent: str, language: str) -> None:
    found = understand(text, today=TODAY)
    assert (found.intent, found.language) == (intent, language)
    assert found.confidence >= SURE_ENOUGH


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_found(text: str) -> None:
    found = understand(text, today=TODAY)
    assert "crisis" in (found.intent, *found.also)


@pytest.mark.parametrize("text", THREATS)
def test_a_threat_is_found(text: str) -> None:
    assert understand(text, today=TODAY).intent == "threat"


@pytest.mark.parametrize("text", NO_DANGER)
def test_no_danger_is_seen_where_there_is_none(text: str) -> None:
    found = understand(text, today=TODAY)
    assert not {"crisis", "threat"} & {found.intent, *found.also}


def test_danger_far_on_in_a_long_letter_is_found() -> None:
    letter = "Ik schrijf u over de huur van de woning. " * 150 + "Ik wil niet meer leven. " + "Groeten. " * 50
    assert understand(letter, today=TODAY, channel="email").intent == "crisis"


@pytest.mark.parametrize("text", STOPS)
def test_a_stop_is_found(text: str) -> None:
    assert understand(text, today=TODAY).intent == "stop"


@pytest.mark.parametrize("text", NO_STOPS)
def test_what_stops_something_else_is_no_stop(text: str) -> None:
    assert understand(text, today=TODAY).intent != "stop"


@pytest.mark.parametrize(("text", "cents", "per"), AMOUNTS)
def test_amounts_are_read_in_each_language(text: str, cents: int | None, per: str | None) -> None:
    found = understand(text, today=TODAY)
    assert (found.amount_cents, found.per) == (cents, per)


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_days_are_read_in_each_language(text: str, day: date | None) -> None:
    assert understand(text, today=TODAY).date == day


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *[("3", 3), ("keuze 2", 2), ("optie drie", 3), ("nr 4", 4), ("secenek 2", 2), ("رقم 3", 3), ("варіант два", 2)],
        *[("25", None), ("twee kinderen", None), ("1 2", None), ("", None)],
    ],
)
def test_a_key_is_read_when_a_reply_is_nothing_else(text: str, key: int | None) -> None:
    assert find_key(words_of(plain(text))) == key


def test_thanks_want_no_answer_and_a_question_does() -> None:
    assert all(is_courtesy(text) for text in ("Bedankt!", "ok dank u wel", "teşekkürler", "شكرا", "👍", "дякую"))
    assert not any(is_courtesy(text) for text in ("bedankt maar ik betaal niet", "hallo?? wie is dit", "", "50", "ja"))


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_nothing_that_can_be_typed_raises(text: str) -> None:
    found = understand(text, today=TODAY)
    assert found.intent in INTENTS and 0.0 <= found.confidence <= 1.0 and len(found.also) == len(set(found.also))


@pytest.mark.parametrize(
    "text", ["\x00" * 50, "\u202e" + "a" * 10_240, "🏠" * 3_000, "'; DROP TABLE person; --", "{{7*7}}"]
)
def test_of_a_hostile_text_nothing_is_sure(text: str) -> None:
    found = understand(text, today=TODAY)
    assert found.confidence < SURE_ENOUGH or found.intent in ("other", "question")

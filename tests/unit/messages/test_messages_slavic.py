"""Polish and Ukrainian: every text renders and passes, and each rule fires on what it is for and not on a kind twin."""

import re
from datetime import date
from functools import cache

import pytest

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.formats import spoken_date
from messages.rendering import OWN_NAMES, Rendered, render
from messages.replies import understand
from messages.samples import SIZES, sample_values
from messages.template import Template
from messages.wordlists import read_words

pytestmark = pytest.mark.unit
CATALOGUE = load_catalogue()
LANGUAGES = ("pl", "uk")
DUTCH = sorted((each for each in CATALOGUE if each.language == "nl"), key=lambda each: (each.name, each.channel))
MOST_SEGMENTS = {"pl": ("GSM-7", 3), "uk": ("UCS-2", 4)}
TODAY = date(2026, 11, 24)
ASKED = re.compile(r"([A-Z]{2,}(?: [A-Z]{2,})*) \(([^()]+)\)")
KEYWORDS = ("REGELING", "BEL MIJ", "HULP", "JA GEMEENTE", "NEE GEMEENTE", "STOP", "START")

FIRES = [
    ("pl", "threat", "To ostatnie wezwanie. Podejmiemy kroki prawne.", "To druga wiadomość. Chętnie pomogę."),
    ("pl", "threat", "Będziemy zmuszeni wszcząć egzekucję.", "Chcemy znaleźć rozwiązanie."),
    ("pl", "pressure", "Musi pan zapłacić dzisiaj.", "Czy mogę prosić o wpłatę dzisiaj?"),
    ("pl", "pressure", "Proszę zapłacić niezwłocznie.", "Proszę zapłacić do piątku."),
    ("pl", "children", "Proszę pomyśleć o swoich dzieciach.", "Proszę pomyśleć o sobie."),
    ("pl", "children", "Pana rodzina straci spokój.", "Pana sąsiad też pytał."),
    ("pl", "certain_eviction", "Straci pani mieszkanie.", "Mieszkanie jest ważne."),
    ("pl", "shame", "Mimo wielokrotnych próśb jest pan dłużnikiem.", "Każdemu może się to zdarzyć."),
    ("pl", "stage_bailiff", "Sprawą zajmie się komornik.", "Sprawą zajmie się Karin Bos."),
    ("pl", "stage_court", "Skierujemy pozew do sądu.", "Sądzę, że znajdziemy rozwiązanie."),
    ("pl", "stage_eviction", "Grozi eksmisja.", "Zmiana umowy nie jest potrzebna."),
    ("pl", "stage_costs", "Doliczymy odsetki i koszty windykacji.", "To nic nie kosztuje."),
    ("pl", "stage_early_signal", "Zgłosimy to gminie.", "Gmina może pomóc."),
    ("pl", "informal", "Zadzwoń do mnie, jeśli możesz.", "Proszę do mnie zadzwonić."),
    ("pl", "vague_date", "Proszę zapłacić jak najszybciej.", "Proszę zapłacić 24 listopada."),
    ("pl", "officialese", "Niniejszym prosimy o uregulowanie kwoty.", "Czy mogę prosić o wpłatę?"),
    ("uk", "threat", "Це останнє попередження. Ми вживемо заходів.", "Це другий лист. Я допоможу."),
    ("uk", "threat", "Ми змушені передати справу далі.", "Ми хочемо знайти рішення."),
    ("uk", "pressure", "Ви повинні сплатити сьогодні.", "Можете сплатити сьогодні?"),
    ("uk", "pressure", "Ви зобов'язані платити.", "Допомога ні до чого не зобов'язує."),
    ("uk", "children", "Подумайте про своїх дітей.", "Подумайте про себе."),
    ("uk", "children", "Ваша сім’я втратить спокій.", "Сім платежів по 50 €."),
    ("uk", "certain_eviction", "Вас виселять.", "Ви живете тут."),
    ("uk", "shame", "Вам має бути соромно, ви боржник.", "Таке може статися з кожним."),
    ("uk", "stage_bailiff", "Прийде державний виконавець.", "Прийде Karin Bos."),
    ("uk", "stage_court", "Ми подамо позов до суду.", "Подивимося разом."),
    ("uk", "stage_eviction", "Можливе виселення.", "Можлива розмова."),
    ("uk", "stage_costs", "Додамо пеню та штраф.", "Нічого не додамо."),
    ("uk", "stage_early_signal", "Ми повідомимо муніципалітет.", "Муніципалітет може допомогти."),
    ("uk", "informal", "Подзвони мені, якщо можеш.", "Подзвоніть мені, якщо можете."),
    ("uk", "vague_date", "Сплатіть якнайшвидше.", "Можете сплатити 24 листопада?"),
    ("uk", "officialese", "Просимо погасити борг відповідно до договору.", "Можете сплатити оренду?"),
]
OPEN_TO_ALL = [
    ("pl", "Dzień dobry, czynsz nadal nie jest zapłacony.", "Dzień dobry, czy mogę prosić o telefon?"),
    ("pl", "Dzień dobry, chodzi o pani dług.", "Dzień dobry, długo się nie widzieliśmy."),
    ("pl", "Dzień dobry, chodzi o 650,00 €.", "Dzień dobry, chodzi o krótką rozmowę."),
    ("uk", "Добрий день, оренду ще не сплачено.", "Добрий день, подзвоните мені?"),
    ("uk", "Добрий день, у вас є борг.", "Добрий день, у мене є запитання."),
    ("uk", "Добрий день, ідеться про 650,00 €.", "Добрий день, ідеться про розмову."),
]
PARTS = {"greeting": "", "message": "-", "menu": "-", "voicemail": ""}


def rules(text: str, language: str, channel: str = "letter", subject: str | None = None) -> set[str]:
    return {item.rule for item in check(text, channel=channel, language=language, subject=subject).findings}


def translated(template: Template, language: str) -> Template:
    found = CATALOGUE.find(template.name, template.channel, language)
    assert found is not None, f"{template.name}-{template.channel}-{language}"
    return found


@cache
def judged(name: str, channel: str, language: str, size: str) -> tuple[Template, Rendered, Verdict]:
    template = CATALOGUE.get(name, channel, language)
    values = sample_values(size, language)
    rendered = render(template, values)
    verdict = check(
        rendered.text,
        channel=channel,
        language=language,
        subject=rendered.subject,
        purpose=template.purpose,
        allowed_measures=template.mentions,
        parts=rendered.parts or None,
        own_names=[values[name] for name in OWN_NAMES],
    )
    return template, rendered, verdict


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dutch_text_is_there_with_the_same_values(language: str) -> None:
    for dutch in DUTCH:
        other = translated(dutch, language)
        assert other.placeholders == dutch.placeholders, f"{dutch.name}-{dutch.channel}-{language}"
        assert (other.subject is None) == (dutch.subject is None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_passes_and_an_sms_stays_short(language: str, size: str) -> None:
    for dutch in DUTCH:
        _, rendered, verdict = judged(dutch.name, dutch.channel, language, size)
        stops = [(item.rule, item.text) for item in verdict.findings if item.severity == "stop"]
        assert verdict.passed, f"{dutch.name}-{dutch.channel}-{language}: {stops}"
        assert verdict.indicative
        if rendered.segments is not None:
            encoding, most = MOST_SEGMENTS[language]
            assert (rendered.encoding, rendered.segments <= most) == (encoding, True), f"{dutch.name}: {rendered.text}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tenant_is_asked_for_the_word_that_the_reply_reader_knows(language: str) -> None:
    for dutch in DUTCH:
        asked = {word for word in KEYWORDS if word in dutch.body}
        assert asked <= {word for word in KEYWORDS if word in translated(dutch, language).body}, dutch.name


@pytest.mark.parametrize(("language", "rule", "hard", "kind"), FIRES)
def test_a_rule_fires_on_its_words_and_not_on_a_kind_twin(language: str, rule: str, hard: str, kind: str) -> None:
    assert rule in rules(hard, language)
    assert rules(kind, language) <= {"short_text"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_the_dutch_list_has_words_and_an_example(language: str) -> None:
    listed = set(read_words(f"{language}_tone.yaml"))
    tried = {rule for code, rule, _, _ in FIRES if code == language}
    assert {"threat", "pressure", "shame", "children", "certain_eviction", "private"} <= listed
    assert listed - {"private"} == tried


def test_an_sms_without_its_signs_is_still_understood() -> None:
    assert "stage_court" in rules("Skierujemy sprawe do sadu.", "pl", channel="sms")
    assert "shame" in rules("Po raz kolejny nie ma wplaty, z pana winy.", "pl", channel="sms")
    assert "threat" in rules("OSTATNIE WEZWANIE DO ZAPLATY.", "pl", channel="sms")


@pytest.mark.parametrize(("language", "shown", "quiet"), OPEN_TO_ALL)
def test_what_others_see_or_hear_shows_no_debt(language: str, shown: str, quiet: str) -> None:
    for text, expected in ((shown, True), (quiet, False)):
        assert ("private_card" in rules(text, language, "card")) is expected
        assert ("private_subject" in rules("-", language, "email", subject=text)) is expected
        for part in ("greeting", "voicemail"):
            spoken = "\n".join(f"[{name}]\n{text if name == part else body or '.'}" for name, body in PARTS.items())
            assert (f"private_{part}" in rules(spoken, language, "robocall")) is expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_letters_do_not_shout(language: str) -> None:
    kind = {"pl": "Żółta łódź, gęśla i źdźbło.", "uk": "Звичайний лист без крику, їжак і ґанок."}[language]
    assert "capitals" not in rules(kind, language)
    assert "capitals" in rules(kind.upper(), language)


@pytest.mark.parametrize(
    ("language", "said"), [("pl", "Od 24 listopada (wtorek)"), ("uk", "З 24 листопада (вівторок)")]
)
def test_a_day_fits_after_its_preposition(language: str, said: str) -> None:
    values = {**sample_values("typical", language), "since": spoken_date(date(2026, 11, 24), language)}
    assert said in render(CATALOGUE.get("reminder", "email", language), values).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_keyword_sent_back_with_its_translation_means_the_keyword(language: str) -> None:
    asked = {found for each in CATALOGUE if each.language == language for found in ASKED.findall(each.body)}
    assert len(asked) >= 6
    for keyword, translation in asked:
        alone = understand(keyword, today=TODAY)
        for typed in (f"{keyword} ({translation})", f"{keyword.lower()} {translation}"):
            found = understand(typed, today=TODAY)
            assert (found.intent, found.confidence) == (alone.intent, 1.0), typed


@pytest.mark.parametrize(
    "reply",
    [
        "Ja nie mogę tyle płacić", "ja zaplace jutro", "Ja w piątek zapłacę", "Nie mam teraz pieniędzy",
        "Ja mam pytanie", "Tak, ale proszę o telefon",
    ],
)  # fmt: skip
def test_polish_ja_is_no_dutch_yes(reply: str) -> None:
    found = understand(reply, today=TODAY)
    assert (found.intent == "yes", found.language) == (False, "pl")


@pytest.mark.parametrize(
    "reply", ["Ja", "Ja graag. Groeten Paweł Wiśniewski", "Ik betaal vrijdag, groet Łukasz", "ja hoor"]
)
def test_a_polish_name_makes_no_polish_reply(reply: str) -> None:
    assert understand(reply, today=TODAY).language == "nl"

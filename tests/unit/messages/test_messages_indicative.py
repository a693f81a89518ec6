"""Texts in Turkish and Arabic, and the measure of every language: what is stopped and warned of, what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.catalogue import load_catalogue
from messages.checks import Verdict, check
from messages.folding import arabic_forms, folded
from messages.frequency import zipf, zipf_values
from messages.indicative import LIMITS, is_rare, lix, score_of
from messages.readability import parts_of
from messages.rendering import render
from messages.samples import sample_values
from messages.segments import gsm_friendly
from messages.template import BRACE
from messages.wordlists import lexicon, tokens

CATALOGUE = load_catalogue()
LANGUAGES = ("tr", "ar")

KIND = {
    "tr": "Merhaba, ben Karin. Nasılsınız? Size yardım etmek isterim. Beni arayabilir misiniz? Numaram 010 123 4567.",
    "ar": "مرحبًا، معكم كارين. كيف حالكم؟ أود أن أساعدكم. هل يمكنكم الاتصال بي؟ رقمي 010 123 4567.",
}
"""Says nothing that may not be said, on any channel."""

STOPS = [
    ("tr", "threat", "Bu size son uyarı."),
    ("tr", "threat", "Aksi halde yasal işlem başlatırız."),
    ("tr", "shame", "Bu sizin suçunuz."),
    ("tr", "shame", "Utanmanız lazım."),
    ("tr", "children", "Çocuklarınızı düşünün."),
    ("tr", "certain_eviction", "Evinizi kaybedeceksiniz."),
    ("tr", "stage_bailiff", "Borcunuzu icraya veririz."),
    ("tr", "stage_bailiff", "Sonra deurwaarder gelir."),
    ("tr", "stage_court", "Mahkemeye gideriz."),
    ("tr", "stage_court", "HAKİM karar verir."),
    ("tr", "stage_eviction", "Tahliye davası olur."),
    ("tr", "stage_early_signal", "Bunu belediyeye bildireceğiz."),
    ("tr", "stage_costs", "Masrafları da ödersiniz."),
    ("tr", "exclamation", "Bizi arayın!"),
    ("ar", "threat", "هذا آخر إنذار لكم."),
    ("ar", "threat", "وإلا سنتخذ إجراءات قانونية."),
    ("ar", "shame", "هذا ذنبكم أنتم."),
    ("ar", "shame", "أنتم مهملون جدا."),
    ("ar", "children", "فكروا في أطفالكم."),
    ("ar", "children", "ولأولادكم أيضا."),
    ("ar", "certain_eviction", "ستفقدون بيتكم."),
    ("ar", "stage_bailiff", "سيأتي المحضر إليكم."),
    ("ar", "stage_court", "سنذهب إلى المحكمة."),
    ("ar", "stage_court", "والقاضي سيقرر."),
    ("ar", "stage_eviction", "نطلب إخلاء البيت."),
    ("ar", "stage_early_signal", "سنبلغ البلدية بذلك."),
    ("ar", "stage_costs", "تدفعون أيضا التكاليف."),
    ("ar", "exclamation", "اتصلوا بنا!"),
]

WARNS = [
    ("tr", "pressure", "Derhal aramalısınız."),
    ("tr", "vague_date", "Sizi yakında ararız."),
    ("tr", "officialese", "İşbu mektup size yazıldı."),
    ("tr", "informal", "Seni arayacağım."),
    ("tr", "rare_word", "Sizden bir muvafakatname isteriz."),
    ("tr", "officialese", "Alacak muacceliyet kazandı."),
    ("ar", "officialese", "المديونية كبيرة."),
    ("ar", "pressure", "يجب عليكم الاتصال."),
    ("ar", "vague_date", "سنتصل بكم قريبا."),
    ("ar", "officialese", "نحيطكم علما بما يلي."),
    ("ar", "rare_word", "نريد منكم مخالصة."),
    ("en", "rare_word", "You hold the indebtedness here."),
    ("pl", "rare_word", "To jest pismo przedsądowe."),
    ("uk", "rare_word", "Там є неустойка."),
]


def verdict(text: str, language: str, *, channel: str = "letter", **more: object) -> Verdict:
    return check(text, channel=channel, language=language, **more)  # type: ignore[arg-type]


def rules(found: Verdict, severity: str) -> set[str]:
    return {item.rule for item in found.findings if item.severity == severity}


@pytest.mark.parametrize(("language", "rule", "text"), STOPS)
def test_what_may_not_be_said_is_stopped(language: str, rule: str, text: str) -> None:
    found = verdict(text, language)
    assert rule in rules(found, "stop") and not found.passed
    assert all(text[item.start : item.end] == item.text for item in found.findings)


@pytest.mark.parametrize(("language", "rule", "text"), WARNS)
def test_what_reads_badly_is_warned_of(language: str, rule: str, text: str) -> None:
    assert rule in rules(verdict(text, language), "warn")


@pytest.mark.parametrize("channel", ["sms", "whatsapp", "email", "letter", "card"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kind_text_is_left_alone(language: str, channel: str) -> None:
    found = verdict(KIND[language], language, channel=channel, subject=KIND[language])
    assert found.passed and found.indicative
    assert not rules(found, "stop") | rules(found, "warn")


@pytest.mark.parametrize(
    ("language", "rule", "text", "measure"),
    [
        ("tr", "stage_bailiff", "İcra memuru gelebilir.", "bailiff"),
        ("tr", "stage_eviction", "Tahliye istenebilir.", "eviction"),
        ("ar", "stage_court", "رسالة من المحكمة.", "court"),
        ("ar", "stage_early_signal", "نبلغ البلدية.", "early_signal"),
    ],
)
def test_a_measure_that_is_possible_may_be_named(language: str, rule: str, text: str, measure: str) -> None:
    assert rule in rules(verdict(text, language), "stop")
    assert verdict(text, language, allowed_measures={measure}).passed


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", ["debt", "rent", "pay"])
def test_what_others_can_see_or_hear_shows_no_debt(language: str, word: str) -> None:
    said = {
        "tr": {"debt": "Borcunuz var.", "rent": "Konu kiranız.", "pay": "Ödeyebilir misiniz?"},
        "ar": {"debt": "عندكم ديون.", "rent": "الموضوع هو الإيجار.", "pay": "هل يمكنكم أن تدفعوا؟"},
    }[language][word]
    kind = KIND[language]
    assert verdict(said, language, channel="letter").passed
    assert "private_card" in rules(verdict(said, language, channel="card"), "stop")
    assert "private_subject" in rules(verdict(kind, language, channel="email", subject=said), "stop")
    assert "private_preview" in rules(verdict(said, language, channel="sms"), "stop")
    for part in ("greeting", "voicemail"):
        spoken = {"greeting": kind, "message": said, "menu": kind, "voicemail": kind} | {part: said}
        text = "\n".join(f"[{name}]\n{each}" for name, each in spoken.items())
        assert f"private_{part}" in rules(verdict(text, language, channel="robocall"), "stop")


@pytest.mark.parametrize(("language", "text"), [("tr", "Borcunuzu konuşalım. Ödeme planı var."), ("pl", "Dług.")])
def test_an_sms_that_lost_its_marks_is_checked_all_the_same(language: str, text: str) -> None:
    whole = verdict(text, language, channel="card")
    bare = verdict(gsm_friendly(text), language, channel="card")
    assert rules(whole, "stop") == rules(bare, "stop") == {"private_card"}


def test_every_list_finds_each_of_its_own_words_once() -> None:
    for language, words in (("tr", "icraya borçlarınız İCRA"), ("ar", "بالمحكمة والإيجار للقاضي")):
        for word in words.split():
            found = [entry.rule for _, _, entry in lexicon(language).find(tokens(word))]
            assert found and len(found) == len(set(found)), word


@pytest.mark.parametrize("language", sorted(LIMITS))
def test_a_sentence_is_too_long_by_the_measure_of_its_language(language: str) -> None:
    limits = LIMITS[language]
    assert "long_sentence" not in rules(verdict("ev " * limits.warn_words + ".", language), "warn")
    assert "long_sentence" in rules(verdict("ev " * (limits.warn_words + 1) + ".", language), "warn")
    assert "long_sentence" in rules(verdict("ev " * (limits.stop_words + 1) + ".", language), "stop")
    assert "long_sentence" in rules(verdict("ev " * limits.warn_words + ".", language, profile="A2"), "warn")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_advice_for_staff_is_dutch_and_says_that_it_is_an_indication(language: str) -> None:
    found = verdict("ev " * 40 + ".", language).findings
    assert [item.advice for item in found if item.rule == "long_sentence"] == [
        "Indicatie: maak er twee zinnen van. (40)"
    ]
    assert "Indication" in verdict("house " * 40 + ".", "en").findings[0].advice


def test_an_arabic_question_ends_a_sentence() -> None:
    assert [len(part.words) for part in parts_of("كيف حالكم؟ أود أن أساعدكم. شكرًا!")] == [2, 3, 1]


def test_a_hard_text_has_a_lix_that_stops_it() -> None:
    hard = "Yükümlülüklerinizin gerçekleştirilmemesi durumunda değerlendirmelerimiz sonuçlandırılacaktır. " * 12
    assert "reading_score" in rules(verdict(hard, "tr"), "stop")
    assert lix(parts_of(KIND["tr"])) is None, "too short for a formula"


HARD = {
    "en": "Notwithstanding aforementioned considerations, correspondence regarding outstanding indebtedness continues.",
    "tr": "Yükümlülüklerinizin gerçekleştirilmemesi durumunda değerlendirmelerimiz sonuçlandırılacaktır.",
    "ar": "بموجب الاستحقاقات المتراكمة والالتزامات المترتبة نستكمل الإجراءات والمطالبات المستحقة",
    "pl": "Niezastosowanie zobowiązania skutkuje przeprowadzeniem postępowania windykacyjnego zgodnie z regulaminem.",
    "uk": "Невиконання зобов’язання спричиняє застосування передбаченого законодавством виконавчого провадження.",
}


@pytest.mark.parametrize("language", sorted(LIMITS))
def test_the_score_tells_kind_texts_from_hard_ones_in_every_language(language: str) -> None:
    texts = [t for t in CATALOGUE if t.language == language and t.channel in ("letter", "email")]
    kind = [parts_of(render(text, sample_values("typical", language)).text) for text in texts]
    long_enough = [parts for parts in kind if lix(parts) is not None]
    assert len(long_enough) > 15 and min(score_of(parts, language) for parts in long_enough) >= 70
    assert score_of(parts_of(HARD[language]), language) < 40
    assert score_of([], language) == 100


def share_of_long_words(language: str) -> float:
    """Percentage of running words over six letters, by the frequencies of wordfreq from Zipf 3, as English has."""
    known = zipf_values(language).items()
    weights = {word: 10**value for word, value in known if word.isalpha() and value >= 3}
    return 100 * sum(weight for word, weight in weights.items() if len(word) > 6) / sum(weights.values())


def words_for_the_same(language: str) -> int:
    """How many words the letters and e-mails that ship take, without what is filled in."""
    texts = [t.body for t in CATALOGUE if t.language == language and t.channel in ("letter", "email")]
    return sum(len(tokens(BRACE.sub(" ", text))) for text in texts)


@pytest.mark.parametrize("language", sorted(set(LIMITS) - {"en"}))
def test_the_limits_stand_on_what_can_be_counted(language: str) -> None:
    limits, english = LIMITS[language], LIMITS["en"]
    ratio = words_for_the_same(language) / words_for_the_same("en")
    assert limits.warn_words == pytest.approx(english.warn_words * ratio, abs=1)
    assert limits.stop_words == pytest.approx(english.stop_words * ratio, abs=1)
    longer = share_of_long_words(language) - share_of_long_words("en")
    shorter = (1 - ratio) * english.warn_words
    assert limits.warn_lix - english.warn_lix == pytest.approx(longer - shorter, abs=2)
    assert limits.stop_lix - limits.warn_lix == english.stop_lix - english.warn_lix


def test_vowel_signs_make_no_word_longer() -> None:
    plain = "البيت كبير والشارع هادئ. " * 20
    signed = plain.replace("بيت", "بَيْتُ").replace("كبير", "كَبِيرٌ")
    assert lix(parts_of(plain)) == lix(parts_of(signed))


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("ödeyebilirsiniz", "tr"),
        ("başvurabilirsiniz", "tr"),
        ("konuştuğumuzda", "tr"),
        ("سأساعدكم", "ar"),
        ("وبالاتفاق", "ar"),
        ("zadzwonimy", "pl"),
        ("подзвонимо", "uk"),
        ("schuldhulpverlening", "tr"),
    ],
)
def test_a_form_of_a_common_word_is_not_rare(word: str, language: str) -> None:
    assert not is_rare(word, language)


def test_common_words_have_a_higher_zipf_value_than_rare_ones() -> None:
    assert zipf("ev", "tr") > zipf("muvafakatname", "tr") == 0
    assert zipf("بيت", "ar") > 4 and zipf("البيت", "ar") > 4


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=120), st.sampled_from(sorted(LIMITS)))
def test_any_text_gets_an_indication(text: str, language: str) -> None:
    found = check(text, channel="letter", language=language)
    assert found.indicative and 0 <= found.score <= 100


def test_arabic_writes_its_particles_to_the_word() -> None:
    assert {"محكمة", "والمحكمة", "للمحكمة", "بمحكمة"} <= set(arabic_forms("محكمة"))
    assert list(arabic_forms("rechter")) == ["rechter"]

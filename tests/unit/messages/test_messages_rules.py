"""Every rule of the checks fires on a text made for it, with its source, and is quiet on the same text made right."""

from typing import Any

import pytest

from messages.checks import check
from messages.examined import LetterFacts
from messages.rules import RULES

ENDING = "Met vriendelijke groet, Karin Bos, 010 123 45 67."
ASKED = f"Sinds dinsdag 24 november staat er € 650,00 huur open. Wilt u dit betalen? Lukt dat niet? Ik help u. {ENDING}"
FOURTEEN = "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd"
COSTS = {"purpose": "legal", "allowed_measures": {"costs"}}
CLAIM = LetterFacts(amount_cents=65_000, costs_cents=9_750)
REPORT = (
    "Dit is een herinnering. Er is schuldhulpverlening. "
    "Wij kunnen uw naam, adres en telefoonnummer aan de gemeente geven. Zet een kruisje. Wilt u dat niet? Zeg dan nee."
)
GREETING = "Goedendag. Spreek ik met mevrouw De Vries? Toets dan één."
VOICE = "Dit is Woonbron. Belt u ons terug? Het nummer is nul een nul twee drie. Ik herhaal: nul een nul twee drie."


MENU = "Iemand spreken? Toets één. Dit nog eens horen? Toets acht."


def robocall(
    greeting: str = GREETING, message: str = "Ik bel over uw huur.", menu: str = MENU, voicemail: str = VOICE
) -> str:
    return f"[greeting]\n{greeting}\n[message]\n{message}\n[menu]\n{menu}\n[voicemail]\n{voicemail}"


Case = tuple[str, str, str, str, dict[str, Any]]
"""Rule, channel, a text that breaks it, one that keeps it, and what else the check is told."""

CASES: list[Case] = [
    ("long_sentence", "letter", "Wij bellen u " + "en dan " * 20 + "nog eens.", "Wij bellen u.", {}),
    (
        "mean_sentence_length",
        "letter",
        "Wij bellen u op een dag die u past en die ook ons goed uitkomt. " * 4,
        "Wij bellen u. " * 4,
        {},
    ),
    ("long_word", "letter", "Wij zoeken een hulpverleningsmogelijkheid.", "Wij zoeken hulp.", {}),
    ("rare_word", "letter", "Uw brief is onheus bejegend en gealludeerd.", "Uw brief is hier.", {}),
    ("officialese", "letter", "Derhalve bellen wij u.", "Daarom bellen wij u.", {}),
    ("abbreviation", "letter", "Wij bellen i.v.m. uw vraag.", "Wij bellen over uw vraag.", {}),
    ("passive", "letter", "Uw brief wordt door ons gelezen.", "Wij lezen uw brief.", {}),
    ("nominalisation", "letter", "Het betalen van de huur is nodig.", "Betaal de huur.", {}),
    ("double_negation", "letter", "Het is niet zo dat u geen hulp krijgt.", "U krijgt hulp.", {}),
    ("vague_date", "letter", "Bel ons zo spoedig mogelijk.", "Bel ons vrijdag 27 november.", {}),
    ("mixed_address", "letter", "Bel ons als u wilt. Dan helpen wij je.", "Bel ons als u wilt.", {}),
    ("informal", "letter", "Bel ons als je wilt.", "Bel ons als u wilt.", {}),
    ("formal", "letter", "Bel ons als u wilt.", "Bel ons als je wilt.", {"language": "nl-je"}),
    (
        "several_ideas",
        "letter",
        "Wij bellen u morgen en u kunt langskomen, maar u mag ook schrijven, want wij helpen u graag.",
        "Wij bellen u morgen.",
        {},
    ),
    (
        "reading_score",
        "letter",
        "De verhuurorganisatie inventariseert beschikbare hulpverleningsmogelijkheden binnen verschillende "
        "gemeentelijke samenwerkingsverbanden. " * 6,
        "Wij helpen u graag. Belt u ons? " * 10,
        {},
    ),
    ("short_text", "letter", "Wij helpen u.", "Wij helpen u graag. Belt u ons? " * 10, {}),
    ("threat", "letter", "Dit is de laatste waarschuwing.", "Wij helpen u graag.", {}),
    ("pressure", "letter", "U moet ons bellen.", "Wilt u ons bellen?", {}),
    ("shame", "letter", "Het is uw eigen schuld.", "Dit kan iedereen gebeuren.", {}),
    ("children", "letter", "Denk aan uw kinderen.", "Denk aan uzelf.", {}),
    (
        "certain_eviction",
        "letter",
        "U wordt ontruimd.",
        "Wij zoeken een oplossing.",
        {"allowed_measures": {"eviction"}},
    ),
    ("capitals", "letter", "U MOET bellen.", "Wilt u bellen?", {}),
    ("exclamation", "letter", "Bel ons!", "Bel ons.", {}),
    ("missing_amount", "letter", ASKED.replace("€ 650,00 huur", "huur"), ASKED, {"purpose": "collection"}),
    (
        "missing_date",
        "letter",
        ASKED.replace("Sinds dinsdag 24 november staat", "Nu staat"),
        ASKED,
        {"purpose": "collection"},
    ),
    ("missing_person", "letter", ASKED.replace(ENDING, ""), ASKED, {"purpose": "collection"}),
    ("missing_help", "letter", ASKED.replace("Ik help u.", ""), ASKED, {"purpose": "collection"}),
    ("missing_thanks", "letter", ASKED, f"{ASKED} Heeft u al betaald? Bedankt.", {"purpose": "collection"}),
    (
        "no_request",
        "letter",
        ASKED.replace("Wilt u dit betalen?", ""),
        ASKED,
        {"purpose": "collection"},
    ),
    (
        "several_requests",
        "letter",
        ASKED.replace("Wilt u dit betalen?", "Wilt u dit betalen? Vul het formulier in."),
        ASKED,
        {"purpose": "collection"},
    ),
    (
        "several_ways",
        "letter",
        f"{ASKED} Bel, mail, kijk op www.woonbron.nl, antwoord, kom langs of vul het formulier in.",
        ASKED,
        {"purpose": "collection"},
    ),
    (
        "fourteen_day_term",
        "letter",
        "Betaal binnen 14 dagen na dagtekening. De incassokosten zijn € 97,50.",
        f"Betaal {FOURTEEN}. De incassokosten zijn € 97,50.",
        COSTS,
    ),
    (
        "costs_exact",
        "letter",
        f"Betaal {FOURTEEN}. De incassokosten zijn € 100,00.",
        f"Betaal {FOURTEEN}. De incassokosten zijn € 97,50.",
        {**COSTS, "facts": CLAIM},
    ),
    (
        "costs_vat",
        "letter",
        f"Betaal {FOURTEEN}. De incassokosten zijn € 97,50 met btw.",
        f"Betaal {FOURTEEN}. De incassokosten zijn € 97,50.",
        {**COSTS, "facts": CLAIM},
    ),
    (
        "contact_details_offer",
        "letter",
        "Dan melden wij dat bij de gemeente.",
        f"{REPORT} Dan melden wij dat bij de gemeente.",
        {"allowed_measures": {"early_signal"}},
    ),
    (
        "announces_report",
        "letter",
        REPORT,
        f"{REPORT} Dan melden wij dat bij de gemeente.",
        {"allowed_measures": {"early_signal"}},
    ),
    ("stage_early_signal", "letter", "Dan melden wij dat bij de gemeente.", "De gemeente helpt u gratis.", {}),
    ("stage_bailiff", "letter", "Dan komt de deurwaarder.", "Dan kom ik langs.", {}),
    ("stage_court", "letter", "Wij gaan naar de rechter.", "Wij gaan samen kijken.", {}),
    ("stage_eviction", "letter", "Wij vragen om ontruiming.", "Wij zoeken een oplossing.", {}),
    ("stage_costs", "letter", "U betaalt dan incassokosten.", "U betaalt de huur.", {}),
    ("private_card", "card", "U heeft huurachterstand.", "Ik was bij u aan de deur.", {}),
    ("private_greeting", "robocall", robocall(greeting="Ik bel over uw huur."), robocall(), {}),
    ("private_voicemail", "robocall", robocall(voicemail=f"{VOICE} Het gaat om uw huur."), robocall(), {}),
    ("private_subject", "email", "Belt u mij?", "Belt u mij? ", {"subject": "Uw huurachterstand"}),
    (
        "private_preview",
        "sms",
        "Er staat € 12,50 open. Belt u mij?",
        "Beste Jo, hier Karin van Woonbron. Belt u mij?",
        {},
    ),
    ("spoken_too_long", "robocall", robocall(message="Ik bel u graag nog een keer. " * 15), robocall(), {}),
    ("spoken_digits", "robocall", robocall(message="Er staat 650 open."), robocall(), {}),
    ("spoken_repeat", "robocall", robocall(menu="Iemand spreken? Toets één."), robocall(), {}),
    ("whatsapp_form", "whatsapp", "Dag.\n\n\n\nBelt u mij?", "Dag. Belt u mij?", {}),
    ("sms_segments", "sms", "Wij helpen u graag. Belt u ons? " * 12, "Wij helpen u graag. Belt u ons?", {}),
]


def rules_of(channel: str, text: str, told: dict[str, Any]) -> set[str]:
    return {each.rule for each in check(text, channel=channel, **told).findings}


@pytest.mark.parametrize(("rule", "channel", "wrong", "right", "told"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_fires_on_its_text_and_not_on_the_right_one(
    rule: str, channel: str, wrong: str, right: str, told: dict[str, Any]
) -> None:
    assert rule in rules_of(channel, wrong, told)
    quiet = {**told, "subject": "Een bericht voor u"} if rule == "private_subject" else told
    assert rule not in rules_of(channel, right, quiet)


def test_every_rule_has_such_a_text_and_a_source() -> None:
    assert {case[0] for case in CASES} == set(RULES)
    assert all(rule.source and rule.title_nl and rule.title_en for rule in RULES.values())


def test_nobody_sets_privacy_law_or_what_hurts_aside() -> None:
    firm = {"privacy", "law", "stage"}
    hurting = {"threat", "shame", "children", "certain_eviction", "missing_person", "missing_help"}
    assert not [rule.id for rule in RULES.values() if rule.overridable and (rule.group in firm or rule.id in hurting)]

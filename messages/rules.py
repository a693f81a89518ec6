"""Every rule of the text checks with its source: what the screen names, and which of them two people may set aside."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

B1_GUIDE = "Schrijfwijzer B1 (Direct Duidelijk); Rki: niveau B1"
DOUMA = "Flesch-Douma (Douma 1960); LiNT-II (Universiteit Utrecht)"
LIX = "LIX (Björnsson 1968), een indicatie"
STYLE = "Huisstijl voor huurders: rustig, niets dat schreeuwt"
PRIVACY = "AVG: anderen zien of horen een kaartje, voicemail, onderwerpregel of gedeelde telefoon"
NO_PRESSURE = "Rki: geen ongeoorloofde druk; stress-sensitieve dienstverlening (proef Valente, 2020)"
NOT_POSSIBLE = "Rki: geen maatregelen noemen die niet of nog niet kunnen"
MESSAGE_RULE = "Berichtregel 21: één vraag, één manier, naam en nummer, hulp, bedrag en datum"
EVICTION = "BW 7:231: alleen de rechter ontbindt een huurovereenkomst"
FOURTEEN_DAYS = "BW 6:96 lid 6; HR 25 november 2016, ECLI:NL:HR:2016:2704"
COST_SCALE = "Besluit vergoeding voor buitengerechtelijke incassokosten, artikel 2"
SPOKEN = "Belcomputer: kort, getallen als woorden, herhalen, hooguit 30 seconden achter elkaar"
WHATSAPP = "Meta, WhatsApp message templates, Components; Twilio, Using Variables with Content Templates"
SEGMENTS = "3GPP TS 23.038 en 23.040: een lange sms telt als meer sms'en"
EARLY_SIGNAL = "Besluit gemeentelijke schuldhulpverlening, artikel 2"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; `overridable` when two people may set it aside for one text, with a reason."""

    id: str
    group: str
    source: str
    title_nl: str
    title_en: str
    overridable: bool = False


def _readability(rule_id: str, title_nl: str, title_en: str, source: str = B1_GUIDE) -> Rule:
    return Rule(id=rule_id, group="readability", source=source, title_nl=title_nl, title_en=title_en, overridable=True)


def _rule(rule_id: str, group: str, source: str, title_nl: str, title_en: str, *, overridable: bool = False) -> Rule:
    return Rule(id=rule_id, group=group, source=source, title_nl=title_nl, title_en=title_en, overridable=overridable)


_ALL = (
    _readability("long_sentence", "lange zin", "long sentence"),
    _readability("mean_sentence_length", "zinnen gemiddeld te lang", "sentences too long on average"),
    _readability("long_word", "lang woord", "long word"),
    _readability("rare_word", "weinig gebruikt woord", "rare word"),
    _readability("officialese", "moeilijk woord", "hard word"),
    _readability("abbreviation", "afkorting", "abbreviation"),
    _readability("passive", "lijdende vorm", "passive"),
    _readability("nominalisation", "werkwoord als naamwoord", "nominalisation"),
    _readability("double_negation", "dubbele ontkenning", "double negation"),
    _readability("vague_date", "vage datum", "vague date"),
    _readability("mixed_address", "u en je door elkaar", "formal and informal mixed"),
    _readability("informal", "je in plaats van u", "informal address"),
    _readability("formal", "u in plaats van je", "formal address"),
    _readability("several_ideas", "meer dan één gedachte in een zin", "more than one idea in a sentence"),
    _readability("reading_score", "leesniveau van de hele tekst", "reading level of the whole text", DOUMA),
    _readability("short_text", "korte tekst", "short text", DOUMA),
    _rule("threat", "tone", NO_PRESSURE, "dreiging", "threat"),
    _rule("pressure", "tone", NO_PRESSURE, "druk", "pressure", overridable=True),
    _rule("shame", "tone", NO_PRESSURE, "verwijt", "shame"),
    _rule("children", "tone", MESSAGE_RULE, "kinderen", "children"),
    _rule("certain_eviction", "tone", EVICTION, "ontruiming als zeker", "eviction as certain"),
    _rule("capitals", "tone", STYLE, "hoofdletters", "capitals", overridable=True),
    _rule("exclamation", "tone", STYLE, "uitroepteken", "exclamation mark", overridable=True),
    _rule("missing_amount", "tone", MESSAGE_RULE, "geen bedrag", "no amount", overridable=True),
    _rule("missing_date", "tone", MESSAGE_RULE, "geen datum", "no date", overridable=True),
    _rule("missing_person", "tone", MESSAGE_RULE, "geen naam en nummer", "no name and number"),
    _rule("missing_help", "tone", MESSAGE_RULE, "geen aanbod van hulp", "no offer of help"),
    _rule("missing_thanks", "tone", MESSAGE_RULE, "geen dank", "no thanks", overridable=True),
    _rule("no_request", "tone", MESSAGE_RULE, "geen vraag", "no request", overridable=True),
    _rule("several_requests", "tone", MESSAGE_RULE, "meer dan één vraag", "more than one request", overridable=True),
    _rule("several_ways", "tone", MESSAGE_RULE, "te veel manieren", "too many ways to act", overridable=True),
    _rule("fourteen_day_term", "law", FOURTEEN_DAYS, "termijn van veertien dagen", "term of fourteen days"),
    _rule("costs_exact", "law", f"{FOURTEEN_DAYS}; {COST_SCALE}", "kosten niet precies", "costs not exact"),
    _rule("costs_vat", "law", COST_SCALE, "btw over kosten", "VAT on costs"),
    _rule("contact_details_offer", "law", EARLY_SIGNAL, "aanbod om gegevens door te geven", "offer to pass on details"),
    _rule("announces_report", "law", EARLY_SIGNAL, "melding niet aangekondigd", "report not announced"),
    _rule("stage_early_signal", "stage", NOT_POSSIBLE, "melding bij de gemeente", "report to the municipality"),
    _rule("stage_bailiff", "stage", NOT_POSSIBLE, "deurwaarder", "bailiff"),
    _rule("stage_court", "stage", NOT_POSSIBLE, "rechter", "court"),
    _rule("stage_eviction", "stage", f"{NOT_POSSIBLE}; {EVICTION}", "ontruiming", "eviction"),
    _rule("stage_costs", "stage", FOURTEEN_DAYS, "kosten", "costs"),
    _rule("private_card", "privacy", PRIVACY, "kaartje toont te veel", "card shows too much"),
    _rule("private_greeting", "privacy", PRIVACY, "begin van het gesprek zegt te veel", "greeting says too much"),
    _rule("private_voicemail", "privacy", PRIVACY, "voicemail zegt te veel", "voicemail says too much"),
    _rule("private_subject", "privacy", PRIVACY, "onderwerp toont te veel", "subject shows too much"),
    _rule("private_preview", "privacy", PRIVACY, "voorvertoning toont te veel", "preview shows too much"),
    _rule("spoken_too_long", "form", SPOKEN, "te lang om te horen", "too long to listen to"),
    _rule("spoken_digits", "form", SPOKEN, "cijfers in een gesproken tekst", "digits in a spoken text"),
    _rule("spoken_repeat", "form", SPOKEN, "niet herhaald", "not repeated"),
    _rule("whatsapp_form", "form", WHATSAPP, "vorm die WhatsApp niet goedkeurt", "form that WhatsApp refuses"),
    _rule("sms_segments", "form", SEGMENTS, "te lange sms", "text message too long"),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in _ALL})


def may_set_aside(rule: str, rules: frozenset[str]) -> bool:
    """Say whether a rule is among those that two people set aside, and may be."""
    return rule in rules and RULES[rule].overridable

"""What law asks of a letter: the fourteen-day letter and its costs, and the reminder that goes before a signal.

BW 6:96 paragraph 6 with HR 2016-11-25 (ECLI:NL:HR:2016:2704): fourteen days from the day after receipt, and the exact
costs. Besluit gemeentelijke schuldhulpverlening article 2: the reminder offers to pass on the contact details.
"""

import re
from collections.abc import Iterator

from messages import fourteen_days
from messages.examined import Examined
from messages.findings import Finding, finding
from messages.formats import euro

RIGHT_TERM = {
    "nl": "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd",
    "nl-je": "binnen veertien dagen vanaf de dag nadat deze brief bij jou is bezorgd",
    "en": "within fourteen days from the day after this letter was delivered to you",
}
_FOURTEEN = {"nl": r"(?:14|veertien)", "en": r"(?:14|fourteen)"}
_GOOD = {
    "nl": re.compile(
        rf"binnen {_FOURTEEN['nl']} dagen,?\s+(?:(?:gerekend|te rekenen|die ingaan|ingaande)\s+)?"
        r"(?:vanaf|op|na)\s+de\s+dag"
        r"\s+(?:nadat|na\s+de\s+dag\s+(?:waarop|dat)|na\s+(?:bezorging|ontvangst)|waarop)[^.?!]{0,60}?"
        r"(?:bezorgd|ontvangen|ontvangt|gekregen|krijgt|binnengekomen)|"
        rf"binnen {_FOURTEEN['nl']} dagen\s+na\s+de\s+dag\s+(?:waarop|dat)"
        r"[^.?!]{0,60}?(?:bezorgd|ontvangen|gekregen)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"within {_FOURTEEN['en']} days,?\s+(?:counted |counting |starting )?(?:from|on) the day after"
        r"[^.?!]{0,60}?(?:delivered|received|receive|got)",
        re.IGNORECASE,
    ),
}
_NUMBER = {
    "nl": r"(?:\d{1,3}|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|veertien|twintig|dertig|enkele)",
    "en": r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|ten|fourteen|twenty|thirty|a few)",
}
_ANY_TERM = {
    "nl": re.compile(
        rf"(?:binnen|over|uiterlijk)\s+(?:een termijn van\s+)?{_NUMBER['nl']}\s+(?:dagen|dag|weken|week|werkdagen|uur)"
        r"(?:\s+na\s+(?:heden|vandaag|nu|dagtekening|ontvangst|de datum[^.,?!]{0,30}|datum[^.,?!]{0,30}|verzending))?"
        r"|na\s+dagtekening|na\s+heden",
        re.IGNORECASE,
    ),
    "en": re.compile(
        rf"(?:within|in)\s+{_NUMBER['en']}\s+(?:days?|weeks?|working days?|hours?)"
        r"(?:\s+(?:of|from|after)\s+(?:today|now|the date[^.,?!]{0,30}|receipt))?",
        re.IGNORECASE,
    ),
}
_AMOUNT = re.compile(r"€ ?\d[\d.,]*\d|\d[\d.,]*\d ?(?:€|يورو)")
_VAT = re.compile(r"\bbtw\b|\bVAT\b|\bomzetbelasting\b", re.IGNORECASE)
_DEBT_HELP = re.compile(r"schuldhulp\w*", re.IGNORECASE)
_REMINDER = re.compile(r"\bherinnering\b|\breminder\b", re.IGNORECASE)
_PASSES_ON = re.compile(
    r"\bgegevens\b|\bnaam,? adres\b|\bcontactgegevens\b|\byour details\b|\bcontact details\b|\bname, address\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\bkruisje\b|\bhandtekening\b|ja gemeente|\btoestemming\b|\bput a cross\b|\bsignature\b|yes municipality"
    r"|\bconsent\b",
    re.IGNORECASE,
)
_REFUSE = re.compile(
    r"nee gemeente|\bniet door\b|zeg dan nee|wilt u (?:dat|dit) niet|wil je (?:dat|dit) niet"
    r"|wilt u niet dat|wil je niet dat|no municipality|then say no|do you not want|not want us",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"\bmeld(?:en|t)?\b[^.?!]{0,60}\bgemeente\b|\bgemeente\b[^.?!]{0,60}\bmelden\b|\bgeven wij\b[^.?!]{0,80}\bdoor\b"
    r"|\bwij geven\b[^.?!]{0,90}\bdoor\b|\breport (?:that|this|it)\b[^.?!]{0,60}\bmunicipality\b",
    re.IGNORECASE,
)


def findings(examined: Examined) -> Iterator[Finding]:
    """Yield where a text does not hold what law asks of it; of other languages than Dutch and English the costs."""
    if examined.base not in _GOOD:
        yield from fourteen_days.findings(examined)
        yield from _exact_costs(examined)
        return
    if _names_costs(examined):
        yield from _term(examined)
        yield from _exact_costs(examined)
        yield from _vat(examined)
    yield from _signal(examined)


def _names_costs(examined: Examined) -> bool:
    return any(entry.rule == "stage_costs" for _start, _end, entry in examined.hits)


def _term(examined: Examined) -> Iterator[Finding]:
    text, base = examined.text, examined.base
    good = [match.span() for match in _GOOD[base].finditer(text)]
    right = RIGHT_TERM.get(examined.language, RIGHT_TERM[base])
    for match in _ANY_TERM[base].finditer(text):
        if not any(start <= match.start() < end for start, end in good):
            advice = f"Deze termijn maakt de brief ongeldig. Schrijf: '{right}'."
            yield finding("fourteen_day_term", "stop", text, match.span(), advice, (right,))
    if not good:
        advice = f"Wie kosten noemt geeft eerst veertien dagen. Schrijf: '{right}'."
        yield finding("fourteen_day_term", "stop", text, _first_costs(examined), advice)


def _first_costs(examined: Examined) -> tuple[int, int]:
    spans = [(start, end) for start, end, entry in examined.hits if entry.rule == "stage_costs"]
    return min(spans, default=(0, len(examined.text)))


def _exact_costs(examined: Examined) -> Iterator[Finding]:
    text, facts = examined.text, examined.facts
    if examined.purpose != "legal" and not _names_costs(examined):
        return
    if facts is not None and facts.costs_cents is not None:
        exact = euro(facts.costs_cents, examined.base)
        if exact not in text and f"{exact[2:]} €" not in text:
            advice = f"Noem de kosten precies: {exact}."
            yield finding("costs_exact", "stop", text, _first_costs(examined), advice)
    elif len(_AMOUNT.findall(text)) < 2:
        advice = "Noem het bedrag van de huur en het precieze bedrag van de kosten."
        yield finding("costs_exact", "warn", text, _first_costs(examined), advice)


def _vat(examined: Examined) -> Iterator[Finding]:
    for match in _VAT.finditer(examined.text):
        if examined.facts is None or not examined.facts.costs_vat:
            advice = "Btw over kosten mag alleen als u die niet kunt aftrekken en dat zegt. Zie Instellingen."
            yield finding("costs_vat", "stop", examined.text, match.span(), advice)


def _signal(examined: Examined) -> Iterator[Finding]:
    """Look at the written reminder of article 2, and at every text that says that the arrears will be reported."""
    text = examined.text
    reports = _REPORTS.search(text)
    reminds = examined.channel in ("letter", "email") and _DEBT_HELP.search(text) and _PASSES_ON.search(text)
    if not (reports or reminds) or examined.channel not in ("letter", "email"):
        return
    span = reports.span() if reports else (0, len(text))
    if not (_PASSES_ON.search(text) and _CONSENT.search(text) and _REFUSE.search(text)):
        advice = (
            "Bied aan om naam, adres en telefoonnummer door te geven aan de gemeente, "
            "met schriftelijke toestemming, en zeg hoe de huurder nee zegt."
        )
        yield finding("contact_details_offer", "stop", text, span, advice)
    if not reports and _REMINDER.search(text):
        advice = "Zeg dat de achterstand bij de gemeente wordt gemeld als er niets gebeurt."
        yield finding("announces_report", "stop", text, span, advice)

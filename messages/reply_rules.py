"""The rules for replies, as one readable table: intent, how sure, and the pattern in plain text.

Patterns meet text from reply_text.plain: lower case, no accents. The order of INTENTS decides which intent leads when
several match: danger first, then who and whether we may write, then what is asked.
"""

import re
from dataclasses import dataclass

INTENTS: tuple[str, ...] = (
    "crisis", "threat", "bereaved", "wrong_number", "represented", "refuse_signal", "refuse_visit", "stop", "start",
    "dispute", "paid", "counter_offer", "promise", "plan_request", "moved", "visit_invite", "call_me", "life_event",
    "cannot_pay", "help", "language", "abusive", "menu_1", "menu_2", "menu_3", "menu_4", "menu_5", "menu_6", "menu_7",
    "menu_8", "menu_9", "yes", "no", "question", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern that points to an intent with a confidence between 0 and 1."""

    intent: str
    confidence: float
    pattern: re.Pattern[str]


def _rules(intent: str, confidence: float, *patterns: str) -> tuple[Rule, ...]:
    return tuple(Rule(intent, confidence, re.compile(pattern)) for pattern in patterns)


KEYWORDS: dict[str, str] = {
    word: intent
    for intent, words in {
        "plan_request": "regeling|regelling|regeleing|betalingsregeling|plan|payment plan|regeling graag|regeling aub|een regeling",
        "call_me": "bel mij|bel me|belmij|bel mij terug|bel me terug|bel mij aub|bel mij graag|call me|callme|call me please"
        "|bellen|bel|terugbellen|bel terug",
        "stop": "stop|stop sms|stop aub|stop graag|stop alsjeblieft|stopall|stop whatsapp|stop mail|afmelden|uitschrijven"
        "|unsubscribe|end|quit|cancel|stop please|stop berichten|stop messages|stoppen",
        "start": "start|aanmelden|unstop|start weer",
        "paid": "betaald|al betaald|is betaald|is al betaald|heb betaald|paid|already paid|i paid|ik heb betaald|betaalt"
        "|al betaalt|reeds betaald|ik heb al betaald|have paid|has been paid",
        "yes": "ja|jaa|ja graag|ja hoor|ja prima|ja is goed|ja dat is goed|ja ok|ja oke|is goed|dat is goed|oke|ok|okay|goed|prima"
        "|akkoord|ja akkoord|yes|yes please|yep|sure|fine|ja dank u|ja ja|ja doe maar|doe maar|top",
        "no": "nee|neen|nee dank u|nee bedankt|nee hoor|no|nope|no thanks|no thank you|liever niet|nee nee",
        "help": "hulp|help|hulp graag|help me|hulp aub|ja gemeente|yes municipality|ja hulp|help mij",
        "refuse_signal": "nee gemeente|geen gemeente|no municipality|nee tegen gemeente|gemeente nee",
        "language": "english|english please|in english|engels|arabisch|turks|pools|oekraiens|turkce|arabic|turkish|polish"
        "|polski|tigrinya",
    }.items()
    for word in words.split("|")
}
"""Whole replies that are certain."""

_NOT = r"(?:niet|nog niet|nooit|geen|not|never|haven't|hasn't|didn't|havent|didnt)"
_PAID = r"(?:betaald|betaalt|overgemaakt|voldaan|gestort)"

RULES: tuple[Rule, ...] = (
    *_rules(
        "crisis", 0.95,
        r"\b(?:niet|niks) (?:meer|langer) (?:willen |wil )?(?:leven|bestaan)\b", r"\b(?:wil|ga|kan beter|liever|was ik maar) dood\b(?! geld)",
        r"zelfmoord|zelfdoding|suicid|van kant maken", r"\b(?:einde?|punt) aan (?:mijn leven|maken|alles|het leven)",
        r"\bmaak er een (?:einde?|punt) aan", r"\bniet meer zitten\b", r"spring (?:ik )?(?:voor|van|onder)",
        r"\bkill myself|\bend my life|\bend it all|\bwant to die|\bdon'?t want to (?:live|be here)|\bwish i was dead|\bno reason to live",
        r"\ber niet meer (?:zijn|willen zijn)\b",
    ),
    *_rules(
        "crisis", 0.7, r"\bik kan (?:echt )?niet meer(?: verder)?(?: hoor)?\s*(?:[.,!?]|$)", r"\bgeen uitweg\b", r"\bcan'?t go on\b",
        r"\bheeft (?:toch )?geen zin meer\b",
    ),
    *_rules(
        "threat", 0.9, r"\b(?:maak|schiet|sla|steek|slaan|trap) (?:ik )?(?:je|jullie|u|hem|haar) (?:allemaal )?(?:dood|neer|kapot|in elkaar)",
        r"\bweet (?:je|jullie|u) te vinden|\bweet waar (?:je|jullie|u) (?:woont|wonen|werkt|werken)",
        r"\b(?:steek|zet) .{0,30}(?:in brand|in de fik)|brandstichten|\bpas maar op\b", r"\bkill you|\bhurt you|\bknow where you live|\bburn .{0,20}down",
        r"\bsla .{0,20}(?:op je (?:bek|gezicht)|tanden)|\bgooi .{0,20}(?:ruit|raam|ramen) in",
    ),
    *_rules(
        "bereaved", 0.9, r"\boverleden\b|\bgestorven\b|\bbegrafenis|\bcrematie|\buitvaart|\bpassed away\b|\bfuneral\b",
        r"\b(?:is|zijn) (?:vorige week |gisteren |plotseling |net )?dood\b",
        r"\b(?:he|she|husband|wife|mother|father|mom|dad|son|daughter|partner|tenant) (?:has |just )?died\b|\bis dead\b",
    ),
    *_rules(
        "wrong_number", 0.95, r"\bverkeerd\w* (?:nummer|persoon|adres)|\bwrong (?:number|person)|\bverkeerd verbonden",
        r"\bken (?:ik )?(?:deze|die) (?:persoon|naam|man|vrouw|meneer|mevrouw)\b.{0,5}\bniet|\bken ik niet\b|\bken geen\b",
        r"\bik ben (?:deze|die) (?:persoon|meneer|mevrouw|man|vrouw) niet|\bik ben niet (?:de huurder|die persoon|deze persoon|meneer|mevrouw)",
        r"\bdon'?t know (?:this|that|him|her|any)|\bi am not (?:him|her|this person|that person|the tenant)|\bik huur niet\b|\bik huur niks\b",
    ),
    *_rules(
        "represented", 0.9, r"bewindvoer|\bcurator\b|\bonder (?:bewind|curatele)\b|\bmentor\b|beschermingsbewind|budgetbeheer|\bwsnp\b",
        r"schuldsanering|\bschuldhulpverlener\b|\bbudgetcoach|\bmijn (?:advocaat|gemachtigde)|\bmy (?:lawyer|guardian|administrator)\b",
        r"\bunder (?:administration|guardianship)|\bzit (?:al )?in (?:de )?(?:schuldhulp\w*|schuldsanering)|\bdebt counsel\w+ (?:handles|takes)",
    ),
    *_rules(
        "refuse_signal", 0.95, r"\bniet (?:door ?geven|delen|melden) (?:aan|met|bij) (?:de )?gemeente",
        r"\b(?:gegevens|naam|nummer|adres)\b.{0,25}\bniet (?:door ?geven|door|delen|aan de gemeente)",
        r"\b(?:geen toestemming|niet akkoord|wil niet dat|wil niet).{0,50}gemeente", r"\bgemeente.{0,40}\b(?:niet (?:bellen|weten|nodig|inschakelen)|erbuiten)",
        r"\bgeen toestemming.{0,30}(?:gegevens|delen|doorgeven)|\bniet doorgeven\b",
        r"\b(?:do not|don'?t|not) (?:pass|share|give|report|tell)\b.{0,40}(?:municipality|details|council|gemeente)|\bno municipality\b",
    ),
    *_rules(
        "refuse_visit", 0.95, r"\b(?:niet|nooit) (?:meer )?(?:bij mij |bij ons |hier )?(?:langs ?(?:komen|te komen)?|aan (?:de|mijn) deur|op bezoek)\b",
        r"\bkom (?:maar |vooral )?niet\b.{0,15}(?:langs|deur|bezoek)|\bgeen (?:huis)?bezoek|\bwil niemand (?:aan|bij)",
        r"\b(?:don'?t|do not|not) (?:come|visit)\b|\bno (?:home )?visits?\b",
    ),
    *_rules(
        "stop", 0.9, r"\bgeen (?:sms\w*|berichten|bericht|appjes|whatsapp\w*|mails?|e-mails?)(?: meer)? (?:meer|ontvangen|sturen|krijgen|hebben)",
        r"\bgeen (?:sms\w*|berichten|appjes|mails?) meer\b|\bstop (?:nu |aub |eens )?(?:met )?(?:die |deze |al die )?(?:sms\w*|berichten|appen|appjes|mailen|mails?|texting|messages|sturen|sending|texts)",
        r"\b(?:stuur|app|sms|mail) (?:mij |me )?(?:geen|niet|nooit) |\b(?:stop|don'?t|do not) (?:text|message|send|texting|messaging)",
        r"\bno more (?:messages|texts|sms|emails)|\bremove me\b|\bhaal mij .{0,15}lijst|^stop[.! ,]+(?:ik wil|please|bedankt|dank|geen|alsjeblieft|alstublieft|graag|aub)",
    ),
    *_rules(
        "dispute", 0.85, r"\bklop(?:t|en) (?:echt |helemaal |gewoon |van geen kant )?niet\b|\bniet (?:mee )?eens\b|\bniet akkoord met\b|\bonterecht\b|\bbetwist\b|\bbezwaar\b",
        r"\bklopt (?:er )?(?:niks|niets)|\bgeen (?:huur)?achterstand\b|\bte ?veel (?:betaald|berekend|huur)|\bhuurcommissie\b|\bdubbel (?:betaald|berekend)",
        r"\b(?:lekkage|schimmel|reparatie|gebreken|kapotte?|verwarming doet)\b", r"\b(?:not (?:right|correct|true)|incorrect|wrong amount|disagree|mistake|mould|mold|leak\w*|dispute)\b",
        r"\b(?:fout|vergissing)\b.{0,25}(?:jullie|bij u|bedrag|rekening|van u)|\b(?:jullie|uw) (?:fout|administratie)",
    ),
    *_rules("dispute", 0.65, r"\bik (?:ga )?betaal\w? (?:jullie )?(?:echt )?(?:niet|niks|niets)\b", r"\bi (?:will not|won'?t|refuse to) pay\b"),
    *_rules(
        "paid", 0.9, rf"\b(?:heb|hebben|is|was|al|net|gisteren|vandaag|vanochtend|reeds|gewoon|alles|huur)\b[^.?!]{{0,40}}\b{_PAID}\b",
        r"\b(?:i|we|have|has|already|was|just|is|been) (?:already |just |have |has )?paid\b|\bi (?:have )?(?:transferred|made the payment)|\bpayment (?:is|has been|was) (?:made|done|sent)",
        r"\bheb (?:het |de huur |alles |alles al |het al )?(?:geld )?(?:overgemaakt|gestuurd|gestort)",
    ),
    *_rules(
        "plan_request", 0.9, r"regeling\b|\bin (?:termijnen|delen|stukjes|gedeeltes|gedeelten|stappen)\b|\bgespreid\b|\bafbetal|\baflossen\b|\bper maand (?:een deel|iets|wat|betalen|af)",
        r"\bpayment (?:plan|arrangement)|\binstal?ments?\b|\bin parts\b|\bspread (?:it|the)|\bpay (?:a part|part|some|it) (?:each|every|per|a) month|\bbetaalafspraak",
        r"\b(?:een deel|beetje|iedere maand|elke maand) (?:per maand |iets |wat )?(?:extra )?betalen",
    ),
    *_rules("plan_request", 0.75, r"\buitstel\b|\blater betalen\b|\bniet in een keer\b|\bnot all at once\b|\bmore time\b|\bmeer tijd\b|\bpay later\b"),
    *_rules(
        "moved", 0.9, r"\b(?:ben|zijn|is|al|inmiddels) (?:al |inmiddels |vorige maand |in \w+ )?verhuisd|\bwoon (?:daar|er|hier) niet meer|\bwoont (?:daar|er|hier) niet meer|\bnieuwe? adres\b",
        r"\b(?:have|has|i|we) moved\b|\bmoved (?:out|away)|\bno longer live|\bdon'?t live (?:there|here)|\bnew address\b|\bhuur is opgezegd|\bhuur opgezegd",
    ),
    *_rules("moved", 0.75, r"\bik (?:ga )?verhui(?:s|zen)\b|\bga verhuizen\b"),
    *_rules(
        "visit_invite", 0.9, r"\b(?:kom|komt u|komen jullie) (?:maar |gerust |eens |een keer |even )+(?:\w+ )?(?:langs|bij mij|bij ons|thuis)|\b(?:u|jullie|je) (?:mag|mogen|kunt|kan)\b.{0,20}\blangs ?komen",
        r"\b(?:kunt|kan|wilt|willen) (?:u|jullie|iemand|je)\b.{0,25}\blangs ?komen|\bkom(?:t u)? langs\b|\bcome (?:by|over|visit|to my)|\bcan (?:you|somebody|someone) (?:visit|come)",
    ),
    *_rules(
        "call_me", 0.9, r"\b(?:bel|belt u|bellen jullie) (?:mij|me|ons)\b(?! (?:niet|nooit))|\b(?:kunt|kan|wilt|willen|zou|mag) (?:u|jullie|iemand|je|ik)\b.{0,30}\b(?:bellen|terugbellen|opbellen|spreken)\b",
        r"\bterug ?bellen\b|\bterug ?gebeld|\bgraag (?:gebeld|bellen)|\bbel (?:even |aub |graag )?terug|\b(?:wil|zou) (?:graag )?(?:iemand|een medewerker|u) spreken|\biemand spreken",
        r"\b(?:please |can you |could you |somebody |someone )?(?:call|phone|ring) me\b(?! not)|\bcall (?:back|me back)|\bspeak (?:to|with) (?:somebody|someone|you|a person)",
    ),
    *_rules(
        "life_event", 0.85, r"\bontslagen\b|\bontslag\b|\bwerkloos\b|\b(?:baan|werk|inkomen|contract) (?:kwijt|verloren|gestopt|afgelopen|loopt af)|\bgeen (?:werk|baan|inkomen|loon|salaris)\b",
        r"\bstop(?:te|t)? (?:met|op) (?:mijn )?(?:baan|werk|werken)|\bgescheiden\b|\bscheiding\b|\bscheiden\b|\buit elkaar\b|\bziek\b|\bziekenhuis\b|\boperatie\b|\bburn-? ?out\b",
        r"\bfailliet|\bfaillissement|\buitkering (?:is )?(?:gestopt|stopgezet|geweigerd)|\bbevallen\b|\bzwanger\b|\b(?:heb|heeft|kreeg) kanker\b|\bchemo|\bminder uren\b|\bopgenomen\b|\bmijn (?:man|vrouw|partner|vriend) is (?:weg|vertrokken)",
        r"\b(?:lost|losing|lose) my job|\bfired\b|\blaid off|\bdivorc\w+|\bhospital\b|\b(?:i am|i'm|im|is|been) (?:very )?(?:sick|ill)\b|\bpregnant\b|\bunemployed\b|\bquit my job|\bno (?:income|work|job)\b|\bbankrupt",
    ),
    *_rules(
        "cannot_pay", 0.85, r"\bkan (?:ik )?(?:het |dit |dat |nu |de huur |echt |even |helaas |deze maand |gewoon )*niet (?:\w+ )?betalen|\bgeen geld\b|\bniet betalen\b|\b(?:lukt|gaat) (?:mij |me |nu |echt )?niet\b",
        r"\bkan (?:het |dit |dat )?niet missen|\b(?:ik )?heb (?:niks|niets)\b|\bblut\b|\bgeen cent\b|\bkan (?:niks|niets) betalen|\brood ?staan|\bsta rood\b",
        r"\b(?:can'?t|cannot|can not|unable to) (?:pay|afford)|\bno money\b|\bbroke\b|\bdon'?t have (?:the |any |enough )?money",
    ),
    *_rules(
        "help", 0.85, r"\b(?:hulp|help|helpen)\b(?! (?:nodig hebben wij niet))|\bschulden\b|\bschuldhulp\w*|\bgeldzorgen\b|\bvoedselbank\b|\bgeen eten\b|\bmeer rekeningen\b|\bdebts?\b|\bfood bank|\bweet (?:het )?niet meer (?:hoe|wat)|\bstress\b",
    ),
    *_rules(
        "language", 0.9, r"\b(?:spreek|praat|begrijp|versta|lees) (?:ik )?(?:geen|niet (?:goed |veel )?|weinig|slecht) ?nederlands|\bgeen nederlands\b|\b(?:speak|understand|read|know) (?:no |any )?dutch\b",
        r"\b(?:speak|write|message|letter|text)\b.{0,15}\b(?:english|arabic|turkish|polish|ukrainian)\b|\b(?:english|engels|turks|arabisch|pools|oekraiens|frans|spaans|duits|tigrinya|somalisch) (?:please|graag|aub|spreken|praten)|\bin het (?:engels|turks|arabisch|pools|frans|spaans)\b|\bno dutch\b|\b(?:spreekt|praat) (?:u|iemand|jullie) (?:engels|turks|arabisch|pools|frans|spaans)",
    ),
    *_rules(
        "abusive", 0.85, r"\bkanker(?:lijer\w*|zooi|hond\w*|hoer\w*|volk|bende|bedrijf|organisatie)?(?: op)?\b(?!.{0,15}(?:ziekenhuis|behandeling|gekregen))|\btering|\btyfus|\bhoeren?\b|\bklootzak|\blul\w*\b|\b(?:rot|flikker|sodemieter|donder) (?:\w+ )?op\b|\bfuck|\basshole|\bbastard|\bsukkels?\b|\bidiot|\bdebiel|\bbitch|\bshit\b|\bgodver",
    ),
    *_rules("yes", 0.75, r"^(?:ja|yes|ok|oke|akkoord|prima)\b[ ,.!]"),
    *_rules("no", 0.75, r"^(?:nee|neen|no)\b[ ,.!]"),
    *_rules("question", 0.7, r"\?", r"^(?:hoe|wat|waarom|wanneer|wie|waar|welke?|hoeveel|mag|how|what|why|when|who|where|which|may)\b"),
)  # fmt: skip

NOT_PAID = re.compile(
    rf"\b{_NOT}\b[^.,;?!]{{0,30}}\b(?:{_PAID}|paid)\b|\b{_PAID} (?:worden|krijg)|\b(?:word|krijg|wordt|worden|kreeg|als ik) "
    rf"[^.,;?!]{{0,30}}\bbetaald\b|\bget(?:ting)? paid\b|\bpaid (?:on|by my|next)\b|\b(?:is|heb ik|zijn|have i|did i)\b[^.!]{{0,40}}"
    rf"\b(?:{_PAID}|paid)\b[^.!]{{0,10}}\?|\bte ?veel betaald\b|\bdubbel betaald\b"
)
"""What looks like `paid` and is not: not yet paid, being paid, when I get paid, a question."""

PAYS = re.compile(
    r"\b(?:betaal|betalen|betaalt|maak (?:het |de huur )?over|overmaken|maak over|stort|storten|voldoe|krijgt u|krijgen jullie"
    r"|pay|paying|transfer|get paid|betaald)\b|\bmaak\b.{0,40}\bover\b"
)
"""The tenant speaks of paying; with a day it is a promise."""

WILL_PAY = re.compile(
    r"\b(?:ik|we|wij) (?:zal|ga|gaan|zullen|kan|kom)\b.{0,40}\b(?:betalen|overmaken|storten)\b|\bik betaal\b|\b(?:i|we)(?:'ll| will| can| am going to)"
    r" (?:pay|transfer)|\bkomt (?:eraan|er aan|goed)\b|\bmaak (?:het )?.{0,20}over\b"
)
PAY_PROMISE_BLOCK = re.compile(
    r"\b(?:kan|ga|zal|wil)\b[^.?!]{0,40}\bniet\b[^.?!]{0,25}\b(?:betalen|overmaken)|\bbetaal\b[^.?!]{0,20}\bniet\b"
    r"|\b(?:can'?t|cannot|won'?t|not)\b[^.?!]{0,20}\bpay\b|\blukt (?:\w+ )?niet\b"
)
"""A denial of paying is no promise."""

JOB_STOP = re.compile(r"\bstop\w*\b[^.]{0,20}\b(?:baan|werk|werken|studie|job|uitkering|opleiding|school|roken)\b")
DO_NOT_CALL = re.compile(r"\b(?:bel|bellen|call|phone|belt)\b[^.]{0,12}\b(?:niet|nooit|not|geen)\b|\b(?:niet|don'?t|do not|stop)\b[^.]{0,12}\b(?:bellen|call|calling|phone)\b")

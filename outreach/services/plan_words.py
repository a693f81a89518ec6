"""Words around an amount that say what it is: income or rent, a first amount, every two weeks, so many times, a day."""

import re
import unicodedata

_INCOME = re.compile(
    r"\b(?:verdien\w*|loon|salaris\w*|inkom\w*|uitkering\w*|bijstand\w*|aow|wajong|pensioen\w*|\w*toeslag\w*|postcode"
    r"|earn\w*|income|salary|wages?|benefits?|pension|postal code|maa[sş]\w*|gelir\w*|kazan[ıi]yor\w*|emekli\w*"
    r"|zarabiam\w*|zarobk\w*|pensj\w*|wypłat\w*|zasił\w*|doch[oó]d\w*|emerytur\w*"
    r"|зарплат\w*|заробля\w*|дохід\w*|пенсі\w*|допомог\w*|виплат\w*)\b|راتب|دخل|معاش|إعانة",
    re.IGNORECASE,
)
_RENT = re.compile(
    r"\b(?:huur(?:prijs)?|rent|kira(?:m|mız)?|czynsz\w*|оренд\w*|квартплат\w*|الإيجار|ايجار|إيجار)"
    r"\W+(?:(?:is|was|van|bedraagt|of|to|wynosi|это|це)\W+)?(?:€|euro)?\W*\d"
    r"|\d\W*(?:€|euro|zł)?\W*(?:aan |kale )?(?:huur|rent|kira|czynszu)\b(?!\W*(?:achterstand|arrears))",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[1-9]\d{3}\s?(?!PM|PW|EU)[A-Z]{2}\b")
_CUT = re.compile(
    r"[,.;:!?\n]+(?=\s|$)|\s(?:en|maar|dus|dan|and|but|so|ve|ama|ale|więc|але|і|та|و|لكن)\s", re.IGNORECASE
)
_NUMBER = re.compile(r"\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?!\d)")
_FIRST = re.compile(r"\b(?:nu|eerst|now|first|şimdi|önce|teraz|najpierw|зараз|спочатку)\b|الآن|أولا", re.IGNORECASE)
_THEN = re.compile(r"\b(?:dan|daarna|later|then|sonra|potem|потім|далі)\b|ثم|بعدها|وبعد", re.IGNORECASE)
_TWO_WEEKS = re.compile(
    r"\b(?:per|elke|iedere|om de)\s+(?:2|twee|14|veertien)\s+(?:weken|week|dagen)\b|\bom de week\b"
    r"|\bevery\s+(?:2|two|other)\s+weeks?\b|\bfortnight\w*|\b(?:2|iki)\s+haftada\b|\bco\s+(?:2|dwa)\s+tygodnie\b"
    r"|\bкожні\s+(?:2|два)\s+тижні|\bраз на (?:2|два) тижні|كل أسبوعين",
    re.IGNORECASE,
)
_WORDS = {"twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_TIMES = re.compile(
    r"\b(\d{1,2}|" + "|".join(_WORDS) + r")\s*(?:x\b|keer\b|keren\b|termijn\w*|delen\b|stukken\b|stukjes\b"
    r"|times\b|instal\w+|parts\b|taksit\w*|rat(?:y|ach|ami)?\b|razy\b|платеж\w*|част\w+|دفعات|أقساط)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\b(?:na|after|po|після)\s+(?:(?:de|the)\s+)?\d{1,2}|\d{1,2}\S*\s+sonra|بعد(?:\s+\S+){0,2}\s*\d", re.IGNORECASE
)
_PAYS = re.compile(
    r"betal|betaa|maak|overmak|stort|\bpay|transfer|öde|yatır|zapła|płac|przel|запла|плач|сплач|переказ|دفع|أحول|ادفع",
    re.IGNORECASE,
)
_MIND_YOUR_OWN = re.compile(
    r"gaat\s+\S+\s+(?:niks|niets|geen|nix)\b.*\baan|bemoei|privé|none of your|not your business|sizi ilgilendir"
    r"|seni ilgilendir|nie (?:twoj|wasz|pan)\w*\s+spraw|не (?:ваш|тво)\w*\s+(?:справ|діл)\w*|ما يخصك|لا يخصك|ما دخلك",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\W*(?:(?:per|p/|in de|elke|a|every)?\s*(?P<month>maand|m|month|mnd|ayda|aylık|miesięcznie|на місяць|شهريا)"
    r"|(?:per|p/|elke|a|every)?\s*(?P<week>week|w|haftada|haftalık|tygodniowo|на тиждень|أسبوعيا))\W*",
    re.IGNORECASE,
)


def is_no_capacity(text: str, cents: int) -> bool:
    """Say whether an amount (cents) in a text is income, rent or a postcode, and not what somebody can miss."""
    text = _plain(text)
    if _POSTCODE.search(text):
        return True
    parts = _CUT.split(text)
    own = [part for part in parts if cents in amounts_in(part)] or [text]
    return all(_INCOME.search(part) or _RENT.search(part) for part in own)


def lower_of_steps(text: str, cents: int) -> int:
    """Give the lowest amount (cents) of who pays one amount now and another later; else the amount as it is."""
    text = _plain(text)
    if not (_FIRST.search(text) and _THEN.search(text)):
        return cents
    return min([cents, *(each for each in amounts_in(text) if each >= 500)])


def amounts_in(text: str) -> list[int]:
    """Give the numbers in a text as cents, dots and commas read as people write them."""
    found = []
    for match in _NUMBER.finditer(_plain(text)):
        whole, _, rest = match[0].rpartition(",") if re.search(r",\d{1,2}$", match[0]) else (match[0], "", "")
        if not rest and re.search(r"\.\d{1,2}$", match[0]):
            whole, _, rest = match[0].rpartition(".")
        found.append(int(re.sub(r"[.,]", "", whole)) * 100 + int(rest.ljust(2, "0") or 0))
    return found


def is_every_two_weeks(text: str) -> bool:
    """Say whether an amount is for every two weeks."""
    return bool(_TWO_WEEKS.search(_plain(text)))


def times_in(text: str) -> int | None:
    """Give in how many times somebody wants to pay, when he says so."""
    found = _TIMES.search(_plain(text))
    if found is None:
        return None
    said = found[1].lower()
    return _WORDS.get(said) or int(said) or None


def is_after(text: str) -> bool:
    """Say whether a day is named as the one after which somebody can pay."""
    return bool(_AFTER.search(_plain(text)))


def speaks_of_paying(text: str) -> bool:
    """Say whether a text holds a word for paying, so that a day in it is more than a day."""
    return bool(_PAYS.search(text))


def minds_the_question(text: str) -> bool:
    """Say whether somebody answers that a question is none of our business: that is no answer to it."""
    return bool(_MIND_YOUR_OWN.search(text))


def unit_in(text: str) -> str | None:
    """Give month or week when a text says no more than that: it belongs to the amount that came before."""
    found = _UNIT.fullmatch(text.strip())
    return None if found is None else ("week" if found["week"] else "month")


def _plain(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)

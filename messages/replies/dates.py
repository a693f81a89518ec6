"""Read the day in a reply, as a Dutch civil date; what is said without a year is the next such day."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from messages.replies.numbers import number_word
from messages.wordlists import read_words

_WORDS: Any = read_words("replies/days.yaml")
_ALWAYS = ("nl", "en")
_YEAR = r"(?:[ ,]+(?P<year>20\d\d))?"
_NUMERIC = re.compile(r"(?<![\d.,/-])(?P<day>\d{1,2})[-/](?P<month>\d{1,2})(?:[-/](?P<year>(?:20)?\d\d))?(?![\d/-])")
_DOTTED = re.compile(r"(?<![\d.,])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:20)?\d\d)(?!\d)")
_DOTTED_SHORT = re.compile(
    r"(?<![\d.,€])(?<!€ )(?P<day>\d{1,2})\.(?P<month>0[1-9]|1[0-2])(?![\d.]|,\d| ?(?:€|eur|e\b|єв|ев|يو|uur|u\b|pm|per|p/))"
)
_END = "einde?|end of|(?:pod )?koniec|konca|koncu|кінець|кінці|кінця|(?:в )?конце|конец|اخر|نهايه"
_AGO = re.compile(
    r"(?<!\w)(?:(?P<n>\d{1,2}|[^\W\d]+) (?P<unit>dagen|dag|weken|week|days?|weeks?|dni|dzien|tygodni\w*|tydzien|дн\w+|день|тижн\w+|"
    r"тиждень|недел\w+) (?:geleden|terug|ago|back|temu|тому|назад)"
    r"|(?P<k>\d{1,2}|[^\W\d]+) (?P<kunit>gun|hafta) once"
    r"|(?P<one>тиждень|неделю|tydzien) (?:тому|назад|temu)"
    r"|قبل (?:(?P<ar>\d{1,2}|[^\W\d]+) (?P<arunit>ايام|يوم|اسابيع|اسبوع)|(?P<two>يومين|اسبوعين)))(?!\w)"
)
_ONE_WEEK = ("тиждень", "неделю", "tydzien")
_WEEKS = ("we", "tyg", "tyd", "ти", "не", "ha", "اس")
_HOUR = re.compile(
    r"(?<!\w)(?:saat|godz\w*\.?|om|at|o|о|після|после|el|الساعه|ساعه|po|na|after|voor|before|tot|until|vanaf) "
    r"\d{1,2}(?:[:.]\d{2})?(?:(?= ?[.,!?]|$| (?:de|da|te|ta|bo|kan|mag|bel|ben|moge|jestem|pracuje|moge|i|u|uur|h|pm|am|p\.m|a\.m)\b)"
    r" ?(?:uur|u\b|pm|am|h\b)?)(?! (?:jan|feb|ma|ap|me|ju|au|se|ok|oc|no|de[c]|van))"
    r"|\b\d{1,2}(?:[:.]\d{2})? ?(?:uur|u\b|pm\b|am\b|h\b)|\b\d{1,2}:\d{2}"
)
_ORDINAL_WORDS = {
    "eerste": 1,
    "tweede": 2,
    "derde": 3,
    "vierde": 4,
    "vijfde": 5,
    "zesde": 6,
    "zevende": 7,
    "achtste": 8,
    "negende": 9,
    "tiende": 10,
    "twaalfde": 12,
    "vijftiende": 15,
    "twintigste": 20,
    "drieentwintigste": 23,
    "vierentwintigste": 24,
    "vijfentwintigste": 25,
    "zesentwintigste": 26,
    "zevenentwintigste": 27,
    "achtentwintigste": 28,
    "dertigste": 30,
}
_ORDINAL_WORD = re.compile(
    rf"\bde ({'|'.join(_ORDINAL_WORDS)})(?=$| van de maand| ?[.,!?]| (?:betaal|heb|krijg|maak|is|komt|kan))"
)


@dataclass(frozen=True, kw_only=True)
class _Reader:
    """The compiled patterns of one set of languages."""

    weekday: re.Pattern[str]
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    ordinal: re.Pattern[str]
    after: re.Pattern[str]
    simple: tuple[tuple[re.Pattern[str], int], ...]
    end: re.Pattern[str]
    end_of: re.Pattern[str]
    end_next: re.Pattern[str]
    first: re.Pattern[str]
    after_weekend: re.Pattern[str]
    next_week: re.Pattern[str]
    last: re.Pattern[str]


def find_date(
    text: str, today: date, *, past: bool | None = False, ahead: bool = False, language: str = "nl"
) -> date | None:
    """Return the day that a plain reply names, or None.

    With `past` it is the latest such day up to today, with None the nearest one; with `ahead` a day before today does
    not count.
    """
    reader = _reader(language if language in _WORDS else "nl")
    text = _HOUR.sub(" ", text)
    text = _ORDINAL_WORD.sub(lambda match: f"de {_ORDINAL_WORDS[match[1]]}e", text)
    for read in _READERS:
        found = read(reader, text, today, past)
        if found is not None and not (ahead and found < today):
            return found
    return None


def without_days(text: str, language: str) -> str:
    """Return a plain reply without the days that are written in digits: what is left may be an amount."""
    reader = _reader(language if language in _WORDS else "nl")
    for pattern in (_DOTTED, _NUMERIC, reader.day_month, reader.month_day, _DOTTED_SHORT, reader.ordinal):
        text = pattern.sub(" ; ", text)
    return text


@lru_cache(maxsize=16)
def _reader(language: str) -> _Reader:
    codes = tuple(dict.fromkeys((*_ALWAYS, language)))

    def either(key: str, wrap: str = r"(?<!\w)(?:{})(?!\w)") -> re.Pattern[str]:
        return re.compile(wrap.format("|".join(_WORDS[code][key] for code in codes if _WORDS[code][key])))

    months = "|".join(
        f"(?P<m{at}_{code}>{word})" for code in codes for at, word in enumerate(_WORDS[code]["months"], 1)
    )
    days = "|".join(f"(?P<d{at}_{code}>{word})" for code in codes for at, word in enumerate(_WORDS[code]["weekdays"]))
    ordinals = "|".join(_WORDS[code]["ordinal"] for code in codes)
    on_the = "|".join(_WORDS[code]["on_the"] for code in codes)
    units = "|".join(f"(?P<{unit}_{code}>{_WORDS[code][unit]})" for code in codes for unit in ("day", "week"))
    before = "|".join(_WORDS[code]["in_days"] for code in codes if _WORDS[code]["in_days"])
    sonra = (
        r"|(?<!\w)(?P<k>\d{1,2}|[^\W\d]+) (?:(?P<day_k>gun)|(?P<week_k>hafta))(?:ya|e)? (?:icinde|sonra)"
        if "tr" in codes
        else ""
    )
    joined = r"(?P<day>\d{1,2})[ .]?(?:%s)?(?: (?:of|van))?[ .-]?" % ordinals
    return _Reader(
        weekday=re.compile(rf"(?<!\w)(?:{days})(?:avond|middag|ochtend|morgen|s)?(?!\w)"),
        day_month=re.compile(rf"(?<![\w.,]){joined}(?:{months})(?!\w)\.?{_YEAR}"),
        month_day=re.compile(
            rf"(?<!\w)(?:{months})(?:'\w+)? (?:the )?(?P<day>\d{{1,2}})(?:{ordinals})?(?![\d\w.,:]){_YEAR}"
        ),
        ordinal=re.compile(
            rf"(?<![\w.,€-])(?<!€ )(?:(?P<a>[12]?\d|3[01])(?:{ordinals})(?!\w)|(?:{on_the}) ?(?P<b>[12]?\d|3[01])(?![\d\w:%]|[.,-]\d| ?(?:€|eur|uur|u\b|per|p/|euro|\w*євро|евро|يورو|x\b|keer|am\b|pm\b|jaar|dag|week|weken|maand|min|dni|mies|tyg|lat\b|proc|год|час|годин|people|years?|days?|weeks?|months?|gun|hafta|ay\b|yil|saat|taksit)|'?a kadar| [^\W\d]+ (?:euro|eur|€))"
            r"|(?<!\w)(?P<c>\d{1,2}) (?:числа|числ\w*|tarih\w*|من الشهر)(?!\w))"
        ),
        after=re.compile(rf"(?<!\w)(?:{before})(?P<n>\d{{1,2}} |[^\W\d]+ |)(?:{units})(?!\w){sonra}"),
        simple=tuple(
            (either(key), days)
            for key, days in (
                ("after_tomorrow", 2),
                ("before_yesterday", -2),
                ("yesterday", -1),
                ("tomorrow", 1),
                ("today", 0),
            )
        ),
        end=either("end_of_month"),
        end_of=re.compile(rf"(?<!\w)(?P<before>(?:{_END})(?: van)? )?(?:{months})(?P<after> sonu\w*)?(?!\w)"),
        end_next=either("end_of_next_month"),
        first=either("first_of_month"),
        after_weekend=either("after_weekend"),
        next_week=either("next_week"),
        last=either("last"),
    )


def _calendar_day(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    for pattern in (_DOTTED, _NUMERIC, reader.day_month, reader.month_day, _DOTTED_SHORT):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            number = int(groups["month"]) if groups.get("month") else _named(match, "m")
            found = _with_year(int(match["day"]), number, groups.get("year"), today, past)
            if found is not None:
                return found
    return None


def _named(match: re.Match[str], sign: str) -> int:
    """Return the number in the name of the group that matched: `m3_nl` is 3."""
    for name, value in match.groupdict().items():
        if value is not None and name[0] == sign and name[1].isdigit():
            return int(name[1:].partition("_")[0])
    return 0


def _with_year(day: int, month: int, year: str | None, today: date, past: bool | None) -> date | None:
    if year is not None:
        return _valid(int(year) % 100 + 2000, month, day)
    years = (today.year, today.year - 1, today.year + 1)
    options = [found for found in (_valid(each, month, day) for each in years) if found is not None]
    if past is None:
        return min(options, key=lambda found: abs((found - today).days), default=None)
    return next((found for found in options if (found <= today if past else found >= today)), None)


def _ordinal_day(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    match = reader.ordinal.search(text)
    if match is None:
        return None
    day = int(match["a"] or match["b"] or match["c"])
    step = -1 if past else 1
    for offset in range(3):
        months = today.year * 12 + today.month - 1 + step * offset
        found = _valid(months // 12, months % 12 + 1, day)
        if found is not None and (found <= today if past else found >= today):
            return found
    return None


def _relative(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    for pattern, days in reader.simple:
        if pattern.search(text):
            return today + timedelta(days=days)
    return None


_COUNTS = {
    "een": 1,
    "one": 1,
    "a": 1,
    "twee": 2,
    "two": 2,
    "drie": 3,
    "three": 3,
    "four": 4,
    "five": 5,
    "paar": 2,
    "n": 1,
    "bir": 1,
    "iki": 2,
    "uc": 3,
    "dort": 4,
    "bes": 5,
    "jeden": 1,
    "dwa": 2,
    "trzy": 3,
    "cztery": 4,
    "piec": 5,
    "два": 2,
    "дві": 2,
    "три": 3,
    "чотири": 4,
    "п'ять": 5,
    "пять": 5,
    "один": 1,
    "одну": 1,
    "couple": 2,
    "pare": 2,
    "ثلاثه": 3,
    "ثلاث": 3,
    "اربعه": 4,
    "خمسه": 5,
    "كم": 2,
    "кілька": 2,
    "kilka": 3,
    "ten": 10,
    "on": 10,
}


def _after_some_days(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    for match in reader.after.finditer(text):
        groups = match.groupdict()
        said = (groups.get("n") or groups.get("k") or "").strip()
        count = int(said) if said.isdigit() else (1 if not said else _COUNTS.get(said) or number_word(said))
        unit = next((name for name, value in groups.items() if value and name.startswith(("day_", "week_"))), "")
        if count is None or not unit or count > 99:
            continue
        words = groups[unit] or ""
        if words in ("يومين", "اسبوعين"):
            count = 2
        return today + timedelta(days=count * (7 if unit.startswith("week") else 1))
    return None


def _days_ago(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    match = _AGO.search(text)
    if match is None:
        return None
    groups = match.groupdict()
    said = next((groups[name] for name in ("n", "k", "ar") if groups[name]), "")
    count = int(said) if said.isdigit() else _COUNTS.get(said) or number_word(said)
    if groups["one"]:
        count = 1
    if groups["two"]:
        count = 2
    if count is None and groups["unit"] in _ONE_WEEK:
        count = 1
    if not count or count > 60:
        return None
    week = next((groups[name] for name in ("unit", "kunit", "arunit", "two", "one") if groups[name]), "")
    return today - timedelta(days=count * (7 if week.startswith(_WEEKS) else 1))


def _part_of_month(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    if reader.end_next.search(text):
        return _last_day(*_month_after(today))
    if reader.end.search(text):
        return _last_day(today.year, today.month)
    for match in reader.end_of.finditer(text):
        if match["before"] or match["after"]:
            month = _named(match, "m")
            return _last_day(today.year + (month < today.month), month)
    if not reader.first.search(text):
        return None
    return today.replace(day=1) if past else date(*_month_after(today), 1)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _weekday(reader: _Reader, text: str, today: date, past: bool | None) -> date | None:
    if reader.after_weekend.search(text):
        return today + timedelta(days=7 - today.weekday())
    match = reader.weekday.search(text)
    if match is None:
        return None
    wanted = _named(match, "d")
    around = text[max(0, match.start() - 24) : match.end() + 24]
    if reader.next_week.search(around):
        return today + timedelta(days=7 - today.weekday() + wanted)
    if past or reader.last.search(around):
        return today - timedelta(days=(today.weekday() - wanted - 1) % 7 + 1)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _month_after(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)


def _valid(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


def readers() -> Iterator[str]:
    """Yield the languages whose days are read."""
    yield from _WORDS


_READERS: tuple[Callable[[_Reader, str, date, bool], date | None], ...] = (
    _calendar_day,
    _part_of_month,
    _ordinal_day,
    _days_ago,
    _after_some_days,
    _relative,
    _weekday,
)

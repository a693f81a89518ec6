"""What a reply says of a plan: an amount a month, a first date, and signs that there is more behind it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.domain.plans import per_month
from outreach.services.plan_words import (
    is_after,
    is_every_two_weeks,
    is_no_capacity,
    lower_of_steps,
    minds_the_question,
    speaks_of_paying,
    times_in,
)
from outreach.services.plans import debt_of
from outreach.services.reply import Reply

SURE = 60
"""Below this confidence (0 to 100) a reply means nothing by itself."""
AGAIN = timedelta(days=1)
"""Within this time the same answer is the same one again."""
LATEST_FIRST_DAYS = 45
LONGEST_BARE_ANSWER = 40
LONGEST_ANSWER = 120
SIGNS = frozenset({"life_event", "help", "bereaved", "represented", "dispute", "crisis"})
"""Other intents in a reply after which a person looks at the proposal."""
OFFERS = frozenset({"plan_request", "counter_offer", "cannot_pay", "promise", "yes", "no"})
IN_TIMES = frozenset({"plan_request", "counter_offer", "yes"})
_NO_DEBTS = re.compile(
    r"\b(?:geen|nergens|niks|no|none|yok|brak|nie (?:mam|ma)|немає|нема|не маю)\b"
    r"|لا (?:يوجد|توجد)|ليس|ليست|ما (?:عندي|علي|في)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\W*(?:menu_)?(\d{1,4})(?:[.,](\d{2}))?\W*", re.UNICODE)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the tenant can miss a month (cents), and the first date that he named."""

    month_cents: int
    first_on: date | None


def intent_of(reply: Reply) -> str:
    """Give the intent when the reading is sure enough, else other."""
    return reply.found.intent if (reply.inbound.confidence or 0) >= SURE else "other"


def is_troubled(reply: Reply) -> bool:
    """Say whether the reply tells of more than money: a person then looks at the plan."""
    return bool(SIGNS & {reply.found.intent, *reply.found.also})


def offer_in(reply: Reply, *, loose: bool) -> Offer | None:
    """Give the amount a month in a reply; an amount a week becomes one a month.

    `loose` is for a reply to the question how much: a bare number is then euros, and few words are enough.
    """
    cents = reply.found.amount_cents
    if loose and (bare := _bare_cents(reply.inbound.text)) is not None:
        cents = bare
    elif reply.found.intent not in OFFERS and not (loose and len(reply.inbound.text) <= LONGEST_BARE_ANSWER):
        cents = None
    text = reply.inbound.text
    if not cents and reply.found.intent in IN_TIMES and (times := times_in(text)):
        cents = -(-debt_of(reply.session, reply.known_case) // times)
    elif cents and cents > 0 and is_no_capacity(text, cents):
        return None
    if not cents or cents < 0:
        return None
    month = cents * 26 // 12 if is_every_two_weeks(text) else per_month(lower_of_steps(text, cents), reply.found.per)
    return Offer(month_cents=month, first_on=first_day_in(reply))


def tells_other_figures(reply: Reply) -> bool:
    """Say whether a reply names income or rent, or only a day, where the question was how much a month."""
    cents, text = reply.found.amount_cents, reply.inbound.text
    if cents:
        return is_no_capacity(text, cents)
    return intent_of(reply) == "promise" and first_day_in(reply) is not None and not speaks_of_paying(text)


def says_no_debts(reply: Reply) -> bool:
    """Say whether a short reply to the question about other debts says that there are none, in other words than no."""
    text = reply.inbound.text
    return len(text) <= LONGEST_BARE_ANSWER and bool(_NO_DEBTS.search(text)) and not minds_the_question(text)


def first_day_in(reply: Reply) -> date | None:
    """Give the day that the tenant names to begin, when it lies soon enough."""
    day = reply.found.date
    if day is not None and is_after(reply.inbound.text):
        day += timedelta(days=1)
    if day is None or not reply.today < day <= reply.today + timedelta(days=LATEST_FIRST_DAYS):
        return None
    return day


def names_other_day(reply: Reply, first_on: date | None) -> bool:
    """Say whether an answer to a proposal says yes, or promises, on another first day."""
    said = {reply.found.intent, *reply.found.also}
    is_short = len(reply.inbound.text) <= LONGEST_ANSWER
    return is_short and bool(said & {"yes", "promise"}) and first_day_in(reply) not in (None, first_on)


def _bare_cents(text: str) -> int | None:
    found = _BARE.fullmatch(text.strip())
    return int(found[1]) * 100 + int(found[2] or 0) if found else None

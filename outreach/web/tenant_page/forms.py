"""What a tenant can fill in on his page: read, with what is wrong beside the field, and done."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from channels.phone_numbers import PhoneNumber, parse_phone, readable_phone
from messages.languages import base_language
from messages.page_texts import PageTexts, page_texts
from messages.replies.amounts import find_amount
from messages.replies.text import plain
from outreach.domain.plans import per_month
from outreach.runtime import Runtime
from outreach.services import tenant_page_actions as actions
from outreach.services.tenant_page import read_slots
from outreach.services.tenant_page_actions import MOST_SIGNS, CallSlot, Said

_EUROS = re.compile(r"€?\s*(\d{1,6})(?:[.,](\d{2}))?\s*(?:€|euro)?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MOST_KEPT = 4000

FIELDS: Mapping[str, tuple[str, ...]] = {
    "plan": ("amount", "other"),
    "call": ("slot", "number"),
    "paid": (),
    "help": ("share",),
    "wrong": ("text",),
    "message": ("text",),
}
"""The fields of each choice; what was typed in them is kept when the session is over."""


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What was filled in, and what is wrong with it per field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")


def filled_in(choice: str, source: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed in the fields of a choice, without signs that no text has."""
    return {name: _clean(source.get(name, "")) for name in FIELDS[choice]}


def _clean(typed: str) -> str:
    return _CONTROLS.sub("", typed[:_MOST_KEPT].replace("\r\n", "\n")).strip()


def read_amount(values: Mapping[str, str], total_cents: int, t: PageTexts) -> tuple[int, dict[str, str]]:
    """Return the amount a month in cents, or what is wrong with it; a typed one wins from a chosen one."""
    amount, other = values.get("amount", ""), values.get("other", "")
    if other:
        cents = _typed_cents(other, t.language)
    elif amount.isdecimal() and amount.isascii() and len(amount) < 10:
        cents = int(amount)
    else:
        return 0, {"amount": t.say("amount_missing")}
    if cents > total_cents:
        return 0, {"other": t.say("amount_high", amount=t.money(total_cents))}
    return cents, {"other": t.say("amount_wrong")} if cents <= 0 else {}


def _typed_cents(typed: str, language: str) -> int:
    """Read a typed amount a month, also in a few words (`50 per maand`); 0 for what is none."""
    if found := _EUROS.fullmatch(unicodedata.normalize("NFKC", typed).replace(" ", "")):
        return int(found[1]) * 100 + int(found[2] or 0)
    said = find_amount(plain(typed), base_language(language))
    return per_month(said.cents, said.per) if said else 0


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form that was sent: on which link, with which mark, what is in it, and the words of the page it was on."""

    runtime: Runtime
    link_id: int
    token: str
    values: Mapping[str, str]
    t: PageTexts
    now: datetime

    def said(self, text: str) -> Said:
        """Return what is done, in the words that staff read."""
        return Said(link_id=self.link_id, token=self.token, text=text)


Errors = Mapping[str, str]
DUTCH = "nl"


def _paid(sent: Sent) -> Errors:
    actions.say_paid(sent.runtime, sent.said(page_texts(DUTCH).say("do_paid") + "."))
    return {}


def _help(sent: Sent) -> Errors:
    share = sent.values["share"]
    if share not in ("yes", "no"):
        return {"share": sent.t.say("help_missing")}
    asked = [f"{words.say('help_ask')} {words.say(f'help_{share}')}." for words in (page_texts(DUTCH), sent.t)]
    text = f"{page_texts(DUTCH).say('do_help')}. " + " / ".join(dict.fromkeys(asked))
    actions.ask_help(sent.runtime, sent.said(text), may_share=share == "yes")
    return {}


def _call(sent: Sent) -> Errors:
    slots = {slot.code: slot for slot in read_slots(sent.runtime, sent.link_id, sent.now)}
    slot, number = slots.get(sent.values["slot"]), sent.values["number"]
    errors: dict[str, str] = {} if slot else {"slot": sent.t.say("time_missing")}
    found = parse_phone(number, made_up=True) if number else None
    if found is not None and not isinstance(found, PhoneNumber):
        errors["number"] = sent.t.say("number_wrong")
    if slot is None or errors:
        return errors
    dialled = found.e164 if isinstance(found, PhoneNumber) else ""
    text = f"{page_texts(DUTCH).say('do_call')}: {slot_words(slot, page_texts(DUTCH))}."
    number_words = f" Nummer: {readable_phone(dialled)}." if dialled else ""
    actions.ask_call(sent.runtime, sent.said(text + number_words), slot, dialled)
    return {}


def slot_words(slot: CallSlot, t: PageTexts) -> str:
    """Say a part of a day: `maandag 30 november in de ochtend`."""
    return t.say(f"slot_{slot.part}", day=t.day(slot.day))


def _wrong(sent: Sent) -> Errors:
    errors = _text_errors(sent)
    if not errors:
        actions.tell_wrong(sent.runtime, sent.said(sent.values["text"]))
    return errors


def _message(sent: Sent) -> Errors:
    errors = _text_errors(sent)
    if not errors:
        actions.send_message(sent.runtime, sent.said(sent.values["text"]))
    return errors


def _text_errors(sent: Sent) -> Errors:
    text = sent.values["text"]
    if not text:
        return {"text": sent.t.say("text_missing")}
    return {"text": sent.t.say("text_long", most=MOST_SIGNS)} if len(text) > MOST_SIGNS else {}


TAKE: Mapping[str, Callable[[Sent], Errors]] = {
    "paid": _paid,
    "help": _help,
    "call": _call,
    "wrong": _wrong,
    "message": _message,
}
"""What each choice but the plan does; returns what is wrong per field."""

"""Where the link to the tenant's page goes: which messages carry it, and the sentence that it stands in.

One message asks one thing (rules.md 21): an SMS carries the link only when its text is about answering. On WhatsApp it
goes in free-form answers only, because an approved text cannot grow.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from messages.page_texts import page_texts
from messages.rendering import Rendered
from messages.segments import gsm_friendly, measure
from messages.template import Template
from messages.whatsapp import WINDOW
from outreach.db.tables import AttemptRow, CaseRow
from outreach.runtime import Runtime
from outreach.services.evidence import EvidenceBook
from outreach.services.policy import Policy
from outreach.services.tenant_links import link_address, make_link

ABOUT_ANSWERING = frozenset(
    {
        "answer_plan_ask",
        "answer_plan_again",
        "plan_confirmed",
        "second_reminder",
        "third_reminder",
    }
)
"""Texts in which an SMS or a WhatsApp answer carries the link."""

NEVER = frozenset(
    {
        "answer_bereaved",
        "answer_crisis",
        "answer_crisis_closed",
        "answer_dispute",
        "answer_moved",
        "answer_paid",
        "answer_plan_debts",
        "answer_plan_debts_staff",
        "answer_plan_proposed",
        "answer_plan_to_staff",
        "answer_represented",
        "answer_stop",
        "answer_to_staff",
        "answer_wrong_number",
        "arrears_report_notice",
        "municipality_visit_notice",
    }
)
"""Texts after which nothing is left to do, that ask nothing, ask for one word in answer, or may reach somebody else."""

SENTENCES = {"sms": "link_sms", "whatsapp": "link_sms", "email": "link_mail", "letter": "link_paper"}
NO_PURPOSE = frozenset({"legal"})
"""The words of a legal letter are those of the law, and nothing else."""

MARGIN = timedelta(hours=1)
_GREETING = re.compile(r"[^\n]{3,60}[,،]")
"""A short line of its own that ends with a comma stands above the names at the end."""


def carries_link(row: AttemptRow, written: Mapping[str, datetime], now: datetime) -> bool:
    """Say whether a message carries the link; `written` is when each number last wrote to us on WhatsApp."""
    if row.channel not in SENTENCES or row.template in NEVER or row.purpose in NO_PURPOSE:
        return False
    if row.channel == "whatsapp":
        last = written.get(row.sent_to or "")
        return row.template in ABOUT_ANSWERING and last is not None and now < last + WINDOW - MARGIN
    return row.channel != "sms" or row.template in ABOUT_ANSWERING


def link_in_message(
    session: Session,
    book: EvidenceBook,
    runtime: Runtime,
    policy: Policy,
    case: CaseRow,
    row: AttemptRow,
    written: Mapping[str, datetime],
) -> str:
    """Return the address that a message carries, "" when it carries none; the same one at every try."""
    if not carries_link(row, written, book.now):
        return ""
    made = make_link(session, book, runtime, policy.settings, case, row.addressee_id, attempt=row)
    return link_address(runtime.settings, made.code, on_paper=row.channel == "letter") if made else ""


def with_link(rendered: Rendered, template: Template, link: str) -> Rendered:
    """Add the sentence with the link, in the language of the text: at the end, or before the greeting below a letter.

    The address has a line of its own, so that it keeps its direction in Arabic.
    """
    form = "je" if template.language.endswith("-je") else "u"
    words = page_texts(template.language, form=form).say(SENTENCES[template.channel], link="\n" + link)
    sentence = words.replace(" \n", "\n")
    if template.channel == "sms":
        text = f"{rendered.text}\n{gsm_friendly(sentence)}"
        size = measure(text)
        return replace(rendered, text=text, segments=size.segments, encoding=size.encoding)
    return replace(rendered, text=_before_greeting(rendered.text.rstrip("\n"), sentence) + "\n")


def _before_greeting(text: str, sentence: str) -> str:
    parts = text.split("\n\n")
    greetings = [at for at, part in enumerate(parts) if at and _GREETING.fullmatch(part.strip())]
    at = greetings[-1] if greetings else len(parts)
    return "\n\n".join([*parts[:at], sentence, *parts[at:]])

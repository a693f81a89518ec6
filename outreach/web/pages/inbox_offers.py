"""What staff can do at once about a reply: buttons of one click, and forms that are filled in beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from outreach.db.tables import PersonRow
from outreach.domain.pauses import LONGEST_PAUSE
from outreach.services.reading.case_page import CasePage
from outreach.services.reading.conversations import ConversationPage
from outreach.services.reading.messages import InboundView
from outreach.web.context import today
from outreach.web.formats import day, language_name, moment, money, short_day
from outreach.web.forms import Form, blank
from outreach.web.labels import label
from outreach.web.pages.case_action import Action
from outreach.web.pages.case_actions import ACTIONS
from outreach.web.plan_words import proposal_line
from outreach.web.translation import _

PAUSE_DAYS = 28
FIRST: Mapping[str, Sequence[str]] = {
    "plan_request": ("regeling", "regeling-weigeren"),
    "counter_offer": ("regeling", "regeling-weigeren"),
    "cannot_pay": ("regeling", "gebeurtenis"),
    "menu_2": ("regeling",),
    "promise": ("belofte",),
    "paid": ("betaald", "belofte"),
    "call_me": ("terugbellen",),
    "visit_invite": ("terugbellen",),
    "menu_1": ("terugbellen",),
    "menu_3": ("terugbellen",),
    "wrong_number": ("nummer-klopt-niet", "contactgegeven"),
    "help": ("terugbellen", "stilzetten"),
    "menu_4": ("terugbellen", "stilzetten"),
    "dispute": ("stilzetten",),
    "bereaved": ("gebeurtenis", "stilzetten"),
    "represented": ("vertegenwoordiger", "stilzetten"),
    "moved": ("gebeurtenis", "stilzetten", "sluiten"),
    "life_event": ("gebeurtenis", "stilzetten"),
    "language": ("taal",),
    "crisis": ("gesprek", "stilzetten"),
    "threat": ("gesprek", "stilzetten"),
}
USUAL = ("gesprek", "belofte", "regeling", "terugbellen", "stilzetten", "taal", "contactgegeven", "nummer-klopt-niet")
UNDELIVERED = ("contactgegeven", "nummer-klopt-niet")
APPROVE = "regeling-goedkeuren"
CALLS = frozenset({"call_me", "visit_invite", "menu_1", "menu_3", "help", "menu_4"})
PAUSE_REASONS = {"dispute": "dispute", "bereaved": "bereaved", "crisis": "crisis"}
EVENTS = {"bereaved": "bereaved", "moved": "moved"}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One click: an action with everything that it needs; `lines` say what it means, above the button."""

    name: str
    title: str
    icon: str
    lines: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """One reply with what it asks for: the clicks, and the forms by the name of their action."""

    said: InboundView | None
    offers: tuple[Offer, ...]
    first: Mapping[str, Form]


def to_dos(
    case_page: CasePage,
    page: ConversationPage,
    languages: Sequence[str],
    person: PersonRow | None,
    calls: Mapping[int, datetime],
    tried: Mapping[str, Form],
) -> dict[str, Any]:
    """Return what to do per reply that is open (`to_dos`), and the usual forms (`more`).

    Each form stands once: with the first reply that asks for it. `calls` gives the moment
    of a call-back per reply, in Dutch civil time.
    """
    made: list[ToDo] = []
    used: set[str] = set()
    for said in page.open or (page.current,):
        offers = _offers(said, case_page, page, languages, person, calls) if said else []
        names = [*FIRST.get((said.intent if said else None) or "", ()), *(UNDELIVERED if page.undelivered else ())]
        shown = [name for name in dict.fromkeys(names) if name not in used and _shows(name, case_page)]
        initial = _initial(said)
        first = {name: tried.get(name) or _blank(ACTIONS[name], case_page, initial.get(name, {})) for name in shown}
        used.update(shown)
        once = tuple(each for each in offers if not (made and each.name == APPROVE))
        made.append(ToDo(said=said, offers=once, first=first))
    return {"to_dos": made, "more": _more(case_page, page, tried, used), "actions": ACTIONS}


def _more(case_page: CasePage, page: ConversationPage, tried: Mapping[str, Form], used: set[str]) -> dict[str, Form]:
    usual = [name for name in dict.fromkeys((*USUAL, *tried)) if name not in used and _shows(name, case_page)]
    initial = _initial(page.current)
    return {name: tried.get(name) or _blank(ACTIONS[name], case_page, initial.get(name, {})) for name in usual}


def _offers(
    said: InboundView,
    case_page: CasePage,
    page: ConversationPage,
    languages: Sequence[str],
    person: PersonRow | None,
    calls: Mapping[int, datetime],
) -> list[Offer]:
    if case_page.case.state != "open":
        return []
    made = [_approve(case_page)]
    if page.open:
        made += _of_reply(said, case_page, languages, person, calls.get(said.inbound_id))
    return [each for each in made if each is not None]


def _of_reply(
    said: InboundView, case_page: CasePage, languages: Sequence[str], person: PersonRow | None, call_at: datetime | None
) -> list[Offer | None]:
    """Return what follows from what a reply says."""
    return [
        _promise(said.understood) if said.intent in ("promise", "paid") else None,
        _call_back(call_at) if call_at and said.intent in CALLS and not _is_promised(said, case_page) else None,
        _wrong_number(case_page, said.sender) if said.intent == "wrong_number" else None,
        _language(said, languages, person),
    ]


def _approve(case_page: CasePage) -> Offer | None:
    """Offer to agree what lies ready for a person, as it was proposed: how often, until when, and why he decides."""
    plan = case_page.running_plan
    if plan is None or not plan.row.needs_person or not _shows(APPROVE, case_page):
        return None
    made = plan.proposal
    title = _(
        "Keur goed: %(count)s keer %(amount)s, tot en met %(last_on)s",
        count=len(made),
        amount=money(made[0].amount_cents),
        last_on=short_day(made[-1].due_on),
    )
    why = _("U beslist: %(why)s.", why=label("plan_why", plan.row.why or "needs_person"))
    lines = (f"{_('Voorstel')}: {proposal_line(plan)}.", why)
    return Offer(name=APPROVE, title=title, icon="plan", lines=lines, values={"plan_id": str(plan.row.id)})


def _promise(understood: Mapping[str, Any]) -> Offer | None:
    on = understood.get("date")
    if not on:
        return None
    cents = understood.get("amount_cents")
    values = {"promised_on": str(on), **({"amount_cents": _euros(int(cents))} if cents else {})}
    return Offer(
        name="belofte", title=_("Leg vast: betaalt op %(day)s", day=_day(str(on))), icon="promise", values=values
    )


def _day(iso: str) -> str:
    return day(datetime.fromisoformat(iso).date())


def _is_promised(said: InboundView, case_page: CasePage) -> bool:
    """Say whether the call that this reply asks for stands among the tasks already."""
    return any(task.kind == "call_back" and task.inbound_id == said.inbound_id for task in case_page.tasks)


def _call_back(local: datetime) -> Offer:
    values = {"at": local.strftime("%Y-%m-%dT%H:%M")}
    return Offer(name="terugbellen", title=_("Bel terug: %(when)s", when=moment(local)), icon="call", values=values)


def _wrong_number(case_page: CasePage, sender: str) -> Offer | None:
    contacts = (contact for person in case_page.people for contact in person.contacts)
    found = next((each for each in contacts if each.value == sender and each.state != "wrong"), None)
    if found is None:
        return None
    values = {"contact_point_id": str(found.contact_point_id), "state": "wrong", "reason": _("Zegt de ontvanger zelf")}
    return Offer(name="nummer-klopt-niet", title=_("Zet dit nummer op: klopt niet"), icon="close", values=values)


def _language(said: InboundView, languages: Sequence[str], person: PersonRow | None) -> Offer | None:
    """Offer to write in another language: the one that was asked for, or that a tenant with Dutch texts wrote in."""
    spoken = str(said.understood.get("language") or "")
    if spoken == "nl" and said.intent != "language":
        return None
    if person is None or spoken in ("", person.language) or spoken not in languages:
        return None
    title = _("Schrijf voortaan in het %(language)s", language=language_name(spoken))
    return Offer(name="taal", title=title, icon="language", values={"person_id": str(person.id), "language": spoken})


def _shows(name: str, case_page: CasePage) -> bool:
    return case_page.case.state == "open" and name in ACTIONS and ACTIONS[name].shown(case_page)


def _blank(action: Action, case_page: CasePage, initial: Mapping[str, str]) -> Form:
    return blank(action.fields(case_page), **initial)


def _initial(said: InboundView | None) -> dict[str, dict[str, str]]:
    """Fill forms in with what was understood."""
    if said is None:
        return {}
    cents, on, intent = said.understood.get("amount_cents"), said.understood.get("date"), said.intent or ""
    until = today() + min(timedelta(days=PAUSE_DAYS), LONGEST_PAUSE)
    money_typed = {"amount_cents": _euros(int(cents))} if cents else {}
    month = {"month_cents": _euros(int(cents))} if cents and said.understood.get("per") != "week" else {}
    return {
        "belofte": {**money_typed, **({"promised_on": str(on)} if on else {})},
        "regeling": month,
        "betaald": money_typed,
        "stilzetten": {"until_on": until.isoformat(), "reason": PAUSE_REASONS.get(intent, "")},
        "gebeurtenis": {"kind": EVENTS.get(intent, ""), "occurred_on": today().isoformat(), "note": said.text[:300]},
    }


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"

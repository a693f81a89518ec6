"""What the pages of the inbox share: the filter that goes along, the conversation of an address, its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from sqlalchemy.orm import Session

from channels.phone_numbers import readable_phone
from messages.languages import text_language
from messages.saved_answers import fill_in
from outreach.db.tables import CaseRow, PersonRow, SavedAnswerRow
from outreach.services.addressees import salutation
from outreach.services.call_backs import CallBack, call_back_read, calls_today
from outreach.services.conversation_steps import Place
from outreach.services.facts import LoadedCase, load_cases
from outreach.services.hand_answers import Way, ways_of
from outreach.services.policy import Policy, load_policy
from outreach.services.reading.case_page import CasePage, read_case
from outreach.services.reading.conversations import ConversationPage, colleagues, find_place, read_conversation
from outreach.services.reading.finding import find
from outreach.services.reading.inbox_list import (
    LONGEST_QUERY,
    PAGE_SIZE,
    VIEWS,
    InboxFilter,
    InboxPage,
    list_conversations,
)
from outreach.services.replying import SURE
from outreach.services.saved_answers import list_answers, values_for
from outreach.services.suggested_replies import AT_ANOTHER_HOUR, OFFICE_CLOSED, Suggestion, said_to, suggest
from outreach.services.written_values import moment_fact
from outreach.web.context import now, runtime, scope, today, user
from outreach.web.forms import Form
from outreach.web.pages import inbox_words
from outreach.web.pages.inbox_offers import ToDo, to_dos
from outreach.web.pages.inbox_sleep import sleeps
from outreach.web.translation import language

KEYS_COOKIE = "toetsen"
CHANNELS = ("sms", "whatsapp", "email", "page", "robocall")
MOST_FOUND = 8


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What stands in the answer box, and what is wrong with it."""

    text: str = ""
    way: str = ""
    language: str = ""
    handles: bool = True
    problem: str = ""
    verdict: Any = None


def filters() -> dict[str, Any]:
    """Return the filter of the list that goes along with every address of the inbox."""
    return {name: request.args[name] for name in ("state", "channel", "q", "page") if request.args.get(name)}


def wanted() -> InboxFilter:
    """Read the filter of this request; an unknown view is all that is to do."""
    view, channel = request.args.get("state", ""), request.args.get("channel", "")
    view = {"handled": "all", "new": "unread"}.get(view, view)
    return InboxFilter(
        user_id=user().id,
        view=view if view in VIEWS else "",
        channel=channel if channel in CHANNELS else None,
        query=asked_for("q"),
    )


def asked_for(name: str) -> str:
    """Return what was searched for, on one line, without signs that no database keeps."""
    return " ".join(request.args.get(name, "").replace("\0", " ").split())[:LONGEST_QUERY]


def typed(name: str) -> str:
    """Return what was typed in a field, without signs that no database keeps."""
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()


def page_number() -> int:
    """Return which page of the list is asked."""
    return min(max(request.args.get("page", 1, int), 1), 10_000)


def the_list(session: Session) -> tuple[int, InboxPage]:
    """Return the page number and the list under the filter of this request; beyond the end it is the last page."""
    page = page_number()
    found = list_conversations(session, scope(), wanted(), now(), today(), page)
    if found.items or not found.total:
        return page, found
    last = (found.total - 1) // PAGE_SIZE + 1
    return last, list_conversations(session, scope(), wanted(), now(), today(), last)


def place_of(ref: str) -> Place:
    """Return the conversation of a part of an address: a reply's number, or h and a household's; else 404."""
    number = ref.removeprefix("h")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        abort(404)
    key = "household_id" if ref.startswith("h") else "inbound_id"
    with runtime().db.read() as session:
        return find_place(session, scope(), **{key: int(number)}) or abort(404)


def ref_of(place: Place, inbound_id: int | None) -> str:
    """Return the part of an address that names a conversation."""
    return f"h{place.household_id}" if place.household_id is not None else str(inbound_id or 0)


def address_of(key: str, household_id: int | None, inbound_id: int | None) -> str:
    """Return the address of a conversation, with the filter of the list."""
    if household_id is not None:
        return url_for("inbox.household", household_id=household_id, **filters())
    return url_for("inbox.show", inbound_id=inbound_id or 0, **filters())


def conversation_page(place: Place, typed: Typed | None = None, tried: Mapping[str, Form] | None = None) -> str:
    """Render a conversation with what was typed."""
    typed = typed or Typed()
    with runtime().db.read() as session:
        page = read_conversation(session, scope(), place, now(), today(), user().id)
        policy = load_policy(session, place.landlord_id)
        loaded = loaded_case(session, place)
        case_page = read_case(session, scope(), place.case_id, today()) if place.case_id else None
        ways = ways_of(session, loaded, page.replies, now()) if loaded else ()
        person = session.get(PersonRow, ways[0].person_id) if ways else None
        way = next((each for each in ways if each.code == typed.way), ways[0] if ways else None)
        calls = _calls(policy, page)
        values = _fills(policy, person)
        context = {
            "page": page,
            "place": place,
            "ref": ref_of(place, page.current.inbound_id if page.current else None),
            "case_page": case_page,
            "ways": ways,
            "way": way,
            "typed": typed,
            "languages": _languages(policy, person),
            "written_in": typed.language or _language(policy, person),
            "suggestions": _suggestions(session, policy, loaded, page, way, person, calls),
            "answers": [(row, fill_in(row.text, values)) for row in _fitting(session, place, page)],
            "colleagues": colleagues(session, place.landlord_id),
            "queue": the_list(session)[1],
            "found": _found(session, place),
            "person": person,
            **_acts(case_page, page, policy, person, tried or {}, calls),
        }
    return render_template("inbox/show.html", **shared(), **context)


def shared() -> dict[str, Any]:
    """Return what every template of the inbox uses."""
    return {
        "filters": filters(),
        "address_of": address_of,
        "views": inbox_words.VIEWS,
        "failure": inbox_words.failure,
        "effect": inbox_words.effect,
        "waits": inbox_words.waits,
        "day_of": inbox_words.day_of,
        "ago": inbox_words.ago,
        "sure": SURE,
        "keys_on": request.cookies.get(KEYS_COOKIE) != "uit",
        "may_answer": user().role in ("worker", "policy", "admin"),
        "sleeps": sleeps(),
        "wanted": wanted(),
        "text_language": text_language,
        "language_title": _language_title,
    }


def _language_title(code: str) -> str:
    found = text_language(code)
    return found.title_en if language() == "en" else found.title_nl


def _acts(
    case_page: CasePage | None,
    page: ConversationPage,
    policy: Policy,
    person: PersonRow | None,
    tried: Mapping[str, Form],
    calls: Mapping[int, CallBack],
) -> dict[str, Any]:
    if case_page is None:
        said = page.open or ((page.current,) if page.current else ())
        return {"to_dos": [ToDo(said=each, offers=(), first={}) for each in said], "more": {}, "actions": {}}
    local = {inbound_id: runtime().calendar.local(call.at) for inbound_id, call in calls.items()}
    return to_dos(case_page, page, policy.settings.languages, person, local, tried)


def _calls(policy: Policy, page: ConversationPage) -> dict[int, CallBack]:
    """Give the moment to call back for each reply that is open, at the day and hour that it names."""
    shown = page.open or ((page.current,) if page.current else ())
    return {each.inbound_id: call_back_read(runtime(), policy, now(), each.text, each.understood) for each in shown}


def loaded_case(session: Session, place: Place) -> LoadedCase | None:
    """Return the case of a conversation with its people, None for an unknown sender."""
    case = session.get(CaseRow, place.case_id) if place.case_id is not None else None
    return load_cases(session, [case], today(), now())[0] if case is not None else None


def _languages(policy: Policy, person: PersonRow | None) -> list[str]:
    spoken = [person.language] if person and person.language in policy.settings.languages else []
    return list(dict.fromkeys((*spoken, "nl", *policy.settings.languages)))


def _language(policy: Policy, person: PersonRow | None) -> str:
    return _languages(policy, person)[0] if person else "nl"


def _fills(policy: Policy, person: PersonRow | None) -> dict[str, str]:
    settings = policy.settings
    name = salutation(person, person.language) if person else ""
    return values_for(settings, name, readable_phone(settings.sender_phone))


def fills_for(place: Place) -> dict[str, str]:
    """Return what fills a saved answer in for the person who would be answered."""
    with runtime().db.read() as session:
        page = read_conversation(session, scope(), place, now(), today(), user().id)
        loaded = loaded_case(session, place)
        ways = ways_of(session, loaded, page.replies, now()) if loaded else ()
        person = session.get(PersonRow, ways[0].person_id) if ways else None
        return _fills(load_policy(session, place.landlord_id), person)


def _fitting(session: Session, place: Place, page: ConversationPage) -> list[SavedAnswerRow]:
    """List the saved answers, those that fit what was understood first."""
    intent = page.current.intent if page.current else None
    rows = list_answers(session, place.landlord_id)
    return sorted(rows, key=lambda row: (row.intent != intent, row.intent != "", -row.used, row.name))


def _suggestions(
    session: Session,
    policy: Policy,
    loaded: LoadedCase | None,
    page: ConversationPage,
    way: Way | None,
    person: PersonRow | None,
    calls: Mapping[int, CallBack],
) -> list[Suggestion]:
    """List a text for each reply that waits, each text once."""
    if loaded is None or way is None or person is None:
        return []
    closed = {} if calls_today(runtime(), policy, now()) else OFFICE_CLOSED
    made = []
    for reply in page.open:
        if reply.state == "waiting":
            call, said = calls[reply.inbound_id], said_to(session, reply.inbound_id)
            call_at = moment_fact(runtime().calendar.local(call.at))
            instead = closed if call.as_asked else {**closed, **AT_ANOTHER_HOUR}
            to = policy, loaded, reply.intent, way.channel, way.person_id, person.language, reply.understood
            made.append(suggest(*to, call_at, today(), instead=instead, said=said))
    return list({each.template: each for each in made if each is not None}.values())


def _found(session: Session, place: Place) -> Any:
    """Find cases to link an unknown sender to, by what was typed."""
    query = asked_for("zoek")
    if place.household_id is not None or not query:
        return None
    hits = [hit for hit in find(session, scope(), query, today()) if hit.case_id is not None][:MOST_FOUND]
    pages = [(hit, read_case(session, scope(), hit.case_id, today())) for hit in hits if hit.case_id is not None]
    known = [(hit, found.people) for hit, found in pages if found is not None]
    return sorted(known, key=lambda each: each[0].case_state != "open")

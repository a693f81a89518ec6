"""The words on screen for the codes in the record: one table per kind of code, with a tone for badges."""

from collections.abc import Mapping
from functools import cache

from flask import Flask

from outreach.web.call_labels import SPOKEN
from outreach.web.care_labels import (
    CAUSES,
    CONDITION_STATES,
    DATES,
    FEATURES,
    GROUNDS,
    REFERRAL_STATES,
    REJECTED_REASONS,
    RESUMED,
    SIGNALS,
    TRAJECTORY_STATES,
    VERDICTS,
)
from outreach.web.plan_labels import INSTALMENT_STATES, PLAN_KINDS, PLAN_QUESTIONS, PLAN_STATES, PLAN_WHY
from outreach.web.reply_labels import INTENTS, SUGGESTIONS
from outreach.web.task_labels import TASK_ADVICE, TASKS
from outreach.web.translation import N_, _, language
from schedules.route import load_route, route_names
from schedules.targets import targets

CHANNELS = {
    "sms": N_("SMS"),
    "whatsapp": N_("WhatsApp"),
    "email": N_("E-mail"),
    "letter": N_("Brief"),
    "robocall": N_("Belcomputer"),
    "card": N_("Kaartje"),
    "call": N_("Telefoon"),
    "visit": N_("Huisbezoek"),
    "counter": N_("Balie"),
    "referral": N_("Melding"),
    "decision": N_("Besluit"),
    "office": N_("Kantoor"),
    "page": N_("Eigen pagina"),
}
OUTCOMES = {
    "delivered": N_("bezorgd"),
    "read": N_("gelezen"),
    "undelivered": N_("niet bezorgd"),
    "failed": N_("mislukt"),
    "bounced": N_("teruggekomen"),
    "posted": N_("op de post"),
    "returned": N_("retour"),
    "confirmed": N_("geluisterd"),
    "menu_1": N_("wilde iemand spreken"),
    "menu_2": N_("wil een regeling"),
    "menu_3": N_("wil teruggebeld worden"),
    "menu_4": N_("wil hulp bij schulden"),
    "menu_5": N_("koos een andere taal"),
    "menu_8": N_("luisterde nog een keer"),
    "menu_9": N_("wil geen belcomputer meer"),
    "voicemail": N_("voicemail"),
    "no_answer": N_("niet opgenomen"),
    "busy": N_("in gesprek"),
    "hung_up": N_("opgehangen"),
    "wrong_number": N_("verkeerd nummer"),
    "talked": N_("gesproken"),
    "refused": N_("wil niet praten"),
    "not_home": N_("niet thuis"),
    "not_opened": N_("deed niet open"),
    "moved_out": N_("verhuisd"),
    "left": N_("achtergelaten"),
    "replied": N_("heeft geantwoord"),
    "done": N_("gedaan"),
    "not_needed": N_("niet meer nodig"),
    "looked_up": N_("opgezocht"),
    "noted": N_("genoteerd"),
    "handled": N_("afgehandeld"),
    "again": N_("opnieuw gepland"),
    "promised": N_("belofte gemaakt"),
    "resumed": N_("weer begonnen"),
    "plan_agreed": N_("regeling afgesproken"),
    "plan_refused": N_("regeling geweigerd"),
    "case_closed": N_("dossier gesloten"),
    "asked_partner": N_("partner gevraagd"),
    "referred": N_("gemeld"),
    "reported": N_("partner heeft gereageerd"),
    "changed": N_("datum veranderd"),
    "called_off": N_("gaat niet door"),
    "held": N_("evaluatie gehouden"),
    "ended": N_("traject beëindigd"),
    "decided": N_("besloten"),
    "offered": N_("aangeboden"),
    "accepted_help": N_("wil hulp"),
    "informed": N_("ingelicht"),
}
ATTEMPT_STATES = {
    "planned": N_("gepland"),
    "claimed": N_("gaat nu weg"),
    "sent": N_("verstuurd"),
    "done": N_("klaar"),
    "failed": N_("mislukt"),
    "dropped": N_("niet verstuurd"),
    "unknown": N_("onzeker"),
}
PAUSE_REASONS = {
    "trajectory": N_("Traject loopt"),
    "debt_help_asked": N_("Schuldhulp is gevraagd"),
    "resume_asked": N_("Stilzetten is voorbij, een medewerker besluit"),
    "help_accepted": N_("Hulp is bezig"),
    "dispute": N_("Huurder is het er niet mee eens"),
    "bereaved": N_("Overlijden in het gezin"),
    "deceased": N_("Huurder is overleden"),
    "moratorium": N_("Moratorium"),
    "illness": N_("Ziekte"),
    "child_found": N_("Kind in huis, hulp gebeld"),
    "crisis": N_("Crisis"),
    "threat": N_("Bedreiging"),
    "represented": N_("Er is een vertegenwoordiger"),
    "moved": N_("De huurder zegt verhuisd te zijn"),
    "partner": N_("Partner is in gesprek"),
    "other": N_("Anders"),
}
LIFE_EVENTS = {
    "job_loss": N_("Werk kwijt"),
    "illness": N_("Ziekte"),
    "divorce": N_("Scheiding"),
    "birth": N_("Kind gekregen"),
    "bereaved": N_("Overlijden in het gezin"),
    "benefit": N_("Uitkering veranderd"),
    "moved": N_("Verhuisd"),
    "other": N_("Anders"),
}
PROMISE_STATES = {
    "open": N_("loopt"),
    "kept": N_("nagekomen"),
    "broken": N_("niet nagekomen"),
    "withdrawn": N_("ingetrokken"),
}
CONTACT_KINDS = {"mobile": N_("Mobiel"), "landline": N_("Vaste telefoon"), "email": N_("E-mail")}
CONTACT_STATES = {"valid": N_("klopt"), "wrong": N_("klopt niet"), "unreachable": N_("niet bereikbaar")}
REPRESENTATIVES = {
    "bewindvoerder": N_("Bewindvoerder"),
    "curator": N_("Curator"),
    "mentor": N_("Mentor"),
    "guarantor": N_("Borg"),
    "helper": N_("Hulp met toestemming"),
}
PARTY_ROLES = {
    "tenant": N_("Huurder"),
    "co_tenant": N_("Medehuurder"),
    "guarantor": N_("Borg"),
    "ex_partner": N_("Ex-partner"),
}
NEEDS = {
    "low_literacy": N_("leest moeilijk"),
    "low_vision": N_("ziet slecht"),
    "no_smartphone": N_("geen smartphone"),
    "care": N_("zorg"),
    "lvb": N_("licht verstandelijk beperkt"),
}
STAGES = {
    "": N_("nog geen fase"),
    "reminder": N_("Herinnering"),
    "contact": N_("Contact"),
    "early_signal": N_("Vroegsignalering"),
    "care": N_("Zorg"),
    "legal": N_("Juridisch"),
}
CLOSE_REASONS = {
    "paid": N_("Alles is betaald"),
    "written_off": N_("Afgeboekt"),
    "moved": N_("Verhuisd, verder bij vertrokken huurders"),
    "mistake": N_("Ten onrechte geopend"),
    "other": N_("Anders"),
}
ITEM_KINDS = {"rent": N_("Huur"), "service": N_("Servicekosten"), "credit": N_("Tegoed"), "other": N_("Anders")}
ROLES = {
    "admin": N_("Beheerder"),
    "policy": N_("Beleid"),
    "worker": N_("Consulent"),
    "field": N_("Buiten"),
    "manager": N_("Manager"),
}
TABLES: Mapping[str, Mapping[str, str]] = {
    "channel": CHANNELS, "outcome": OUTCOMES, "attempt_state": ATTEMPT_STATES, "task": TASKS, "advice": TASK_ADVICE,
    "pause": PAUSE_REASONS, "cause": CAUSES, "life_event": LIFE_EVENTS, "plan": PLAN_STATES, "plan_why": PLAN_WHY,
    "plan_question": PLAN_QUESTIONS, "plan_kind": PLAN_KINDS, "ground": GROUNDS,
    "promise": PROMISE_STATES, "rejected": REJECTED_REASONS,
    "trajectory": TRAJECTORY_STATES, "verdict": VERDICTS, "condition": CONDITION_STATES, "date": DATES,
    "feature": FEATURES, "signal": SIGNALS, "resumed": RESUMED,
    "instalment": INSTALMENT_STATES, "referral": REFERRAL_STATES,
    "contact_kind": CONTACT_KINDS, "contact_state": CONTACT_STATES, "representative": REPRESENTATIVES,
    "party": PARTY_ROLES, "need": NEEDS, "intent": INTENTS, "suggestion": SUGGESTIONS, "stage": STAGES,
    "close": CLOSE_REASONS, "item": ITEM_KINDS, "role": ROLES, "spoken": SPOKEN,
}  # fmt: skip
_GOOD = frozenset({"delivered", "read", "talked", "confirmed", "replied", "paid", "kept", "active", "accepted",
                   "valid", "running", "completed", "met", "on_track", "holds",
                   "menu_1", "menu_2", "menu_3", "menu_4"})  # fmt: skip
_BAD = frozenset({"undelivered", "failed", "bounced", "returned", "wrong_number", "wrong", "broken", "late", "crisis",
                  "unreachable", "rejected", "stopped", "off_track", "not_met", "eviction_near",
                  "help_stopped", "broken_promise", "broken_plan", "unknown", "refused"})  # fmt: skip
_WARN = frozenset({"no_answer", "voicemail", "not_home", "not_opened", "hung_up", "busy", "dropped", "requested",
                   "failed_delivery", "referral_overdue", "referral_rejected", "unknown_send", "plan_request",
                   "waiting", "repair_offered", "new_arrears",
                   "call_back", "reply", "queued", "missed", "worry", "household_check", "inform_partner",
                   "referral_held", "resume", "trajectory_end", "due"})  # fmt: skip


def init_app(app: Flask) -> None:
    """Give templates `label(table, code)` and `tone(code)`."""
    app.jinja_env.globals["label"] = label
    app.jinja_env.globals["tone"] = tone


def label(table: str, code: str | None) -> str:
    """Return the words for a code in the language of the screen; an unknown code is shown with spaces."""
    if code is None:
        return "–"
    if table == "partner":
        return target(code)
    found = TABLES[table].get(code)
    if found is None and table == "ground":
        return _route_grounds().get(code, {}).get(language()) or code.replace("_", " ")
    return _(found) if found else code.replace("_", " ")


@cache
def _route_grounds() -> Mapping[str, Mapping[str, str]]:
    """Return the grounds that shipped routes ask for, by key, with their titles."""
    return {ground.key: ground.title for name in route_names() for ground in load_route(name).grounds}


def target(code: str) -> str:
    """Return the name of a kind of partner in the language of the screen; an unknown one is shown with spaces."""
    return targets().get(code, {}).get(language()) or code.replace("_", " ")


def tone(code: str | None) -> str:
    """Return the tone of a badge: good, bad, warn or neutral; the words say it too."""
    if code in _GOOD:
        return "good"
    if code in _BAD:
        return "bad"
    return "warn" if code in _WARN else "neutral"


def options(table: str) -> tuple[tuple[str, str], ...]:
    """Return the codes and msgids of a table as options of a select."""
    return tuple(TABLES[table].items())

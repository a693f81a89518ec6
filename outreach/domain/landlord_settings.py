"""What a landlord sets: sender, hours, pressure, plans, ladders. One JSON document, versioned by content hash."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from stdnum import iban

from messages.languages import DUTCH, TENANT_LANGUAGES
from outreach.errors import OutreachError

COLLECTION_COSTS = ("none", "scale", "scale_vat")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat")
ADDRESS_FORMS = ("u", "je")


class SettingsError(OutreachError):
    """A landlord's setting is unknown or out of range."""


@dataclass(frozen=True, kw_only=True)
class Pressure:
    """Contact pressure per household: at most `per_day` a day, `per_days` in `days` days, hours of rest."""

    per_day: int = 1
    per_days: int = 2
    days: int = 7
    rest_after_talk_hours: int = 72
    rest_after_promise_hours: int = 72


@dataclass(frozen=True, kw_only=True)
class PlanKind:
    """A type of payment plan with its limits (rules.md 29): term, least a month in cents, debt in months of rent.

    `one_in_months` is how long ago an earlier plan must lie; a type that `needs_person` is agreed by a person only.
    """

    name: str
    max_months: int
    min_month_cents: int
    max_debt_months: int
    one_in_months: int
    needs_person: bool = True


SHORT, LONG = "kort", "lang"


@dataclass(frozen=True, kw_only=True)
class PlanPolicy:
    """What the machine may agree by itself, and the further types of plans that a person agrees (rules.md 29).

    `payday` is the usual day of the month for who has no known one. `answer_days` is how long a question of the machine
    waits for an answer; `repair_after_days` is how long after contact about a missed instalment the repair is offered.
    """

    max_months: int = 6
    min_month_cents: int = 5000
    max_debt_months: int = 1
    one_in_months: int = 12
    payday: int = 25
    tolerance_days: int = 3
    reminder_days: int = 3
    answer_days: int = 14
    repair_after_days: int = 3
    kinds: tuple[PlanKind, ...] = (
        PlanKind(name=LONG, max_months=12, min_month_cents=2500, max_debt_months=3, one_in_months=12),
    )

    @property
    def first_kind(self) -> PlanKind:
        """The type that the machine agrees by itself."""
        return PlanKind(
            name=SHORT,
            max_months=self.max_months,
            min_month_cents=self.min_month_cents,
            max_debt_months=self.max_debt_months,
            one_in_months=self.one_in_months,
            needs_person=False,
        )

    @property
    def all_kinds(self) -> tuple[PlanKind, ...]:
        """Every type, in the order in which they are tried."""
        return (self.first_kind, *self.kinds)


@dataclass(frozen=True, kw_only=True)
class LandlordSettings:
    """Everything that a landlord sets. Money in cents, hours as "HH:MM", weekdays mon to sat.

    `languages` are codes of messages.languages, Dutch first; `address_form` is how Dutch texts speak to a tenant.
    `collection_costs` is none, scale (the legal scale) or scale_vat (with VAT that the landlord cannot deduct).
    A link to the tenant's page is valid for `link_days`, one on paper for `paper_link_days`.
    """

    sender_name: str = ""
    sender_phone: str = ""
    sender_email: str = ""
    contact_name: str = ""
    debt_help_phone: str = "0800 8115"
    return_address: str = ""
    iban: str = ""
    collection_costs: str = "none"
    office_hours: Mapping[str, tuple[str, str]] = field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], ("08:30", "17:00"))
    )
    pressure: Pressure = Pressure()
    plan: PlanPolicy = PlanPolicy()
    stale_ledger_working_days: int = 1
    month_definition: str = "due_dates_passed"
    minimum_amount_cents: int = 2500
    default_ladder: str = "standaard"
    area_ladders: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("nl", "en")
    address_form: str = "u"
    channels_off: tuple[str, ...] = ()
    fills: Mapping[str, int | str] = field(default_factory=dict)
    resume_after_reached_days: int = 7
    promise_grace_working_days: int = 1
    four_eyes: bool = False
    offer_help_again_days: int = 28
    eviction_alert_days: int = 14
    link_days: int = 30
    paper_link_days: int = 60

    @property
    def costs_with_vat(self) -> bool:
        """Whether VAT is added to collection costs: the landlord cannot deduct it and declares so."""
        return self.collection_costs == "scale_vat"

    def to_text(self) -> str:
        """Write as canonical JSON, the text that a version's hash is taken over."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, indent=1)


def settings_from_text(text: str) -> LandlordSettings:
    """Read settings from JSON; raise SettingsError naming the key that is unknown or out of range."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise SettingsError(f"De instellingen zijn geen JSON: {error}", f"The settings are no JSON: {error}") from error
    _refuse_unknown(raw, LandlordSettings, "")
    for key, kind in (("pressure", Pressure), ("plan", PlanPolicy)):
        _refuse_unknown(raw.get(key, {}), kind, f"{key}.")
        raw[key] = kind(**_with_kinds(raw.get(key, {})))
    for key in ("languages", "channels_off"):
        if key in raw:
            raw[key] = tuple(raw[key])
    if "office_hours" in raw:
        raw["office_hours"] = {day: (hours[0], hours[1]) for day, hours in raw["office_hours"].items()}
    return checked(LandlordSettings(**raw))


def _with_kinds(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the types of plans, when they are there; settings from before there were types have none."""
    if "kinds" not in raw:
        return raw
    for each in raw["kinds"]:
        _refuse_unknown(each, PlanKind, "plan.kinds.")
    return {**raw, "kinds": tuple(PlanKind(**each) for each in raw["kinds"])}


def _refuse_unknown(raw: Mapping[str, Any], kind: type[Any], prefix: str) -> None:
    unknown = sorted(set(raw) - {item.name for item in fields(kind)})
    if unknown:
        raise SettingsError(f"Onbekende instelling: {prefix}{unknown[0]}", f"Unknown setting: {prefix}{unknown[0]}")


def checked(settings: LandlordSettings) -> LandlordSettings:
    """Give the settings back when every value can be used; else raise SettingsError naming the first."""
    for problem_nl, problem_en, wrong in _problems(settings):
        if wrong:
            raise SettingsError(problem_nl, problem_en)
    return settings


def _problems(settings: LandlordSettings) -> list[tuple[str, str, bool]]:
    pressure, plan = settings.pressure, settings.plan
    return [
        (
            "Contactdruk: geef 1 tot en met 3 contacten per dag.",
            "Contact pressure: give 1 to 3 contacts a day.",
            not 1 <= pressure.per_day <= 3,
        ),
        (
            "Contactdruk: het aantal per periode is ten minste het aantal per dag.",
            "Contact pressure: the number per period is at least the number per day.",
            pressure.per_days < pressure.per_day,
        ),
        (
            "Contactdruk: de periode is 1 tot en met 31 dagen.",
            "Contact pressure: the period is 1 to 31 days.",
            not 1 <= pressure.days <= 31,
        ),
        (
            "Rust na een gesprek of belofte is 0 uur of meer.",
            "Rest after a talk or promise is 0 hours or more.",
            min(pressure.rest_after_talk_hours, pressure.rest_after_promise_hours) < 0,
        ),
        (
            "Betalingsregeling: looptijd is 1 tot en met 36 maanden.",
            "Payment plan: the term is 1 to 36 months.",
            not 1 <= plan.max_months <= 36,
        ),
        (
            "Betalingsregeling: het minimum per maand is meer dan € 0.",
            "Payment plan: the minimum a month is more than € 0.",
            plan.min_month_cents <= 0,
        ),
        (
            "Soort regeling: de looptijd is 1 tot en met 36 maanden, het minimum meer dan € 0, en elke naam is anders.",
            "Type of plan: the term is 1 to 36 months, the minimum more than € 0, and each name differs.",
            any(not 1 <= kind.max_months <= 36 or kind.min_month_cents <= 0 or not kind.name for kind in plan.kinds)
            or len({kind.name for kind in plan.all_kinds}) <= len(plan.kinds),
        ),
        (
            "Regeling: speling, herinnering, herstel en wachten zijn 0 tot en met 31 dagen.",
            "Plan: tolerance, reminder, repair and waiting are 0 to 31 days.",
            not all(
                0 <= days <= 31
                for days in (plan.tolerance_days, plan.reminder_days, plan.answer_days, plan.repair_after_days)
            ),
        ),
        ("Betaaldag is 1 tot en met 28.", "Payday is 1 to 28.", not 1 <= plan.payday <= 28),
        (
            "Levering: geef 0 tot en met 10 werkdagen.",
            "Delivery: give 0 to 10 working days.",
            not 0 <= settings.stale_ledger_working_days <= 10,
        ),
        (
            "Hulp opnieuw aanbieden: geef 1 tot en met 365 dagen.",
            "Help offered again: give 1 to 365 days.",
            not 1 <= settings.offer_help_again_days <= 365,
        ),
        (
            "Ontruiming: waarschuw 1 tot en met 60 dagen vooraf.",
            "Eviction: alert 1 to 60 days ahead.",
            not 1 <= settings.eviction_alert_days <= 60,
        ),
        (
            "Link voor de huurder: die is 1 tot en met 365 dagen geldig.",
            "Link for the tenant: it is valid for 1 to 365 days.",
            not (1 <= settings.link_days <= 365 and 1 <= settings.paper_link_days <= 365),
        ),
        (
            "Kantooruren: de openingstijd ligt voor de sluitingstijd.",
            "Office hours: opening comes before closing.",
            any(opens >= closes for opens, closes in settings.office_hours.values()),
        ),
        (
            "Talen: Nederlands hoort erbij, en kies alleen talen waarin wij teksten hebben.",
            "Languages: Dutch is always one of them; choose only languages that have texts.",
            DUTCH not in settings.languages or not set(settings.languages) <= set(TENANT_LANGUAGES),
        ),
        (
            "Rekeningnummer: dit IBAN klopt niet. Kijk of elk teken goed is.",
            "Bank account: this IBAN is not right. See whether each sign is.",
            bool(settings.iban) and not iban.is_valid(settings.iban),
        ),
        (
            "Incassokosten: kies geen kosten of de wettelijke staffel.",
            "Collection costs: choose no costs or the legal scale.",
            settings.collection_costs not in COLLECTION_COSTS,
        ),
        (
            "Aanspreekvorm: kies u of je.",
            "Form of address: choose u or je.",
            settings.address_form not in ADDRESS_FORMS,
        ),
    ]


def plain_settings(settings: LandlordSettings) -> dict[str, Any]:
    """Give the settings as plain data for a form."""
    return asdict(settings)

"""What the landlord sets: sender, hours, contact pressure, plans, ledger; and how the channels stand."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.registry import describe
from messages.languages import DUTCH, TENANT_LANGUAGES
from outreach.domain.landlord_settings import (
    WEEKDAYS,
    LandlordSettings,
    PlanPolicy,
    Pressure,
    SettingsError,
    checked,
)
from outreach.services.policy import load_policy
from outreach.services.setup import change_settings
from outreach.web.context import actor, runtime, scope, user
from outreach.web.formats import language_name
from outreach.web.forms import Field, Form, blank, read
from outreach.web.labels import label
from outreach.web.pages.plan_settings import LONG_PLAN, PLAN, kinds_in, typed_long
from outreach.web.security import for_roles
from outreach.web.translation import N_, _, language

blueprint = Blueprint("settings", __name__)

EDITORS = ("admin", "policy")
DAYS = {
    "mon": N_("maandag"),
    "tue": N_("dinsdag"),
    "wed": N_("woensdag"),
    "thu": N_("donderdag"),
    "fri": N_("vrijdag"),
    "sat": N_("zaterdag"),
}
MONTHS = (
    ("due_dates_passed", N_("Elke maand met een post die open staat telt als een maand")),
    ("amount_over_rent", N_("Het bedrag gedeeld door de maandhuur")),
)
MACHINE_CHANNELS = ("sms", "whatsapp", "email", "letter", "robocall")
CHANNEL_STATES = {
    "staff": (N_("medewerker"), "neutral"),
    "sandbox": (N_("oefenomgeving"), "accent"),
    "trial": (N_("proef"), "warn"),
    "live": (N_("verstuurt echt"), "good"),
    "off": (N_("staat uit"), "warn"),
    "absent": (N_("niet ingesteld"), "bad"),
}
WRONG_FIELDS = {
    "Contact pressure: give": "per_day",
    "Contact pressure: the number": "per_days",
    "Contact pressure: the period": "days",
    "Rest after": "rest_after_talk_hours",
    "Payment plan: the term": "max_months",
    "Payment plan: the minimum": "min_month_cents",
    "Type of plan": "long-max_months",
    "Plan: tolerance": "tolerance_days",
    "Payday": "payday",
    "Delivery": "stale_ledger_working_days",
    "Help offered": "offer_help_again_days",
    "Eviction": "eviction_alert_days",
    "Link for": "link_days",
    "Office hours": "mon-opens",
    "Bank account": "iban",
    "Form of address": "address_form",
}
"""How the English text of a settings error begins, and beside which field it stands."""

SENDER = (
    Field(name="sender_name", label=N_("Naam van de afzender"), help=N_("Zo heet u voor huurders.")),
    Field(name="sender_phone", label=N_("Telefoon"), kind="tel", required=False, help=N_("Waar een mens opneemt.")),
    Field(name="contact_name", label=N_("Contactpersoon"), required=False, help=N_("De naam onder elk bericht.")),
    Field(name="sender_email", label=N_("E-mail"), kind="email", required=False),
    Field(name="return_address", label=N_("Retouradres van brieven"), required=False),
    Field(name="debt_help_phone", label=N_("Telefoon van schuldhulp"), kind="tel"),
)
HOURS = tuple(
    field
    for code, name in DAYS.items()
    for field in (
        Field(name=f"{code}-opens", label=name, kind="time", required=False),
        Field(name=f"{code}-closes", label=name, kind="time", required=False),
    )
)
PRESSURE = (
    Field(name="per_day", label=N_("Hooguit per dag"), kind="number"),
    Field(name="per_days", label=N_("Hooguit in een periode"), kind="number"),
    Field(name="days", label=N_("Dagen in die periode"), kind="number"),
    Field(name="rest_after_talk_hours", label=N_("Uren rust na een gesprek"), kind="number"),
    Field(name="rest_after_promise_hours", label=N_("Uren rust na een belofte"), kind="number"),
    Field(name="resume_after_reached_days", label=N_("Dagen stil nadat iemand is bereikt"), kind="number"),
    Field(name="promise_grace_working_days", label=N_("Werkdagen wachten na een beloofde dag"), kind="number"),
)
COSTS = (
    Field(
        name="iban",
        label=N_("Rekeningnummer (IBAN)"),
        required=False,
        help=N_("Staat in brieven die om betaling vragen."),
    ),
    Field(
        name="collection_costs",
        label=N_("Incassokosten"),
        kind="select",
        options=(
            ("none", N_("geen kosten")),
            ("scale", N_("de wettelijke staffel")),
            ("scale_vat", N_("de wettelijke staffel met btw")),
        ),
        help=N_(
            "Kosten mogen alleen na een veertiendagenbrief. Btw alleen als u die niet kunt aftrekken. Bij meer kleine "
            "termijnen geldt sinds 1 oktober 2024 misschien een lager maximum (artikel 2a, te controleren): "
            "dat rekenen wij niet uit."
        ),
    ),
)
LEDGER = (
    Field(
        name="stale_ledger_working_days",
        label=N_("De stand mag zo veel werkdagen oud zijn"),
        kind="number",
        help=N_("Is de laatste levering ouder, dan gaat er geen incassobericht uit."),
    ),
    Field(name="month_definition", label=N_("Wat is een maand achterstand"), kind="select", options=MONTHS),
    Field(name="minimum_amount_cents", label=N_("Contact vanaf"), kind="money"),
)
CARE = (
    Field(name="offer_help_again_days", label=N_("Hulp opnieuw aanbieden na zo veel dagen"), kind="number"),
    Field(name="eviction_alert_days", label=N_("Dagen vooraf waarschuwen voor een ontruiming"), kind="number"),
)
LINKS = (
    Field(name="link_days", label=N_("Een link voor de huurder is zo veel dagen geldig"), kind="number"),
    Field(name="paper_link_days", label=N_("Een link op papier is zo veel dagen geldig"), kind="number"),
)
OTHER_LANGUAGES = tuple(code for code in TENANT_LANGUAGES if code != DUTCH)
ADDRESSING = (
    ("u", N_("u: Wilt u mij bellen?")),
    ("je", N_("je: Wil je mij bellen?")),
)
REACH = (
    Field(name="address_form", label=N_("Aanspreekvorm in het Nederlands"), kind="select", options=ADDRESSING),
    *(Field(name=f"lang-{code}", label=code, kind="checkbox") for code in OTHER_LANGUAGES),
    *(Field(name=f"off-{code}", label=code, kind="checkbox") for code in MACHINE_CHANNELS),
)
POLICY = (
    Field(
        name="four_eyes",
        label=N_("Een collega keurt elke nieuwe versie van een ladder goed"),
        kind="checkbox",
        help=N_("Wie een versie voorstelt kan hem dan niet zelf goedkeuren."),
    ),
)
FIELDS = (*SENDER, *HOURS, *PRESSURE, *PLAN, *LONG_PLAN, *COSTS, *LEDGER, *CARE, *LINKS, *REACH, *POLICY)
GROUPS = (
    (N_("Afzender"), SENDER, ""),
    (N_("Contactdruk"), PRESSURE, N_("Per huishouden, over alle kanalen, dossiers en medewerkers samen.")),
    (N_("Betalingsregelingen"), PLAN, N_("Wat zonder medewerker afgesproken mag worden. Daarboven beslist een mens.")),
    (N_("Langere regelingen"), LONG_PLAN, N_("Die spreekt een medewerker af. Laat alles leeg als u die niet wilt.")),
    (N_("Betalen en kosten"), COSTS, ""),
    (N_("Administratie"), LEDGER, ""),
    (N_("Contactladders"), POLICY, ""),
    (N_("Hulp en ontruiming"), CARE, ""),
    (
        N_("Eigen pagina"),
        LINKS,
        N_("Een link eindigt ook als het dossier sluit, of als iemand uit de woning vertrekt."),
    ),
)


@blueprint.get("/instellingen")
@for_roles("policy", "manager")
def index() -> str:
    """Show the settings in force."""
    return _page(blank(FIELDS, **_typed(_settings())))


@blueprint.post("/instellingen")
@for_roles("policy")
def save() -> Response | tuple[str, int]:
    """Put new settings in force; earlier versions stay with what was done under them."""
    form = _whole_hours(read(FIELDS, request.form))
    if not form.valid:
        return _page(form), 422
    try:
        change_settings(runtime(), actor(), scope().landlord_id, checked(_changed(_settings(), form.clean)))
    except SettingsError as error:
        return _page(_beside(form, error)), 422
    flash(_("Opgeslagen. Het geldt voor alles wat nog moet gebeuren."), "ok")
    return redirect(url_for("settings.index"))


@blueprint.get("/instellingen/kanalen")
@for_roles("policy", "manager")
def channels() -> str:
    """Show what each channel is in this system, and what is missing."""
    statuses = describe(runtime().settings)
    return render_template(
        "settings/channels.html", statuses=statuses, states=CHANNEL_STATES, mode=runtime().settings.mode
    )


def _settings() -> LandlordSettings:
    with runtime().db.read() as session:
        return load_policy(session, scope().landlord_id).settings


def _typed(settings: LandlordSettings) -> dict[str, str]:
    """Write the settings as they stand in the fields."""
    parts = (settings, settings.pressure, settings.plan)
    plain = {field.name: _plain(field, parts) for field in (*SENDER, *PRESSURE, *PLAN, *COSTS, *LEDGER, *CARE, *LINKS)}
    hours = {
        f"{day}-{end}": settings.office_hours[day][place] if day in settings.office_hours else ""
        for day in WEEKDAYS
        for place, end in enumerate(("opens", "closes"))
    }
    off = {f"off-{code}": "1" for code in settings.channels_off}
    spoken = {f"lang-{code}": "1" for code in settings.languages}
    eyes = "1" if settings.four_eyes else ""
    long = typed_long(settings.plan)
    return {**plain, **long, **hours, **off, **spoken, "address_form": settings.address_form, "four_eyes": eyes}


def _plain(field: Field, parts: tuple[object, ...]) -> str:
    value = next(getattr(part, field.name) for part in parts if hasattr(part, field.name))
    return f"{value // 100},{value % 100:02d}" if field.kind == "money" else str(value)


def _whole_hours(form: Form) -> Form:
    """Ask for both ends of a day's office hours, or none."""
    half = {
        f"{day}-{empty}": _("Vul begin en eind in, of geen van beide.")
        for day in WEEKDAYS
        for empty, other in (("opens", "closes"), ("closes", "opens"))
        if form.value(f"{day}-{other}") and not form.value(f"{day}-{empty}")
    }
    return replace(form, errors={**form.errors, **half})


def _changed(settings: LandlordSettings, clean: Mapping[str, Any]) -> LandlordSettings:
    def part(fields: tuple[Field, ...], owner: type) -> dict[str, Any]:
        return {field.name: clean[field.name] for field in fields if field.name in owner.__dataclass_fields__}  # type: ignore[attr-defined]

    hours = {
        day: (clean[f"{day}-opens"].strftime("%H:%M"), clean[f"{day}-closes"].strftime("%H:%M"))
        for day in WEEKDAYS
        if clean[f"{day}-opens"]
    }
    own = part((*SENDER, *PRESSURE, *COSTS, *LEDGER, *CARE, *LINKS), LandlordSettings)
    filled: dict[str, Any] = {name: value if value is not None else "" for name, value in own.items()}
    return replace(
        settings,
        **filled,
        office_hours=hours,
        pressure=Pressure(**part(PRESSURE, Pressure)),
        plan=replace(settings.plan, kinds=kinds_in(clean, settings.plan), **part(PLAN, PlanPolicy)),
        languages=(DUTCH, *(code for code in OTHER_LANGUAGES if clean[f"lang-{code}"])),
        address_form=clean["address_form"],
        channels_off=tuple(code for code in MACHINE_CHANNELS if clean[f"off-{code}"]),
        four_eyes=clean["four_eyes"],
    )


def _beside(form: Form, error: SettingsError) -> Form:
    name = next((field for start, field in WRONG_FIELDS.items() if error.text_en.startswith(start)), None)
    return replace(form, errors={name: error.text(language())}) if name else form.refused(error)


def _page(form: Form) -> str:
    return render_template(
        "settings/index.html",
        form=form,
        groups=GROUPS,
        days=DAYS,
        languages=[(code, language_name(code)) for code in OTHER_LANGUAGES],
        machine_channels=[(code, label("channel", code)) for code in MACHINE_CHANNELS],
        may_edit=user().role in EDITORS,
    )

"""Every reason code of the engine, as one Dutch and one English sentence with its parameters."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from schedules.calendar import to_local
from schedules.decisions import Param, Reason
from schedules.reason_words import WORDS
from schedules.route_reasons import ROUTE_SENTENCES

Sentences = Mapping[str, tuple[str, str]]

REASONS: Sentences = MappingProxyType(
    {
        **ROUTE_SENTENCES,
        "not_ready": (
            "De verhuurder is nog niet klaar: vul afzender en contactpersoon in.",
            "The landlord is not ready yet: fill in the sender and the contact person.",
        ),
        # the end of a case
        "paid": ("De achterstand is betaald.", "The arrears have been paid."),
        "below_minimum": (
            "Er staat nog {amount_cents} open; onder {minimum_cents} zoeken we geen contact.",
            "{amount_cents} is still open; below {minimum_cents} we make no contact.",
        ),
        # clocks
        "days_after_due": ("{days} dagen na de vervaldag ({due_on}).", "{days} days after the due date ({due_on})."),
        "days_after_step": ("{days} dagen na de stap '{step}'.", "{days} days after the step '{step}'."),
        "months_in_arrears": (
            "Bij {months} maanden achterstand; nu {now}.",
            "At {months} months in arrears; now {now}.",
        ),
        "day_of_month": ("Op dag {number} van de maand: {day}.", "On day {number} of the month: {day}."),
        "after_outcome": ("De stap '{step}' eindigde met: {outcome}.", "The step '{step}' ended with: {outcome}."),
        "days_from_date": ("{days} dagen vanaf {date} ({day}).", "{days} days from {date} ({day})."),
        "next_attempt": (
            "Poging {attempt}, {days} dagen na de vorige.",
            "Attempt {attempt}, {days} days after the one before.",
        ),
        "after_failure": (
            "De poging via {channel} is mislukt; we proberen een andere weg.",
            "The attempt by {channel} failed; we try another way.",
        ),
        "not_before": ("Niet eerder dan {day}: zo is het verzet.", "Not before {day}: it was moved."),
        "no_due_date": ("Er is geen vervaldag bekend.", "No due date is known."),
        "waits_for_step": (
            "Wacht tot de stap '{step}' klaar is, en dan {days} dagen.",
            "Waits until the step '{step}' has finished, and then {days} days.",
        ),
        "waits_for_outcome": (
            "Alleen als de stap '{step}' eindigt met: {outcomes}.",
            "Only when the step '{step}' ends with: {outcomes}.",
        ),
        "waits_for_date": ("Wacht op een datum: {date}.", "Waits for a date: {date}."),
        "gap": (
            "Staat niet in de bron: vul '{gap}' in bij de instellingen.",
            "Not in the source: fill in '{gap}' in the settings.",
        ),
        "in_flight": ("Is onderweg sinds {at}.", "Has been under way since {at}."),
        "slack": ("Wie meer tijd krijgt: {days} dagen later.", "For who gets more time: {days} days later."),
        "waits_for_payday": ("Wacht tot er weer geld binnen is, op {day}.", "Waits until money has come in, on {day}."),
        # waiting
        "waits_for_quota": (
            "De melding staat in de wachtrij: het aantal voor deze periode is bereikt.",
            "The referral is in the queue: the number for this period has been reached.",
        ),
        "rest_after_step": (
            "Rust na de stap '{step}', tot {until}.",
            "Rest after the step '{step}', until {until}.",
        ),
        "paused": ("Het dossier is stilgezet: {reason}.", "The case is paused: {reason}."),
        "paused_until": (
            "Het dossier is stilgezet tot en met {day}: {reason}.",
            "The case is paused up to and including {day}: {reason}.",
        ),
        "plan_active": ("Er loopt een betalingsregeling.", "A payment plan is running."),
        "plan_requested": ("Er is een betalingsregeling gevraagd.", "A payment plan has been asked for."),
        "promise_open": ("De huurder heeft beloofd te betalen op {day}.", "The tenant promised to pay on {day}."),
        "busy_talk": ("Er loopt een gesprek met de huurder.", "A talk with the tenant is going on."),
        "held_by_flag": ("Contact wacht vanwege: {flag}.", "Contact waits because of: {flag}."),
        "stale_ledger": (
            "De stand is van {day}; ouder dan {limit} werkdag(en), dus we sturen niets.",
            "The ledger is of {day}; older than {limit} working day(s), so nothing goes out.",
        ),
        "no_ledger": ("Er is nog geen stand aangeleverd.", "No ledger has been delivered yet."),
        "after_other_contact": (
            "Eerst komt de stap '{step}'; niet te veel contact tegelijk.",
            "The step '{step}' comes first; not too much contact at once.",
        ),
        # hours and pressure
        "sunday": ("Op zondag is er geen contact ({day}).", "There is no contact on a Sunday ({day})."),
        "public_holiday": ("Het is een feestdag: {name} ({day}).", "It is a public holiday: {name} ({day})."),
        "equated_day": (
            "De dag is gelijkgesteld met een feestdag ({day}).",
            "The day is made equal to a public holiday ({day}).",
        ),
        "outside_legal_hours": (
            "Buiten de wettelijke uren (7 tot 20 uur): {at}.",
            "Outside the lawful hours (7 to 20): {at}.",
        ),
        "outside_window": ("Buiten de uren voor {channel}: {at}.", "Outside the hours for {channel}: {at}."),
        "pressure_day": (
            "Op {day} is er al contact geweest; hooguit {limit} per dag.",
            "There has been contact on {day}; at most {limit} a day.",
        ),
        "pressure_days": (
            "Hooguit {limit} contacten in {days} dagen voor dit huishouden.",
            "At most {limit} contacts in {days} days for this household.",
        ),
        "rest_after_talk": (
            "Rust na een gesprek: {hours} uur, tot {until}.",
            "Rest after a talk: {hours} hours, until {until}.",
        ),
        "rest_after_promise": (
            "Rust na een belofte: {hours} uur, tot {until}.",
            "Rest after a promise: {hours} hours, until {until}.",
        ),
        "no_moment": ("Er is geen moment dat mag.", "No moment is permitted."),
        # channels
        "no_channel": ("Er is geen bruikbaar kanaal.", "There is no usable channel."),
        "channel_off": ("{channel} staat uit.", "{channel} is switched off."),
        "channel_failed": ("{channel} is mislukt.", "{channel} failed."),
        "channel_blocked": ("{channel} kan niet: {why}.", "{channel} cannot be used: {why}."),
        # refusals
        "skipped_by_person": ("Een medewerker heeft deze stap overgeslagen.", "A member of staff skipped this step."),
        "reached": (
            "De huurder is bereikt op {at}; we wachten tot {until}.",
            "The tenant was reached on {at}; we wait until {until}.",
        ),
        "ever_reached": ("De huurder is bereikt op {at}.", "The tenant was reached on {at}."),
        "unless_help_accepted": ("De huurder heeft hulp aanvaard.", "The tenant has accepted help."),
        "unless_plan_active": ("Er loopt een betalingsregeling.", "A payment plan is running."),
        "unless_promise_open": ("Er loopt een belofte.", "A promise is open."),
        "unless_paused": ("Het dossier is stilgezet.", "The case is paused."),
        "unless_referral_accepted": ("Een partner heeft de melding opgepakt.", "A partner has taken up the referral."),
        "amount_too_low": ("Pas vanaf {amount_cents}.", "Only from {amount_cents}."),
        "months_too_few": ("Pas vanaf {months} maanden achterstand.", "Only from {months} months in arrears."),
        "no_such_flag": ("Alleen bij: {wanted}.", "Only with: {wanted}."),
        "no_such_ground": ("Alleen op grond van: {wanted}.", "Only on the ground of: {wanted}."),
        "other_cause": ("Alleen bij oorzaak: {wanted}.", "Only with the cause: {wanted}."),
        "flag_excludes": ("Niet bij: {flag}.", "Not with: {flag}."),
        "excluded": (
            "Niet voor de contactladder: {flag}. Mensen behandelen dit.",
            "Not for the contact ladder: {flag}. People handle this.",
        ),
        "ladder_ended": (
            "De contactladder is klaar met de stap '{step}'; mensen gaan verder.",
            "The contact ladder ended with the step '{step}'; people go on.",
        ),
        "needs_step": ("Eerst moet de stap '{step}' gedaan zijn.", "First the step '{step}' must have been done."),
        "needs_home_visit": ("Er is nog geen huisbezoek gedaan.", "No home visit has been carried out yet."),
        "amount_too_high": ("Alleen onder {amount_cents}.", "Only below {amount_cents}."),
        "months_too_many": ("Alleen onder {months} maanden achterstand.", "Only below {months} months in arrears."),
        "only_when": ("Alleen bij {what}: {wanted}.", "Only with {what}: {wanted}."),
        "not_when": ("Niet bij {what}: {value}.", "Not with {what}: {value}."),
        "never_reached": ("De huurder is nog niet bereikt.", "The tenant has not been reached yet."),
        "not_paid_in_part": ("Er is nog geen deel betaald.", "No part has been paid yet."),
        "not_yet_not_reached": (
            "Er is nog niet genoeg geprobeerd om te zeggen: niet bereikt.",
            "Not enough has been tried to say: not reached.",
        ),
        "no_broken_promise": ("Er is geen belofte gebroken.", "No promise was broken."),
        "no_broken_plan": ("Er is geen regeling gebroken.", "No plan was broken."),
        "moment_passed": ("Het moment is voorbij: {at}.", "The moment has passed: {at}."),
        "needs_personal_contact": (
            "Er is nog geen huisbezoek of gesprek geweest.",
            "There has been no home visit or talk yet.",
        ),
        "needs_ground": ("Er is geen grond vastgelegd.", "No ground has been recorded."),
        "needs_early_signal": (
            "Er is nog geen vroegsignaal gedaan of schriftelijk geweigerd.",
            "The early signal has not been sent or refused in writing.",
        ),
        "needs_written_reminder": ("Er is nog geen schriftelijke herinnering.", "There is no written reminder yet."),
        "signal_needs_contact_effort": (
            "Vroegsignaal: er is nog geen poging tot persoonlijk contact (Bgs art. 2 a).",
            "Early signal: no effort for personal contact yet (Bgs art. 2 a).",
        ),
        "signal_needs_debt_help": (
            "Vroegsignaal: er is nog niet gewezen op schuldhulp (Bgs art. 2 b).",
            "Early signal: debt help has not been pointed out (Bgs art. 2 b).",
        ),
        "signal_needs_written_reminder": (
            "Vroegsignaal: er is nog geen schriftelijke herinnering (Bgs art. 2 c).",
            "Early signal: no written reminder yet (Bgs art. 2 c).",
        ),
        "signal_needs_offer": (
            "Vroegsignaal: het doorgeven van gegevens is nog niet aangeboden (Bgs art. 2 d).",
            "Early signal: passing on the contact details was not offered (Bgs art. 2 d).",
        ),
        "signal_refused_by_tenant": (
            "Vroegsignaal: de huurder heeft geweigerd (Bgs art. 2 d).",
            "Early signal: the tenant refused (Bgs art. 2 d).",
        ),
        "signal_needs_agreement": (
            "Vroegsignaal: er is geen afspraak met deze gemeente.",
            "Early signal: there is no agreement with this municipality.",
        ),
        "step_left_ladder": (
            "Het dossier is verplaatst; deze stap staat niet meer in de contactladder.",
            "The case was moved; this step is no longer in the contact ladder.",
        ),
        # the last check
        "still_right": ("De reden is er nog en het mag nu.", "The reason still stands and it may go now."),
        "answer_in_time": (
            "Antwoord binnen tien minuten op een eigen bericht.",
            "An answer within ten minutes of the tenant's own message.",
        ),
        "shares_visit": ("Hoort bij het huisbezoek.", "Belongs to the home visit."),
        "not_due_yet": ("Nog niet aan de beurt, pas op {at}.", "Not due yet, only at {at}."),
        "expired": ("Te laat om nog te versturen ({at}).", "Too late to send ({at})."),
        "plan_changed": (
            "De regeling is daarna veranderd of gestopt.",
            "The plan was changed or ended after this.",
        ),
        "expires_before": (
            "Kan pas op {at}; dan is het niet meer zinvol.",
            "Possible only at {at}; by then it is worthless.",
        ),
    }
)

DAYS = (
    ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
MONTHS = (
    ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
     "december"),
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"),
)  # fmt: skip


AT_ONCE: Sentences = MappingProxyType(
    {
        "days_after_step": ("Direct na de stap '{step}'.", "Right after the step '{step}'."),
        "waits_for_step": ("Wacht tot de stap '{step}' klaar is.", "Waits until the step '{step}' has finished."),
        "days_from_date": ("Op de dag zelf: {date} ({day}).", "On the day itself: {date} ({day})."),
    }
)
"""The sentences of clocks that run no days."""

_ONE = re.compile(r"(?<![\d.,-])1 (?:dag(?=en)|maand(?=en)|day(?=s)|month(?=s))(en|s)\b")

NAMED = frozenset({"step", "opening", "ground", "condition"})
"""Parameters that are keys of a ladder or route, shown by their titles."""


def reason_text(reason: Reason, language: str = "nl", names: Mapping[str, str] | None = None) -> str:
    """Return a reason as one sentence in Dutch ("nl") or English ("en").

    `names` gives the titles of steps and of the options of decisions by key; raise KeyError for a code that is not
    in REASONS.
    """
    english = language == "en"
    values = {key: _value(key, value, english, names or {}) for key, value in reason.params.items()}
    sentences = AT_ONCE if reason.params.get("days") == 0 and reason.code in AT_ONCE else REASONS
    text = _ONE.sub(lambda found: found[0].removesuffix(found[1]), sentences[reason.code][english].format(**values))
    return text[:1].upper() + text[1:]


def _value(key: str, value: Param, english: bool, names: Mapping[str, str]) -> str:
    if isinstance(value, datetime):
        return moment_text(value, english)
    if isinstance(value, date):
        return day_text(value, english)
    if isinstance(value, int):
        return money_text(value, english) if key.endswith("_cents") else str(value)
    if key in NAMED:
        return names.get(value, value)
    if not _CODES.fullmatch(value):
        return value
    return _CODE.sub(lambda code: WORDS[code[0]][english] if code[0] in WORDS else names.get(code[0], code[0]), value)


_CODE = re.compile(r"[a-z][a-z0-9_]*")
_CODES = re.compile(rf"{_CODE.pattern}((, | / ){_CODE.pattern})*")
"""A parameter that lists codes: "worry, neglect" or "not_home / not_opened"."""


def day_text(day: date, english: bool = False) -> str:
    """Write a civil day as people say it: dinsdag 24 november 2026."""
    return f"{DAYS[english][day.weekday()]} {day.day} {MONTHS[english][day.month - 1]} {day.year}"


def moment_text(at: datetime, english: bool = False) -> str:
    """Write a moment in Dutch civil time: dinsdag 24 november 2026 09:00."""
    local = to_local(at)
    return f"{day_text(local.date(), english)} {local:%H:%M}"


def money_text(cents: int, english: bool = False) -> str:
    """Write cents as € 1.234,56 (€1,234.56 in English)."""
    text = f"{cents / 100:,.2f}"
    return f"€{text}" if english else "€ " + text.translate(str.maketrans(",.", ".,"))

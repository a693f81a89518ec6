"""What is said about every simulation, on paper and on screen: what it is, how sure it is, what it supposes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from outreach.services.simulation_table import number

NO_FORECAST: Mapping[str, str] = {
    "nl": (
        "Dit is geen voorspelling. Het laat zien wat er volgt als huurders doen wat hieronder is aangenomen. "
        "Gebruik het om ladders te vergelijken en om het werk in te schatten, niet om uitkomsten te beloven."
    ),
    "en": (
        "This is no forecast. It shows what follows if tenants do what is supposed below. "
        "Use it to compare ladders and to estimate the work, not to promise outcomes."
    ),
}
METHOD: Mapping[str, str] = {
    "nl": (
        "Tussen welke twee getallen een uitkomst in 95 van de 100 keer ligt, is geschat door steeds opnieuw groepen "
        "huurders te trekken (bootstrap, 500 keer over 200 groepen). Twee ladders krijgen dezelfde huurders en "
        "hetzelfde toeval, zodat alleen het verschil tussen de ladders overblijft. Voor dagvaardingen, vonnissen en "
        "ontruimingen geldt de Poisson-verdeling, voor dagen tot een gesprek de rangorde. De onzekerheid van de "
        "aannames zelf zit er niet in."
    ),
    "en": (
        "Between which two numbers an outcome lies in 95 of 100 cases is estimated by drawing groups of tenants again "
        "and again (bootstrap, 500 times over 200 groups). Two ladders get the same tenants and the same chance, so "
        "that only the difference between the ladders remains. Summonses, judgments and evictions follow the Poisson "
        "distribution, days to a talk their rank order. The uncertainty of what is supposed is not in it."
    ),
}
SUPPOSED: Mapping[str, str] = {
    "nl": (
        "Achter elk cijfer staat waar het vandaan komt. Een aanname is van ons: vervang die door uw eigen cijfer. "
        "Een zaak waarvan de ladder is afgelopen kan door een mens uit handen worden gegeven, ook als de ladder "
        "geen deurwaarder noemt."
    ),
    "en": (
        "Behind each figure stands where it comes from. An assumption is ours: replace it by your own figure. "
        "A case whose ladder has ended can be handed over by a person, also when the ladder names no bailiff."
    ),
}
EXAMPLES: Mapping[str, str] = {
    "nl": "met voorbeeldwaarden van ons, niet uit de bron",
    "en": "with example values of ours, not of the source",
}
ASSUMPTION = "assumption"
TEXTS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "title": "Doorgerekend",
        "in_figures": "In cijfers",
        "in_charts": "In beeld",
        "supposed": "Wat is aangenomen",
        "difference": "Verschil",
        "chance": "niet meer dan toeval",
        "as_table": "Als tabel",
    },
    "en": {
        "title": "Worked out",
        "in_figures": "In figures",
        "in_charts": "In charts",
        "supposed": "What is supposed",
        "difference": "Difference",
        "chance": "no more than chance",
        "as_table": "As a table",
    },
}


def circumstances(found: Mapping[str, Any], language: str) -> str:
    """Say on which tenants, from when and for how long, in one sentence."""
    first = found["first"]
    size = number(first["tenancies"], "count", language)
    start = format_date(date.fromisoformat(first["start"]), "d MMMM y", locale=language)
    if language == "nl":
        kind = "eigen" if first["portfolio"] == "own" else "verzonnen"
        return (
            f"Met {size} {kind} huurovereenkomsten, {first['months']} maanden vanaf {start}. Toeval: {first['seed']}."
        )
    kind = "own" if first["portfolio"] == "own" else "made-up"
    return f"With {size} {kind} tenancies, {first['months']} months from {start}. Seed: {first['seed']}."


def example_notes(found: Mapping[str, Any], language: str) -> list[str]:
    """Say for each ladder which values are our examples and not in its source."""
    said = EXAMPLES[language]
    return [
        f"{name}: {said}: {'; '.join(gap[language] for gap in gaps)}."
        for name, gaps in found["examples"].items()
        if gaps
    ]


def source_text(source: str, language: str) -> str:
    """Write the source of a figure; what is ours is called an assumption."""
    return source.replace(ASSUMPTION, "aanname") if language == "nl" else source


def figure_value(figure: Mapping[str, Any], language: str) -> str:
    """Write a supposed figure with its unit."""
    value = figure["value"]
    match figure["unit"]:
        case "percent":
            return f"{value}%"
        case "per_mille":
            return number(value / 1000, "share", language)
        case "cents":
            return f"€ {value / 100:.2f}".replace(".", "," if language == "nl" else ".")
        case "days" | "minutes":
            words = {"days": ("dagen", "days"), "minutes": ("minuten", "minutes")}
            return f"{value} {words[figure['unit']][language != 'nl']}"
    return str(value)


def headline(found: Mapping[str, Any], language: str) -> str:
    """Say the most important of the first ladder in a few sentences."""
    measures, days = found["first"]["measures"], found["first"]["first_talk_days"]["median"]["value"]
    words = {
        "cases": number(measures["cases"]["value"], "count", language),
        "reached": number(measures["reached_share"]["value"], "share", language),
        "hours": number(measures["hours_per_week"]["value"], "hours", language),
        "visits": number(measures["visits_per_week"]["value"], "each", language),
        "days": number(days, "days", language),
    }
    if language == "nl":
        talk = (
            f" Wie een medewerker spreekt, doet dat voor de helft binnen {words['days']}." if days is not None else ""
        )
        return (
            f"Er komen {words['cases']} dossiers; {words['reached']} daarvan wordt bereikt.{talk} "
            f"Uw mensen zijn er {words['hours']} per week mee bezig, met {words['visits']} huisbezoeken."
        )
    talk = f" Half of those who talk with a colleague do so within {words['days']}." if days is not None else ""
    return (
        f"There will be {words['cases']} cases; {words['reached']} of them are reached.{talk} "
        f"Your people spend {words['hours']} a week on it, with {words['visits']} home visits."
    )


DEFERRED: Mapping[str, tuple[str, str]] = {
    "outside_window": ("op dat moment mag of past het kanaal niet", "the channel is not for that moment"),
    "outside_legal_hours": ("buiten de uren van de wet", "outside the hours of law"),
    "sunday": ("zondag", "Sunday"),
    "public_holiday": ("feestdag", "public holiday"),
    "equated_day": ("gelijkgestelde dag", "day made equal to a holiday"),
    "pressure_day": ("die dag was er al contact", "there was contact that day"),
    "pressure_days": ("te veel contacten in zeven dagen", "too many contacts in seven days"),
    "rest_after_talk": ("rust na een gesprek", "rest after a talk"),
    "rest_after_promise": ("rust na een belofte", "rest after a promise"),
    "busy_talk": ("er loopt een gesprek", "a talk is going on"),
    "plan_requested": ("er wordt een regeling gemaakt", "a plan is being made"),
    "capacity_call": ("het team kon niet meer bellen", "the team could call no more"),
    "capacity_visit": ("het team kon niet meer op huisbezoek", "the team could visit no more"),
    "capacity_office": ("het kantoor zat vol", "the office was full"),
}


def deferred_rows(run: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return why contacts and tasks moved to a later day, and how many."""
    place = 0 if language == "nl" else 1
    return [
        (DEFERRED[code][place] if code in DEFERRED else code, number(count, "count", language))
        for code, count in run["deferred"].items()
    ]


def team_rows(run: Mapping[str, Any], language: str) -> list[tuple[str, str, str, str, str]]:
    """Return per team: name, mean hours a week, most visits and most calls in a week beside what it can, full weeks."""
    to = {"nl": "van", "en": "of"}[language]
    found = []
    for team in run["teams"]:
        weeks, room = max(1, len(team["hours"])), team["capacity_per_week"]
        mean = number(sum(team["hours"]) / weeks, "each", language)
        visits = f"{max(team['visits'], default=0)} {to} {room['visits']}"
        calls = f"{max(team['calls'], default=0)} {to} {room['calls']}"
        found.append((team["name"], mean, visits, calls, str(sum(1 for count in team["full"] if count))))
    return found

"""The charts of a simulation as data, for a table beside each, and as SVG."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from pygal.style import Style

from schedules.targets import targets

sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "PluginImportFixer"]
"""pygal adds an import hook for plugins, which we do not use; on Python 3.11 it makes every failed import warn."""

COLOURS = ("#1f5f8b", "#b35c1e", "#4f7f52", "#7a5195", "#8a8d91", "#c2a83e", "#3d8f8f", "#a14a5c")
STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#3a4149",
    foreground_strong="#1d2329",
    foreground_subtle="#d9dde1",
    colors=COLOURS,
    font_family="'Source Sans 3', 'Source Sans Pro', Arial, sans-serif",
    label_font_size=16,
    major_label_font_size=16,
    legend_font_size=18,
    title_font_size=20,
    opacity=".92",
    opacity_hover="1",
    stroke_width=3,
    guide_stroke_dasharray="2,4",
    major_guide_stroke_dasharray="2,4",
)
CHANNELS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "sms": "Sms",
        "whatsapp": "WhatsApp",
        "email": "E-mail",
        "letter": "Brief",
        "robocall": "Belcomputer",
        "call": "Telefoon",
        "visit": "Huisbezoek",
        "card": "Kaartje",
        "phoned": "Huurder belt zelf",
        "call_back": "Terugbellen",
    },
    "en": {
        "sms": "SMS",
        "whatsapp": "WhatsApp",
        "email": "E-mail",
        "letter": "Letter",
        "robocall": "Robocall",
        "call": "Phone",
        "visit": "Home visit",
        "card": "Card",
        "phoned": "Tenant phones",
        "call_back": "Call back",
    },
}
TITLES: Mapping[str, tuple[str, str]] = {
    "reached": ("Bereikt, dagen na de vervaldag (% van de dossiers)", "Reached, days after the due date (% of cases)"),
    "by_channel": ("Het eerste contact, per kanaal (dossiers)", "First contact, by channel (cases)"),
    "arrears": ("Achterstand per week (duizend euro)", "Arrears by week (thousand euro)"),
    "households": ("Huishoudens met een achterstand per week", "Households with arrears by week"),
    "contacts": ("Contacten per week, per kanaal", "Contacts a week, by channel"),
    "per_household": ("Contacten per huishouden (huishoudens)", "Contacts per household (households)"),
    "hours": ("Uren per week, alle teams", "Hours a week, all teams"),
    "visits": ("Huisbezoeken per week en wat de teams kunnen", "Home visits a week and what the teams can do"),
    "calls": ("Telefoontjes per week en wat de teams kunnen", "Calls a week and what the teams can do"),
    "referrals": ("Meldingen per partner", "Referrals by partner"),
    "evictions": ("Aangezegde ontruimingen en hoe ze aflopen", "Evictions announced and how they end"),
}
ENDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "announced": "Aangezegd",
        "withdrawn": "Ingetrokken",
        "paid_at_door": "Aan de deur betaald",
        "executed": "Uitgevoerd",
        "unknown": "Onbekend",
    },
    "en": {
        "announced": "Announced",
        "withdrawn": "Withdrawn",
        "paid_at_door": "Paid at the door",
        "executed": "Executed",
        "unknown": "Unknown",
    },
}
MOST_CONTACTS = 15


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line or set of bars."""

    name: str
    values: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart as data: `kind` is line, bar or stacked; `step` labels every so many places on the axis."""

    key: str
    title: str
    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    step: int = 1


def charts(found: Mapping[str, Any], language: str = "nl") -> tuple[Chart, ...]:
    """Return the charts of a result; the second ladder stands in the same charts."""
    runs = [found["first"], *([found["against"]] if found["against"] else [])]
    names = [run["title"].get(language, run["ladder"]) for run in runs]
    made = [
        _of_runs("reached", "line", [str(day["day"]) for day in runs[0]["reached_by_day"]], names, _reached(runs)),
        _keyed("by_channel", runs, names, "reached_by_channel", CHANNELS[language]),
        _weekly("arrears", runs, names, [[_thousands(w["open_cents"]) for w in r["weeks_of_arrears"]] for r in runs]),
        _weekly("households", runs, names, [[w["households"] for w in r["weeks_of_arrears"]] for r in runs]),
        *(_contacts(runs, number, names[number], language) for number in range(len(runs))),
        _per_household(runs, names),
        _weekly("hours", runs, names, [_added(run["teams"], "hours") for run in runs]),
        *(_against_capacity(kind, runs, names, language) for kind in ("visits", "calls")),
        _keyed("referrals", [_sent(run) for run in runs], names, "sent", _partners(language)),
        _keyed("evictions", runs, names, "evictions", ENDS[language]),
    ]
    return tuple(_titled(chart, language) for chart in made)


def _titled(chart: Chart, language: str) -> Chart:
    title = TITLES[chart.key.partition("-")[0]][0 if language == "nl" else 1]
    text = f"{title}: {chart.title}" if chart.title else title
    return Chart(key=chart.key, title=text, kind=chart.kind, labels=chart.labels, series=chart.series, step=chart.step)


def _of_runs(
    key: str, kind: str, labels: Sequence[str], names: Sequence[str], values: Sequence[Sequence[float]]
) -> Chart:
    series = tuple(Series(name=name, values=each) for name, each in zip(names, values, strict=True))
    return Chart(key=key, title="", kind=kind, labels=labels, series=series)


def _reached(runs: Sequence[Mapping[str, Any]]) -> list[list[float]]:
    return [[round(100 * day["share"], 1) for day in run["reached_by_day"]] for run in runs]


def _thousands(cents: int) -> float:
    return round(cents / 100_000, 1)


def _weekly(
    key: str, runs: Sequence[Mapping[str, Any]], names: Sequence[str], values: Sequence[Sequence[float]]
) -> Chart:
    weeks = [str(number) for number in range(1, len(values[0]) + 1)]
    chart = _of_runs(key, "line", weeks, names, values)
    return Chart(key=key, title="", kind="line", labels=weeks, series=chart.series, step=4)


def _keyed(
    key: str, runs: Sequence[Mapping[str, Any]], names: Sequence[str], part: str, words: Mapping[str, str]
) -> Chart:
    keys = list(dict.fromkeys(name for run in runs for name in run[part]))
    values = [[run[part].get(name, 0) for name in keys] for run in runs]
    return _of_runs(key, "bar", [words.get(name, name) for name in keys], names, values)


def _contacts(runs: Sequence[Mapping[str, Any]], number: int, name: str, language: str) -> Chart:
    """Stack the channels in one order, so that a channel has the same colour beside another ladder."""
    words, run = CHANNELS[language], runs[number]
    used = {channel for each in runs for channel in each["weeks_of_contacts"]}
    empty = [0] * run["weeks"]
    series = tuple(
        Series(name=words[channel], values=run["weeks_of_contacts"].get(channel, empty))
        for channel in words
        if channel in used
    )
    weeks = [str(week) for week in range(1, run["weeks"] + 1)]
    return Chart(key=f"contacts-{number}", title=name, kind="stacked", labels=weeks, series=series, step=4)


def _per_household(runs: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Chart:
    """Count households by contacts; all from MOST_CONTACTS stand together."""
    values = []
    for run in runs:
        found = [0] * (MOST_CONTACTS + 1)
        for contacts, households in run["contacts_per_household"].items():
            found[min(int(contacts), MOST_CONTACTS)] += households
        values.append(found)
    labels = [*(str(number) for number in range(MOST_CONTACTS)), f"{MOST_CONTACTS}+"]
    return _of_runs("per_household", "bar", labels, names, values)


def _added(teams: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    return [round(sum(values), 1) for values in zip(*(team[name] for team in teams), strict=True)]


def _against_capacity(kind: str, runs: Sequence[Mapping[str, Any]], names: Sequence[str], language: str) -> Chart:
    chart = _weekly(kind, runs, names, [_added(run["teams"], kind) for run in runs])
    most = sum(team["capacity_per_week"][kind] for team in runs[0]["teams"])
    room = Series(name="Wat kan" if language == "nl" else "Room", values=[most] * len(chart.labels))
    return Chart(key=kind, title="", kind="line", labels=chart.labels, series=(*chart.series, room), step=4)


def _sent(run: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"sent": {target: answers["sent"] for target, answers in run["referrals"].items()}}


def _partners(language: str) -> Mapping[str, str]:
    return {key: title[language] for key, title in targets().items()}


def svg(chart: Chart) -> str:
    """Draw a chart as SVG text that needs nothing from elsewhere and is the same for the same data."""
    kinds = {"line": pygal.Line, "bar": pygal.Bar, "stacked": pygal.StackedBar}
    drawn = kinds[chart.kind](
        style=STYLE,
        js=(),
        width=900,
        height=420,
        legend_at_bottom=True,
        legend_at_bottom_columns=4 if chart.kind == "stacked" else 1,
        truncate_legend=-1,
        truncate_label=-1,
        legend_box_size=14,
        show_dots=chart.kind == "line" and len(chart.labels) < 20,
        show_x_guides=False,
        disable_xml_declaration=True,
        x_labels_major_every=chart.step,
        show_minor_x_labels=chart.step == 1,
        x_label_rotation=20 if chart.kind == "bar" and len(chart.labels) in range(5, 12) else 0,
        min_scale=3,
        max_scale=7,
        range=(0, _top(chart)),
        no_data_text="–",
        margin=12,
    )
    drawn.uuid = f"grafiek-{chart.key}"
    drawn.add_xml_filter(_plain)
    drawn.x_labels = list(chart.labels)
    for series in chart.series:
        drawn.add(series.name, list(series.values))
    text: str = drawn.render(is_unicode=True)
    return text


def _plain(root: Any) -> Any:
    """Take out of a drawing what a still picture has no use for: scripts, tooltips, remarks with today's date."""
    for parent in list(root.iter()):
        for child in list(parent):
            if not isinstance(child.tag, str) or child.tag.rpartition("}")[2] in {"script", "desc"}:
                parent.remove(child)
    return root


def _top(chart: Chart) -> float:
    if chart.kind == "stacked":
        return max((sum(values) for values in zip(*(s.values for s in chart.series), strict=True)), default=1) or 1
    return max((value for series in chart.series for value in series.values), default=1) or 1

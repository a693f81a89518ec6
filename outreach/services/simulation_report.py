"""Write what a simulation found in a folder: one page to read and print, its charts, and the figures for a computer."""

import base64
import csv
import io
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from outreach.services.simulation_charts import Chart, charts, svg
from outreach.services.simulation_table import Row, rows
from outreach.services.simulation_words import (
    METHOD,
    NO_FORECAST,
    SUPPOSED,
    TEXTS,
    circumstances,
    example_notes,
    figure_value,
    source_text,
)

CSS = """
body { font: 16px/1.5 "Source Sans 3", "Source Sans Pro", Arial, sans-serif; color: #17272b; max-width: 62rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.8rem; line-height: 1.2; } h2 { font-size: 1.25rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; margin: .8rem 0 1.2rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #dde4e4; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
.soft { color: #4d5f64; font-size: .92rem; } img { width: 100%; height: auto; }
figure { margin: 1.4rem 0; break-inside: avoid; } figcaption { font-weight: 600; }
details { margin: .4rem 0 1rem; } .note { background: #e4f0f0; padding: .8rem 1rem; border-radius: 8px; }
@media print { details { display: none; } body { margin: 0; } }
"""


def write_report(found: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write report.html, charts/*.svg, results.json and results.csv; return what was written."""
    drawn = charts(found)
    (folder / "charts").mkdir(parents=True, exist_ok=True)
    files = {
        folder / "report.html": html_of(found, drawn),
        folder / "results.json": json.dumps(found, indent=1, ensure_ascii=False),
        folder / "results.csv": csv_of(found),
        **{folder / "charts" / f"{chart.key}.svg": svg(chart) for chart in drawn},
    }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return tuple(files)


def csv_of(found: Mapping[str, Any]) -> str:
    """Return the measures as CSV with a semicolon: plain numbers, money in cents, shares from 0 to 1."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sides = ["first", *(["against", "difference"] if found["against"] else [])]
    writer.writerow(["measure", *(f"{side}_{part}" for side in sides for part in ("value", "low", "high"))])
    for part in ("measures", "first_talk_days"):
        for key in found["first"][part]:
            name = key if part == "measures" else f"first_talk_days_{key}"
            writer.writerow(
                [name, *(found[side][part][key][each] for side in sides for each in ("value", "low", "high"))]
            )
    return out.getvalue()


def html_of(found: Mapping[str, Any], drawn: tuple[Chart, ...]) -> str:
    """Return one page in Dutch that holds everything it shows."""
    first, other = found["first"], found["against"]
    title = first["title"]["nl"] + (f" naast {other['title']['nl']}" if other else "")
    notes = "".join(f"<p class='soft'>{escape(note)}</p>" for note in example_notes(found, "nl"))
    body = [
        f"<h1>{escape(TEXTS['nl']['title'])}: {escape(title)}</h1>",
        f"<p>{escape(circumstances(found, 'nl'))}</p>",
        f"<p class='note'>{escape(NO_FORECAST['nl'])}</p>",
        notes,
        f"<h2>{TEXTS['nl']['in_figures']}</h2>",
        _measures(rows(found, "nl"), first["title"]["nl"], other["title"]["nl"] if other else None),
        f"<p class='soft'>{escape(METHOD['nl'])}</p>",
        f"<h2>{TEXTS['nl']['in_charts']}</h2>",
        *(_figure(chart) for chart in drawn),
        f"<h2>{TEXTS['nl']['supposed']}</h2>",
        f"<p>{escape(SUPPOSED['nl'])}</p>",
        _supposed(found),
        f"<p class='soft'>{escape(_versions(found))}</p>",
    ]
    head = f"<meta charset='utf-8'><meta name='viewport' content='width=device-width'><title>{escape(title)}</title>"
    return f"<!doctype html><html lang='nl'><head>{head}<style>{CSS}</style></head><body>{''.join(body)}</body></html>"


def _measures(listed: tuple[Row, ...], first: str, other: str | None) -> str:
    names = [first] if other is None else [first, other, TEXTS["nl"]["difference"]]
    head = "".join(f"<th class='n' scope='col'>{escape(name)}</th>" for name in names)
    lines = []
    for row in listed:
        pairs = [(row.value, row.interval)]
        if other is not None:
            note = "" if row.clear else TEXTS["nl"]["chance"]
            pairs += [(row.against, row.against_interval), (row.difference, note or row.difference_interval)]
        cells = "".join(f"<td class='n'>{escape(a)}<br><span class='soft'>{escape(b)}</span></td>" for a, b in pairs)
        lines.append(f"<tr><th scope='row'>{escape(row.title)}</th>{cells}</tr>")
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _figure(chart: Chart) -> str:
    data = base64.b64encode(svg(chart).encode()).decode()
    head = "".join(f"<th class='n' scope='col'>{escape(series.name)}</th>" for series in chart.series)
    lines = "".join(
        f"<tr><th scope='row'>{escape(label)}</th>"
        + "".join(f"<td class='n'>{series.values[place]}</td>" for series in chart.series)
        + "</tr>"
        for place, label in enumerate(chart.labels)
    )
    return (
        f"<figure><figcaption>{escape(chart.title)}</figcaption>"
        f"<img alt='{escape(chart.title, quote=True)}' src='data:image/svg+xml;base64,{data}'>"
        f"<details><summary>{TEXTS['nl']['as_table']}</summary><table><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table></details></figure>"
    )


def _supposed(found: Mapping[str, Any]) -> str:
    lines = "".join(
        f"<tr><th scope='row'>{escape(each['nl'])}</th><td class='n'>{escape(figure_value(each, 'nl'))}</td>"
        f"<td>{escape(source_text(each['source'], 'nl'))}</td></tr>"
        for each in found["figures"]
    )
    return (
        f"<table><thead><tr><td></td><th class='n'>Waarde</th><th>Bron</th></tr></thead><tbody>{lines}</tbody></table>"
    )


def _versions(found: Mapping[str, Any]) -> str:
    versions = found["versions"]
    hashes = ", ".join(f"{name} {digest[:8]}" for name, digest in versions["ladders"].items())
    return f"Versies: ladder {hashes}; cijfers {versions['figures'][:8]}; product {versions['product']}."

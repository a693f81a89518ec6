"""`outreach ladder`: the ladders and routes that ship, and the check of an own file."""

import re
from pathlib import Path
from typing import Any

import click

from outreach.cli.frame import json_option, print_json
from outreach.errors import OutreachError
from schedules.errors import LadderError
from schedules.ladder import Ladder, open_gaps
from schedules.loader import load_preset, parse_ladder, preset_names, preset_text
from schedules.route import load_route, route_names

_SINGLE = re.compile(r"did you mean '(.+)'\?")


@click.group("ladder")
def ladder_group() -> None:
    """Contactladders en routes."""


@ladder_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Noem elke contactladder en route die meekomt, met bron en status."""
    rows = [_ladder_data(load_preset(name)) for name in preset_names()]
    rows += [_route_data(name) for name in route_names()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        gaps = f", {len(row['gaps'])} maal 'staat niet in de bron'" if row["gaps"] else ""
        click.echo(f"{row['kind']:7} {row['name']:24} {row['status']:8} {row['title']}{gaps}")


def _ladder_data(ladder: Ladder) -> dict[str, Any]:
    return {
        "kind": "ladder",
        "name": ladder.name,
        "title": ladder.title["nl"],
        "status": ladder.status,
        "source": ladder.source.document,
        "lines": ladder.source.lines,
        "year": ladder.source.year,
        "valid_from": ladder.valid_from,
        "steps": len(ladder.steps),
        "gaps": [gap.name for gap in open_gaps(ladder, {})],
    }


def _route_data(name: str) -> dict[str, Any]:
    route = load_route(name)
    return {
        "kind": "route",
        "name": name,
        "title": route.title["nl"],
        "status": route.status,
        "source": route.source.document,
        "lines": route.source.lines,
        "year": route.source.year,
        "valid_from": route.valid_from,
        "steps": None,
        "gaps": [gap.name for gap in route.gaps],
    }


@ladder_group.command("show")
@click.argument("name")
def show_command(name: str) -> None:
    """Print het bestand van een contactladder."""
    if name not in preset_names():
        raise OutreachError(
            f"Er is geen contactladder {name}. Kies uit: {', '.join(preset_names())}.",
            f"There is no ladder {name}. Choose from: {', '.join(preset_names())}.",
        )
    click.echo(preset_text(name), nl=False)


@ladder_group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check_command(file: Path, as_json: bool) -> None:
    """Lees een eigen ladderbestand en noem elke fout met regelnummer."""
    try:
        ladder = parse_ladder(file.read_text("utf-8"), file.name)
        problems: list[dict[str, Any]] = []
    except LadderError as error:
        problems = [
            {"line": each.line, "path": each.path, "message": each.message, "suggestion": each.suggestion}
            for each in error.problems
        ]
    if as_json:
        print_json({"file": file.name, "ok": not problems, "problems": problems})
    elif problems:
        for each in problems:
            hint = _hint(each["suggestion"] or "")
            click.echo(f"{file.name}:{each['line']}: {each['path']}: {each['message']}{hint}")
    else:
        click.echo(f"{file.name}: goed, {len(ladder.steps)} stappen.")
    raise SystemExit(1 if problems else 0)


def _hint(suggestion: str) -> str:
    """Ask about a single word; what may be chosen, or other advice, is printed as it is."""
    single = _SINGLE.fullmatch(suggestion)
    if single:
        return f" Bedoelt u '{single.group(1)}'?"
    return f" ({suggestion})" if suggestion else ""

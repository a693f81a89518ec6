"""`outreach ladder`: the ladders, routes and trajectories that ship, their published form, the check of an own file."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from outreach.cli.files import file_text
from outreach.cli.frame import json_option, print_json
from outreach.cli.proof_commands import prove_command
from outreach.cli.version_commands import move_command, publish_command, versions_command
from outreach.errors import OutreachError
from schedules.errors import LadderError
from schedules.ladder import Ladder, open_gaps
from schedules.loader import parse_ladder, preset_names
from schedules.problem_words import message_text
from schedules.route import RouteDefinition, load_route, parse_route, route_names, route_text
from schedules.route_schema import route_schema, trajectory_schema
from schedules.schema import ladder_schema
from schedules.shipped import load_shipped, shipped_names, shipped_text, source_of
from schedules.strict_yaml import read_document
from schedules.trajectory import (
    TrajectoryDefinition,
    load_trajectory,
    parse_trajectory,
    trajectory_names,
    trajectory_text,
)

_SINGLE = re.compile(r"did you mean '(.+)'\?")

SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "ladder": ladder_schema,
    "route": route_schema,
    "trajectory": trajectory_schema,
}
"""The published JSON Schemas by the kind of file; also under docs/schemas."""

KINDS = {"ladder": "contactladder", "route": "route", "trajectory": "traject"}


@click.group("ladder")
def ladder_group() -> None:
    """Contactladders, routes en trajecten."""


ladder_group.add_command(prove_command)
ladder_group.add_command(publish_command)
ladder_group.add_command(versions_command)
ladder_group.add_command(move_command)


@ladder_group.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """Noem elke contactladder, elke route en elk traject dat meekomt, met bron en status."""
    rows = listed()
    if as_json:
        print_json(rows)
        return
    for row in rows:
        gaps = f", {len(row['gaps'])} maal 'staat niet in de bron'" if row["gaps"] else ""
        ended = f", gestopt op {row['valid_to']}" if row["valid_to"] else ""
        click.echo(f"{KINDS[row['kind']]:13} {row['name']:40} {row['status']:8} {row['title']}{gaps}{ended}")


def listed() -> list[dict[str, Any]]:
    """Return every shipped name as plain data: kind, system, status, validity, source, gaps; ladders with variants."""
    return [
        *(_ladder_data(load_shipped(name)) for name in preset_names()),
        *(_partner_data("route", load_route(name)) for name in route_names()),
        *(_partner_data("trajectory", load_trajectory(name)) for name in trajectory_names()),
    ]


def _ladder_data(ladder: Ladder) -> dict[str, Any]:
    return {
        "kind": "ladder",
        "name": ladder.name,
        "system": ladder.name,
        "title": ladder.title["nl"],
        "status": ladder.status,
        **_provenance(ladder),
        "steps": len(ladder.steps),
        "gaps": [gap.name for gap in open_gaps(ladder, {})],
        "variants": [name for name in shipped_names() if source_of(name) == ladder.name],
    }


def _partner_data(kind: str, definition: RouteDefinition | TrajectoryDefinition) -> dict[str, Any]:
    target = definition.target if isinstance(definition, RouteDefinition) else definition.partner
    return {
        "kind": kind,
        "name": definition.name,
        "system": definition.system,
        "title": definition.title["nl"],
        "status": definition.status,
        **_provenance(definition),
        "target": target,
        "owner": definition.owner,
        "gaps": [gap.name for gap in definition.gaps],
    }


def _provenance(definition: Ladder | RouteDefinition | TrajectoryDefinition) -> dict[str, Any]:
    return {
        "source": definition.source.document,
        "year": definition.source.year,
        "lines": definition.source.lines,
        "valid_from": definition.valid_from,
        "valid_to": definition.valid_to,
    }


@ladder_group.command("show")
@click.argument("name")
def show_command(name: str) -> None:
    """Print het bestand van een contactladder, route of traject."""
    click.echo(_text_of(name), nl=False)


def _text_of(name: str) -> str:
    if name in shipped_names():
        return shipped_text(name)
    if name in route_names():
        return route_text(name)
    if name in trajectory_names():
        return trajectory_text(name)
    known = ", ".join((*shipped_names(), *route_names(), *trajectory_names()))
    raise OutreachError(
        f"Er is geen contactladder, route of traject {name}. Kies uit: {known}.",
        f"There is no ladder, route or trajectory {name}. Choose from: {known}.",
    )


@ladder_group.command("schema")
@click.argument("kind", type=click.Choice(list(SCHEMAS)))
def schema_command(kind: str) -> None:
    """Print het JSON Schema van een contactladder, route of traject."""
    click.echo(schema_text(kind), nl=False)


def schema_text(kind: str) -> str:
    """Write a published JSON Schema as it stands under docs/schemas."""
    return json.dumps(SCHEMAS[kind](), indent=2, ensure_ascii=False) + "\n"


@ladder_group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check_command(file: Path, as_json: bool) -> None:
    """Lees een eigen bestand van een contactladder, route of traject en noem elke fout met regelnummer."""
    text = file_text(file)
    kind = _kind_of(text)
    good = ""
    problems: list[dict[str, Any]] = []
    try:
        good = _read(kind, text, file.name)
    except LadderError as error:
        problems = [
            {"line": each.line, "path": each.path, "message": each.message, "suggestion": each.suggestion}
            for each in error.problems
        ]
    if as_json:
        print_json({"file": file.name, "kind": kind, "ok": not problems, "problems": problems})
    elif problems:
        for each in problems:
            hint = _hint(each["suggestion"] or "")
            click.echo(f"{file.name}:{each['line']}: {each['path']}: {message_text(each['message'])}{hint}")
    else:
        click.echo(f"{file.name}: goed, {good}.")
    raise SystemExit(1 if problems else 0)


def _kind_of(text: str) -> str:
    """Tell what a file is by its own first words; a file that says nothing is read as a ladder."""
    data = read_document(text).data
    found = [kind for kind in SCHEMAS if isinstance(data, dict) and kind in data]
    return found[0] if found else "ladder"


def _read(kind: str, text: str, filename: str) -> str:
    if kind == "route":
        route = parse_route(text, filename)
        return f"een route naar {route.target}, {len(route.feedback)} keer terugmelden"
    if kind == "trajectory":
        trajectory = parse_trajectory(text, filename)
        return f"een traject met {len(trajectory.conditions)} voorwaarden"
    return f"{len(parse_ladder(text, filename).steps)} stappen"


def _hint(suggestion: str) -> str:
    """Ask about a single word; what may be chosen, or other advice, is printed as it is."""
    single = _SINGLE.fullmatch(suggestion)
    if single:
        return f". Bedoelt u '{single.group(1)}'?"
    return f" ({suggestion})" if suggestion else ""

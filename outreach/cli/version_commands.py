"""`outreach ladder publish`, `versions` and `move`: versions of a landlord's ladders from the command line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from outreach.cli.files import faulty, ladder_text
from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.db.scope import Scope
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.ladder_effects import Counting, effects_of, plain_effects, together, unknown_steps
from outreach.services.ladder_groups import Group, running_groups
from outreach.services.ladder_moving import likely, move_cases
from outreach.services.ladder_obstacles import read_ladder
from outreach.services.ladder_preview import running_ladders, shown
from outreach.services.ladder_versions import cleared, publish
from outreach.services.policy import ladder_of, load_policy
from outreach.services.reading.ladder_versions import VersionView, read_versions
from schedules.errors import LadderError
from schedules.loader import parse_ladder

ACTOR = Actor(label="opdrachtregel")


@click.command("publish")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reason", required=True, help="Waarom de ladder verandert.")
@landlord_option
@json_option
def publish_command(file: Path, reason: str, landlord_slug: str | None, as_json: bool) -> None:
    """Zet een ladderbestand als nieuwe versie in werking, of stel het voor als de verhuurder vier ogen wil."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    text = ladder_text(file)
    name = _name_in(text, file)
    with runtime.db.read() as session:
        policy = load_policy(session, landlord.id)
    effects = shown(runtime, policy, name, read_ladder(text, name), text)
    done = publish(runtime, ACTOR, landlord.id, name, text, reason=reason, effects=effects)
    if as_json:
        print_json(
            {"ladder": name, "state": done.state, "version": done.document_id, "proposal": done.proposal_id, **effects}
        )
        return
    ended = (
        "van kracht" if done.state == "approved" else f"voorgesteld (voorstel {done.proposal_id}), een collega beslist"
    )
    click.echo(f"{name}: {ended}. {effects['cases']['cases']} lopende dossiers blijven op hun versie.")


def _name_in(text: str, file: Path) -> str:
    try:
        return parse_ladder(text, file.name).name
    except LadderError as error:
        raise faulty(error) from error


@click.command("versions")
@click.argument("name")
@landlord_option
@json_option
def versions_command(name: str, landlord_slug: str | None, as_json: bool) -> None:
    """Noem elke versie van een ladder: wie, wanneer, bewezen, en hoeveel dossiers erop lopen."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    rows = [_version_data(view) for view in _versions(runtime, landlord.id, name)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        where = "van kracht" if row["in_force"] else ""
        by = row["by"] or ("meegeleverd" if row["shipped"] else "opdrachtregel")
        click.echo(
            f"{row['version']:9} {row['made_at'][:10]} {by:24} {row['proof'] or 'nog niet bewezen':17} "
            f"{row['open_cases']:5} dossiers {where}".rstrip()
        )


def _versions(runtime: Runtime, landlord_id: int, name: str) -> tuple[VersionView, ...]:
    with runtime.db.read() as session:
        policy = load_policy(session, landlord_id)
        found = read_versions(session, Scope(landlord_id=landlord_id), policy, name)
    if not found:
        names = ", ".join(sorted(policy.ladder_version_ids))
        raise OutreachError(
            f"Er is geen contactladder {name}. Kies uit: {names}.", f"There is no ladder {name}. Choose from: {names}."
        )
    return found


def _version_data(view: VersionView) -> dict[str, Any]:
    return {
        "id": view.document_id,
        "version": view.short,
        "made_at": view.created_at.isoformat(),
        "by": view.by,
        "shipped": view.shipped,
        "in_force": view.in_force,
        "open_cases": view.open_cases,
        "moved_in": view.moved_in,
        "proof": view.proof.status if view.proof else None,
        "proposals": [
            {
                "id": each.row.id,
                "state": each.row.state,
                "at": each.row.at.isoformat(),
                "by": each.by,
                "second": each.second,
                "reason": each.row.reason,
            }
            for each in view.proposals
        ],
    }


@click.command("move")
@click.argument("name")
@click.option("--from", "from_version", required=True, help="Van welke versie (zie ladder versions).")
@click.option("--to", "to_version", required=True, help="Naar welke versie.")
@click.option("--groups", multiple=True, help="Alleen deze groep (VERSIE/FASE/STAP/STAND); mag vaker.")
@click.option(
    "--map", "pairs", multiple=True, metavar="OUD=NIEUW", help="Gedane stap OUD telt als NIEUW; OUD= telt niet."
)
@click.option("--reason", default="", help="Waarom de dossiers verplaatst worden.")
@click.option("--dry-run", is_flag=True, help="Laat alleen zien wat er zou veranderen.")
@landlord_option
@json_option
def move_command(
    name: str,
    from_version: str,
    to_version: str,
    groups: tuple[str, ...],
    pairs: tuple[str, ...],
    reason: str,
    dry_run: bool,
    landlord_slug: str | None,
    as_json: bool,
) -> None:
    """Verplaats lopende dossiers naar een andere versie; wat gedaan is blijft gedaan."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    versions = _versions(runtime, landlord.id, name)
    source, target = _pick(versions, from_version), _pick(versions, to_version)
    policy = cleared(runtime, landlord.id, target)
    with runtime.db.read() as session:
        chosen = _groups(session, runtime, landlord.id, name, source, groups)
        ids = [case_id for group in chosen for case_id in group.case_ids]
        ladder = ladder_of(session, policy, target)
        unknown = unknown_steps(runtime, session, ids, ladder, target)
        given = _mapping(pairs)
        mapping: Counting = (
            {**likely(running_ladders(session, policy, chosen), ladder, unknown), **given} if dry_run else given
        )
        parts = {group.key: group.case_ids for group in chosen}
        effects = effects_of(runtime, session, policy, parts, target, mapping)
    found: dict[str, Any] = {
        "groups": {key: plain_effects(each) for key, each in effects.items()},
        "whole": plain_effects(together(effects.values())),
        "unknown_steps": dict(unknown),
        "mapping": dict(mapping),
        "moved": 0,
    }
    if not dry_run:
        done = move_cases(runtime, ACTOR, landlord.id, ids, target, mapping=given, reason=reason)
        found["moved"] = done.moved
    if as_json:
        print_json(found)
        return
    for key, each in effects.items():
        click.echo(f"{key}: {each.cases} dossiers, {each.unchanged} zonder verandering, {dict(each.changes)}")
    for step, number in unknown.items():
        click.echo(
            f"Gedaan en onbekend in de nieuwe versie: {step} ({number}). Kies met --map {step}=STAP of --map {step}="
        )
    click.echo("Er is niets verplaatst." if dry_run else f"{found['moved']} dossiers verplaatst.")


def _pick(versions: Sequence[VersionView], wanted: str) -> int:
    found = [view.document_id for view in versions if view.short == wanted or str(view.document_id) == wanted]
    if len(found) == 1:
        return found[0]
    names = ", ".join(view.short for view in versions)
    raise OutreachError(
        f"Er is geen versie {wanted}. Kies uit: {names}.", f"There is no version {wanted}. Choose: {names}."
    )


def _groups(
    session: Session, runtime: Runtime, landlord_id: int, name: str, source: int, keys: tuple[str, ...]
) -> tuple[Group, ...]:
    day = runtime.calendar.day_of(runtime.clock())
    found = running_groups(session, Scope(landlord_id=landlord_id), name, day)
    mine = tuple(group for group in found if group.version_id == source)
    strange = sorted(set(keys) - {group.key for group in mine})
    if strange:
        known = ", ".join(group.key for group in mine)
        raise OutreachError(
            f"Er is geen groep {strange[0]}. Kies uit: {known}.", f"There is no group {strange[0]}: {known}."
        )
    return tuple(group for group in mine if not keys or group.key in keys)


def _mapping(pairs: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for pair in pairs:
        old, sign, new = pair.partition("=")
        if not sign or not old:
            raise OutreachError(f"Schrijf --map OUD=NIEUW, niet {pair}.", f"Write --map OLD=NEW, not {pair}.")
        found[old] = new or None
    return found

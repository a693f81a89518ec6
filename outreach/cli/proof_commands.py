"""`outreach ladder prove`: prove or refute a ladder, with the shortest counterexample as a dated timeline."""

import resource
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import click

from messages.catalogue import Catalogue, load_catalogue
from outreach.cli.files import faulty, ladder_text
from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.clock import system_clock
from outreach.errors import OutreachError
from outreach.services.policy import load_policy
from outreach.services.proving import (
    FLOOR_VARIANT,
    SOURCE_VARIANT,
    first_due,
    partner_proofs,
    prove_for_landlord,
    prove_ladder,
    prove_shipped,
)
from schedules.calendar import Calendar, load_law, to_local
from schedules.errors import LadderError
from schedules.ladder import example_fills
from schedules.loader import parse_ladder
from schedules.proof import Finding, Proof, Status
from schedules.proof.prover import DEPTH
from schedules.reasons import day_text
from schedules.settings import PolicySettings
from schedules.shipped import shipped_names, shipped_text

PROCESSES = 2
VARIANTS = {SOURCE_VARIANT: "als bron", FLOOR_VARIANT: "met bodem"}
MARKS = {Status.PROVEN: "bewezen", Status.REFUTED: "WEERLEGD", Status.GAP: "open"}


@dataclass(frozen=True, kw_only=True)
class Proven:
    """A proof with what it took: seconds, and the peak memory of its process in MiB."""

    proof: Proof
    seconds: float
    memory_mb: int

    def as_data(self) -> dict[str, Any]:
        """Return the proof as plain data, with what it took."""
        return {**self.proof.as_data(), "seconds": round(self.seconds, 3), "memory_mb": self.memory_mb}


@click.command("prove")
@click.argument("ladder", required=False)
@click.option("--all", "everything", is_flag=True, help="Bewijs elke contactladder, route en traject die meekomt.")
@click.option(
    "--settings",
    "chosen",
    type=click.Choice(["none", "example", "landlord"]),
    default="none",
    show_default=True,
    help="Waarmee wat de bron openlaat wordt ingevuld: niets, de voorbeelden, of de instellingen van de verhuurder.",
)
@click.option("--depth", default=DEPTH, show_default=True, type=click.IntRange(0, 8), help="Gewicht van verrassingen.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="Vervaldag waarmee het dossier begint (jjjj-mm-dd).")
@landlord_option
@json_option
def prove_command(
    ladder: str | None,
    everything: bool,
    chosen: str,
    depth: int,
    start: datetime | None,
    landlord_slug: str | None,
    as_json: bool,
) -> None:
    """Bewijs of weerleg een contactladder. LADDER is een naam of een bestand. Exitcode 1 als iets niet bewezen is."""
    due_on = start.date() if start else first_due(to_local(system_clock()).date())
    if everything and ladder is not None:
        raise OutreachError("Geef een naam of --all, niet allebei.", "Give a name or --all, not both.")
    if everything:
        found = prove_all(shipped_names(), chosen == "example", due_on, depth)
        found += [_timed(prove) for prove in partner_proofs(due_on, examples=chosen == "example")]
        failed = any(_fails(each.proof) for each in found)
    elif ladder is None:
        raise OutreachError(
            "Noem een contactladder of een bestand, of geef --all.", "Name a ladder or a file, or --all."
        )
    else:
        found = [_timed(lambda: _prove_one(ladder, chosen, landlord_slug, due_on, depth))]
        failed = found[0].proof.status is not Status.PROVEN
    if as_json:
        print_json([each.as_data() for each in found] if everything else found[0].as_data())
    else:
        _tell(found, brief=everything)
    raise SystemExit(1 if failed else 0)


def _fails(proof: Proof) -> bool:
    """Say whether a shipped proof is not as it should be: a source may be refuted, a gap may wait for a landlord.

    What has ended by its own `valid_to` is refuted as it should be.
    """
    has_ended = [finding.key for finding in proof.findings if finding.status is Status.REFUTED] == ["valid"]
    return proof.variant != SOURCE_VARIANT and proof.status is Status.REFUTED and not has_ended


def prove_all(names: Sequence[str], examples: bool, start: date, depth: int) -> list[Proven]:
    """Prove shipped ladders in two processes, in the order given."""
    with ProcessPoolExecutor(max_workers=PROCESSES) as pool:
        count = len(names)
        return list(pool.map(_prove_named, names, [examples] * count, [start] * count, [depth] * count))


def _prove_named(name: str, examples: bool, start: date, depth: int) -> Proven:
    catalogue, calendar = _shared()
    return _timed(lambda: prove_shipped(name, catalogue, calendar, start, examples=examples, depth=depth))


@lru_cache(maxsize=1)
def _shared() -> tuple[Catalogue, Calendar]:
    return load_catalogue(), Calendar(load_law())


def _timed(work: Any) -> Proven:
    began = time.perf_counter()
    proof = work()
    seconds = time.perf_counter() - began
    return Proven(proof=proof, seconds=seconds, memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _prove_one(name: str, chosen: str, landlord_slug: str | None, start: date, depth: int) -> Proof:
    catalogue, calendar = _shared()
    if chosen == "landlord":
        return _prove_with_landlord(_text_of(name), landlord_slug)
    if name in shipped_names():
        return prove_shipped(name, catalogue, calendar, start, examples=chosen == "example", depth=depth)
    ladder = _parsed(_text_of(name), name)
    fills = dict(example_fills(ladder)) if chosen == "example" else {}
    return prove_ladder(ladder, PolicySettings(fills=fills), catalogue, calendar, start, depth=depth)


def _text_of(name: str) -> str:
    if name in shipped_names():
        return shipped_text(name)
    path = Path(name)
    if not path.is_file():
        names = ", ".join(shipped_names())
        raise OutreachError(
            f"Er is geen contactladder of bestand {name}. Kies uit: {names}.",
            f"There is no ladder or file {name}. Choose from: {names}.",
        )
    return ladder_text(path)


def _parsed(text: str, name: str) -> Any:
    try:
        return parse_ladder(text, Path(name).name)
    except LadderError as error:
        raise faulty(error) from error


def _prove_with_landlord(text: str, slug: str | None) -> Proof:
    _parsed(text, "ladder.yaml")
    runtime = open_runtime()
    try:
        landlord = choose_landlord(runtime, slug)
        with runtime.db.read() as session:
            policy = load_policy(session, landlord.id)
        return prove_for_landlord(runtime, policy, text)
    finally:
        runtime.db.dispose()


def _tell(found: Sequence[Proven], *, brief: bool) -> None:
    for each in found:
        proof = each.proof
        took = f"{proof.states} toestanden, {proof.transitions} overgangen, {each.seconds:.2f} s, {each.memory_mb} MiB"
        click.echo(f"{proof.ladder:38} {VARIANTS.get(proof.variant, ''):9} {MARKS[proof.status]:9} {took}")
        for finding in proof.broken() if brief else proof.findings:
            click.echo(f"    {MARKS[finding.status]:9} {finding.title.nl}")
            if not brief:
                _tell_finding(finding)


def _tell_finding(finding: Finding) -> None:
    if finding.why is not None and not finding.counterexample:
        click.echo(f"              {finding.why.nl}")
    for entry in finding.counterexample:
        local = to_local(entry.at)
        click.echo(f"              dag {entry.day:>3}  {day_text(local.date())} {local:%H:%M}  {entry.text.nl}")

"""Measure the proof: states, seconds and peak memory per shipped ladder, in one process, and in all."""

import resource
import time
from datetime import date
from typing import Any

import click

from messages.catalogue import load_catalogue
from outreach.cli.files import known_ladder
from outreach.cli.frame import json_option, print_json
from outreach.services.proving import prove_shipped
from schedules.calendar import Calendar, load_law
from schedules.proof.prover import DEPTH
from schedules.shipped import shipped_names

DUE_ON = date(2026, 12, 1)


@click.command("prove")
@click.argument("names", nargs=-1)
@click.option("--depth", default=DEPTH, show_default=True, type=click.IntRange(0, 8), help="Gewicht van verrassingen.")
@json_option
def bench_prove_command(names: tuple[str, ...], depth: int, as_json: bool) -> None:
    """Meet het bewijzen van contactladders: toestanden, seconden en geheugen. Zonder NAMES: elke die meekomt."""
    catalogue, calendar = load_catalogue(), Calendar(load_law())
    rows: list[dict[str, Any]] = []
    for name in [known_ladder(name) for name in names] or shipped_names():
        began, worked = time.perf_counter(), time.process_time()
        proof = prove_shipped(name, catalogue, calendar, DUE_ON, examples=True, depth=depth)
        seconds, cpu = time.perf_counter() - began, time.process_time() - worked
        row = {"name": name, "status": str(proof.status), "states": proof.states, "transitions": proof.transitions}
        rows.append(
            {
                **row,
                "depth": proof.depth,
                "seconds": round(seconds, 3),
                "cpu_seconds": round(cpu, 3),
                "peak_memory_mb": _peak(),
            }
        )
    total = {
        "ladders": len(rows),
        "states": sum(row["states"] for row in rows),
        "seconds": round(sum(row["seconds"] for row in rows), 2),
        "cpu_seconds": round(sum(row["cpu_seconds"] for row in rows), 2),
        "peak_memory_mb": _peak(),
    }
    if as_json:
        print_json({"proofs": rows, **total})
        return
    for row in rows:
        click.echo(
            f"{row['name']:34} {row['status']:8} {row['states']:>7} toestanden  diepte {row['depth']}"
            f"  {row['seconds']:>6.2f} s  (rekentijd {row['cpu_seconds']:.2f} s)  {row['peak_memory_mb']:>4} MiB"
        )
    click.echo(
        f"{len(rows)} ladders: {total['states']} toestanden in {total['seconds']} s, {total['peak_memory_mb']} MiB"
    )


def _peak() -> int:
    """Return the peak memory of this process so far in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

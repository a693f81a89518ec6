"""`outreach bench`: figures and ratios, measured beside a plain limit; never a test."""

import click

from outreach.cli.bench_engine import bench_engine_command
from outreach.cli.bench_import import bench_import_command
from outreach.cli.bench_paper import bench_paper_command
from outreach.cli.bench_prove import bench_prove_command
from outreach.cli.bench_readability import bench_readability_command
from outreach.cli.bench_replies import bench_replies_command
from outreach.cli.bench_send import bench_send_command
from outreach.cli.bench_simulate import bench_simulate_command


@click.group("bench")
def bench_group() -> None:
    """Meet snelheid, geheugen en de leestoets."""


bench_group.add_command(bench_import_command, "import")
bench_group.add_command(bench_engine_command, "engine")
bench_group.add_command(bench_simulate_command, "simulate")
bench_group.add_command(bench_prove_command, "prove")
bench_group.add_command(bench_readability_command, "readability")
bench_group.add_command(bench_send_command, "send")
bench_group.add_command(bench_paper_command, "paper")
bench_group.add_command(bench_replies_command, "replies")

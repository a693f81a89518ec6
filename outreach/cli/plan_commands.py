"""`outreach plan`: the payment plans of a landlord, and one of them with its instalments."""

from typing import Any

import click

from messages.formats import euro
from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.domain.plan_states import STATES
from outreach.errors import OutreachError
from outreach.services.reading.plans import list_plans, read_plan


@click.group("plan")
def plan_group() -> None:
    """Toon betalingsregelingen."""


@plan_group.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Alleen deze stand; mag vaker.")
@landlord_option
@json_option
def plan_list(states: tuple[str, ...], landlord_slug: str | None, as_json: bool) -> None:
    """Toon de regelingen, de nieuwste eerst."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    with runtime.db.read() as session:
        plans = list_plans(session, landlord.id, states)
    runtime.db.dispose()
    if as_json:
        print_json({"landlord": landlord.slug, "plans": plans})
        return
    for plan in plans:
        click.echo(_line(plan))
    if not plans:
        click.echo("Er zijn geen regelingen.")


@plan_group.command("show")
@click.argument("plan_id", type=int)
@landlord_option
@json_option
def plan_show(plan_id: int, landlord_slug: str | None, as_json: bool) -> None:
    """Toon een regeling met al haar termijnen. PLAN_ID staat in `outreach plan list`."""
    runtime = open_runtime()
    landlord = choose_landlord(runtime, landlord_slug)
    with runtime.db.read() as session:
        plan = read_plan(session, landlord.id, plan_id)
    runtime.db.dispose()
    if plan is None:
        raise OutreachError(f"Regeling {plan_id} is er niet.", f"There is no plan {plan_id}.")
    if as_json:
        print_json(plan)
        return
    click.echo(_line(plan))
    for row in plan["instalments"]:
        paid = euro(row["paid_cents"], "nl")
        click.echo(
            f"  {row['number']:>3} {row['due_on']} {euro(row['amount_cents'], 'nl'):>12} {paid:>12} {row['state']}"
        )


def _line(plan: dict[str, Any]) -> str:
    month = euro(plan["month_cents"], "nl") if plan["month_cents"] else "-"
    paid = f"{euro(plan['paid_cents'], 'nl')} van {euro(plan['total_cents'], 'nl')}"
    return f"{plan['plan']:>6} {plan['case']} {plan['state']:<15} {month} per maand, {paid} betaald"

"""`outreach tenant-link`: make a link to the page of a tenant."""

import re
from dataclasses import replace

import click
from sqlalchemy import select

from outreach.cli.frame import choose_landlord, json_option, landlord_option, open_runtime, print_json
from outreach.config import Settings
from outreach.db.tables import CaseRow, TenantLinkRow
from outreach.errors import OutreachError
from outreach.runtime import Runtime
from outreach.services.actor import Actor
from outreach.services.tenant_links import grouped, link_address
from outreach.services.tenant_page_staff import make_by_hand, read_links, sandbox_answer

EVERYWHERE = frozenset({"0.0.0.0", "::", ""})
_NUMBER = re.compile(r"[Dd]?([0-9]{1,6})")
OPERATOR = Actor(label="operator")


def with_local_address(settings: Settings, host: str | None = None, port: int | None = None) -> Settings:
    """Give a sandbox without a public address that of the server on this machine, so that links can be followed."""
    if settings.mode != "sandbox" or settings.public_url:
        return settings
    name = host or settings.host
    return replace(settings, public_url=f"http://{'127.0.0.1' if name in EVERYWHERE else name}:{port or settings.port}")


def locally_addressed(runtime: Runtime, host: str | None = None, port: int | None = None) -> Runtime:
    """Give the runtime of a sandbox its local address."""
    return replace(runtime, settings=with_local_address(runtime.settings, host, port))


def whole_number(typed: str) -> str:
    """Return the number of a case as it is kept: `1`, `d1` and `D000001` are the same one."""
    found = _NUMBER.fullmatch(typed.strip())
    return f"D{int(found[1]):06d}" if found else typed


@click.command("tenant-link")
@click.argument("case")
@click.option("--port", type=int, help="De poort waarop de oefenomgeving draait, als dat een andere is dan gewoon.")
@landlord_option
@json_option
def tenant_link_command(case: str, port: int | None, landlord_slug: str | None, as_json: bool) -> None:
    """Maak een link naar de eigen pagina van de huurder. CASE is het nummer van het dossier: D000001, of alleen 1."""
    runtime = locally_addressed(open_runtime(), port=port)
    landlord = choose_landlord(runtime, landlord_slug)
    with runtime.db.read() as session:
        row = session.scalar(
            select(CaseRow).where(CaseRow.landlord_id == landlord.id, CaseRow.number == whole_number(case))
        )
        people = read_links(session, runtime, row, runtime.clock()).people if row is not None else ()
    if row is None or not people:
        raise OutreachError(f"Dossier {case} is er niet.", f"There is no case {case}.")
    link_id = make_by_hand(runtime, OPERATOR, row.id, people[0][0])
    _print(runtime, link_id, as_json)


def _print(runtime: Runtime, link_id: int, as_json: bool) -> None:
    with runtime.db.read() as session:
        made = session.get_one(TenantLinkRow, link_id)
        answer = sandbox_answer(session, runtime, made, runtime.clock())
    address = link_address(runtime.settings, made.code)
    if as_json:
        found = {"link": address, "code": grouped(made.code), "expires_at": made.expires_at}
        print_json(found | ({"answer": answer} if answer else {}))
        return
    click.echo(address)
    if answer:
        click.echo(f"Oefenomgeving: het antwoord op de vraag is {answer}.")

"""A landlord whose tenants have a page: a public address, homes with arrears, and links to open."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from outreach.db.tables import DeliveryRow, PersonRow, TenantLinkRow
from outreach.sample.clock import SimulatedClock
from outreach.services.day import TickReport, decide_day
from outreach.services.evidence import EvidenceBook
from outreach.services.tenant_links import make_link
from outreach.web.app import create_app
from tests.support.worlds import FIRST_DAY, Build, Home, World, building

BORN = date(1985, 3, 2)
PUBLIC = "https://huur.voorbeeld.example"


@dataclass(kw_only=True)
class PageWorld(World):
    """A world with one application, whose pages its tenants visit."""

    @cached_property
    def app(self) -> Flask:
        """Give the application."""
        return create_app(self.runtime)


def page_world(build: Build, *, public_url: str = PUBLIC, **values: Any) -> PageWorld:
    """Make a world with a public address, on its first day."""
    world = PageWorld(**vars(build(**values)))
    world.runtime = replace(world.runtime, settings=replace(world.runtime.settings, public_url=public_url))
    return world


@dataclass(kw_only=True)
class Kept:
    """A world on SQLite that is put back as it was before each test, with a tenant who owes and a link for him."""

    world: PageWorld
    home: Home | None = None
    code: str = ""
    file: Path
    at: datetime
    homes: list[Home] = field(default_factory=list)
    number: int = 0

    @property
    def copy(self) -> Path:
        """Give the file that the database is put back from."""
        return self.file.with_suffix(".kept")

    def keep(self) -> None:
        """Remember the world as it is now."""
        self.world.runtime.db.dispose()
        shutil.copyfile(self.file, self.copy)
        self.at, self.homes, self.number = self.world.clock(), list(self.world.homes), self.world.number

    def again(self) -> PageWorld:
        """Put the database, the clock and the folder of data back, and give the world."""
        self.world.runtime.db.dispose()
        for ending in ("-wal", "-shm"):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.copy, self.file)
        folder = self.world.runtime.settings.data_dir
        shutil.rmtree(folder)
        folder.mkdir()
        vars(self.world.clock).update(vars(SimulatedClock(self.at)))
        self.world.homes, self.world.number = list(self.homes), self.number
        return self.world


@contextmanager
def keeping_world(template: Path, folder: Path, *, with_home: bool = True, **values: Any) -> Iterator[Kept]:
    """Make a world from an empty database, with a tenant who owes and a link unless said otherwise."""
    file, data = folder / "kept.sqlite3", folder / "data"
    shutil.copyfile(template, file)
    data.mkdir()
    with building(f"sqlite:///{file}", data) as build:
        world = page_world(build, **values)
        kept = Kept(world=world, file=file, at=world.clock())
        if with_home:
            kept.home = in_arrears(world)
            kept.code = link_for(world, kept.home)
        kept.keep()
        yield kept


def in_arrears(world: World, *, cents: int = 40000, born_on: date | None = BORN, **values: Any) -> Home:
    """Add a tenant who owes, with a case from the first tick of the day."""
    home = world.home(**values)
    with world.runtime.db.write() as session:
        session.get_one(PersonRow, home.person_id).born_on = born_on
    world.owe(home, cents)
    if not world.rows(DeliveryRow):
        world.deliver(FIRST_DAY)
    decide_day(world.runtime, world.policy, world.at(FIRST_DAY, 10), TickReport())
    world.tick(FIRST_DAY, 10)
    return home


def link_for(world: World, home: Home) -> str:
    """Make a link for the tenant of a home, as a member of staff does; returns its code."""
    with world.runtime.db.write() as session:
        book = EvidenceBook(session, world.landlord_id, world.clock())
        made = make_link(session, book, world.runtime, world.policy_settings(session), world.case(home), home.person_id)
        assert made is not None
        book.write()
        return made.code


def link_row(world: World, code: str) -> TenantLinkRow:
    """Read the row of a link."""
    row: TenantLinkRow = world.rows(TenantLinkRow, TenantLinkRow.code == code)[0]
    return row


@dataclass
class Tenant:
    """Somebody at the tenant's page, by HTTP: opens pages and sends the forms that are on them."""

    app: Flask
    code: str
    address: str = "203.0.113.9"

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.page = ""
        self.status = 0

    def get(self, path: str = "", **headers: str) -> str:
        """Open a page below the link."""
        return self._kept(self.client.get(f"/r/{self.code}{path}", headers=headers, **self._from()))

    def post(self, path: str = "", *, mark: str | None = None, **fields: str) -> str:
        """Send a form with the mark of the page that is open, and follow where it leads."""
        found = re.search(r'name="mark" value="([^"]+)"', self.page)
        sent = {"mark": mark if mark is not None else found.group(1) if found else "", **fields}
        answer = self.client.post(f"/r/{self.code}{path}", data=sent, follow_redirects=True, **self._from())
        return self._kept(answer)

    def open(self, answer: str = "1985") -> str:
        """Answer the question."""
        self.get()
        return self.post(answer=answer)

    def mark(self) -> str:
        """Return the mark of the form that is open."""
        found = re.search(r'name="mark" value="([^"]+)"', self.page)
        return found.group(1) if found else ""

    def field(self, name: str) -> str:
        """Return what a hidden field holds."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return found.group(1) if found else ""

    def agree(self, amount: str) -> str:
        """Choose an amount a month (cents) and agree on what it means."""
        self.get("/plan")
        self.post("/plan", step="look", amount=amount)
        return self.post("/plan", step="agree", amount=self.field("amount"), shown=self.field("shown"), debts="no")

    def _kept(self, answer: TestResponse) -> str:
        self.page, self.status, self.headers = answer.get_data(as_text=True), answer.status_code, answer.headers
        return self.page

    def _from(self) -> dict[str, Any]:
        return {"environ_overrides": {"REMOTE_ADDR": self.address}}


def visiting(world: World, code: str, **values: Any) -> Tenant:
    """Give a tenant with a browser at a link."""
    app = world.app if isinstance(world, PageWorld) else create_app(world.runtime)
    return Tenant(app, code, **values)

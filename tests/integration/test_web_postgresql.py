"""Every page opens on PostgreSQL, over a landlord that lived; what the pages do is tested on SQLite."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from outreach.db.tables import CaseRow, DocumentRow, InboundRow, PartnerRow, ReferralRow, SavedAnswerRow, UserRow
from outreach.services.saved_answers import seed_answers
from outreach.services.users import hash_password
from outreach.web.app import create_app
from tests.support.builders import PASSWORD
from tests.support.console import Visitor
from tests.support.worlds import FIRST_DAY, World, building

pytestmark = [pytest.mark.integration, pytest.mark.postgresql]
NOT_MADE = {
    "attempt_id",
    "batch_id",
    "channel",
    "code",
    "delivery_id",
    "filename",
    "language",
    "proposal_id",
    "run_id",
    "token",
    "trajectory_id",
}
"""What this landlord has none of."""

WITH_A_DRAFT = {"text_publish.show", "ladder_publish.show", "ladder_publish.work"}
"""Pages of a draft, and nobody has begun one."""

TO_PRINT = {"print_room.day_letters", "print_room.cards"}
"""Pages for the printer, and nothing is to be printed that day."""


@pytest.fixture
def world(migrated_postgresql_url: str, tmp_path: Path) -> Iterator[World]:
    """Yield a landlord of six weeks, with tenants who never answer."""
    with building(migrated_postgresql_url, tmp_path) as build:
        made = build()
        for _ in range(2):
            made.owe(made.home())
        made.live(FIRST_DAY, FIRST_DAY + timedelta(days=44))
        made.reply("+31612999766", "Waarom krijg ik deze brief?")
        yield made


def first(world: World, table: Any, *conditions: Any) -> int:
    with world.runtime.db.read() as session:
        return session.scalars(select(table.id).where(*conditions).order_by(table.id).limit(1)).one()  # type: ignore[no-any-return]


OF_A_TEXT = ("text_editor.edit", "text_publish.history")


def addresses(app: Flask, values: dict[str, Any]) -> Iterator[str]:
    """Yield the address of every page, filled in with rows that are there."""
    for rule in app.url_map.iter_rules():
        left_out = rule.endpoint in WITH_A_DRAFT | TO_PRINT or bool(rule.arguments & NOT_MADE)
        if "GET" in (rule.methods or ()) and not left_out:
            given = {**values, "name": named(rule.endpoint), "part": "proefrit"}
            asked = {"channel": "sms", "language": "nl"} if rule.endpoint in OF_A_TEXT else {}
            with app.test_request_context():
                yield app.url_for(rule.endpoint, **{key: given[key] for key in rule.arguments}, **asked)  # type: ignore[arg-type]


def named(endpoint: str) -> str:
    names = {
        "routes.route": "vroegsignaal_gemeente",
        "routes.trajectory": "tilburg_tweede_kans",
        "messages.show": "reminder",
        "call_script.show": "robocall_arrears",
        **dict.fromkeys(OF_A_TEXT, "reminder"),
    }
    return names.get(endpoint, "standaard")


def test_every_page_opens(world: World) -> None:
    with world.runtime.db.write() as session:
        session.get_one(UserRow, world.actor.user_id).role = "admin"
        session.get_one(UserRow, world.actor.user_id).password_hash = hash_password(PASSWORD)
        seed_answers(session, world.landlord_id, world.clock())
    ladder = first(world, DocumentRow, DocumentRow.kind == "ladder", DocumentRow.name == "standaard")
    values = {
        "case_id": first(world, CaseRow),
        "referral_id": first(world, ReferralRow),
        "partner_id": first(world, PartnerRow),
        "user_id": world.actor.user_id,
        "inbound_id": first(world, InboundRow),
        "household_id": world.homes[0].household_id,
        "answer_id": first(world, SavedAnswerRow),
        "document_id": ladder,
        "old_id": ladder,
        "new_id": ladder,
        "day": FIRST_DAY.isoformat(),
        "key": "",
    }
    app = create_app(world.runtime)
    visitor = Visitor(app)
    visitor.sign_in()
    opened = {
        address: visitor.client.get(address, follow_redirects=True).status_code for address in addresses(app, values)
    }
    assert len(opened) > 40
    assert {address: status for address, status in opened.items() if status != 200} == {}

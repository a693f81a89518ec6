"""The webhooks as the web layer mounts them: who may GET, and a tenant that wants no more mail."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from channels.email_message import compose
from channels.email_smtp import EmailSmtp
from channels.settings import ChannelSettings
from channels.twilio_gateway import TwilioSms
from outreach.db.tables import InboundRow, IncomingEventRow, PermissionRow
from outreach.services.incoming import take_in
from outreach.web.app import create_app
from tests.contracts.test_channels_email import mail
from tests.support.worlds import Home, World, building

pytestmark = pytest.mark.integration
PUBLIC = "https://huur.wonen.example"
SETTINGS = ChannelSettings(
    secret_key="geheim",
    smtp_host="localhost",
    smtp_security="none",
    mail_sender="huur@wonen.example",
    public_url=PUBLIC,
    twilio_account_sid="AC" + "0" * 32,
    twilio_auth_token="1" * 32,
)


@pytest.fixture
def site(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[tuple[World, Home, FlaskClient]]:
    """Yield a landlord with one tenant, and the public side of its site."""
    with building(migrated_sqlite_url, tmp_path) as build:
        world = build()
        home = world.home()
        channels = {"email": EmailSmtp(settings=SETTINGS), "sms": TwilioSms(settings=SETTINGS)}
        runtime = replace(world.runtime, channels=channels)
        yield world, home, create_app(runtime).test_client()


def letter(home: Home) -> EmailMessage:
    return compose(mail(to=home.email), SETTINGS)


def link(home: Home) -> str:
    address, _, _ = str(letter(home)["List-Unsubscribe"]).partition(">")
    return address.removeprefix("<").removeprefix(PUBLIC)


def test_looking_at_the_page_changes_nothing(site: tuple[World, Home, FlaskClient]) -> None:
    world, home, client = site
    for answer in (client.get(link(home)), client.head(link(home))):
        assert answer.status_code == 200
        assert "script" not in answer.headers["Content-Security-Policy"]
    assert home.email not in client.get(link(home)).text
    with world.runtime.db.read() as session:
        assert session.scalars(select(IncomingEventRow)).all() == []


def test_one_click_ends_mail_to_this_tenant(site: tuple[World, Home, FlaskClient]) -> None:
    world, home, client = site
    for _ in range(2):
        answer = client.post(link(home), data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    take_in(world.runtime, world.clock())
    with world.runtime.db.read() as session:
        [inbound] = session.scalars(select(InboundRow))
        assert (inbound.person_id, inbound.sender, inbound.intent) == (home.person_id, home.email, "stop")
        [permission] = session.scalars(select(PermissionRow).where(PermissionRow.status == "withdrawn"))
        assert (permission.person_id, permission.channel) == (home.person_id, "email")


@pytest.mark.parametrize("token", ["", "?t=", "?t=AAAA", "?t=%00", "?t=" + "A" * 86])
def test_a_link_that_we_did_not_make_does_nothing(site: tuple[World, Home, FlaskClient], token: str) -> None:
    world, _, client = site
    assert client.post(f"/hooks/email/unsubscribe{token}").status_code == 404
    with world.runtime.db.read() as session:
        assert session.scalars(select(IncomingEventRow)).all() == []


def test_other_routes_take_no_get(site: tuple[World, Home, FlaskClient]) -> None:
    _, home, client = site
    assert client.get("/hooks/sms/twilio-status").status_code == 405
    assert client.post("/hooks/sms/twilio-status").status_code == 403
    assert client.get("/hooks/sms/nothing").status_code == 404
    assert client.put(link(home)).status_code == 405

"""`outreach mail take`: what a mail server hands over is kept, once, and offered again when that cannot be done."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from outreach.cli.mail_commands import TRY_AGAIN, mail_group
from outreach.db.tables import InboundRow, IncomingEventRow
from outreach.services.incoming import take_in
from tests.support.worlds import building

pytestmark = pytest.mark.integration


def take(mail: str, url: str, folder: Path) -> Result:
    environ = {"OUTREACH_DATABASE_URL": url, "OUTREACH_DATA_DIR": str(folder)}
    return CliRunner(env=environ).invoke(mail_group, ["take", "-"], input=mail)


def test_an_answer_by_pipe_is_kept_once_and_taken_in(migrated_sqlite_url: str, tmp_path: Path) -> None:
    with building(migrated_sqlite_url, tmp_path) as build:
        world = build()
        home = world.home()
        answer = f"From: {home.email}\nMessage-ID: <1@tel>\nSubject: Re: Uw huur\n\nIk bel morgen.\n"
        for _ in range(2):
            assert take(answer, migrated_sqlite_url, tmp_path).exit_code == 0
        with world.runtime.db.read() as session:
            assert len(session.scalars(select(IncomingEventRow)).all()) == 1
        take_in(world.runtime, world.clock())
        with world.runtime.db.read() as session:
            [inbound] = session.scalars(select(InboundRow))
        assert (inbound.person_id, inbound.text, inbound.channel) == (home.person_id, "Ik bel morgen.", "email")


@pytest.mark.parametrize("mail", ["", "\x00\x01", "From: a@b.nl\nAuto-Submitted: auto-replied\n\nAfwezig"])
def test_what_says_nothing_is_not_kept(migrated_sqlite_url: str, tmp_path: Path, mail: str) -> None:
    ended = take(mail, migrated_sqlite_url, tmp_path)
    assert ended.exit_code == 0
    assert "niets bewaard" in ended.output


def test_without_a_database_the_mail_server_is_asked_to_try_again(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'no' / 'where.sqlite3'}"
    assert take("From: a@b.nl\n\nHoi", nowhere, tmp_path).exit_code == TRY_AGAIN

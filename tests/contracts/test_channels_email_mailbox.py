"""The mailbox over IMAP: what comes back is read once and handed over until it is safe."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.contract import Accepted, FailureCode
from channels.email_message import compose
from channels.email_smtp import EmailSmtp
from channels.settings import ChannelSettings, ChannelSettingsError
from tests.contracts.mail_peer import PASSWORD, USER, MailServer, make_certificate, running_server
from tests.contracts.mailbox_peer import Imap, delivery_report, running_mailbox
from tests.contracts.test_channels_email import TO, mail, settings
from tests.contracts.twilio_peer import NOON

pytestmark = pytest.mark.contracts


@pytest.fixture
def mailbox() -> Iterator[Imap]:
    with running_mailbox(Imap()) as imap:
        yield imap


def with_mailbox(imap: Imap, **changes: Any) -> ChannelSettings:
    values = {"imap_host": "localhost", "imap_port": imap.port, "imap_user": USER, "imap_password": PASSWORD}
    return settings(MailServer(), **{**values, "imap_security": "none", **changes})


def bounce(key: str, chosen: ChannelSettings) -> bytes:
    """Write the bounce of a mail that was sent."""
    return delivery_report(compose(mail(key), chosen).as_bytes(), "failed", "5.1.1")


def answer(text: str = "Ik bel morgen.", message_id: str = "<a@tel>") -> bytes:
    return f"From: Huurder <{TO}>\r\nMessage-ID: {message_id}\r\nSubject: Re: Uw huur\r\n\r\n{text}\r\n".encode()


def test_a_bounce_finds_the_mail_that_was_sent_and_its_key(mailbox: Imap) -> None:
    with running_server(MailServer()) as server:
        chosen = with_mailbox(mailbox, smtp_port=server.port)
        channel = EmailSmtp(settings=chosen)
        [accepted] = channel.send([mail("step 7")])
    assert isinstance(accepted, Accepted)
    mailbox.deliver(bounce("step 7", chosen), NOON)
    [event] = channel.poll(NOON + timedelta(hours=1))
    assert (event.kind, event.outcome, event.failure) == ("receipt", "bounced", FailureCode.INVALID_RECIPIENT)
    assert (event.provider_ref, event.key, event.at) == (accepted.provider_ref, "step 7", NOON)


def test_events_repeat_and_a_mail_is_marked_as_read_one_poll_later(mailbox: Imap) -> None:
    channel = EmailSmtp(settings=with_mailbox(mailbox))
    kept = mailbox.deliver(answer(), NOON)
    first = channel.poll(NOON)
    assert kept.flags == set()
    second = channel.poll(NOON + timedelta(minutes=5))
    assert kept.flags == {"\\Seen"}
    assert first == second == EmailSmtp(settings=with_mailbox(mailbox)).poll(NOON + timedelta(days=1))
    assert mailbox.fetched == [1, 1], "once per process"
    assert channel.poll(NOON + timedelta(days=8)) == []


def test_a_mail_that_a_person_opened_first_is_read_too(mailbox: Imap) -> None:
    mailbox.deliver(answer(), NOON).flags.add("\\Seen")
    assert [event.text for event in EmailSmtp(settings=with_mailbox(mailbox)).poll(NOON)] == ["Ik bel morgen."]


def test_unread_mail_is_not_too_old(mailbox: Imap) -> None:
    mailbox.deliver(answer(), NOON - timedelta(days=40))
    assert len(EmailSmtp(settings=with_mailbox(mailbox)).poll(NOON)) == 1


def test_what_nobody_can_read_is_flagged_for_a_person(mailbox: Imap) -> None:
    kept = mailbox.deliver(b"\xff\xfe garbage", NOON)
    assert EmailSmtp(settings=with_mailbox(mailbox)).poll(NOON) == []
    assert kept.flags == {"\\Flagged"}


def test_a_mailbox_with_new_numbers_is_read_anew(mailbox: Imap) -> None:
    channel = EmailSmtp(settings=with_mailbox(mailbox))
    mailbox.deliver(answer("Eerste"), NOON)
    channel.poll(NOON)
    mailbox.mails.clear()
    mailbox.validity += 1
    mailbox.deliver(answer("Tweede", "<b@tel>"), NOON)
    assert [event.text for event in channel.poll(NOON)] == ["Tweede"]
    assert mailbox.mails[0].flags == set()


def test_a_password_beyond_ascii_over_tls(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path_factory.mktemp("mailbox"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    with running_mailbox(Imap(password="gehëim"), certificate) as imap:
        imap.deliver(answer(), NOON)
        chosen = with_mailbox(imap, imap_security="tls", imap_password="gehëim")
        assert len(EmailSmtp(settings=chosen).poll(NOON)) == 1


@pytest.mark.parametrize(
    "changes", [{"imap_password": "fout"}, {"imap_folder": "Elders"}, {"imap_port": 9}, {"imap_security": "tls"}]
)
def test_a_mailbox_that_cannot_be_read_gives_nothing_and_says_so(
    mailbox: Imap, changes: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.deliver(answer(), NOON)
    with caplog.at_level(logging.WARNING):
        assert EmailSmtp(settings=with_mailbox(mailbox, timeout=0.3, **changes)).poll(NOON) == ()
    assert "mailbox" in caplog.text
    assert TO not in caplog.text


def test_a_mailbox_on_another_machine_must_be_encrypted(mailbox: Imap) -> None:
    with pytest.raises(ChannelSettingsError, match="imap_security"):
        EmailSmtp(settings=replace(with_mailbox(mailbox), imap_host="imap.wonen.example"))

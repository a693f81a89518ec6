"""E-mail over SMTP against a real mail server on loopback: what is taken, what is not, and what nobody knows."""

import ssl
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from channels.contract import Accepted, Failure, FailureCode, Outbound, Unsure
from channels.email_smtp import EmailSmtp
from channels.email_transport import Mail, SmtpLine
from channels.settings import ChannelSettings, ChannelSettingsError
from tests.contracts.mail_peer import (
    PASSWORD,
    USER,
    Certificate,
    MailServer,
    make_certificate,
    running_server,
)
from tests.contracts.twilio_peer import NOON

pytestmark = pytest.mark.contracts
TO = "huurder@voorbeeld.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with running_server(MailServer()) as played:
        yield played


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def settings(server: MailServer, **changes: Any) -> ChannelSettings:
    plain = ChannelSettings(
        mode="live",
        sending_enabled=True,
        secret_key="geheim",
        smtp_host="localhost",
        smtp_port=server.port,
        smtp_security="none",
        mail_sender="huur@wonen.example",
        timeout=2,
    )
    return replace(plain, **changes)


def mail(key: str = "k1", to: str = TO, **changes: Any) -> Outbound:
    plain = Outbound(
        key=key,
        channel="email",
        to=to,
        sender="karin@wonen.example",
        sender_name="Wonen Voorbeeld",
        subject="Uw huur",
        text=f"Beste huurder,\n\nDit is bericht {key}.",
        at=NOON,
    )
    return replace(plain, **changes)


def codes(answers: Sequence[Accepted | Failure]) -> list[FailureCode | None]:
    return [each.code if isinstance(each, Failure) else None for each in answers]


def test_a_mail_arrives_as_text_and_as_html(server: MailServer) -> None:
    [accepted] = EmailSmtp(settings=settings(server)).send([mail()])
    assert isinstance(accepted, Accepted)
    [kept] = server.messages
    assert (server.envelopes[0].mail_from, server.envelopes[0].rcpt_tos) == ("huur@wonen.example", [TO])
    assert kept["Message-ID"] == accepted.provider_ref
    assert kept["From"] == "Wonen Voorbeeld <huur@wonen.example>"
    assert kept["Reply-To"].addresses[0].addr_spec == "karin@wonen.example"
    bodies = {part.get_content_type(): part.get_content() for part in kept.walk() if not part.is_multipart()}
    assert "Dit is bericht k1." in bodies["text/plain"]
    assert "Dit is bericht k1." in bodies["text/html"]


def test_a_batch_goes_over_few_connections(server: MailServer) -> None:
    keys = [f"k{number}" for number in range(40)]
    answers = EmailSmtp(settings=settings(server, connections=4)).send([mail(key) for key in keys])
    assert [each.key for each in answers if isinstance(each, Accepted)] == keys
    assert len({str(each["Message-ID"]) for each in server.messages}) == 40
    assert server.connections <= 4


def test_over_tls_with_a_login(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.certificate))
    for starttls in (False, True):
        with running_server(MailServer(), certificate=certificate, starttls=starttls, login=True) as server:
            security = "starttls" if starttls else "tls"
            chosen = settings(server, smtp_security=security, smtp_user=USER, smtp_password=PASSWORD)
            assert codes(EmailSmtp(settings=chosen).send([mail()])) == [None]
            assert (server.encrypted, server.logins) == ([True], [True])
            wrong = EmailSmtp(settings=replace(chosen, smtp_password="fout"))
            assert codes(wrong.send([mail(f"k{each}") for each in range(30)])) == [FailureCode.CREDENTIALS] * 30
            assert server.logins == [True, False, False], "PLAIN and LOGIN, once for the whole batch"


def test_an_unknown_certificate_gets_no_mail(certificate: Certificate) -> None:
    for starttls in (False, True):
        with running_server(MailServer(), certificate=certificate, starttls=starttls) as server:
            chosen = settings(server, smtp_security="starttls" if starttls else "tls")
            [failure] = EmailSmtp(settings=chosen).send([mail()])
            assert isinstance(failure, Failure)
            assert failure.code is FailureCode.PROVIDER_DOWN
            assert "certificate" in failure.detail
            assert server.envelopes == []


def test_without_starttls_nothing_goes_unencrypted(server: MailServer) -> None:
    answers = EmailSmtp(settings=settings(server, smtp_security="starttls")).send([mail()])
    assert codes(answers) == [FailureCode.CREDENTIALS]
    assert server.envelopes == []


def test_mail_to_another_machine_must_be_encrypted() -> None:
    with pytest.raises(ChannelSettingsError, match="smtp_security"):
        EmailSmtp(settings=settings(MailServer(), smtp_host="mail.wonen.example"))


@pytest.mark.parametrize(
    ("played", "code"),
    [
        ({"rcpt": ["451 4.7.1 Greylisted, try again"]}, FailureCode.RATE_LIMITED),
        ({"rcpt": ["452 4.2.2 Mailbox full"]}, FailureCode.RATE_LIMITED),
        ({"rcpt": ["550 5.1.1 huurder@voorbeeld.example unknown"]}, FailureCode.INVALID_RECIPIENT),
        ({"rcpt": ["552 5.2.2 Mailbox full"]}, FailureCode.UNREACHABLE),
        ({"rcpt": ["554 5.7.1 Relay access denied"]}, FailureCode.CREDENTIALS),
        ({"dot": ["554 5.7.1 Looks like spam"]}, FailureCode.CONTENT_REFUSED),
        ({"dot": ["552 5.3.4 Too long"]}, FailureCode.CONTENT_REFUSED),
        ({"dot": ["451 4.3.0 Later"]}, FailureCode.RATE_LIMITED),
        ({"mail": ["553 5.7.1 Sender not yours"]}, FailureCode.CREDENTIALS),
        ({"breaks": ["mail", "mail"]}, FailureCode.PROVIDER_DOWN),
    ],
)
def test_a_refusal_is_certain_and_the_next_offer_counts(
    server: MailServer, played: dict[str, list[str]], code: FailureCode
) -> None:
    for name, replies in played.items():
        setattr(server, name, replies)
    channel = EmailSmtp(settings=settings(server))
    [failure] = channel.send([mail()])
    assert isinstance(failure, Failure)
    assert failure.code is code
    assert "voorbeeld.example" not in failure.detail
    assert server.envelopes == []
    assert codes(channel.send([mail()])) == [None]
    assert len(server.envelopes) == 1


@pytest.mark.parametrize("point", ["taken", "slow"])
def test_no_answer_after_the_last_dot_is_uncertain_and_never_offered_again(server: MailServer, point: str) -> None:
    server.breaks = [point]
    channel = EmailSmtp(settings=settings(server, timeout=0.05))
    answers = channel.send([mail("first"), mail("second")])
    assert codes(answers) == [FailureCode.UNCERTAIN, None]
    assert codes(channel.send([mail("first")])) == [FailureCode.UNCERTAIN]
    assert isinstance(channel.ask(mail("first")), Unsure)
    assert len(server.envelopes) == 2


def test_a_break_in_a_text_is_certain_while_its_end_was_not_written(server: MailServer) -> None:
    server.breaks = ["data"]
    line = SmtpLine(settings(server), ssl.create_default_context(), "wonen.example")
    answer = line.offer(Mail(sender="huur@wonen.example", to=TO, data=b"een regel\r\n" * 2_000_000))
    assert (answer.stage, answer.failure) == ("data", FailureCode.PROVIDER_DOWN)
    assert server.envelopes == []


def test_a_connection_that_the_server_closed_is_opened_again(server: MailServer) -> None:
    channel = EmailSmtp(settings=settings(server, connections=1))
    server.mail = ["", "421 4.7.0 Enough for one connection"]
    assert codes(channel.send([mail("a"), mail("b"), mail("c")])) == [None, None, None]
    assert (server.connections, len(server.envelopes)) == (2, 3)


def test_nobody_at_the_door_is_a_provider_that_is_down() -> None:
    server = MailServer()
    with running_server(server):
        pass
    answers = EmailSmtp(settings=settings(server)).send([mail("a"), mail("b")])
    assert codes(answers) == [FailureCode.PROVIDER_DOWN] * 2


def test_a_trial_sends_to_its_recipients_only(server: MailServer) -> None:
    channel = EmailSmtp(settings=settings(server, mode="trial", trial_recipients=frozenset({TO})))
    assert codes(channel.send([mail("a"), mail("b", to="ander@voorbeeld.example")])) == [None, FailureCode.NOT_ALLOWED]
    assert len(server.envelopes) == 1


@pytest.mark.parametrize(
    "to", ["", "geen adres", "a@b.nl, c@d.nl", "a@b.nl\r\nRCPT TO:<c@d.nl>", "<a@b.nl>", "a b@c.nl"]
)
def test_what_is_no_address_is_not_offered(server: MailServer, to: str) -> None:
    assert codes(EmailSmtp(settings=settings(server)).send([mail(to=to)])) == [FailureCode.INVALID_RECIPIENT]
    assert server.connections == 0


def test_an_address_in_another_script_is_carried(server: MailServer) -> None:
    channel = EmailSmtp(settings=settings(server))
    assert codes(channel.send([mail("a", to="jörg@voorbeeld.example"), mail("b", to="a@bücher.example")])) == [None] * 2
    assert [each.rcpt_tos for each in server.envelopes] == [["jörg@voorbeeld.example"], ["a@xn--bcher-kva.example"]]


def test_every_key_twice_is_one_mail(server: MailServer) -> None:
    channel = EmailSmtp(settings=settings(server))
    [first, second] = channel.send([mail(), mail()])
    assert first == second == channel.send([mail()])[0]
    assert len(server.envelopes) == 1

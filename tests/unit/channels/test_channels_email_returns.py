"""Bounces, complaints, automatic answers and answers of people, in the forms in which they are sent."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import FailureCode
from channels.email_message import compose
from channels.email_returns import Returned, read_return
from channels.settings import ChannelSettings
from tests.contracts.test_channels_email import TO, mail

pytestmark = pytest.mark.unit
AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
SETTINGS = ChannelSettings(secret_key="geheim", mail_sender="huur@wonen.example")
SENT = compose(mail("step 7"), SETTINGS)
REF = str(SENT["Message-ID"])
HEADERS = "".join(f"{name}: {value}\n" for name, value in SENT.items() if "@" in value or name.startswith("X-"))


def read(text: str) -> Returned:
    return read_return(text.replace("\n", "\r\n").encode(), SETTINGS, AT, "smtp")


def report(
    status: str, *, original: str = HEADERS, kind: str = "delivery-status", sender: str = "MAILER-DAEMON"
) -> str:
    return f"""From: {sender}@mail.example
To: huur@wonen.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered. 550 5.9.9

--b
Content-Type: message/{kind}

{status}
--b
Content-Type: text/rfc822-headers

{original}
--b--
"""


def status(action: str, code: str, said: str = "smtp; 550 no") -> str:
    return f"""Reporting-MTA: dns; mail.example
Arrival-Date: Wed, 11 Mar 2026 09:00:00 +0100

Final-Recipient: rfc822; {TO}
Original-Recipient: rfc822;{TO}
Action: {action}
Status: {code}
Diagnostic-Code: {said}
"""


def answer(body: str, subject: str = "Re: Uw huur", headers: str = "", kind: str = "text/plain") -> str:
    return f"""From: "De Vries, M." <{TO}>
To: huur@wonen.example
Subject: {subject}
Message-ID: <1@telefoon>
In-Reply-To: {REF}
{headers}MIME-Version: 1.0
Content-Type: {kind}; charset=utf-8

{body}
"""


@pytest.mark.parametrize(
    ("code", "said", "failure"),
    [
        ("5.1.1", "smtp; 550 5.1.1 User unknown", FailureCode.INVALID_RECIPIENT),
        ("5.1.10", "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound", FailureCode.INVALID_RECIPIENT),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", FailureCode.UNREACHABLE),
        ("5.4.4", "X-Postfix; Host or domain name not found", FailureCode.UNREACHABLE),
        ("4.4.7", "smtp; 451 4.4.7 Delivery time expired", FailureCode.UNREACHABLE),
        ("5.7.1", "smtp; 550 5.7.1 rejected by policy", FailureCode.BLOCKED),
        ("5.7.26", "smtp; 550-5.7.26 not authenticated", FailureCode.BLOCKED),
        ("5.3.4", "smtp; 552 too big", FailureCode.CONTENT_REFUSED),
        ("5.0.0", "smtp; 550 5.1.1 no such user", FailureCode.INVALID_RECIPIENT),
        ("5.0.0", "smtp; 550 no", FailureCode.UNREACHABLE),
        ("", "", FailureCode.UNREACHABLE),
    ],
)
def test_a_bounce_names_the_mail_its_key_and_why(code: str, said: str, failure: FailureCode) -> None:
    returned = read(report(status("failed", code, said)))
    assert returned.kind == "bounced"
    assert returned.event is not None
    found = returned.event
    assert (found.kind, found.outcome, found.provider_ref, found.key) == ("receipt", "bounced", REF, "step 7")
    assert (found.failure, found.at, found.event_id) == (failure, AT, f"{REF[1:33]}:bounced")


def test_late_is_not_lost_and_delivered_is_delivered() -> None:
    assert read(report(status("delayed", "4.4.1"))) == Returned(kind="delayed")
    assert read(report(status("relayed", "2.1.9"))) == Returned(kind="delayed")
    delivered = read(report(status("delivered", "2.1.5"))).event
    assert delivered is not None
    assert (delivered.outcome, delivered.failure) == ("delivered", None)


def test_a_whole_returned_mail_and_another_sender_of_the_bounce() -> None:
    text = report(status("failed", "5.1.1"), original="", sender="MicrosoftExchange329e").replace(
        "text/rfc822-headers\n\n", f"message/rfc822\n\n{SENT.as_string()}".replace("\r\n", "\n")
    )
    returned = read(text)
    assert returned.event is not None
    assert (returned.event.provider_ref, returned.event.key) == (REF, "step 7")


def test_a_bounce_of_what_we_did_not_send_is_left_alone() -> None:
    other = HEADERS.replace(REF, "<abc@elders.example>")
    assert read(report(status("failed", "5.1.1"), original=other)) == Returned(kind="foreign")


def test_a_key_that_does_not_belong_to_the_message_is_not_believed() -> None:
    key = str(SENT["X-Outreach-Key"])
    returned = read(report(status("failed", "5.1.1"), original=HEADERS.replace(key, "c3RlcCA4")))
    assert returned.event is not None
    assert (returned.event.provider_ref, returned.event.key) == (REF, None)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Sorry, no mailbox here by that name. (#5.1.1)", "bounced"),
        ("said: 550 Requested action not taken", "bounced"),
        ("4.4.1 still trying", "delayed"),
        ("Warning: not delivered for 4 hours", "delayed"),
    ],
)
def test_a_bounce_in_words_only(words: str, kind: str) -> None:
    text = f"From: MAILER-DAEMON@mail.example\nSubject: failure notice\n\n{words}\n\n--- Below\nMessage-ID: {REF}\n"
    assert read(text).kind == kind


def test_a_complaint_is_a_wish_for_no_more_mail() -> None:
    returned = read(
        report("Feedback-Type: abuse\nUser-Agent: X/1\nVersion: 1\n", kind="feedback-report").replace(
            "text/rfc822-headers\n\n", f"message/rfc822\n\nTo: {TO}\n"
        )
    )
    assert returned.kind == "complaint"
    assert returned.event is not None
    assert (returned.event.kind, returned.event.outcome, returned.event.sender) == ("reply", "opted_out", TO)
    assert read(report("Feedback-Type: not-spam\n", kind="feedback-report")).event is None


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Automatisch antwoord: Uw huur", "X-Auto-Response-Suppress: All\n"),
        ("Automatisch antwoord: Uw huur", ""),
        ("Out of Office: Uw huur", ""),
        ("Afwezig: Uw huur", ""),
        ("Re: Uw huur", "Auto-Submitted: auto-replied\n"),
        ("Re: Uw huur", 'Auto-Submitted: auto-replied; owner-email="x@y.nl"\n'),
        ("Re: Uw huur", "Precedence: bulk\n"),
        ("Re: Uw huur", "X-Autoreply: yes\n"),
        ("Nieuws van de wijk", "List-Id: <wijk.example>\n"),
        ("Re: Uw huur", "Return-Path: <>\n"),
    ],
)
def test_an_automatic_answer_is_no_reply(subject: str, headers: str) -> None:
    assert read(answer("Ik ben er niet tot maandag.", subject, headers)) == Returned(kind="automatic")


def test_a_read_receipt_and_our_own_mail_are_no_reply() -> None:
    receipt = report(
        "Final-Recipient: rfc822; x\nDisposition: manual-action/MDN-sent-manually; displayed\n",
        kind="disposition-notification",
        sender="huurder",
    )
    assert read(receipt) == Returned(kind="automatic")
    assert read_return(SENT.as_bytes(), SETTINGS, AT, "smtp") == Returned(kind="automatic")


@pytest.mark.parametrize(
    "headers", ["", "Auto-Submitted: no\n", "Auto-Submitted: auto-generated\n", "Precedence: bulk\n"]
)
def test_the_mail_of_the_button_to_unsubscribe_counts_whatever_program_wrote_it(headers: str) -> None:
    for text in (answer("", "STOP", headers), answer("Stop.", "Re: Uw huur", headers)):
        event = read(text).event
        assert event is not None
        assert (event.text or "").lower().startswith("stop")


REPLIES = {
    "gmail": "Ik betaal vrijdag.\n\nOp di 10 mrt 2026 om 12:00 schreef Wonen <huur@wonen.example>:\n\n"
    "> Beste huurder,\n>\n> Dit is bericht.",
    "gmail wrapped": "Ik betaal vrijdag.\n\nOn Tue, Mar 10, 2026 at 12:00 PM Wonen Voorbeeld\n"
    "<huur@wonen.example> wrote:\n\n> Beste huurder",
    "outlook": "Ik betaal vrijdag.\n\nMet vriendelijke groet,\nM. de Vries\n\n________________________________\n"
    "Van: Wonen Voorbeeld <huur@wonen.example>\nVerzonden: dinsdag 10 maart 2026 12:00\nAan: x\nOnderwerp: Uw huur\n\n"
    "Beste huurder,",
    "outlook telephone": "Ik betaal vrijdag.\n\nOutlook voor Android<https://aka.ms/x> downloaden\n\n"
    "From: Wonen Voorbeeld <huur@wonen.example>\nSent: Tuesday\n\nBeste huurder,",
    "iphone": "Ik betaal vrijdag.\n\nVerstuurd vanaf mijn iPhone\n\n> Op 10 mrt 2026 om 12:00 heeft Wonen Voorbeeld "
    "<huur@wonen.example> het volgende geschreven:\n> \n> Beste huurder,",
    "iphone above": "Ik betaal vrijdag.\n\nVerstuurd vanaf mijn iPhone\n\nOp 10 mrt 2026 om 12:00 heeft Wonen\n"
    "<huur@wonen.example> het volgende geschreven:\n\n> Beste huurder,",
    "signature": "Ik betaal vrijdag.\n\n-- \nM. de Vries\nKastanjelaan 1",
    "below": "Op di 10 mrt 2026 schreef Wonen <huur@wonen.example>:\n> Beste huurder,\n> Dag.\n\nIk betaal vrijdag.",
    "original": "Ik betaal vrijdag.\n\n-----Oorspronkelijk bericht-----\nVan: Wonen\nBeste huurder,",
    "turkish": "Ik betaal vrijdag.\n\nWonen <huur@wonen.example>, 10 Mar 2026 Sal tarihinde şunu yazdı:\n\n> Beste",
}


@pytest.mark.parametrize("form", REPLIES)
def test_an_answer_is_what_was_written_anew(form: str) -> None:
    event = read(answer(REPLIES[form])).event
    assert event is not None
    assert (event.text or "").removesuffix("Met vriendelijke groet,\nM. de Vries").strip() == "Ik betaal vrijdag."
    assert (event.kind, event.sender, event.provider_ref, event.outcome) == ("reply", TO, REF, None)


def test_an_answer_in_html_only() -> None:
    page = (
        "<html><head><style>p{}</style></head><body><div>Ik betaal<br>vrijdag &amp; maandag.</div>"
        '<div class="gmail_quote">Op di schreef Wonen:<blockquote>Beste huurder</blockquote></div></body></html>'
    )
    event = read(answer(page, kind="text/html")).event
    assert event is not None
    assert event.text == "Ik betaal\nvrijdag & maandag."
    outlook = '<p>Ik betaal vrijdag.</p><div id="divRplyFwdMsg">Van: Wonen</div><p>Beste huurder</p>'
    again = read(answer(outlook, kind="text/html")).event
    assert again is not None
    assert again.text == "Ik betaal vrijdag."


def test_a_picture_is_named_and_a_logo_is_not() -> None:
    reply = EmailMessage()
    reply["From"], reply["Subject"] = TO.upper(), "Re: Uw huur"
    reply.set_content("Hier is het bewijs.")
    for name in ("betaald.jpg", "image001.png"):
        reply.add_attachment(b"x", maintype="image", subtype="jpeg", filename=name)
    event = read_return(reply.as_bytes(), SETTINGS, AT, "smtp").event
    assert event is not None
    assert (event.text, event.sender) == ("Hier is het bewijs.\n\n[betaald.jpg]", TO)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "no-such-charset"])
def test_letters_with_accents_in_any_charset(charset: str) -> None:
    known = "utf-8" if charset == "no-such-charset" else charset
    raw = answer("Café één").replace("charset=utf-8", f"charset={charset}").encode(known)
    event = read_return(raw, SETTINGS, AT, "smtp").event
    assert event is not None
    assert event.text == "Café één"


LINES = st.sampled_from(
    [
        *report(status("failed", "5.1.1")).splitlines(),
        *answer("Hoi", "=?utf-8?b?////?=").splitlines(),
        "\x00",
        "--b--",
        "Content-Type: multipart/mixed; boundary=",
        "Content-Transfer-Encoding: base64",
        "From: <>@@",
        "Content-Type: ;;;",
    ]
)


@settings(max_examples=50, deadline=None)
@given(st.lists(LINES, max_size=30).map("\r\n".join).map(str.encode) | st.binary(max_size=400))
def test_no_garbage_raises(raw: bytes) -> None:
    returned = read_return(raw, SETTINGS, AT, "smtp")
    assert returned == read_return(raw, SETTINGS, AT, "smtp")
    if returned.event is not None:
        assert len(returned.event.event_id) <= 200


def test_a_mail_inside_a_mail_inside_a_mail() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(2000))
    assert read_return(deep, SETTINGS, AT, "smtp").event is None
